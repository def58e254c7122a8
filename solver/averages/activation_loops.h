// SPDX-License-Identifier: GPL-3.0-or-later
/** The loops of an activation's file, the same for all. Internal to solver/. */
#ifndef ORDPAR_ACTIVATION_LOOPS_H
#define ORDPAR_ACTIVATION_LOOPS_H

#include "base/vector_math.h"
#include "base/vectorise.h"
#include "solver/averages/activation.h"

#include <math.h>
#include <stddef.h>

/** Defines evaluate, as ordpar_activation has it, from the functions g and dg of the file. */
#define ORDPAR_DEFINE_EVALUATE                                                                     \
    ORDPAR_VECTORISED_VOID(                                                                        \
        static, evaluate,                                                                          \
        (const ordpar_activation *self, size_t count, const double *x, double *y, double *dy),     \
        (self, count, x, y, dy)) {                                                                 \
        (void)self;                                                                                \
        const size_t wanted = dy ? count : 0;                                                      \
        _Pragma("omp simd") for (size_t k = 0; k < wanted; k++) dy[k] = dg(x[k]);                  \
        _Pragma("omp simd") for (size_t k = 0; k < count; k++) y[k] = g(x[k]);                     \
    }

/** Numbers that evaluate_block of a file takes at most, for its arrays. */
enum { ORDPAR_ACTIVATION_BLOCK = 256 };

/** Defines evaluate from evaluate_block of the file, which does the same for a block. */
#define ORDPAR_DEFINE_FROM_BLOCKS                                                                  \
    static void evaluate(const ordpar_activation *self, size_t count, const double *x, double *y,  \
                         double *dy) {                                                             \
        (void)self;                                                                                \
        const size_t block = ORDPAR_ACTIVATION_BLOCK;                                              \
        for (size_t k = 0; k < count; k += block)                                                  \
            evaluate_block(count - k < block ? count - k : block, x + k, y + k,                    \
                           dy ? dy + k : NULL);                                                    \
    }

#endif
