// SPDX-License-Identifier: GPL-3.0-or-later
/* The grid of a sweep against an enumeration of its own, and the journal under cuts and damage. */
#include "cli/sweep/sweep.h"
#include "cli/sweep/sweep_journal.h"
#include "support.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static ordpar_error err;

static ordpar_model *make_defaults(void) {
    ordpar_model *model = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    return model;
}

/* Parses one or two --sweep ("": none). */
static ordpar_status parse(const char *a, const char *b, sweep_grid *g) {
    char *items[] = {strdup(a), strdup(b)};
    ordpar_model *model = make_defaults();
    const ordpar_texts sweep = {items, *b ? 2 : 1};
    *err.message = '\0';
    const ordpar_status status = sweep_grid_parse(&sweep, model, g, &err);
    ordpar_model_free(model);
    free(items[0]);
    free(items[1]);
    return status;
}

static void check_values(const sweep_grid *g, size_t axis, const char *expected) {
    char joined[4096] = "";
    for (size_t k = 0; k < g->axes[axis].count; k++) {
        strcat(joined, k ? "," : "");
        strcat(joined, g->axes[axis].values[k]);
    }
    cr_assert_str_eq(joined, expected);
}

Test(sweep, lists_and_ranges) {
    static const struct {
        char text[64], values[128];
    } cases[] = {{"eta=0.1,0.2", "0.1,0.2"},
                 {"eta=0.1:1:10", "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1"},
                 {"eta=1:0.01:3:log", "1,0.1,0.01"},
                 {"L=1:1024:11:log", "1,2,4,8,16,32,64,128,256,512,1024"},
                 {"L=1:4:30", "1,2,3,4"},
                 {"L=1e3,8,8.0e0,1000", "1e3,8"},
                 {"eigenvalues=4", "4"},
                 {"beta=0.5,1,0.5:1.5:3", "0.5,1,1.5"},
                 {"beta=2:2:1", "2"},
                 {"activation=linear,erf,linear", "linear,erf"},
                 {"small-eta=no,yes", "no,yes"},
                 {"student-output=1:0.5,0.5:0.5", "1,0.5,0.5,0.5"},
                 {"alpha=0:10:11,0.1:10:5:log", "0:10:11,0.1:10:5:log"},
                 {"runs=2:6:3", "2,4,6"},
                 {"rtol=1e-4,1e-6", "1e-4,1e-6"},
                 {"seed=1:3:3", "1,2,3"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        sweep_grid g;
        cr_assert_eq(parse(cases[k].text, "", &g), ORDPAR_OK, "%s: %s", cases[k].text, err.message);
        check_values(&g, 0, cases[k].values);
        sweep_grid_clear(&g);
    }
}

Test(sweep, refusals_name_the_reason) {
    static const struct {
        char a[80], b[40], reason[80];
    } cases[] = {
        {"eta", "", "must be NAME=LIST"},
        {"=1", "", "'' is not an option"},
        {"eta=", "", "empty value"},
        {"eta=0.1,,0.2", "", "empty value"},
        {"eta=0.1,", "", "empty value"},
        {"nothing=1", "", "'nothing' is not an option"},
        {"output=a,b", "", "output cannot be swept"},
        {"threads=1,2", "", "threads cannot be swept"},
        {"plot=a", "", "plot cannot be swept"},
        {"sweep=a", "", "sweep cannot be swept"},
        {"moments=1", "", "moments cannot be swept"},
        {"eta=-1", "", "eta: must be"},
        {"eta=nan", "", "eta: must be"},
        {"eta=-1:1:3", "", "eta: must be"},
        {"eta=1:2", "", "a range is"},
        {"eta=1:2", "", "for 10 values write 1:2:10"},
        {"M=2:8", "", "for 7 values write 2:8:7; --sweep K=M=2:8:7 of ordpar sweep lets both"},
        {"K=8:2", "", "for 7 values write 8:2:7"},
        {"L=8:1.5", "", "a range is"},
        {"eta=1:2:1", "", "a range is"},
        {"eta=1:2:0", "", "a range is"},
        {"eta=1:2:3:cubic", "", "a range is"},
        {"eta=1:2:3:log:4", "", "a range is"},
        {"eta=0:2:3:log", "", "a range is"},
        {"eta=1:2:1000001", "", "a range is"},
        {"L=0:4:5", "", "eigenvalues: must be"},
        {"L=2.5", "", "eigenvalues: must be"},
        {"init=cubist", "", "init: must be"},
        {"small-eta=maybe", "", "small-eta: must be yes or no"},
        {"eta=1", "eta=2", "eta is swept twice"},
        {"K=student-units=1", "", "student-units is swept twice"},
        {"K=activation=1", "", "are not of one kind"},
        {"seed=1:1000:1000", "N=1:1001:1001", "at most 1000000"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        sweep_grid g;
        cr_assert_eq(parse(cases[k].a, cases[k].b, &g), ORDPAR_INVALID, "%s %s was taken",
                     cases[k].a, cases[k].b);
        cr_assert_not_null(strstr(err.message, cases[k].reason), "%s %s: %s", cases[k].a,
                           cases[k].b, err.message);
        sweep_grid_clear(&g);
    }
}

/* Three nested loops are the other route to the points. */
Test(sweep, product_in_the_order_of_nested_loops) {
    sweep_grid g;
    char a[] = "K=M=1,3", b[] = "beta=0.5,1,2", c[] = "init=mean,sampled", text[200];
    const ordpar_texts sweep = {(char *[]){a, b, c}, 3};
    ordpar_model *base = make_defaults(), *at;
    check_ok(sweep_grid_parse(&sweep, base, &g, &err), &err);
    cr_assert_eq(g.n_points, 12);
    static const int64_t units[] = {1, 3};
    static const double betas[] = {0.5, 1, 2};
    static const int inits[] = {ORDPAR_INIT_MEAN, ORDPAR_INIT_SAMPLED};
    size_t point = 0;
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++)
            for (size_t k = 0; k < 2; k++) {
                check_ok(sweep_grid_model(&g, base, point++, &at, &err), &err);
                cr_assert_eq(at->value.K, units[i]);
                cr_assert_eq(at->value.M, units[i]);
                cr_assert_eq(at->value.beta, betas[j]);
                cr_assert_eq(at->value.init, inits[k]);
                cr_assert(ordpar_model_given(at, "beta") && !ordpar_model_given(base, "beta"));
                ordpar_model_free(at);
            }
    sweep_grid_describe(&g, 7, text, sizeof text);
    cr_assert_str_eq(text, "point 8 (K=3, M=3, beta=0.5, init=sampled)");
    cr_assert_str_eq(sweep_grid_swept(&g, ORDPAR_GROUP_SPECTRUM), "beta");
    cr_assert_null(sweep_grid_swept(&g, ORDPAR_GROUP_GRID));
    sweep_grid_clear(&g);
    ordpar_model_free(base);
}

/* A range's values against the formula in extended precision, to the 15 digits that they have. */
Test(sweep, ranges_are_right_to_fifteen_digits) {
    ordpar_random stream = test_stream(1);
    for (int k = 0; k < 200; k++) {
        const double start = uniform(&stream, 0.01, 2), stop = uniform(&stream, 0.01, 2);
        const bool log_ = uniform(&stream, 0, 1) < 0.5;
        const int count = 2 + (int)uniform(&stream, 0, 20);
        char text[120];
        snprintf(text, sizeof text, "eta=%.17g:%.17g:%d%s", start, stop, count, log_ ? ":log" : "");
        sweep_grid g;
        cr_assert_eq(parse(text, "", &g), ORDPAR_OK, "%s: %s", text, err.message);
        cr_assert_eq(g.n_points, (size_t)count, "%s", text);
        for (int i = 0; i < count; i++) {
            const long double part = (long double)i / (count - 1);
            const long double exact = log_ ? start * powl((long double)stop / start, part)
                                           : start + part * ((long double)stop - start);
            CHECK_CLOSE(strtod(g.axes[0].values[i], NULL), (double)exact, 1e-14, (double)exact,
                        "%s, value %d", text, i);
        }
        sweep_grid_clear(&g);
    }
}

enum { ROWS = 12, KEY = 4711 };

/* What a journal was read to have. */
typedef struct {
    char rows[ROWS][64];
    size_t count;
} contents;

static void make_row(size_t point, char row[64]) {
    snprintf(row, 64, "%zu,%.17g,ok,%s", point + 1, sqrt((double)point),
             point % 3 ? "" : "why; so");
}

/* Only rows that were written may come back. */
static bool visit(void *context, size_t point, const char *row) {
    contents *c = context;
    char expected[64];
    cr_assert_lt(point, ROWS);
    make_row(point, expected);
    cr_assert_str_eq(row, expected);
    cr_assert(!*c->rows[point], "point %zu came twice", point);
    strcpy(c->rows[point], row);
    c->count++;
    return true;
}

static ordpar_status open_and_count(const char *path, uint64_t key, size_t *count) {
    contents c = {0};
    sweep_journal j;
    const ordpar_status status = sweep_journal_open(&j, path, key, NULL, visit, &c, &err);
    sweep_journal_close(&j);
    *count = c.count;
    return status;
}

static void add_rows(const char *path, size_t first, size_t last) {
    contents c = {0};
    sweep_journal j;
    char row[64];
    check_ok(sweep_journal_open(&j, path, KEY, NULL, visit, &c, &err), &err);
    for (size_t k = first; k < last; k++) {
        make_row(k, row);
        check_ok(sweep_journal_add(&j, k, row, &err), &err);
    }
    sweep_journal_close(&j);
}

static void write_bytes(const char *path, const char *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    cr_assert(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static size_t read_bytes(const char *path, char *bytes, size_t size) {
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    const size_t length = fread(bytes, 1, size, file);
    fclose(file);
    return length;
}

static void temporary(char path[40]) {
    strcpy(path, "/tmp/ordpar-journal-XXXXXX");
    const int descriptor = mkstemp(path);
    cr_assert(descriptor >= 0);
    close(descriptor);
}

/* Cut at every byte: the lines before the cut are there, a last one also without its end, and what
 * is added after it too. */
Test(sweep, journal_cut_anywhere) {
    char path[40], bytes[4096] = "";
    temporary(path);
    add_rows(path, 0, ROWS - 1);
    const size_t length = read_bytes(path, bytes, sizeof bytes);
    cr_assert_gt(length, 400);
    for (size_t cut = 0; cut <= length; cut++) {
        size_t lines = 0, count;
        for (size_t k = 0; k < cut; k++)
            lines += bytes[k] == '\n';
        lines += lines > 0 && bytes[cut] == '\n';
        write_bytes(path, bytes, cut);
        check_ok(open_and_count(path, KEY, &count), &err);
        cr_assert_eq(count, lines ? lines - 1 : 0, "cut at %zu: %zu rows", cut, count);
        add_rows(path, ROWS - 1, ROWS);
        check_ok(open_and_count(path, KEY, &count), &err);
        cr_assert_eq(count, lines ? lines : 1, "cut at %zu and gone on: %zu rows", cut, count);
    }
    unlink(path);
}

/* Damaged at random: visit() fails the test if a row comes back that was never written; the rows of
 * lines that are whole do come back. */
Test(sweep, journal_damaged_anywhere) {
    char path[40], bytes[4096], damaged[4096];
    temporary(path);
    add_rows(path, 0, ROWS);
    const size_t length = read_bytes(path, bytes, sizeof bytes);
    const size_t header = (size_t)(strchr(bytes, '\n') + 1 - bytes);
    ordpar_random stream = test_stream(2);
    for (int trial = 0; trial < 1000; trial++) {
        memcpy(damaged, bytes, length);
        const int hits = 1 + (int)uniform(&stream, 0, 3);
        bool head = false;
        for (int h = 0; h < hits; h++) {
            const size_t place = (size_t)uniform(&stream, 0, (double)length);
            damaged[place] = (char)uniform(&stream, 0, 256);
            head = head || (place < header && damaged[place] != bytes[place]);
        }
        write_bytes(path, damaged, length);
        size_t count, whole = 0;
        const ordpar_status status = open_and_count(path, KEY, &count);
        cr_assert_eq(status, head ? ORDPAR_PARSE : ORDPAR_OK, "trial %d", trial);
        for (size_t begin = header; begin < length;) {
            const size_t width = (size_t)((char *)memchr(bytes + begin, '\n', length) + 1 - bytes);
            whole += memcmp(bytes + begin - 1, damaged + begin - 1, width - begin + 1) == 0;
            begin = width;
        }
        cr_assert(status || count >= whole, "trial %d: %zu of %zu rows", trial, count, whole);
    }
    unlink(path);
}

Test(sweep, journal_of_another_command_or_process) {
    char path[40];
    size_t count;
    temporary(path);
    add_rows(path, 0, 3);
    cr_assert_eq(open_and_count(path, KEY + 1, &count), ORDPAR_PARSE);
    cr_assert_not_null(strstr(err.message, "belongs to another command"));
    contents c = {0};
    sweep_journal j;
    check_ok(sweep_journal_open(&j, path, KEY, NULL, visit, &c, &err), &err);
    const pid_t child = fork();
    if (child == 0)
        _exit(open_and_count(path, KEY, &count) == ORDPAR_IO ? 7 : 8);
    int status;
    waitpid(child, &status, 0);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7, "the lock does not hold");
    sweep_journal_remove(&j);
    cr_assert(access(path, F_OK) != 0);
    write_bytes(path, "alpha,eps_g\n1,2\n", 16);
    cr_assert_eq(open_and_count(path, KEY, &count), ORDPAR_PARSE);
    cr_assert_not_null(strstr(err.message, "is not the journal"));
    unlink(path);
}
