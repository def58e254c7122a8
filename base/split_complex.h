// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Loops over complex numbers that are kept as two arrays, real and imaginary parts, compiled for
 * several vector widths (vectorise.h). Internal to solver/.
 */
#ifndef ORDPAR_SPLIT_COMPLEX_H
#define ORDPAR_SPLIT_COMPLEX_H

#include <stddef.h>

/** re + i im of finite numbers; C11's macro for it is missing where the compiler is none of the
 * library's. */
#define ORDPAR_COMPLEX(re, im) ((re) + (im)*_Complex_I)

/** x[n] in two arrays, or one number. */
typedef struct {
    double *re, *im;
} ordpar_split;

/** z = 1 / (1 + (re + i im) (a w + b d)) */
void ordpar_split_damping(size_t n, double re, double im, double a, const double *w, double b,
                          const double *d, ordpar_split z);

/** x <- (re + i im) x */
void ordpar_split_scale(size_t n, double re, double im, ordpar_split x);

/** x <- w x */
void ordpar_split_multiply(size_t n, ordpar_split w, ordpar_split x);

/** z += (re + i im) w (x + y) */
void ordpar_split_add_pair(size_t n, double re, double im, const double *w, ordpar_split x,
                           ordpar_split y, ordpar_split z);

#endif
