// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The coefficients of the equations of motion, as functions of the order-1 order parameters Q, R, T
 * alone [4.1]-[4.4], and their derivatives.
 *
 * Order-1 parameters as one vector m of P = K*M + K*(K+1)/2 numbers: first R_in at i*M + n, then
 * Q_ij, i <= j, at K*M + ordpar_packed_index(K, i, j).
 */
#ifndef ORDPAR_COEFFICIENTS_H
#define ORDPAR_COEFFICIENTS_H

#include "base/status.h"
#include "solver/motion/blocks.h"
#include "solver/state/network.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double *A; /**< [K*M] A_in [4.1] */
    double *G; /**< [K*K] G = C + diag(h) [4.2, 4.3], symmetric */
    double *F; /**< [K*K] F_ij [4.4], symmetric; zero under small_eta */
} ordpar_coefficients;

/** Scratch and the derivative matrix; opaque to callers outside solver/. */
typedef struct ordpar_coefficient_work ordpar_coefficient_work;

/** K*M + K*(K+1)/2, the length of m. */
size_t ordpar_order_parameter_count(size_t K, size_t M);

/** Writes m into the student rows and columns of c[(K+M)*(K+M)]; T stays as it is. */
void ordpar_covariance_set(size_t K, size_t M, const double *m, double *c);

/** Allocates A, G and F. Errors: MEMORY. */
ordpar_status ordpar_coefficients_init(size_t K, size_t M, ordpar_coefficients *coefficients,
                                       ordpar_error *err);
void ordpar_coefficients_clear(ordpar_coefficients *coefficients);

/**
 * Turns coefficients, or `columns` columns of their derivatives, from those of one learning rate to
 * those of `factor` times it: A and G times factor, F times its square. A, G and F stand in one
 * array [(K*M + 2*K*K) * columns] from A on.
 */
void ordpar_coefficients_scale(size_t K, size_t M, size_t columns, double factor, double *A);

/** Scratch for the two functions below; NULL if out of memory. */
ordpar_coefficient_work *ordpar_coefficient_work_create(const ordpar_network *network);
void ordpar_coefficient_work_free(ordpar_coefficient_work *work);

/** Takes over the student's output weights v[K], which the work had from its network so far. */
void ordpar_coefficient_work_set_outputs(ordpar_coefficient_work *work, size_t K, const double *v);

/** Once *stop is not 0 (kept by reference; NULL: never) the loops over pairs of students at all
 * orders end at their next pair; what they find is of no use. */
void ordpar_coefficient_work_set_stop(ordpar_coefficient_work *work,
                                      const volatile sig_atomic_t *stop);

/**
 * Twins [5.11] count from now on as one field with the sum of their outputs: averages at all orders
 * of fields that coincide keep their accuracy. The work keeps the symmetry by reference; NULL:
 * none.
 */
typedef struct ordpar_symmetry ordpar_symmetry;
void ordpar_coefficient_work_set_symmetry(ordpar_coefficient_work *work, size_t K, const double *v,
                                          const ordpar_symmetry *symmetry);

/**
 * A network with tasks has the means over them [17.1] in the three functions below; eps_g counts
 * them all alike.
 *
 * Evaluates A, G, F at the covariance c[(K+M)*(K+M)] of the local fields.
 * Returns false, with *out unspecified, where it was stopped, or a result is not finite: c is not
 * finite, or so far from a covariance that an average does not exist.
 */
bool ordpar_coefficients_evaluate(const ordpar_network *network, const double *c,
                                  ordpar_coefficient_work *work, ordpar_coefficients *out);

/**
 * Derivatives of A, G and F with respect to m at c: jacobian[(2*K*K + K*M) * P], row-major, rows
 * A_in, then G_ij, then F_ij (both full), columns m. Uses the same scratch.
 */
void ordpar_coefficients_jacobian(const ordpar_network *network, const double *c,
                                  ordpar_coefficient_work *work, double *jacobian);

/** The rows of F_ij alone, j <= i in the order of i, then j: rows[K(K+1)/2][P]. Not of tasks. */
void ordpar_coefficients_differentiate_F(const ordpar_network *network, const double *c,
                                         ordpar_coefficient_work *work, double *rows);

/** eps_g [2.5] at c. */
double ordpar_generalization_error(const ordpar_network *network, const double *c,
                                   ordpar_coefficient_work *work);

#endif
