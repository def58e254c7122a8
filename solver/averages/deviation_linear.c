// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = x in deviation coordinates: the error is the field sum_k v_k w_k itself. */
#include "solver/averages/activation.h"

#include <string.h>

static double dg_dg_difference(const ordpar_activation *self, size_t K, const double *c, size_t i,
                               size_t m) {
    (void)self, (void)K, (void)c, (void)i, (void)m;
    return 0;
}

static double error_ddg(const ordpar_activation *self, size_t K, const double *c, const double *v,
                        size_t i) {
    (void)self, (void)K, (void)c, (void)v, (void)i;
    return 0;
}

/* [10.5] */
static double squared_error(const ordpar_activation *self, size_t K, const double *c,
                            const double *v, double *gradient) {
    (void)self;
    const size_t n = 2 * K;
    double sum = 0;
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            sum += v[i] * v[j] * c[i * n + j];
            if (gradient)
                gradient[i * n + j] = v[i] * v[j];
        }
    return sum;
}

static double squared_error_dg_dg(const ordpar_activation *self, size_t K, const double *c,
                                  const double *v, size_t i, size_t j, double *gradient,
                                  double *work) {
    (void)i, (void)j, (void)work;
    return squared_error(self, K, c, v, gradient);
}

const ordpar_deviation_averages ordpar_deviation_linear = {.dg_dg_difference = dg_dg_difference,
                                                           .error_ddg = error_ddg,
                                                           .squared_error = squared_error,
                                                           .squared_error_dg_dg =
                                                               squared_error_dg_dg};
