// SPDX-License-Identifier: GPL-3.0-or-later
/** What a pair of students adds to the squared error in deviation coordinates. Internal to solver/.
 */
#ifndef ORDPAR_DEVIATION_PAIR_H
#define ORDPAR_DEVIATION_PAIR_H

#include <stddef.h>

/** Students i and j beside their teachers. */
typedef struct {
    double t[2], q[2]; /**< T_ii, T_jj; Q_ii, Q_jj */
    double grown[2];   /**< Q_ii - T_ii, Q_jj - T_jj */
    double T, E;       /**< of i and j */
    double Omega[2];   /**< Omega_ij, Omega_ji */
    double R[2], Q;    /**< R_ij, R_ji; Q_ij */
} ordpar_pair_deviation;

/** Derivatives where Q = T + Omega + Omega^T + E. */
typedef struct {
    double by_E, by_Omega[2], by_T; /**< the half of each: an off-diagonal entry stands twice */
    double by_Q[2];                 /**< Q_ii, Q_jj with T_ii, T_jj kept */
    double by_t[2];                 /**< T_ii, T_jj with Q_ii, Q_jj kept to them */
} ordpar_pair_deviation_slopes;

/** The pair (i, j) of the covariance c[4 K^2] of (w, y). */
ordpar_pair_deviation ordpar_pair_deviation_of(size_t K, const double *c, size_t i, size_t j);

/**
 * [10.4] With f = asin of correlations whose variances are raised by 1, the second difference
 * f(x_i, x_j) - f(x_i, y_j) - f(y_i, x_j) + f(y_i, y_j); slopes: NULL, or receives the derivatives
 * times factor.
 */
double ordpar_erf_pair_deviation(const ordpar_pair_deviation *at, double factor,
                                 ordpar_pair_deviation_slopes *slopes);

/** Adds a pair's derivatives to the symmetric gradient[4 K^2] in (w, y). */
void ordpar_pair_deviation_add(size_t K, size_t i, size_t j,
                               const ordpar_pair_deviation_slopes *slopes, double *gradient);

#endif
