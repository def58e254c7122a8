// SPDX-License-Identifier: GPL-3.0-or-later
/* The law of the escape time: the growth against integrated curves, the law against drawn starts.
 */
#include "solver/plateau/escape_growth.h"
#include "solver/plateau/escape_law.h"
#include "solver/plateau/measure.h"
#include "solver/plateau/prediction.h"
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

static const ordpar_integrate_options tolerances = {.rtol = 1e-8, .atol = 1e-14};

/* A network of the paper's output weights. */
static test_model make_equal(size_t K, size_t M, long N, long L, double eta) {
    ordpar_error err;
    test_model m = make_model(K, M, N, L, 1, eta, 0.01, "erf", 3);
    ordpar_network_clear(&m.network);
    check_ok(ordpar_network_init(K, M, &ordpar_activation_erf, eta, &m.network, &err), &err);
    return m;
}

static ordpar_status keep_amplitude(void *context, size_t row, double alpha, double eps_g,
                                    const ordpar_overlaps *state, ordpar_error *err) {
    const test_model *m = ((void **)context)[0];
    double *amplitude = ((void **)context)[1];
    (void)row, (void)alpha, (void)eps_g, (void)err;
    *amplitude = 0;
    for (size_t b = 0; b < state->L; b++) /* of e with 1/2, -1/2, -1/2, 1/2 among two units */
        *amplitude += m->spectrum.lambda[b] * (state->r[b] - state->r[state->L + b]);
    return ORDPAR_OK;
}

/* Small differences in one block at a time, integrated to the same alpha. */
Test(escape_law, growth_is_that_of_the_equations_of_motion) {
    enum { L = 3 };
    const double sigma_J = 0.01, end[1] = {180}, size = 1e-6;
    test_model m = make_equal(2, 2, 3000, L, 0.5);
    ordpar_error err;
    ordpar_prediction p = {0};
    ordpar_escape_growth growth;
    check_ok(ordpar_predict_plateau(&m.spectrum, &m.network, NULL, true, &p, &err), &err);
    check_ok(ordpar_predict_escape(&m.spectrum, &m.network, 1, &p, &err), &err);
    check_ok(ordpar_escape_growth_find(&m.spectrum, &m.network, sigma_J, p.rate, end[0],
                                       &tolerances, &growth, &err),
             &err);
    for (size_t b = 0; b < L; b++) {
        double amplitude;
        void *context[2] = {&m, &amplitude};
        const ordpar_integrate_options options = {.rtol = 1e-10,
                                                  .atol = 1e-14,
                                                  .trained_blocks = L,
                                                  .observer = keep_amplitude,
                                                  .context = context};
        ordpar_overlaps start;
        check_ok(ordpar_overlaps_start(&m.spectrum, 2, 2, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN,
                                       sigma_J, 0, 1, &start, &err),
                 &err);
        for (size_t k = 0; k < 4; k++)
            start.r[k * L + b] = (k == 0 || k == 3 ? 1 : -1) * size / 2;
        check_ok(ordpar_integrate(&m.spectrum, &m.network, &start, end, 1, &options, NULL, &err),
                 &err);
        CHECK_CLOSE(growth.y[b], amplitude / size, 2e-3, amplitude / size, "block %zu", b);
        ordpar_overlaps_clear(&start);
    }
    free(growth.y);
    ordpar_prediction_clear(&p);
    clear_model(&m);
}

/* Fields of one example in two blocks, at a state with q_ii = q, q_ij = o, r_in = r in each:
 * x_i = r sum y_n + sqrt(..) own and common parts. */
static void draw_fields(const gsl_rng *rng, double lambda, double q, double o, double r, double t,
                        double z[4]) {
    const double common = gsl_ran_gaussian(rng, 1);
    const double rest = o - 2 * r * r / t;
    for (size_t n = 0; n < 2; n++)
        z[2 + n] = sqrt(lambda * t) * gsl_ran_gaussian(rng, 1);
    for (size_t i = 0; i < 2; i++)
        z[i] = r / t * (z[2] + z[3]) +
               sqrt(lambda) * (sqrt(rest) * common + sqrt(q - o) * gsl_ran_gaussian(rng, 1));
}

