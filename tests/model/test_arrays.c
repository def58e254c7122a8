// SPDX-License-Identifier: GPL-3.0-or-later
/* Spectra, data, curves and simulations that go into and out of the caller's arrays. */
#include "data_support.h"
#include "model_support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

Test(arrays, simulation_stops_and_sums_up) {
    const double alpha[2] = {0, 1};
    double eps_g[4], summary[8];
    size_t rows = 7;
    volatile sig_atomic_t stop = 1;
    ordpar_error err;
    ordpar_model *model = make();
    set(model, "input-dim", 32);
    set(model, "runs", 2);
    check_ok(ordpar_model_simulate(model, 2, alpha, eps_g, summary, &rows, &err), &err);
    cr_assert_eq(rows, 2);
    for (size_t k = 0; k < 2; k++)
        CHECK_CLOSE(summary[4 * k], (eps_g[2 * k] + eps_g[2 * k + 1]) / 2, TOL_EXACT,
                    summary[4 * k], "mean of row %zu", k);
    ordpar_model_set_stop(model, &stop);
    cr_assert_eq(ordpar_model_simulate(model, 2, alpha, eps_g, NULL, &rows, &err),
                 ORDPAR_INTERRUPTED);
    cr_assert_lt(rows, 2);
    ordpar_model_free(model);
}

/* A model that keeps its partial rows, or saves them, says so all the same where they end. */
Test(arrays, simulation_tells_how_it_ended) {
    const double alpha[2] = {0, 200};
    double eps_g[2];
    size_t rows = 7;
    ordpar_error err;
    ordpar_model *model = make();
    set(model, "input-dim", 32);
    set(model, "runs", 1);
    set_text(model, "keep-partial", "yes");
    set_text(model, "activation", "quadratic");
    set(model, "eta", 3);
    cr_assert_eq(ordpar_model_simulate(model, 2, alpha, eps_g, NULL, &rows, &err), ORDPAR_DIVERGED);
    cr_assert_eq(rows, 1);
    cr_assert(eps_g[0] > 0);
    cr_assert(strstr(err.message, "1 of 2 rows were complete"), "%s", err.message);
    ordpar_model_free(model);
}

/* Four examples around (5, 3) with the covariance diag(4, 1): they are the training set, from the
 * first on in every simulation. */
Test(arrays, data) {
    const double examples[4][2] = {{7, 4}, {7, 2}, {3, 4}, {3, 2}}, alpha[2] = {0, 2};
    double lambda[2], n[2], eps_g[2], again[2];
    const double late[1] = {2.5};
    char path[64];
    const char *const files[1] = {data_path(path, sizeof path, 0, ".npy")};
    size_t L, rows;
    ordpar_error err;
    write_npy(path, "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2)}", examples,
              sizeof examples);
    ordpar_model *model = make();
    for (size_t k = 0; k < 2; k++) /* the second takes the place of the first */
        check_ok(ordpar_model_read_data(model, 1, files, &err), &err);
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    cr_assert_eq(L, 2);
    check_ok(ordpar_model_spectrum(model, lambda, n, &err), &err);
    CHECK_CLOSE(lambda[0], 1.6, TOL_TIGHT, 1.6, "of the data");
    CHECK_CLOSE(lambda[1], 0.4, TOL_TIGHT, 0.4, "of the data");
    set(model, "runs", 1);
    check_ok(ordpar_model_simulate(model, 2, alpha, eps_g, NULL, &rows, &err), &err);
    check_ok(ordpar_model_simulate(model, 2, alpha, again, NULL, &rows, &err), &err);
    cr_assert(eps_g[0] != eps_g[1] && memcmp(eps_g, again, sizeof eps_g) == 0);
    cr_assert_eq(ordpar_model_simulate(model, 1, late, again, NULL, &rows, &err), ORDPAR_INVALID);
    cr_assert_eq(rows, 0);
    set_text(model, "array", "X"); /* as without it */
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    set_text(model, "array", "Z"); /* not what was read */
    cr_assert_eq(ordpar_model_blocks(model, &L, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "array: X of the data was read, got Z"), "%s", err.message);
    check_ok(ordpar_model_unset(model, "array", &err), &err);
    set(model, "input-dim", 5); /* not what was kept */
    cr_assert_eq(ordpar_model_blocks(model, &L, &err), ORDPAR_INVALID);
    set(model, "eigenvalues", 2);
    cr_assert_eq(ordpar_model_blocks(model, &L, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "data: "), "%s", err.message);
    unlink(path);
    ordpar_model_free(model);
}

static void write_rows(const char *path, const char *rows) {
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fprintf(file, "eigenvalue,multiplicity\n%s", rows);
    fclose(file);
}

/* What a sweep has for a curve is what `report` finds on the curve's own table, and on one that is
 * made of its numbers. */
