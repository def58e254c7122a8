// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/block_solve.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"

#include <cblas.h>
#include <string.h>

void ordpar_block_solve_add(const ordpar_block_solve *s, ordpar_chunk c, size_t columns,
                            const double *x, double *out) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)s->flow->K, (int)columns,
                (int)c.count, 1, s->weights, (int)c.count, x, (int)c.count, 1, out, (int)columns);
}

void ordpar_block_solve_weigh(const ordpar_block_solve *s, ordpar_chunk c, const double *damping,
                              double *weights) {
    memcpy(weights, s->lambda_rate + c.first, c.count * sizeof *weights);
    ordpar_multiply(c.count, damping, weights);
}

/* [5.2] */
void ordpar_block_solve_damp(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K;
    for (size_t k = 0; k < K; k++)
        ordpar_damping(c.count, s->gamma * s->g[k], s->flow->rate + c.first, s->gamma,
                       s->flow->decay + c.first, s->w1 + K * c.first + k * c.count);
}

/* [5.3] */
void ordpar_block_solve_sum_r(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, M = s->flow->M;
    for (size_t k = 0; k < K; k++)
        ordpar_block_solve_weigh(s, c, s->w1 + K * c.first + k * c.count, s->weights + k * c.count);
    ordpar_block_solve_add(s, c, M * M, s->flow->t + M * M * c.first, s->T1);
    ordpar_block_solve_add(s, c, K * M, s->r, s->R1);
}

void ordpar_block_solve_rotate_back(const ordpar_block_solve *s, size_t columns, const double *r,
                                    double *q, double *work, double *x) {
    const size_t K = s->flow->K, M = s->flow->M;
    ordpar_left_multiply(false, K, K, M * columns, 1, s->V, K, r, M * columns, false, x,
                         M * columns);
    ordpar_congruence(true, K, columns, s->V, q, work);
    ordpar_pack(K, columns, q, x + K * M * columns);
}
