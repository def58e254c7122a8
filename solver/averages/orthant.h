// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Orthant probabilities P(z_1 > 0, .., z_n > 0) of up to four centred Gaussian fields
 * [12.1]-[12.3].
 * The angle of two fields is alpha = acos(rho), from 0 (parallel) to pi (antiparallel); take it
 * from atan2, so that it keeps its relative accuracy for nearly parallel fields. Internal to
 * solver/.
 */
#ifndef ORDPAR_ORTHANT_H
#define ORDPAR_ORTHANT_H

#include <stddef.h>

/** Two fields, from their angle. [12.1] */
double ordpar_orthant_2(double angle);

/** Three fields, from their three angles. [12.2] */
double ordpar_orthant_3(double angle_12, double angle_13, double angle_23);

/**
 * Four fields, from the symmetric matrix of their angles (the diagonal is not read) and the square
 * root of the determinant of their correlations. Absolute accuracy: a few units of rounding, also
 * where the correlations are close to singular; a root that is a little wrong enters in second
 * order.
 */
double ordpar_orthant_4(const double angle[4][4], double root);

/**
 * How much of its own variance each of n fields of covariance c[n*n] must be given in independent
 * noise, so that the covariances are those of some fields [12.14]. Students beside their teachers
 * have covariances that are singular but for the errors of rounding and integration; averages of
 * fields that cannot exist are of no meaning and far from zero. They change by no more than about
 * what is added. work: n*n + 4*n doubles.
 */
double ordpar_orthant_missing_variance(size_t n, const double *c, double *work);

#endif
