// SPDX-License-Identifier: GPL-3.0-or-later
/** The loops of an activation's file, the same for all. Internal to solver/. */
#ifndef ORDPAR_ACTIVATION_LOOPS_H
#define ORDPAR_ACTIVATION_LOOPS_H

#include "vector_math.h"

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

#endif
