// SPDX-License-Identifier: GPL-3.0-or-later
/* Products of vectors of all blocks of a chunk: with each other, with small matrices, summed. Many
 * units have them made in registers, fewer by loops over long rows. */
#include "base/kernels.h"
#include "base/products.h"
#include "solver/motion/state_vectors.h"

#include <cblas.h>
#include <string.h>

/* Up to this many products of long rows plain loops beat the library. */
enum { FEW_PRODUCTS = 16 };

void ordpar_vectors_dot(size_t D, size_t n, const double *x, const double *y, double *out) {
    for (size_t d = 0; d < D; d++)
        ordpar_multiply_add(n, x + d * n, y + d * n, d > 0, out);
}

static ordpar_right_rows teachers(const ordpar_flow *flow, ordpar_chunk c, double *out) {
    return (ordpar_right_rows){.others = flow->M,
                               .coordinates = flow->D_B,
                               .y = flow->B + flow->M * flow->D * c.first,
                               .stride = flow->D * c.count,
                               .triangular = flow->triangular,
                               .out = out,
                               .out_stride = flow->M};
}

static ordpar_right_rows students(const ordpar_flow *flow, ordpar_chunk c, const double *J,
                                  bool upper, double *out) {
    return (ordpar_right_rows){.others = flow->K,
                               .coordinates = flow->D,
                               .y = J,
                               .stride = flow->D * c.count,
                               .upper = upper,
                               .out = out,
                               .out_stride = flow->K};
}

/* With no right side as yet. */
static ordpar_row_product rows_of(const ordpar_flow *flow, const ordpar_piece *at,
                                  const double *x) {
    return (ordpar_row_product){.rows = flow->K,
                                .columns = at->blocks.count,
                                .first = at->first,
                                .end = at->end,
                                .stride = flow->D * at->blocks.count,
                                .weights = flow->lambda + at->blocks.first,
                                .x = x};
}

static void products_of_many(const ordpar_flow *flow, ordpar_chunk c, const double *x, double *r,
                             double *q) {
    const size_t K = flow->K, n = c.count;
    ordpar_row_product p = rows_of(flow, &(ordpar_piece){c, 0, flow->D}, x);
    p.right[0] = teachers(flow, c, r);
    ordpar_column_product_make(&p);
    p.right[0] = students(flow, c, x, true, q);
    ordpar_column_product_make(&p);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i + 1; j < K; j++)
            memcpy(q + (j * K + i) * n, q + (i * K + j) * n, n * sizeof *q);
}

void ordpar_vectors_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                             double *r, double *q) {
    const size_t K = flow->K, M = flow->M, D = flow->D, n = chunk.count;
    const double *B = flow->B + M * D * chunk.first;
    if (flow->many_units) {
        products_of_many(flow, chunk, x, r, q);
        return;
    }
    for (size_t i = 0; i < K; i++) {
        for (size_t m = 0; m < M; m++)
            ordpar_vectors_dot(D, n, x + i * D * n, B + m * D * n, r + (i * M + m) * n);
        for (size_t j = 0; j <= i; j++) {
            ordpar_vectors_dot(D, n, x + i * D * n, x + j * D * n, q + (i * K + j) * n);
            memcpy(q + (j * K + i) * n, q + (i * K + j) * n, n * sizeof *q);
        }
    }
}

/* out[K][rows] += x[K][length] y[rows][length]^T; all but the first `used` numbers of y are 0 */
static void add_row_products(size_t K, size_t rows, size_t length, size_t used, const double *x,
                             const double *y, double *out) {
    if (K * rows > FEW_PRODUCTS) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)K, (int)rows, (int)used, 1, x,
                    (int)length, y, (int)length, 1, out, (int)rows);
        return;
    }
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < rows; j++)
            out[i * rows + j] += ordpar_dot(length, x + i * length, y + j * length);
}

void ordpar_piece_add_products(const ordpar_flow *flow, const ordpar_piece *at, const double *x,
                               const double *J, bool upper, double *R, double *Q) {
    ordpar_row_product p = rows_of(flow, at, x);
    p.right[0] = teachers(flow, at->blocks, R);
    p.right[1] = students(flow, at->blocks, J, upper, Q);
    ordpar_row_product_add(&p);
}

void ordpar_vectors_add_products(const ordpar_flow *flow, ordpar_chunk chunk, const double *x,
                                 const double *J, bool upper, double *R, double *Q) {
    const size_t K = flow->K, M = flow->M, D = flow->D, n = chunk.count;
    double *weighted = flow->half;
    if (flow->many_units) {
        ordpar_piece_add_products(flow, &(ordpar_piece){chunk, 0, D}, x, J, upper, R, Q);
        return;
    }
    for (size_t row = 0; row < K * D; row++)
        ordpar_multiply_add(n, flow->lambda + chunk.first, x + row * n, false, weighted + row * n);
    add_row_products(K, M, D * n, flow->D_B * n, weighted, flow->B + M * D * chunk.first, R);
    add_row_products(K, K, D * n, D * n, weighted, J, Q);
}

void ordpar_piece_combine(const ordpar_flow *flow, const ordpar_piece *at,
                          const ordpar_coefficients *co, const double *x, const double *weights,
                          size_t weights_stride, bool accumulate, double *out) {
    const size_t K = flow->K, M = flow->M, D = flow->D, n = at->blocks.count, row = D * n;
    const double *B = flow->B + M * D * at->blocks.first;
    for (size_t d = at->first; d < at->end; d++) {
        const size_t unused = d >= flow->D_B ? M : flow->triangular ? d : 0;
        const ordpar_left_product p = {
            .rows = K,
            .columns = n,
            .terms = {{co->G, K, 1, K, x + d * n, row},
                      {co->A + unused, M, 1, M - unused, B + unused * row + d * n, row}},
            .subtract = true,
            .weights = weights,
            .weights_stride = weights_stride,
            .accumulate = accumulate,
            .out = out + d * n,
            .stride = row};
        ordpar_left_product_make(&p);
    }
}

void ordpar_piece_rotate(const ordpar_flow *flow, const ordpar_piece *at, const double *V,
                         bool transposed, const double *x, const double *weights, double *out) {
    const size_t K = flow->K, D = flow->D, n = at->blocks.count, row = D * n;
    for (size_t d = at->first; d < at->end; d++) {
        const ordpar_left_product p = {
            .rows = K,
            .columns = n,
            .terms = {{0}, {V, transposed ? 1 : K, transposed ? K : 1, K, x + d * n, row}},
            .weights = weights,
            .weights_stride = n,
            .out = out + d * n,
            .stride = row};
        ordpar_left_product_make(&p);
    }
}

ordpar_piece ordpar_piece_next(const ordpar_flow *flow, ordpar_piece piece) {
    const size_t most = ORDPAR_MOST_COLUMNS / piece.blocks.count, left = flow->D - piece.end;
    return (ordpar_piece){piece.blocks, piece.end, piece.end + (left < most ? left : most)};
}

void ordpar_piece_copy(const ordpar_flow *flow, const ordpar_piece *at, const double *x,
                       double *out) {
    const size_t n = at->blocks.count;
    for (size_t k = 0; k < flow->K; k++) {
        const size_t first = (k * flow->D + at->first) * n;
        memcpy(out + first, x + first, (at->end - at->first) * n * sizeof *x);
    }
}
