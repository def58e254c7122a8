// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Tilted covariances [2.4]: under a weight that is Gaussian in two fields x_1, x_2 with unit
 * precision, such as g'(x_1) g'(x_2) for erf, fields of covariance c have the covariance c~ = c - c
 * s S^-1 s^T c,   S = 1 + s^T c s, where x_k = s_k . z is one of the fields z, or the sum of two of
 * them. Internal to solver/.
 */
#ifndef ORDPAR_TILT_H
#define ORDPAR_TILT_H

#include <stddef.h>

/** A field x = z[first], or z[first] + z[second] where second differs from first. */
typedef struct {
    size_t first, second;
} ordpar_field;

typedef struct {
    size_t n;                /* fields */
    ordpar_field field[2];   /* x_1 and x_2, which may be the same */
    double s_11, s_12, s_22; /* covariances of x_1 and x_2, without the 1 */
    double *rows;            /* [2][n] s^T c */
    double *x;               /* [2][n] S^-1 s^T c */
} ordpar_tilt;

/** Numbers of scratch behind a tilt of n fields. */
#define ORDPAR_TILT_SCRATCH(n) (4 * (n))

/** determinant is that of S, which the caller can form without cancellation. */
typedef double (*ordpar_tilt_determinant)(double s_11, double s_12, double s_22);

/** Prepares the tilt of c[n*n] by x_1 and x_2; scratch lives as long as the tilt. */
ordpar_tilt ordpar_tilt_prepare(size_t n, const double *c, ordpar_field first, ordpar_field second,
                                ordpar_tilt_determinant determinant, double *scratch);

/** Writes c~[n*n]. */
void ordpar_tilt_apply(const ordpar_tilt *tilt, const double *c, double *tilted);

/**
 * Turns a gradient Gamma[n*n] (symmetric) with respect to c~ into one with respect to c, in place:
 * Gamma <- P Gamma P^T with P = 1 - s S^-1 s^T c, since dc~ = P^T dc P. work: 2*n numbers.
 */
void ordpar_tilt_pull_back(const ordpar_tilt *tilt, double *gamma, double *work);

#endif
