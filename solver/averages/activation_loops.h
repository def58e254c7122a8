// SPDX-License-Identifier: GPL-3.0-or-later
/** The loops of an activation's file, the same for all. Internal to solver/. */
#ifndef ORDPAR_ACTIVATION_LOOPS_H
#define ORDPAR_ACTIVATION_LOOPS_H

#include "base/vector_math.h"
#include "base/vectorise.h"

#include <math.h>
#include <stddef.h>

/** Defines evaluate, as ordpar_activation has it, from the functions g and dg of the file. */
#define ORDPAR_DEFINE_EVALUATE                                                                     \
    ORDPAR_VECTORISED_VOID(static, evaluate,                                                       \
                           (size_t count, const double *x, double *y, double *dy),                 \
                           (count, x, y, dy)) {                                                    \
        const size_t wanted = dy ? count : 0;                                                      \
        _Pragma("omp simd") for (size_t k = 0; k < wanted; k++) dy[k] = dg(x[k]);                  \
        _Pragma("omp simd") for (size_t k = 0; k < count; k++) y[k] = g(x[k]);                     \
    }

/** Numbers that evaluate_block of a file takes at most, for its arrays. */
enum { ORDPAR_ACTIVATION_BLOCK = 256 };

/** Defines evaluate, g and dg from evaluate_block of the file, which does the same for a block. */
#define ORDPAR_DEFINE_FROM_BLOCKS                                                                  \
    static void evaluate(size_t count, const double *x, double *y, double *dy) {                   \
        const size_t block = ORDPAR_ACTIVATION_BLOCK;                                              \
        for (size_t k = 0; k < count; k += block)                                                  \
            evaluate_block(count - k < block ? count - k : block, x + k, y + k,                    \
                           dy ? dy + k : NULL);                                                    \
    }                                                                                              \
    static double g(double x) {                                                                    \
        double y;                                                                                  \
        evaluate_block(1, &x, &y, NULL);                                                           \
        return y;                                                                                  \
    }                                                                                              \
    static double dg(double x) {                                                                   \
        double y, dy;                                                                              \
        evaluate_block(1, &x, &y, &dy);                                                            \
        return dy;                                                                                 \
    }

#endif
