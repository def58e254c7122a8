// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Linear activation without steps [9.5]. Per block, e_b = (1/N) |sum_i v_i J_i - sum_n w_n B_n|^2_b
 * obeys a linear system, a diagonal plus a rank one matrix; its eigenvalues are the roots of a
 * secular equation, and eps_g = (1/2) sum_b lambda_b e_b is a sum of exponentials. Internal to
 * precision/.
 */
#ifndef ORDPAR_PRECISION_EXPONENTIAL_H
#define ORDPAR_PRECISION_EXPONENTIAL_H

#include "problem.h"

/** eps_g[k*stride] of the grid's rows for any linear problem. Errors: MEMORY, INTERRUPTED. */
ordpar_status ordpar_mp_exponential(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                    const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                    ordpar_error *err);

/**
 * The linear system itself:
 *     d e_b / d alpha = -2 rate lambda_b e_b + rate^2 p_b lambda_b (sum_c lambda_c e_c + noise2)
 * for the blocks b < trained, the others at rest; without the second term if small.
 */
typedef struct {
    const ordpar_mp_eigen *eigen;
    size_t trained;
    bool small;
    mpfr_t *e;          /* [L] at alpha = 0 */
    mpfr_srcptr rate;   /* eta |v|^2 */
    mpfr_srcptr noise2; /* s^2 */
} ordpar_mp_linear;

ordpar_status ordpar_mp_linear_curve(const ordpar_mp_linear *linear, const ordpar_mp_grid *grid,
                                     const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                     ordpar_error *err);

#endif
