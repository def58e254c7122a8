// SPDX-License-Identifier: GPL-3.0-or-later
/* Sums of erfs in deviation coordinates: against the network of erf units that they are, and the
 * linearised motion of tanh itself. */
#include "solver/averages/mixture.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { K = 2, TERMS = 3, n = 2 * K, UNITS = K * TERMS, FIELDS = 2 * UNITS };

static const double a[TERMS] = {0.3, 0.9, 0.2};

/* The unit of student i (or teacher) and term p, as a field of the large network. */
static size_t unit(size_t field, size_t p) {
    return field / K * UNITS + field % K * TERMS + p;
}

static void enlarge(const double *s, const double *c, const double *v, double *large,
                    double *outputs) {
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            for (size_t p = 0; p < TERMS; p++)
                for (size_t q = 0; q < TERMS; q++)
                    large[unit(x, p) * FIELDS + unit(y, q)] = s[p] * s[q] * c[x * n + y];
    for (size_t i = 0; i < K; i++)
        for (size_t p = 0; p < TERMS; p++)
            outputs[unit(i, p)] = v[i] * a[p];
}

static void add_shrunk(const double *s, double weight, const double *large, double *gradient) {
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            for (size_t p = 0; p < TERMS; p++)
                for (size_t q = 0; q < TERMS; q++)
                    gradient[x * n + y] +=
                        weight * s[p] * s[q] * large[unit(x, p) * FIELDS + unit(y, q)];
}

/* Derivatives by w are of first order in w and more, those by y alone may be wrong by a rounding of
 * the first order. */
static void check_gradient(const double *actual, const double *expected, double size,
                           const char *what) {
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            CHECK_CLOSE(actual[x * n + y], expected[x * n + y], TOL_SUM, x < K && y < K ? 1 : size,
                        "%s, w %g, by (%zu, %zu)", what, size, x, y);
}

typedef struct {
    const ordpar_activation *g;
    const double *s, *c, *v, *large, *outputs;
    double size;
} both;

static double add_units(const both *f, size_t i, size_t j, double *expected) {
    static const ordpar_activation *erf_units = &ordpar_activation_erf;
    double *gradient = malloc(FIELDS * FIELDS * sizeof *gradient), sum = 0;
    double *work = malloc(ordpar_activation_work(erf_units, FIELDS) * sizeof *work);
    for (size_t p = 0; p < TERMS; p++)
        for (size_t q = 0; q < TERMS; q++) {
            const double weight = a[p] * f->s[p] * a[q] * f->s[q];
            sum += weight * ordpar_deviation_erf.squared_error_dg_dg(erf_units, UNITS, f->large,
                                                                     f->outputs, unit(i, p),
                                                                     unit(j, q), gradient, work);
            add_shrunk(f->s, weight, gradient, expected);
        }
    free(gradient);
    free(work);
    return sum;
}

static void check_four_fields(const both *f, size_t i, size_t j) {
    double gradient[n * n], expected[n * n] = {0};
    double *work = malloc(ordpar_activation_work(f->g, n) * sizeof *work);
    const double value =
        f->g->deviation->squared_error_dg_dg(f->g, K, f->c, f->v, i, j, gradient, work);
    const double sum = add_units(f, i, j, expected);
    CHECK_CLOSE(value, sum, TOL_SUM, sum, "four fields, w %g", f->size);
    CHECK_CLOSE(f->g->deviation->squared_error_dg_dg(f->g, K, f->c, f->v, i, j, NULL, work), sum,
                TOL_SUM, sum, "four fields without derivatives, w %g", f->size);
    check_gradient(gradient, expected, f->size, "four fields");
    free(work);
}

static void check_two_fields(const both *f, size_t i, size_t m) {
    const ordpar_activation *units = &ordpar_activation_erf;
    double slope = 0, curvature = 0;
    for (size_t p = 0; p < TERMS; p++) {
        for (size_t q = 0; q < TERMS; q++)
            slope += a[p] * f->s[p] * a[q] * f->s[q] *
                     ordpar_deviation_erf.dg_dg_difference(units, UNITS, f->large, unit(i, p),
                                                           unit(m, q));
        curvature += a[p] * f->s[p] * f->s[p] *
                     ordpar_deviation_erf.error_ddg(units, UNITS, f->large, f->outputs, unit(i, p));
    }
    CHECK_CLOSE(f->g->deviation->dg_dg_difference(f->g, K, f->c, i, m), slope, TOL_SUM,
                fmax(f->size, fabs(slope)), "A - G, w %g", f->size);
    CHECK_CLOSE(f->g->deviation->error_ddg(f->g, K, f->c, f->v, i), curvature, TOL_SUM,
                fmax(f->size, fabs(curvature)), "h, w %g", f->size);
}

