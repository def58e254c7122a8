// SPDX-License-Identifier: GPL-3.0-or-later
/** The implicit operations of the state of projections, in its table (state.h). Internal to
 * solver/. */
#ifndef ORDPAR_STATE_PROJECTIONS_H
#define ORDPAR_STATE_PROJECTIONS_H

#include "solver/motion/state.h"

/** Where the overlaps s of a chunk's blocks begin, packed, behind J. */
static inline size_t ordpar_projections_rest(const ordpar_flow *flow, ordpar_chunk chunk) {
    return flow->K * flow->D * chunk.count;
}

/** out[K][columns] = A[K][K] x[K][columns]. */
void ordpar_projections_multiply(size_t K, size_t columns, const double *A, const double *x,
                                 double *out);

void ordpar_projections_set_weights(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_projections_sum(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_projections_add_solution_rotated(ordpar_block_solve *solve, ordpar_chunk chunk,
                                             double *x, double *sums);
void ordpar_projections_finish_rotated(ordpar_block_solve *solve, ordpar_chunk chunk,
                                       const ordpar_coefficients *rotated, double *x);

#endif
