// SPDX-License-Identifier: GPL-3.0-or-later
/* Fluctuations of single runs: known cases, adjoint against the dense covariance, and runs. */
#include "solver/averages/high.h"
#include "solver/fluctuations/fluctuations.h"
#include "solver/fluctuations/linearised.h"
#include "spectra/forms/linear_finite_n.h"
#include "support.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>

#include <math.h>
#include <string.h>

static test_model make_plain(size_t K, size_t M, long N, long L, double eta, double sigma_J,
                             const char *activation) {
    ordpar_error err;
    test_model m = make_model(K, M, N, L, 1, eta, sigma_J, activation, 3);
    ordpar_network_clear(&m.network);
    check_ok(ordpar_network_init(K, M, ordpar_activation_find(activation), eta, &m.network, &err),
             &err);
    return m;
}

static ordpar_fluctuation_problem problem_of(const test_model *m, bool shifts) {
    return (ordpar_fluctuation_problem){.spectrum = &m->spectrum,
                                        .network = &m->network,
                                        .trained_blocks = m->spectrum.L,
                                        .start = &m->start,
                                        .rtol = 1e-11,
                                        .atol = 0,
                                        .shifts = shifts};
}

/* L = 1, one linear unit: N var(ln eps_g) = 2 (2 eta - eta^2)^2 alpha. */
Test(fluctuations, linear_isotropic_is_a_random_walk_of_the_logarithm) {
    const double eta = 0.3, alpha[4] = {0, 1, 5, 10};
    test_model m = make_plain(1, 1, 1000, 1, eta, 0.5, "linear");
    double eps_g[4];
    ordpar_fluctuation rows[2][4];
    ordpar_error err;
    double covariance[16];
    for (int shifts = 0; shifts < 2; shifts++) {
        ordpar_fluctuation_problem p = problem_of(&m, shifts);
        p.finer = 5;
        p.covariance = shifts ? covariance : NULL;
        check_ok(ordpar_fluctuations(&p, alpha, 4, rows[shifts], &err), &err);
    }
    integrate_curve(&m, alpha, 4, 1e-11, eps_g);
    for (size_t k = 1; k < 4; k++)
        for (int shifts = 0; shifts < 2; shifts++)
            CHECK_CLOSE(rows[shifts][k].variance / (eps_g[k] * eps_g[k]) / alpha[k],
                        2 * pow(2 * eta - eta * eta, 2), 1e-8, 1, "alpha = %g", alpha[k]);
    for (size_t k = 1; k < 4; k++) /* what it has walked by the earlier row; not extrapolated */
        for (size_t j = 1; j < 4; j++)
            CHECK_CLOSE(covariance[k * 4 + j] / (eps_g[k] * eps_g[j]) / fmin(alpha[k], alpha[j]),
                        2 * pow(2 * eta - eta * eta, 2), 1e-4, 1, "rows %zu and %zu", k, j);
    clear_model(&m);
}

Test(fluctuations, adjoint_is_the_dense_covariance) {
    static const struct {
        size_t K, M;
        long L;
        char activation[10];
    } cases[] = {{1, 1, 3, "linear"}, {2, 2, 2, "erf"},  {3, 2, 3, "erf"},
                 {2, 3, 2, "linear"}, {2, 2, 2, "relu"}, {1, 2, 2, "quadratic"}};
    const double alpha[3] = {0.5, 2, 5};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k += CASE_STEP) {
        test_model m = make_model(cases[k].K, cases[k].M, 600, cases[k].L, 1, k == 5 ? 0.02 : 0.4,
                                  0.5, cases[k].activation, 7 + k);
        ordpar_fluctuation dense[3], adjoint[3];
        ordpar_error err;
        m.network.training.weight_decay = k == 2 ? 0.01 : 0;
        ordpar_fluctuation_problem p = problem_of(&m, true), q = problem_of(&m, false);
        p.finer = q.finer = 3; /* their steps are not the same ones */
        check_ok(ordpar_fluctuations(&p, alpha, 3, dense, &err), &err);
        check_ok(ordpar_fluctuations(&q, alpha, 3, adjoint, &err), &err);
        for (size_t r = 0; r < 3; r++) {
            CHECK_CLOSE(adjoint[r].variance, dense[r].variance, 1e-6, dense[r].variance,
                        "case %zu, row %zu", k, r);
            cr_assert(isnan(adjoint[r].shift) && isfinite(dense[r].shift));
            cr_assert(dense[r].variance_error < 1e-3 * dense[r].variance, "%g of %g",
                      dense[r].variance_error, dense[r].variance);
        }
        clear_model(&m);
    }
}

