// SPDX-License-Identifier: GPL-3.0-or-later
/* [10.4] Without a difference of large numbers. */
#include "solver/averages/deviation_pair.h"

#include <math.h>
#include <string.h>

static const ordpar_pair_rule rules[] = {
    {2, {0.2113248654051871177, 0.7886751345948128823}, {0.5, 0.5}},
    {4,
     {0.06943184420297371239, 0.3300094782075718676, 0.6699905217924281324, 0.9305681557970262876},
     {0.1739274225687269287, 0.3260725774312730713, 0.3260725774312730713, 0.1739274225687269287}},
    {8,
     {0.01985507175123188416, 0.1016667612931866302, 0.2372337950418355071, 0.4082826787521750975,
      0.5917173212478249025, 0.7627662049581644929, 0.8983332387068133698, 0.9801449282487681158},
     {0.05061426814518812958, 0.1111905172266872353, 0.1568533229389436437, 0.1813418916891809915,
      0.1813418916891809915, 0.1568533229389436437, 0.1111905172266872353,
      0.05061426814518812958}}};

/*
 * The pair (i, j) enters the squared error with
 *     Delta = f(b + w1 + w2 + s2) - f(b + w1) - f(b + w2) + f(b),  f = asin,
 * where b, b + w1, .. are the correlations of (y_i, y_j), (x_i, y_j), (y_i, x_j), (x_i, x_j) with
 * each variance raised by 1.
 */
typedef struct {
    double root_t[2], root_d[2]; /* sqrt(1 + T_ii), sqrt(1 + Q_ii) of i and j */
    double xi[2], eps[2];        /* Q_ii - T_ii in units of 1 + T_ii; sqrt(1 + xi) - 1 */
    double b, w1, w2, s2;
} pair;

static pair make_pair(const ordpar_pair_deviation *at) {
    pair p;
    for (size_t k = 0; k < 2; k++) {
        const double t = 1 + at->t[k];
        p.xi[k] = at->grown[k] / t;
        p.eps[k] = p.xi[k] / (1 + sqrt(1 + p.xi[k]));
        p.root_t[k] = sqrt(t);
        p.root_d[k] = p.root_t[k] * (1 + p.eps[k]);
    }
    const double T_ij = at->T, O_ij = at->Omega[0], O_ji = at->Omega[1];
    p.b = T_ij / (p.root_t[0] * p.root_t[1]);
    p.w1 = (O_ij - T_ij * p.eps[0]) / (p.root_d[0] * p.root_t[1]);
    p.w2 = (O_ji - T_ij * p.eps[1]) / (p.root_t[0] * p.root_d[1]);
    p.s2 = (at->E - O_ij * p.eps[1] - O_ji * p.eps[0] + T_ij * p.eps[0] * p.eps[1]) /
           (p.root_d[0] * p.root_d[1]);
    return p;
}

/* The integrand is analytic up to |z| = 1. */
const ordpar_pair_rule *ordpar_pair_rule_for(double reach) {
    return reach < 1e-4 ? &rules[0] : reach < 0.02 ? &rules[1] : reach < 0.1 ? &rules[2] : NULL;
}

static const ordpar_pair_rule *choose_rule(const pair *p) {
    return ordpar_pair_rule_for(fmax(fabs(p->s2), fmax(fabs(p->w1), fabs(p->w2))) /
                                (1 - fabs(p->b)));
}

/* The four terms of the differences themselves. */
static void plain_differences(const ordpar_pair_deviation *at, double *of_f, double *of_df) {
    const double *t = at->t, *q = at->q;
    const struct {
        double sign, a, ab, b;
    } terms[4] = {{1, q[0], at->Q, q[1]},
                  {-1, q[0], at->R[0], t[1]},
                  {-1, t[0], at->R[1], q[1]},
                  {1, t[0], at->T, t[1]}};
    double sum = 0, sum_df = 0;
    for (size_t k = 0; k < 4; k++) {
        const double root = sqrt(ordpar_erf_determinant(terms[k].a, terms[k].ab, terms[k].b));
        sum += terms[k].sign * atan2(terms[k].ab, root);
        sum_df += terms[k].sign * sqrt((1 + terms[k].a) * (1 + terms[k].b)) / root;
    }
    *of_f = sum;
    if (of_df)
        *of_df = sum_df;
}

