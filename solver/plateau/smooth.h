// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A learning curve in logarithms, with the scatter of simulated runs taken out by local straight
 * lines that are as short as the scatter allows. Internal to solver/.
 */
#ifndef ORDPAR_SMOOTH_H
#define ORDPAR_SMOOTH_H

#include "base/status.h"

#include <stddef.h>

/** One allocation behind all arrays, count entries each. */
typedef struct {
    size_t count;
    double noise;  /**< standard deviation of the scatter of log eps_g; 0: a smooth curve */
    double *x;     /**< log alpha; NAN where alpha or eps_g is not positive */
    double *y;     /**< log eps_g; NAN likewise */
    double *level; /**< eps_g without scatter */
    double *slope; /**< d log eps_g / d log alpha between a row and the next; NAN where unknown */
} ordpar_smooth_curve;

/** Errors: MEMORY. The caller clears *curve. */
ordpar_status ordpar_smooth_init(size_t count, const double *alpha, const double *eps_g,
                                 ordpar_smooth_curve *curve, ordpar_error *err);
void ordpar_smooth_clear(ordpar_smooth_curve *curve);

/** eps_g at row k by a longer line than level has: for places where the curve is flat. */
double ordpar_smooth_height(const ordpar_smooth_curve *curve, size_t k);

/** A straight line through points (x, y), its sums taken about an origin. */
typedef struct {
    double x0, y0, n, x, xx, y, xy;
} ordpar_line_sums;

void ordpar_line_add(ordpar_line_sums *sums, double x, double y);
/** sum of (x - mean)^2, and the slope. */
double ordpar_line_spread(const ordpar_line_sums *sums);
double ordpar_line_slope(const ordpar_line_sums *sums);

#endif
