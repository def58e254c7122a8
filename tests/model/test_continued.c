// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings continue, save-overlaps, checkpoint and keep-partial from C. */
#include "model/model.h"
#include "support.h"
#include "tolerances.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static ordpar_model *make(const char *const settings[][2]) {
    ordpar_model *model = NULL;
    ordpar_error err;
    check_ok(ordpar_model_create(&model, &err), &err);
    for (size_t k = 0; settings[k][0]; k++)
        check_ok(ordpar_model_set_text(model, settings[k][0], settings[k][1], &err), &err);
    snprintf(path, sizeof path, "test_continued.%ld", (long)getpid());
    return model;
}

static void set(ordpar_model *model, const char *name, const char *value) {
    ordpar_error err;
    check_ok(ordpar_model_set_text(model, name, value, &err), &err);
}

/* eps_g of the last row of a curve. */
static double last_of(const ordpar_model *model) {
    ordpar_error err;
    ordpar_table *table = NULL;
    check_ok(ordpar_model_compute(model, "curve", &table, &err), &err);
    const size_t rows = ordpar_table_n_rows(table), columns = ordpar_table_n_columns(table);
    const double eps_g = ordpar_table_values(table)[(rows - 1) * columns + 1];
    ordpar_table_free(table);
    return eps_g;
}

static void save(void) {
    static const char *const settings[][2] = {{"input-dim", "64"}, {"eigenvalues", "4"},
                                              {"eta", "0.5"},      {"schedule", "power:0.5:20"},
                                              {"alpha", "50"},     {NULL, NULL}};
    ordpar_model *model = make(settings);
    set(model, "save-overlaps", path);
    last_of(model);
    ordpar_model_free(model);
}

static const char *const nothing[][2] = {{NULL, NULL}};

Test(continued, all_doors_go_on) {
    save();
    ordpar_model *model = make(nothing);
    ordpar_error err;
    double alpha = 80, eps_g, lambda[4], n[4], q[16];
    size_t L;
    set(model, "continue", path);
    set(model, "alpha", "80");
    const double expected = last_of(model);
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    cr_assert_eq(L, 4);
    check_ok(ordpar_model_spectrum(model, lambda, n, &err), &err);
    cr_assert_eq(n[0], 16);
    check_ok(ordpar_model_curve(model, 1, &alpha, &eps_g, 0, NULL, NULL, NULL, q, NULL, NULL, &err),
             &err);
    cr_assert_eq(eps_g, expected);
    set(model, "continue", NULL);
    set(model, "input-dim", "64");
    set(model, "eigenvalues", "4");
    set(model, "eta", "0.5");
    set(model, "schedule", "power:0.5:20");
    CHECK_CLOSE(expected, last_of(model), 10 * 1e-8, expected, "in one go");
    ordpar_model_free(model);
    unlink(path);
}

Test(continued, the_spectrum_given_as_arrays_is_compared) {
    save();
    ordpar_model *model = make(nothing);
    ordpar_error err;
    double lambda[4], n[4];
    int64_t multiplicities[4] = {16, 16, 16, 16};
    ordpar_table *table;
    set(model, "continue", path);
    set(model, "alpha", "80");
    const double expected = last_of(model);
    check_ok(ordpar_model_spectrum(model, lambda, n, &err), &err);
    check_ok(ordpar_model_set_spectrum(model, 4, lambda, multiplicities, &err), &err);
    const double again = last_of(model);
    cr_assert_eq(again, expected, "%.17g, %.17g", again, expected);
    lambda[3] *= 1.5;
    check_ok(ordpar_model_set_spectrum(model, 4, lambda, multiplicities, &err), &err);
    cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "in block 4 contradicts"), "%s", err.message);
    ordpar_model_free(model);
    unlink(path);
}

/* Weights by a column of the spectrum or by the decay. A spectrum without weights says nothing of
 * a decay. */
