// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_vectors.h"

#include "kernels.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* Up to this many products of long rows plain loops beat the library. */
enum { FEW_PRODUCTS = 16 };

/* out[n] = x . y for each block */
static void dot_blocks(size_t D, size_t n, const double *x, const double *y, double *out) {
    for (size_t d = 0; d < D; d++)
        ordpar_multiply_add(n, x + d * n, y + d * n, d > 0, out);
}

void ordpar_vectors_set_teacher(ordpar_flow *flow, ordpar_chunk chunk) {
    const size_t M = flow->M, row = flow->D * chunk.count;
    const double *B = flow->B + M * flow->D * chunk.first;
    double *t = flow->t + M * M * chunk.first;
    for (size_t m = 0; m < M; m++)
        for (size_t l = 0; l < M; l++)
            dot_blocks(flow->D, chunk.count, B + m * row, B + l * row,
                       t + (m * M + l) * chunk.count);
    for (size_t b = 0; b < chunk.count; b++)
        for (size_t m = 0; m < M; m++)
            flow->B_norm[chunk.first + b] =
                fmax(flow->B_norm[chunk.first + b], sqrt(t[(m * M + m) * chunk.count + b]));
}

void ordpar_vectors_teacher_covariance(const ordpar_flow *flow, double *c) {
    const size_t K = flow->K, M = flow->M, n = K + M;
    for (size_t m = 0; m < M; m++)
        for (size_t l = 0; l < M; l++) {
            double *T = c + (K + m) * n + K + l;
            *T = 0;
            ORDPAR_EACH_CHUNK (chunk, flow)
                *T += ordpar_dot(chunk.count, flow->lambda + chunk.first,
                                 flow->t + M * M * chunk.first + (m * M + l) * chunk.count);
        }
}

/* out[K][rows] += x[K][length] y[rows][length]^T */
static void add_row_products(size_t K, size_t rows, size_t length, const double *x, const double *y,
                             double *out) {
    if (K * rows > FEW_PRODUCTS) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)K, (int)rows, (int)length, 1, x,
                    (int)length, y, (int)length, 1, out, (int)rows);
        return;
    }
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < rows; j++)
            out[i * rows + j] += ordpar_dot(length, x + i * length, y + j * length);
}

void ordpar_vectors_add_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                                 const double *J, double *R, double *Q) {
    const size_t K = flow->K, M = flow->M, D = flow->D, n = chunk.count;
    double *weighted = flow->half;
    for (size_t row = 0; row < K * D; row++)
        ordpar_multiply_add(n, flow->lambda + chunk.first, x + row * n, false, weighted + row * n);
    add_row_products(K, M, D * n, weighted, flow->B + M * D * chunk.first, R);
    add_row_products(K, K, D * n, weighted, J, Q);
}

void ordpar_vectors_moment(const ordpar_flow *flow, const double *y, double *m) {
    const size_t K = flow->K, KM = K * flow->M;
    double *Q = flow->full; /* K*K numbers of a chunk's */
    memset(m, 0, KM * sizeof *m);
    memset(Q, 0, K * K * sizeof *Q);
    ORDPAR_EACH_CHUNK (c, flow) {
        const double *part = y + flow->S * c.first;
        ordpar_vectors_add_products(flow, c, part, part, m, Q);
    }
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            m[KM + ordpar_packed_index(K, i, j)] = Q[i * K + j];
}

void ordpar_vectors_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                             double *r, double *q) {
    const size_t K = flow->K, M = flow->M, D = flow->D, n = chunk.count;
    const double *B = flow->B + M * D * chunk.first;
    for (size_t i = 0; i < K; i++) {
        for (size_t m = 0; m < M; m++)
            dot_blocks(D, n, x + i * D * n, B + m * D * n, r + (i * M + m) * n);
        for (size_t j = 0; j <= i; j++) {
            dot_blocks(D, n, x + i * D * n, x + j * D * n, q + (i * K + j) * n);
            memcpy(q + (j * K + i) * n, q + (i * K + j) * n, n * sizeof *q);
        }
    }
}
