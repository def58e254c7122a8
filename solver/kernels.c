// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels.h"

#include "vectorise.h"

#include <stdlib.h>
#include <string.h>

double *ordpar_aligned_array(size_t count) {
    enum { CACHE_LINE = 64 };
    const size_t bytes = ordpar_whole_lines(count ? count : 1) * sizeof(double);
    double *array = bytes / sizeof(double) >= count ? aligned_alloc(CACHE_LINE, bytes) : NULL;
    if (array)
        memset(array, 0, bytes);
    return array;
}

ORDPAR_VECTORISE double ordpar_dot(size_t n, const double *x, const double *y) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; k++)
        sum += x[k] * y[k];
    return sum;
}

ORDPAR_VECTORISE double ordpar_weighted_square(size_t n, const double *x, const double *w) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; k++)
        sum += x[k] * w[k] * (x[k] * w[k]);
    return sum;
}

ORDPAR_VECTORISE void ordpar_combine(size_t n, double a, const double *x, double b, const double *y,
                                     bool accumulate, double *z) {
    if (accumulate) {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            z[k] += a * x[k] + b * y[k];
    } else {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            z[k] = a * x[k] + b * y[k];
    }
}

ORDPAR_VECTORISE void ordpar_add_scaled(size_t n, double a, const double *y, bool accumulate,
                                        double *x) {
    if (accumulate) {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            x[k] += a * y[k];
    } else {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            x[k] = a * y[k];
    }
}

ORDPAR_VECTORISE void ordpar_multiply(size_t n, const double *w, double *x) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        x[k] *= w[k];
}

ORDPAR_VECTORISE void ordpar_multiply_add(size_t n, const double *x, const double *y,
                                          bool accumulate, double *z) {
    if (accumulate) {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            z[k] += x[k] * y[k];
    } else {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            z[k] = x[k] * y[k];
    }
}

ORDPAR_VECTORISE void ordpar_add_pair(size_t n, double a, const double *w, const double *x,
                                      const double *y, bool accumulate, double *z) {
    if (accumulate) {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            z[k] += a * w[k] * (x[k] + y[k]);
    } else {
#pragma omp simd
        for (size_t k = 0; k < n; k++)
            z[k] = a * w[k] * (x[k] + y[k]);
    }
}

ORDPAR_VECTORISE void ordpar_damping(size_t n, double a, const double *w, double b, const double *d,
                                     double *z) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        z[k] = 1 / (1 + a * w[k] + b * d[k]);
}
