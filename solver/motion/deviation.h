// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion of deviations W_i = J_i - B_i [10.1], K = M and v = w: r holds
 * omega = W.B, q holds e = W.W, A stands for A - G, and c is the covariance of the fields (w, y).
 * All keep their relative accuracy however small W is. Internal to solver/.
 */
#ifndef ORDPAR_DEVIATION_H
#define ORDPAR_DEVIATION_H

#include "solver/motion/coefficients.h"
#include "solver/motion/pair_derivatives.h"
#include "solver/state/overlaps.h"

/** As ordpar_coefficients_evaluate, ordpar_coefficients_jacobian and ordpar_generalization_error.
 */
bool ordpar_deviation_evaluate(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, ordpar_coefficients *out);
void ordpar_deviation_jacobian(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, double *jacobian);
/** As ordpar_coefficients_differentiate_F. */
void ordpar_deviation_differentiate_F(const ordpar_network *network, const double *c,
                                      ordpar_coefficient_work *work, double *rows);
/** The derivatives of A - G and G, pair by pair, and along a change m[P] of Omega and E, which
 * becomes that of R and Q (coordinates.h). */
void ordpar_deviation_pairs(const ordpar_network *network, const double *c,
                            ordpar_coefficient_work *work, ordpar_pair_derivatives *pairs);
void ordpar_deviation_along(const ordpar_pair_derivatives *pairs, double *m, double *dA,
                            double *dG);
double ordpar_deviation_error(const ordpar_network *network, const double *c,
                              ordpar_coefficient_work *work);

/** Between overlaps of J and of W = J - B, in place; t stays. [10.1] */
void ordpar_overlaps_to_deviations(ordpar_overlaps *overlaps);
void ordpar_deviations_to_overlaps(ordpar_overlaps *overlaps);

#endif
