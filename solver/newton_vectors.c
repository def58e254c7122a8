// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * [5.7] The Newton matrix where the state is vectors J_b. (1 - gamma D)^-1 divides each row of
 * V^T J_b by 1 + gamma rate_b g_k. S depends on the state: dR = sum_b lambda_b dJ_b B_b^T,
 * dQ = sum_b lambda_b dJ_b J_b^T + transpose.
 */
#include "newton_internal.h"

#include "blocks.h"
#include "flow_vectors.h"
#include "kernels.h"

#include <string.h>

/* n->x = V^T x for a chunk */
static void rotate(ordpar_newton *n, ordpar_chunk c, const double *x) {
    const size_t K = n->K, row = n->flow->D * c.count;
    ordpar_left_multiply(true, K, K, row, 1, n->V, K, x, row, false, n->x, row);
}

void ordpar_newton_sum_vectors(ordpar_newton *n, ordpar_chunk c) {
    const size_t K = n->K, M = n->M;
    rotate(n, c, n->y + n->flow->S * c.first);
    ordpar_vectors_products(n->flow, c, n->x, n->r, n->q);
    ordpar_newton_sum_r(n, c);
    for (size_t l = 0; l < K; l++) {
        ordpar_newton_add_block_sums(n, c, K, n->q + l * K * c.count, n->Gq + l * K * K);
        for (size_t k = 0; k < K; k++) /* the same sums as those of r, so far */
            memcpy(n->Aq + (l * K + k) * M, n->R1 + (k * K + l) * M, M * sizeof *n->Aq);
    }
}

void ordpar_newton_solve_vectors(ordpar_newton *n, ordpar_chunk c, const double *x, double *out) {
    const size_t K = n->K, D = n->flow->D, count = c.count, row = D * count;
    const double *w1 = n->w1 + K * c.first;
    rotate(n, c, x);
    for (size_t k = 0; k < K; k++)
        for (size_t d = 0; d < D; d++)
            ordpar_multiply(count, w1 + k * count, n->x + k * row + d * count);
    ordpar_left_multiply(false, K, K, row, 1, n->V, K, n->x, row, false, out, row);
}

void ordpar_newton_sum_vector_solution(ordpar_newton *n, const double *x, double *m) {
    const size_t K = n->K, KM = K * n->M, S = n->flow->S;
    double *Q = n->change.G;
    memset(m, 0, KM * sizeof *m);
    memset(Q, 0, K * K * sizeof *Q);
    ORDPAR_EACH_CHUNK (c, n->flow) {
        ordpar_newton_solve_vectors(n, c, x + S * c.first, n->dy);
        ordpar_vectors_add_products(n->flow, c, n->dy, n->y + S * c.first, m, Q);
    }
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            m[KM + ordpar_packed_index(K, i, j)] = Q[i * K + j] + Q[j * K + i];
}