Test(continued, the_teachers_weights_are_compared) {
    const double lambda[4] = {4, 2, 1, 0.5}, other[4] = {3, 2, 1, 0.5};
    const int64_t n[4] = {16, 16, 16, 16};
    double weights[4] = {2, 1, 0.5, 0.25};
    for (int decays = 0; decays < 2; decays++) {
        ordpar_model *model = make(nothing);
        ordpar_error err;
        ordpar_table *table;
        if (decays)
            set(model, "teacher-decay", "1");
        check_ok(
            ordpar_model_set_spectrum_teacher(model, 4, lambda, n, decays ? NULL : weights, &err),
            &err);
        set(model, "alpha", "50");
        set(model, "save-overlaps", path);
        last_of(model);
        ordpar_model_free(model);

        model = make(nothing);
        set(model, "continue", path);
        set(model, "alpha", "80");
        const double expected = last_of(model);
        check_ok(
            ordpar_model_set_spectrum_teacher(model, 4, lambda, n, decays ? NULL : weights, &err),
            &err);
        cr_assert_eq(last_of(model), expected);
        const char *words = decays ? "spectrum has a teacher of its own" : "weight 1 in block 1";
        check_ok(
            ordpar_model_set_spectrum_teacher(model, 4, lambda, n, decays ? weights : NULL, &err),
            &err);
        cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
        cr_assert(strstr(err.message, words), "%s", err.message);
        check_ok(ordpar_model_set_spectrum_teacher(model, 4, other, n, weights, &err), &err);
        cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
        if (!decays) {
            weights[2] = 0.6;
            check_ok(ordpar_model_set_spectrum_teacher(model, 4, lambda, n, weights, &err), &err);
            cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
            cr_assert(strstr(err.message, "the teacher's weight 0.59999999999999998 in block 3 "
                                          "contradicts"),
                      "%s", err.message);
            weights[2] = 0.5;
        }
        ordpar_model_free(model);
        unlink(path);
    }
}

Test(continued, what_does_not_go_on_refuses_it) {
    static const char *const others[] = {"simulate", "compare", "closed-form plateau", "spectrum",
                                         "precision curve"};
    save();
    ordpar_model *model = make(nothing);
    ordpar_error err;
    set(model, "continue", path);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        ordpar_table *table = NULL;
        cr_assert_eq(ordpar_model_compute(model, others[k], &table, &err), ORDPAR_INVALID, "%s",
                     others[k]);
        cr_assert(strstr(err.message, "continue: only a curve goes on"), "%s: %s", others[k],
                  err.message);
        cr_assert_null(table);
    }
    double alpha = 80, eps_g;
    set(model, "checkpoint", "state");
    cr_assert_eq(
        ordpar_model_curve(model, 1, &alpha, &eps_g, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
        ORDPAR_INVALID);
    cr_assert(strstr(err.message, "checkpoint: is for ordpar_model_compute"), "%s", err.message);
    ordpar_model_free(model);
    unlink(path);
}

Test(continued, fluctuations_begin_with_the_run) {
    save();
    for (size_t k = 0; k < 2; k++) {
        ordpar_model *model = make(nothing);
        ordpar_table *table = NULL;
        ordpar_error err;
        set(model, "fluctuations", "yes");
        set(model, "alpha", "80");
        const char *setting = k ? "checkpoint" : "continue";
        set(model, setting, k ? "no-file" : path);
        cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INVALID);
        cr_assert(strstr(err.message, "fluctuations: begin with the run; leave out"), "%s",
                  err.message);
        cr_assert_str_eq(strrchr(err.message, ' ') + 1, setting);
        ordpar_model_free(model);
    }
    unlink(path);
}

/* Raised by the progress once there are rows. */
static volatile sig_atomic_t stop;

static void stop_with_rows(void *context, double fraction, const char *text) {
    (void)context;
    (void)text;
    stop = stop || fraction >= 0.5;
}

/* Stopped at half of its work, each time with what is kept and what is not. */
Test(continued, a_run_that_is_stopped) {
    static const char *const settings[][2] = {
        {"input-dim", "64"}, {"eigenvalues", "4"}, {"alpha", "0:200:41"}, {NULL, NULL}};
    ordpar_error err;
    ordpar_table *table;
    ordpar_model *model = make(settings);
    const double whole = last_of(model);
    ordpar_model_set_stop(model, &stop);
    ordpar_model_set_progress(model, stop_with_rows, NULL);
    cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INTERRUPTED);
    cr_assert_null(table);
    stop = 0;
    set(model, "keep-partial", "yes");
    set(model, "checkpoint", path);
    cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_INTERRUPTED);
    cr_assert_not_null(table);
    const size_t rows = ordpar_table_n_rows(table);
    cr_assert(rows >= 1 && rows < 41 && strstr(err.message, "of 41 rows were complete"), "%s",
              err.message);
    ordpar_table_free(table);
    stop = 0;
    ordpar_model_set_progress(model, NULL, NULL);
    CHECK_CLOSE(last_of(model), whole, 10 * 1e-8, whole, "resumed");
    ordpar_model_free(model);
    unlink(path);
}

