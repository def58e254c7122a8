// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x/(1 + e^-x), averages of a ramp and bumps, those of two small fields by quadrature.
 * [12.13], [12.16], [12.17] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/ramp.h"
#include "solver/averages/silu_terms.h"

/* 1/(1 + e^-x) of count numbers; s is another array. */
ORDPAR_VECTORISED_VOID(static, sigmoid, (size_t count, const double *x, double *s), (count, x, s)) {
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        s[k] = -fabs(x[k]);
    ordpar_vector_exp(count, s, s);
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        s[k] = (x[k] < 0 ? s[k] : 1) / (1 + s[k]);
}

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    double s[ORDPAR_ACTIVATION_BLOCK];
    const size_t wanted = dy ? count : 0;
    sigmoid(count, x, s);
#pragma omp simd
    for (size_t k = 0; k < wanted; k++)
        dy[k] = s[k] + x[k] * s[k] * (1 - s[k]);
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        y[k] = x[k] * s[k];
}

ORDPAR_DEFINE_FROM_BLOCKS

ORDPAR_VECTORISED_VOID(static, derivatives,
                       (int highest, size_t count, const double *x, double *const *d),
                       (highest, count, x, d)) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
    sigmoid(count, x, d0);
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double s = d0[k], p = s * (1 - s), odd = 1 - 2 * s, z = x[k];
        d0[k] = z * s;
        d1[k] = s + z * p;
        d2[k] = p * (2 + z * odd);
        d3[k] = p * (3 * odd + z * (1 - 6 * p));
        d4[k] = p * (4 * (1 - 6 * p) + z * odd * (1 - 12 * p));
    }
}

static const ordpar_smooth_function smooth = {.derivatives = derivatives,
                                              .strip = M_PI /* the poles are at i pi */};

#define B(b, s) b,
#define S(b, s) s,
static const double height[] = {ORDPAR_SILU_TERMS(B)}, width[] = {ORDPAR_SILU_TERMS(S)};
/* Where all fields are small ramp and bumps cancel; what is left out here is 1e-11 of g. */
static const ordpar_polynomial series = {{0, 0.5, 0.25, 0, -1. / 48}};
static const ordpar_ramp ramp = {.s = 0.75,
                                 .bumps = sizeof width / sizeof *width,
                                 .height = height,
                                 .width = width,
                                 .smooth = &smooth,
                                 .series = &series,
                                 .small = 1e-4};

const ordpar_activation ordpar_activation_silu = {.name = "silu",
                                                  .evaluate = evaluate,
                                                  .gg = ordpar_ramp_gg,
                                                  .dg_dg = ordpar_ramp_dg_dg,
                                                  .ddg_g = ordpar_ramp_ddg_g,
                                                  .squared_error_dg_dg =
                                                      ordpar_ramp_squared_error_dg_dg,
                                                  .work = ordpar_ramp_work,
                                                  .ramp = &ramp};
