// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = 1/(1 + e^-x) = (1 + tanh(x/2))/2; averages of a mixture of erfs. [2.7]-[2.12] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/mixture.h"
#include "solver/averages/tanh_terms.h"

/* exp(-|x|) of count numbers. */
ORDPAR_VECTORISED_VOID(static, decay, (size_t count, const double *x, double *y), (count, x, y)) {
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        y[k] = -fabs(x[k]);
    ordpar_vector_exp(count, y, y);
}

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    double small[ORDPAR_ACTIVATION_BLOCK];
    const size_t wanted = dy ? count : 0;
    decay(count, x, small);
#pragma omp simd
    for (size_t k = 0; k < wanted; k++)
        dy[k] = small[k] / ((1 + small[k]) * (1 + small[k]));
#pragma omp simd
    for (size_t k = 0; k < count; k++)
        y[k] = (x[k] < 0 ? small[k] : 1) / (1 + small[k]);
}

ORDPAR_DEFINE_FROM_BLOCKS

#define A(a, s) (a) / 2,
#define S(a, s) (s) / 2,
static const double amplitudes[] = {ORDPAR_TANH_TERMS(A)}, slopes[] = {ORDPAR_TANH_TERMS(S)};
static const ordpar_mixture mixture = {
    .terms = sizeof slopes / sizeof *slopes, .constant = 0.5, .a = amplitudes, .s = slopes};

const ordpar_activation ordpar_activation_sigmoid = {.name = "sigmoid",
                                                     .evaluate = evaluate,
                                                     .gg = ordpar_mixture_gg,
                                                     .dg_dg = ordpar_mixture_dg_dg,
                                                     .ddg_g = ordpar_mixture_ddg_g,
                                                     .squared_error_dg_dg =
                                                         ordpar_mixture_squared_error_dg_dg,
                                                     .work = ordpar_mixture_work,
                                                     .deviation = &ordpar_deviation_mixture,
                                                     .mixture = &mixture};
