// SPDX-License-Identifier: GPL-3.0-or-later
/** What the closure of the hierarchy of moments costs in digits. */
#ifndef ORDPAR_MP_MAP_H
#define ORDPAR_MP_MAP_H

#include "base/declarations.h"
#include "precision/mp_model.h"

ORDPAR_DECLARATIONS_BEGIN

/** What the closure costs for one spectrum. */
typedef struct {
    double log10_condition; /**< of the map from blocks to moments [9.4] */
    double digits_lost;     /**< measured: working digits less right ones; >= 0 */
    long bits; /**< working precision for the wanted digits: those, the lost and guard */
    double
        double_error; /**< largest relative error of eps_g with 53 bits; INFINITY if not finite */
} ordpar_mp_map_row;

/**
 * Integrates the hierarchy of a linear model over the grid, once with ample working digits and once
 * with 53 bits, and compares eps_g with the exact exponentials [9.5].
 * Errors: INVALID (also where the model is not linear), MEMORY, INTERRUPTED, NUMERICAL.
 */
ordpar_status ordpar_mp_map(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                            const ordpar_mp_options *options, ordpar_mp_map_row *row,
                            ordpar_error *err);

/** (x - y) / y for a double and a number as text; INFINITY if y is 0 and x is not. */
double ordpar_mp_relative_error(double x, const char *y);

ORDPAR_DECLARATIONS_END

#endif
