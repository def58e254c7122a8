// SPDX-License-Identifier: GPL-3.0-or-later
/** eps_g against alpha in arbitrary precision. */
#ifndef ORDPAR_MP_CURVE_H
#define ORDPAR_MP_CURVE_H

#include "base/declarations.h"
#include "precision/mp_model.h"

ORDPAR_DECLARATIONS_BEGIN

/**
 * Integrates the equations of motion over the grid: result holds alpha, eps_g of each row, all to
 * options->digits right digits.
 * representation: MOMENTS (every block trained), BLOCKS, IMPLICIT, or EXPONENTIAL (linear
 * activation). A start whose students compute the teacher's function exactly has eps_g = 0.
 * Errors: INVALID, MEMORY, INTERRUPTED, NUMERICAL (naming alpha). The caller clears *result; it is
 * untouched on failure.
 */
ordpar_status ordpar_mp_curve(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                              ordpar_mp_representation representation,
                              const ordpar_mp_options *options, ordpar_mp_result *result,
                              ordpar_error *err);

/**
 * The same integration once, in numbers of so many bits, without any control of its error:
 * eps_g[count] of the rows. 53 bits show what the representation does in double precision.
 * A value that is not finite becomes NAN. Errors: INVALID, MEMORY, INTERRUPTED.
 */
ordpar_status ordpar_mp_curve_at(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                                 ordpar_mp_representation representation, long bits,
                                 const ordpar_mp_options *options, double *eps_g,
                                 ordpar_error *err);

/** Rough costs of an integration with so many working digits, of any number. */
typedef struct {
    double bytes;               /**< of memory */
    double seconds_per_step;    /**< of the integration */
    double seconds_per_product; /**< of two numbers */
} ordpar_mp_cost;

/** The costs for a model with so many working digits; representation: MOMENTS, BLOCKS or IMPLICIT.
 */
ordpar_mp_cost ordpar_mp_curve_cost(const ordpar_mp_model *model,
                                    ordpar_mp_representation representation, double digits);

/**
 * log10 of the condition number of the map from blocks to moments [9.4]: about the digits that the
 * closure of the hierarchy loses. Errors: MEMORY, INVALID.
 */
ordpar_status ordpar_mp_closure_condition(const ordpar_mp_spectrum *spectrum,
                                          double *log10_condition, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
