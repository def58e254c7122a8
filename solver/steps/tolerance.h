// SPDX-License-Identifier: GPL-3.0-or-later
/** The error weights that turn a promise on eps_g into local tolerances. Internal to solver/. */
#ifndef ORDPAR_TOLERANCE_H
#define ORDPAR_TOLERANCE_H

#include "solver/motion/flow.h"
#include "solver/state/saddle.h"

typedef struct {
    double rtol, atol; /* of the promise */
    const double *p;   /* [L] weights of the blocks */
    double N;
    double trace; /* of the spectrum, sum_b p_b lambda_b; exactly 1 if it is normalised */
} ordpar_tolerance;

/**
 * [5.5] Overlap coordinates: the tolerance of each block's r and q, in units of the students' own
 * saddle->unit[K], into r_tolerance[L] and q_tolerance[L], at the state y with the covariance c and
 * the generalization error eps_g.
 */
void ordpar_tolerance_overlaps(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                               const ordpar_network *network, const double *c, const double *y,
                               double eps_g, const ordpar_saddle *saddle, double *r_tolerance,
                               double *q_tolerance);

/** [13.3] Those of the trained outputs network->v into v_tolerance[heads][K], with the same
 * arguments. */
void ordpar_tolerance_outputs(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                              const ordpar_network *network, const double *c, double eps_g,
                              const ordpar_saddle *saddle, double *v_tolerance);

/** [10.6] Deviation coordinates: likewise, relative to the state y itself. */
void ordpar_tolerance_deviations(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                 const ordpar_network *network, const double *y, double eps_g,
                                 double *r_tolerance, double *q_tolerance);

#endif
