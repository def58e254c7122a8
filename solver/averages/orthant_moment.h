// SPDX-License-Identifier: GPL-3.0-or-later
/** Second moments of Gaussian fields on an orthant [12.4]-[12.7]. Internal to solver/. */
#ifndef ORDPAR_ORTHANT_MOMENT_H
#define ORDPAR_ORTHANT_MOMENT_H

#include "solver/averages/long_number.h"

#include <math.h>

enum { ORDPAR_ORTHANT_MAX = 4 };

/** Weight decay alone makes a variance as small as doubles get. Below this one a field is next to
 * nothing, and derivatives by its variance would be infinite. */
#define ORDPAR_LEAST_VARIANCE 1e-200

/** A power of two near the root of a variance whose products would leave the range of doubles; else
 * 1. The signs of fields, and with them g' of relu, do not depend on their units. */
static inline double ordpar_orthant_unit(double variance) {
    int exponent;
    if (variance > 1e-40 && variance < 1e40)
        return 1;
    (void)frexp(variance, &exponent);
    return ldexp(1, exponent / 2);
}

/**
 * E[z_a z_b 1(z_1 > 0) .. 1(z_n > 0)] for n <= 4 different fields with covariance c (its leading
 * n x n part) and positive variances, 0 <= a, b < n. gradient: NULL, or receives the symmetric
 * matrix Gamma with d value = sum_kl Gamma_kl dc_kl over all ordered pairs. Fields may be parallel;
 * where the derivative by their covariance is infinite it is given as 0.
 */
double ordpar_orthant_moment(int n, const double c[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX], int a,
                             int b, double gradient[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX]);

/** P(z_1 > 0, .., z_n > 0), 1 <= n <= 4, with its gradient as above (or NULL). */
double ordpar_orthant_probability(int n, const double c[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX],
                                  double gradient[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX]);

#endif
