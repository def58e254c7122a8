// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/kernels.h"

#include "base/vectorise.h"

#include <stdlib.h>
#include <string.h>

double *ordpar_unset_array(size_t count) {
    enum { CACHE_LINE = 64 };
    const size_t bytes = ordpar_whole_lines(count ? count : 1) * sizeof(double);
    return bytes / sizeof(double) >= count ? aligned_alloc(CACHE_LINE, bytes) : NULL;
}

double *ordpar_aligned_array(size_t count) {
    double *array = ordpar_unset_array(count);
    if (array)
        memset(array, 0, ordpar_whole_lines(count ? count : 1) * sizeof *array);
    return array;
}

/* Sums are made of several vectors, so that none waits for the one before; in the same order for
 * all widths. */
enum { LANES = 8, SUMS = 4 };
typedef double lanes __attribute__((vector_size(8 * LANES)));

static inline __attribute__((always_inline)) void add_product(const double *x, const double *y,
                                                              const bool squares, lanes *sum) {
    lanes a, b;
    memcpy(&a, x, sizeof a);
    memcpy(&b, y, sizeof b);
    a *= b;
    *sum += squares ? a * a : a;
}

typedef float singles __attribute__((vector_size(4 * LANES)));

static inline __attribute__((always_inline)) void add_single(const float *x, const double *y,
                                                             lanes *sum) {
    singles a;
    lanes b;
    memcpy(&a, x, sizeof a);
    memcpy(&b, y, sizeof b);
    *sum += __builtin_convertvector(a, lanes) * b;
}

static inline __attribute__((always_inline)) double all_of(const lanes sum[SUMS]) {
    const lanes all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    return ((all[0] + all[1]) + (all[2] + all[3])) + ((all[4] + all[5]) + (all[6] + all[7]));
}

/* sum (x y), or sum (x y)^2 */
static inline __attribute__((always_inline)) double add_up(size_t n, const double *x,
                                                           const double *y, const bool squares) {
    lanes sum[SUMS] = {0};
    double total = 0;
    size_t k = 0;
    for (; k + SUMS * LANES <= n; k += SUMS * LANES)
        for (size_t s = 0; s < SUMS; s++)
            add_product(x + k + s * LANES, y + k + s * LANES, squares, &sum[s]);
    for (; k + LANES <= n; k += LANES)
        add_product(x + k, y + k, squares, &sum[0]);
    for (; k < n; k++)
        total += squares ? x[k] * y[k] * (x[k] * y[k]) : x[k] * y[k];
    return total + all_of(sum);
}

ORDPAR_VECTORISED(extern, double, ordpar_dot, (size_t n, const double *x, const double *y),
                  (n, x, y)) {
    return add_up(n, x, y, false);
}

ORDPAR_VECTORISED(extern, double, ordpar_dot_single, (size_t n, const float *x, const double *y),
                  (n, x, y)) {
    lanes sum[SUMS] = {0};
    double total = 0;
    size_t k = 0;
    for (; k + SUMS * LANES <= n; k += SUMS * LANES)
        for (size_t s = 0; s < SUMS; s++)
            add_single(x + k + s * LANES, y + k + s * LANES, &sum[s]);
    for (; k < n; k++)
        total += (double)x[k] * y[k];
    return total + all_of(sum);
}

ORDPAR_VECTORISED(extern, double, ordpar_weighted_square,
                  (size_t n, const double *x, const double *w), (n, x, w)) {
    return add_up(n, x, w, true);
}

ORDPAR_VECTORISED_VOID(extern, ordpar_combine,
                       (size_t n, double a, const double *x, double b, const double *y,
                        bool accumulate, double *z),
                       (n, a, x, b, y, accumulate, z)) {
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

ORDPAR_VECTORISED_VOID(extern, ordpar_add_scaled,
                       (size_t n, double a, const double *y, bool accumulate, double *x),
                       (n, a, y, accumulate, x)) {
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

ORDPAR_VECTORISED_VOID(extern, ordpar_multiply, (size_t n, const double *w, double *x), (n, w, x)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        x[k] *= w[k];
}

ORDPAR_VECTORISED_VOID(extern, ordpar_multiply_add,
                       (size_t n, const double *x, const double *y, bool accumulate, double *z),
                       (n, x, y, accumulate, z)) {
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

ORDPAR_VECTORISED_VOID(extern, ordpar_add_pair,
                       (size_t n, double a, const double *w, const double *x, const double *y,
                        bool accumulate, double *z),
                       (n, a, w, x, y, accumulate, z)) {
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

ORDPAR_VECTORISED_VOID(extern, ordpar_damping,
                       (size_t n, double a, const double *w, double b, const double *d, double *z),
                       (n, a, w, b, d, z)) {
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        z[k] = 1 / (1 + a * w[k] + b * d[k]);
}
