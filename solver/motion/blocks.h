// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Linear algebra on components of all blocks at once. An array x[i][..][b] of `rows` rows of
 * `columns` contiguous numbers (components times blocks) is a row-major matrix; unit indices are
 * transformed by small matrices from the left. Internal to solver/.
 */
#ifndef ORDPAR_BLOCKS_H
#define ORDPAR_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

/** Position of (i, j), i <= j < K, in a symmetric matrix packed by rows of its upper triangle. */
static inline size_t ordpar_packed_index(size_t K, size_t i, size_t j) {
    return i * K - i * (i + 1) / 2 + j;
}

/**
 * out[rows][columns] = factor * op(A) x, plus out itself if accumulate. A[rows][inner] (lda), or
 * its transpose A[inner][rows] if transposed; x[inner][columns] (ldx); out has the row stride ldo.
 */
void ordpar_left_multiply(bool transposed, size_t rows, size_t inner, size_t columns, double factor,
                          const double *A, size_t lda, const double *x, size_t ldx, bool accumulate,
                          double *out, size_t ldo);

/**
 * out[k][l][c] = sum_n A_kn x[l][n][c], that is A x^T for each c: A[K][M], x[K][M][columns],
 * out[K][K][columns].
 */
void ordpar_multiply_transpose(size_t K, size_t M, size_t columns, const double *A, const double *x,
                               double *out);

/**
 * x <- V^T x V (or V x V^T if back) for each c: x[K][K][columns], V[K][K]; work: as large as x.
 */
void ordpar_congruence(bool back, size_t K, size_t columns, const double *V, double *x,
                       double *work);

/** Between the packed upper triangle [K(K+1)/2][columns] and the full matrix [K][K][columns]. */
void ordpar_unpack(size_t K, size_t columns, const double *packed, double *full);
void ordpar_pack(size_t K, size_t columns, const double *full, double *packed);

/** The same for derivatives: those by the packed entries count (i, j) and (j, i), so that
 * sum_packed = sum_full of the products with any symmetric matrix. */
void ordpar_unpack_gradient(size_t K, size_t columns, const double *packed, double *full);
void ordpar_pack_gradient(size_t K, size_t columns, const double *full, double *packed);

/** out[K][rows] += factor x[K][length] y[rows][length]^T; x has the row stride ldx. */
void ordpar_add_products(size_t K, size_t rows, size_t length, double factor, const double *x,
                         size_t ldx, const double *y, double *out);

#endif
