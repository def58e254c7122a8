// SPDX-License-Identifier: GPL-3.0-or-later
/** What runs at this N do otherwise than the equations of motion, as facts. Internal. */
#ifndef ORDPAR_FINITE_N_H
#define ORDPAR_FINITE_N_H

#include "model/parts.h"

/** Linear units: the factor between the mean over runs and the equations where r_N takes the place
 * of eta/eta_c [6.11], if it is more than the promise of `rtol`. */
void ordpar_finite_n_ratio_fact(const ordpar_model *model, const ordpar_parts *parts,
                                ordpar_table *t);

/** Linear units on Gaussian inputs: that the mean over runs diverges, r_N >= 1 [6.12]. */
void ordpar_finite_n_divergence_fact(const ordpar_parts *parts, ordpar_table *t);

/**
 * Students that the equations part and runs at this N do not [12.15] before alpha = 1. At
 * parts->start, before it is integrated. Errors: MEMORY.
 */
ordpar_status ordpar_finite_n_parting_fact(const ordpar_parts *parts, ordpar_table *t,
                                           ordpar_error *err);

#endif
