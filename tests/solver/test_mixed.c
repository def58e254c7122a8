// SPDX-License-Identifier: GPL-3.0-or-later
/* Averages of students and teachers with different activations, against quadrature and differences.
 */
#include "solver/averages/mixed.h"
#include "solver/averages/ramp.h"
#include "support.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { K = 2, FIELDS = 4 };

/* Of a student and a teacher. */
typedef struct {
    const ordpar_activation *g, *h;
} two;

static const two mixes[] = {{&ordpar_activation_erf, &ordpar_activation_tanh},
                            {&ordpar_activation_sigmoid, &ordpar_activation_erf},
                            {&ordpar_activation_erf, &ordpar_activation_linear},
                            {&ordpar_activation_tanh, &ordpar_activation_quadratic},
                            {&ordpar_activation_sigmoid, &ordpar_activation_quadratic},
                            {&ordpar_activation_linear, &ordpar_activation_tanh},
                            {&ordpar_activation_linear, &ordpar_activation_gelu},
                            {&ordpar_activation_quadratic, &ordpar_activation_linear},
                            {&ordpar_activation_gelu, &ordpar_activation_linear},
                            {&ordpar_activation_gelu, &ordpar_activation_quadratic},
                            {&ordpar_activation_gelu, &ordpar_activation_silu},
                            {&ordpar_activation_silu, &ordpar_activation_softplus},
                            {&ordpar_activation_softplus, &ordpar_activation_gelu},
                            {&ordpar_activation_silu, &ordpar_activation_quadratic}};
enum { MIXES = sizeof mixes / sizeof *mixes };

static double error_of(const two *m) {
    const ordpar_activation *of[2] = {m->g, m->h};
    bool fits = false;
    for (size_t k = 0; k < 2; k++)
        fits = fits || (of[k]->mixture && of[k] != &ordpar_activation_erf) ||
               (of[k]->ramp && of[k]->ramp->bumps > 1);
    return fits ? TOL_FIT : TOL_QUADRATURE;
}

/* Trapezoidal rule in independent normal variables; for analytic functions it is as good as they
 * are. */
typedef struct {
    int half;
    double step;
} rule;

static double node(const rule *r, int k, double *weight) {
    const double x = k * r->step;
    *weight = r->step * exp(-x * x / 2) / sqrt(2 * M_PI);
    return x;
}

/* E[f(a) h(b)] of the derivatives of these orders, by parts where the order is 2:
 * c_aa E[g'' h] = E[a g' h] - c_ab E[g' h']. */
static double pair_quadrature(const two *m, const double *c, int which) {
    const rule r = {170, 0.05};
    const double l_aa = sqrt(c[0]), l_ba = c[1] / l_aa, l_bb = sqrt(fmax(c[2] - l_ba * l_ba, 0));
    double gg = 0, slopes = 0, first = 0, p, q;
    for (int i = -r.half; i <= r.half; i++)
        for (int j = -r.half; j <= r.half; j++) {
            const double x = node(&r, i, &p), y = node(&r, j, &q), a = l_aa * x,
                         b = l_ba * x + l_bb * y;
            const double h = ordpar_activation_value(m->h, b);
            const double dg = ordpar_activation_slope(m->g, a);
            gg += p * q * ordpar_activation_value(m->g, a) * h;
            slopes += p * q * dg * ordpar_activation_slope(m->h, b);
            first += p * q * a * dg * h;
        }
    return which == 0 ? gg : which == 1 ? slopes : (first - c[1] * slopes) / c[0];
}

typedef ordpar_pair_average (*pair_of_two)(const ordpar_activation *, const ordpar_activation *,
                                           double, double, double);
static const pair_of_two pairs[] = {ordpar_mixed_gg, ordpar_mixed_dg_dg, ordpar_mixed_ddg_g};
static const char *const names[] = {"gg", "g'g'", "g''g"};

