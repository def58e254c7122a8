// SPDX-License-Identifier: GPL-3.0-or-later
#include "blocks.h"

#include "coefficients.h"
#include "kernels.h"

#include <cblas.h>
#include <string.h>

/* Up to this many elements of A the plain loops beat the library's packing (bench/). */
enum { SMALL_MATRIX = 16 };

static void multiply_small(bool transposed, size_t rows, size_t inner, size_t columns,
                           double factor, const double *A, size_t lda, const double *x, size_t ldx,
                           bool accumulate, double *out, size_t ldo)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < inner; k++)
            ordpar_add_scaled(columns, factor * (transposed ? A[k * lda + i] : A[i * lda + k]),
                              x + k * ldx, accumulate || k > 0, out + i * ldo);
}

void ordpar_left_multiply(bool transposed, size_t rows, size_t inner, size_t columns, double factor,
                          const double *A, size_t lda, const double *x, size_t ldx,
                          bool accumulate, double *out, size_t ldo)
{
    if (rows * inner <= SMALL_MATRIX) {
        multiply_small(transposed, rows, inner, columns, factor, A, lda, x, ldx, accumulate, out,
                       ldo);
        return;
    }
    cblas_dgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, (int)rows,
                (int)columns, (int)inner, factor, A, (int)lda, x, (int)ldx, accumulate ? 1 : 0, out,
                (int)ldo);
}

void ordpar_multiply_transpose(size_t K, size_t M, size_t columns, const double *A, const double *x,
                               double *out)
{
    for (size_t l = 0; l < K; l++)
        ordpar_left_multiply(false, K, M, columns, 1, A, M, x + l * M * columns, columns, false,
                             out + l * columns, K * columns);
}

void ordpar_congruence(bool back, size_t K, size_t columns, const double *V, double *x,
                       double *work)
{
    ordpar_left_multiply(!back, K, K, K * columns, 1, V, K, x, K * columns, false, work,
                         K * columns);
    for (size_t k = 0; k < K; k++)
        ordpar_left_multiply(!back, K, K, columns, 1, V, K, work + k * K * columns, columns, false,
                             x + k * K * columns, columns);
}

void ordpar_unpack(size_t K, size_t columns, const double *packed, double *full)
{
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const size_t index =
                i <= j ? ordpar_packed_index(K, i, j) : ordpar_packed_index(K, j, i);
            memcpy(full + (i * K + j) * columns, packed + index * columns,
                   columns * sizeof *full);
        }
}

void ordpar_pack(size_t K, size_t columns, const double *full, double *packed)
{
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            memcpy(packed + ordpar_packed_index(K, i, j) * columns, full + (i * K + j) * columns,
                   columns * sizeof *full);
}
