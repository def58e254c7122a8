// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/averages/erf_fields.h"

#include "base/kernels.h"
#include "base/vector_math.h"
#include "base/vectorise.h"

#include <math.h>

/* The first count tilted covariances of a field: c - x_1 y_1 - x_2 y_2. */
ORDPAR_VECTORISED_VOID(static, tilt_row,
                       (size_t count, const double *c, const double by[2], const double *x,
                        const double *y, double *out),
                       (count, c, by, x, y, out)) {
#pragma omp simd
    for (size_t b = 0; b < count; b++)
        out[b] = c[b] - by[0] * x[b] - by[1] * y[b];
}

/* [2.1] The tangents of the arcs of field a, of variance c_aa, with others of variances c_bb, and
 * if wanted 1/root: as ordpar_erf_determinant has it. */
ORDPAR_VECTORISED_VOID(static, make_tangents,
                       (size_t count, double c_aa, const double *c_bb, double *c_ab,
                        double *inverse),
                       (count, c_aa, c_bb, c_ab, inverse)) {
    const size_t wanted = inverse ? count : 0;
#pragma omp simd
    for (size_t b = 0; b < wanted; b++) {
        const double square = c_ab[b] * c_ab[b], lost = fma(c_ab[b], c_ab[b], -square);
        inverse[b] = 1 / sqrt(1 + c_aa + c_bb[b] + (fma(c_aa, c_bb[b], -square) - lost));
    }
#pragma omp simd
    for (size_t b = 0; b < count; b++) {
        const double square = c_ab[b] * c_ab[b], lost = fma(c_ab[b], c_ab[b], -square);
        c_ab[b] /= sqrt(1 + c_aa + c_bb[b] + (fma(c_aa, c_bb[b], -square) - lost));
    }
}

/* The variances of all fields. A field that tilts has row x of the tilt itself, here and below. */
static void tilt_variances(const ordpar_tilt *t, const double *c, double *variance) {
    const size_t n = t->n;
    for (size_t a = 0; a < n; a++)
        variance[a] = c[a * n + a] - t->rows[a] * t->x[a] - t->rows[n + a] * t->x[n + a];
    for (size_t k = 0; k < 2; k++)
        variance[t->field[k].first] = t->x[k * n + t->field[k].first];
}

/* The first count covariances of field a. */
static void tilted_covariances(const ordpar_tilt *t, const double *c, size_t a, size_t count,
                               double *row) {
    const size_t n = t->n;
    const double by[2] = {t->rows[a], t->rows[n + a]};
    tilt_row(count, c + a * n, by, t->x, t->x + n, row);
    for (size_t k = 0; k < 2; k++) {
        const size_t own = t->field[k].first;
        for (size_t b = 0; b < count && a == own; b++)
            row[b] = t->x[k * n + b];
        if (own < count)
            row[own] = t->x[k * n + a];
    }
}

/* The derivatives by c_aa and c_ab, a row for each field. */
static void make_gradient(const ordpar_tilt *t, const double *c, const double *u,
                          const double *variance, double *tangent, double *gradient) {
    const size_t n = t->n;
    for (size_t a = 0; a < n; a++) {
        double *row = gradient + a * n;
        const double own = M_2_PI * u[a];
        tilted_covariances(t, c, a, n, tangent);
        make_tangents(n, variance[a], variance, tangent, row);
        tangent[a] = 0;
        const double others = ordpar_dot(n, u, tangent);
        const double diagonal = own * (u[a] * row[a] - others) / (1 + variance[a]);
        ordpar_multiply(n, u, row);
        ordpar_add_scaled(n, own, row, false, row);
        row[a] = diagonal;
    }
}

double ordpar_erf_tilted_error(const ordpar_tilt *tilt, const double *c, const double *u,
                               double *gradient, double *work) {
    const size_t n = tilt->n;
    double *arc = work, *variance = work + n * n, *row = arc, sum = 0;
    tilt_variances(tilt, c, variance);
    if (gradient)
        make_gradient(tilt, c, u, variance, variance + n, gradient);
    for (size_t a = 0; a < n; row += ++a) {
        tilted_covariances(tilt, c, a, a + 1, row);
        make_tangents(a + 1, variance[a], variance, row, NULL);
    }
    ordpar_vector_atan(n * (n + 1) / 2, arc, arc);
    row = arc;
    for (size_t a = 0; a < n; row += ++a)
        sum += u[a] * (2 * ordpar_dot(a + 1, u, row) - u[a] * row[a]);
    return M_2_PI * sum;
}
