// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Activations with kinks or without closed forms. Second routes: integration over the sphere with
 * the kinks between the nodes, adaptive quadrature, Monte Carlo.
 */
#include "solver/averages/activation.h"
#include "support.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* E[(sum u_a g(z_a))^2 g'(z_i) g'(z_j)] of relu. */
static double noise_of_relu(size_t n, const double *c, const double *u, size_t i, size_t j,
                            double *gradient) {
    return test_noise_of(&ordpar_activation_relu, n, c, u, i, j, gradient);
}

/* What the rows say of g, by g and its averages. */
Test(activations, have_the_parity_and_homogeneity_that_they_name) {
    const double x[] = {0.1, 0.7, 1, 2.5, 6}, factor = 1.7;
    const ordpar_activation *a;
    for (size_t index = 0; (a = ordpar_activation_at(index)); index++) {
        bool even = true, odd = true;
        int degree = 0;
        for (size_t k = 0; k < sizeof x / sizeof *x; k++) {
            even = even && ordpar_activation_value(a, -x[k]) == ordpar_activation_value(a, x[k]);
            odd = odd && ordpar_activation_value(a, -x[k]) == -ordpar_activation_value(a, x[k]);
        }
        for (int d = 1; d <= 4; d++) {
            bool holds = true;
            for (size_t k = 0; k < 2 * (sizeof x / sizeof *x); k++) {
                const double z = k % 2 ? -x[k / 2] : x[k / 2];
                holds = holds && fabs(ordpar_activation_value(a, factor * z) -
                                      pow(factor, d) * ordpar_activation_value(a, z)) <=
                                     TOL_TIGHT * fabs(ordpar_activation_value(a, factor * z));
            }
            degree = holds ? d : degree;
        }
        cr_assert_eq(a->parity, even - odd, "%s: parity %d", a->name, a->parity);
        cr_assert_eq(a->homogeneity, degree, "%s: homogeneity %d, not %d", a->name, a->homogeneity,
                     degree);
        const double largest = 1e50; /* of what has a limit at 0 */
        const bool exists = fabs(a->ddg_g(a, 0, 0, 1).value) < largest;
        cr_assert_eq(a->needs_variance, !exists, "%s needs no variance, or does", a->name);
    }
}

/* Fields z_a = w_a . x, x normal in three dimensions; the average of a function of degree 2 is
 * three times that over the sphere. */
typedef struct {
    const ordpar_activation *g;
    size_t n, i, j;
    const double *W, *u; /* [n][3], [n] */
    double height;       /* x_3 on the sphere */
    gsl_integration_glfixed_table *rule;
} sphere;