/* [19.3] However small eps_g is, its variance is that of the law, or told not to be known; never 0.
 */
Test(fluctuations, variance_is_right_or_not_known) {
    const double alpha[] = {5, 10, 20, 40, 80, 200};
    for (int shifts = 0; shifts < 2; shifts++) {
        test_model m = make_plain(1, 1, 1000, 1, 1, 0.3, "linear");
        ordpar_fluctuation row[6];
        double eps_g[6];
        ordpar_error err;
        ordpar_fluctuation_problem p = problem_of(&m, shifts);
        p.finer = 3;
        check_ok(ordpar_fluctuations(&p, alpha, 6, row, &err), &err);
        integrate_curve(&m, alpha, 6, 1e-8, eps_g);
        for (size_t k = 0; k < 6; k++) {
            const double law = 2 * alpha[k] * eps_g[k] * eps_g[k];
            cr_assert(k > 1 || isfinite(row[k].variance), "row %zu", k);
            cr_assert(k < 4 || isnan(row[k].variance), "row %zu: %g", k, row[k].variance);
            if (isfinite(row[k].variance))
                CHECK_CLOSE(row[k].variance, law, 1e-4, law, "row %zu", k);
            else
                cr_assert(isnan(row[k].shift));
        }
        clear_model(&m);
    }
}

/* On a long plateau steps are long, and fast modes are right at the rows all the same, whichever
 * these are: by the covariance, and by the adjoint, whose steps are short there. */
Test(fluctuations, of_a_plateau_do_not_depend_on_the_rows) {
    const double few[2] = {100, 600}, many[4] = {100, 300, 500, 600};
    test_model m = make_model(2, 2, 1000, 1, 1, 0.5, 1e-6, "erf", 1);
    ordpar_fluctuation by_few[2], by_many[4], adjoint[2];
    ordpar_error err;
    ordpar_network_clear(&m.network);
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_erf, 0.5, &m.network, &err), &err);
    ordpar_overlaps_clear(&m.start);
    check_ok(ordpar_overlaps_start(&m.spectrum, 2, 2, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_MEAN,
                                   1e-6, 1, 1, &m.start, &err),
             &err);
    const ordpar_fluctuation_problem p = problem_of(&m, true), q = problem_of(&m, false);
    check_ok(ordpar_fluctuations(&p, few, 2, by_few, &err), &err);
    check_ok(ordpar_fluctuations(&p, many, 4, by_many, &err), &err);
    check_ok(ordpar_fluctuations(&q, few, 2, adjoint, &err), &err);
    for (size_t k = 0; k < 2; k++) {
        const double expected = by_few[k].variance;
        CHECK_CLOSE(by_many[3 * k].variance, expected, 0.01, expected, "row %zu", k);
        CHECK_CLOSE(adjoint[k].variance, expected, 0.01, expected, "row %zu, adjoint", k);
    }
    CHECK_CLOSE(by_many[3].variance, by_many[0].variance, 0.01, by_many[0].variance, "plateau");
    clear_model(&m);
}

/* z of the covariance lower lower^T. */
static void factorise(size_t n, const double *c, double *lower) {
    memset(lower, 0, n * n * sizeof *lower);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = c[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= lower[i * n + k] * lower[j * n + k];
            lower[i * n + j] = i == j ? sqrt(sum) : sum / lower[j * n + j];
        }
}

enum { K = 2, M = 2, FIELDS = 4, L = 2, S = 7 };

