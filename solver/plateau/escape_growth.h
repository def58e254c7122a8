// SPDX-License-Identifier: GPL-3.0-or-later
/** How differences between students grow before the plateau ends, from all starts at once.
 * Internal.
 */
#ifndef ORDPAR_ESCAPE_GROWTH_H
#define ORDPAR_ESCAPE_GROWTH_H

#include "solver/steps/integrate.h"

/**
 * The (K-1)(M-1) specialising modes r^b_in = e_in rho^b, e of unit length without row and column
 * means, obey the same equation along the symmetric trajectory of the mean start [7.16]. What they
 * become is y.rho(0), with y from the adjoint equation.
 */
typedef struct {
    double *y;    /* [L], for the amplitude sum_b lambda_b rho^b at the end */
    double start; /* variance of y.rho(0) of one mode over starts of variance 1/N */
    double noise; /* variance that SGD's steps add to it, times N [7.18]; 0 under small_eta */
} ordpar_escape_growth;

/** What noise makes at a state of equal units: the coefficients of S_2 and S_1^2 in [7.18]. */
typedef struct {
    double f, g;
} ordpar_escape_noise;

/** At the covariance c[n*n] of the fields, n = K + M, with u = (v, -w); scratch: n^2 and
 * ordpar_network_work(network). */
ordpar_escape_noise ordpar_escape_noise_terms(const ordpar_network *network, const double *c,
                                              const double *u, double *scratch);

/** [7.18] N times the variance of y.rho that one step adds to each mode, y[L]. */
double ordpar_escape_noise_of(const ordpar_spectrum *spectrum, ordpar_escape_noise noise,
                              const double *y);

/**
 * Follows the mean start of sigma_J > 0 with the mean teacher to the alpha `end`, on the plateau,
 * where the modes grow at `rate`. All v equal, all w equal, plain training.
 * Errors: those of the integration, MEMORY. The caller frees growth->y.
 */
ordpar_status ordpar_escape_growth_find(const ordpar_spectrum *spectrum,
                                        const ordpar_network *network, double sigma_J, double rate,
                                        double end, const ordpar_integrate_options *tolerances,
                                        ordpar_escape_growth *growth, ordpar_error *err);

#endif
