// SPDX-License-Identifier: GPL-3.0-or-later
/* What a host program may have set: its locale, its floating-point environment, a small stack, a
 * limit of threads. The numbers are the same bits as without, and the host finds all as it was. */
#define _GNU_SOURCE /* feenableexcept */
#include "base/number.h"
#include "base/team.h"
#include "doors.h"
#include "model/compute.h"
#include "model/model.h"
#include "support.h"

#include <ctype.h>
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <mpfr.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static void make_folder(void) {
    strcpy(folder, "test_host_XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static void remove_folder(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        perror(command);
}

TestSuite(host, .init = make_folder, .fini = remove_folder);

typedef struct {
    double numbers[64][DOOR_NUMBERS];
    size_t count[64];
} results;

static void run_all(results *r) {
    memset(r, 0, sizeof *r);
    for (size_t k = 0; k < n_doors; k++) {
        ordpar_error err = {""};
        const ordpar_status status = doors[k].run(folder, r->numbers[k], &r->count[k], &err);
        cr_assert_eq(status, ORDPAR_OK, "%s: %s", doors[k].name, err.message);
    }
}

static void check_same(const results *a, const results *b) {
    for (size_t k = 0; k < n_doors; k++) {
        cr_assert(a->count[k] > 0 && a->count[k] == b->count[k], "%s", doors[k].name);
        for (size_t i = 0; i < a->count[k]; i++)
            cr_assert_eq(memcmp(&a->numbers[k][i], &b->numbers[k][i], sizeof(double)), 0,
                         "%s, number %zu: %.17g and %.17g", doors[k].name, i, a->numbers[k][i],
                         b->numbers[k][i]);
    }
}

/* A German host, whose numbers have commas. */
static void use_commas(void) {
    char command[256], path[128];
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8", folder);
    cr_assert_eq(system(command), 0, "%s: needs Debian's package locales", command);
    snprintf(path, sizeof path, "./%s", folder);
    setenv("LOCPATH", path, 1);
    cr_assert_not_null(setlocale(LC_ALL, "de_DE.UTF-8"));
    char text[16];
    snprintf(text, sizeof text, "%.1f", 1.5);
    cr_assert_str_eq(text, "1,5");
}

Test(host, numbers_have_points_in_every_locale) {
    static results plain, german;
    run_all(&plain);
    use_commas();
    run_all(&german);
    check_same(&plain, &german);
    char text[64];
    double value = 0;
    ordpar_error err;
    cr_assert(ordpar_parse_double("0.1", &value) && value == 0.1);
    cr_assert_not(ordpar_parse_double("0,1", &value));
    ordpar_format(text, sizeof text, "%.17g %g", 0.5, 1e-3);
    cr_assert_str_eq(text, "0.5 0.001");
    cr_assert_str_eq(ordpar_number_text(0.1, text), "0.1");
    ordpar_fail(&err, ORDPAR_INVALID, "%g", 0.25);
    cr_assert_str_eq(err.message, "0.25");
    FILE *file = tmpfile();
    ordpar_print(file, "%.17g\n", 1.5);
    rewind(file);
    cr_assert_not_null(fgets(text, sizeof text, file));
    cr_assert_str_eq(text, "1.5\n");
    fclose(file);
    snprintf(text, sizeof text, "%.1f", 1.5); /* and the host's is back */
    cr_assert_str_eq(text, "1,5");
}

/* What is said of a fit beside its numbers. */
Test(host, facts_have_points_in_every_locale) {
    ordpar_model *model;
    ordpar_table *table;
    ordpar_error err;
    use_commas();
    cr_assert_eq(ordpar_model_create(&model, &err), ORDPAR_OK);
    cr_assert_eq(ordpar_model_set_text(model, "activation",
                                       "{\"a\":[1],\"s\":[1],\"error\":0.125,\"until\":2.5}", &err),
                 ORDPAR_OK);
    cr_assert_eq(ordpar_model_set_text(model, "L", "1", &err), ORDPAR_OK);
    cr_assert_eq(ordpar_model_set_text(model, "alpha", "0.5", &err), ORDPAR_OK);
    cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_OK, "%s", err.message);
    bool found = false;
    for (size_t k = 0; ordpar_table_fact_key(table, k); k++) {
        const char *text = ordpar_table_fact_text(table, k);
        for (const char *c = text; (c = strchr(c, ',')); c++)
            cr_assert_not(c > text && isdigit((unsigned char)c[-1]) && isdigit((unsigned char)c[1]),
                          "%s: %s", ordpar_table_fact_key(table, k), text);
        found = found || strstr(text, "up to 2.5");
    }
    cr_assert(found);
    ordpar_table_free(table);
    ordpar_model_free(model);
}

