// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x Phi(x), Phi the normal distribution function, averages by quadrature. [12.13] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/quadrature.h"

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

ORDPAR_VECTORISED_VOID(static, derivatives,
                       (int highest, size_t count, const double *x, double *const *d),
                       (highest, count, x, d)) {
    double *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4];
    (void)highest;
    normal(count, x, d0, d1);
#pragma omp simd
    for (size_t k = 0; k < count; k++) {
        const double s = x[k] * x[k], Phi = d0[k], density = d1[k] / sqrt(2 * M_PI);
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
