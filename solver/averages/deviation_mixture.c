// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Mixtures of erfs in deviation coordinates, without a difference of large numbers. A mixture with
 * the terms p is a network of erf units of the fields s_p x_i: the differences are those of
 * [10.2]-[10.4], term by term. Under the many tilts of four fields they are summed as series.
 * [10.7]
 */
#include "solver/averages/deviation_pair.h"
#include "solver/averages/deviation_series.h"

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_MIXTURE_LANES };

/* With 1 + s^2 Q = d, 1 + s^2 T = t: the roots of d_p t_q - (s_p s_q R)^2 and of d_p d_q - (s_p s_q
 * Q)^2, and the difference of their squares. */
typedef struct {
    double root_A, root_C, difference;
} determinants;

static determinants make_determinants(const ordpar_pair_deviation *at, double s_p, double s_q) {
    const double p = s_p * s_p, q = s_q * s_q, both = p * q, Q_ii = at->q[0], Q_jj = at->q[1];
    const double A =
        p * Q_ii + q * at->t[1] + both * ordpar_minor(Q_ii, at->t[1], at->R[0], at->R[0]);
    const double C = p * Q_ii + q * Q_jj + both * ordpar_minor(Q_ii, Q_jj, at->Q, at->Q);
    const double moved = at->Omega[1] + at->E; /* Q_ij - R_ij */
    return (determinants){.root_A = sqrt(1 + A),
                          .root_C = sqrt(1 + C),
                          .difference = q * (1 + p * Q_ii) * at->grown[1] -
                                        both * moved * (at->Q + at->R[0])};
}

static double dg_dg_difference(const ordpar_activation *self, size_t K, const double *c, size_t i,
                               size_t m) {
    const ordpar_mixture *g = self->mixture;
    const ordpar_pair_deviation at = ordpar_pair_deviation_of(K, c, i, m);
    double sum = 0;
    for (size_t p = 0; p < g->terms; p++)
        for (size_t q = 0; q < g->terms; q++) {
            const determinants d = make_determinants(&at, g->s[p], g->s[q]);
            sum += g->a[p] * g->s[p] * g->a[q] * g->s[q] * d.difference /
                   (d.root_A * d.root_C * (d.root_A + d.root_C));
        }
    return M_2_PI * sum;
}

static double error_ddg(const ordpar_activation *self, size_t K, const double *c, const double *v,
                        size_t i) {
    const ordpar_mixture *g = self->mixture;
    double sum = 0;
    for (size_t n = 0; n < K; n++) {
        const ordpar_pair_deviation at = ordpar_pair_deviation_of(K, c, i, n);
        const double moved = at.Omega[1] + at.E;
        for (size_t p = 0; p < g->terms; p++) {
            const double shrink = g->s[p] * g->s[p] / (1 + g->s[p] * g->s[p] * at.q[0]);
            for (size_t q = 0; q < g->terms; q++) {
                const determinants d = make_determinants(&at, g->s[p], g->s[q]);
                sum += v[n] * g->a[p] * g->s[p] * g->a[q] * g->s[q] * shrink *
                       (moved * d.root_A - at.R[0] * d.difference / (d.root_A + d.root_C)) /
                       (d.root_A * d.root_C);
            }
        }
    }
    return -M_2_PI * sum;
}

/* The pair as one of the units p and q. */
static ordpar_pair_deviation scaled(const ordpar_pair_deviation *at, double s_p, double s_q) {
    const double s = s_p * s_q, square[2] = {s_p * s_p, s_q * s_q};
    ordpar_pair_deviation out = {.T = s * at->T,
                                 .E = s * at->E,
                                 .Omega = {s * at->Omega[0], s * at->Omega[1]},
                                 .R = {s * at->R[0], s * at->R[1]},
                                 .Q = s * at->Q};
    for (size_t k = 0; k < 2; k++) {
        out.t[k] = square[k] * at->t[k];
        out.q[k] = square[k] * at->q[k];
        out.grown[k] = square[k] * at->grown[k];
    }
    return out;
}

static void add_scaled(ordpar_pair_deviation_slopes *sum, double s_p, double s_q,
                       const ordpar_pair_deviation_slopes *slopes) {
    const double s = s_p * s_q, square[2] = {s_p * s_p, s_q * s_q};
    sum->by_E += s * slopes->by_E;
    sum->by_T += s * slopes->by_T;
    for (size_t k = 0; k < 2; k++) {
        sum->by_Omega[k] += s * slopes->by_Omega[k];
        sum->by_Q[k] += square[k] * slopes->by_Q[k];
        sum->by_t[k] += square[k] * slopes->by_t[k];
    }
}

/* As ordpar_erf_pair_deviation, for a mixture. */
static double pair_by_terms(const ordpar_mixture *g, const ordpar_pair_deviation *at, double factor,
                            ordpar_pair_deviation_slopes *slopes) {
    double sum = 0;
    if (slopes)
        *slopes = (ordpar_pair_deviation_slopes){0};
    for (size_t p = 0; p < g->terms; p++)
        for (size_t q = 0; q < g->terms; q++) {
            const ordpar_pair_deviation one = scaled(at, g->s[p], g->s[q]);
            const double weight = g->a[p] * g->a[q];
            ordpar_pair_deviation_slopes own;
            sum += weight * ordpar_erf_pair_deviation(&one, factor * weight, slopes ? &own : NULL);
            if (slopes)
                add_scaled(slopes, g->s[p], g->s[q], &own);
        }
    return sum;
}

