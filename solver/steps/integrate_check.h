// SPDX-License-Identifier: GPL-3.0-or-later
/** What an integration asks of its model, start, grid and options, and what it leaves for another
 * that goes on. Internal to solver/. */
#ifndef ORDPAR_INTEGRATE_CHECK_H
#define ORDPAR_INTEGRATE_CHECK_H

#include "solver/state/saddle.h"
#include "solver/steps/integrate.h"

/** The deviations that the caller starts from, if it has some; else NULL. */
const ordpar_deviations *ordpar_integrate_deviations(const ordpar_integrate_options *options);

/** Sets kept->saddles to what has been seen of saddles. Errors: MEMORY. */
ordpar_status ordpar_deviations_keep_saddles(ordpar_deviations *kept, const ordpar_saddle *saddle,
                                             ordpar_error *err);

/** Errors: INVALID, with what is wrong. The network itself has been checked. */
ordpar_status ordpar_integrate_check(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     const ordpar_overlaps *state, const double *alpha,
                                     size_t count, const ordpar_integrate_options *options,
                                     ordpar_error *err);

#endif
