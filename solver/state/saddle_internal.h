// SPDX-License-Identifier: GPL-3.0-or-later
/** What saddle.c and saddle_directions.c share. */
#ifndef ORDPAR_SADDLE_INTERNAL_H
#define ORDPAR_SADDLE_INTERNAL_H

#include "solver/state/saddle.h"

/** The largest absolute weight of one unit over all tasks; weights[heads][count]. */
double ordpar_saddle_size_of(size_t heads, size_t count, const double *weights, size_t unit);

/** The largest absolute value of weights[count]. */
double ordpar_saddle_largest(size_t count, const double *weights);

/** Sets the next amplitude, and what rounding of it is of. */
void ordpar_saddle_add(ordpar_saddle *saddle, double amplitude, double scale);

/** Adds the amplitudes of an even activation at the covariance c of the fields. rows are spent. */
void ordpar_saddle_add_directions(ordpar_saddle *saddle, const double *c);

#endif
