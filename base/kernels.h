// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The loops over contiguous numbers that everything else is made of, compiled for several vector
 * widths and chosen when the program starts. Outputs may be the same array as an input, but must
 * not overlap it otherwise. Internal to solver/.
 */
#ifndef ORDPAR_KERNELS_H
#define ORDPAR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/** count zeros that begin on a cache line, which the loops below like; NULL if out of memory. Free
 * with free. */
double *ordpar_aligned_array(size_t count);

/** The same without the zeros: what is never written takes no memory where arrays are large. */
double *ordpar_unset_array(size_t count);

/** Rounded up to whole cache lines. */
static inline size_t ordpar_whole_lines(size_t count) {
    return (count + 7) / 8 * 8;
}

/** Arrays that lie one after the other: the next `count` numbers from base + *offset on, and the
 * offset of the cache line after them. With a NULL base it only counts. */
static inline double *ordpar_take(double *base, size_t *offset, size_t count) {
    double *place = base ? base + *offset : NULL;
    *offset += ordpar_whole_lines(count);
    return place;
}

/** sum_k x_k y_k */
double ordpar_dot(size_t n, const double *x, const double *y);

/** The same with an x of half the width, summed in double precision. */
double ordpar_dot_single(size_t n, const float *x, const double *y);

/** sum_k (x_k w_k)^2 */
double ordpar_weighted_square(size_t n, const double *x, const double *w);

/** z += a x + b y, or z = a x + b y if not accumulate */
void ordpar_combine(size_t n, double a, const double *x, double b, const double *y, bool accumulate,
                    double *z);

/** x += a y, or x = a y if not accumulate */
void ordpar_add_scaled(size_t n, double a, const double *y, bool accumulate, double *x);

/** x *= w */
void ordpar_multiply(size_t n, const double *w, double *x);

/** z += x y, or z = x y if not accumulate */
void ordpar_multiply_add(size_t n, const double *x, const double *y, bool accumulate, double *z);

/** z += a w (x + y), or z = a w (x + y) if not accumulate */
void ordpar_add_pair(size_t n, double a, const double *w, const double *x, const double *y,
                     bool accumulate, double *z);

/** z = 1 / (1 + a w + b d) */
void ordpar_damping(size_t n, double a, const double *w, double b, const double *d, double *z);

#endif
