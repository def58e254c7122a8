// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x Phi(x), Phi the normal distribution function, averages of a ramp and a bump. [12.16],
 * [12.17] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/polynomial.h"
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

/* Where all fields are small ramp and bump cancel, and the first terms of the series are g
 * to 1e-11: more would be seen where fields grow out of it. */
static const double small = 2e-6;
static const ordpar_polynomial series = {
    {0, 0.5, M_2_SQRTPI *M_SQRT1_2 / 2, 0, -M_2_SQRTPI *M_SQRT1_2 / 12}};

static const ordpar_ramp ramp = {
    .s = 1, .bumps = 1, .height = height, .width = width, .series = &series, .small = small};

/* [12.19] */
static ordpar_pair_average small_pair(int first, int second, double c_aa, double c_ab,
                                      double c_bb) {
    double of_a[ORDPAR_MEANS] = {0}, of_b[ORDPAR_MEANS] = {0};
    ordpar_polynomial_add_means(&series, c_aa, of_a);
    ordpar_polynomial_add_means(&series, c_bb, of_b);
    return ordpar_means_pair(of_a, of_b, first, second, c_ab);
}

#define DEFINE_PAIR(pair, first, second)                                                           \
    static ordpar_pair_average pair(const ordpar_activation *self, double c_aa, double c_ab,       \
                                    double c_bb) {                                                 \
        return fmax(c_aa, c_bb) <= small ? small_pair(first, second, c_aa, c_ab, c_bb)             \
                                         : ordpar_ramp_##pair(self, c_aa, c_ab, c_bb);             \
    }

DEFINE_PAIR(gg, 0, 0)
DEFINE_PAIR(dg_dg, 1, 1)
DEFINE_PAIR(ddg_g, 2, 0)

const ordpar_activation ordpar_activation_gelu = {.name = "gelu",
                                                  .evaluate = evaluate,
                                                  .gg = gg,
                                                  .dg_dg = dg_dg,
                                                  .ddg_g = ddg_g,
                                                  .squared_error_dg_dg =
                                                      ordpar_ramp_squared_error_dg_dg,
                                                  .ramp = &ramp};
