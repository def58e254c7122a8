// SPDX-License-Identifier: GPL-3.0-or-later
/* What the public headers promise to callers who set things again, give too little, or look twice.
 */
#include "data_support.h"
#include "model/model.h"
#include "solver/plateau/plateau.h"
#include "solver/steps/continuation.h"
#include "solver/steps/integrate.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ordpar_error err;

static ordpar_model *small(void) {
    ordpar_model *model = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_text(model, "N", "16", &err), &err);
    check_ok(ordpar_model_set_text(model, "L", "4", &err), &err);
    check_ok(ordpar_model_set_text(model, "alpha", "0:2:3", &err), &err);
    check_ok(ordpar_model_set_text(model, "runs", "4", &err), &err);
    return model;
}

static double last_mean(const ordpar_model *model) {
    ordpar_table *table = NULL;
    check_ok(ordpar_model_compute(model, "simulate", &table, &err), &err);
    const size_t columns = ordpar_table_n_columns(table);
    const double mean = ordpar_table_values(table)[2 * columns + 1];
    ordpar_table_free(table);
    return mean;
}

static size_t blocks(const ordpar_model *model) {
    size_t L = 0;
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    return L;
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

Test(contracts, what_is_unset_is_as_never_set) {
    static const char *const settings[][2] = {
        {"batch-fraction", "0.5"}, {"max-z", "1e-9"}, {"unlearnable", "0.3"}, {"orders", "all"}};
    ordpar_model *model = small();
    const double before = last_mean(model);
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        check_ok(ordpar_model_set_text(model, settings[k][0], settings[k][1], &err), &err);
        check_ok(ordpar_model_set_text(model, settings[k][0], NULL, &err), &err);
        cr_expect_eq(last_mean(model), before, "%s", settings[k][0]);
    }
    ordpar_table *table = NULL;
    check_ok(ordpar_model_compute(model, "compare", &table, &err), &err);
    ordpar_table_free(table);
    ordpar_model_free(model);
}

Test(contracts, of_a_file_and_an_array_the_last_counts) {
    static const double lambda[] = {1.5, 0.5};
    static const int64_t n[] = {8, 8};
    write_file("contracts.csv", "eigenvalue,multiplicity\n3,2\n2,2\n1,2\n");
    ordpar_model *model = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_text(model, "spectrum", "contracts.csv", &err), &err);
    check_ok(ordpar_model_set_spectrum(model, 2, lambda, n, &err), &err);
    cr_expect_eq(blocks(model), 2);
    check_ok(ordpar_model_set_text(model, "spectrum", "contracts.csv", &err), &err);
    cr_expect_eq(blocks(model), 3);
    check_ok(ordpar_model_set_spectrum(model, 2, lambda, n, &err), &err);
    check_ok(ordpar_model_set_text(model, "spectrum", NULL, &err), &err);
    cr_expect_eq(blocks(model), 16);
    ordpar_model_free(model);
    unlink("contracts.csv");
}

Test(contracts, arrays_of_the_size_that_was_told) {
    double lambda[2], n[2], c[2];
    write_file("told.csv", "eigenvalue,multiplicity\n3,2\n2,2\n");
    ordpar_model *model = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_text(model, "spectrum", "told.csv", &err), &err);
    cr_expect_eq(blocks(model), 2);
    write_file("told.csv", "eigenvalue,multiplicity\n3,2\n2,2\n1,2\n");
    cr_expect_eq(ordpar_model_spectrum(model, lambda, n, &err), ORDPAR_INVALID);
    cr_expect_eq(ordpar_model_teacher(model, c, &err), ORDPAR_INVALID);
    cr_expect(strstr(err.message, "has 3 blocks now, and had 2"), "%s", err.message);
    ordpar_model_free(model);
    unlink("told.csv");
}

Test(contracts, the_teacher_of_a_run_that_goes_on_has_its_blocks) {
    ordpar_table *table = NULL;
    ordpar_model *model = small();
    double c[4];
    check_ok(ordpar_model_set_text(model, "runs", NULL, &err), &err);
    check_ok(ordpar_model_set_text(model, "save-overlaps", "teacher.end", &err), &err);
    check_ok(ordpar_model_compute(model, "curve", &table, &err), &err);
    ordpar_table_free(table);
    ordpar_model_free(model);
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_text(model, "continue", "teacher.end", &err), &err);
    cr_expect_eq(blocks(model), 4);
    check_ok(ordpar_model_teacher(model, c, &err), &err);
    cr_expect_eq(c[3], 1);
    ordpar_model_free(model);
    unlink("teacher.end");
}