static void check_pair(const two *m, const double *c) {
    for (int which = 0; which < 3; which++)
        CHECK_CLOSE(pairs[which](m->g, m->h, c[0], c[1], c[2]).value, pair_quadrature(m, c, which),
                    error_of(m), 1 + c[2], "%s students, %s teachers, %s at (%g, %g, %g)",
                    m->g->name, m->h->name, names[which], c[0], c[1], c[2]);
}

static void check_slopes(const two *m, const double *c, pair_of_two f) {
    const double step = 1e-5;
    const ordpar_pair_average at = f(m->g, m->h, c[0], c[1], c[2]);
    const double slope[3] = {at.d_aa, at.d_ab, at.d_bb};
    for (size_t k = 0; k < 3; k++) {
        double up[3] = {c[0], c[1], c[2]}, down[3] = {c[0], c[1], c[2]};
        up[k] += step;
        down[k] -= step;
        CHECK_CLOSE(slope[k],
                    (f(m->g, m->h, up[0], up[1], up[2]).value -
                     f(m->g, m->h, down[0], down[1], down[2]).value) /
                        (2 * step),
                    TOL_DIFFERENCE, 1, "%s students, %s teachers, derivative %zu", m->g->name,
                    m->h->name, k);
    }
}

Test(mixed, pairs_match_quadrature_and_their_derivatives_differences) {
    static const double cases[][3] = {{0.7, 0.3, 0.4}, {0.3, -0.3, 0.3}, {0.02, 0.1, 0.9}};
    for (size_t k = 0; k < MIXES; k++)
        for (size_t p = 0; p < sizeof cases / sizeof *cases; p += CASE_STEP) {
            check_pair(&mixes[k], cases[p]);
            for (size_t which = 0; which < 3; which++)
                check_slopes(&mixes[k], cases[p], pairs[which]);
        }
}

static double noise_of(const two *m, const double *c, const double *u, size_t i, size_t j,
                       double *gradient) {
    double *work = malloc(ordpar_mixed_work(FIELDS) * sizeof *work);
    const double noise =
        ordpar_mixed_squared_error_dg_dg(m->g, m->h, K, FIELDS, c, u, i, j, gradient, work);
    free(work);
    return noise;
}

/* E[(sum u g)^2 g'(z_i) g'(z_j)] of fields z = W x of three components, for the pairs (0, 0), (1,
 * 0) and (1, 1); even: x and -x together. */
static void noise_quadrature(const two *m, const double *W, const double *u, double sum[3]) {
    const bool wide = m->g->is_made; /* of the tenth degree at the ends */
    const rule r = {wide ? 58 : 42, 0.2};
    double p, q, s;
    memset(sum, 0, 3 * sizeof *sum);
    for (int i = -r.half; i <= r.half; i++)
        for (int j = -r.half; j <= r.half; j++)
            for (int k = -r.half; k <= r.half; k++) {
                const double x = node(&r, i, &p), y = node(&r, j, &q), t = node(&r, k, &s);
                double z[FIELDS], g[FIELDS], dg[FIELDS], error = 0;
                if (x * x + y * y + t * t > (wide ? 130 : 75))
                    continue;
                for (size_t a = 0; a < FIELDS; a++)
                    z[a] = W[3 * a] * x + W[3 * a + 1] * y + W[3 * a + 2] * t;
                m->g->evaluate(m->g, K, z, g, dg);
                m->h->evaluate(m->h, FIELDS - K, z + K, g + K, NULL);
                for (size_t a = 0; a < FIELDS; a++)
                    error += u[a] * g[a];
                error *= error * p * q * s;
                sum[0] += error * dg[0] * dg[0];
                sum[1] += error * dg[1] * dg[0];
                sum[2] += error * dg[1] * dg[1];
            }
}

