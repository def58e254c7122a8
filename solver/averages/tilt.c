// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/tilt.h"

#include "base/vectorise.h"

#include <math.h>

static void selected_row(size_t n, const double *c, ordpar_field field, double *row) {
    for (size_t a = 0; a < n; a++)
        row[a] = c[field.first * n + a];
    if (field.second != field.first)
        for (size_t a = 0; a < n; a++)
            row[a] += c[field.second * n + a];
}

static double selected(const double *row, ordpar_field field) {
    return field.second == field.first ? row[field.first] : row[field.first] + row[field.second];
}

/* a b - c d, also where they nearly cancel (Kahan). */
static inline double difference(double a, double b, double c, double d) {
    const double product = c * d;
    return fma(a, b, -product) + fma(-c, d, product);
}

/* x = S^-1 rows */
ORDPAR_VECTORISED_VOID(static, solve_rows, (const ordpar_tilt *t, double det), (t, det)) {
    const size_t n = t->n;
    const double *row_1 = t->rows, *row_2 = t->rows + n;
    double *restrict x_1 = t->x, *restrict x_2 = t->x + n;
#pragma omp simd
    for (size_t a = 0; a < n; a++) {
        x_1[a] = (row_1[a] + difference(t->s_22, row_1[a], t->s_12, row_2[a])) / det;
        x_2[a] = (row_2[a] + difference(t->s_11, row_2[a], t->s_12, row_1[a])) / det;
    }
}

ordpar_tilt ordpar_tilt_prepare(size_t n, const double *c, ordpar_field first, ordpar_field second,
                                ordpar_tilt_determinant determinant, double *scratch) {
    ordpar_tilt t = {.n = n, .field = {first, second}, .rows = scratch, .x = scratch + 2 * n};
    double *row_1 = t.rows, *row_2 = t.rows + n;
    selected_row(n, c, first, row_1);
    selected_row(n, c, second, row_2);
    t.s_11 = selected(row_1, first);
    t.s_12 = selected(row_1, second);
    t.s_22 = selected(row_2, second);
    const double det = determinant(t.s_11, t.s_12, t.s_22);
    solve_rows(&t, det);
    return t;
}

void ordpar_tilt_apply(const ordpar_tilt *tilt, const double *c, double *tilted) {
    const size_t n = tilt->n;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            tilted[a * n + b] =
                c[a * n + b] - tilt->rows[a] * tilt->x[b] - tilt->rows[n + a] * tilt->x[n + b];
    /* c~ of a field that tilts is S^-1 s^T c, without the difference of what is large */
    for (size_t k = 0; k < 2; k++) {
        const size_t own = tilt->field[k].first;
        for (size_t b = 0; b < n && tilt->field[k].second == own; b++)
            tilted[own * n + b] = tilted[b * n + own] = tilt->x[k * n + b];
    }
}

static void subtract_row(size_t n, ordpar_field field, const double *y, double *gamma) {
    for (size_t b = 0; b < n; b++)
        gamma[field.first * n + b] -= y[b];
    if (field.second != field.first)
        for (size_t b = 0; b < n; b++)
            gamma[field.second * n + b] -= y[b];
}

static void subtract_column_element(size_t n, ordpar_field field, size_t a, double value,
                                    double *gamma) {
    gamma[a * n + field.first] -= value;
    if (field.second != field.first)
        gamma[a * n + field.second] -= value;
}

void ordpar_tilt_pull_back(const ordpar_tilt *tilt, double *gamma, double *work) {
    const size_t n = tilt->n;
    for (size_t k = 0; k < 2; k++)
        for (size_t b = 0; b < n; b++) {
            double sum = 0;
            for (size_t a = 0; a < n; a++)
                sum += tilt->x[k * n + a] * gamma[a * n + b];
            work[k * n + b] = sum;
        }
    subtract_row(n, tilt->field[0], work, gamma);
    subtract_row(n, tilt->field[1], work + n, gamma);
    for (size_t a = 0; a < n; a++) {
        double sum_1 = 0, sum_2 = 0;
        for (size_t b = 0; b < n; b++) {
            sum_1 += gamma[a * n + b] * tilt->x[b];
            sum_2 += gamma[a * n + b] * tilt->x[n + b];
        }
        subtract_column_element(n, tilt->field[0], a, sum_1, gamma);
        subtract_column_element(n, tilt->field[1], a, sum_2, gamma);
    }
}
