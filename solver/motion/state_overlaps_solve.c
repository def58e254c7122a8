// SPDX-License-Identifier: GPL-3.0-or-later
/* Implicit steps of overlaps [5.2]-[5.4], and their transposes [5.9]. */
#include "solver/motion/state_overlaps.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"

#include <string.h>

void ordpar_overlaps_set_weights(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K;
    const double *rate = s->flow->rate + c.first, *decay = s->flow->decay + c.first;
    double *w2 = s->w2 + K * K * c.first;
    ordpar_block_solve_damp(s, c);
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++)
            ordpar_damping(c.count, s->gamma * (s->g[k] + s->g[l]), rate, 2 * s->gamma, decay,
                           w2 + (k * K + l) * c.count);
}

void ordpar_overlaps_rotate(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, M = s->flow->M, count = c.count;
    ordpar_left_multiply(true, K, K, M * count, 1, s->V, K, x, M * count, false, s->r, M * count);
    ordpar_unpack(K, count, x + K * M * count, s->q);
    ordpar_congruence(false, K, count, s->V, s->q, s->s);
}

/* The weights of [5.4] for the row l: first those of the direct terms, then of those by way of r.
 */
static void weigh_q_direct(ordpar_block_solve *s, ordpar_chunk c, size_t l) {
    const size_t K = s->flow->K;
    const double *w2 = s->w2 + K * K * c.first + l * K * c.count;
    for (size_t k = 0; k < K; k++) {
        ordpar_block_solve_weigh(s, c, w2 + k * c.count, s->weights + k * c.count);
        s->phi[l * K + k] += ordpar_dot(c.count, s->lambda_noise + c.first, w2 + k * c.count);
    }
}

static void weigh_q_by_r(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K;
    for (size_t k = 0; k < K; k++) {
        double *weights = s->weights + k * c.count;
        ordpar_multiply(c.count, s->w1 + K * c.first + k * c.count, weights);
        ordpar_multiply(c.count, s->flow->rate + c.first, weights);
        ordpar_add_scaled(c.count, s->gamma, weights, false, weights);
    }
}

void ordpar_overlaps_drive(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, M = s->flow->M, count = c.count;
    const double *t = s->flow->t + M * M * c.first;
    ordpar_left_multiply(false, K, M, M * count, 1, s->A_rotated, M, t, M * count, false, s->tA,
                         M * count);
    ordpar_multiply_transpose(K, M, count, s->A_rotated, s->r, s->z);
}

/* [5.4] The same for q: directly, and by way of the change of r, which drives q through A r^T. */
static void sum_q(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, M = s->flow->M, count = c.count;
    ordpar_overlaps_drive(s, c);
    for (size_t l = 0; l < K; l++) {
        weigh_q_direct(s, c, l);
        ordpar_block_solve_add(s, c, M, s->r + l * M * count, s->Aq + l * K * M);
        ordpar_block_solve_add(s, c, K, s->q + l * K * count, s->Gq + l * K * K);
        weigh_q_by_r(s, c);
        ordpar_block_solve_add(s, c, M, s->tA + l * M * count, s->Aq + l * K * M);
        ordpar_block_solve_add(s, c, K, s->z + l * K * count, s->Gq + l * K * K);
    }
}

void ordpar_overlaps_sum(ordpar_block_solve *s, ordpar_chunk c) {
    ordpar_overlaps_rotate(s, c, s->y + s->flow->P * c.first);
    ordpar_block_solve_sum_r(s, c);
    sum_q(s, c);
}

/* r <- w1 r for a chunk in the eigenbasis. */
static void damp_r(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, M = s->flow->M, count = c.count;
    const double *w1 = s->w1 + K * c.first;
    for (size_t k = 0; k < K; k++)
        for (size_t m = 0; m < M; m++)
            ordpar_multiply(count, w1 + k * count, s->r + (k * M + m) * count);
}

/* [5.2] (1 - gamma D)^-1 x for a chunk, in the eigenbasis of G, into s->r and s->q. */
static void solve_rotated(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, M = s->flow->M, count = c.count;
    const double *rate = s->flow->rate + c.first;
    ordpar_overlaps_rotate(s, c, x);
    damp_r(s, c);
    ordpar_multiply_transpose(K, M, count, s->A_rotated, s->r, s->z);
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++)
            ordpar_add_pair(count, s->gamma, rate, s->z + (k * K + l) * count,
                            s->z + (l * K + k) * count, true, s->q + (k * K + l) * count);
    ordpar_multiply(K * K * count, s->w2 + K * K * c.first, s->q);
}

void ordpar_overlaps_solve(ordpar_block_solve *s, ordpar_chunk c, const double *x, double *out) {
    solve_rotated(s, c, x);
    ordpar_block_solve_rotate_back(s, c.count, s->r, s->q, s->s, out);
}