static void *format_points(void *context) {
    char text[16];
    for (int k = 0; k < 20000; k++) {
        ordpar_format(text, sizeof text, "%.1f", 2.5);
        if (strcmp(text, "2.5") != 0)
            *(bool *)context = true;
    }
    return NULL;
}

/* The host's own threads print commas all the while. */
Test(host, other_threads_keep_their_locale) {
    use_commas();
    bool wrong = false;
    pthread_t thread;
    char text[16];
    cr_assert_eq(pthread_create(&thread, NULL, format_points, &wrong), 0);
    for (int k = 0; k < 20000; k++) {
        snprintf(text, sizeof text, "%.1f", 2.5);
        cr_assert_str_eq(text, "2,5");
    }
    pthread_join(thread, NULL);
    cr_assert_not(wrong);
}

Test(host, floating_point_traps_are_the_hosts_own) {
    static results plain, trapped;
    const int traps[] = {FE_DIVBYZERO, FE_INVALID, FE_OVERFLOW, FE_UNDERFLOW};
    run_all(&plain);
    for (size_t k = SANITIZED; k < sizeof traps / sizeof *traps; k += CASE_STEP) {
        feclearexcept(FE_ALL_EXCEPT);
        cr_assert_neq(feenableexcept(traps[k]), -1);
        run_all(&trapped);
        cr_assert_eq(fegetexcept(), traps[k], "the traps are not as they were");
        cr_assert_eq(fetestexcept(traps[k]), 0, "a flag is left");
        fedisableexcept(FE_ALL_EXCEPT);
        check_same(&plain, &trapped);
    }
}

/* Functions of a single number, far out where exponentials leave the range. */
Test(host, single_numbers_raise_nothing) {
    const double exits[] = {10, 20};
    feclearexcept(FE_ALL_EXCEPT);
    feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW);
    for (size_t k = 0; ordpar_activation_at(k); k++)
        for (double x = -1000; x <= 1000; x += 40) {
            const ordpar_activation *g = ordpar_activation_at(k);
            cr_assert(isfinite(ordpar_activation_value(g, x)), "%s", g->name);
            cr_assert(isfinite(ordpar_activation_slope(g, x)), "%s", g->name);
        }
    cr_assert_eq(ordpar_model_escape_share(1e-3, 4, 2, exits, 0), 0);
    cr_assert_eq(ordpar_model_escape_share(1e-3, 4, 2, exits, 100), 1);
    cr_assert_eq(fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT), 0);
}

Test(host, rounding_is_to_nearest_whatever_the_host_has) {
    static results plain, upward;
    run_all(&plain);
    fesetround(FE_UPWARD);
    run_all(&upward);
    cr_assert_eq(fegetround(), FE_UPWARD);
    fesetround(FE_TONEAREST);
    check_same(&plain, &upward);
}