static double own_pair(const ordpar_activation *self, const ordpar_pair_deviation *at,
                       double factor, ordpar_pair_deviation_slopes *slopes) {
    return pair_by_terms(self->mixture, at, factor, slopes);
}

static double squared_error(const ordpar_activation *self, size_t K, const double *c,
                            const double *v, double *gradient) {
    return ordpar_sum_pair_deviations(self, K, c, v, own_pair, gradient);
}

/* Four fields: the covariance of (w, y) and the weight's x_i and x_j behind them. */
typedef struct {
    const ordpar_mixture *g;
    size_t K;
    const double *v;
    double *c; /* [(2 K + 2)^2] */
    ordpar_mixture_weight weight;
    ordpar_deviation_field *field; /* [K] */
} problem;

static void set_covariance(const problem *f, const double *c, size_t i, size_t j) {
    const size_t K = f->K, n = 2 * K, wide = n + 2, student[2] = {i, j};
    for (size_t a = 0; a < n; a++) {
        memcpy(f->c + a * wide, c + a * n, n * sizeof *c);
        for (size_t k = 0; k < 2; k++) {
            const size_t w = student[k];
            f->c[a * wide + n + k] = f->c[(n + k) * wide + a] = c[w * n + a] + c[(K + w) * n + a];
        }
    }
    for (size_t k = 0; k < 2; k++)
        for (size_t l = 0; l < 2; l++)
            f->c[(n + k) * wide + n + l] = ordpar_pair_deviation_of(K, c, student[k], student[l]).Q;
}

/* A derivative by c of (w, y, x_i, x_j) becomes one by c of (w, y). */
static void fold(size_t K, size_t i, size_t j, const double *wide, double *gradient) {
    const size_t n = 2 * K, rows = n + 2, student[2] = {i, j};
    for (size_t a = 0; a < n; a++)
        memcpy(gradient + a * n, wide + a * rows, n * sizeof *gradient);
    for (size_t k = 0; k < 2; k++) {
        const double *own = wide + (n + k) * rows;
        for (size_t part = 0; part < 2; part++) {
            const size_t at = student[k] + part * K;
            for (size_t a = 0; a < n; a++) {
                gradient[at * n + a] += own[a];
                gradient[a * n + at] += own[a];
            }
            for (size_t l = 0; l < 2; l++)
                for (size_t other = 0; other < 2; other++)
                    gradient[at * n + student[l] + other * K] += own[n + l];
        }
    }
}

/* The pair (a, b) under the tilts, and what its students are larger than their teachers. */
static void tilted_pair(const problem *f, const ordpar_mixture_tilts *t, size_t a, size_t b,
                        ordpar_deviation_lanes *c) {
    ordpar_mixture_tilted(&f->weight, t, f->K + a, f->K + b, c->T);
    ordpar_mixture_tilted(&f->weight, t, a, b, c->E);
    ordpar_mixture_tilted(&f->weight, t, a, f->K + b, c->Omega[0]);
    ordpar_mixture_tilted(&f->weight, t, b, f->K + a, c->Omega[1]);
}

static void set_fields(problem *f, const ordpar_mixture_tilts *t) {
    for (size_t a = 0; a < f->K; a++) {
        ordpar_deviation_lanes own;
        double grown[LANES];
        tilted_pair(f, t, a, a, &own);
        for (size_t m = 0; m < LANES; m++)
            grown[m] = 2 * own.Omega[0][m] + own.E[m];
        ordpar_deviation_field_set(&f->field[a], f->g, own.T, grown);
    }
    ordpar_deviation_fields_finish(f->K, f->field);
}

/* The variances of a lane's pair. */
static void set_own(ordpar_pair_deviation *at, size_t k, const ordpar_deviation_lanes *own,
                    size_t m) {
    at->t[k] = own->T[m];
    at->grown[k] = 2 * own->Omega[0][m] + own->E[m];
    at->q[k] = at->t[k] + at->grown[k];
}

