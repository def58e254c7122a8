// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * <math.h>, with the functions that the C library also has in vector form (libmvec, to 4 units in
 * the last place) declared so that a vectorised loop uses them.
 */
#ifndef ORDPAR_VECTOR_MATH_H
#define ORDPAR_VECTOR_MATH_H

#include "vectorise.h"

#include <math.h>

#ifdef ORDPAR_VECTOR_MATH
ORDPAR_VECTOR_MATH double erf(double);
ORDPAR_VECTOR_MATH double erfc(double);
ORDPAR_VECTOR_MATH double exp(double);
ORDPAR_VECTOR_MATH double log1p(double);
ORDPAR_VECTOR_MATH double tanh(double);
#endif

#endif
