// SPDX-License-Identifier: GPL-3.0-or-later
/** The layout of the state with momentum, and its implicit operations in its table (state.h).
 * Internal to solver/. */
#ifndef ORDPAR_STATE_MOMENTUM_H
#define ORDPAR_STATE_MOMENTUM_H

#include "solver/motion/state.h"

/** Where r, q, u, s and p of a chunk of n blocks begin, in numbers behind r. */
typedef struct {
    size_t q, u, s, p;
} ordpar_momentum_layout;

static inline ordpar_momentum_layout ordpar_momentum_places(const ordpar_flow *flow, size_t n) {
    const size_t KM = flow->K * flow->M, KK = flow->K * flow->K, P = flow->P;
    return (ordpar_momentum_layout){KM * n, P * n, (P + KM) * n, (P + KM + KK) * n};
}

void ordpar_momentum_set_weights(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_momentum_sum(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_momentum_solve(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                           double *out);
void ordpar_momentum_add_solution(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                                  double *sums);
void ordpar_momentum_multiply_transposed(ordpar_block_solve *solve, ordpar_chunk chunk,
                                         const double *x, double *out);
void ordpar_momentum_solve_transposed(ordpar_block_solve *solve, ordpar_chunk chunk,
                                      const double *x, double *out);
void ordpar_momentum_apply_transposed(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                      const double *x, ordpar_coefficients *gradient);

#endif
