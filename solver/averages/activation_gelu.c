// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x Phi(x), Phi the normal distribution function, averages of a ramp and a bump. [12.16],
 * [12.17] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/ramp.h"

/* Phi and exp(-x^2/2) of count numbers; nothing is the same array. */
ORDPAR_VECTORISED_VOID(static, normal, (size_t count, const double *x, double *Phi, double *bell),
                       (count, x, Phi, bell)) {
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        Phi[k] = -x[k] * M_SQRT1_2;
        bell[k] = -(x[k] * x[k]) / 2;
    }
    ordpar_vector_erfc(count, Phi, Phi);
    ordpar_vector_exp(count, bell, bell);
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        Phi[k] /= 2;
}

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    double Phi[ORDPAR_ACTIVATION_BLOCK], bell[ORDPAR_ACTIVATION_BLOCK];
    const size_t wanted = dy ? count : 0;
    normal(count, x, Phi, bell);
#pragma omp simd
    for (size_t k = 0; k < wanted; k++)
        dy[k] = Phi[k] + x[k] * bell[k] / sqrt(2 * M_PI);
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        y[k] = x[k] * Phi[k];
}

ORDPAR_DEFINE_FROM_BLOCKS

/* x Phi(x) = E_n (x + n)_+ - phi(x) */
static const double height[] = {-M_2_SQRTPI * M_SQRT1_2 / 2}, width[] = {1};
static const ordpar_ramp ramp = {.s = 1, .bumps = 1, .height = height, .width = width};

const ordpar_activation ordpar_activation_gelu = {.name = "gelu",
                                                  .evaluate = evaluate,
                                                  .gg = ordpar_ramp_gg,
                                                  .dg_dg = ordpar_ramp_dg_dg,
                                                  .ddg_g = ordpar_ramp_ddg_g,
                                                  .squared_error_dg_dg =
                                                      ordpar_ramp_squared_error_dg_dg,
                                                  .ramp = &ramp};
