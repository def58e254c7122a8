// SPDX-License-Identifier: GPL-3.0-or-later
/** The error weights that turn a promise on eps_g into local tolerances. Internal to solver/. */
#ifndef ORDPAR_TOLERANCE_H
#define ORDPAR_TOLERANCE_H

#include "flow.h"

typedef struct {
    double rtol, atol; /* of the promise */
    const double *p;   /* [L] weights of the blocks */
    const ordpar_activation *activation;
} ordpar_tolerance;

/**
 * What a saddle of the equations amplifies to order one, and an error of it with it, at the
 * covariance c of the fields (x, y): the least distance of two students in their overlaps with the
 * teachers; with an even activation also that of a student from its mirror image -J_i, which is in
 * its own norm where it has no overlap. INFINITY if there is none above rounding.
 */
double ordpar_least_distance(const ordpar_activation *activation, size_t K, size_t M,
                             const double *c);

/**
 * [5.5] Overlap coordinates: the tolerance of each block's r and q into r_tolerance[L] and
 * q_tolerance[L], for the generalization error eps_g, the covariance c and the least distance
 * at the present state.
 */
void ordpar_tolerance_overlaps(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                               const double *c, double eps_g, double least_distance,
                               double *r_tolerance, double *q_tolerance);

/**
 * [13.3] The tolerance of a trained output weight, of which v[K] are there, beside those of the
 * blocks, with the same arguments.
 */
double ordpar_tolerance_outputs(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                const double *v, double eps_g, double least_distance);

/** [10.6] Deviation coordinates: likewise, relative to the state y itself. */
void ordpar_tolerance_deviations(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                 const double *y, double eps_g, double *r_tolerance,
                                 double *q_tolerance);

#endif
