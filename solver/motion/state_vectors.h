// SPDX-License-Identifier: GPL-3.0-or-later
/** The implicit operations of the state of vectors, in its table (state.h), and products of vectors
 * of a chunk with n blocks, x[(i*D + d)*n + b]. Internal to solver/. */
#ifndef ORDPAR_STATE_VECTORS_H
#define ORDPAR_STATE_VECTORS_H

#include "solver/motion/state.h"

/**
 * R[K*M] += sum_b lambda_b x_b B_b^T and Q[K*K] += sum_b lambda_b x_b J_b^T over the blocks of a
 * chunk, where x and J begin. upper: Q is not asked for below its diagonal.
 */
void ordpar_vectors_add_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                                 const double *J, bool upper, double *R, double *Q);

/** For each block of a chunk r[K][M][n] = x_b B_b^T and q[K][K][n] = x_b x_b^T; x begins there. */
void ordpar_vectors_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                             double *r, double *q);

/** solve->x = V^T x for a chunk. */
void ordpar_vectors_rotate(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x);

/** m[P] of the sums[KM + KK] of lambda x B^T and lambda x J^T in the eigenbasis, which are
 * overwritten. */
void ordpar_vectors_moment_back(ordpar_block_solve *solve, double *sums, double *m);

void ordpar_vectors_sum_pair(ordpar_block_pair *pair, ordpar_chunk chunk);
void ordpar_vectors_solve_pair(ordpar_block_pair *pair, ordpar_chunk chunk, ordpar_split x,
                               ordpar_split out);
void ordpar_vectors_add_solution_pair(ordpar_block_pair *pair, ordpar_chunk chunk, ordpar_split x,
                                      ordpar_split sums);
/** out[n] = the product of two vectors x[D][n] and y[D][n] for each block. */
void ordpar_vectors_dot(size_t D, size_t n, const double *x, const double *y, double *out);

/**
 * Coordinates first .. end - 1 of a chunk, as many as stay in cache while several products are made
 * of them, in flows with many_units. x, J and out below begin at the chunk.
 */
typedef struct {
    ordpar_chunk blocks;
    size_t first, end;
} ordpar_piece;

/** The piece that follows, or the first one for {chunk, 0, 0}; first == end after the last. */
ordpar_piece ordpar_piece_next(const ordpar_flow *flow, ordpar_piece piece);

/** Loops over all pieces of a chunk. */
#define ORDPAR_EACH_PIECE(piece, chunk, flow)                                                      \
    for (ordpar_piece piece = ordpar_piece_next(flow, (ordpar_piece){chunk, 0, 0});                \
         piece.first < piece.end; piece = ordpar_piece_next(flow, piece))

/** ordpar_vectors_add_products of a piece. */
void ordpar_piece_add_products(const ordpar_flow *flow, const ordpar_piece *piece, const double *x,
                               const double *J, bool upper, double *R, double *Q);

/** out becomes or is added weights(k, b) (A B - G x), weights(k, b) = weights[k*weights_stride +
 * b]; out must not overlap x. */
void ordpar_piece_combine(const ordpar_flow *flow, const ordpar_piece *piece,
                          const ordpar_coefficients *coefficients, const double *x,
                          const double *weights, size_t weights_stride, bool accumulate,
                          double *out);

/** out = weights(k, b) times V[K*K] x, or V^T x if transposed; weights[K*n] or NULL: 1. */
void ordpar_piece_rotate(const ordpar_flow *flow, const ordpar_piece *piece, const double *V,
                         bool transposed, const double *x, const double *weights, double *out);

/** out = x */
void ordpar_piece_copy(const ordpar_flow *flow, const ordpar_piece *piece, const double *x,
                       double *out);

void ordpar_vectors_sum(ordpar_block_solve *solve, ordpar_chunk chunk);
void ordpar_vectors_solve(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                          double *out);
void ordpar_vectors_add_solution(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                                 double *sums);
void ordpar_vectors_add_solution_rotated(ordpar_block_solve *solve, ordpar_chunk chunk, double *x,
                                         double *sums);
void ordpar_vectors_finish_rotated(ordpar_block_solve *solve, ordpar_chunk chunk,
                                   const ordpar_coefficients *rotated, double *x);
void ordpar_vectors_multiply_transposed(ordpar_block_solve *solve, ordpar_chunk chunk,
                                        const double *x, double *out);
void ordpar_vectors_moment_transposed(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                      double factor, const double *k, double *out);
void ordpar_vectors_apply_transposed(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                                     const double *x, ordpar_coefficients *gradient);

#endif
