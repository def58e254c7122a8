// SPDX-License-Identifier: GPL-3.0-or-later
/** Steps on batches that are a fraction of N: a map, which is exact [13.10]. Internal to solver/.
 */
#ifndef ORDPAR_ITERATE_H
#define ORDPAR_ITERATE_H

#include "solver/steps/integrate.h"

/**
 * ordpar_integrate for a network with a batch fraction: a row's state is that after the whole
 * number of steps nearest to its alpha. The arguments have been checked. Errors: INVALID (too many
 * steps), MEMORY, DIVERGED, NUMERICAL, INTERRUPTED, and what the observer returns.
 */
ordpar_status ordpar_iterate(const ordpar_spectrum *spectrum, const ordpar_network *network,
                             ordpar_overlaps *state, const double *alpha, size_t count,
                             const ordpar_integrate_options *options, ordpar_integrate_stats *stats,
                             ordpar_error *err);

#endif