/*
 * [10.4] Delta and, where asked for, the same second difference of f', as integrals over the unit
 * square: f''(z) (w1 + q s2)(w2 + p s2) + f'(z) s2 at z = b + p w1 + q w2 + p q s2.
 */
static void second_differences(const ordpar_pair_deviation *at, const pair *p, double *of_f,
                               double *of_df) {
    const ordpar_pair_rule *r = choose_rule(p);
    if (!r) {
        plain_differences(at, of_f, of_df);
        return;
    }
    double sum = 0, sum_df = 0;
    for (size_t k = 0; k < r->n; k++)
        for (size_t l = 0; l < r->n; l++) {
            const double z = p->b + r->x[k] * p->w1 + r->x[l] * (p->w2 + r->x[k] * p->s2);
            const double product = (p->w1 + r->x[l] * p->s2) * (p->w2 + r->x[k] * p->s2);
            const double inverse = 1 / ((1 - z) * (1 + z)), df = sqrt(inverse);
            const double ddf = z * inverse * df, weight = r->w[k] * r->w[l];
            sum += weight * (ddf * product + df * p->s2);
            if (of_df)
                sum_df +=
                    weight * ((1 + 2 * z * z) * inverse * inverse * df * product + ddf * p->s2);
        }
    *of_f = sum;
    if (of_df)
        *of_df = sum_df;
}

/* f'(x + step) - f'(x) */
static double difference_df(double x, double step) {
    const double y = x + step, root_x = sqrt((1 - x) * (1 + x)), root_y = sqrt((1 - y) * (1 + y));
    return step * (x + y) / (root_x * root_y * (root_x + root_y));
}

static void set_slopes(const ordpar_pair_deviation *at, const pair *p, double D_b, double factor,
                       ordpar_pair_deviation_slopes *out) {
    const double full = p->b + p->w1 + p->w2 + p->s2;
    const double D_s2 = 1 / sqrt((1 - full) * (1 + full));
    const double D_w1 = difference_df(p->b + p->w1, p->w2 + p->s2);
    const double D_w2 = difference_df(p->b + p->w2, p->w1 + p->s2);
    const double dd = 1 / (p->root_d[0] * p->root_d[1]), dt = 1 / (p->root_d[0] * p->root_t[1]);
    const double td = 1 / (p->root_t[0] * p->root_d[1]), tt = 1 / (p->root_t[0] * p->root_t[1]);
    const double T_ij = at->T, O_ij = at->Omega[0], O_ji = at->Omega[1];
    const double by_T = D_b * tt - D_w1 * p->eps[0] * dt - D_w2 * p->eps[1] * td +
                        D_s2 * p->eps[0] * p->eps[1] * dd;
    const double by_O_ij = D_w1 * dt - D_s2 * p->eps[1] * dd;
    const double by_O_ji = D_w2 * td - D_s2 * p->eps[0] * dd;
    /* with respect to eps_i, 1 + Q_ii and 1 + T_ii, and the same for j */
    const double by_eps[2] = {-D_w1 * T_ij * dt + D_s2 * (T_ij * p->eps[1] - O_ji) * dd,
                              -D_w2 * T_ij * td + D_s2 * (T_ij * p->eps[0] - O_ij) * dd};
    const double by_d[2] = {-(D_w1 * p->w1 + D_s2 * p->s2) / 2, -(D_w2 * p->w2 + D_s2 * p->s2) / 2};
    const double by_t[2] = {-(D_b * p->b + D_w2 * p->w2) / 2, -(D_b * p->b + D_w1 * p->w1) / 2};
    const double half = factor / 2;
    *out = (ordpar_pair_deviation_slopes){.by_E = half * D_s2 * dd,
                                          .by_Omega = {half * by_O_ij, half * by_O_ji},
                                          .by_T = half * by_T};
    for (size_t k = 0; k < 2; k++) {
        const double t = p->root_t[k] * p->root_t[k], d = p->root_d[k] * p->root_d[k];
        const double by_xi = by_eps[k] / (2 * t * (1 + p->eps[k])), by_Q = by_xi + by_d[k] / d;
        out->by_Q[k] = factor * by_Q;
        out->by_t[k] = factor * (by_d[k] / d + by_t[k] / t - by_xi * p->xi[k]);
    }
}

