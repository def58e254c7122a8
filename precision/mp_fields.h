// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Gaussian averages of the local fields z = (x, y) on a tape, from their covariance c[n*n]
 * (row-major, n = K + M) [9.2]. Everything follows from one operation: a factor g'(z_a), which is
 * Gaussian for g = erf(x/sqrt 2), tilts the covariance to c - c_.a c_a. / (1 + c_aa).
 * Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_FIELDS_H
#define ORDPAR_PRECISION_FIELDS_H

#include "precision/tape.h"

/** Constants and scratch that the averages share. */
typedef struct {
    ordpar_tape *tape;
    size_t K, M, n; /* n = K + M */
    bool linear, small_eta;
    ordpar_node zero, one;
    ordpar_node two_pi;          /* 2/pi */
    ordpar_node noise2;          /* s^2 */
    ordpar_node *u;              /* [n] output weights v, -w */
    ordpar_node *c;              /* [n*n] covariance; the caller sets it */
    ordpar_node *first, *second; /* [n*n] scratch: tilted once, twice */
    ordpar_node *column, *rho;   /* [n] scratch */
} ordpar_mp_fields;

/** The coefficients of the equations of motion; the caller allocates the arrays. */
typedef struct {
    ordpar_node *A; /* [K*M] */
    ordpar_node *G; /* [K*K] C + diag(h) */
    ordpar_node *F; /* [K*K]; unset with small_eta */
} ordpar_mp_coefficients;

/** Records A, G and F. */
void ordpar_mp_record_coefficients(const ordpar_mp_fields *fields, ordpar_mp_coefficients *out);

/** Records 2 eps_g = E[(sigma - zeta)^2] at the covariance c. */
ordpar_node ordpar_mp_record_squared_error(const ordpar_mp_fields *fields, const ordpar_node *c);

#endif
