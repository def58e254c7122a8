// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The symmetric plateau of erf networks at lowest order in eta, for a self-averaging teacher
 * (t^b = p_b c_b 1) [7.1]-[7.3]. T = sum_b p_b lambda_b c_b; T2 = sum_b p_b lambda_b^2 c_b [15.2].
 * The plateau of a realised teacher, and all orders in eta: solver/plateau/plateau.h.
 */
#ifndef ORDPAR_ERF_PLATEAU_H
#define ORDPAR_ERF_PLATEAU_H

#include "base/declarations.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** A symmetric plateau. */
typedef struct {
    double Q;     /**< Q_ij for all i, j */
    double R;     /**< R_in for all i, n */
    double eps_g; /**< the generalization error */
} ordpar_erf_plateau;

/**
 * The plateau [7.1] for M teacher units with output weights w_n = w each, and any number of
 * students whose output weights sum to M w. The paper: w = 1/sqrt(M). M >= 1, T > 0. The order-p
 * parameters are Q and R times T^(p)/T.
 */
ordpar_erf_plateau ordpar_erf_plateau_at(size_t M, double w, double T);

/**
 * The rate 1/tau_esc [7.2] at which a specialising perturbation (row and column sums of dR zero)
 * grows, for student output weights v each; the paper: v w = 1/K. K, M >= 2 for it to have a
 * meaning.
 */
double ordpar_erf_escape_rate(size_t M, double v, double w, double eta, double T, double T2);

/** T2 for T = 1, a power law and L -> infinity, divided by L: zeta(2 + 2 beta)/zeta(1 + beta)^2
 * [7.3]. */
double ordpar_power_law_second_moment_limit(double beta);

ORDPAR_DECLARATIONS_END

#endif
