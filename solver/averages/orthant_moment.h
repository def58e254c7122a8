// SPDX-License-Identifier: GPL-3.0-or-later
/** Second moments of Gaussian fields on an orthant [12.4]-[12.7]. Internal to solver/. */
#ifndef ORDPAR_ORTHANT_MOMENT_H
#define ORDPAR_ORTHANT_MOMENT_H

#include <math.h>

enum { ORDPAR_ORTHANT_MAX = 4 };

/** p q - r s, to two units in the last place of the result (Kahan's use of the fused multiply-add).
 */
static inline double ordpar_minor(double p, double q, double r, double s) {
    const double product = r * s, error = fma(r, s, -product);
    return fma(p, q, -product) - error;
}

/**
 * E[z_a z_b 1(z_1 > 0) .. 1(z_n > 0)] for n <= 4 different fields with covariance c (its leading
 * n x n part) and positive variances, 0 <= a, b < n. gradient: NULL, or receives the symmetric
 * matrix Gamma with d value = sum_kl Gamma_kl dc_kl over all ordered pairs. Fields may be parallel;
 * where the derivative by their covariance is infinite it is given as 0.
 */
double ordpar_orthant_moment(int n, const double c[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX], int a,
                             int b, double gradient[ORDPAR_ORTHANT_MAX][ORDPAR_ORTHANT_MAX]);

#endif
