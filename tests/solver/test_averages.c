// SPDX-License-Identifier: GPL-3.0-or-later
/* Gaussian averages against reference values, Gaussian quadrature, and finite differences. */
#include "base/csv.h"
#include "solver/averages/activation.h"
#include "solver/averages/erf_fields.h"
#include "solver/averages/tilt.h"
#include "support.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double reference_c[16] = {.8, .15, .3, .05, .15, 1.1, .1, .45,
                                       .3, .1,  1., .2,  .05, .45, .2, .9};

static double pair(const ordpar_activation *g, ordpar_pair_function f, const double *c, size_t n,
                   size_t a, size_t b) {
    return f(g, c[a * n + a], c[a * n + b], c[b * n + b]).value;
}

/* E[g'(a) g'(b) g(x) g(y)] from the quadratic form by polarisation. */
static double four(const ordpar_activation *activation, const double *c, size_t n, size_t a,
                   size_t b, size_t x, size_t y) {
    double work[128], u[8] = {0}, both, one, other;
    u[x] += 1;
    u[y] += 1;
    both = activation->squared_error_dg_dg(activation, n, c, u, a, b, NULL, work);
    memset(u, 0, sizeof u);
    u[x] = 1;
    one = activation->squared_error_dg_dg(activation, n, c, u, a, b, NULL, work);
    memset(u, 0, sizeof u);
    u[y] = 1;
    other = activation->squared_error_dg_dg(activation, n, c, u, a, b, NULL, work);
    return (both - one - other) / 2;
}

static ordpar_status check_reference(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    const ordpar_activation *g = &ordpar_activation_erf;
    size_t at[4] = {0};
    (void)context;
    for (size_t k = 0; k < 4; k++)
        if (*row->fields[k + 1])
            at[k] = (size_t)atoi(row->fields[k + 1]) - 1;
    double value, actual;
    const ordpar_status status = ordpar_csv_double(row, 5, &value, err);
    if (strcmp(row->fields[0], "gg") == 0)
        actual = pair(g, g->gg, reference_c, 4, at[0], at[1]);
    else if (strcmp(row->fields[0], "pp") == 0)
        actual = pair(g, g->dg_dg, reference_c, 4, at[0], at[1]);
    else if (strcmp(row->fields[0], "pzg") == 0) /* by parts on the factor b */
        actual = reference_c[at[0] * 4 + at[1]] * pair(g, g->ddg_g, reference_c, 4, at[0], at[2]) +
                 reference_c[at[1] * 4 + at[2]] * pair(g, g->dg_dg, reference_c, 4, at[0], at[2]);
    else
        actual = four(g, reference_c, 4, at[0], at[1], at[2], at[3]);
    CHECK_CLOSE(actual, value, TOL_TIGHT, fabs(value), "%s(%s,%s,%s,%s)", row->fields[0],
                row->fields[1], row->fields[2], row->fields[3], row->fields[4]);
    return status;
}

Test(averages, erf_matches_the_reference_table) {
    static const char *const columns[] = {"average", "a", "b", "c", "d", "value"};
    ordpar_error err;
    check_ok(ordpar_csv_read(TEST_REFERENCE_DIR "/averages.csv", columns, 6, check_reference, NULL,
                             &err),
             &err);
}

/* Nodes and weights for the average of f(x), x ~ N(0, 1). */
typedef struct {
    gsl_integration_fixed_workspace *work;
    const double *x, *w;
    size_t n;
    double norm;
} hermite;

static hermite hermite_rule(size_t n) {
    hermite rule = {.work =
                        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, n, 0, 0.5, 0, 0),
                    .n = n,
                    .norm = 1 / sqrt(2 * M_PI)};
    rule.x = gsl_integration_fixed_nodes(rule.work);
    rule.w = gsl_integration_fixed_weights(rule.work);
    return rule;
}

/* A derivative of an activation. */
typedef struct {
    const ordpar_activation *g;
    double (*second)(double); /* g''; NULL: g or g' */
    bool slope;
} factor;