/* a . u of one sampled example. */
static double sample_step(const test_model *m, const double *lower, const double *a,
                          const gsl_rng *rng) {
    const ordpar_network *net = &m->network;
    double zb[L][FIELDS] = {{0}}, z[FIELDS] = {0}, c[K], sum = 0;
    double delta = net->label_noise * gsl_ran_gaussian_ziggurat(rng, 1);
    for (size_t b = 0; b < L; b++) {
        double g[FIELDS];
        for (size_t i = 0; i < FIELDS; i++)
            g[i] = gsl_ran_gaussian_ziggurat(rng, sqrt(m->spectrum.lambda[b]));
        for (size_t i = 0; i < FIELDS; i++) {
            for (size_t k = 0; k <= i; k++)
                zb[b][i] += lower[(b * FIELDS + i) * FIELDS + k] * g[k];
            z[i] += zb[b][i];
        }
    }
    for (size_t i = 0; i < FIELDS; i++)
        delta +=
            (i < K ? net->v[i] : -net->w[i - K]) * ordpar_activation_value(net->activation, z[i]);
    for (size_t i = 0; i < K; i++)
        c[i] = -net->eta * net->v[i] * delta * ordpar_activation_slope(net->activation, z[i]);
    for (size_t b = 0; b < L; b++) {
        const double *x = a + b, pl = m->spectrum.p[b] * m->spectrum.lambda[b];
        for (size_t i = 0; i < K; i++)
            for (size_t n = 0; n < M; n++)
                sum += x[(i * M + n) * L] * c[i] * zb[b][K + n];
        for (size_t i = 0, k = K * M; i < K; i++)
            for (size_t j = i; j < K; j++)
                sum += x[k++ * L] * (c[i] * zb[b][j] + c[j] * zb[b][i] + pl * c[i] * c[j]);
    }
    return sum;
}

/* [19.1, 19.2] The variance of any combination of the overlaps' changes, against samples. */
Test(fluctuations, noise_is_that_of_steps) {
    enum { SAMPLES = SANITIZED ? 40000 : 400000, COMBINATIONS = 3 };
    static const char *const names[3] = {"erf", "linear", "relu"};
    for (size_t k = 0; k < 3; k++) {
        test_model m = make_model(K, M, 60, L, 1, 0.8, 0.7, names[k], 11 + k);
        ordpar_linearised l;
        ordpar_error err;
        double lower[L * FIELDS * FIELDS], gram[FIELDS * FIELDS], a[L * S];
        ordpar_random stream = test_stream(91 + k);
        const gsl_rng rng = ordpar_random_gsl(&stream);
        m.network.label_noise = 0.3;
        check_ok(ordpar_linearised_init(&m.spectrum, &m.network, L, &m.start, &l, &err), &err);
        check_ok(ordpar_linearised_set(&l, &m.start, 0, &err), &err);
        for (size_t b = 0; b < L; b++) {
            ordpar_overlaps_gram(&m.start, b, gram);
            factorise(FIELDS, gram, lower + b * FIELDS * FIELDS);
        }
        for (size_t c = 0; c < COMBINATIONS; c++) {
            double mean = 0, square = 0, fourth = 0;
            for (size_t i = 0; i < L * S; i++) /* the last: of q alone */
                a[i] = c == 2 && i / L < K * M ? 0 : uniform(&stream, -1, 1);
            for (size_t s = 0; s < SAMPLES; s++)
                mean += sample_step(&m, lower, a, &rng) / SAMPLES;
            for (size_t s = 0; s < SAMPLES; s++) {
                const double x = sample_step(&m, lower, a, &rng) - mean;
                square += x * x / SAMPLES;
                fourth += x * x * x * x / SAMPLES;
            }
            const double error = sqrt((fourth - square * square) / SAMPLES);
            cr_assert(error < 0.03 * square, "%g of %g", error, square);
            CHECK_CLOSE(ordpar_step_noise_square(&l.noise, a, 0, NULL), square, 4.5, error,
                        "%s, combination %zu, in standard errors", names[k], c);
        }
        ordpar_linearised_clear(&l);
        clear_model(&m);
    }
}

