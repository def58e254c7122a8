// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Vectors that have given overlaps [4.8]: of each block the students J_b[K][D] and the teachers
 * B_b[M][D] in an orthonormal basis of their span, in units of sqrt(N), so that q = J J^T,
 * r = J B^T, t = B B^T. Internal to solver/.
 */
#ifndef ORDPAR_FACTORS_H
#define ORDPAR_FACTORS_H

#include "solver/state/overlaps.h"

/** From this many units on teacher m has the first m + 1 coordinates of a block alone, so that
 * products with teachers are shorter. */
enum { ORDPAR_MANY_UNITS = 20 };

typedef struct {
    size_t D;  /* coordinates of the largest block; all have as many, smaller ones zeros behind
                  theirs */
    double *J; /* [K*D*L], (i*D + d)*L + b */
    double *B; /* [M*D*L], (m*D + d)*L + b */
} ordpar_factors;

/**
 * A block of n_b components has n_b coordinates, K + M at most. Overlaps that no vectors of n_b
 * components have, as the means of a start can be, get K + M. Errors: INVALID (the overlaps are
 * those of no vectors at all), MEMORY. The caller clears *factors.
 */
ordpar_status ordpar_factors_init(const ordpar_overlaps *overlaps, const ordpar_spectrum *spectrum,
                                  ordpar_factors *factors, ordpar_error *err);

/**
 * [4.9] The same of what of the students lies along the teachers: D is that of the teachers alone,
 * t = B B^T and r = J B^T, and q has something beside J J^T. Errors: INVALID (no vectors have
 * these overlaps), MEMORY. The caller clears *factors.
 */
ordpar_status ordpar_factors_project(const ordpar_overlaps *overlaps,
                                     const ordpar_spectrum *spectrum, ordpar_factors *factors,
                                     ordpar_error *err);

/** Room for D coordinates, zeroed. Errors: MEMORY. The caller clears *factors. */
ordpar_status ordpar_factors_allocate(size_t K, size_t M, size_t L, size_t D,
                                      ordpar_factors *factors, ordpar_error *err);

/** K = M: from J to W_i = J_i - B_n, n = teacher_of[i], with the teachers in the order of their
 * students [10.1]. Errors: MEMORY. */
ordpar_status ordpar_factors_to_deviations(size_t K, size_t L, const size_t *teacher_of,
                                           ordpar_factors *factors, ordpar_error *err);

void ordpar_factors_clear(ordpar_factors *factors);

#endif
