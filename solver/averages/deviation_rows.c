// SPDX-License-Identifier: GPL-3.0-or-later
/* [10.4] of many pairs under a tilt: those of a student with all up to it are a row of vectors.
 * Where the farthest of them is near they are a series, else all by the rule that it needs. Rows
 * where one is beyond the rules are done pair by pair. */
#include "base/kernels.h"
#include "base/vectorise.h"
#include "solver/averages/deviation_pair.h"

#include <math.h>

/* Tilted T_ii, 2 Omega_ii + E_ii of the students, then 1/sqrt(1 + T), 1/sqrt(1 + Q) and sqrt((1 +
 * Q)/(1 + T)) - 1; the correlations of one with those up to it: those of deviation_pair.c. */
typedef struct {
    double *t, *grown;
    double *by_t, *by_d, *eps;
    double *b, *w1, *w2, *s2, *sum;
} students;

/* Row i of E, Omega, Omega^T and T of c, and what a tilt takes off it: w[0] x_1 + w[1] x_2 of the
 * first two, y[0] x_1 + y[1] x_2 of the others. */
typedef struct {
    const double *E, *O, *Ot, *T;
    double w[2], y[2];
} row_of;

/* Numbers that the vectors of all widths divide. */
enum { LANES = 8 };

/* The series leaves out fourth powers of what correlations reach. */
static const double near = 3e-5;

static students lay_out(size_t K, double *work) {
    students s;
    double **const arrays[] = {&s.t, &s.grown, &s.by_t, &s.by_d, &s.eps,
                               &s.b, &s.w1,    &s.w2,   &s.s2,   &s.sum};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        *arrays[k] = work + k * K;
    return s;
}

ORDPAR_VECTORISED_VOID(static, set_roots, (size_t K, const students *s), (K, s)) {
    const double *restrict t = s->t, *restrict grown = s->grown;
    double *restrict by_t = s->by_t, *restrict by_d = s->by_d, *restrict eps = s->eps;
#pragma omp simd
    for (size_t k = 0; k < K; k++) {
        const double xi = grown[k] / (1 + t[k]);
        eps[k] = xi / (1 + sqrt(1 + xi));
        by_t[k] = 1 / sqrt(1 + t[k]);
        by_d[k] = by_t[k] / (1 + eps[k]);
    }
}

static double tilted(const ordpar_tilt *tilt, const double *c, size_t a, size_t b) {
    const size_t n = tilt->n;
    return c[a * n + b] - tilt->rows[a] * tilt->x[b] - tilt->rows[n + a] * tilt->x[n + b];
}

static void set_students(size_t K, const double *c, const ordpar_tilt *tilt, const students *s) {
    for (size_t k = 0; k < K; k++) {
        s->t[k] = tilted(tilt, c, K + k, K + k);
        s->grown[k] = 2 * tilted(tilt, c, k, K + k) + tilted(tilt, c, k, k);
    }
    set_roots(K, s);
}

/* As fmax, of numbers alone: of these the compiler makes vectors. */
static inline double larger(double a, double b) {
    return a > b ? a : b;
}

/* Correlations of row i, and as a series the second differences. Returns how far they reach at
 * most.
 */
ORDPAR_VECTORISED(static, double, correlate,
                  (size_t count, size_t i, row_of row, size_t K, const double *x,
                   const students *s),
                  (count, i, row, K, x, s)) {
    const double by_t = s->by_t[i], by_d = s->by_d[i], eps = s->eps[i];
    const double *restrict ts = s->by_t, *restrict ds = s->by_d, *restrict es = s->eps;
    const double *restrict x_1 = x, *restrict x_2 = x + 2 * K;
    double *restrict b = s->b, *restrict w1 = s->w1, *restrict w2 = s->w2, *restrict s2 = s->s2;
    double *restrict sum = s->sum, largest = 0, least = 1, unknown = 0;
#pragma omp simd reduction(max : largest) reduction(min : least) reduction(+ : unknown)
    for (size_t j = 0; j < count; j++) {
        const double E = row.E[j] - row.w[0] * x_1[j] - row.w[1] * x_2[j];
        const double O = row.O[j] - row.w[0] * x_1[K + j] - row.w[1] * x_2[K + j];
        const double Ot = row.Ot[j] - row.y[0] * x_1[j] - row.y[1] * x_2[j];
        const double T = row.T[j] - row.y[0] * x_1[K + j] - row.y[1] * x_2[K + j];
        const double b_j = T * by_t * ts[j], w1_j = (O - T * eps) * by_d * ts[j];
        const double w2_j = (Ot - T * es[j]) * by_t * ds[j];
        const double s2_j = (E - O * es[j] - Ot * eps + T * eps * es[j]) * by_d * ds[j];
        const double reach = larger(fabs(s2_j), larger(fabs(w1_j), fabs(w2_j)));
        const double gap = 1 - fabs(b_j);
        b[j] = b_j;
        w1[j] = w1_j;
        w2[j] = w2_j;
        s2[j] = s2_j;
        largest = reach > largest ? reach : largest;
        least = gap < least ? gap : least;
        unknown += reach < INFINITY ? 0 : 1;
        const double p = w1_j + 0.5 * s2_j, q = w2_j + 0.5 * s2_j, square = p * p + q * q;
        const double z = b_j + 0.5 * (w1_j + w2_j) + 0.25 * s2_j, over = s2_j * s2_j;
        const double inverse = 1 / ((1 - z) * (1 + z)), higher = inverse * inverse;
        const double of_s2 = 1 + higher * (1 + 2 * z * z) * (square / 8 + over / 96);
        const double of_pq = 1 + higher * (3 + 2 * z * z) * (square / 8 + over * 3 / 32);
        sum[j] = sqrt(inverse) * (s2_j * of_s2 + z * inverse * p * q * of_pq);
    }
    return unknown > 0 || !(least > 0) ? INFINITY : largest / least;
}

