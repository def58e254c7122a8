// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activations that are a smoothed ramp and bumps,
 *     g(x) = E_n (x + n/s)_+ + sum_k b_k exp(-s_k^2 x^2/2),  n ~ N(0, 1):
 * their averages are moments of Gaussian fields on orthants, under tilts [12.16], [12.17]. Internal
 * to solver/.
 */
#ifndef ORDPAR_RAMP_H
#define ORDPAR_RAMP_H

#include "solver/averages/quadrature.h"

enum { ORDPAR_RAMP_MOST = 24 /* bumps */ };

typedef struct {
    double s; /* > 0 */
    size_t bumps;
    const double *height, *width; /* [bumps] b_k and s_k > 0 */
    /* averages of two fields are by quadrature where that is faster: at standard deviations up to
     * the strip of this; NULL: never */
    const ordpar_smooth_function *smooth;
} ordpar_ramp;

/** E[g g], E[g' g'] and E[g'' g] with their derivatives, for any variances and correlation. */
ordpar_pair_average ordpar_ramp_gg(const ordpar_ramp *g, double c_aa, double c_ab, double c_bb);
ordpar_pair_average ordpar_ramp_dg_dg(const ordpar_ramp *g, double c_aa, double c_ab, double c_bb);
ordpar_pair_average ordpar_ramp_ddg_g(const ordpar_ramp *g, double c_aa, double c_ab, double c_bb);

/** As ordpar_noise_function, without scratch. */
double ordpar_ramp_squared_error_dg_dg(const ordpar_ramp *g, size_t n, const double *c,
                                       const double *u, size_t i, size_t j, double *gradient);

/** Defines gg, dg_dg, ddg_g and squared_error_dg_dg, as ordpar_activation has them. */
#define ORDPAR_DEFINE_RAMP(ramp)                                                                   \
    static ordpar_pair_average gg(double c_aa, double c_ab, double c_bb) {                         \
        return ordpar_ramp_gg(&(ramp), c_aa, c_ab, c_bb);                                          \
    }                                                                                              \
    static ordpar_pair_average dg_dg(double c_aa, double c_ab, double c_bb) {                      \
        return ordpar_ramp_dg_dg(&(ramp), c_aa, c_ab, c_bb);                                       \
    }                                                                                              \
    static ordpar_pair_average ddg_g(double c_aa, double c_ab, double c_bb) {                      \
        return ordpar_ramp_ddg_g(&(ramp), c_aa, c_ab, c_bb);                                       \
    }                                                                                              \
    static double squared_error_dg_dg(size_t n, const double *c, const double *u, size_t i,        \
                                      size_t j, double *gradient, double *work) {                  \
        (void)work;                                                                                \
        return ordpar_ramp_squared_error_dg_dg(&(ramp), n, c, u, i, j, gradient);                  \
    }

#endif
