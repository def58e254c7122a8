// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Implicit steps of projections [5.19]: J as vectors [5.7, 5.15], and s in the eigenbasis of G,
 * where (1 - gamma D)^-1 divides s_kl by 1 + gamma rate (g_k + g_l). S ds = sum_b lambda_b ds_b
 * joins what vectors make of Q.
 */
#include "solver/motion/state_projections.h"

#include "base/kernels.h"
#include "base/products.h"
#include "solver/motion/blocks.h"
#include "solver/motion/state_vectors.h"

/* w2 packed: that of l <= k is that of k <= l. */
static size_t packed(size_t K, size_t k, size_t l) {
    return k <= l ? ordpar_packed_index(K, k, l) : ordpar_packed_index(K, l, k);
}

void ordpar_projections_set_weights(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K;
    const double *rate = s->flow->rate + c.first, *decay = s->flow->decay + c.first;
    double *w2 = s->w2 + K * (K + 1) / 2 * c.first;
    ordpar_block_solve_damp(s, c);
    for (size_t k = 0; k < K; k++)
        for (size_t l = k; l < K; l++, w2 += c.count)
            ordpar_damping(c.count, s->gamma * (s->g[k] + s->g[l]), rate, 2 * s->gamma, decay, w2);
}

/* x <- weights V^T x V, or V x V^T if back, packed, n numbers each; weights packed or NULL: 1.
 * full, work: [K][K][n]. Of the second product, rows k <= l alone are made. */
static void turn(bool back, size_t K, size_t n, const double *V, const double *weights, double *x,
                 double *full, double *work) {
    const size_t row = back ? K : 1, column = back ? 1 : K;
    ordpar_left_product p = {.rows = K,
                             .columns = K * n,
                             .terms = {{0}, {V, row, column, K, full, K * n}},
                             .out = work,
                             .stride = K * n};
    ordpar_unpack(K, n, x, full);
    ordpar_left_product_make(&p);
    for (size_t k = 0; k < K; k++) {
        const size_t first = ordpar_packed_index(K, k, k) * n;
        p = (ordpar_left_product){
            .rows = K - k,
            .columns = n,
            .terms = {{0}, {V + k * row, row, column, K, work + k * K * n, n}},
            .weights = weights ? weights + first : NULL,
            .weights_stride = n,
            .out = x + first,
            .stride = n};
        ordpar_left_product_make(&p);
    }
}

/* What G does to s, and phi, in the sums of [5.4]. */
static void sum_rest(ordpar_block_solve *s, ordpar_chunk c, const double *rest) {
    const size_t K = s->flow->K, n = c.count;
    const double *w2 = s->w2 + K * (K + 1) / 2 * c.first;
    ordpar_unpack(K, n, rest, s->q);
    for (size_t l = 0; l < K; l++) {
        for (size_t k = 0; k < K; k++) {
            const double *damping = w2 + packed(K, k, l) * n;
            ordpar_block_solve_weigh(s, c, damping, s->weights + k * n);
            s->phi[l * K + k] += ordpar_dot(n, s->lambda_noise + c.first, damping);
        }
        ordpar_block_solve_add(s, c, K, s->q + l * K * n, s->Gq + l * K * K);
    }
}

void ordpar_projections_sum(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t first = s->flow->S * c.first + ordpar_projections_rest(s->flow, c);
    double *rest = s->y_rotated + first;
    if (s->y != s->y_rotated)
        ordpar_add_scaled(s->flow->K * (s->flow->K + 1) / 2 * c.count, 1, s->y + first, false,
                          rest);
    ordpar_vectors_sum(s, c);
    turn(false, s->flow->K, c.count, s->V, NULL, rest, s->q, s->s);
    sum_rest(s, c, rest);
}

/* Half of the diagonal: what becomes of the sums adds their transposes. */
void ordpar_projections_add_solution_rotated(ordpar_block_solve *s, ordpar_chunk c, double *x,
                                             double *sums) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, n = c.count;
    double *rest = x + ordpar_projections_rest(flow, c), *Q = sums + K * flow->M;
    ordpar_vectors_add_solution_rotated(s, c, x, sums);
    turn(false, K, n, s->V, s->w2 + K * (K + 1) / 2 * c.first, rest, s->q, s->s);
    for (size_t k = 0; k < K; k++)
        for (size_t l = k; l < K; l++, rest += n)
            Q[k * K + l] += (k == l ? 0.5 : 1) * ordpar_dot(n, flow->lambda + c.first, rest);
}

/* [5.19] s <- V ( s + w2 (noise F - rate (G' s + s G')) ) V^T, all in the eigenbasis */
void ordpar_projections_finish_rotated(ordpar_block_solve *s, ordpar_chunk c,
                                       const ordpar_coefficients *rotated, double *x) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, n = c.count, first = ordpar_projections_rest(flow, c);
    const double *w2 = s->w2 + K * (K + 1) / 2 * c.first;
    double *rest = x + first, *change = s->weights;
    ordpar_vectors_finish_rotated(s, c, rotated, x);
    ordpar_unpack(K, n, s->y_rotated + flow->S * c.first + first, s->q);
    ordpar_projections_multiply(K, K * n, rotated->G, s->q, s->z);
    for (size_t k = 0; k < K; k++)
        for (size_t l = k; l < K; l++, rest += n, w2 += n) {
            ordpar_add_pair(n, -1, flow->rate + c.first, s->z + (k * K + l) * n,
                            s->z + (l * K + k) * n, false, change);
            ordpar_add_scaled(n, rotated->F[k * K + l], flow->noise + c.first, true, change);
            ordpar_multiply_add(n, w2, change, true, rest);
        }
    turn(true, K, n, s->V, NULL, x + first, s->q, s->s);
}
