// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = tanh x; averages of a mixture of erfs. [2.7]-[2.12] */
#include "solver/averages/activation_loops.h"
#include "solver/averages/mixture.h"
#include "solver/averages/tanh_terms.h"

ORDPAR_VECTORISED_VOID(static, evaluate_block,
                       (size_t count, const double *x, double *y, double *dy), (count, x, y, dy)) {
    if (dy) {
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = -2 * fabs(x[k]);
        ordpar_vector_exp(count, dy, dy);
#pragma omp simd
        for (size_t k = 0; k < count; k++)
            dy[k] = 4 * dy[k] / ((1 + dy[k]) * (1 + dy[k]));
    }
    ordpar_vector_tanh(count, x, y);
}

ORDPAR_DEFINE_FROM_BLOCKS

#define A(a, s) a,
#define S(a, s) s,
static const double amplitudes[] = {ORDPAR_TANH_TERMS(A)}, slopes[] = {ORDPAR_TANH_TERMS(S)};
static const ordpar_mixture mixture = {
    .terms = sizeof slopes / sizeof *slopes, .a = amplitudes, .s = slopes};

const ordpar_activation ordpar_activation_tanh = {.name = "tanh",
                                                  .evaluate = evaluate,
                                                  .parity = -1,
                                                  .gg = ordpar_mixture_gg,
                                                  .dg_dg = ordpar_mixture_dg_dg,
                                                  .ddg_g = ordpar_mixture_ddg_g,
                                                  .squared_error_dg_dg =
                                                      ordpar_mixture_squared_error_dg_dg,
                                                  .work = ordpar_mixture_work,
                                                  .deviation = &ordpar_deviation_mixture,
                                                  .mixture = &mixture};