double ordpar_erf_pair_deviation(const ordpar_pair_deviation *at, double factor,
                                 ordpar_pair_deviation_slopes *slopes) {
    double delta, D_b;
    const pair p = make_pair(at);
    second_differences(at, &p, &delta, slopes ? &D_b : NULL);
    if (slopes)
        set_slopes(at, &p, D_b, factor, slopes);
    return delta;
}

static double Omega(size_t K, const double *c, size_t i, size_t n) {
    return c[i * 2 * K + K + n];
}

ordpar_pair_deviation ordpar_pair_deviation_of(size_t K, const double *c, size_t i, size_t j) {
    const size_t at[2] = {i, j};
    const double T = c[(K + i) * 2 * K + K + j], E = c[i * 2 * K + j];
    const double O_ij = Omega(K, c, i, j), O_ji = Omega(K, c, j, i);
    ordpar_pair_deviation out = {
        .T = T, .E = E, .Omega = {O_ij, O_ji}, .R = {T + O_ij, T + O_ji}, .Q = T + O_ij + O_ji + E};
    for (size_t k = 0; k < 2; k++) {
        const double t = c[(K + at[k]) * (2 * K + 1)], e = c[at[k] * (2 * K + 1)];
        const double o = Omega(K, c, at[k], at[k]);
        out.t[k] = t;
        out.grown[k] = 2 * o + e;
        out.q[k] = t + o + o + e;
    }
    return out;
}

/* Adds a pair's derivatives to the symmetric gradient[4 K^2]. */
static void add_slopes(size_t K, size_t i, size_t j, const ordpar_pair_deviation_slopes *s,
                       double *gradient) {
    const size_t n = 2 * K, at[2] = {i, j};
    gradient[i * n + j] += s->by_E;
    gradient[j * n + i] += s->by_E;
    gradient[i * n + K + j] += s->by_Omega[0];
    gradient[(K + j) * n + i] += s->by_Omega[0];
    gradient[j * n + K + i] += s->by_Omega[1];
    gradient[(K + i) * n + j] += s->by_Omega[1];
    gradient[(K + i) * n + K + j] += s->by_T;
    gradient[(K + j) * n + K + i] += s->by_T;
    for (size_t k = 0; k < 2; k++) {
        const size_t w = at[k], y = K + at[k];
        gradient[w * n + w] += s->by_Q[k];
        gradient[w * n + y] += s->by_Q[k];
        gradient[y * n + w] += s->by_Q[k];
        gradient[y * n + y] += s->by_t[k];
    }
}

double ordpar_sum_pair_deviations(const ordpar_activation *self, size_t K, const double *c,
                                  const double *v, ordpar_pair_deviation_function part,
                                  double *gradient) {
    double sum = 0;
    if (gradient)
        memset(gradient, 0, 4 * K * K * sizeof *gradient);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i; j++) {
            const ordpar_pair_deviation at = ordpar_pair_deviation_of(K, c, i, j);
            const double weight = M_2_PI * (i == j ? 1 : 2) * v[i] * v[j];
            ordpar_pair_deviation_slopes slopes;
            sum += weight * part(self, &at, weight, gradient ? &slopes : NULL);
            if (gradient)
                add_slopes(K, i, j, &slopes, gradient);
        }
    return sum;
}
