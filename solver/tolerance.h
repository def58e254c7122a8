// SPDX-License-Identifier: GPL-3.0-or-later
/** The error weights that turn a promise on eps_g into local tolerances [5.5]. Internal to solver/.
 */
#ifndef ORDPAR_TOLERANCE_H
#define ORDPAR_TOLERANCE_H

#include "flow.h"

typedef struct {
    double rtol, atol; /* of the promise */
    double *natural;   /* [L] p_b, the size of a block's overlaps */
} ordpar_tolerance;

/**
 * Writes the tolerance of each block into tolerance[L], for the generalization error eps_g and the
 * covariance c of the local fields at the present state.
 */
void ordpar_tolerance_blocks(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                             const double *c, double eps_g, double *block_tolerance);

#endif