static void check_noise_slopes(const two *m, const double *c, const double *u, size_t i, size_t j) {
    const double step = 1e-5;
    double gradient[FIELDS * FIELDS], moved[FIELDS * FIELDS];
    noise_of(m, c, u, i, j, gradient);
    for (size_t a = 0; a < FIELDS; a++)
        for (size_t b = 0; b <= a; b++) {
            double side[2];
            for (int k = 0; k < 2; k++) {
                memcpy(moved, c, sizeof moved);
                moved[a * FIELDS + b] += k ? step : -step;
                moved[b * FIELDS + a] = moved[a * FIELDS + b];
                side[k] = noise_of(m, moved, u, i, j, NULL);
            }
            CHECK_CLOSE(a == b ? gradient[a * FIELDS + a]
                               : gradient[a * FIELDS + b] + gradient[b * FIELDS + a],
                        (side[1] - side[0]) / (2 * step), TOL_DIFFERENCE, 1 + fabs(side[0]),
                        "%s students, %s teachers, (%zu, %zu) by (%zu, %zu)", m->g->name,
                        m->h->name, i, j, a, b);
        }
}

static void check_noise(const two *m, ordpar_random *stream, bool coinciding) {
    double W[3 * FIELDS], u[FIELDS], c[FIELDS * FIELDS] = {0}, expected[3];
    for (size_t k = 0; k < 3 * FIELDS; k++)
        W[k] = uniform(stream, -0.6, 0.6);
    if (coinciding)
        memcpy(W + 3, W, 3 * sizeof *W);
    for (size_t a = 0; a < FIELDS; a++) {
        u[a] = uniform(stream, -1, 1);
        for (size_t b = 0; b < FIELDS; b++)
            for (size_t k = 0; k < 3; k++)
                c[FIELDS * a + b] += W[3 * a + k] * W[3 * b + k];
    }
    noise_quadrature(m, W, u, expected);
    for (size_t k = 0; k < 3; k++)
        CHECK_CLOSE(noise_of(m, c, u, k > 0, k > 1, NULL), expected[k], error_of(m),
                    1 + fabs(expected[k]), "%s students, %s teachers, pair %zu", m->g->name,
                    m->h->name, k);
    check_noise_slopes(m, c, u, 0, 0);
    check_noise_slopes(m, c, u, 1, 0);
}

/* Those with parameters, among each other and with others. */
enum { MADE = 7 };

static ordpar_activation *polynomial(size_t count, const double *c) {
    ordpar_activation *made = NULL;
    ordpar_error err;
    check_ok(ordpar_activation_hermite("polynomial", count, c, &made, &err), &err);
    return made;
}

static ordpar_activation *erfs(double slope, double constant) {
    static const double a[] = {0.7, -0.2, 0.4}, s[] = {0.5, 1, 1.6};
    const ordpar_erfs given = {3, a, s, slope, constant};
    ordpar_activation *made = NULL;
    ordpar_error err;
    check_ok(ordpar_activation_erfs("erfs", &given, &made, &err), &err);
    return made;
}

static void with_made(void (*check)(const two *, size_t k)) {
    ordpar_activation *cubic = polynomial(3, (const double[]){0, 0, 1});
    ordpar_activation *fifth = polynomial(5, (const double[]){0.5, -0.3, 0.2, 0.1, 0.05});
    ordpar_activation *sum = erfs(0, 0), *sloped = erfs(0.4, 0.3);
    const two all[MADE] = {{cubic, cubic},
                           {fifth, &ordpar_activation_quadratic},
                           {&ordpar_activation_erf, cubic},
                           {sloped, sloped},
                           {sloped, fifth},
                           {sum, &ordpar_activation_tanh},
                           {&ordpar_activation_gelu, cubic}};
    for (size_t k = 0; k < MADE; k++)
        check(&all[k], k);
    ordpar_activation_free(cubic);
    ordpar_activation_free(fifth);
    ordpar_activation_free(sum);
    ordpar_activation_free(sloped);
}

static void check_made_pair(const two *m, size_t k) {
    static const double cases[][3] = {{0.7, 0.3, 0.4}, {0.3, -0.3, 0.3}};
    check_pair(m, cases[k % 2]);
    for (size_t which = 0; which < 3; which++)
        check_slopes(m, cases[k % 2], pairs[which]);
}

