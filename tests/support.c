// SPDX-License-Identifier: GPL-3.0-or-later
#include "support.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void check_close(double actual, double expected, double tolerance, double scale, const char *file,
                 int line, const char *format, ...) {
    const double error = fabs(actual - expected);
    if (error <= tolerance * scale) /* false for NAN */
        return;
    char inputs[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(inputs, sizeof inputs, format, arguments);
    va_end(arguments);
    cr_assert_fail("%s:%d: %s: got %.17g, expected %.17g, error %.3g = %.3g of the allowed %.3g",
                   file, line, inputs, actual, expected, error, error / (tolerance * scale),
                   tolerance * scale);
}

void check_ok(ordpar_status status, const ordpar_error *err) {
    cr_assert(status == ORDPAR_OK, "%s: %s", ordpar_status_string(status), err->message);
}

bool is_slow(const ordpar_activation *activation) {
    return activation == &ordpar_activation_softplus || activation == &ordpar_activation_silu;
}

double uniform(ordpar_random *stream, double low, double high) {
    const gsl_rng rng = ordpar_random_gsl(stream);
    return low + (high - low) * gsl_rng_uniform(&rng);
}

ordpar_random test_stream(unsigned long number) {
    ordpar_random stream;
    ordpar_random_init(&stream, 20250101, number, ORDPAR_RANDOM_START, 0);
    return stream;
}

void random_covariance(ordpar_random *stream, size_t n, size_t columns, double *c) {
    const gsl_rng rng = ordpar_random_gsl(stream);
    double *w = malloc(n * columns * sizeof *w);
    for (size_t k = 0; k < n * columns; k++)
        w[k] = gsl_ran_gaussian_ziggurat(&rng, 1);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            c[a * n + b] = 0;
            for (size_t k = 0; k < columns; k++)
                c[a * n + b] += w[a * columns + k] * w[b * columns + k] / (double)columns;
        }
    free(w);
}

test_model make_model(size_t K, size_t M, long N, long L, double beta, double eta, double sigma_J,
                      const char *activation, unsigned long seed) {
    ordpar_error err;
    test_model m;
    check_ok(ordpar_spectrum_power_law(N, L, beta, &m.spectrum, &err), &err);
    check_ok(ordpar_network_init(K, M, ordpar_activation_find(activation), eta, &m.network, &err),
             &err);
    check_ok(ordpar_overlaps_start(&m.spectrum, K, M, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED,
                                   sigma_J, seed, 1, &m.start, &err),
             &err);
    return m;
}

void clear_model(test_model *m) {
    ordpar_spectrum_clear(&m->spectrum);
    ordpar_network_clear(&m->network);
    ordpar_overlaps_clear(&m->start);
}

void give_tasks(test_model *m, size_t count, bool alone, unsigned long seed) {
    enum { MOST = 4 };
    const double alpha[2] = {0, 3};
    ordpar_random stream = test_stream(seed);
    ordpar_given_task task[MOST];
    ordpar_error err;
    double p[MOST][2], v[MOST][64], w[MOST][64];
    cr_assert(count <= MOST && m->network.K <= 64 && m->network.M <= 64);
    for (size_t k = 0; k < count; k++) {
        p[k][0] = alone ? k == 0 : 1 / (double)count;
        p[k][1] = k ? 0.4 / (double)(count - 1) : count > 1 ? 0.6 : 1;
        for (size_t i = 0; i < m->network.K; i++)
            v[k][i] = uniform(&stream, 0.2, 0.7) * (i % 2 && k % 2 ? -1 : 1);
        for (size_t n = 0; n < m->network.M; n++)
            w[k][n] = uniform(&stream, 0.3, 0.9) * ((n + k) % 3 == 1 ? -1 : 1);
        task[k] = (ordpar_given_task){
            .v = v[k], .w = w[k], .steps = 2, .alpha = alpha, .probability = p[k]};
    }
    check_ok(ordpar_network_set_tasks(&m->network, task, count, &err), &err);
}