Test(contracts, a_copy_reads_the_data_again) {
    static const double examples[] = {0, 0, 1, 0, 0, 2, 4, 1};
    const char *const files[] = {"copied.npy"};
    write_npy("copied.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }", examples,
              sizeof examples);
    ordpar_model *model = NULL, *copy = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_read_data(model, 1, files, &err), &err);
    check_ok(ordpar_model_copy(model, &copy, &err), &err);
    cr_expect_eq(blocks(model), 2);
    ordpar_model_free(model);
    cr_expect_eq(blocks(copy), 2);
    check_ok(ordpar_model_set_text(copy, "data", "second.npy", &err), &err);
    cr_expect_str_eq(ordpar_model_text(copy, "data"), "copied.npy\nsecond.npy");
    ordpar_model_free(copy);
    unlink("copied.npy");
}

static void keep_words(void *context, const char *text) {
    strcat(context, text);
    strcat(context, "|");
}

/* A model of what it is given, in this order, and of like.json, and what is said of that. */
static ordpar_model *like(const char *json, const char *name, const char *value, char *said) {
    ordpar_model *model = NULL;
    *said = '\0';
    write_file("like.json", json);
    check_ok(ordpar_model_create(&model, &err), &err);
    ordpar_model_set_warning(model, keep_words, said);
    if (name)
        check_ok(ordpar_model_set_text(model, name, value, &err), &err);
    check_ok(ordpar_model_like(model, "like.json", &err), &err);
    return model;
}

/* Names, defaults and what has none: each is as if nobody had said it. */
Test(contracts, what_is_unset_like_leaves_so) {
    static const char *const names[] = {"eta", "K", "overlaps", "schedule", "alpha"};
    char said[1024];
    write_file("like.json", "{\"eta\": 0.3, \"K\": 3, \"overlaps\": \"a.csv\", \"L\": 4, "
                            "\"schedule\": \"power:0.5:5\", \"sweep\": \"alpha=1,3\"}");
    ordpar_model *model = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    ordpar_model_set_warning(model, keep_words, said);
    *said = '\0';
    cr_expect_eq(ordpar_model_like(model, "like.json", &err), ORDPAR_INVALID);
    check_ok(ordpar_model_set_text(model, "eta", "0.2", &err), &err);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        check_ok(ordpar_model_unset(model, names[k], &err), &err);
    check_ok(ordpar_model_like(model, "like.json", &err), &err);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        cr_expect(!ordpar_model_given(model, names[k]), "%s", names[k]);
    cr_expect_null(ordpar_model_text(model, "overlaps"));
    cr_expect_null(ordpar_model_text(model, "schedule"));
    cr_expect_str_eq(ordpar_model_text(model, "eta"), "0.1");
    cr_expect_str_eq(ordpar_model_text(model, "student-units"), "2");
    cr_expect_str_eq(ordpar_model_text(model, "eigenvalues"), "4");
    cr_expect_eq(ordpar_model_unset(model, "nothing", &err), ORDPAR_INVALID);
    ordpar_model_free(model);
    unlink("like.json");
}

Test(contracts, like_tells_what_it_leaves_out) {
    static const double eigenvalues[] = {2, 1};
    char said[1024];
    ordpar_model *model = like("{\"L\": 4, \"N\": 16}", "beta", "2", said);
    cr_expect_str_eq(said, "");
    ordpar_model_free(model);
    model = like("{\"L\": 4, \"N\": 16, \"eta\": 0.3}", "spectrum", "s.csv", said);
    cr_expect_str_eq(said,
                     "like: like.json: its input-dim=16 and eigenvalues=4 give way to spectrum|");
    cr_expect_str_eq(ordpar_model_text(model, "eta"), "0.3");
    ordpar_model_free(model);
    model = like("{\"data\": \"x.npy\", \"N\": 4}", "data", "y.npy", said);
    cr_expect_str_eq(said, "");
    cr_expect_str_eq(ordpar_model_text(model, "input-dim"), "4");
    ordpar_model_free(model);
    model = like("{\"overlaps\": \"a.csv\", \"teacher_decay\": 1}", "overlaps", "b.csv", said);
    cr_expect_str_eq(ordpar_model_text(model, "teacher-decay"), "1");
    ordpar_model_free(model);
    model = like("{\"overlaps\": \"a.csv\"}", "teacher-decay", "1", said);
    cr_expect_str_eq(ordpar_model_text(model, "overlaps"), "a.csv");
    cr_expect_str_eq(said, "");
    ordpar_model_free(model);

    /* Arrays win as files do; nobody need listen. */
    model = NULL;
    check_ok(ordpar_model_create(&model, &err), &err);
    check_ok(ordpar_model_set_spectrum(model, 2, eigenvalues, (const int64_t[]){1, 1}, &err), &err);
    ordpar_model_set_warning(model, keep_words, said);
    write_file("like.json", "{\"data\": \"x.npy\", \"N\": 4, \"array\": \"A\"}");
    check_ok(ordpar_model_like(model, "like.json", &err), &err);
    cr_expect_str_eq(
        said, "like: like.json: its input-dim=4, data=x.npy and array=A give way to spectrum|");
    ordpar_model_set_warning(model, NULL, NULL);
    check_ok(ordpar_model_like(model, "like.json", &err), &err);
    cr_expect_eq(blocks(model), 2);
    ordpar_model_free(model);
    unlink("like.json");
}

