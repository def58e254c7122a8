// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x. */
#include "solver/averages/activation.h"
#include "solver/averages/activation_loops.h"
#include "solver/averages/polynomial.h"

static double g(double x) {
    return x;
}

static double dg(double x) {
    (void)x;
    return 1;
}

ORDPAR_DEFINE_EVALUATE

/* [2.6] */
static ordpar_pair_average gg(const ordpar_activation *self, double c_aa, double c_ab,
                              double c_bb) {
    (void)self, (void)c_aa, (void)c_bb;
    return (ordpar_pair_average){.value = c_ab, .d_ab = 1};
}

static ordpar_pair_average dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self, (void)c_aa, (void)c_ab, (void)c_bb;
    return (ordpar_pair_average){.value = 1};
}

static ordpar_pair_average ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                 double c_bb) {
    (void)self, (void)c_aa, (void)c_ab, (void)c_bb;
    return (ordpar_pair_average){0};
}

static double squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                  const double *u, size_t i, size_t j, double *gradient,
                                  double *work) {
    (void)i, (void)j, (void)work;
    return ordpar_activation_squared_error(self, n, c, u, gradient);
}

static const ordpar_polynomial polynomial = {{0, 1}};

const ordpar_activation ordpar_activation_linear = {.name = "linear",
                                                    .evaluate = evaluate,
                                                    .parity = -1,
                                                    .homogeneity = 1,
                                                    .gg = gg,
                                                    .dg_dg = dg_dg,
                                                    .ddg_g = ddg_g,
                                                    .squared_error_dg_dg = squared_error_dg_dg,
                                                    .deviation = &ordpar_deviation_linear,
                                                    .polynomial = &polynomial};