Test(arrays, point_and_tables_of_ones_own) {
    static const size_t pairs[][2] = {
        {0, 2}, {1, 3}, {2, 4}, {3, 5}}; /* rows, the point's columns */
    ordpar_error err;
    ordpar_table *curve, *point, *own, *reports[2];
    ordpar_model *model = make();
    set(model, "eigenvalues", 1);
    set(model, "sigma-j", 1e-4);
    set(model, "eta", 0.5);
    check_ok(ordpar_model_set_text(model, "teacher", "mean", &err), &err);
    check_ok(ordpar_model_set_text(model, "alpha", "0.1:3000:400:log", &err), &err);
    check_ok(ordpar_model_compute(model, "curve", &curve, &err), &err);
    check_ok(ordpar_model_compute(model, "point", &point, &err), &err);
    check_ok(ordpar_table_create("alpha,eps_g", ordpar_table_n_rows(curve),
                                 ordpar_table_values(curve), &own, &err),
             &err);
    cr_assert_eq(ordpar_table_n_rows(own), 400);
    cr_assert_str_eq(ordpar_table_column_name(own, 1), "eps_g");
    check_ok(ordpar_table_add_fact(own, "closed form", "linear-exact, 100 %d", &err), &err);
    cr_assert_str_eq(ordpar_table_fact_key(own, 0), "closed form");
    cr_assert_str_eq(ordpar_table_fact_text(own, 0), "linear-exact, 100 %d");
    check_ok(ordpar_model_report(model, curve, &reports[0], &err), &err);
    check_ok(ordpar_model_report(model, own, &reports[1], &err), &err);
    cr_assert_eq(ordpar_table_n_rows(point), 1);
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
        for (size_t r = 0; r < 2; r++) {
            const double measured = ordpar_table_values(reports[r])[6 * pairs[k][0] + 1];
            cr_assert(measured > 0);
            cr_assert_eq(measured, ordpar_table_values(point)[pairs[k][1]]);
        }
    ordpar_table *all[] = {curve, point, own, reports[0], reports[1]};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        ordpar_table_free(all[k]);
    ordpar_model_free(model);
}

/* The caller's arrays have the size of the blocks that were told. */
Test(arrays, spectrum_that_changes) {
    const double alpha[1] = {0};
    double eps_g, q[2 * 2 * 2];
    char path[64];
    size_t L;
    ordpar_error err;
    ordpar_model *model = make();
    write_rows(data_path(path, sizeof path, 1, ".csv"), "2,8\n0.5,16\n");
    set_text(model, "spectrum", path);
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    cr_assert_eq(L, 2);
    write_rows(path, "2,8\n0.5,16\n0.1,8\n");
    cr_assert_eq(
        ordpar_model_curve(model, 1, alpha, &eps_g, 0, NULL, NULL, NULL, q, NULL, NULL, &err),
        ORDPAR_INVALID);
    cr_assert(strstr(err.message, "3 blocks now, and had 2"), "%s", err.message);
    check_ok(
        ordpar_model_curve(model, 1, alpha, &eps_g, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
        &err);
    unlink(path);
    ordpar_model_free(model);
}

/* What has columns of its own is no matter of arrays that have none for it. */
Test(arrays, curves_into_arrays_refuse_what_tables_know) {
    const char *const rows[][2] = {
        {"runs", "3"}, {"fluctuations", "yes"}, {"report", "yes"}, {"columns", "rate"}};
    const double alpha[1] = {0};
    double eps_g, outputs[4];
    ordpar_error err;
    for (size_t k = 0; k < 4; k++) {
        ordpar_model *model = make();
        set_text(model, rows[k][0], rows[k][1]);
        cr_assert_eq(ordpar_model_curve(model, 1, alpha, &eps_g, 0, NULL, NULL, NULL, NULL, NULL,
                                        NULL, &err),
                     ORDPAR_INVALID);
        cr_assert(strstr(err.message, "is for ordpar_model_compute"), "%s", err.message);
        ordpar_model_free(model);
    }
    ordpar_model *model = make();
    set_text(model, "tasks",
             "{\"tasks\": [{\"probability\": [[0, 0.5]], \"teacher_output\": [1, 0], "
             "\"student_output\": "
             "[1, 1]},"
             " {\"probability\": [[0, 0.5]], \"teacher_output\": [0, 1], \"student_output\": [1, "
             "-1]}]}");
    set_text(model, "train-output", "yes");
    set(model, "eta-v", 0.1);
    check_ok(
        ordpar_model_curve(model, 1, alpha, &eps_g, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
        &err);
    cr_assert_eq(
        ordpar_model_curve(model, 1, alpha, &eps_g, 0, NULL, NULL, outputs, NULL, NULL, NULL, &err),
        ORDPAR_INVALID);
    cr_assert(strstr(err.message, "tasks: the outputs of several"), "%s", err.message);
    ordpar_model_free(model);
}

/* Weights given as an array are those of the setting; both reach the getter in the blocks' order.
 */
Test(arrays, teacher_weights_come_as_a_setting_or_an_array) {
    enum { L = 8 };
    ordpar_error err;
    ordpar_model *setting = make(), *array = make();
    double lambda[L], n[L], c[L], reversed[L], weights[L], got[L], eps_g[2][2];
    int64_t counts[L];
    const double alpha[2] = {1, 5};
    for (int k = 0; k < 2; k++) {
        ordpar_model *m = k ? array : setting;
        set(m, "input-dim", 64);
        set_text(m, "activation", "linear");
        set(m, "unlearnable", 0.2);
        if (k == 0) {
            set(m, "eigenvalues", L);
            set(m, "teacher-decay", 2);
            check_ok(ordpar_model_spectrum(m, lambda, n, &err), &err);
            check_ok(ordpar_model_teacher(m, c, &err), &err);
            for (size_t b = 0; b < L; b++) {
                reversed[L - 1 - b] = lambda[b];
                weights[L - 1 - b] = c[b];
                counts[b] = (int64_t)n[b];
            }
        } else
            check_ok(ordpar_model_set_spectrum_teacher(m, L, reversed, counts, weights, &err),
                     &err);
        check_ok(ordpar_model_teacher(m, got, &err), &err);
        cr_assert_eq(memcmp(got, c, sizeof c), 0);
        check_ok(
            ordpar_model_curve(m, 2, alpha, eps_g[k], 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
            &err);
    }
    cr_assert_eq(memcmp(eps_g[0], eps_g[1], sizeof *eps_g), 0);
    weights[0] = -1;
    cr_assert_eq(ordpar_model_set_spectrum_teacher(array, L, reversed, counts, weights, &err),
                 ORDPAR_INVALID);
    ordpar_model_free(setting);
    ordpar_model_free(array);
}
