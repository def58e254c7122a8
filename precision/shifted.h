// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The linear systems of an implicit step, (D x 1 - h 1 x J) dZ = residual, in double precision:
 * they only correct a solution whose residual is computed with all digits. With D = U T U^H it is
 * one system for each stage, (T_ii - h J) y = b. J is block diagonal, lambda_g times one matrix,
 * plus a matrix of the rank of one group [9.8]. Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_SHIFTED_H
#define ORDPAR_PRECISION_SHIFTED_H

#include "precision/path.h"
#include "precision/radau.h"

#include <lapacke.h>

typedef struct {
    size_t s, groups, size; /* stages; groups that move; numbers in a group */
    double *lambda;         /* [groups] */
    double *within;         /* [size*size] by columns: d rate_g / d X+_g, the same for all g */
    double
        *across; /* [groups][size][size] d rate_g / d X_k through the covariance: group g, k, row */
    double complex *blocks;   /* [s][groups][size*size] LU of T_ii - h lambda_g within */
    double complex *spread;   /* [s][groups][size][size] its solutions with h across */
    double complex *capacity; /* [s][size*size] LU of 1 - sum_g lambda_g spread_g */
    double complex *vectors;  /* [s][groups*size] */
    double complex *sums;     /* [size] */
    lapack_int *pivots;       /* [s][groups+1][size] */
} ordpar_shifted;

/** Errors: MEMORY. Clear it in every case. */
ordpar_status ordpar_shifted_init(const ordpar_mp_problem *problem, const ordpar_mp_path *path,
                                  size_t s, ordpar_shifted *shifted, ordpar_error *err);
void ordpar_shifted_clear(ordpar_shifted *shifted);

/** J at the states of the path, whose coefficients of order 0 have been evaluated; those of order
 * 1 are overwritten. */
void ordpar_shifted_jacobian(ordpar_mp_path *path, ordpar_shifted *shifted);

/** False if a system is singular or not finite. */
bool ordpar_shifted_factor(const ordpar_radau *radau, double h, ordpar_shifted *shifted);

/** x[s][groups*size]: the residual on entry, the correction on return. */
void ordpar_shifted_solve(const ordpar_radau *radau, ordpar_shifted *shifted, double *x);

#endif
