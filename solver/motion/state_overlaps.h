// SPDX-License-Identifier: GPL-3.0-or-later
/** The implicit operations of the state of overlaps, in its table (state.h). Internal to solver/.
 */
#ifndef ORDPAR_STATE_OVERLAPS_H
#define ORDPAR_STATE_OVERLAPS_H

#include "solver/motion/state.h"

void ordpar_overlaps_set_weights(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_overlaps_sum(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_overlaps_solve(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                           double *out);
/** The moment of overlaps, in other states too. */
void ordpar_overlaps_add_moment(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                double *sums);
void ordpar_overlaps_set_moment(const ordpar_flow *flow, const double *sums, double *m);

void ordpar_overlaps_add_solution(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                                  double *sums);
void ordpar_overlaps_multiply_transposed(ordpar_block_solve *solve, ordpar_chunk chunk,
                                         const double *x, double *out);
void ordpar_overlaps_solve_transposed(ordpar_block_solve *solve, ordpar_chunk chunk,
                                      const double *x, double *out);
void ordpar_overlaps_moment_transposed(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                       double factor, const double *k, double *out);
void ordpar_overlaps_apply_transposed(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                      const double *x, ordpar_coefficients *gradient);

/** x of a chunk in the eigenbasis of G, into solve->r and solve->q. */
void ordpar_overlaps_rotate(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x);

/** A t and A r^T of a chunk, in the eigenbasis, into solve->tA and solve->z. */
void ordpar_overlaps_drive(ordpar_block_solve *solve, ordpar_chunk chunk);

void ordpar_overlaps_set_weights_pair(ordpar_block_pair *pair, ordpar_chunk chunk);
void ordpar_overlaps_sum_pair(ordpar_block_pair *pair, ordpar_chunk chunk);
void ordpar_overlaps_solve_pair(ordpar_block_pair *pair, ordpar_chunk chunk, ordpar_split x,
                                ordpar_split out);
void ordpar_overlaps_add_solution_pair(ordpar_block_pair *pair, ordpar_chunk chunk, ordpar_split x,
                                       ordpar_split sums);

/** out[K][M][n] += factor X A, X[K][K][n], or = that if not accumulate. */
void ordpar_overlaps_multiply_by_A(const ordpar_flow *flow, size_t n, double factor,
                                   const double *X, const double *A, bool accumulate, double *out);

#endif
