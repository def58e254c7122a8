// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Products of a small matrix with long rows of numbers, and of long rows with each other, made in
 * registers: nothing is packed, weights and a second product cost no pass of their own. For
 * matrices of eight rows and more; smaller ones are loops of kernels.h. Internal.
 */
#ifndef ORDPAR_PRODUCTS_H
#define ORDPAR_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>

/** A x: A(i, k) = A[i*row + k*column] for k < inner, x(k, c) = x[k*stride + c]. */
typedef struct {
    const double *A;
    size_t row, column, inner;
    const double *x;
    size_t stride;
} ordpar_left_term;

/**
 * out(i, c) = out[i*stride + c], i < rows, c < columns, becomes or is added weights(i, c) times the
 * second term plus or minus the first, weights(i, c) = weights[i*weights_stride + c]; NULL: 1. A
 * term with inner = 0 is none. out must not overlap an x.
 */
typedef struct {
    size_t rows, columns;
    ordpar_left_term terms[2];
    bool subtract; /* the first term */
    const double *weights;
    size_t weights_stride;
    bool accumulate;
    double *out;
    size_t stride;
} ordpar_left_product;
void ordpar_left_product_make(const ordpar_left_product *product);

/** Columns of a coordinate below at most, and of the coordinates that are best done together. */
enum { ORDPAR_MOST_COLUMNS = 512 };

/**
 * Rows y(j, d, c) = y[j*stride + d*columns + c], j < others, that those of a product meet: zero for
 * d >= coordinates and, if triangular, for d > j. upper: only j >= i is asked for. out_stride: of
 * the rows of out. NULL: none.
 */
typedef struct {
    size_t others, coordinates;
    const double *y;
    size_t stride;
    bool triangular, upper;
    double *out;
    size_t out_stride;
} ordpar_right_rows;

/** Rows x(i, d, c), i < rows, c < columns, of the coordinates first <= d < end, laid out likewise.
 */
typedef struct {
    size_t rows, columns, first, end, stride;
    const double *weights, *x;
    ordpar_right_rows right[2];
} ordpar_row_product;

/** For each right: out[i*out_stride + j] += sum_d,c weights[c] x(i, d, c) y(j, d, c); without
 * weights they are 1, and columns best as well. */
void ordpar_row_product_add(const ordpar_row_product *product);

/** The same of the first right without weights and without the sum over c:
 * out[(i*out_stride + j)*columns + c] = sum_d x(i, d, c) y(j, d, c). */
void ordpar_column_product_make(const ordpar_row_product *product);

#endif
