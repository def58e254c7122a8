// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = tanh x, averages by quadrature. [12.13] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/quadrature.h"

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    if (dy) {
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = -2 * fabs(x[k]);
        ordpar_vector_exp(count, dy, dy);
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = 4 * dy[k] / ((1 + dy[k]) * (1 + dy[k]));
    }
    ordpar_vector_tanh(count, x, y);
}

ORDPAR_DEFINE_FROM_BLOCKS

ORDPAR_VECTORISED_VOID(static, derivatives,
                       (int highest, size_t count, const double *x, double *const *d),
                       (highest, count, x, d)) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
    ordpar_vector_tanh(count, x, d0);
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double t = d0[k], s = 1 - t * t;
        d1[k] = s;
        d2[k] = -2 * t * s;
        d3[k] = (6 * t * t - 2) * s;
        d4[k] = (16 - 24 * t * t) * t * s;
    }
}

static const ordpar_smooth_function smooth = {.derivatives = derivatives,
                                              .strip = M_PI / 2 /* the poles are at i pi/2 */};

ORDPAR_DEFINE_QUADRATURE(smooth)

const ordpar_activation ordpar_activation_tanh = {.name = "tanh",
                                                  .g = g,
                                                  .dg = dg,
                                                  .evaluate = evaluate,
                                                  .parity = -1,
                                                  .gg = gg,
                                                  .dg_dg = dg_dg,
                                                  .ddg_g = ddg_g,
                                                  .smooth = &smooth};