static double value_of(const factor *f, double x) {
    return f->second  ? f->second(x)
           : f->slope ? ordpar_activation_slope(f->g, x)
                      : ordpar_activation_value(f->g, x);
}

/* E[f(a) h(b)] by a product rule over the two independent fields behind a and b. */
static double pair_quadrature(const hermite *rule, const factor *f, const factor *h,
                              const double *c) {
    const double l_aa = sqrt(c[0]), l_ba = c[1] / l_aa, l_bb = sqrt(fmax(c[2] - l_ba * l_ba, 0));
    double sum = 0;
    for (size_t i = 0; i < rule->n; i++)
        for (size_t j = 0; j < rule->n; j++)
            sum += rule->w[i] * rule->w[j] * value_of(f, l_aa * rule->x[i]) *
                   value_of(h, l_ba * rule->x[i] + l_bb * rule->x[j]);
    return sum * rule->norm * rule->norm;
}

/* g'' of the smooth activations */
static double ddg_erf(double x) {
    return -x * ordpar_activation_slope(&ordpar_activation_erf, x);
}

static double ddg_linear(double x) {
    (void)x;
    return 0;
}

static double ddg_quadratic(double x) {
    (void)x;
    return 2;
}

static double ddg_tanh(double x) {
    return -2 * tanh(x) * (1 - tanh(x) * tanh(x));
}

static double ddg_gelu(double x) {
    return (2 - x * x) * exp(-x * x / 2) / sqrt(2 * M_PI);
}

static double ddg_softplus(double x) {
    return 0.25 / (cosh(x / 2) * cosh(x / 2));
}

static double ddg_sigmoid(double x) {
    return -ordpar_activation_value(&ordpar_activation_tanh, x / 2) *
           ordpar_activation_slope(&ordpar_activation_sigmoid, x);
}

static double ddg_silu(double x) {
    const double s = ordpar_activation_value(&ordpar_activation_sigmoid, x);
    return s * (1 - s) * (2 + x * (1 - 2 * s));
}

/* What an activation may be off by, where its averages are those of a fit. */
static double error_of_fit(const ordpar_activation *g) {
    return g == &ordpar_activation_tanh || g == &ordpar_activation_sigmoid ||
                   g == &ordpar_activation_softplus || g == &ordpar_activation_silu
               ? TOL_FIT
               : TOL_QUADRATURE;
}

static void check_pairs(const ordpar_activation *g, double (*ddg)(double), const hermite *rule,
                        const double *c) {
    const struct {
        const char *name;
        ordpar_pair_function closed;
        factor f, h;
    } cases[] = {{"gg", g->gg, {.g = g}, {.g = g}},
                 {"g'g'", g->dg_dg, {.g = g, .slope = true}, {.g = g, .slope = true}},
                 {"g''g", g->ddg_g, {.second = ddg}, {.g = g}}};
    for (size_t k = 0; k < 3; k++)
        CHECK_CLOSE(cases[k].closed(g, c[0], c[1], c[2]).value,
                    pair_quadrature(rule, &cases[k].f, &cases[k].h, c), error_of_fit(g), 1,
                    "%s %s at (%.17g, %.17g, %.17g)", g->name, cases[k].name, c[0], c[1], c[2]);
}

Test(averages, pairs_match_quadrature_also_where_fields_coincide) {
    ordpar_random stream = test_stream(1);
    hermite rule = hermite_rule(120);
    for (int trial = 0; trial < 200; trial += CASE_STEP) {
        const double aa = uniform(&stream, 0.01, 1.5), bb = uniform(&stream, 0.01, 1.5);
        const double rho = trial % 4 == 0   ? 1
                           : trial % 4 == 1 ? 1 - pow(10, uniform(&stream, -15, -1))
                                            : uniform(&stream, -1, 1);
        const double c[3] = {aa, trial % 8 == 0 ? aa : rho * sqrt(aa * bb),
                             trial % 8 == 0 ? aa : bb};
        check_pairs(&ordpar_activation_erf, ddg_erf, &rule, c);
        check_pairs(&ordpar_activation_linear, ddg_linear, &rule, c);
        check_pairs(&ordpar_activation_quadratic, ddg_quadratic, &rule, c);
        if (trial % 10 > 1) /* these take their time */
            continue;
        const double half[3] = {c[0] / 2, c[1] / 2,
                                c[2] / 2}; /* for the rule's sake: poles of tanh */
        check_pairs(&ordpar_activation_tanh, ddg_tanh, &rule, half);
        check_pairs(&ordpar_activation_gelu, ddg_gelu, &rule, half);
        check_pairs(&ordpar_activation_softplus, ddg_softplus, &rule, half);
        check_pairs(&ordpar_activation_silu, ddg_silu, &rule, half);
        check_pairs(&ordpar_activation_sigmoid, ddg_sigmoid, &rule, half);
    }
    gsl_integration_fixed_free(rule.work);
}

