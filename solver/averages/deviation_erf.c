// SPDX-License-Identifier: GPL-3.0-or-later
/* g(x) = erf(x / sqrt 2) in deviation coordinates, without a difference of large numbers.
 * [10.2]-[10.4] */
#include "solver/averages/activation.h"
#include "solver/averages/deviation_pair.h"
#include "solver/averages/erf_fields.h"
#include "solver/averages/tilt.h"

#include <math.h>

/* The blocks of the joint covariance of (w, y): E = cov(w, w), Omega = cov(w, y), T = cov(y, y). */
typedef struct {
    size_t K;
    const double *c;
} joint;

static double E(joint f, size_t i, size_t j) {
    return f.c[i * 2 * f.K + j];
}

static double Omega(joint f, size_t i, size_t n) {
    return f.c[i * 2 * f.K + f.K + n];
}

static double T(joint f, size_t n, size_t m) {
    return f.c[(f.K + n) * 2 * f.K + f.K + m];
}

static double R(joint f, size_t i, size_t n) {
    return T(f, i, n) + Omega(f, i, n);
}

static double Q(joint f, size_t i, size_t j) {
    return T(f, i, j) + Omega(f, i, j) + Omega(f, j, i) + E(f, i, j);
}

/* The determinants DA of (x_i, y_m) and DC of (x_i, x_m), and DC - DA. */
typedef struct {
    double root_A, root_C, difference;
} determinants;

static determinants make_determinants(joint f, size_t i, size_t m) {
    const double Q_ii = Q(f, i, i), R_im = R(f, i, m), Q_im = Q(f, i, m);
    return (determinants){.root_A = sqrt(ordpar_erf_determinant(Q_ii, R_im, T(f, m, m))),
                          .root_C = sqrt(ordpar_erf_determinant(Q_ii, Q_im, Q(f, m, m))),
                          .difference = (1 + Q_ii) * (2 * Omega(f, m, m) + E(f, m, m)) -
                                        (Omega(f, m, i) + E(f, i, m)) * (Q_im + R_im)};
}

/* [10.2] */
static double dg_dg_difference(const ordpar_activation *self, size_t K, const double *c, size_t i,
                               size_t m) {
    (void)self;
    const determinants d = make_determinants((joint){K, c}, i, m);
    return M_2_PI * d.difference / (d.root_A * d.root_C * (d.root_A + d.root_C));
}

/* [10.3] */
static double error_ddg(const ordpar_activation *self, size_t K, const double *c, const double *v,
                        size_t i) {
    (void)self;
    const joint f = {K, c};
    double sum = 0;
    for (size_t n = 0; n < K; n++) {
        const determinants d = make_determinants(f, i, n);
        sum += v[n] *
               ((Omega(f, n, i) + E(f, i, n)) * d.root_A -
                R(f, i, n) * d.difference / (d.root_A + d.root_C)) /
               (d.root_A * d.root_C);
    }
    return -M_2_PI * sum / (1 + Q(f, i, i));
}

static double pair(const ordpar_activation *self, const ordpar_pair_deviation *at, double factor,
                   ordpar_pair_deviation_slopes *slopes) {
    (void)self;
    return ordpar_erf_pair_deviation(at, factor, slopes);
}

static double squared_error(const ordpar_activation *self, size_t K, const double *c,
                            const double *v, double *gradient) {
    return ordpar_sum_pair_deviations(self, K, c, v, pair, gradient);
}

/* Adds factor times the derivative by Q_ij to the gradient: Q = T + Omega + Omega^T + E. */
static void add_by_Q(size_t K, size_t i, size_t j, double factor, double *gradient) {
    const size_t n = 2 * K, first[2] = {i, K + i}, second[2] = {j, K + j};
    for (size_t k = 0; k < 2; k++)
        for (size_t l = 0; l < 2; l++) {
            gradient[first[k] * n + second[l]] += factor / 2;
            gradient[second[l] * n + first[k]] += factor / 2;
        }
}

static double squared_error_dg_dg(const ordpar_activation *self, size_t K, const double *c,
                                  const double *v, size_t i, size_t j, double *gradient,
                                  double *work) {
    const size_t n = 2 * K;
    double *tilted = work, *scratch = work + n * n;
    const ordpar_tilt tilt = ordpar_tilt_prepare(
        n, c, (ordpar_field){i, K + i}, (ordpar_field){j, K + j}, ordpar_erf_determinant, scratch);
    const ordpar_pair_average weight =
        ordpar_activation_erf.dg_dg(&ordpar_activation_erf, tilt.s_11, tilt.s_12, tilt.s_22);
    if (!gradient && n >= ORDPAR_ERF_MANY_FIELDS)
        return weight.value * M_2_PI * ordpar_erf_sum_pair_deviations(K, c, &tilt, v, tilted);
    ordpar_tilt_apply(&tilt, c, tilted); /* scratch is then free but for the gradient */
    const double error = squared_error(self, K, tilted, v, gradient);
    if (gradient) {
        ordpar_tilt_pull_back(&tilt, gradient, scratch + ORDPAR_TILT_SCRATCH(n));
        for (size_t k = 0; k < n * n; k++)
            gradient[k] *= weight.value;
        add_by_Q(K, i, i, error * weight.d_aa, gradient);
        add_by_Q(K, i, j, error * weight.d_ab, gradient);
        add_by_Q(K, j, j, error * weight.d_bb, gradient);
    }
    return weight.value * error;
}

const ordpar_deviation_averages ordpar_deviation_erf = {.dg_dg_difference = dg_dg_difference,
                                                        .error_ddg = error_ddg,
                                                        .squared_error = squared_error,
                                                        .squared_error_dg_dg = squared_error_dg_dg};
