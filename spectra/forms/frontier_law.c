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
