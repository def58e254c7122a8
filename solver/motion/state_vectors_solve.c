// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Implicit steps of vectors J_b [5.7], and their transposes [5.9]. (1 - gamma D)^-1 divides each
 * row of V^T J_b by 1 + gamma rate_b g_k. S depends on the state: dR = sum_b lambda_b dJ_b B_b^T,
 * dQ = sum_b lambda_b dJ_b J_b^T + transpose.
 */
#include "solver/motion/state_vectors.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"

#include <string.h>

void ordpar_vectors_rotate(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, row = s->flow->D * c.count;
    if (s->flow->many_units)
        ordpar_piece_rotate(s->flow, &(ordpar_piece){c, 0, s->flow->D}, s->V, true, x, NULL, s->x);
    else
        ordpar_left_multiply(true, K, K, row, 1, s->V, K, x, row, false, s->x, row);
}

void ordpar_vectors_sum(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, M = s->flow->M;
    ordpar_vectors_rotate(s, c, s->y + s->flow->S * c.first);
    memcpy(s->y_rotated + s->flow->S * c.first, s->x, K * s->flow->D * c.count * sizeof *s->x);
    ordpar_vectors_products(s->flow, c, s->x, s->r, s->q);
    ordpar_block_solve_sum_r(s, c);
    for (size_t l = 0; l < K; l++) {
        ordpar_block_solve_add(s, c, K, s->q + l * K * c.count, s->Gq + l * K * K);
        for (size_t k = 0; k < K; k++) /* the same sums as those of r, so far */
            memcpy(s->Aq + (l * K + k) * M, s->R1 + (k * K + l) * M, M * sizeof *s->Aq);
    }
}

/* (1 - gamma D)^-1 x for a chunk, in the eigenbasis of G, into s->x. [5.7] */
static void solve_rotated(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, D = s->flow->D, count = c.count, row = D * count;
    const double *w1 = s->w1 + K * c.first;
    if (s->flow->many_units) {
        ordpar_piece_rotate(s->flow, &(ordpar_piece){c, 0, D}, s->V, true, x, w1, s->x);
        return;
    }
    ordpar_vectors_rotate(s, c, x);
    for (size_t k = 0; k < K; k++)
        for (size_t d = 0; d < D; d++)
            ordpar_multiply(count, w1 + k * count, s->x + k * row + d * count);
}

void ordpar_vectors_solve(ordpar_block_solve *s, ordpar_chunk c, const double *x, double *out) {
    const size_t K = s->flow->K, row = s->flow->D * c.count;
    solve_rotated(s, c, x);
    if (s->flow->many_units)
        ordpar_piece_rotate(s->flow, &(ordpar_piece){c, 0, s->flow->D}, s->V, false, s->x, NULL,
                            out);
    else
        ordpar_left_multiply(false, K, K, row, 1, s->V, K, s->x, row, false, out, row);
}

void ordpar_vectors_moment_back(ordpar_block_solve *s, double *sums, double *m) {
    const size_t K = s->flow->K, M = s->flow->M;
    double *R = sums, *Q = sums + K * M, *work = s->change.F;
    ordpar_left_multiply(false, K, K, M, 1, s->V, K, R, M, false, m, M);
    ordpar_congruence(true, K, 1, s->V, Q, work);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            m[K * M + ordpar_packed_index(K, i, j)] = Q[i * K + j] + Q[j * K + i];
}

/* Adds a chunk's part of the sums of lambda x B^T and lambda x J^T in the eigenbasis; s->x.
 * rotated: NULL, or what becomes of x in the eigenbasis; may be x. */
static void add_solution(ordpar_block_solve *s, ordpar_chunk c, const double *x, double *rotated,
                         double *sums) {
    double *R = sums, *Q = sums + s->flow->K * s->flow->M;
    const double *J = s->y_rotated + s->flow->S * c.first, *w1 = s->w1 + s->flow->K * c.first;
    if (!s->flow->many_units) {
        solve_rotated(s, c, x);
        ordpar_vectors_add_products(s->flow, c, s->x, J, false, R, Q);
        if (rotated)
            memcpy(rotated, s->x, s->flow->K * s->flow->D * c.count * sizeof *rotated);
        return;
    }
    ORDPAR_EACH_PIECE(piece, c, s->flow) {
        ordpar_piece_rotate(s->flow, &piece, s->V, true, x, w1, s->x);
        ordpar_piece_add_products(s->flow, &piece, s->x, J, false, R, Q);
        if (rotated)
            ordpar_piece_copy(s->flow, &piece, s->x, rotated);
    }
}