/* Where the series is too long: lane by lane. */
static void pair_lane_by_lane(const problem *f, const ordpar_mixture_tilts *t, size_t a, size_t b,
                              const ordpar_deviation_lanes *c, ordpar_deviation_difference *out) {
    ordpar_deviation_lanes of_a, of_b;
    tilted_pair(f, t, a, a, &of_a);
    tilted_pair(f, t, b, b, &of_b);
    for (size_t m = 0; m < LANES; m++) {
        const double T = c->T[m], O_ab = c->Omega[0][m], O_ba = c->Omega[1][m], E = c->E[m];
        ordpar_pair_deviation at = {.T = T,
                                    .E = E,
                                    .Omega = {O_ab, O_ba},
                                    .R = {T + O_ab, T + O_ba},
                                    .Q = T + O_ab + O_ba + E};
        ordpar_pair_deviation_slopes slopes;
        set_own(&at, 0, &of_a, m);
        set_own(&at, 1, &of_b, m);
        out->value[m] = pair_by_terms(f->g, &at, 2, f->weight.slope ? &slopes : NULL);
        if (!f->weight.slope)
            continue;
        out->by_T[m] = slopes.by_T;
        out->by_E[m] = slopes.by_E;
        for (size_t k = 0; k < 2; k++) {
            out->by_Omega[k][m] = slopes.by_Omega[k];
            out->by_Q[k][m] = slopes.by_Q[k] / 2;
            out->by_t[k][m] = slopes.by_t[k] / 2;
        }
    }
}

/* Adds the derivatives by one tilted entry, which stands in the error times factor. */
static void add_slope(problem *f, const ordpar_mixture_tilts *t, size_t a, size_t b, double factor,
                      const double by[LANES], double turned[LANES]) {
    double weighted[LANES], c[LANES];
    ordpar_mixture_tilted(&f->weight, t, a, b, c);
    for (size_t m = 0; m < LANES; m++) {
        weighted[m] = factor * t->weight[m] * by[m];
        turned[m] += weighted[m] * c[m];
    }
    ordpar_mixture_add_slope(&f->weight, t, a, b, weighted);
}

static void add_slopes(problem *f, const ordpar_mixture_tilts *t, size_t a, size_t b, double factor,
                       const ordpar_deviation_difference *by, double turned[LANES]) {
    const size_t K = f->K, student[2] = {a, b};
    add_slope(f, t, K + a, K + b, factor, by->by_T, turned);
    add_slope(f, t, a, b, factor, by->by_E, turned);
    add_slope(f, t, a, K + b, factor, by->by_Omega[0], turned);
    add_slope(f, t, b, K + a, factor, by->by_Omega[1], turned);
    for (size_t k = 0; k < 2; k++) {
        const size_t w = student[k];
        add_slope(f, t, w, w, factor, by->by_Q[k], turned);
        add_slope(f, t, w, K + w, 2 * factor, by->by_Q[k], turned);
        add_slope(f, t, K + w, K + w, factor, by->by_t[k], turned);
    }
}

static double add_block(problem *f, const ordpar_mixture_tilts *t) {
    double error[LANES] = {0}, turned[LANES] = {0};
    set_fields(f, t);
    for (size_t a = 0; a < f->K; a++)
        for (size_t b = 0; b <= a; b++) {
            const double factor = M_2_PI * (a == b ? 1 : 2) * f->v[a] * f->v[b];
            ordpar_deviation_lanes c;
            ordpar_deviation_difference difference;
            tilted_pair(f, t, a, b, &c);
            if (!ordpar_deviation_series(&f->field[a], &f->field[b], &c, f->weight.slope,
                                         &difference))
                pair_lane_by_lane(f, t, a, b, &c, &difference);
            for (size_t m = 0; m < LANES; m++)
                error[m] += factor * difference.value[m];
            if (f->weight.slope)
                add_slopes(f, t, a, b, factor, &difference, turned);
        }
    return ordpar_mixture_tilts_sum(&f->weight, t, error, turned);
}

static const size_t per_field = (sizeof(ordpar_deviation_field) + 7) / 8;

size_t ordpar_deviation_mixture_work(size_t n) {
    const size_t wide = n + 2;
    return 2 * wide * wide + ORDPAR_MIXTURE_WEIGHT_WORK(wide) + n / 2 * per_field;
}

static double squared_error_dg_dg(const ordpar_activation *self, size_t K, const double *c,
                                  const double *v, size_t i, size_t j, double *gradient,
                                  double *work) {
    const size_t n = 2 * K, wide = n + 2;
    double *slopes = work + wide * wide, *rest = slopes + wide * wide, sum = 0;
    problem f = {.g = self->mixture,
                 .K = K,
                 .v = v,
                 .c = work,
                 .field = (ordpar_deviation_field *)(rest + ORDPAR_MIXTURE_WEIGHT_WORK(wide))};
    ordpar_mixture_tilts t;
    ordpar_gaussian_terms slope;
    set_covariance(&f, c, i, j);
    ordpar_mixture_slope_terms(self, &slope);
    ordpar_mixture_weight_set(&f.weight, &slope, &slope, wide, f.c, n, n + (i != j), gradient,
                              rest);
    for (size_t next = 0; ordpar_mixture_tilts_next(&f.weight, &next, &t);)
        sum += add_block(&f, &t);
    if (gradient) {
        ordpar_mixture_weight_pull_back(&f.weight, slopes);
        fold(K, i, j, slopes, gradient);
    }
    return sum;
}

const ordpar_deviation_averages ordpar_deviation_mixture = {.dg_dg_difference = dg_dg_difference,
                                                            .error_ddg = error_ddg,
                                                            .squared_error = squared_error,
                                                            .squared_error_dg_dg =
                                                                squared_error_dg_dg};
