// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * <math.h>, with the functions that the C library also has in vector form (libmvec, to 4 units in
 * the last place) declared so that a vectorised loop uses them.
 */
#ifndef ORDPAR_VECTOR_MATH_H
#define ORDPAR_VECTOR_MATH_H

#include "vectorise.h"

#include <math.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 35)
__attribute__((simd("notinbranch"))) double erf(double);
__attribute__((simd("notinbranch"))) double erfc(double);
__attribute__((simd("notinbranch"))) double exp(double);
__attribute__((simd("notinbranch"))) double log1p(double);
__attribute__((simd("notinbranch"))) double tanh(double);
#endif
#endif

#endif
