// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Minima of a smooth function of x[count] in the box 0 <= x <= high: a quasi-Newton method with
 * limited memory whose steps are projected on the box; where a bound holds x against the gradient,
 * x stays out of the step. Internal to the project.
 */
#ifndef ORDPAR_BOUNDED_H
#define ORDPAR_BOUNDED_H

#include "base/status.h"

#include <stddef.h>

/** A function; context is handed to all of them. */
typedef struct {
    size_t count;
    double high;
    void *context;
    /** f(x). DIVERGED and NUMERICAL count as infinite, but where the search begins; other errors
     * end it. */
    ordpar_status (*value)(void *context, const double *x, double *f, ordpar_error *err);
    /** Its gradient at the x of the last value, and a guess of its second derivatives, >= 0. */
    ordpar_status (*gradient)(void *context, double *gradient, double *curvature,
                              ordpar_error *err);
    /** Called after each step; may be NULL. */
    void (*tell)(void *context, int steps, double f);
} ordpar_bounded;

/**
 * From x on; x and *f become those of the minimum. Ends where three steps have made less than
 * tolerance of f, after `most` steps, or where no step makes it less. Errors: those of the
 * function, MEMORY; x is then the best so far.
 */
ordpar_status ordpar_bounded_minimise(const ordpar_bounded *function, double tolerance, int most,
                                      double *x, double *f, int *steps, ordpar_error *err);

#endif
