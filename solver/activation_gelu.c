// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x Phi(x), Phi the normal distribution function, averages by quadrature. [12.13] */
#include "activation_loops.h"
#include "quadrature.h"

static double g(double x) {
    return x * erfc(-x * M_SQRT1_2) / 2;
}

static double dg(double x) {
    return erfc(-x * M_SQRT1_2) / 2 + x * exp(-x * x / 2) / sqrt(2 * M_PI);
}

ORDPAR_DEFINE_EVALUATE

ORDPAR_VECTORISED_VOID(static, derivatives,
                       (int highest, size_t count, const double *x, double *const *d),
                       (highest, count, x, d)) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double s = x[k] * x[k], Phi = erfc(-x[k] * M_SQRT1_2) / 2;
        const double density = exp(-s / 2) / sqrt(2 * M_PI);
        d0[k] = x[k] * Phi;
        d1[k] = Phi + x[k] * density;
        d2[k] = (2 - s) * density;
        d3[k] = (s - 4) * x[k] * density;
        d4[k] = ((7 - s) * s - 4) * density;
    }
}

static const ordpar_smooth_function smooth = {
    .derivatives = derivatives, .strip = 2 /* entire, but exp(y^2/2) high at the distance y */};

ORDPAR_DEFINE_QUADRATURE(smooth)

const ordpar_activation ordpar_activation_gelu = {.name = "gelu",
                                                  .g = g,
                                                  .dg = dg,
                                                  .evaluate = evaluate,
                                                  .gg = gg,
                                                  .dg_dg = dg_dg,
                                                  .ddg_g = ddg_g,
                                                  .smooth = &smooth};