Test(contracts, no_file_that_is_read_is_written) {
    ordpar_table *table = NULL;
    ordpar_model *model = small();
    check_ok(ordpar_model_set_text(model, "runs", NULL, &err), &err);
    write_file("read.txt", "0\n1\n");
    check_ok(ordpar_model_set_text(model, "alpha", "read.txt", &err), &err);
    check_ok(ordpar_model_set_text(model, "save-overlaps", "./read.txt", &err), &err);
    cr_expect_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
    cr_expect_str_eq(err.message, "save-overlaps: ./read.txt is what alpha reads");
    check_ok(ordpar_model_set_text(model, "save-overlaps", "read.end", &err), &err);
    check_ok(ordpar_model_set_text(model, "checkpoint", "read.end", &err), &err);
    cr_expect_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
    cr_expect_str_eq(err.message, "save-overlaps, checkpoint: two outputs go to read.end");
    ordpar_model_free(model);
    unlink("read.txt");
}

Test(contracts, tables_that_are_no_curves) {
    static const double values[] = {0, 1, 1, NAN};
    ordpar_table *table = NULL, *report = NULL;
    static const char *const names[] = {"",
                                        ",",
                                        "alpha,eps_g,",
                                        "alpha,,eps_g",
                                        "alpha, eps_g",
                                        "alpha,alpha",
                                        "a name that is longer than 39 characters are"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        cr_expect_eq(ordpar_table_create(names[k], 1, values, &table, &err), ORDPAR_INVALID, "%s",
                     names[k]);
    for (size_t rows = 0; rows <= 2; rows += 2) {
        check_ok(ordpar_table_create("alpha,eps_g", rows, values, &table, &err), &err);
        cr_expect_eq(ordpar_model_report(NULL, table, &report, &err), ORDPAR_INVALID);
        ordpar_table_free(table);
    }
    cr_expect_str_eq(err.message, "eps_g must be a finite number, got nan in row 2");
}

Test(contracts, sizes_that_no_array_has) {
    const size_t absurd = (size_t)1 << 61;
    const double value = 1;
    ordpar_model *model;
    ordpar_table *table = NULL;
    size_t rows = 7;
    check_ok(ordpar_model_create(&model, &err), &err);
    const char *const lists[] = {"moments", "alpha", "student-output"};
    for (size_t k = 0; k < 3; k++)
        cr_assert_eq(ordpar_model_set(model, lists[k], absurd, &value, &err), ORDPAR_MEMORY, "%s",
                     lists[k]);
    cr_assert_eq(ordpar_table_create("a", absurd, &value, &table, &err), ORDPAR_MEMORY);
    cr_assert_eq(ordpar_model_simulate(model, 0, NULL, NULL, NULL, &rows, &err), ORDPAR_INVALID);
    cr_assert_str_eq(err.message, "alpha: needs a row");
    cr_assert_eq(rows, 0);
    ordpar_model_free(model);
}

Test(contracts, a_message_is_one_line) {
    ordpar_model *model = small();
    cr_expect_eq(ordpar_model_set_text(model, "eta", "1\n2", &err), ORDPAR_INVALID);
    cr_expect_str_eq(err.message, "eta: must be a finite number > 0, got '1?2'");
    ordpar_model_free(model);
}

Test(contracts, what_clears_takes_null) {
    ordpar_spectrum_clear(NULL);
    ordpar_network_clear(NULL);
    ordpar_overlaps_clear(NULL);
    ordpar_deviations_clear(NULL);
    ordpar_continuation_clear(NULL);
    ordpar_schedule_clear(NULL);
    ordpar_tasks_clear(NULL);
    ordpar_plateau_clear(NULL);
}

static ordpar_status see(void *context, size_t row, double alpha, double eps_g,
                         const ordpar_overlaps *state, ordpar_error *error) {
    (void)context, (void)row, (void)alpha, (void)eps_g, (void)state, (void)error;
    return ORDPAR_OK;
}

Test(contracts, an_integration_refuses_what_does_not_fit) {
    const double alpha = 1;
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_overlaps state, huge;
    ordpar_integrate_options options = {
        .rtol = 1e-8, .atol = 1e-14, .trained_blocks = 4, .observer = see};
    check_ok(ordpar_spectrum_power_law(8, 4, 1, &spectrum, &err), &err);
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_erf, 0.1, &network, &err), &err);
    for (size_t shape = 0; shape < 3; shape++) {
        check_ok(ordpar_overlaps_init(2 + (shape == 0), 2 + (shape == 1), 4 - (shape == 2), &state,
                                      &err),
                 &err);
        cr_expect_eq(ordpar_integrate(&spectrum, &network, &state, &alpha, 1, &options, NULL, &err),
                     ORDPAR_INVALID);
        ordpar_overlaps_clear(&state);
    }
    check_ok(ordpar_overlaps_init(2, 2, 4, &state, &err), &err);
    options.trained_blocks = 5;
    cr_expect_eq(ordpar_integrate(&spectrum, &network, &state, &alpha, 1, &options, NULL, &err),
                 ORDPAR_INVALID);
    options.trained_blocks = 4;
    options.observer = NULL;
    cr_expect_eq(ordpar_integrate(&spectrum, &network, &state, &alpha, 1, &options, NULL, &err),
                 ORDPAR_INVALID);
    options.observer = see;
    network.training.schedule.kind = (ordpar_schedule_kind)77;
    cr_expect_eq(ordpar_integrate(&spectrum, &network, &state, &alpha, 1, &options, NULL, &err),
                 ORDPAR_INVALID);
    cr_expect_eq(ordpar_overlaps_init((size_t)1 << 32, 1, 1, &huge, &err), ORDPAR_MEMORY);
    ordpar_overlaps_clear(&state);
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
}

