// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Exact solves with 1 - gamma J for several complex gamma at once [5.17], beside those of newton.h
 * at the same state: what the stages of implicit Runge-Kutta methods take. Internal to solver/.
 */
#ifndef ORDPAR_NEWTON_SHIFTS_H
#define ORDPAR_NEWTON_SHIFTS_H

#include "base/split_complex.h"
#include "solver/steps/newton.h"

#include <complex.h>

typedef struct ordpar_newton_shifts ordpar_newton_shifts;

/** Whether states of this kind have such solves. */
bool ordpar_newton_shifts_exist(const ordpar_state *state);

/** Up to `most` gamma. newton is kept by reference, must outlive it and not be wide. NULL if out of
 * memory. */
ordpar_newton_shifts *ordpar_newton_shifts_create(ordpar_newton *newton, size_t most);
void ordpar_newton_shifts_free(ordpar_newton_shifts *shifts);

/** Bytes that ordpar_newton_shifts_create takes for these sizes. */
double ordpar_newton_shifts_bytes(const ordpar_network *network, size_t L, size_t most);

/** Factorises 1 - gamma J for each of gamma[count], J that of the last ordpar_newton_setup. False
 * if one is singular or not finite. */
bool ordpar_newton_shifts_setup(ordpar_newton_shifts *shifts, size_t count,
                                const double complex *gamma);

/** x <- (1 - gamma_k J)^-1 x. */
void ordpar_newton_shifts_solve(ordpar_newton_shifts *shifts, size_t k, ordpar_split x);

#endif
