// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Each activation is a polynomial plus a part that is none, a sum of erfs or a smoothed ramp. What
 * a polynomial has to do with anything else is a finite sum of products of means [2.13].
 */
#include "solver/averages/mixed.h"

#include "solver/averages/mixture.h"
#include "solver/averages/polynomial.h"
#include "solver/averages/ramp.h"

#include <math.h>
#include <string.h>

/* True if there is a part that is no polynomial. */
static bool bends(const ordpar_activation *g) {
    return g->mixture || g->ramp;
}

static bool is_smooth_ramp(const ordpar_activation *g) {
    return g->ramp && isfinite(g->ramp->s);
}

/* A polynomial, of the first degree at most. */
static bool is_straight(const ordpar_activation *g) {
    for (int k = 2; g->polynomial && k <= ORDPAR_POLYNOMIAL_MOST; k++)
        if (g->polynomial->a[k] != 0)
            return false;
    return true;
}

bool ordpar_activations_mix(const ordpar_activation *g, const ordpar_activation *h) {
    return g == h || (!bends(g) && g->polynomial) || (!bends(h) && h->polynomial) ||
           (g->mixture && h->mixture) || (is_smooth_ramp(g) && is_smooth_ramp(h));
}

bool ordpar_activations_mix_at_all_orders(const ordpar_activation *g, const ordpar_activation *h) {
    if (!ordpar_activations_mix(g, h))
        return false;
    return is_straight(g) || !(bends(g) || bends(h));
}

static void set_bent_means(const ordpar_activation *g, double variance, double mean[ORDPAR_MEANS]) {
    memset(mean, 0, ORDPAR_MEANS * sizeof *mean);
    if (g->mixture)
        ordpar_mixture_add_means(g->mixture, variance, mean);
    if (g->ramp)
        ordpar_ramp_add_means(g->ramp, variance, mean);
}

static ordpar_pair_average plus(ordpar_pair_average x, ordpar_pair_average y) {
    return (ordpar_pair_average){x.value + y.value, x.d_aa + y.d_aa, x.d_ab + y.d_ab,
                                 x.d_bb + y.d_bb};
}

/* Of the parts that are no polynomials. */
static ordpar_pair_average bent_pair(const ordpar_activation *g, const ordpar_activation *h,
                                     int first, int second, double c_aa, double c_ab, double c_bb) {
    if (g->ramp && h->ramp)
        return ordpar_ramps_pair(g->ramp, h->ramp, first, second, c_aa, c_ab, c_bb);
    if (!g->mixture || !h->mixture)
        return (ordpar_pair_average){0};
    return (first == 0   ? ordpar_mixtures_gg
            : first == 1 ? ordpar_mixtures_dg_dg
                         : ordpar_mixtures_ddg_g)(g->mixture, h->mixture, c_aa, c_ab, c_bb);
}

/* [2.14] */
ordpar_pair_average ordpar_parts_pair(const ordpar_activation *g, const ordpar_activation *h,
                                      int first, int second, double c_aa, double c_ab,
                                      double c_bb) {
    double of_g[ORDPAR_MEANS], of_h[ORDPAR_MEANS];
    ordpar_pair_average all = bent_pair(g, h, first, second, c_aa, c_ab, c_bb);
    set_bent_means(g, c_aa, of_g);
    set_bent_means(h, c_bb, of_h);
    if (h->polynomial) {
        double p[ORDPAR_MEANS] = {0};
        ordpar_polynomial_add_means(h->polynomial, c_bb, p);
        all = plus(all, ordpar_means_pair(of_g, p, first, second, c_ab));
        ordpar_polynomial_add_means(h->polynomial, c_bb, of_h);
    }
    if (g->polynomial) {
        double p[ORDPAR_MEANS] = {0};
        ordpar_polynomial_add_means(g->polynomial, c_aa, p);
        all = plus(all, ordpar_means_pair(p, of_h, first, second, c_ab));
    }
    return all;
}

#define DEFINE_PAIR(pair, first, second)                                                           \
    ordpar_pair_average ordpar_mixed_##pair(const ordpar_activation *g,                            \
                                            const ordpar_activation *h, double c_aa, double c_ab,  \
                                            double c_bb) {                                         \
        return g == h ? g->pair(g, c_aa, c_ab, c_bb)                                               \
                      : ordpar_parts_pair(g, h, first, second, c_aa, c_ab, c_bb);                  \
    }

DEFINE_PAIR(gg, 0, 0)
DEFINE_PAIR(dg_dg, 1, 1)
DEFINE_PAIR(ddg_g, 2, 0)

/* Of students whose slope b is constant. */
static double straight(const ordpar_activation *g, const ordpar_activation *h, size_t K, size_t n,
                       const double *c, const double *u, double *gradient) {
    const double square = g->polynomial->a[1] * g->polynomial->a[1];
    double sum = 0;
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            const ordpar_pair_average gg = ordpar_mixed_gg(
                a < K ? g : h, b < K ? g : h, c[a * n + a], c[a * n + b], c[b * n + b]);
            sum += ordpar_squared_error_add(n, square * (a == b ? 1 : 2) * u[a] * u[b], gg, a, b,
                                            gradient);
        }
    return sum;
}

double ordpar_mixed_squared_error_dg_dg(const ordpar_activation *g, const ordpar_activation *h,
                                        size_t K, size_t n, const double *c, const double *u,
                                        size_t i, size_t j, double *gradient, double *work) {
    const ordpar_fields fields = {g, h, K, n};
    if (g->mixture)
        return ordpar_mixtures_squared_error_dg_dg(&fields, c, u, i, j, gradient, work);
    if (g->ramp)
        return ordpar_ramps_squared_error_dg_dg(&fields, c, u, i, j, gradient, work);
    if (is_straight(g))
        return straight(g, h, K, n, c, u, gradient);
    return ordpar_polynomials_squared_error_dg_dg(g->polynomial, h->polynomial, K, n, c, u, i, j,
                                                  gradient);
}

size_t ordpar_mixed_work(size_t n) {
    const size_t mixtures = ordpar_mixture_work(n), ramps = n * n + 6 * n;
    return mixtures > ramps ? mixtures : ramps;
}
