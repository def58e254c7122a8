// SPDX-License-Identifier: GPL-3.0-or-later
/** Minima of a function of a few numbers in the unit cube, without derivatives. Internal. */
#ifndef ORDPAR_SIMPLEX_H
#define ORDPAR_SIMPLEX_H

#include "base/status.h"

#include <stddef.h>

enum { ORDPAR_SIMPLEX_MOST = 3 };

/** f(x[count]); DIVERGED and NUMERICAL count as infinite, other errors end the search. */
typedef ordpar_status (*ordpar_simplex_function)(void *context, const double *x, double *f,
                                                 ordpar_error *err);

/**
 * The least of `also`[count], which may be NULL, and a few points spread over the cube, and from
 * there downhill by the method of Nelder and Mead until f differs by less than tolerance over the
 * simplex, and again from there while that gains as much. count: 1 to 3. Errors: those of the
 * function; NUMERICAL where f is finite nowhere.
 */
ordpar_status ordpar_simplex_minimise(ordpar_simplex_function function, void *context, size_t count,
                                      const double *also, double tolerance, double *x, double *f,
                                      ordpar_error *err);

#endif