static void check_size(const ordpar_activation *g, const double *s, double size,
                       ordpar_random *stream) {
    double c[n * n], v[K], large[FIELDS * FIELDS], outputs[UNITS];
    double gradient[n * n], expected[n * n] = {0}, by_units[FIELDS * FIELDS];
    random_covariance(stream, n, n + 3, c);
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++)
            c[x * n + y] *= (x < K ? size : 1) * (y < K ? size : 1);
    for (size_t i = 0; i < K; i++)
        v[i] = uniform(stream, 0.2, 1);
    enlarge(s, c, v, large, outputs);
    const both f = {g, s, c, v, large, outputs, size};
    const double sum =
        ordpar_deviation_erf.squared_error(&ordpar_activation_erf, UNITS, large, outputs, by_units);
    CHECK_CLOSE(g->deviation->squared_error(g, K, c, v, gradient), sum, TOL_SUM, sum,
                "squared error, w %g", size);
    add_shrunk(s, 1, by_units, expected);
    check_gradient(gradient, expected, size, "squared error");
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            check_two_fields(&f, i, j);
            check_four_fields(&f, i, j);
        }
}

/* With steep terms, the second row, the series are too long. */
Test(deviation, a_sum_of_erfs_is_a_network_of_erf_units) {
    static const double s[2][TERMS] = {{0.4, 1.2, 3}, {0.4, 1.2, 12}};
    ordpar_random stream = test_stream(74);
    for (size_t row = 0; row < 2; row++) {
        ordpar_error err;
        ordpar_activation *g;
        check_ok(ordpar_activation_erfs("three", &(ordpar_erfs){TERMS, a, s[row], 0, 0}, &g, &err),
                 &err);
        for (int exponent = 0; exponent <= 60; exponent += exponent < 6 ? 1 : 9)
            check_size(g, s[row], pow(10, -exponent), &stream);
        ordpar_activation_free(g);
    }
}

/* E[tanh'(y)^2 y^power], y ~ N(0, variance), by the trapezoidal rule. */
static double squared_slope(double variance, int power) {
    const double step = 0.02, deviation = sqrt(variance);
    double sum = 0;
    for (int k = -1000; k <= 1000; k++) {
        const double y = k * step, bell = exp(-y * y / (2 * variance));
        sum += step * bell * pow(cosh(y), -4) * pow(y, power);
    }
    return sum / (deviation * sqrt(2 * M_PI));
}

enum { ROWS = 3 };

/* Near the teacher, at lowest order, W decays along B with the slowest rate: eps_g as exp(-2 eta H
 * alpha), H = E[g'(y)^2 y^2]/T; the rate that the curve has is that of tanh, not of a rounding. */
Test(deviation, tanh_decays_as_the_linearised_motion_at_any_depth) {
    const double alpha[ROWS] = {2e3, 4e3, 6e3}, eta = 0.5;
    double eps_g[ROWS];
    test_model m = make_model(1, 1, 64, 1, 1, eta, 0.1, "tanh", 2);
    m.network.small_eta = true;
    const double T = m.start.t[0], H = squared_slope(T, 2) / T;
    cr_assert(H < squared_slope(T, 0));
    integrate_curve(&m, alpha, ROWS, 1e-10, eps_g);
    cr_assert(eps_g[ROWS - 1] < 1e-150 && eps_g[ROWS - 1] > 0, "the case must be deep: %g",
              eps_g[ROWS - 1]);
    for (size_t row = 1; row < ROWS; row++)
        CHECK_CLOSE(log(eps_g[row - 1] / eps_g[row]) / (alpha[row] - alpha[row - 1]), 2 * eta * H,
                    TOL_FIT, 1, "from alpha = %g on", alpha[row - 1]);
    clear_model(&m);
}

Test(deviation, tanh_keeps_its_promise_at_any_depth, NUMBERS_ALONE) {
    const double alpha[ROWS] = {300, 600, 1500}, rtol = 1e-7;
    double eps_g[ROWS], tight[ROWS];
    for (int run = 0; run < 2; run++) {
        test_model m = make_model(1, 1, 64, 1, 1, 0.5, 0.1, "tanh", 2);
        integrate_curve(&m, alpha, ROWS, run ? rtol / 100 : rtol, run ? tight : eps_g);
        clear_model(&m);
    }
    for (size_t row = 0; row < ROWS; row++)
        CHECK_CLOSE(eps_g[row], tight[row], 10 * rtol, tight[row], "alpha = %g", alpha[row]);
    cr_assert(tight[ROWS - 1] < 1e-20 && tight[ROWS - 1] > 0, "the case must be deep: %g",
              tight[ROWS - 1]);
}
