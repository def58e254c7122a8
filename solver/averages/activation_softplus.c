// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = log(1 + e^x), averages of a ramp and bumps, those of two small fields by quadrature.
 * [12.13], [12.16], [12.17] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/ramp.h"
#include "solver/averages/softplus_terms.h"

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

ORDPAR_VECTORISED_VOID(static, derivatives,
                       (int highest, size_t count, const double *x, double *const *d),
                       (highest, count, x, d)) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        d1[k] = -fabs(x[k]);
    ordpar_vector_exp(count, d1, d1);
    ordpar_vector_log1p(count, d1, d0);
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double s = (x[k] < 0 ? d1[k] : 1) / (1 + d1[k]), p = s * (1 - s);
        d0[k] += fmax(x[k], 0);
        d1[k] = s;
        d2[k] = p;
        d3[k] = p * (1 - 2 * s);
        d4[k] = p * (1 - 6 * p);
    }
}

static const ordpar_smooth_function smooth = {.derivatives = derivatives,
                                              .strip = M_PI /* the branch points are at i pi */};

#define B(b, s) b,
#define S(b, s) s,
static const double height[] = {ORDPAR_SOFTPLUS_TERMS(B)}, width[] = {ORDPAR_SOFTPLUS_TERMS(S)};
static const ordpar_ramp ramp = {.s = 1.2,
                                 .bumps = sizeof width / sizeof *width,
                                 .height = height,
                                 .width = width,
                                 .smooth = &smooth};

const ordpar_activation ordpar_activation_softplus = {.name = "softplus",
                                                      .evaluate = evaluate,
                                                      .gg = ordpar_ramp_gg,
                                                      .dg_dg = ordpar_ramp_dg_dg,
                                                      .ddg_g = ordpar_ramp_ddg_g,
                                                      .squared_error_dg_dg =
                                                          ordpar_ramp_squared_error_dg_dg,
                                                      .work = ordpar_ramp_work,
                                                      .ramp = &ramp};
