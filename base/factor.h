// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Factors of matrices by LAPACK, whatever the stack of the thread. OpenBLAS shares large ones out
 * to its threads, and takes megabytes of the caller's stack for that; where these are not there,
 * LAPACK's recursive form makes the same factors, but for rounding, with little. Internal.
 */
#ifndef ORDPAR_FACTOR_H
#define ORDPAR_FACTOR_H

#include <lapacke.h>

/** LU with partial pivoting of A[n][n] in place, layout as LAPACKE has it; pivots[n]. Returns
 * LAPACKE's info, 0 for success. */
lapack_int ordpar_factor_lu(int layout, lapack_int n, double *A, lapack_int *pivots);
lapack_int ordpar_factor_complex_lu(int layout, lapack_int n, lapack_complex_double *A,
                                    lapack_int *pivots);

/** Cholesky of the triangle uplo, 'U' or 'L', of A in place. Likewise. */
lapack_int ordpar_factor_cholesky(int layout, char uplo, lapack_int n, double *A);

#endif
