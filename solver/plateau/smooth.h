// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A learning curve in logarithms, with the scatter of simulated runs taken out by local straight
 * lines that are as short as the scatter allows. Internal to solver/.
 */
#ifndef ORDPAR_SMOOTH_H
#define ORDPAR_SMOOTH_H

#include "solver/plateau/row_trees.h"

/** One allocation behind all arrays, count entries each. */
typedef struct {
    size_t count;
    double noise;  /**< standard deviation of the scatter of log eps_g; 0: a smooth curve */
    double *x;     /**< log alpha; NAN where alpha or eps_g is not positive */
    double *y;     /**< log eps_g; NAN likewise */
    double *level; /**< eps_g without scatter */
    double *slope; /**< d log eps_g / d log alpha between a row and the next; NAN where unknown */
    double *gaps;  /**< how many rows up to this one have no logarithm */
    ordpar_line_tree tree; /**< of x and y; empty for a smooth curve */
} ordpar_smooth_curve;

/** Errors: MEMORY. The caller clears *curve. */
ordpar_status ordpar_smooth_init(size_t count, const double *alpha, const double *eps_g,
                                 ordpar_smooth_curve *curve, ordpar_error *err);
void ordpar_smooth_clear(ordpar_smooth_curve *curve);

/** eps_g at row k by a longer line than level has: for places where the curve is flat. */
double ordpar_smooth_height(const ordpar_smooth_curve *curve, size_t k);

#endif