void ordpar_vectors_add_solution(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                 double *sums) {
    add_solution(s, c, x, NULL, sums);
}

void ordpar_vectors_add_solution_rotated(ordpar_block_solve *s, ordpar_chunk c, double *x,
                                         double *sums) {
    add_solution(s, c, x, x, sums);
}

/* [5.15] x <- V ( x + w1 rate (A B - G V^T J) ), with A and G in the eigenbasis */
void ordpar_vectors_finish_rotated(ordpar_block_solve *s, ordpar_chunk c,
                                   const ordpar_coefficients *rotated, double *x) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, D = flow->D, n = c.count, row = D * n;
    const double *w1 = s->w1 + K * c.first, *J = s->y_rotated + flow->S * c.first;
    for (size_t k = 0; k < K; k++) {
        double *weights = s->weights + k * n;
        memcpy(weights, flow->rate + c.first, n * sizeof *weights);
        ordpar_multiply(n, w1 + k * n, weights);
    }
    if (flow->many_units) {
        ORDPAR_EACH_PIECE(piece, c, flow) {
            ordpar_piece_copy(flow, &piece, x, s->x);
            ordpar_piece_combine(flow, &piece, rotated, J, s->weights, n, true, s->x);
            ordpar_piece_rotate(flow, &piece, s->V, false, s->x, NULL, x);
        }
        return;
    }
    ordpar_flow_combine(flow, rotated->A, rotated->G, c, D, flow->D_B,
                        flow->B + flow->M * D * c.first, J, s->x);
    for (size_t k = 0; k < K; k++)
        for (size_t d = 0; d < D; d++)
            ordpar_multiply(n, s->weights + k * n, s->x + k * row + d * n);
    ordpar_add_scaled(K * row, 1, x, true, s->x);
    ordpar_left_multiply(false, K, K, row, 1, s->V, K, s->x, row, false, x, row);
}

/* D is symmetric: x <- - rate G x - kappa x. */
void ordpar_vectors_multiply_transposed(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                        double *out) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, row = flow->D * c.count;
    ordpar_left_multiply(false, K, K, row, -1, s->at.G, K, x, row, false, out, row);
    for (size_t k = 0; k < flow->S; k++)
        ordpar_multiply(c.count, flow->rate + c.first, out + k * c.count);
    flow->state->decay(flow, c, x, out);
}

/* out += lambda (k_R B + 2 k_Q J), k_Q the symmetric matrix whose products with dQ are those of k.
 */
void ordpar_vectors_moment_transposed(const ordpar_flow *flow, ordpar_chunk c, const double *y,
                                      double factor, const double *k, double *out) {
    const size_t K = flow->K, M = flow->M, n = c.count, row = flow->D * n;
    double *sum = flow->half, *Q = flow->full; /* K*K numbers of a chunk's */
    ordpar_unpack_gradient(K, 1, k + K * M, Q);
    ordpar_left_multiply(false, K, M, row, factor, k, M, flow->B + M * flow->D * c.first, row,
                         false, sum, row);
    ordpar_left_multiply(false, K, K, row, 2 * factor, Q, K, y, row, true, sum, row);
    for (size_t component = 0; component < flow->S; component++)
        ordpar_multiply_add(n, flow->lambda + c.first, sum + component * n, true,
                            out + component * n);
}

/* By A: rate x B^T, by G: - rate x J^T. */
void ordpar_vectors_apply_transposed(const ordpar_flow *flow, ordpar_chunk c, const double *y,
                                     const double *x, ordpar_coefficients *gradient) {
    const size_t K = flow->K, M = flow->M, n = c.count, row = flow->D * n;
    double *weighted = flow->half;
    for (size_t k = 0; k < flow->S; k++)
        ordpar_multiply_add(n, flow->rate + c.first, x + k * n, false, weighted + k * n);
    ordpar_add_products(K, M, row, 1, weighted, row, flow->B + M * flow->D * c.first, gradient->A);
    ordpar_add_products(K, K, row, -1, weighted, row, y, gradient->G);
}