void ordpar_overlaps_add_solution(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                  double *sums) {
    solve_rotated(s, c, x);
    ordpar_block_solve_add_moment(s, c, sums);
}

void ordpar_overlaps_multiply_by_A(const ordpar_flow *flow, size_t n, double factor,
                                   const double *X, const double *A, bool accumulate, double *out) {
    const size_t K = flow->K, M = flow->M;
    for (size_t i = 0; i < K; i++)
        ordpar_left_multiply(true, M, K, n, factor, A, M, X + i * K * n, n, accumulate,
                             out + i * M * n, n);
}

/* x_r <- rate (2 X A - G x_r), X <- - rate (G X + X G), with X the symmetric matrix whose products
 * with dq are those of x. */
void ordpar_overlaps_multiply_transposed(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                         double *out) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, M = flow->M, n = c.count;
    const double *rate = flow->rate + c.first, *G = s->at.G;
    ordpar_unpack_gradient(K, n, x + K * M * n, s->q);
    ordpar_left_multiply(false, K, K, M * n, -1, G, K, x, M * n, false, out, M * n);
    ordpar_overlaps_multiply_by_A(flow, n, 2, s->q, s->at.A, true, out);
    for (size_t k = 0; k < K * M; k++)
        ordpar_multiply(n, rate, out + k * n);
    ordpar_left_multiply(false, K, K, K * n, 1, G, K, s->q, K * n, false, s->z, K * n);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            ordpar_add_pair(n, -1, rate, s->z + (i * K + j) * n, s->z + (j * K + i) * n, false,
                            s->q + (i * K + j) * n);
    ordpar_pack_gradient(K, n, s->q, out + K * M * n);
    flow->state->decay(flow, c, x, out);
}

void ordpar_overlaps_solve_transposed(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                      double *out) {
    const size_t K = s->flow->K, M = s->flow->M, n = c.count;
    const double *rate = s->flow->rate + c.first;
    ordpar_left_multiply(true, K, K, M * n, 1, s->V, K, x, M * n, false, s->r, M * n);
    ordpar_unpack_gradient(K, n, x + K * M * n, s->q);
    ordpar_congruence(false, K, n, s->V, s->q, s->s);
    ordpar_multiply(K * K * n, s->w2 + K * K * c.first, s->q);
    ordpar_overlaps_multiply_by_A(s->flow, n, 2 * s->gamma, s->q, s->A_rotated, false, s->tA);
    for (size_t k = 0; k < K * M; k++)
        ordpar_multiply_add(n, rate, s->tA + k * n, true, s->r + k * n);
    damp_r(s, c);
    ordpar_left_multiply(false, K, K, M * n, 1, s->V, K, s->r, M * n, false, out, M * n);
    ordpar_congruence(true, K, n, s->V, s->q, s->s);
    ordpar_pack_gradient(K, n, s->q, out + K * M * n);
}

void ordpar_overlaps_moment_transposed(const ordpar_flow *flow, ordpar_chunk c, const double *y,
                                       double factor, const double *k, double *out) {
    (void)y;
    for (size_t component = 0; component < flow->P; component++)
        ordpar_add_scaled(c.count, factor * k[component], flow->lambda + c.first, true,
                          out + component * c.count);
}

/* By A: rate (x_r t + 2 X r), by G: - rate (x_r r^T + 2 X q), by F: noise X. */
void ordpar_overlaps_apply_transposed(const ordpar_flow *flow, ordpar_chunk c, const double *y,
                                      const double *x, ordpar_coefficients *gradient) {
    const size_t K = flow->K, M = flow->M, n = c.count;
    const double *rate = flow->rate + c.first, *t = flow->t + M * M * c.first;
    double *X = flow->half;
    for (size_t k = 0; k < K * M; k++)
        ordpar_multiply_add(n, rate, x + k * n, false, X + k * n);
    ordpar_add_products(K, M, M * n, 1, X, M * n, t, gradient->A);
    ordpar_add_products(K, K, M * n, -1, X, M * n, y, gradient->G);
    ordpar_unpack_gradient(K, n, x + K * M * n, X);
    for (size_t k = 0; k < K * K; k++) {
        gradient->F[k] += ordpar_dot(n, flow->noise + c.first, X + k * n);
        ordpar_multiply(n, rate, X + k * n);
    }
    for (size_t j = 0; j < K; j++)
        ordpar_add_products(K, M, n, 2, X + j * n, K * n, y + j * M * n, gradient->A);
    ordpar_unpack(K, n, y + K * M * n, flow->full);
    ordpar_add_products(K, K, K * n, -2, X, K * n, flow->full, gradient->G);
}
