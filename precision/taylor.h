// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Integration by Taylor series [9.1]: of an order that grows with the digits, with steps chosen so
 * that the last two terms are below the tolerance, and rows evaluated inside the steps.
 * Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_TAYLOR_H
#define ORDPAR_PRECISION_TAYLOR_H

#include "precision/problem.h"

/** Order of the series that suits a tolerance of 10^-digits: the least work for an alpha. */
size_t ordpar_mp_taylor_order(long digits);

/**
 * Integrates over the grid and writes eps_g[count]. The state's numbers have the problem's bits;
 * the local error is 10^-tolerance_digits of the largest entry of each group.
 * steps receives their number. Errors: MEMORY, INTERRUPTED, NUMERICAL (naming alpha).
 */
ordpar_status ordpar_mp_taylor(const ordpar_mp_problem *problem,
                               ordpar_mp_representation representation, const ordpar_mp_grid *grid,
                               long tolerance_digits, const ordpar_mp_options *options,
                               mpfr_t *eps_g, size_t stride, long *steps, ordpar_error *err);

#endif
