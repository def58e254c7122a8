// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The specialised phase of erf networks, K = M: J_i = B_i + W_i with small W_i, whose components
 * have the variance sigma_W^2, and a self-averaging teacher (t^b = p_b c_b 1) [7.5]-[7.8], [15.2].
 * All output weights are v = w (the paper: 1/sqrt(M)).
 *
 * By the symmetry of the units, e^b_ij = (W_i . W_j)_b / N has two values: e^b_+ along (1, .., 1)
 * and e^b_- at right angles to it, M - 1 times.
 */
#ifndef ORDPAR_ERF_ASYMPTOTIC_H
#define ORDPAR_ERF_ASYMPTOTIC_H

#include "base/declarations.h"
#include "base/status.h"
#include "spectra/forms/linear_continuum.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** A network whose units are all alike. */
typedef struct {
    size_t M;     /**< units of student and teacher, >= 1 */
    double v;     /**< output weight of each */
    double T;     /**< variance of the teachers' fields, sum_b p_b lambda_b c_b > 0 */
    double trace; /**< sum_b p_b lambda_b > 0: T where c_b = 1 */
} ordpar_erf_site;

/** The eigenvalues of C at the solution [7.5]: plus once, minus M - 1 times. */
typedef struct {
    double plus;  /**< c_+ */
    double minus; /**< c_- */
} ordpar_erf_rates;

/** c_+ and c_- [7.5]. */
ordpar_erf_rates ordpar_erf_site_rates(const ordpar_erf_site *site);

/** Where both modes show the power law of their decay at lowest order in eta, with the amplitude of
 * plus for an initial error of 1 [6.9]. */
ordpar_scaling_window ordpar_erf_window(const ordpar_power_law *law, const ordpar_erf_site *site,
                                        double eta);

/** The noise operator F on (e_+, e_-) at the solution, F[2][2] [7.7]. */
void ordpar_erf_site_noise(const ordpar_erf_site *site, double F[2][2]);

/** eta_c [7.8]: above it the solution is not stable. */
double ordpar_erf_critical_eta(const ordpar_erf_site *site);

/**
 * The same for M units of output weight v != 0 and a given teacher [7.19], whose fields have the
 * covariance T[M*M], symmetric: e is any symmetric matrix, and F_ij = v^4 (2/pi)^2 sum_kl det(1 +
 * T_ijkl)^(-1/2) e_kl, T_ijkl the covariance of y_i, y_j, y_k and y_l. ordpar_erf_critical_room(M)
 * numbers, some M^4/4, and about 10 M^4 operations, unless T is a multiple of 1. Errors: MEMORY,
 * NUMERICAL (units that are alike or opposite, and variances below some 1e-4, but for multiples of
 * 1).
 */
ordpar_status ordpar_erf_critical_eta_of(size_t M, double v, const double *T, double trace,
                                         double *eta_c, ordpar_error *err);

/** How many numbers that takes. */
double ordpar_erf_critical_room(size_t M);

/**
 * The growth rate of the slowest mode at eta > 0, all orders [7.7]: negative below eta_c. It is the
 * largest root of det(1 - W(mu)) of the linearised operator, found in the 2 x 2 site-symmetric
 * space.
 */
double ordpar_erf_asymptotic_rate(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                                  double eta);

/**
 * The growth rate of the slowest mode of the overlaps W.B, at first order in W [7.13]: negative.
 * They enter eps_g squared: its final rate is that of ordpar_erf_asymptotic_rate or twice this one,
 * whichever is slower. NAN if the mode does not lie above the slowest eigenvalue of the uncoupled
 * blocks, -eta lambda_L c_minus (possible where T is not 1).
 */
double ordpar_erf_overlap_rate(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                               double eta);

/** Lowest order in eta [7.6], for alpha[count], finite and >= 0. Errors: INVALID, MEMORY. */
ordpar_status ordpar_erf_asymptotic_small_eta(const ordpar_spectrum *spectrum,
                                              const ordpar_erf_site *site, double eta,
                                              double sigma_W, const double *alpha, size_t count,
                                              double *eps_g, ordpar_error *err);

/** Its continuum form on a power law [7.6, 6.8]. Errors: INVALID, MEMORY. */
ordpar_status ordpar_erf_asymptotic_continuum(const ordpar_power_law *law,
                                              const ordpar_erf_site *site, double eta,
                                              double sigma_W, const double *alpha, size_t count,
                                              double *eps_g, ordpar_error *err);

/**
 * All orders in eta, first order in e, with label noise of standard deviation label_noise [7.7]:
 * the inverse Laplace transform of the resolvent, relative error below 1e-9
 * unless eta is within some 1e-4 of eta_c. eta > 0 must be below
 * eta_c. Errors: INVALID, MEMORY, NUMERICAL (arguments out of double precision's reach).
 */
ordpar_status ordpar_erf_asymptotic(const ordpar_spectrum *spectrum, const ordpar_erf_site *site,
                                    double eta, double sigma_W, double label_noise,
                                    const double *alpha, size_t count, double *eps_g,
                                    ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