/* Adds one node of a rule. */
ORDPAR_VECTORISED_VOID(static, add_node,
                       (size_t count, double x, double y, double weight, const students *s),
                       (count, x, y, weight, s)) {
    const double *restrict b = s->b, *restrict w1 = s->w1, *restrict w2 = s->w2;
    const double *restrict s2 = s->s2;
    double *restrict sum = s->sum;
#pragma omp simd
    for (size_t j = 0; j < count; j++) {
        const double z = b[j] + x * w1[j] + y * (w2[j] + x * s2[j]);
        const double product = (w1[j] + y * s2[j]) * (w2[j] + x * s2[j]);
        const double inverse = 1 / ((1 - z) * (1 + z));
        sum[j] += weight * sqrt(inverse) * (z * inverse * product + s2[j]);
    }
}

static void sum_by_rule(size_t count, const ordpar_pair_rule *rule, const students *s) {
    for (size_t j = 0; j < count; j++)
        s->sum[j] = 0;
    for (size_t k = 0; k < rule->n; k++)
        for (size_t l = 0; l < rule->n; l++)
            add_node(count, rule->x[k], rule->x[l], rule->w[k] * rule->w[l], s);
}

static row_of make_row(size_t K, const double *c, const ordpar_tilt *tilt, size_t i) {
    const size_t n = 2 * K;
    const double *w = c + i * n, *y = c + (K + i) * n, *rows = tilt->rows;
    return (row_of){w, w + K, y, y + K, {rows[i], rows[n + i]}, {rows[K + i], rows[n + K + i]}};
}

static double far_pair(size_t K, const double *c, const ordpar_tilt *tilt, size_t i, size_t j) {
    const size_t units[] = {i, j, K + i, K + j};
    double both[16]; /* the covariance of the two alone */
    for (size_t a = 0; a < 4; a++)
        for (size_t b = 0; b < 4; b++)
            both[a * 4 + b] = tilted(tilt, c, units[a], units[b]);
    const ordpar_pair_deviation at = ordpar_pair_deviation_of(2, both, 0, 1);
    return ordpar_erf_pair_deviation(&at, 0, NULL);
}

/* Second differences of i and all up to it, into s->sum. Whole vectors are made where there are so
 * many students. */
static void fill_row(size_t K, size_t i, const double *c, const ordpar_tilt *tilt,
                     const students *s) {
    const size_t wanted = (i + LANES) / LANES * LANES, count = wanted < K ? wanted : K;
    const row_of row = make_row(K, c, tilt, i);
    const double reach = correlate(count, i, row, K, tilt->x, s);
    const ordpar_pair_rule *rule = ordpar_pair_rule_for(reach);
    if (!rule)
        for (size_t j = 0; j <= i; j++)
            s->sum[j] = far_pair(K, c, tilt, i, j);
    else if (!(reach < near))
        sum_by_rule(count, rule, s);
}

double ordpar_erf_sum_pair_deviations(size_t K, const double *c, const ordpar_tilt *tilt,
                                      const double *v, double *work) {
    const students s = lay_out(K, work);
    double sum = 0;
    set_students(K, c, tilt, &s);
    for (size_t i = 0; i < K; i++) {
        fill_row(K, i, c, tilt, &s);
        sum += v[i] * (2 * ordpar_dot(i + 1, v, s.sum) - v[i] * s.sum[i]);
    }
    return sum;
}
