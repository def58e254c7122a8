// SPDX-License-Identifier: GPL-3.0-or-later
#include "erf_plateau.h"

#include "floating_point.h"

#include <gsl/gsl_sf_zeta.h>
#include <math.h>

ordpar_erf_plateau ordpar_erf_plateau_at(size_t M, double w, double T) {
    ORDPAR_FLOATING_POINT;
    const double m = (double)M, D = m * (1 + T) - T;
    const double x = T / (1 + T);
    return (ordpar_erf_plateau){
        .Q = T / D, .R = T / sqrt(m * D), .eps_g = w * w * m * (asin(x) - m * asin(x / m)) / M_PI};
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