/* A curve that diverges after one row, without it and with it, by both functions. */
Test(continued, rows_before_it_diverges) {
    static const char *const settings[][2] = {{"input-dim", "64"},      {"eigenvalues", "1"},
                                              {"activation", "linear"}, {"student-units", "1"},
                                              {"teacher-units", "1"},   {"eta", "5"},
                                              {"alpha", "0,1000"},      {NULL, NULL}};
    ordpar_error err;
    ordpar_table *table, *overlaps;
    ordpar_model *model = make(settings);
    cr_assert_eq(ordpar_model_curve_table(model, &table, &overlaps, &err), ORDPAR_DIVERGED);
    cr_assert(!table && !overlaps && strstr(err.message, "keep-partial writes the 1 of 2"), "%s",
              err.message);
    set(model, "keep-partial", "yes");
    cr_assert_eq(ordpar_model_curve_table(model, &table, &overlaps, &err), ORDPAR_DIVERGED);
    cr_assert(table && overlaps && ordpar_table_n_rows(table) == 1);
    ordpar_table_free(table);
    ordpar_table_free(overlaps);
    cr_assert_eq(ordpar_model_compute(model, "curve", &table, &err), ORDPAR_DIVERGED);
    cr_assert(table && ordpar_table_n_rows(table) == 1);
    ordpar_table_free(table);
    ordpar_model_free(model);
}

static void hear(void *context, const char *text) {
    char(*said)[ORDPAR_MESSAGE_SIZE] = context;
    cr_assert_eq(**said, '\0', "a second warning: %s", text);
    snprintf(*said, sizeof *said, "%s", text);
}

/* What is said of overlaps given beside a beta and an activation; alpha: the row of all doors. */
static void check_said(const char *beta, const char *activation, const char *part) {
    static const char *const computations[] = {"curve", "simulate", "compare"};
    const double alpha = 1;
    double eps_g, runs[10];
    size_t rows;
    ordpar_error err;
    for (size_t k = 0; k < 5; k++) {
        char said[ORDPAR_MESSAGE_SIZE] = "";
        ordpar_model *model = make(nothing);
        ordpar_table *table = NULL;
        set(model, "input-dim", "64");
        set(model, "eigenvalues", "4");
        set(model, "beta", beta);
        set(model, "activation", activation);
        set(model, "overlaps", path);
        set(model, "alpha", "0,1");
        ordpar_model_set_warning(model, hear, &said);
        if (k < 3)
            check_ok(ordpar_model_compute(model, computations[k], &table, &err), &err);
        else if (k == 3)
            check_ok(ordpar_model_simulate(model, 1, &alpha, runs, NULL, &rows, &err), &err);
        else
            check_ok(ordpar_model_curve(model, 1, &alpha, &eps_g, 0, NULL, NULL, NULL, NULL, NULL,
                                        NULL, &err),
                     &err);
        cr_assert_eq(!part, !*said, "%s, %s: '%s'", beta, activation, said);
        cr_assert(!part || (strncmp(said, "overlaps: ", 10) == 0 && strstr(said, part)), "%s",
                  said);
        bool noted = false;
        for (size_t f = 0; table && ordpar_table_fact_key(table, f); f++)
            noted = noted || strcmp(ordpar_table_fact_key(table, f), "overlaps") == 0;
        cr_assert_eq(noted, k < 3 && part);
        ordpar_table_free(table);
        ordpar_model_free(model);
    }
}

Test(continued, overlaps_of_another_model) {
    save();
    check_said("1", "erf", NULL);
    check_said("1.00000000000001", "erf", NULL);
    check_said("1.00001", "erf", " with another spectrum (the eigenvalue of block 1 is ");
    check_said("1", "linear", " with another activation (erf there, linear here)");
    unlink(path);
}