/* Students whose averages at all orders are not known beside such a teacher have no plateau there.
 */
Test(contracts, a_plateau_needs_averages_of_its_orders) {
    ordpar_spectrum spectrum;
    ordpar_network network;
    ordpar_plateau plateau = {0};
    double rate, t[16] = {0.25, 0.25, 0.25, 0.25, [12] = 0.25, 0.25, 0.25, 0.25};
    check_ok(ordpar_spectrum_power_law(64, 4, 1, &spectrum, &err), &err);
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_quadratic, 0.1, &network, &err), &err);
    check_ok(ordpar_network_set_teacher_activation(&network, &ordpar_activation_tanh, &err), &err);
    cr_expect_eq(ordpar_plateau_solve(&spectrum, &network, t, &plateau, &err), ORDPAR_INVALID);
    cr_expect(strstr(err.message, "not known for quadratic students of tanh"), "%s", err.message);
    cr_expect_eq(ordpar_plateau_solve_mean(&spectrum, &network, &plateau, &err), ORDPAR_INVALID);
    cr_expect_eq(ordpar_plateau_escape_rate(&spectrum, &network, t, &plateau, &rate, &err),
                 ORDPAR_INVALID);
    cr_expect_null(plateau.a);
    ordpar_network_clear(&network);
    ordpar_spectrum_clear(&spectrum);
}

/* A name that is cut ends with a character; nothing is written where there is no room. */
Test(contracts, symbols_are_cut_between_characters) {
    char text[64];
    ordpar_symbol_short("eps_g", text, sizeof text);
    cr_assert_eq((unsigned char)text[0], 0xce, "%s", text);
    ordpar_symbol_short("eps_g", text, 2);
    cr_assert_str_eq(text, "");
    ordpar_symbol_short("eps_g", text, 3);
    cr_assert_eq(strlen(text), 2, "%s", text);
    ordpar_symbol_axis("eps_g", text, sizeof text);
    const char *epsilon = strstr(text, "\xce");
    cr_assert(epsilon, "%s", text);
    const size_t before = (size_t)(epsilon - text);
    ordpar_symbol_axis("eps_g", text, before + 2);
    cr_assert_eq(strlen(text), before, "%s", text);
    text[0] = 'x';
    ordpar_symbol_short("nothing_known", text, 0);
    ordpar_symbol_axis("eps_g", text, 0);
    cr_assert_eq(text[0], 'x');
}