static double on_sphere(const sphere *s, double phi) {
    const double r = sqrt(1 - s->height * s->height);
    const double x[3] = {r * cos(phi), r * sin(phi), s->height};
    double error = 0, slope = 1;
    for (size_t a = 0; a < s->n; a++) {
        const double z = s->W[3 * a] * x[0] + s->W[3 * a + 1] * x[1] + s->W[3 * a + 2] * x[2];
        error += s->u[a] * ordpar_activation_value(s->g, z);
        slope *= a == s->i || a == s->j ? ordpar_activation_slope(s->g, z) : 1;
    }
    return error * error * slope;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Around the circle at a height, with the kinks of all fields between the pieces. */
static double around(double height, void *context) {
    sphere *s = context;
    s->height = height;
    double at[32] = {0, 2 * M_PI}, sum = 0;
    size_t count = 2;
    const double r = sqrt(1 - height * height);
    for (size_t a = 0; a < s->n; a++) {
        const double *w = s->W + 3 * a, size = hypot(w[0], w[1]);
        const double cosine = -w[2] * height / (r * size);
        if (fabs(cosine) < 1)
            for (int side = -1; side < 2; side += 2)
                at[count++] = fmod(atan2(w[1], w[0]) + side * acos(cosine) + 4 * M_PI, 2 * M_PI);
    }
    qsort(at, count, sizeof *at, ascending);
    for (size_t k = 0; k + 1 < count; k++)
        for (size_t p = 0; p < s->rule->n; p++) {
            double x, w;
            gsl_integration_glfixed_point(at[k], at[k + 1], p, &x, &w, s->rule);
            sum += w * on_sphere(s, x);
        }
    return 3 * sum / (4 * M_PI);
}

Test(relu, noise_matches_integration_over_the_sphere) {
    enum { FIELDS = 5 };
    ordpar_random stream = test_stream(202);
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(2000);
    gsl_set_error_handler_off(); /* the integrator calls rounding what the check below allows */
    sphere s = {
        .g = &ordpar_activation_relu, .n = FIELDS, .rule = gsl_integration_glfixed_table_alloc(14)};
    for (int trial = 0; trial < 4; trial++) {
        double W[3 * FIELDS], u[FIELDS], c[FIELDS * FIELDS] = {0}, expected, error;
        for (int k = 0; k < 3 * FIELDS; k++)
            W[k] = uniform(&stream, -1, 1);
        if (trial % 2) /* two fields coincide, as a student with its teacher */
            memcpy(W, W + 9, 3 * sizeof *W);
        for (int a = 0; a < FIELDS; a++) {
            u[a] = uniform(&stream, -1, 1);
            for (int b = 0; b < FIELDS; b++)
                for (int k = 0; k < 3; k++)
                    c[FIELDS * a + b] += W[3 * a + k] * W[3 * b + k];
        }
        s.W = W;
        s.u = u;
        for (s.i = 0; s.i < 2; s.i++)
            for (s.j = 0; s.j <= s.i; s.j++) {
                gsl_function f = {around, &s};
                gsl_integration_qags(&f, -1, 1, 1e-10, 1e-10, 2000, work, &expected, &error);
                CHECK_CLOSE(noise_of_relu(FIELDS, c, u, s.i, s.j, NULL), expected, 1e-9, 1,
                            "noise (%zu, %zu), trial %d", s.i, s.j, trial);
            }
    }
    gsl_integration_glfixed_table_free(s.rule);
    gsl_integration_workspace_free(work);
}

enum { FIELDS = 5, COLUMNS = 6 };

/* Outputs u, and fields W x of independent x with their covariance c, which is 0 before. */
static void draw_fields(ordpar_random *stream, double W[FIELDS][COLUMNS], double u[FIELDS],
                        double c[FIELDS * FIELDS]) {
    for (int a = 0; a < FIELDS; a++) {
        u[a] = uniform(stream, -1, 1);
        for (int k = 0; k < COLUMNS; k++)
            W[a][k] = uniform(stream, -1, 1);
    }
    for (int a = 0; a < FIELDS; a++)
        for (int b = 0; b < FIELDS; b++)
            for (int k = 0; k < COLUMNS; k++)
                c[FIELDS * a + b] += W[a][k] * W[b][k];
}

/* The same for fields of full rank, up to the statistical error. */
Test(relu, noise_matches_monte_carlo) {
    enum { SAMPLES = 400000 };
    ordpar_random stream = test_stream(203);
    gsl_rng generator = ordpar_random_gsl(&stream);
    double W[FIELDS][COLUMNS], u[FIELDS], c[FIELDS * FIELDS] = {0}, sum[3] = {0}, square[3] = {0};
    draw_fields(&stream, W, u, c);
    for (int s = 0; s < SAMPLES; s++) {
        double x[COLUMNS], z[FIELDS] = {0}, error = 0;
        for (int k = 0; k < COLUMNS; k++)
            x[k] = gsl_ran_gaussian_ziggurat(&generator, 1);
        for (int a = 0; a < FIELDS; a++) {
            for (int k = 0; k < COLUMNS; k++)
                z[a] += W[a][k] * x[k];
            error += u[a] * fmax(z[a], 0);
        }
        const double value[3] = {error * error * (z[0] > 0), error * error * (z[0] > 0 && z[1] > 0),
                                 error * error * (z[3] > 0 && z[1] > 0)};
        for (int k = 0; k < 3; k++) {
            sum[k] += value[k];
            square[k] += value[k] * value[k];
        }
    }
    const size_t pairs[3][2] = {{0, 0}, {0, 1}, {3, 1}};
    for (int k = 0; k < 3; k++) {
        const double mean = sum[k] / SAMPLES, spread = sqrt(square[k] / SAMPLES - mean * mean);
        CHECK_CLOSE(noise_of_relu(FIELDS, c, u, pairs[k][0], pairs[k][1], NULL), mean,
                    4 / sqrt(SAMPLES), spread, "noise %d", k);
    }
}

/* Students at the distance s from their teachers: the noise is of order s^2, far below its terms.
 */
Test(relu, noise_of_students_near_their_teachers_keeps_its_digits) {
    enum { K = 3, N = 2 * K, WIDTH = 9 };
    ordpar_random stream = test_stream(204);
    double B[K][WIDTH], J[K][WIDTH], u[N], first[2] = {0};
    for (int k = 0; k < K; k++) {
        u[k] = 0.5;
        u[K + k] = -0.5;
        for (int l = 0; l < WIDTH; l++) {
            B[k][l] = uniform(&stream, -1, 1);
            J[k][l] = uniform(&stream, -1, 1);
        }
    }
    for (double s = 1e-4; s > 1e-7; s /= 10) {
        double z[N][WIDTH], c[N * N] = {0};
        for (int k = 0; k < K; k++)
            for (int l = 0; l < WIDTH; l++) {
                z[K + k][l] = B[k][l];
                z[k][l] = B[k][l] + s * J[k][l];
            }
        for (int a = 0; a < N; a++)
            for (int b = 0; b < N; b++)
                for (int l = 0; l < WIDTH; l++)
                    c[N * a + b] += z[a][l] * z[b][l];
        for (size_t j = 0; j < 2; j++) {
            const double noise = noise_of_relu(N, c, u, 0, j, NULL);
            if (first[j] == 0)
                first[j] = noise / (s * s);
            CHECK_CLOSE(noise, first[j] * s * s, 1, TOL_SUM + 1e-3 * first[j] * s * s,
                        "noise (0, %zu) at s = %g", j, s);
        }
    }
}

/* [12.14] Students at their teachers, but for errors that leave covariances no fields can have: the
 * noise, which is zero, may not be wrong by much more than they are. */
Test(relu, noise_is_small_where_covariances_are_not_quite_possible) {
    enum { K = 4, N = 2 * K, TRIALS = 20 };
    ordpar_random stream = test_stream(207);
    double u[N], gradient[N * N];
    for (int a = 0; a < N; a++)
        u[a] = a < K ? 0.5 : -0.5;
    for (double wrong = 1e-16; wrong < 1e-8; wrong *= 10)
        for (int trial = 0; trial < TRIALS; trial++) {
            double T[K * K], c[N * N];
            random_covariance(&stream, K, 8, T);
            for (int a = 0; a < N; a++)
                for (int b = 0; b <= a; b++)
                    c[N * a + b] = c[N * b + a] =
                        T[K * (a % K) + b % K] + (b < K ? wrong * uniform(&stream, -1, 1) : 0);
            const size_t j = (size_t)trial % K;
            const double noise = noise_of_relu(N, c, u, 0, j, gradient);
            CHECK_CLOSE(noise, 0, 1, TOL_SUM + 100 * wrong, "noise (0, %zu), errors of %g", j,
                        wrong);
            for (int k = 0; k < N * N; k++)
                cr_assert(isfinite(gradient[k]), "gradient, errors of %g", wrong);
        }
}

/* Averages are of degree 1 in the covariances; scales far from one must not matter. */
Test(relu, noise_scales_with_the_fields) {
    enum { N = 5 };
    ordpar_random stream = test_stream(205);
    double c[N * N], moved[N * N], u[N], gradient[2][N * N];
    random_covariance(&stream, N, 8, c);
    for (int a = 0; a < N; a++)
        u[a] = uniform(&stream, -1, 1);
    const double at = noise_of_relu(N, c, u, 0, 1, gradient[0]);
    for (double factor = 1e-40; factor < 1e41; factor *= 1e20) {
        double euler = 0;
        for (int k = 0; k < N * N; k++)
            moved[k] = factor * c[k];
        const double noise = noise_of_relu(N, moved, u, 0, 1, gradient[1]);
        CHECK_CLOSE(noise, factor * at, TOL_TIGHT, factor * at, "scale %g", factor);
        for (int k = 0; k < N * N; k++) {
            euler += gradient[1][k] * moved[k];
            CHECK_CLOSE(gradient[1][k], gradient[0][k], TOL_TIGHT, 1, "slope %d, scale %g", k,
                        factor);
        }
        CHECK_CLOSE(euler, noise, TOL_TIGHT, noise, "Euler's theorem, scale %g", factor);
    }
}

/* g' knows the sign of a field alone, however small weight decay has made it. */
Test(relu, averages_keep_their_digits_beside_fields_of_next_to_no_variance) {
    enum { N = 4 };
    const ordpar_activation *g = &ordpar_activation_relu;
    ordpar_random stream = test_stream(211);
    double c[N * N], moved[N * N], u[N], gradient[2][N * N];
    random_covariance(&stream, N, 8, c);
    for (int a = 0; a < N; a++)
        u[a] = uniform(&stream, -1, 1);
    for (double s = 1e-10; s > 1e-95; s *= 1e-10) { /* of the first two */
        double weights[N];
        for (int a = 0; a < N; a++) {
            weights[a] = u[a] / (a < 2 ? s : 1);
            for (int b = 0; b < N; b++)
                moved[N * a + b] = c[N * a + b] * (a < 2 ? s : 1) * (b < 2 ? s : 1);
        }
        const double at = noise_of_relu(N, c, u, 0, 1, gradient[0]),
                     noise = noise_of_relu(N, moved, weights, 0, 1, gradient[1]);
        CHECK_CLOSE(noise, at, TOL_TIGHT, at, "noise beside %g", s);
        CHECK_CLOSE(gradient[1][N + 2] * s, gradient[0][N + 2], TOL_TIGHT, 1, "slope beside %g", s);
        for (int k = 0; k < N; k++) {
            const double *m = moved + k, own = moved[0], other = moved[k * (N + 1)];
            const double first = k < 2 ? s : 1;
            CHECK_CLOSE(g->gg(g, own, *m, other).value / s / first,
                        g->gg(g, c[0], c[k], c[k * (N + 1)]).value, TOL_TIGHT, 1, "gg, %g", s);
            CHECK_CLOSE(g->dg_dg(g, own, *m, other).value,
                        g->dg_dg(g, c[0], c[k], c[k * (N + 1)]).value, TOL_TIGHT, 1, "g'g', %g", s);
            const ordpar_pair_average ddg_g = g->ddg_g(g, own, *m, other);
            CHECK_CLOSE(ddg_g.value * s / first, g->ddg_g(g, c[0], c[k], c[k * (N + 1)]).value,
                        TOL_TIGHT, 1, "g''g, %g", s);
            cr_assert(isfinite(ddg_g.d_aa) && isfinite(ddg_g.d_bb), "slopes of g''g, %g", s);
        }
    }
    const ordpar_pair_average none = g->ddg_g(g, 0, 0, 1), few = g->dg_dg(g, -1e-300, 0, 1);
    cr_assert(isfinite(none.value) && isfinite(none.d_aa) && isfinite(few.d_aa), "fields of 0");
}

/* Means of many samples of five fields: the error and its factors together. */
static void check_by_monte_carlo(const ordpar_activation *g, unsigned long number) {
    enum { SAMPLES = 200000 };
    ordpar_random stream = test_stream(number);
    gsl_rng generator = ordpar_random_gsl(&stream);
    double W[FIELDS][COLUMNS], u[FIELDS], c[FIELDS * FIELDS] = {0}, sum[2] = {0}, square[2] = {0};
    draw_fields(&stream, W, u, c);
    for (int s = 0; s < SAMPLES; s++) {
        double z[FIELDS] = {0}, error = 0;
        for (int k = 0; k < COLUMNS; k++) {
            const double x = gsl_ran_gaussian_ziggurat(&generator, 1);
            for (int a = 0; a < FIELDS; a++)
                z[a] += W[a][k] * x;
        }
        for (int a = 0; a < FIELDS; a++)
            error += u[a] * ordpar_activation_value(g, z[a]);
        const double value[2] = {
            error * error * ordpar_activation_slope(g, z[0]) * ordpar_activation_slope(g, z[0]),
            error * error * ordpar_activation_slope(g, z[3]) * ordpar_activation_slope(g, z[1])};
        for (int k = 0; k < 2; k++) {
            sum[k] += value[k];
            square[k] += value[k] * value[k];
        }
    }
    const size_t pairs[2][2] = {{0, 0}, {3, 1}};
    double *work = malloc(ordpar_activation_work(g, FIELDS) * sizeof *work);
    for (int k = 0; k < 2; k++) {
        const double mean = sum[k] / SAMPLES, spread = sqrt(square[k] / SAMPLES - mean * mean);
        CHECK_CLOSE(g->squared_error_dg_dg(g, FIELDS, c, u, pairs[k][0], pairs[k][1], NULL, work),
                    mean, 4 / sqrt(SAMPLES), spread, "noise %d of %s", k, g->name);
    }
    free(work);
}

Test(smooth, noise_matches_monte_carlo) {
    check_by_monte_carlo(&ordpar_activation_tanh, 208);
    check_by_monte_carlo(&ordpar_activation_sigmoid, 209);
    check_by_monte_carlo(&ordpar_activation_gelu, 210);
    check_by_monte_carlo(&ordpar_activation_softplus, 211);
    check_by_monte_carlo(&ordpar_activation_silu, 212);
}

/* A start at J = 0, where relu has no derivative, is refused; small eta alone is accepted where the
 * terms of order eta^2 are not known. */
Test(activations, what_they_cannot_do_is_refused) {
    const double alpha = 1;
    double eps_g[1];
    ordpar_error err;
    const ordpar_integrate_options options = {
        .rtol = 1e-6, .trained_blocks = 2, .observer = keep_curve, .context = eps_g};
    test_model m = make_model(2, 2, 64, 2, 1, 0.1, 0, "relu", 3);
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    clear_model(&m);
    ordpar_activation lowest = ordpar_activation_tanh;
    lowest.squared_error_dg_dg = NULL;
    m = make_model(2, 2, 64, 2, 1, 0.1, 0.3, "tanh", 3);
    m.network.activation = &lowest;
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    m.network.small_eta = true;
    check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
             &err);
    clear_model(&m);
}