/* E[(sum u g(z))^2 g'(z_i) g'(z_j)] for 4 fields z = W x with x of 3 independent components. */
static double noise_quadrature(const ordpar_activation *g, const hermite *rule, const double *W,
                               const double *u, size_t i, size_t j) {
    double sum = 0;
    for (size_t p = 0; p < rule->n; p++)
        for (size_t q = 0; q < rule->n; q++)
            for (size_t r = 0; r < rule->n; r++) {
                double z[4], error = 0;
                for (size_t a = 0; a < 4; a++) {
                    z[a] = W[3 * a] * rule->x[p] + W[3 * a + 1] * rule->x[q] +
                           W[3 * a + 2] * rule->x[r];
                    error += u[a] * ordpar_activation_value(g, z[a]);
                }
                sum += rule->w[p] * rule->w[q] * rule->w[r] * error * error *
                       ordpar_activation_slope(g, z[i]) * ordpar_activation_slope(g, z[j]);
            }
    return sum * pow(rule->norm, 3);
}

/* size: of the components of the fields */
static void check_noise(const ordpar_activation *g, double size, ordpar_random *stream,
                        const hermite *rule) {
    double W[12], u[4], c[16] = {0};
    for (size_t k = 0; k < 12; k++)
        W[k] = uniform(stream, -size, size);
    if (uniform(stream, 0, 1) < 0.5)
        memcpy(W, W + 3, 3 * sizeof *W); /* two fields coincide */
    for (size_t a = 0; a < 4; a++) {
        u[a] = uniform(stream, -1, 1);
        for (size_t b = 0; b < 4; b++)
            for (size_t k = 0; k < 3; k++)
                c[4 * a + b] += W[3 * a + k] * W[3 * b + k];
    }
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j <= i; j++)
            CHECK_CLOSE(test_noise_of(g, 4, c, u, i, j, NULL),
                        noise_quadrature(g, rule, W, u, i, j), error_of_fit(g), 1,
                        "%s noise (%zu, %zu)", g->name, i, j);
}

Test(averages, noise_matches_quadrature_for_four_dependent_fields) {
    ordpar_random stream = test_stream(2);
    hermite rule = hermite_rule(40);
    for (int trial = 0; trial < 6; trial += CASE_STEP) {
        check_noise(&ordpar_activation_erf, 0.7, &stream, &rule);
        check_noise(&ordpar_activation_linear, 0.7, &stream, &rule);
        check_noise(&ordpar_activation_quadratic, 0.7, &stream, &rule);
        check_noise(&ordpar_activation_gelu, 0.5, &stream, &rule);
        /* poles */
        check_noise(&ordpar_activation_tanh, 0.3, &stream, &rule);
        check_noise(&ordpar_activation_sigmoid, 0.5, &stream, &rule);
        if (trial > 1)
            continue; /* these take their time */
        check_noise(&ordpar_activation_softplus, 0.5, &stream, &rule);
        check_noise(&ordpar_activation_silu, 0.5, &stream, &rule);
    }
    gsl_integration_fixed_free(rule.work);
}