/* One step of SGD changes y.rho by sum_in e_in c_i s_n / N, s_n = sum_b y_b y^b_n, here sampled. */
Test(escape_law, noise_is_that_of_steps) {
    enum { SAMPLES = 400000, L = 2 };
    static const double y[L] = {1.3, -0.4}, q[L] = {0.4, 0.2}, o[L] = {0.25, 0.15},
                        r[L] = {0.2, 0.1}, noise = 0.2;
    test_model m = make_equal(2, 2, 100, L, 0.7);
    m.network.label_noise = noise;
    const double *t = m.spectrum.p, *lambda = m.spectrum.lambda, *v = m.network.v;
    const double u[4] = {v[0], v[1], -m.network.w[0], -m.network.w[1]};
    double c[16] = {0}, scratch[56], squares = 0, fourths = 0;
    for (size_t b = 0; b < L; b++)
        for (size_t i = 0; i < 2; i++)
            for (size_t j = 0; j < 2; j++) {
                c[i * 4 + j] += lambda[b] * (i == j ? q[b] : o[b]);
                c[i * 4 + 2 + j] += lambda[b] * r[b];
                c[(2 + j) * 4 + i] += lambda[b] * r[b];
                c[(2 + i) * 4 + 2 + j] += i == j ? lambda[b] * t[b] : 0;
            }
    const double expected = ordpar_escape_noise_of(
        &m.spectrum, ordpar_escape_noise_terms(&m.network, c, u, scratch), y);
    ordpar_random stream = test_stream(71);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    for (size_t k = 0; k < SAMPLES; k++) {
        double z[4] = {0}, s[2] = {0}, delta = noise * gsl_ran_gaussian(&rng, 1), sum = 0;
        for (size_t b = 0; b < L; b++) {
            double zb[4];
            draw_fields(&rng, lambda[b], q[b], o[b], r[b], t[b], zb);
            for (size_t a = 0; a < 4; a++)
                z[a] += zb[a];
            for (size_t n = 0; n < 2; n++)
                s[n] += y[b] * zb[2 + n];
        }
        for (size_t a = 0; a < 4; a++)
            delta += u[a] * ordpar_activation_value(m.network.activation, z[a]);
        for (size_t i = 0; i < 2; i++)
            sum -= (i ? -1 : 1) * m.network.eta * v[i] * delta *
                   ordpar_activation_slope(m.network.activation, z[i]) * (s[0] - s[1]) / 2;
        squares += sum * sum / SAMPLES;
        fourths += sum * sum * sum * sum / SAMPLES;
    }
    const double error = sqrt((fourths - squares * squares) / SAMPLES);
    cr_assert(error < 0.02 * squares);
    CHECK_CLOSE(expected, squares, 4, error, "in standard errors");
    clear_model(&m);
}

/* Of ln |chi|, one part of which is sqrt(d) longer: drawn, with the n of `earlier`. */
static double sampled_jitter(const ordpar_escape_law *law, double *error) {
    enum { SAMPLES = 200000 };
    const double scale = sqrt(expm1(2 * law->earlier / law->tau));
    ordpar_random stream = test_stream(72);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    double sums[4] = {0};
    for (size_t k = 0; k < SAMPLES; k++) {
        double square = 0;
        for (size_t a = 0; a < law->modes; a++) {
            const double part =
                (a ? 0 : sqrt((double)law->modes)) + scale * gsl_ran_gaussian(&rng, 1);
            square += part * part;
        }
        const double x = log(square / (double)law->modes) / 2;
        for (size_t p = 0; p < 4; p++)
            sums[p] += pow(x, (double)(p + 1)) / SAMPLES;
    }
    const double mean = sums[0], variance = sums[1] - mean * mean;
    const double fourth =
        sums[3] - 4 * mean * sums[2] + 6 * mean * mean * sums[1] - 3 * pow(mean, 4);
    *error = law->tau * sqrt((fourth - variance * variance) / SAMPLES / variance) / 2;
    return law->tau * sqrt(variance);
}

/* Little noise, some, much, and some in four modes. */
Test(escape_law, jitter_is_that_of_the_noise) {
    static const struct {
        size_t units;
        double eta, label_noise;
    } cases[] = {{2, 0.01, 0}, {2, 1.2, 0}, {2, 1.2, 1}, {3, 1.2, 0.3}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k += CASE_STEP) {
        test_model m = make_equal(cases[k].units, cases[k].units, 1000, 1, cases[k].eta);
        m.network.label_noise = cases[k].label_noise;
        ordpar_error err;
        ordpar_escape_law law;
        double error;
        check_ok(ordpar_escape_law_find(&m.spectrum, &m.network, 0.01, &tolerances, &law, &err),
                 &err);
        const double sampled = sampled_jitter(&law, &error);
        cr_assert(error < 0.01 * sampled);
        CHECK_CLOSE(law.jitter, sampled, 4, error, "case %zu: tau %g", k, law.tau);
        clear_model(&m);
    }
}

