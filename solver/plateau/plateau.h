// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The symmetric plateau of a given teacher, and how it is left, at all orders in eta [7.9]-[7.12].
 *
 * On the plateau all students are equal, J_i = sum_n a_n B_n (with the same a in every block) up to
 * the noise of SGD: r^b = t^b a and q^b = a . t^b a + p_b f, so that M + 1 numbers fix all blocks.
 * A perturbation that leaves sum_i J_i as it is grows by specialising the students; it is M + 1
 * numbers a block, coupled by their M + 1 order-1 moments.
 */
#ifndef ORDPAR_PLATEAU_H
#define ORDPAR_PLATEAU_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** A symmetric plateau. */
typedef struct {
    size_t M;     /**< teacher units */
    double *a;    /**< [M] */
    double f;     /**< 0 under small_eta */
    double *R;    /**< [M] R_in, order 1, the same for all i */
    double Q;     /**< Q_ij, order 1, the same for all i, j */
    double eps_g; /**< without the label noise, as always */
} ordpar_plateau;

/** Frees the arrays and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_plateau_clear(ordpar_plateau *plateau);

/**
 * Finds the plateau of the teacher t[M*M*L] (overlaps.h), all blocks trained. The students' output
 * weights must be equal and not 0; those of the teacher need not be.
 * Errors: INVALID (also t that is not finite, and activations whose averages of order eta^2 are not
 * known, unless small_eta leaves them out), MEMORY, NUMERICAL (no solution found, or one that
 * rounding hides: fields of erf
 * or tanh units with a variance below 1e-5). The caller clears *plateau.
 */
ordpar_status ordpar_plateau_solve(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                   const double *t, ordpar_plateau *plateau, ordpar_error *err);

/**
 * The same for the self-averaging teacher t^b = p_b c_b 1, of which only T = sum_b p_b lambda_b c_b
 * and the trace sum_b p_b lambda_b count: no array of M*M*L numbers is needed. At all orders in
 * eta, or, under network->small_eta, at lowest order, where it is ordpar_erf_plateau_at [7.1] for
 * erf units of equal weights: two heights, 2 % apart at eta = 0.1 and 11 % at 0.5 for K = M = 2.
 * ordpar_plateau_moment has no use for it; its moments of order p are R and Q times T^(p)/T.
 * Errors: as there.
 */
ordpar_status ordpar_plateau_solve_mean(const ordpar_spectrum *spectrum,
                                        const ordpar_network *network, ordpar_plateau *plateau,
                                        ordpar_error *err);

/** Order-p parameters of a plateau: *Q and R[M]. */
void ordpar_plateau_moment(const ordpar_spectrum *spectrum, const double *t,
                           const ordpar_plateau *plateau, double p, double *Q, double *R);

/**
 * The largest rate > 0 at which a specialising perturbation of the plateau grows. K, M >= 2.
 * Errors: INVALID, MEMORY, NUMERICAL (no perturbation grows).
 */
ordpar_status ordpar_plateau_escape_rate(const ordpar_spectrum *spectrum,
                                         const ordpar_network *network, const double *t,
                                         const ordpar_plateau *plateau, double *rate,
                                         ordpar_error *err);

/**
 * How specialised the order-1 overlaps R[K*M] are: the Frobenius norm of R with the means of its
 * rows and columns taken out [7.4]. 0 on the plateau of a self-averaging teacher; grows with the
 * escape rate. For output weights of one sign.
 */
double ordpar_specialisation(size_t K, size_t M, const double *R);

/**
 * The same for teacher output weights w[M] of any sign: a unit of negative weight is, for odd
 * activations, the opposite unit of positive weight, so that its overlaps count with the other
 * sign. w NULL: each column has the sign of its mean, which on a plateau is that of the weight.
 */
double ordpar_specialisation_signed(size_t K, size_t M, const double *w, const double *R);

/**
 * Its root mean square over starts at a finite N with weights of variance sigma_J^2, for a
 * self-averaging teacher, T2 = sum_b p_b lambda_b^2 c_b [7.15].
 */
double ordpar_plateau_start(size_t K, size_t M, double sigma_J, double T2, double N);

/**
 * The length of the plateau [7.14]: the time in which a specialisation, `start` >= 0, grows at the
 * escape rate > 0 to that of units which are all specialised, T sqrt(min(K, M) - 1). 0 where it is
 * there already, INFINITY from 0. K, M >= 2; T: the variance of the
 * teachers' fields; of a teacher whose fields have any covariance, its specialisation as R over
 * sqrt(M - 1).
 */
double ordpar_plateau_length(size_t K, size_t M, double T, double start, double rate);

ORDPAR_DECLARATIONS_END

#endif