/* [2.4] Pair by pair: the tilted covariance, its average, and the gradient pulled back. */
static double noise_by_pairs(size_t n, const double *c, const double *u, size_t i, size_t j,
                             double *gradient, double *work) {
    const ordpar_activation *g = &ordpar_activation_erf;
    const ordpar_pair_average weight = g->dg_dg(g, c[i * n + i], c[i * n + j], c[j * n + j]);
    double *tilted = work, *scratch = work + n * n;
    const ordpar_tilt tilt = ordpar_tilt_prepare(n, c, (ordpar_field){i, i}, (ordpar_field){j, j},
                                                 ordpar_erf_determinant, scratch);
    ordpar_tilt_apply(&tilt, c, tilted);
    const double error = ordpar_activation_squared_error(g, n, tilted, u, gradient);
    ordpar_tilt_pull_back(&tilt, gradient, scratch + ORDPAR_TILT_SCRATCH(n));
    for (size_t k = 0; k < n * n; k++)
        gradient[k] *= weight.value;
    gradient[i * n + i] += error * weight.d_aa;
    gradient[j * n + j] += error * weight.d_bb;
    gradient[i * n + j] += error * weight.d_ab / 2;
    gradient[j * n + i] += error * weight.d_ab / 2;
    return weight.value * error;
}

/* Many fields in vectors, some of which coincide, small and large. */
Test(averages, noise_of_many_fields_is_that_of_their_pairs) {
    enum { N = ORDPAR_ERF_MANY_FIELDS + 3 };
    ordpar_random stream = test_stream(22);
    for (double size = 1e-3; size < 1e7; size *= 100) {
        double c[N * N], u[N], gradient[N * N], expected[N * N], work[N * N + 6 * N], largest = 0;
        random_covariance(&stream, N, 12, c);
        for (size_t a = 0; a < N; a++)
            u[a] = uniform(&stream, -1, 1);
        for (size_t a = 0; a < N; a++)
            c[4 * N + a] = c[7 * N + a];
        for (size_t a = 0; a < N; a++)
            c[a * N + 4] = c[a * N + 7];
        for (size_t k = 0; k < N * N; k++)
            c[k] *= size;
        for (size_t i = 0; i < 9; i++)
            for (size_t j = 0; j <= i; j++) {
                const double noise = test_noise_of(&ordpar_activation_erf, N, c, u, i, j, gradient);
                const double sum = noise_by_pairs(N, c, u, i, j, expected, work);
                CHECK_CLOSE(noise, sum, TOL_SUM, sum, "(%zu, %zu), variances of %g", i, j, size);
                for (size_t k = 0; k < N * N; k++)
                    largest = fmax(largest, fabs(expected[k]));
                for (size_t k = 0; k < N * N; k++)
                    CHECK_CLOSE(gradient[k], expected[k], TOL_SUM,
                                largest * (1 + size), /* so much do both cancel */
                                "(%zu, %zu), variances of %g, derivative %zu", i, j, size, k);
            }
    }
}

/* F for fields of any size moves by no more than they do. As a difference of large numbers it was
 * noise at a trace of 1e6 N, and CVODE's steps became tiny. */
Test(averages, noise_of_large_fields_keeps_its_digits) {
    ordpar_random stream = test_stream(21);
    for (double size = 1; size < 1e13; size *= 100)
        for (int trial = 0; trial < 8; trial++) {
            double c[16], u[4], work[64], moved[16];
            random_covariance(&stream, 4, 12, c);
            for (size_t a = 0; a < 4; a++)
                u[a] = uniform(&stream, -1, 1);
            for (size_t k = 0; k < 16; k++) {
                c[k] *= size;
                moved[k] = c[k] * (1 + 1e-11);
            }
            for (size_t i = 0; i < 2; i++)
                for (size_t j = 0; j <= i; j++) {
                    const double at = ordpar_activation_erf.squared_error_dg_dg(
                        &ordpar_activation_erf, 4, c, u, i, j, NULL, work);
                    const double beside = ordpar_activation_erf.squared_error_dg_dg(
                        &ordpar_activation_erf, 4, moved, u, i, j, NULL, work);
                    CHECK_CLOSE(beside, at, 1e-10, at, "(%zu, %zu), variances of %g", i, j, size);
                }
        }
}

