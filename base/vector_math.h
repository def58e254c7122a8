// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Functions of <math.h> of count numbers, y[k] = f(x[k]); y may be x. In vectors where the C
 * library has them (libmvec of glibc 2.35, to 4 units in the last place); one number alone is
 * always that of <math.h>.
 */
#ifndef ORDPAR_VECTOR_MATH_H
#define ORDPAR_VECTOR_MATH_H

#include <stddef.h>

void ordpar_vector_atan(size_t count, const double *x, double *y);
void ordpar_vector_erf(size_t count, const double *x, double *y);
void ordpar_vector_erfc(size_t count, const double *x, double *y);
void ordpar_vector_exp(size_t count, const double *x, double *y);
void ordpar_vector_log1p(size_t count, const double *x, double *y);
void ordpar_vector_tanh(size_t count, const double *x, double *y);

#endif
