// SPDX-License-Identifier: GPL-3.0-or-later
/* What a report reads of a curve's table. */
#include "model/report.h"

#include "base/number.h"
#include "solver/plateau/plateau.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* signed_: the mean over runs is an estimate that may be below 0 [11.4]. */
static ordpar_status check_rows(const ordpar_table *t, size_t column, size_t error, bool signed_,
                                ordpar_error *err) {
    if (t->n_rows == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "has no rows");
    for (size_t k = 0; k < t->n_rows; k++) {
        const double value = t->cells[k * t->n_columns + column];
        const double eps_g = t->cells[k * t->n_columns + error];
        if (!isfinite(eps_g) || isinf(value))
            return ordpar_fail(err, ORDPAR_INVALID, "%s must be a finite number, got %g in row %zu",
                               isinf(value) ? "alpha" : t->columns[error],
                               isinf(value) ? value : eps_g, k + 1);
        if (eps_g < 0 && !signed_)
            return ordpar_fail(err, ORDPAR_INVALID, "%s must be >= 0, got %g in row %zu",
                               t->columns[error], eps_g, k + 1);
        if (!(value >= 0) || (k > 0 && !(value > t->cells[(k - 1) * t->n_columns + column])))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "alpha must be >= 0 and ascend, got %g in row %zu", value, k + 1);
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_report_trace(const ordpar_model *model, const ordpar_table *t, double **trace,
                                  ordpar_error *err) {
    size_t x, y;
    const bool has_alpha = ordpar_table_find_column(t, "alpha", &x);
    if (!has_alpha || (!ordpar_table_find_column(t, "eps_g", &y) &&
                       !ordpar_table_find_column(t, "mean", &y))) /* of simulate and compare */
        return ordpar_fail(err, ORDPAR_INVALID, "has no column %s", has_alpha ? "eps_g" : "alpha");
    const bool of_runs = strcmp(t->columns[y], "mean") == 0;
    const ordpar_status status = check_rows(t, x, y, of_runs && model && model->value.labels, err);
    if (status)
        return status;
    const size_t rows = t->n_rows;
    double *made = malloc((3 * rows + 1) * sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", rows);
    for (size_t k = 0; k < rows; k++) {
        const double *row = t->cells + k * t->n_columns;
        made[k] = row[x];
        made[rows + k] = fmax(row[y], 0);
    }
    *trace = made;
    return ORDPAR_OK;
}

size_t ordpar_report_overlaps(const ordpar_table *t, size_t *K, size_t *M) {
    size_t count = 0;
    for (size_t c = 0; c < t->n_columns; c++) {
        size_t i, n;
        int end = 0;
        if (sscanf(t->columns[c], "R1_%zu_%zu%n", &i, &n, &end) < 2 || t->columns[c][end])
            continue;
        *K = i > *K ? i : *K;
        *M = n > *M ? n : *M;
        count++;
    }
    return count;
}

/* The first of the overlaps R1_i_n that is not there, in words; false: all are. */
static bool find_missing(const ordpar_table *t, size_t K, size_t M, char *text, size_t size) {
    char name[ORDPAR_COLUMN_SIZE];
    size_t column;
    for (size_t i = 1; i <= K; i++)
        for (size_t n = 1; n <= M; n++) {
            ordpar_format(name, sizeof name, "R1_%zu_%zu", i, n);
            if (ordpar_table_find_column(t, name, &column))
                continue;
            ordpar_format(text, size,
                          "needs all columns R1_1_1, .. of moments=1, of which %s is not there",
                          name);
            return true;
        }
    return false;
}

/* columns[K M], R[K M] */
static void specialise(const ordpar_table *t, size_t K, size_t M, size_t *columns, double *R,
                       double *specialisation) {
    char name[ORDPAR_COLUMN_SIZE];
    for (size_t k = 0; k < K * M; k++) {
        ordpar_format(name, sizeof name, "R1_%zu_%zu", k / M + 1, k % M + 1);
        (void)ordpar_table_find_column(t, name, &columns[k]);
    }
    for (size_t row = 0; row < t->n_rows; row++) {
        for (size_t k = 0; k < K * M; k++)
            R[k] = t->cells[row * t->n_columns + columns[k]];
        specialisation[row] = ordpar_specialisation_signed(K, M, NULL, R);
    }
}

ordpar_status ordpar_report_specialise(ordpar_report *r, const ordpar_table *t,
                                       double *specialisation, ordpar_error *err) {
    size_t K = r->K, M = r->M;
    r->specialises = ordpar_report_overlaps(t, &K, &M) > 0 &&
                     !find_missing(t, K, M, r->missing, sizeof r->missing);
    if (!r->specialises)
        return ORDPAR_OK;
    size_t *columns = calloc(K * M, sizeof *columns);
    double *R = malloc(K * M * sizeof *R);
    const bool made = columns && R;
    if (made)
        specialise(t, K, M, columns, R, specialisation);
    free(columns);
    free(R);
    return made ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", t->n_rows);
}
