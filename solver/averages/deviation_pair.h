// SPDX-License-Identifier: GPL-3.0-or-later
/** What a pair of students adds to the squared error in deviation coordinates. Internal to solver/.
 */
#ifndef ORDPAR_DEVIATION_PAIR_H
#define ORDPAR_DEVIATION_PAIR_H

#include "solver/averages/activation.h"
#include "solver/averages/tilt.h"

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

/** Gauss-Legendre rules on [0, 1]. */
typedef struct {
    size_t n;
    double x[8], w[8];
} ordpar_pair_rule;

/** Enough nodes for 1e-16 where correlations differ by no more than `reach` times their distance
 * from 1. NULL: none are, and the deviation is so large that nothing cancels. */
const ordpar_pair_rule *ordpar_pair_rule_for(double reach);

/** The pair (i, j) of the covariance c[4 K^2] of (w, y). */
ordpar_pair_deviation ordpar_pair_deviation_of(size_t K, const double *c, size_t i, size_t j);

/**
 * [10.4] With f = asin of correlations whose variances are raised by 1, the second difference
 * f(x_i, x_j) - f(x_i, y_j) - f(y_i, x_j) + f(y_i, y_j); slopes: NULL, or receives the derivatives
 * times factor.
 */
double ordpar_erf_pair_deviation(const ordpar_pair_deviation *at, double factor,
                                 ordpar_pair_deviation_slopes *slopes);

/** Arrays of K numbers that the function below works with. */
enum { ORDPAR_PAIR_ARRAYS = 10 };

/** sum_ij v_i v_j times that of all pairs of the covariance c[4 K^2] under a tilt; many pairs are
 * done in vectors. work: ORDPAR_PAIR_ARRAYS K numbers. */
double ordpar_erf_sum_pair_deviations(size_t K, const double *c, const ordpar_tilt *tilt,
                                      const double *v, double *work);

/** A pair's part of the squared error, as ordpar_erf_pair_deviation. */
typedef double (*ordpar_pair_deviation_function)(const ordpar_activation *self,
                                                 const ordpar_pair_deviation *at, double factor,
                                                 ordpar_pair_deviation_slopes *slopes);

/** [10.4] 2/pi times the sum of v_i v_j times the pairs' parts; gradient: NULL, or receives the
 * symmetric derivatives[4 K^2] in (w, y). */
double ordpar_sum_pair_deviations(const ordpar_activation *self, size_t K, const double *c,
                                  const double *v, ordpar_pair_deviation_function part,
                                  double *gradient);

#endif
