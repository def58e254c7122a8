// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Compute-optimal number of trained features of the linear network [14.1]-[14.6]: with the compute
 * C = alpha N_l given, more trained components leave less time.
 */
#ifndef ORDPAR_FRONTIER_H
#define ORDPAR_FRONTIER_H

#include "base/declarations.h"
#include "base/status.h"
#include "spectra/forms/linear_continuum.h"
#include "spectra/spectrum/spectrum.h"

#include <signal.h>
#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** The optimum for one compute. */
typedef struct {
    double trained;  /**< N_l, the number of components that are trained: a whole number, 1..N */
    double alpha;    /**< compute / trained */
    double eps_g;    /**< the least that this compute can reach */
    double exponent; /**< d log eps_g / d log compute at this N_l; NAN: eps_g underflows */
} ordpar_frontier_point;

/**
 * At lowest order in eta [6.2]: for each compute[count] (finite, >= 0, any order) the N_l in 1..N
 * that has the least eps_g, and the smallest such N_l; N_l whose eps_g are equal to rounding (some
 * 1e-15) are not told apart. The search is exact for any spectrum: bounds on the differences
 * exclude what is not looked at [14.2]. eta >= 0, finite. initial_error[L] as for
 * ordpar_linear_small_eta. Cost: some 100 sums over the spectrum for each compute. Errors: INVALID,
 * MEMORY.
 */
ordpar_status ordpar_linear_frontier(const ordpar_spectrum *spectrum, double eta,
                                     const double *initial_error, const double *compute,
                                     size_t count, ordpar_frontier_point *points,
                                     ordpar_error *err);

/** What the search at all orders takes: N L^2 of the spectrum at most. */
#define ORDPAR_FRONTIER_MAX_COST 1e10

/**
 * The same at all orders in eta [14.5], with label noise of standard deviation label_noise, by
 * trying every N_l below its critical eta. Cost: some N L^2 / 3 roots. stop: NULL, or what ends the
 * search where it becomes 1. Errors: INVALID (also where eta is not below the critical one of N_l =
 * 1), MEMORY, NUMERICAL (arguments out of double precision's reach), INTERRUPTED.
 */
ordpar_status ordpar_linear_frontier_all_orders(const ordpar_spectrum *spectrum, double eta,
                                                double label_noise, const double *initial_error,
                                                const double *compute, size_t count,
                                                const volatile sig_atomic_t *stop,
                                                ordpar_frontier_point *points, ordpar_error *err);

/**
 * The frontier of a power law without end and with a continuous N_l [14.3], [15.3]:
 * trained = trained_amplitude C^trained_exponent and eps_g + tail = amplitude C^exponent,
 * for begin << C << end, where N_l L/N passes 1 and L.
 */
typedef struct {
    double begin;             /**< compute where N_l L/N passes 1 */
    double end;               /**< compute where it passes L */
    double exponent;          /**< of eps_g: -(beta + zeta) / (2 + beta) */
    double amplitude;         /**< of eps_g */
    double trained_exponent;  /**< of N_l: 1 / (2 + beta) */
    double trained_amplitude; /**< of N_l */
    double tail;              /**< ordpar_linear_tail */
    double depth; /**< w = 2 eta lambda C / N_l, of the last trained component at the optimum */
} ordpar_frontier_law;

/** law: L eigenvalues with N/L components each; eta > 0; initial_error >= 0. At all orders in eta,
 * where the source limits, that of initial_error / (1 - eta/eta_c). */
ordpar_frontier_law ordpar_linear_frontier_law(const ordpar_power_law *law, double N, double eta,
                                               double initial_error);

/**
 * The frontier of that power law at all orders in eta where SGD's own noise limits, zeta > 1 + beta
 * [14.6]: no power law, as the noise of the trained components has to decay exponentially below the
 * error of the others. started and margin as for ordpar_linear_noise_window; compute > 0.
 * eps_g is with the tail, ordpar_linear_tail / margin; trained need not be a whole number.
 */
ordpar_frontier_point ordpar_linear_frontier_noise_law(const ordpar_power_law *law, double N,
                                                       double eta, double initial_error,
                                                       double started, double margin,
                                                       double compute);

ORDPAR_DECLARATIONS_END

#endif
