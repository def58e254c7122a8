// SPDX-License-Identifier: GPL-3.0-or-later
/* [10.4] of many pairs: those of a student with all before it are a row of vectors, all by the rule
 * that the farthest of them needs. Rows where one is beyond the rules are done pair by pair. */
#include "base/kernels.h"
#include "base/vectorise.h"
#include "solver/averages/deviation_pair.h"

#include <math.h>

/* Students, with 1/sqrt(1 + T), 1/sqrt(1 + Q) and sqrt((1 + Q)/(1 + T)) - 1, and the correlations
 * of one with those before it: those of deviation_pair.c. */
typedef struct {
    double *by_t, *by_d, *eps;
    double *b, *w1, *w2, *s2, *sum;
} students;

static students lay_out(size_t K, double *work) {
    return (students){work,         work + K,     work + 2 * K, work + 3 * K,
                      work + 4 * K, work + 5 * K, work + 6 * K, work + 7 * K};
}

static void set_students(size_t K, const double *c, const students *s) {
    const size_t n = 2 * K;
    for (size_t k = 0; k < K; k++) {
        const double t = 1 + c[(K + k) * n + K + k];
        const double grown = 2 * c[k * n + K + k] + c[k * n + k], xi = grown / t;
        s->eps[k] = xi / (1 + sqrt(1 + xi));
        s->by_t[k] = 1 / sqrt(t);
        s->by_d[k] = s->by_t[k] / (1 + s->eps[k]);
    }
}

/* As fmax, of numbers alone: of these the compiler makes vectors. */
static inline double larger(double a, double b) {
    return a > b ? a : b;
}

/* E, O, Ot, T: row i of E, Omega, Omega^T and T. Returns how far the correlations reach. */
ORDPAR_VECTORISED(static, double, correlate,
                  (size_t count, size_t i, const double *E, const double *O, const double *Ot,
                   const double *T, const students *s),
                  (count, i, E, O, Ot, T, s)) {
    const double by_t = s->by_t[i], by_d = s->by_d[i], eps = s->eps[i];
    const double *restrict ts = s->by_t, *restrict ds = s->by_d, *restrict es = s->eps;
    double *restrict b = s->b, *restrict w1 = s->w1, *restrict w2 = s->w2, *restrict s2 = s->s2;
#pragma omp simd
    for (size_t j = 0; j < count; j++) {
        b[j] = T[j] * by_t * ts[j];
        w1[j] = (O[j] - T[j] * eps) * by_d * ts[j];
        w2[j] = (Ot[j] - T[j] * es[j]) * by_t * ds[j];
        s2[j] = (E[j] - O[j] * es[j] - Ot[j] * eps + T[j] * eps * es[j]) * by_d * ds[j];
    }
    double largest = 0, unknown = 0;
#pragma omp simd reduction(max : largest) reduction(+ : unknown)
    for (size_t j = 0; j < count; j++) {
        const double by_r = larger(fabs(w1[j]), fabs(w2[j]));
        const double reach = larger(fabs(s2[j]), by_r) / (1 - fabs(b[j]));
        largest = reach > largest ? reach : largest;
        unknown += reach < INFINITY ? 0 : 1;
    }
    return unknown > 0 ? INFINITY : largest;
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

/* sum_j v_j times the second difference of i and j, j < count. */
static double sum_row(size_t K, size_t count, size_t i, const double *c, const double *v,
                      const students *s) {
    const size_t n = 2 * K;
    const double *E = c + i * n, *Ot = c + (K + i) * n;
    const ordpar_pair_rule *rule =
        ordpar_pair_rule_for(correlate(count, i, E, E + K, Ot, Ot + K, s));
    double sum = 0;
    if (!rule) {
        for (size_t j = 0; j < count; j++) {
            const ordpar_pair_deviation at = ordpar_pair_deviation_of(K, c, i, j);
            sum += v[j] * ordpar_erf_pair_deviation(&at, 0, NULL);
        }
        return sum;
    }
    for (size_t j = 0; j < count; j++)
        s->sum[j] = 0;
    for (size_t k = 0; k < rule->n; k++)
        for (size_t l = 0; l < rule->n; l++)
            add_node(count, rule->x[k], rule->x[l], rule->w[k] * rule->w[l], s);
    return ordpar_dot(count, v, s->sum);
}

double ordpar_erf_sum_pair_deviations(size_t K, const double *c, const double *v, double *work) {
    const students s = lay_out(K, work);
    double sum = 0;
    set_students(K, c, &s);
    for (size_t i = 0; i < K; i++) {
        const ordpar_pair_deviation own = ordpar_pair_deviation_of(K, c, i, i);
        sum += v[i] *
               (2 * sum_row(K, i, i, c, v, &s) + v[i] * ordpar_erf_pair_deviation(&own, 0, NULL));
    }
    return sum;
}
