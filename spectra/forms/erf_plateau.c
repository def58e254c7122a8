// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/forms/erf_plateau.h"

#include "base/floating_point.h"

#include <gsl/gsl_sf_zeta.h>
#include <math.h>

/*
 * asin(x) - m asin(x/m) for x = T/(1+T) in [0, 1): the linear terms cancel, so for small x the
 * series is summed without them; its terms are positive.
 */
static double asin_difference(double T, double m) {
    const double x = T / (1 + T);
    if (x > 0.7)
        return atan(T / sqrt(1 + 2 * T)) - m * asin(x / m); /* asin x, whose x is rounded near 1 */
    double power = x, share = 1, sum = 0, binomial = 1;     /* binomial: (2k)!/(4^k k!^2) */
    for (int k = 1; k < 100; k++) {
        power *= x * x;
        share /= m * m;
        binomial *= (2 * k - 1) / (2.0 * k);
        const double term = binomial * power / (2 * k + 1) * (1 - share);
        sum += term;
        if (term <= sum * 0x1p-60)
            break;
    }
    return sum;
}

ordpar_erf_plateau ordpar_erf_plateau_at(size_t M, double w, double T) {
    ORDPAR_FLOATING_POINT;
    const double m = (double)M, D = m + (m - 1) * T;
    return (ordpar_erf_plateau){
        .Q = T / D, .R = T / sqrt(m * D), .eps_g = w * w * m * asin_difference(T, m) / M_PI};
}

double ordpar_erf_escape_rate(size_t M, double v, double w, double eta, double T, double T2) {
    ORDPAR_FLOATING_POINT;
    const ordpar_erf_plateau at = ordpar_erf_plateau_at(M, w, T);
    return 2 * eta * v * w / M_PI * at.R * pow((1 + at.Q) * (1 + T) - at.R * at.R, -1.5) * T2;
}

double ordpar_power_law_second_moment_limit(double beta) {
    ORDPAR_FLOATING_POINT;
    const double zeta = gsl_sf_zeta(1 + beta);
    return gsl_sf_zeta(2 + 2 * beta) / (zeta * zeta);
}
