// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/frontier.h"

#include "base/floating_point.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

/* What the next component gains less what the shorter time costs, both per w^-1: it rises. */
static double balance(double w, double a, double beta) {
    return -expm1(-w) - pow(w, -a) * gsl_sf_gamma_inc(1 + a, w) / (1 + beta);
}

/* The root of balance, by bisection; without decay it lies between 0.1 / (1 + beta) and 1. */
static double optimal_depth(double a, double beta) {
    double low = 0.1 / (1 + beta), high = 1;
    while (balance(low, a, beta) > 0)
        low /= 2;
    while (balance(high, a, beta) < 0)
        high *= 2;
    for (int k = 0; k < 200 && high - low > 1e-16 * high; k++) {
        const double middle = (low + high) / 2;
        if (balance(middle, a, beta) < 0)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* [14.3], [15.3] */
ordpar_frontier_law ordpar_linear_frontier_law(const ordpar_power_law *law, double N, double eta,
                                               double initial_error) {
    ORDPAR_FLOATING_POINT;
    const double beta = law->beta, fall = beta + law->zeta, a = fall / (1 + beta),
                 w = optimal_depth(a, beta);
    const double block = N / law->L; /* components of one eigenvalue */
    const double rate = 2 * eta * law->lambda_plus / block;
    const double trained_exponent = 1 / (2 + beta), exponent = -fall / (2 + beta);
    /* rank l of the last trained eigenvalue = (rate C / w)^trained_exponent */
    const double parts = pow(w, -a) * gsl_sf_gamma_inc(a, w) / (1 + beta) + 1 / fall;
    return (ordpar_frontier_law){.begin = w / rate,
                                 .end = w / rate * pow(law->L, 2 + beta),
                                 .exponent = exponent,
                                 .amplitude = initial_error * law->lambda_plus / (2 * law->L) *
                                              parts * pow(rate / w, exponent),
                                 .trained_exponent = trained_exponent,
                                 .trained_amplitude = block * pow(rate / w, trained_exponent),
                                 .tail = ordpar_linear_tail(law, initial_error),
                                 .depth = w};
}

/* [14.6] at the rank l, which the next one follows half a step behind: eps_g, and its derivatives
 * by log l at this compute and by log C at this l. */
typedef struct {
    double eps_g, by_rank, by_compute;
} law_point;

typedef struct {
    const ordpar_power_law *law;
    double rate;          /* 2 eta lambda_+ C by the components of one eigenvalue */
    double source, noise; /* amplitudes of what is left to learn and of SGD's noise, by 1 + beta */
} law_terms;

/* Of sum over ranks up to m of amplitude k^(-1 - a s) exp(-z k^-s), as an integral. */
static void add_term(const law_terms *t, double l, double a, double amplitude, law_point *to) {
    const double s = 1 + t->law->beta, m = l + 0.5, z = t->rate / l, w = z * pow(m, -s);
    const double factor = amplitude * pow(z, -a) / s;
    const double moved = w < 600 ? factor * gsl_sf_gamma_inc(1 + a, w) : 0;
    to->eps_g += w < 600 ? factor * gsl_sf_gamma_inc(a, w) : 0;
    to->by_compute -= moved;
    to->by_rank += moved + amplitude * l * pow(m, -1 - a * s) * exp(-w);
}

static law_point law_at(const law_terms *t, double l) {
    const double s = 1 + t->law->beta, fall = t->law->beta + t->law->zeta, m = l + 0.5;
    law_point at = {.eps_g = t->source * pow(m, -fall) / fall,
                    .by_rank = -t->source * l * pow(m, -fall - 1)};
    add_term(t, l, fall / s, t->source, &at);
    add_term(t, l, 2 - 1 / s, t->noise, &at);
    return at;
}

ordpar_frontier_point ordpar_linear_frontier_noise_law(const ordpar_power_law *law, double N,
                                                       double eta, double initial_error,
                                                       double started, double margin,
                                                       double compute) {
    ORDPAR_FLOATING_POINT;
    const double block = N / law->L, per_rank = law->lambda_plus / law->L;
    const law_terms t = {law, 2 * eta * law->lambda_plus * compute / block,
                         initial_error * per_rank / (2 * margin),
                         ordpar_linear_noise_factor(law, eta, started, margin)};
    /* at depth 1 the noise is too much, and no rank has too little time in the end */
    double low = pow(t.rate, 1 / (2 + law->beta)), high = low;
    while (law_at(&t, low).by_rank > 0 && low > 1e-6)
        low /= 2;
    while (law_at(&t, high).by_rank < 0 && high < 1e300)
        high *= 2;
    for (int k = 0; k < 200 && high - low > 1e-15 * high; k++) {
        const double middle = (low + high) / 2;
        if (law_at(&t, middle).by_rank < 0)
            low = middle;
        else
            high = middle;
    }
    const law_point at = law_at(&t, high);
    return (ordpar_frontier_point){.trained = high * block,
                                   .alpha = compute / (high * block),
                                   .eps_g = at.eps_g,
                                   .exponent = at.by_compute / at.eps_g};
}
