// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif

double *ordpar_aligned_array(size_t count) {
    enum { CACHE_LINE = 64 };
    const size_t bytes = ordpar_whole_lines(count ? count : 1) * sizeof(double);
    double *array = bytes / sizeof(double) >= count ? aligned_alloc(CACHE_LINE, bytes) : NULL;
    if (array)
        memset(array, 0, bytes);
    return array;
}

VECTORISED double ordpar_dot(size_t n, const double *x, const double *y) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; k++)
        sum += x[k] * y[k];
    return sum;
}

VECTORISED double ordpar_weighted_square(size_t n, const double *x, const double *w) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; k++)
        sum += x[k] * w[k] * (x[k] * w[k]);
    return sum;
}

VECTORISED void ordpar_combine(size_t n, double a, const double *x, double b, const double *y,
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

VECTORISED void ordpar_add_scaled(size_t n, double a, const double *y, bool accumulate, double *x) {
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

VECTORISED void ordpar_multiply(size_t n, const double *w, double *x) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        x[k] *= w[k];
}

VECTORISED void ordpar_add_pair(size_t n, double a, const double *w, const double *x,
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

VECTORISED void ordpar_damping(size_t n, double a, const double *w, double *z) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        z[k] = 1 / (1 + a * w[k]);
}
