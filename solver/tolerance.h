// SPDX-License-Identifier: GPL-3.0-or-later
/** The error weights that turn a promise on eps_g into local tolerances. Internal to solver/. */
#ifndef ORDPAR_TOLERANCE_H
#define ORDPAR_TOLERANCE_H

#include "flow.h"
#include "saddle.h"

typedef struct {
    double rtol, atol; /* of the promise */
    const double *p;   /* [L] weights of the blocks */
    const ordpar_network *network;
} ordpar_tolerance;

/**
 * [5.5] Overlap coordinates: the tolerance of each block's r and q, in units of the students' own
 * saddle->unit[K], into r_tolerance[L] and q_tolerance[L], at the state y with the generalization
 * error eps_g, the covariance c and the outputs v[K].
 */
void ordpar_tolerance_overlaps(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                               const double *c, const double *v, double eps_g,
                               const ordpar_saddle *saddle, const double *y, double *r_tolerance,
                               double *q_tolerance);

/** [13.3] The inverse tolerances of the trained outputs v[K] into weights[K], with the same
 * arguments. */
void ordpar_tolerance_outputs(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                              const double *v, double eps_g, const ordpar_saddle *saddle,
                              double *weights);

/** [10.6] Deviation coordinates: likewise, relative to the state y itself. */
void ordpar_tolerance_deviations(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                 const double *y, double eps_g, double *r_tolerance,
                                 double *q_tolerance);

/**
 * [5.8] Where the state is vectors: the inverse tolerances of all components from those of r and q
 * of each block, in the students' units unit[K] (NULL: 1).
 */
void ordpar_tolerance_vectors(const ordpar_flow *flow, const double *y, const double *unit,
                              const double *r_tolerance, const double *q_tolerance,
                              double *weights);

#endif
