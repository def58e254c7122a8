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

#endif