Test(host, what_is_refused_is_refused_under_traps) {
    ordpar_network network;
    ordpar_spectrum spectrum;
    ordpar_error err;
    const double values[] = {NAN, 1};
    const int64_t n[] = {1, 1};
    feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
    cr_assert_eq(ordpar_network_init(2, 2, &ordpar_activation_erf, NAN, &network, &err),
                 ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_power_law(4, 2, NAN, &spectrum, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_power_law(4, 2, 1e300, &spectrum, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_from_arrays(2, values, n, &spectrum, &err), ORDPAR_INVALID);
}

/* As a host has it that emulates numbers of few exponents. */
Test(host, ranges_of_mpfr_are_the_hosts_own) {
    static results plain, narrow;
    run_all(&plain);
    mpfr_set_emin(-60);
    mpfr_set_emax(60);
    mpfr_flags_restore(MPFR_FLAGS_NAN, MPFR_FLAGS_ALL);
    run_all(&narrow);
    check_same(&plain, &narrow);
    cr_assert(mpfr_get_emin() == -60 && mpfr_get_emax() == 60);
    cr_assert_eq(mpfr_flags_save(), MPFR_FLAGS_NAN);
}

static void *run_in_thread(void *context) {
    run_all(context);
    return context;
}

static void *do_nothing(void *context) {
    return context;
}

/* The address sanitizer guards every variable, and starts no thread on a small stack. */
#ifdef __SANITIZE_ADDRESS__
enum { SMALLEST_STACK = 256 * 1024, ROOM = 256 * 1024 };
#else
enum { SMALLEST_STACK = 16 * 1024, ROOM = 64 * 1024 };
#endif

/* The C library takes the threads' own variables of all libraries out of the stack. */
static size_t stack_with_room_for(size_t room) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    for (size_t size = SMALLEST_STACK; size < 1 << 20; size += 4096)
        if (pthread_attr_setstacksize(&attributes, size) == 0 &&
            pthread_create(&thread, &attributes, do_nothing, NULL) == 0) {
            pthread_join(thread, NULL);
            return size - 4096 + room;
        }
    cr_assert_fail("no thread could be made");
    return 0;
}

static void check_stack(size_t size) {
    static results plain, small;
    pthread_attr_t attributes;
    pthread_t thread;
    run_all(&plain);
    pthread_attr_init(&attributes);
    cr_assert_eq(pthread_attr_setstacksize(&attributes, size), 0);
    cr_assert_eq(pthread_create(&thread, &attributes, run_in_thread, &small), 0, "%zu bytes", size);
    pthread_join(thread, NULL);
    check_same(&plain, &small);
}

Test(host, a_stack_of_64_kB_is_enough) {
    check_stack(stack_with_room_for(ROOM));
}

#ifndef __SANITIZE_ADDRESS__
Test(host, the_stack_that_hosts_are_told_to_give_is_enough) {
    check_stack(DOCUMENTED_STACK);
}
#endif

/* Matrices that OpenBLAS shares out among its threads, with megabytes of stack where it has them.
 */
static ordpar_status integrate_wide(const char *integrator, double *eps_g, ordpar_error *err) {
    const char *settings[][2] = {{"student-units", "12"}, {"teacher-units", "12"},
                                 {"eigenvalues", "4"},    {"alpha", "0,5"},
                                 {"small-eta", "yes"},    {"rtol", "1e-6"},
                                 {"threads", "2"},        {"integrator", integrator}};
    ordpar_model *model = NULL;
    ordpar_table *table = NULL;
    ordpar_status status = ordpar_model_create(&model, err);
    for (size_t k = 0; k < sizeof settings / sizeof *settings && !status; k++)
        status = ordpar_model_set_text(model, settings[k][0], settings[k][1], err);
    if (!status)
        status = ordpar_model_compute(model, "curve", &table, err);
    if (!status)
        *eps_g = ordpar_table_values(table)[ordpar_table_n_columns(table) + 1];
    ordpar_table_free(table);
    ordpar_model_free(model);
    return status;
}

typedef struct {
    double eps_g[2];
    ordpar_status status[2];
} wide;

static void *integrate_in_thread(void *context) {
    wide *found = context;
    found->status[0] = integrate_wide("cvode", &found->eps_g[0], NULL);
    found->status[1] = integrate_wide("radau", &found->eps_g[1], NULL);
    return context;
}

Test(host, wide_networks_need_no_more) {
    wide plain, small;
    pthread_attr_t attributes;
    pthread_t thread;
    integrate_in_thread(&plain);
    pthread_attr_init(&attributes);
    cr_assert_eq(pthread_attr_setstacksize(&attributes, stack_with_room_for(ROOM)), 0);
    cr_assert_eq(pthread_create(&thread, &attributes, integrate_in_thread, &small), 0);
    pthread_join(thread, NULL);
    for (size_t k = 0; k < 2; k++) {
        cr_assert(plain.status[k] == ORDPAR_OK && small.status[k] == ORDPAR_OK);
        cr_assert_float_eq(small.eps_g[k], plain.eps_g[k], 1e-7 * plain.eps_g[k]);
    }
}

/* The limit does not bind the administrator, so that another user must run. */
static bool limit_threads(void) {
    const struct rlimit one = {1, 1};
    pthread_t thread;
    if (setrlimit(RLIMIT_NPROC, &one) != 0 ||
        (geteuid() == 0 && (setgid(54321) != 0 || setuid(54321) != 0)))
        return false;
    return pthread_create(&thread, NULL, format_points, NULL) == EAGAIN;
}

static const char *run_limited(const results *plain) {
    static results limited;
    ordpar_error err;
    if (!limit_threads())
        return "no limit could be set";
    ordpar_team *team = ordpar_team_create(3);
    if (ordpar_team_size(team) != 1)
        return "there are threads";
    ordpar_team_free(team);
    for (size_t k = 0; k < n_doors; k++)
        if (doors[k].run(folder, limited.numbers[k], &limited.count[k], &err) ||
            memcmp(limited.numbers[k], plain->numbers[k], sizeof plain->numbers[k]) != 0)
            return doors[k].name;
    return NULL;
}

Test(host, threads_that_cannot_be_made_are_missing) {
    static results plain;
    int status = -1;
    run_all(&plain);
    remove_folder();
    strcpy(folder, "/tmp/test_host_XXXXXX"); /* where the other user may write */
    cr_assert(mkdtemp(folder) && chmod(folder, 0777) == 0);
    const pid_t child = fork();
    if (child == 0) {
        const char *failed = run_limited(&plain);
        if (failed)
            fprintf(stderr, "with one thread: %s\n", failed);
        _exit(failed != NULL);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
}

/* What is left of the limit is not enough for OpenBLAS, which would wait for ever. */
static bool leave_address_space(size_t more, struct rlimit *before) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lu", &pages) != 1 || getrlimit(RLIMIT_AS, before) != 0)
        return false;
    fclose(file);
    const rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
    return setrlimit(RLIMIT_AS, &(struct rlimit){most, before->rlim_max}) == 0;
}

static const char *refused(const char *computation, ordpar_status expected) {
    ordpar_model *model;
    ordpar_table *table = NULL;
    ordpar_error err = {""};
    if (ordpar_model_create(&model, &err) || ordpar_model_set_text(model, "N", "32", &err) ||
        ordpar_model_set_text(model, "L", "4", &err) ||
        ordpar_model_set_text(model, "runs", strcmp(computation, "curve") ? "2" : NULL, &err) ||
        ordpar_model_set_text(model, "alpha", "0,1", &err))
        return "no model";
    const ordpar_status status = ordpar_model_compute(model, computation, &table, &err);
    ordpar_table_free(table);
    ordpar_model_free(model);
    return status != expected || (status && !strstr(err.message, "address space")) ? computation
                                                                                   : NULL;
}

static const char *run_without_room(void) {
    static const char *const computations[] = {"curve", "simulate", "compare", "point"};
    const size_t count = sizeof computations / sizeof *computations;
    const char *failed = NULL;
    struct rlimit before;
    alarm(120);
    if (!leave_address_space(100 << 20, &before))
        return "no limit could be set";
    for (size_t k = 0; k < count && !failed; k++)
        failed = refused(computations[k], ORDPAR_MEMORY);
    if (setrlimit(RLIMIT_AS, &before) != 0)
        return "the limit stays";
    if (!failed)
        failed = refused("curve", ORDPAR_OK);
    if (!leave_address_space(64 << 20, &before)) /* the buffer is there */
        return "no limit could be set again";
    for (size_t k = 0; k < count && !failed; k++)
        failed = refused(computations[k], ORDPAR_OK);
    return failed;
}

Test(host, linear_algebra_without_room_is_refused) {
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("the sanitizer needs more address space than there is");
#endif
    int status = -1;
    const pid_t child = fork();
    if (child == 0) {
        const char *failed = run_without_room();
        if (failed)
            fprintf(stderr, "little address space: %s\n", failed);
        _exit(failed != NULL);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
}

enum { ITEMS = 1000 };

static void count_item(void *context, size_t index, size_t member) {
    (void)member;
    ((unsigned char *)context)[index]++;
}

Test(host, a_team_does_each_item_once) {
    ordpar_team *team = ordpar_team_create(4);
    for (size_t count = 0; count < ITEMS; count += 1 + count / 2) {
        unsigned char done[ITEMS] = {0};
        ordpar_team_run(team, count, count_item, done);
        for (size_t k = 0; k < ITEMS; k++)
            cr_assert_eq(done[k], k < count);
    }
    ordpar_team_free(team);
}
