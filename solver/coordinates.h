// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The two sets of coordinates that the equations of motion are integrated in. Both have the form
 * dr = eta lambda ( A t - G r ), dq = eta lambda ( A r^T - G q + transpose ) + eta^2 p lambda F;
 * only A, F and eps_g are other functions of the order-1 parameters m and the covariance c that
 * they fill.
 *
 * Overlaps: r, q themselves; c is the covariance of (x, y).
 * Deviations [10.1]: K = M and v = w, J_i = B_i + W_i; r holds omega = W.B, q holds e = W.W, A
 * stands for A - G, and c is the covariance of (w, y). All keep their relative accuracy however
 * small W is. Internal to solver/.
 */
#ifndef ORDPAR_COORDINATES_H
#define ORDPAR_COORDINATES_H

#include "coefficients.h"
#include "overlaps.h"

typedef struct {
    bool relative; /* eps_g is right relatively at any depth */
    bool (*evaluate)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work,
                     ordpar_coefficients *out);
    void (*jacobian)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work,
                     double *jacobian);
    double (*error)(const ordpar_network *network, const double *c, ordpar_coefficient_work *work);
} ordpar_coordinates;

extern const ordpar_coordinates ordpar_overlap_coordinates;
extern const ordpar_coordinates ordpar_deviation_coordinates;

/** Between overlaps of J and of W = J - B, in place; t stays. [10.1] */
void ordpar_overlaps_to_deviations(ordpar_overlaps *overlaps);
void ordpar_deviations_to_overlaps(ordpar_overlaps *overlaps);

#endif
