// SPDX-License-Identifier: GPL-3.0-or-later
/** The ladder of tolerances: relative errors in units of the double's epsilon. */
#ifndef ORDPAR_TEST_TOLERANCES_H
#define ORDPAR_TEST_TOLERANCES_H

#include <float.h>

#define TOL_EXACT (4 * DBL_EPSILON)       /* a few roundings */
#define TOL_TIGHT (64 * DBL_EPSILON)      /* a short formula */
#define TOL_SUM (1024 * DBL_EPSILON)      /* a sum, a small linear solve */
#define TOL_LOOSE (1 << 16) * DBL_EPSILON /* a chain of these, some cancellation */
#define TOL_QUADRATURE 1e-11 /* a product rule with enough nodes for smooth functions */
#define TOL_FIT 1e-9         /* averages of activations that are fits to 1e-10 */
#define TOL_DIFFERENCE 1e-7  /* a central finite difference */

#endif
