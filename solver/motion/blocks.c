// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/blocks.h"

#include "base/kernels.h"
#include "base/products.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* Up to this many elements of A the plain loops beat the library's packing (bench/). */
enum { SMALL_MATRIX = 16 };

/* From this many rows, terms and columns on products are made in registers. */
enum { LARGE_MATRIX = 16, LONG_ROW = 32 };

/* Columns at a time, so that a chunk of every row stays in the first-level cache. */
enum { CHUNK = 512 };

typedef struct {
    bool transposed;
    double factor;
    const double *values;
    size_t stride;
} left_matrix;

static double element(const left_matrix *A, size_t i, size_t k) {
    return A->factor *
           (A->transposed ? A->values[k * A->stride + i] : A->values[i * A->stride + k]);
}

/* One row of the product, two terms at a time to save passes over the output. */
static void multiply_row(const left_matrix *A, size_t i, size_t inner, size_t columns,
                         const double *x, size_t ldx, bool accumulate, double *row) {
    size_t k = 0;
    for (; k + 1 < inner; k += 2)
        ordpar_combine(columns, element(A, i, k), x + k * ldx, element(A, i, k + 1),
                       x + (k + 1) * ldx, accumulate || k > 0, row);
    if (k < inner)
        ordpar_add_scaled(columns, element(A, i, k), x + k * ldx, accumulate || k > 0, row);
}

static void multiply_small(const left_matrix *A, size_t rows, size_t inner, size_t columns,
                           const double *x, size_t ldx, bool accumulate, double *out, size_t ldo) {
    for (size_t c = 0; c < columns; c += CHUNK) {
        const size_t count = columns - c < CHUNK ? columns - c : CHUNK;
        for (size_t i = 0; i < rows; i++)
            multiply_row(A, i, inner, count, x + c, ldx, accumulate, out + i * ldo + c);
    }
}

static void multiply_large(const left_matrix *A, size_t rows, size_t inner, size_t columns,
                           const double *x, size_t ldx, bool accumulate, double *out, size_t ldo) {
    const ordpar_left_term term = {
        A->values, A->transposed ? 1 : A->stride, A->transposed ? A->stride : 1, inner, x, ldx};
    const bool subtract = A->factor < 0;
    ordpar_left_product p = {.rows = rows,
                             .columns = columns,
                             .subtract = subtract,
                             .accumulate = accumulate,
                             .out = out,
                             .stride = ldo};
    p.terms[subtract ? 0 : 1] = term;
    ordpar_left_product_make(&p);
}

void ordpar_left_multiply(bool transposed, size_t rows, size_t inner, size_t columns, double factor,
                          const double *A, size_t lda, const double *x, size_t ldx, bool accumulate,
                          double *out, size_t ldo) {
    const left_matrix given = {transposed, factor, A, lda};
    if (rows * inner <= SMALL_MATRIX) {
        multiply_small(&given, rows, inner, columns, x, ldx, accumulate, out, ldo);
        return;
    }
    if (rows >= LARGE_MATRIX && inner >= LARGE_MATRIX && columns >= LONG_ROW && fabs(factor) == 1) {
        multiply_large(&given, rows, inner, columns, x, ldx, accumulate, out, ldo);
        return;
    }
    cblas_dgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, (int)rows,
                (int)columns, (int)inner, factor, A, (int)lda, x, (int)ldx, accumulate ? 1 : 0, out,
                (int)ldo);
}

void ordpar_multiply_transpose(size_t K, size_t M, size_t columns, const double *A, const double *x,
                               double *out) {
    for (size_t l = 0; l < K; l++)
        ordpar_left_multiply(false, K, M, columns, 1, A, M, x + l * M * columns, columns, false,
                             out + l * columns, K * columns);
}

void ordpar_congruence(bool back, size_t K, size_t columns, const double *V, double *x,
                       double *work) {
    ordpar_left_multiply(!back, K, K, K * columns, 1, V, K, x, K * columns, false, work,
                         K * columns);
    for (size_t k = 0; k < K; k++)
        ordpar_left_multiply(!back, K, K, columns, 1, V, K, work + k * K * columns, columns, false,
                             x + k * K * columns, columns);
}

void ordpar_unpack(size_t K, size_t columns, const double *packed, double *full) {
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const size_t index =
                i <= j ? ordpar_packed_index(K, i, j) : ordpar_packed_index(K, j, i);
            memcpy(full + (i * K + j) * columns, packed + index * columns, columns * sizeof *full);
        }
}

void ordpar_pack(size_t K, size_t columns, const double *full, double *packed) {
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            memcpy(packed + ordpar_packed_index(K, i, j) * columns, full + (i * K + j) * columns,
                   columns * sizeof *full);
}

static void scale_off_diagonal(size_t K, size_t columns, double factor, double *packed) {
    for (size_t i = 0; i < K; i++)
        for (size_t j = i + 1; j < K; j++) {
            double *x = packed + ordpar_packed_index(K, i, j) * columns;
            ordpar_add_scaled(columns, factor, x, false, x);
        }
}

void ordpar_unpack_gradient(size_t K, size_t columns, const double *packed, double *full) {
    ordpar_unpack(K, columns, packed, full);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            double *x = full + (i * K + j) * columns;
            if (i != j)
                ordpar_add_scaled(columns, 0.5, x, false, x);
        }
}

void ordpar_pack_gradient(size_t K, size_t columns, const double *full, double *packed) {
    ordpar_pack(K, columns, full, packed);
    scale_off_diagonal(K, columns, 2, packed);
}

void ordpar_add_products(size_t K, size_t rows, size_t length, double factor, const double *x,
                         size_t ldx, const double *y, double *out) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)K, (int)rows, (int)length, factor, x,
                (int)ldx, y, (int)length, 1, out, (int)rows);
}