/* Texts of the caller's size, with a guard behind them. */
Test(contracts, texts_are_cut_to_their_size) {
    static const char path[] = "cut-overlaps.csv";
    const char *const names[] = {"activation", "eta"}, *const values[] = {"erf", "0.1"};
    char whole[512], text[513]; /* the last is the end of the guard */
    ordpar_table *table = NULL;
    ordpar_model *model = small();
    text[sizeof text - 1] = '\0';
    check_ok(ordpar_model_unset(model, "runs", &err), &err);
    check_ok(ordpar_model_set_text(model, "save-overlaps", path, &err), &err);
    check_ok(ordpar_model_compute(model, "curve", &table, &err), &err);
    ordpar_table_free(table);
    check_ok(ordpar_model_unset(model, "save-overlaps", &err), &err);
    check_ok(ordpar_model_set_text(model, "overlaps", path, &err), &err);
    check_ok(ordpar_model_set_text(model, "alpha", "2:4:3", &err), &err);
    cr_assert(ordpar_model_restarts_unasked(model, whole, sizeof whole));
    cr_assert(strstr(whole, "cut-overlaps.csv had at alpha = 2"), "%s", whole);
    for (size_t size = 0; size < strlen(whole) + 2; size++) {
        memset(text, '#', sizeof text - 1);
        cr_assert(ordpar_model_restarts_unasked(model, text, size));
        cr_assert_eq(strspn(text + size, "#"), sizeof text - 1 - size, "%zu: '%.99s'", size, text);
        cr_assert_eq(size ? strncmp(text, whole, size - 1) : 0, 0, "%zu: '%.99s'", size, text);
        memset(text, '#', sizeof text - 1);
        ordpar_title(2, names, values, text, size);
        cr_assert_eq(strspn(text + size, "#"), sizeof text - 1 - size, "%zu: '%.99s'", size, text);
    }
    ordpar_model_free(model);
    unlink(path);
}

/* Without a row the final overlaps are those of the start, not of its deviations. */
Test(contracts, a_curve_of_no_rows_ends_where_it_starts) {
    double q[2][8], r[2][8], t[2][8], eps_g;
    const double alpha = 0;
    ordpar_model *model = small();
    check_ok(ordpar_model_unset(model, "runs", &err), &err);
    check_ok(ordpar_model_set_text(model, "K", "1", &err), &err);
    check_ok(ordpar_model_set_text(model, "M", "1", &err), &err);
    check_ok(ordpar_model_set_text(model, "init", "near-teacher", &err), &err);
    for (size_t rows = 0; rows < 2; rows++)
        check_ok(ordpar_model_curve(model, rows, &alpha, &eps_g, 0, NULL, NULL, NULL, q[rows],
                                    r[rows], t[rows], &err),
                 &err);
    for (size_t b = 0; b < 4; b++)
        cr_assert(q[0][b] == q[1][b] && r[0][b] == r[1][b] && t[0][b] == t[1][b],
                  "block %zu: %g and %g, %g and %g", b, q[0][b], q[1][b], r[0][b], r[1][b]);
    ordpar_model_free(model);
}

Test(contracts, forms_that_are_none_are_refused) {
    ordpar_model *model = small();
    cr_assert_eq(ordpar_model_set_form(model, "plateaux", &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "got 'plateaux'"), "%s", err.message);
    cr_assert(!ordpar_model_given(model, "teacher"));
    ordpar_model_free(model);
}

Test(contracts, a_check_refuses_what_a_computation_would) {
    ordpar_model *model = small();
    static const char *const names[] = {"curve", "simulate", "compare", "point"};
    for (size_t k = 0; k < 4; k++)
        check_ok(ordpar_model_check(model, names[k], &err), &err);
    cr_assert_eq(ordpar_model_check(model, "spectrum", &err), ORDPAR_INVALID);
    check_ok(ordpar_model_set_text(model, "L", "3", &err), &err);
    for (size_t k = 0; k < 4; k++)
        cr_assert_eq(ordpar_model_check(model, names[k], &err), ORDPAR_INVALID, "%s", names[k]);
    ordpar_model_free(model);
}
