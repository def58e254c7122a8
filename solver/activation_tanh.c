// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = tanh x, averages by quadrature. [12.13] */
#include "activation_loops.h"
#include "quadrature.h"

static double g(double x) {
    return tanh(x);
}

static double dg(double x) {
    const double e = exp(-2 * fabs(x));
    return 4 * e / ((1 + e) * (1 + e));
}

ORDPAR_DEFINE_EVALUATE

ORDPAR_VECTORISED_VOID(static, derivatives,
                       (int highest, size_t count, const double *x, double *const *d),
                       (highest, count, x, d)) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double t = tanh(x[k]), s = 1 - t * t;
        d0[k] = t;
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
