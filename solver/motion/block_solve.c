// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/block_solve.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"

#include <cblas.h>
#include <string.h>

/* Up to this many products of long rows plain loops beat the library. */
enum { FEW_PRODUCTS = 16 };

void ordpar_block_solve_add(const ordpar_block_solve *s, ordpar_chunk c, size_t columns,
                            const double *x, double *out) {
    const size_t K = s->flow->K, n = c.count;
    if (K * columns > FEW_PRODUCTS) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)K, (int)columns, (int)n, 1,
                    s->weights, (int)n, x, (int)n, 1, out, (int)columns);
        return;
    }
    for (size_t k = 0; k < K; k++)
        for (size_t j = 0; j < columns; j++)
            out[k * columns + j] += ordpar_dot(n, s->weights + k * n, x + j * n);
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

void ordpar_block_solve_rotate(const ordpar_block_solve *s, size_t columns,
                               const ordpar_coefficients *change, ordpar_coefficients *rotated,
                               double *work) {
    const size_t K = s->flow->K, MC = s->flow->M * columns;
    ordpar_left_multiply(true, K, K, MC, 1, s->V, K, change->A, MC, false, rotated->A, MC);
    memcpy(rotated->G, change->G, K * K * columns * sizeof *change->G);
    ordpar_congruence(false, K, columns, s->V, rotated->G, work);
    if (!change->F)
        return;
    memcpy(rotated->F, change->F, K * K * columns * sizeof *change->F);
    ordpar_congruence(false, K, columns, s->V, rotated->F, work);
}

/* out = factor A x, or A^T x, added if accumulate; one column alone is no matter of packing. */
static void multiply(bool transposed, size_t rows, size_t inner, size_t columns, double factor,
                     const double *A, size_t lda, const double *x, bool accumulate, double *out) {
    if (columns > 1)
        ordpar_left_multiply(transposed, rows, inner, columns, factor, A, lda, x, columns,
                             accumulate, out, columns);
    else
        cblas_dgemv(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans,
                    (int)(transposed ? inner : rows), (int)(transposed ? rows : inner), factor, A,
                    (int)lda, x, 1, accumulate ? 1 : 0, out, 1);
}

void ordpar_block_solve_couple(const ordpar_block_solve *s, size_t columns,
                               const ordpar_coefficients *rotated, double *r, double *q,
                               double *work) {
    const size_t K = s->flow->K, M = s->flow->M, C = columns;
    for (size_t k = 0; k < K; k++) {
        const double *dA = rotated->A + k * M * C, *dG = rotated->G + k * K * C;
        double *out = r + k * M * C, *half = work + k * K * C;
        multiply(true, M, M, C, 1, s->T1 + k * M * M, M, dA, false, out);
        multiply(true, M, K, C, -1, s->R1 + k * K * M, M, dG, true, out);
        multiply(false, K, M, C, 1, s->Aq + k * M, K * M, dA, false, half);
        multiply(false, K, K, C, -1, s->Gq + k * K, K * K, dG, true, half);
    }
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++) {
            const size_t kl = (k * K + l) * C, lk = (l * K + k) * C;
            for (size_t c = 0; c < C; c++)
                q[kl + c] = work[kl + c] + work[lk + c] +
                            (rotated->F ? s->phi[k * K + l] * rotated->F[kl + c] : 0);
        }
}

void ordpar_block_solve_rotate_back(const ordpar_block_solve *s, size_t columns, const double *r,
                                    double *q, double *work, double *x) {
    const size_t K = s->flow->K, M = s->flow->M;
    ordpar_left_multiply(false, K, K, M * columns, 1, s->V, K, r, M * columns, false, x,
                         M * columns);
    ordpar_congruence(true, K, columns, s->V, q, work);
    ordpar_pack(K, columns, q, x + K * M * columns);
}

void ordpar_block_solve_add_moment(const ordpar_block_solve *s, ordpar_chunk c, double *sums) {
    const size_t K = s->flow->K, KM = K * s->flow->M;
    const double *lambda = s->flow->lambda + c.first;
    for (size_t k = 0; k < KM; k++)
        sums[k] += ordpar_dot(c.count, lambda, s->r + k * c.count);
    for (size_t k = 0; k < K * K; k++)
        sums[KM + k] += ordpar_dot(c.count, lambda, s->q + k * c.count);
}

void ordpar_block_solve_moment_back(ordpar_block_solve *s, double *sums, double *m) {
    ordpar_block_solve_rotate_back(s, 1, sums, sums + s->flow->K * s->flow->M, s->change.F, m);
}

size_t ordpar_block_solve_sums(const ordpar_flow *flow) {
    const size_t K = flow->K, M = flow->M;
    return K * (M * M + 2 * K * M + K * K + K);
}

void ordpar_block_solve_set_sums(ordpar_block_solve *s, double *sums) {
    const size_t K = s->flow->K, M = s->flow->M;
    s->T1 = sums;
    s->R1 = s->T1 + K * M * M;
    s->Aq = s->R1 + K * K * M;
    s->Gq = s->Aq + K * K * M;
    s->phi = s->Gq + K * K * K;
}

size_t ordpar_block_solve_set_scratch(ordpar_block_solve *s, double *base) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, M = flow->M, chunk = flow->chunk_size;
    size_t o = 0;
    s->r = ordpar_take(base, &o, K * M * chunk);
    s->q = ordpar_take(base, &o, K * K * chunk);
    s->z = ordpar_take(base, &o, K * K * chunk);
    s->s = ordpar_take(base, &o, K * K * chunk);
    s->x = ordpar_take(base, &o, flow->S * chunk);
    s->tA = ordpar_take(base, &o, K * M * chunk);
    s->weights = ordpar_take(base, &o, K * chunk);
    s->dy = ordpar_take(base, &o, flow->S * chunk);
    return o;
}