static void check_made_noise(const two *m, size_t k) {
    ordpar_random stream = test_stream(34 + k);
    check_noise(m, &stream, k % 2);
}

/* g' is the derivative of g, in blocks of any length. */
static void check_made_function(const two *m, size_t k) {
    enum { COUNT = 300 };
    double x[COUNT], up[COUNT], down[COUNT], y[COUNT], dy[COUNT];
    const double step = 1e-5;
    (void)k;
    for (size_t p = 0; p < COUNT; p++) {
        x[p] = -2 + 0.0133 * (double)p;
        up[p] = x[p] + step;
        down[p] = x[p] - step;
    }
    m->g->evaluate(m->g, COUNT, x, y, dy);
    m->g->evaluate(m->g, COUNT, up, up, NULL);
    m->g->evaluate(m->g, COUNT, down, down, NULL);
    for (size_t p = 0; p < COUNT; p++) {
        CHECK_CLOSE(dy[p], (up[p] - down[p]) / (2 * step), TOL_DIFFERENCE, 10, "%s at %g",
                    m->g->name, x[p]);
        CHECK_CLOSE(y[p], ordpar_activation_value(m->g, x[p]), TOL_EXACT, 10, "%s at %g",
                    m->g->name, x[p]);
    }
}

Test(mixed, those_with_parameters_match_quadrature) {
    with_made(check_made_function);
    with_made(check_made_pair);
    with_made(check_made_noise);
}

/* He_3 = x^3 - 3x, whose average with He_3 at variance 1 is 6 c^3. */
Test(mixed, hermite_polynomials_are_orthogonal) {
    for (size_t k = 1; k <= 5; k++)
        for (size_t l = 1; l <= 5; l++) {
            double c[5] = {0}, d[5] = {0}, factorial = 1;
            c[k - 1] = d[l - 1] = 1;
            ordpar_activation *g = polynomial(k, c), *h = polynomial(l, d);
            for (size_t p = 2; p <= k; p++)
                factorial *= (double)p;
            const double expected = k == l ? factorial * pow(0.4, (double)k) : 0;
            CHECK_CLOSE(ordpar_mixed_gg(g, h, 1, 0.4, 1).value, expected, TOL_TIGHT, factorial,
                        "He_%zu He_%zu", k, l);
            cr_assert_eq(g->parity, k % 2 ? -1 : 1);
            ordpar_activation_free(g);
            ordpar_activation_free(h);
        }
}