/* d at a point of three fields, and the product of g' of units. */
static double quadratic_product(const ordpar_high_fields *f, const double *z, const size_t *units,
                                size_t count, int power) {
    double d = 0, product = 1;
    for (size_t a = 0; a < f->n; a++)
        d += f->u[a] * z[a] * z[a];
    for (size_t k = 0; k < count; k++)
        product *= 2 * z[units[k]];
    return pow(d, power) * product;
}

/* Quadratic units, whose twelfth powers samples hardly see: Gauss-Hermite quadrature is exact. */
Test(fluctuations, quadratic_averages_are_integrals) {
    enum { FEW = 3, POINTS = 8 };
    static const size_t units[4] = {0, 1, 0, 2};
    const double c[FEW * FEW] = {0.7, 0.2, -0.1, 0.2, 0.5, 0.3, -0.1, 0.3, 0.9};
    const double u[FEW] = {0.8, -0.5, 0.6}, s2 = 0.3;
    const ordpar_high_fields f = {FEW, c, u, s2};
    double lower[FEW * FEW], slope[FEW], work[3 * FEW * FEW + 5 * FEW];
    double fourth = 0, expected[FEW] = {0}, product[FEW] = {0};
    gsl_integration_fixed_workspace *rule =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, POINTS, 0, 0.5, 0, 0);
    const double *x = gsl_integration_fixed_nodes(rule), *w = gsl_integration_fixed_weights(rule);
    factorise(FEW, c, lower);
    for (size_t p = 0; p < POINTS * POINTS * POINTS; p++) {
        const size_t at[FEW] = {p % POINTS, p / POINTS % POINTS, p / POINTS / POINTS};
        double z[FEW] = {0}, weight = 1;
        for (size_t a = 0; a < FEW; a++) {
            weight *= w[at[a]] / sqrt(2 * M_PI);
            for (size_t b = 0; b <= a; b++)
                z[a] += lower[a * FEW + b] * x[at[b]];
        }
        fourth += weight * (quadratic_product(&f, z, units, 4, 4) +
                            6 * s2 * quadratic_product(&f, z, units, 4, 2) +
                            3 * s2 * s2 * quadratic_product(&f, z, units, 4, 0));
        for (size_t a = 0; a < FEW; a++)
            product[a] += weight * z[a] *
                          (quadratic_product(&f, z, units, 3, 3) +
                           3 * s2 * quadratic_product(&f, z, units, 3, 1));
    }
    gsl_integration_fixed_free(rule);
    CHECK_CLOSE(ordpar_high_quadratic.mean(&f, &(ordpar_high_product){4, 0, 4, {0, 1, 0, 2}}, work),
                fourth, TOL_LOOSE, fourth, "fourth");
    ordpar_high_quadratic.slope(&f, &(ordpar_high_product){3, 0, 3, {0, 1, 0}}, slope, work);
    for (size_t a = 0; a < FEW; a++) {
        for (size_t b = 0; b < FEW; b++)
            expected[a] += c[a * FEW + b] * slope[b];
        CHECK_CLOSE(expected[a], product[a], TOL_LOOSE, fabs(product[a]), "field %zu", a);
    }
}

/* Linear units: the mean at finite N is known exactly [6.5]. */
Test(fluctuations, shift_is_that_of_the_exact_mean) {
    enum { BLOCKS = 3, ROWS = 3 };
    const double alpha[ROWS] = {1, 4, 10}, eta = 0.6, noise = 0.2, N = 30000;
    test_model m = make_plain(1, 1, (long)N, BLOCKS, eta, 0.5, "linear");
    double eps_g[ROWS], exact[ROWS], error[BLOCKS];
    ordpar_fluctuation rows[ROWS];
    ordpar_error err;
    m.network.label_noise = noise;
    const ordpar_fluctuation_problem p = problem_of(&m, true);
    check_ok(ordpar_fluctuations(&p, alpha, ROWS, rows, &err), &err);
    for (size_t b = 0; b < BLOCKS; b++)
        error[b] = (m.start.q[b] - 2 * m.start.r[b] + m.start.t[b]) / m.spectrum.p[b];
    check_ok(
        ordpar_linear_finite_n(&m.spectrum, eta, noise, BLOCKS, error, alpha, ROWS, exact, &err),
        &err);
    integrate_curve(&m, alpha, ROWS, 1e-12, eps_g);
    for (size_t k = 0; k < ROWS; k++)
        CHECK_CLOSE(rows[k].shift, N * (exact[k] - eps_g[k]), 2e-3, rows[k].shift, "alpha = %g",
                    alpha[k]);
    clear_model(&m);
}

