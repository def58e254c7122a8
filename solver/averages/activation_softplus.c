// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = log(1 + e^x), averages by quadrature. [12.13] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/quadrature.h"

static double value(double x) {
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    if (dy) {
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = -x[k];
        ordpar_vector_exp(count, dy, dy);
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = 1 / (1 + dy[k]);
    }
    for (size_t k = 0; k < count; k++)
        y[k] = value(x[k]);
}

ORDPAR_DEFINE_FROM_BLOCKS

static void derivatives(int highest, size_t count, const double *x, double *const *d) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
    for (size_t k = 0; k < count; k++) {
        const double s = 1 / (1 + exp(-x[k])), p = s * (1 - s);
        d0[k] = value(x[k]);
        d1[k] = s;
        d2[k] = p;
        d3[k] = p * (1 - 2 * s);
        d4[k] = p * (1 - 6 * p);
    }
}

static const ordpar_smooth_function smooth = {.derivatives = derivatives,
                                              .strip = M_PI /* the branch points are at i pi */};

ORDPAR_DEFINE_QUADRATURE(smooth)

const ordpar_activation ordpar_activation_softplus = {.name = "softplus",
                                                      .g = g,
                                                      .dg = dg,
                                                      .evaluate = evaluate,
                                                      .gg = gg,
                                                      .dg_dg = dg_dg,
                                                      .ddg_g = ddg_g,
                                                      .smooth = &smooth};