ordpar_status keep_curve(void *context, size_t row, double alpha, double eps_g,
                         const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

/* From a copy of the start. */
static void integrate_by(ordpar_integrator_choice integrator, const test_model *m,
                         const ordpar_integrate_options *how, ordpar_overlaps *state,
                         const double *alpha, size_t count, double *eps_g,
                         ordpar_integrate_stats *stats) {
    ordpar_error err;
    ordpar_integrate_options settings = *how;
    settings.observer = keep_curve;
    settings.context = eps_g;
    settings.integrator = integrator;
    check_ok(
        ordpar_integrate(&m->spectrum, &m->network, state, alpha, count, &settings, stats, &err),
        &err);
}

void integrate_both_ways(test_model *m, size_t trained_blocks, const double *alpha, size_t count,
                         double rtol, double *eps_g, ordpar_integrate_stats *stats) {
    const ordpar_integrate_options how = {
        .rtol = rtol, .atol = ORDPAR_DEFAULT_ATOL, .trained_blocks = trained_blocks};
    ordpar_overlaps start = {0};
    ordpar_integrate_stats other = {0};
    ordpar_error err;
    double *by_other = malloc(count * sizeof *by_other);
    const bool exists = m->network.training.momentum.weight == 0;
    check_ok(ordpar_overlaps_init(m->start.K, m->start.M, m->start.L, &start, &err), &err);
    ordpar_overlaps_copy(&m->start, &start);
    integrate_by(ORDPAR_INTEGRATOR_AUTO, m, &how, &m->start, alpha, count, eps_g, stats);
    if (exists)
        integrate_by(stats->by_radau ? ORDPAR_INTEGRATOR_CVODE : ORDPAR_INTEGRATOR_RADAU, m, &how,
                     &start, alpha, count, by_other, &other);
    const double promise =
        10 * rtol + fmax(10 * rtol, stats->rounding_limit + other.rounding_limit);
    const double least = stats->deviations_from < INFINITY ? 1e-280 : 2 * fmax(1e-13, stats->noise);
    for (size_t row = 0; row < count && exists; row++)
        CHECK_CLOSE(by_other[row], eps_g[row], 1, fmax(promise * eps_g[row], least),
                    "radau %d beside the other, rtol %g, alpha = %g", stats->by_radau, rtol,
                    alpha[row]);
    ordpar_overlaps_clear(&start);
    free(by_other);
}

void integrate_blocks(test_model *m, size_t trained_blocks, const double *alpha, size_t count,
                      double rtol, double *eps_g) {
    ordpar_integrate_stats stats;
    integrate_both_ways(m, trained_blocks, alpha, count, rtol, eps_g, &stats);
}

void integrate_curve(test_model *m, const double *alpha, size_t count, double rtol, double *eps_g) {
    integrate_blocks(m, m->spectrum.L, alpha, count, rtol, eps_g);
}

void put_on_plateau(test_model *m, const ordpar_plateau *at) {
    const size_t K = m->network.K, M = m->network.M, L = m->spectrum.L;
    ordpar_overlaps *o = &m->start;
    for (size_t b = 0; b < L; b++) {
        double q = m->spectrum.p[b] * at->f;
        for (size_t n = 0; n < M; n++) {
            double r = 0;
            for (size_t l = 0; l < M; l++)
                r += o->t[(n * M + l) * L + b] * at->a[l];
            q += at->a[n] * r;
            for (size_t i = 0; i < K; i++)
                o->r[(i * M + n) * L + b] = r;
        }
        for (size_t k = 0; k < K * K; k++)
            o->q[k * L + b] = q;
    }
}

void log_grid(double start, double stop, size_t count, double *values) {
    for (size_t k = 0; k < count; k++)
        values[k] = start * pow(stop / start, (double)k / (double)(count - 1));
}

ordpar_spectrum split_with(const ordpar_spectrum *s, int64_t trained, const double *error,
                           double *split_error, size_t *blocks) {
    ordpar_error err;
    ordpar_spectrum split;
    int64_t n[64];
    cr_assert_leq(s->L, sizeof n / sizeof *n);
    for (size_t b = 0; b < s->L; b++)
        n[b] = (int64_t)s->n[b];
    check_ok(ordpar_spectrum_from_arrays(s->L, s->lambda, n, &split, &err), &err);
    check_ok(ordpar_spectrum_split(&split, trained, blocks, &err), &err);
    for (size_t b = 0; b < split.L; b++)
        split_error[b] = error[split.L > s->L && b >= *blocks ? b - 1 : b];
    return split;
}

double test_noise_of(const ordpar_activation *g, size_t n, const double *c, const double *u,
                     size_t i, size_t j, double *gradient) {
    double *work = malloc(ordpar_activation_work(g, n) * sizeof *work);
    const double noise = g->squared_error_dg_dg(g, n, c, u, i, j, gradient, work);
    free(work);
    return noise;
}
