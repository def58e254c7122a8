// SPDX-License-Identifier: GPL-3.0-or-later
/** The loops that a simulated step is made of. Internal to validation/. */
#ifndef ORDPAR_FIELDS_H
#define ORDPAR_FIELDS_H

#include <stddef.h>

/** Numbers that a vector of the widest kind holds; arrays of fields are padded to multiples. */
enum { ORDPAR_FIELDS_GROUP = 8 };

static inline size_t ordpar_fields_round(size_t count) {
    const size_t group = ORDPAR_FIELDS_GROUP;
    return (count + group - 1) / group * group;
}

/** out[a] = sum_k W[a][k] x[k] for a < rows, k < count; W has the row stride `stride`. */
void ordpar_fields_project(size_t rows, size_t count, const double *W, size_t stride,
                           const double *x, double *out);

/** W[i][k] += c[i] x[k] for i < rows, k < count. */
void ordpar_fields_update(size_t rows, size_t count, const double *c, const double *x, double *W,
                          size_t stride);

/** W[i][k] *= factor for i < rows, k < count. */
void ordpar_fields_scale(size_t rows, size_t count, double factor, double *W, size_t stride);

/**
 * x[i] += sum_s weight[s] c[s][i] for s < count, i < width; width is a multiple of the group and
 * the row stride of c.
 */
void ordpar_fields_accumulate(size_t count, size_t width, const double *weight, const double *c,
                              double *x);

#endif