Test(mixed, parameters_are_checked) {
    ordpar_activation *made = NULL;
    ordpar_error err;
    const double zero[6] = {0}, one = 1, nothing = 0;
    cr_assert_eq(ordpar_activation_hermite("x", 0, zero, &made, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_activation_hermite("x", 6, zero, &made, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_activation_hermite("x", 2, zero, &made, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_activation_erfs("x", &(ordpar_erfs){1, &one, &nothing, 0, 0}, &made, &err),
                 ORDPAR_INVALID);
    cr_assert_eq(ordpar_activation_erfs("x", &(ordpar_erfs){0, &one, &one, 0, 0}, &made, &err),
                 ORDPAR_INVALID);
    cr_assert_null(made);
}

Test(mixed, noise_matches_quadrature_and_its_gradient_differences) {
    ordpar_random stream = test_stream(31);
    for (size_t k = 0; k < MIXES; k++)
        if (ordpar_activations_mix_at_all_orders(mixes[k].g, mixes[k].h))
            check_noise(&mixes[k], &stream, k % 2);
}

/* The polynomials' own averages are those of x^2 that are written out. */
Test(mixed, polynomials_have_the_averages_of_the_quadratic_ones) {
    ordpar_random stream = test_stream(32);
    const ordpar_activation *g = &ordpar_activation_quadratic;
    double c[FIELDS * FIELDS], u[FIELDS], work[64], own[16], other[16];
    random_covariance(&stream, FIELDS, 9, c);
    for (size_t a = 0; a < FIELDS; a++)
        u[a] = uniform(&stream, -1, 1);
    const double value = g->squared_error_dg_dg(g, FIELDS, c, u, 1, 0, own, work);
    CHECK_CLOSE(noise_of(&(two){g, g}, c, u, 1, 0, other), value, TOL_TIGHT, value, "value");
    for (size_t k = 0; k < FIELDS * FIELDS; k++)
        CHECK_CLOSE(other[k], own[k], TOL_TIGHT, value, "gradient %zu", k);
    const ordpar_pair_average gg = ordpar_parts_pair(g, g, 0, 0, c[0], c[1], c[5]);
    CHECK_CLOSE(gg.value, g->gg(g, c[0], c[1], c[5]).value, TOL_TIGHT, gg.value, "gg");
}

/* relu has a kink: by the closed averages of a linear teacher's own field, E[y f] = sum_k c_yk
 * E[df/dz_k], as differences of relu's. */
Test(mixed, relu_with_polynomial_teachers_matches_monte_carlo) {
    enum { DRAWS = 400000 };
    static const two relu[] = {{&ordpar_activation_relu, &ordpar_activation_linear},
                               {&ordpar_activation_relu, &ordpar_activation_quadratic}};
    ordpar_random stream = test_stream(33);
    gsl_rng generator = ordpar_random_gsl(&stream);
    double W[FIELDS * FIELDS], u[FIELDS] = {0.6, 0.9, -0.7, -0.5}, c[FIELDS * FIELDS] = {0};
    for (size_t k = 0; k < FIELDS * FIELDS; k++)
        W[k] = uniform(&stream, -0.6, 0.6);
    for (size_t a = 0; a < FIELDS; a++)
        for (size_t b = 0; b < FIELDS; b++)
            for (size_t k = 0; k < FIELDS; k++)
                c[FIELDS * a + b] += W[FIELDS * a + k] * W[FIELDS * b + k];
    for (size_t which = 0; which < 2; which++) {
        const two *m = &relu[which];
        double sum[2] = {0}, square[2] = {0};
        for (int draw = 0; draw < DRAWS; draw++) {
            double x[FIELDS], z[FIELDS] = {0}, error = 0;
            for (size_t k = 0; k < FIELDS; k++)
                x[k] = gsl_ran_gaussian_ziggurat(&generator, 1);
            for (size_t a = 0; a < FIELDS; a++) {
                for (size_t k = 0; k < FIELDS; k++)
                    z[a] += W[FIELDS * a + k] * x[k];
                error += u[a] * ordpar_activation_value(a < K ? m->g : m->h, z[a]);
            }
            const double at[2] = {z[0] > 0 ? error * error : 0,
                                  z[0] > 0 && z[1] > 0 ? error * error : 0};
            for (size_t k = 0; k < 2; k++) {
                sum[k] += at[k] / DRAWS;
                square[k] += at[k] * at[k] / DRAWS;
            }
        }
        for (size_t k = 0; k < 2; k++)
            CHECK_CLOSE(noise_of(m, c, u, k, 0, NULL), sum[k], 4,
                        sqrt((square[k] - sum[k] * sum[k]) / DRAWS), "%s, pair %zu", m->h->name, k);
        check_noise_slopes(m, c, u, 0, 0);
        check_noise_slopes(m, c, u, 1, 0);
    }
}

Test(mixed, what_is_not_known_is_said) {
    cr_assert(!ordpar_activations_mix(&ordpar_activation_erf, &ordpar_activation_relu));
    cr_assert(!ordpar_activations_mix(&ordpar_activation_relu, &ordpar_activation_gelu));
    cr_assert(ordpar_activations_mix(&ordpar_activation_quadratic, &ordpar_activation_erf));
    cr_assert(!ordpar_activations_mix_at_all_orders(&ordpar_activation_quadratic,
                                                    &ordpar_activation_erf));
}
