// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The derivatives of A and G [4.1]-[4.3] pair by pair, for products along a direction: K (K + M)
 * numbers where the matrix of all derivatives has K^3 (K + M). Internal to solver/.
 */
#ifndef ORDPAR_PAIR_DERIVATIVES_H
#define ORDPAR_PAIR_DERIVATIVES_H

#include "solver/motion/coefficients.h"

typedef struct {
    size_t K, M;
    double *A;  /* [K][M][3] of A_in by the variance of x_i, by R_in, unused */
    double *C;  /* [K][K][3] of C_ij, j <= i, by Q_ii, Q_ij, Q_jj */
    double *h;  /* [K][K+M][3] likewise, of the terms of v_i h_i */
    double *dc; /* [(K+M)^2] scratch: a direction; the teachers' part is 0 */
} ordpar_pair_derivatives;

/** Numbers that the arrays take, from A on; they must be 0 when they are made. */
size_t ordpar_pair_derivatives_size(size_t K, size_t M);

/** Takes the arrays from storage. */
void ordpar_pair_derivatives_place(size_t K, size_t M, double *storage,
                                   ordpar_pair_derivatives *pairs);

/** At the covariance c[(K+M)^2] of students and teachers. */
void ordpar_pair_derivatives_set(const ordpar_network *network, const double *c,
                                 const ordpar_coefficient_work *work,
                                 ordpar_pair_derivatives *pairs);

/** dA[K][M] and dG[K][K] for a change m[P] of R and Q. */
void ordpar_pair_derivatives_apply(const ordpar_pair_derivatives *pairs, const double *m,
                                   double *dA, double *dG);

#endif
