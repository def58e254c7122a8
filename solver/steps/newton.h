// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Exact solves with the Newton matrix 1 - gamma J of the equations of motion at cost linear in L
 * [5.1]-[5.4]. J = D + U S: D acts block by block with coefficients A and G held fixed; the
 * blocks couple only through the P = K*M + K*(K+1)/2 order-1 parameters m = S y. Woodbury's
 * identity leaves one dense P x P system, the capacitance matrix. Trained output weights v are K
 * more of its unknowns [13.3]. The learning rate is the network's, whatever that of the flow's
 * rates. What a block is, and what it does, is the state's (state.h). Internal to solver/.
 */
#ifndef ORDPAR_NEWTON_H
#define ORDPAR_NEWTON_H

#include "solver/motion/flow.h"
#include "solver/steps/coordinates.h"
#include "solver/steps/wide_parts.h"

typedef struct ordpar_newton ordpar_newton;

/** The arguments are kept by reference and must outlive it; v and eta of the network may change
 * between setups. wide: [5.13] no matrix is formed; there are no transposes then, nor trained
 * outputs and tasks. NULL if out of memory. */
ordpar_newton *ordpar_newton_create(const ordpar_flow *flow, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates, bool wide);

/** Whether a network has the size where that is faster, and nothing that it lacks. */
bool ordpar_newton_may_be_wide(const ordpar_network *network);

void ordpar_newton_free(ordpar_newton *newton);

/** What passes over the blocks of a wide network are shared out by; NULL: it is not wide. */
ordpar_wide_parts *ordpar_newton_parts(const ordpar_newton *newton);

/** Bytes that ordpar_newton_create takes for these sizes, as a double to be safe from overflow. */
double ordpar_newton_bytes(const ordpar_state *state, const ordpar_network *network, size_t L,
                           bool wide);

/**
 * Factorises 1 - gamma J at the state y, with the covariance c of the local fields there.
 * Returns false if the matrix is singular or not finite.
 */
bool ordpar_newton_setup(ordpar_newton *newton, double gamma, const double *y, const double *c,
                         ordpar_coefficient_work *work);

/** Makes ready for products with J alone, of the same arguments. False where J is not finite. */
bool ordpar_newton_differentiate(ordpar_newton *newton, const double *y, const double *c,
                                 ordpar_coefficient_work *work);

/** x <- (1 - gamma J)^-1 x. */
void ordpar_newton_solve(ordpar_newton *newton, double *x);

/** [5.9] The transposes, for costates: x <- (1 - gamma J)^-T x after a setup, and out = J^T x after
 * it or ordpar_newton_differentiate; x of out's size, not out itself. */
void ordpar_newton_solve_transposed(ordpar_newton *newton, double *x);
void ordpar_newton_multiply_transposed(ordpar_newton *newton, const double *x, double *out);

#endif
