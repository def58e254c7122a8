// SPDX-License-Identifier: GPL-3.0-or-later
/** Closed forms of erf networks: plateau, escape, specialised phase. Internal to precision/. */
#ifndef ORDPAR_PRECISION_ERF_FORMS_H
#define ORDPAR_PRECISION_ERF_FORMS_H

#include "precision/mp_closed_form.h"
#include "precision/problem.h"

/** Checks the units and output weights that a form needs. Errors: INVALID. */
ordpar_status ordpar_mp_erf_forms_check(ordpar_mp_closed_form_id id, const ordpar_mp_model *model,
                                        ordpar_error *err);

/** [7.1]: Q, R, eps_g. */
void ordpar_mp_plateau(const ordpar_mp_problem *problem, mpfr_t *values);

/** [7.2]: rate, 1/rate. */
void ordpar_mp_escape(const ordpar_mp_problem *problem, mpfr_t *values);

/** [7.6] at lowest order in eta: eps_g[k*stride] of the grid's rows. Errors: INTERRUPTED. */
ordpar_status ordpar_mp_asymptotic(const ordpar_mp_problem *problem, const ordpar_mp_grid *grid,
                                   const ordpar_mp_options *options, mpfr_t *eps_g, size_t stride,
                                   ordpar_error *err);

/** [7.8]; for a linear network [6.4]. */
void ordpar_mp_critical_eta(const ordpar_mp_problem *problem, mpfr_t eta_c);

#endif
