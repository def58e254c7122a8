// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = log(1 + e^x), averages by quadrature. [12.13] */
#include "activation_loops.h"
#include "quadrature.h"

static double g(double x) {
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double dg(double x) {
    return 1 / (1 + exp(-x));
}

ORDPAR_DEFINE_EVALUATE

ORDPAR_VECTORISE static void derivatives(int highest, size_t count, const double *x,
                                         double *const *d) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double s = 1 / (1 + exp(-x[k])), p = s * (1 - s);
        d0[k] = fmax(x[k], 0) + log1p(exp(-fabs(x[k])));
        d1[k] = s;
        d2[k] = p;
        d3[k] = p * (1 - 2 * s);
        d4[k] = p * (1 - 6 * p);
    }
}

static const ordpar_smooth_function smooth = {.derivatives = derivatives,
                                              .strip = M_PI /* the branch points are at i pi */};

static ordpar_pair_average gg(double c_aa, double c_ab, double c_bb) {
    return ordpar_quadrature_gg(&smooth, c_aa, c_ab, c_bb);
}

static ordpar_pair_average dg_dg(double c_aa, double c_ab, double c_bb) {
    return ordpar_quadrature_dg_dg(&smooth, c_aa, c_ab, c_bb);
}

static ordpar_pair_average ddg_g(double c_aa, double c_ab, double c_bb) {
    return ordpar_quadrature_ddg_g(&smooth, c_aa, c_ab, c_bb);
}

const ordpar_activation ordpar_activation_softplus = {.name = "softplus",
                                                      .g = g,
                                                      .dg = dg,
                                                      .evaluate = evaluate,
                                                      .gg = gg,
                                                      .dg_dg = dg_dg,
                                                      .ddg_g = ddg_g};
