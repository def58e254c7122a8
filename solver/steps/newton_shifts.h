// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Exact solves with 1 - gamma J for a real gamma and several complex ones at once [5.17]: what the
 * stages of implicit Runge-Kutta methods take. System 0 is the real one, newton.h's; of its numbers
 * only the real parts are used. Work on single chunks is kept apart from what couples them, so that
 * threads may share it out: members 0, 1, .. each have scratch of their own. Where there is a
 * chunk, x begins at it, and the trained outputs stand after the last one's. Internal to solver/.
 */
#ifndef ORDPAR_NEWTON_SHIFTS_H
#define ORDPAR_NEWTON_SHIFTS_H

#include "base/split_complex.h"
#include "solver/steps/newton.h"

#include <complex.h>

typedef struct ordpar_newton_shifts ordpar_newton_shifts;

/** Whether states of this kind have such solves. */
bool ordpar_newton_shifts_exist(const ordpar_state *state);

/** Up to `most` complex gamma. newton is kept by reference, must outlive it and not be wide. NULL
 * if out of memory. */
ordpar_newton_shifts *ordpar_newton_shifts_create(ordpar_newton *newton, size_t most,
                                                  size_t members);
void ordpar_newton_shifts_free(ordpar_newton_shifts *shifts);

/** Bytes that ordpar_newton_shifts_create takes for these sizes, but for scratch. */
double ordpar_newton_shifts_bytes(const ordpar_network *network, size_t L, size_t most);

/** The flow, with a member's scratch, and a matrix [(K+M)^2] of scratch. */
ordpar_flow ordpar_newton_shifts_flow(const ordpar_newton_shifts *shifts, size_t member);
double *ordpar_newton_shifts_scratch(const ordpar_newton_shifts *shifts, size_t member);

/** Numbers of the sums over chunks below, those of a solve for each system. */
size_t ordpar_newton_shifts_setup_sums(const ordpar_newton_shifts *shifts);
size_t ordpar_newton_shifts_solve_sums(const ordpar_newton_shifts *shifts);

/** A setup: what does not depend on single blocks, with the covariance c of the fields; a chunk's
 * part of the sums at the state y, added to them; the matrices of all chunks' sums. False if one is
 * singular or not finite. */
bool ordpar_newton_shifts_begin(ordpar_newton_shifts *shifts, double gamma, size_t count,
                                const double complex *gammas, const double *c,
                                ordpar_coefficient_work *work);
void ordpar_newton_shifts_sum(const ordpar_newton_shifts *shifts, size_t member, ordpar_chunk chunk,
                              const double *y, double *sums);
bool ordpar_newton_shifts_factorise(ordpar_newton_shifts *shifts, const double *sums);

/** out = (1 - gamma_k J)^-1 x: a chunk's part of the sums, added to them; what all chunks' sums,
 * which are overwritten, say of the coupling; the solution of a chunk; out may be x. */
void ordpar_newton_shifts_add(const ordpar_newton_shifts *shifts, size_t member, ordpar_chunk chunk,
                              size_t k, ordpar_split x, double *sums);
void ordpar_newton_shifts_couple(ordpar_newton_shifts *shifts, size_t k, double *sums);
void ordpar_newton_shifts_finish(const ordpar_newton_shifts *shifts, size_t member,
                                 ordpar_chunk chunk, size_t k, ordpar_split x, ordpar_split out);

#endif