static double exit_of_start(const test_model *m, uint64_t run, const double *alpha, size_t count,
                            double *eps_g) {
    ordpar_error err;
    ordpar_overlaps start;
    ordpar_plateau_measure plateau = {.exit = NAN};
    bool found;
    const ordpar_integrate_options options = {.rtol = 1e-6,
                                              .atol = 1e-14,
                                              .trained_blocks = m->spectrum.L,
                                              .observer = keep_curve,
                                              .context = eps_g};
    check_ok(ordpar_overlaps_start(&m->spectrum, m->network.K, m->network.M, ORDPAR_INIT_SAMPLED,
                                   ORDPAR_TEACHER_MEAN, 0.01, 2, run, &start, &err),
             &err);
    check_ok(
        ordpar_integrate(&m->spectrum, &m->network, &start, alpha, count, &options, NULL, &err),
        &err);
    check_ok(ordpar_measure_plateau(count, alpha, eps_g, NAN, &found, &plateau, &err), &err);
    ordpar_overlaps_clear(&start);
    cr_assert(found);
    return plateau.exit;
}

/* Kolmogorov's distance to the law, with its asymptotic probability. */
static double kolmogorov(const ordpar_escape_law *law, size_t count, double *exits) {
    double distance = 0, probability = 0;
    gsl_sort(exits, 1, count);
    for (size_t k = 0; k < count; k++) {
        const double below = ordpar_escape_law_share(law, exits[k]), n = (double)count;
        distance = fmax(distance, fmax((double)(k + 1) / n - below, below - (double)k / n));
    }
    const double x = (sqrt((double)count) + 0.12 + 0.11 / sqrt((double)count)) * distance;
    for (int k = 1; k < 100; k++)
        probability += (k % 2 ? 2 : -2) * exp(-2 * k * k * x * x);
    return probability;
}

Test(escape_law, starts_leave_by_the_law, NUMBERS_ALONE) {
    enum { STARTS = 100, ROWS = 400 };
    static const struct {
        size_t units;
        long L;
        double last, spread; /* alpha; sd/tau of sizes alone */
    } cases[] = {{2, 4, 700, 1.1107}, {3, 4, 1000, 0.4015}, {4, 4, 1600, 0.2493}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m = make_equal(cases[k].units, cases[k].units, 10000, cases[k].L, 0.5);
        ordpar_error err;
        ordpar_escape_law law;
        double alpha[ROWS], eps_g[ROWS], exits[STARTS];
        check_ok(ordpar_escape_law_find(&m.spectrum, &m.network, 0.01, &tolerances, &law, &err),
                 &err);
        CHECK_CLOSE(sqrt(law.sd * law.sd - law.direction * law.direction) / law.tau,
                    cases[k].spread, 2e-4, 1, "K = M = %zu", cases[k].units);
        for (size_t q = 0; q < 3; q++)
            CHECK_CLOSE(ordpar_escape_law_share(&law, law.quantile[q]),
                        ((double[]){0.05, 0.5, 0.95})[q], TOL_LOOSE, 1, "quantile %zu", q);
        for (size_t r = 0; r < ROWS; r++)
            alpha[r] = cases[k].last * pow(1e-4, (double)(ROWS - 1 - r) / (ROWS - 1));
        for (size_t s = 0; s < STARTS; s++)
            exits[s] = exit_of_start(&m, s + 1, alpha, ROWS, eps_g);
        const double p = kolmogorov(&law, STARTS, exits);
        cr_assert(p > 0.01, "K = M = %zu: Kolmogorov-Smirnov p = %g", cases[k].units, p);
        clear_model(&m);
    }
}

Test(escape_law, refuses_what_has_no_such_law) {
    ordpar_error err;
    ordpar_escape_law law = {.mean = -1};
    test_model m = make_equal(2, 2, 12, 4, 0.5);
    cr_assert_eq(ordpar_escape_law_find(&m.spectrum, &m.network, 0.01, &tolerances, &law, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "K + M = 4, got 3 in block 1"), "%s", err.message);
    m.network.w[0] *= 2;
    cr_assert_eq(ordpar_escape_law_find(&m.spectrum, &m.network, 0.01, &tolerances, &law, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "equal output weights of the teachers"), "%s", err.message);
    cr_assert_eq(law.mean, -1, "outputs untouched");
    clear_model(&m);
}
