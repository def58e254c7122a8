// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Linear activation without steps [9.5]. Per block, e_b = (1/N) |sum_i v_i J_i - sum_n w_n B_n|^2_b
 * obeys a linear system, a diagonal plus a rank one matrix; its eigenvalues are the roots of a
 * secular equation, and eps_g = (1/2) sum_b lambda_b e_b is a sum of exponentials. Internal to
 * precision/.
 */
#ifndef ORDPAR_PRECISION_EXPONENTIAL_H
#define ORDPAR_PRECISION_EXPONENTIAL_H

#include "precision/problem.h"

/** The learning rate of the collective student, eta sum_i v_i^2. */
void ordpar_mp_effective_eta(const ordpar_mp_problem *problem, mpfr_t eta);

/** e_b at the start. */
void ordpar_mp_block_error(const ordpar_mp_problem *problem, size_t b, mpfr_t e);

/** eps_g[k*stride] of the grid's rows for any linear problem. Errors: MEMORY, INTERRUPTED. */
ordpar_status ordpar_mp_exponential(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                    const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                    ordpar_error *err);

#endif
