// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Vectors that have given overlaps [4.8]: of each block the students J_b[K][D] and the teachers
 * B_b[M][D] in an orthonormal basis of their span, in units of sqrt(N), so that q = J J^T,
 * r = J B^T, t = B B^T. Internal to solver/.
 */
#ifndef ORDPAR_FACTORS_H
#define ORDPAR_FACTORS_H

#include "overlaps.h"

typedef struct {
    size_t D;  /* the largest rank of a block; those of lower rank have zeros behind */
    double *J; /* [K*D*L], (i*D + d)*L + b */
    double *B; /* [M*D*L], (m*D + d)*L + b */
} ordpar_factors;

/**
 * The factors of overlaps whose Gram matrices are semidefinite to rounding. A block of n_b
 * components has at most the rank n_b, if overlaps of such vectors are what is given; the means of
 * a start can need more. Errors: MEMORY. The caller clears *factors.
 */
ordpar_status ordpar_factors_init(const ordpar_overlaps *overlaps, const ordpar_spectrum *spectrum,
                                  ordpar_factors *factors, ordpar_error *err);
void ordpar_factors_clear(ordpar_factors *factors);

#endif
