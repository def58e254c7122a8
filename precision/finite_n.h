// SPDX-License-Identifier: GPL-3.0-or-later
/** The linear network at finite N, step by step [6.5]. Internal to precision/. */
#ifndef ORDPAR_PRECISION_FINITE_N_H
#define ORDPAR_PRECISION_FINITE_N_H

#include "precision/problem.h"

/** Refuses a grid whose last row is too many steps away. Errors: INVALID. */
ordpar_status ordpar_mp_finite_n_check(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                                       ordpar_error *err);

/** eps_g[k*stride] after the whole number of steps nearest to alpha N. Errors: MEMORY, INTERRUPTED.
 */
ordpar_status ordpar_mp_finite_n(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                 const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                 ordpar_error *err);

#endif
