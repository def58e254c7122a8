// SPDX-License-Identifier: GPL-3.0-or-later
/** Factors of positive semidefinite matrices, possibly of low rank. Internal to solver/ and
 * validation/. */
#ifndef ORDPAR_GRAM_FACTOR_H
#define ORDPAR_GRAM_FACTOR_H

#include "base/random.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * [4.8] F[n][columns] with F F^T = S[n][n], columns <= n: a Cholesky factor with pivoting of S
 * scaled to unit diagonal. Errors: INVALID (S needs a higher rank than `columns`, or is not
 * positive semidefinite), MEMORY.
 */
ordpar_status ordpar_gram_factor(size_t n, const double *S, size_t columns, double *F,
                                 ordpar_error *err);

/** The same of S that rounding alone keeps from that rank: to a relative 1e-12 of what it is made
 * of, where the other lets 1e-8 pass, as of numbers of few digits. */
ordpar_status ordpar_gram_factor_exactly(size_t n, const double *S, size_t columns, double *F,
                                         ordpar_error *err);

/** Rotates the columns of F[n][columns] so that F becomes lower trapezoidal. Errors: MEMORY. */
ordpar_status ordpar_gram_lower(size_t n, size_t columns, double *F, ordpar_error *err);

/**
 * A random orthonormal frame Q[columns][length], Q Q^T = 1, columns <= length, uniform in
 * direction. Errors: MEMORY.
 */
ordpar_status ordpar_gram_frame(ordpar_random *stream, size_t columns, size_t length, double *Q,
                                ordpar_error *err);

#endif