Test(fluctuations, refuses_what_is_not_known) {
    ordpar_error err;
    test_model m = make_plain(3, 2, 60, 2, 0.3, 0.5, "relu");
    cr_assert_eq(ordpar_fluctuations_check(&m.network, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "up to 4, got 5"), "%s", err.message);
    m.network.activation = &ordpar_activation_tanh;
    cr_assert_eq(ordpar_fluctuations_check(&m.network, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "not for tanh"), "%s", err.message);
    m.network.activation = &ordpar_activation_erf;
    check_ok(ordpar_fluctuations_check(&m.network, &err), &err);
    m.network.training.batch_fraction = 0.5;
    cr_assert_eq(ordpar_fluctuations_check(&m.network, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "fraction of N"), "%s", err.message);
    m.network.training.batch_fraction = 0;
    m.network.small_eta = true;
    cr_assert_eq(ordpar_fluctuations_check(&m.network, &err), ORDPAR_INVALID);
    clear_model(&m);
}

/* Adds x to the overlaps of every block, r then q packed. */
static void move(ordpar_overlaps *o, double step, const double *x) {
    for (size_t b = 0; b < L; b++)
        for (size_t i = 0; i < K; i++) {
            for (size_t n = 0; n < M; n++)
                o->r[(i * M + n) * L + b] += step * x[(i * M + n) * L + b];
            for (size_t j = i; j < K; j++) {
                const double part = step * x[(K * M + ordpar_packed_index(K, i, j)) * L + b];
                o->q[(i * K + j) * L + b] += part;
                if (j > i)
                    o->q[(j * K + i) * L + b] += part;
            }
        }
}

/* The Jacobian, with decay, a schedule and a frozen block, against differences of the rates. */
Test(fluctuations, jacobian_is_the_derivative_of_the_rates) {
    const double step = 1e-5, alpha = 3;
    for (size_t trained = 1; trained <= L; trained++) {
        test_model m = make_model(K, M, 60, L, 1, 0.8, 0.7, "erf", 21);
        ordpar_linearised l;
        ordpar_error err;
        double x[L * S], sum[S], expected[L * S];
        ordpar_random stream = test_stream(95);
        m.network.training.weight_decay = 0.2;
        m.network.training.schedule =
            (ordpar_schedule){.kind = ORDPAR_SCHEDULE_POWER, .gamma = 1, .alpha_0 = 2};
        for (size_t k = 0; k < L * S; k++)
            x[k] = k % L < trained ? uniform(&stream, -1, 1) : 0;
        check_ok(ordpar_linearised_init(&m.spectrum, &m.network, trained, &m.start, &l, &err),
                 &err);
        check_ok(ordpar_linearised_set(&l, &m.start, alpha, &err), &err);
        ordpar_linearised_sums(&l, x, sum);
        for (size_t k = 0; k < L * S; k++) {
            expected[k] = 0;
            for (size_t j = 0; j < S; j++)
                expected[k] += l.J[(k / L * S + j) * L + k % L] * x[j * L + k % L] +
                               l.U[(k / L * S + j) * L + k % L] * sum[j];
        }
        move(&m.start, step, x);
        check_ok(ordpar_linearised_set(&l, &m.start, alpha, &err), &err);
        double up[L * S];
        memcpy(up, l.rate, sizeof up);
        move(&m.start, -2 * step, x);
        check_ok(ordpar_linearised_set(&l, &m.start, alpha, &err), &err);
        for (size_t k = 0; k < L * S; k++)
            CHECK_CLOSE(expected[k], (up[k] - l.rate[k]) / (2 * step), 1e-8, 1,
                        "%zu blocks trained, number %zu", trained, k);
        ordpar_linearised_clear(&l);
        clear_model(&m);
    }
}
