// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Integration by implicit steps, collocation at the nodes of Radau IIA [9.8], for spectra whose
 * eigenvalues span decades: a step has the length of what still moves, not of the fastest mode.
 * Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_COLLOCATION_H
#define ORDPAR_PRECISION_COLLOCATION_H

#include "precision/problem.h"

/** Stages that suit a tolerance of 10^-digits. */
size_t ordpar_mp_collocation_stages(long tolerance_digits);

/**
 * Integrates the blocks over the grid and writes eps_g[count]. The equations of a step are solved
 * to 10^-working_digits of the largest entry of each group; the last coefficient of the
 * polynomial is 10^-tolerance_digits of the largest change of each group in the step. So the error
 * is relative to the distance from where the solution ends, however small that is.
 * steps receives their number. Errors: MEMORY, INTERRUPTED, NUMERICAL (naming alpha).
 */
ordpar_status ordpar_mp_collocation(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                    long working_digits, long tolerance_digits,
                                    const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                    long *steps, ordpar_error *err);

#endif