static void check_pair_derivatives(const ordpar_activation *g, const char *name,
                                   ordpar_pair_function f, const double *c) {
    const ordpar_pair_average at = f(g, c[0], c[1], c[2]);
    const double derivatives[3] = {at.d_aa, at.d_ab, at.d_bb}, step = 1e-5;
    for (size_t k = 0; k < 3; k++) {
        double up[3] = {c[0], c[1], c[2]}, down[3] = {c[0], c[1], c[2]};
        up[k] += step;
        down[k] -= step;
        CHECK_CLOSE(
            derivatives[k],
            (f(g, up[0], up[1], up[2]).value - f(g, down[0], down[1], down[2]).value) / (2 * step),
            TOL_DIFFERENCE, 1, "%s, derivative %zu at (%g, %g, %g)", name, k, c[0], c[1], c[2]);
    }
}

static void check_noise_gradient(const ordpar_activation *g, size_t n, const double *c,
                                 const double *u, size_t i, size_t j) {
    double gradient[36], moved[36];
    const double step = 1e-5;
    test_noise_of(g, n, c, u, i, j, gradient);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            double value[2];
            for (int side = 0; side < 2; side++) {
                memcpy(moved, c, n * n * sizeof *c);
                moved[a * n + b] += side ? step : -step;
                moved[b * n + a] = moved[a * n + b];
                value[side] = test_noise_of(g, n, moved, u, i, j, NULL);
            }
            const double derivative =
                a == b ? gradient[a * n + a] : gradient[a * n + b] + gradient[b * n + a];
            CHECK_CLOSE(derivative, (value[1] - value[0]) / (2 * step), TOL_DIFFERENCE, 1,
                        "%s noise (%zu, %zu), derivative (%zu, %zu)", g->name, i, j, a, b);
        }
}

Test(averages, derivatives_match_finite_differences) {
    ordpar_random stream = test_stream(3);
    const ordpar_activation *g;
    for (size_t index = 0; (g = ordpar_activation_at(index)); index++)
        for (int trial = 0; trial < (SANITIZED || is_slow(g) ? 2 : 20); trial++) {
            double c[36], u[6];
            /* at a kink the derivatives of dependent fields are infinite */
            const bool kink = g == &ordpar_activation_relu;
            random_covariance(&stream, 6, trial % 2 && !kink ? 3 : 12, c);
            for (size_t a = 0; a < 6; a++)
                u[a] = uniform(&stream, -1, 1);
            const double pair_c[3] = {c[0], c[1], c[7]};
            check_pair_derivatives(g, "gg", g->gg, pair_c);
            check_pair_derivatives(g, "g'g'", g->dg_dg, pair_c);
            check_pair_derivatives(g, "g''g", g->ddg_g, pair_c);
            if (!g->squared_error_dg_dg)
                continue;
            check_noise_gradient(g, 6, c, u, 0, 0);
            check_noise_gradient(g, 6, c, u, 2, 1);
        }
}

/* Nearly parallel fields of a large norm: the determinant is known exactly, since all is integer.
 */
Test(averages, no_cancellation_where_the_determinant_is_small) {
    const double norms[] = {1e3, 1e6, 3e7, 94906265.0};
    for (size_t k = 0; k < sizeof norms / sizeof *norms; k++)
        for (double delta = 0; delta < 3; delta++) {
            const double c = norms[k], ab = c - delta;
            const double det = 1 + 2 * c + delta * (2 * c - delta);
            CHECK_CLOSE(ordpar_activation_erf.dg_dg(&ordpar_activation_erf, c, ab, c).value,
                        M_2_PI / sqrt(det), TOL_EXACT, M_2_PI / sqrt(det),
                        "g'g' at norm %g, delta %g", c, delta);
            CHECK_CLOSE(1 - ordpar_activation_erf.gg(&ordpar_activation_erf, c, ab, c).value,
                        M_2_PI * atan2(sqrt(det), ab), TOL_EXACT, 1, "gg at norm %g, delta %g", c,
                        delta);
        }
}
