// SPDX-License-Identifier: GPL-3.0-or-later
/* Fluctuations of single runs under what is more than plain training: trained outputs, momentum,
 * batches, tasks, decay, schedules. */
#include "solver/fluctuations/fluctuations.h"
#include "solver/fluctuations/linearised.h"
#include "support.h"

#include <gsl/gsl_randist.h>

#include <math.h>
#include <string.h>

enum { K = 2, M = 2, UNITS = 4, ROWS = 6, L = 2, DIMENSIONS = 9 };

enum { OUTPUTS = 1, MOMENTUM = 2, TASKS = 4, BATCH = 8, DECAY = 16, CASES = 32 };

/* The training of these parts; the start gets overlaps of P in any case. */
static test_model make_trained(unsigned parts, const char *activation, unsigned long seed) {
    test_model m = make_model(K, M, 60, L, 1, 0.8, 0.7, activation, seed);
    ordpar_training *t = &m.network.training;
    m.network.label_noise = 0.3;
    if (parts & TASKS)
        give_tasks(&m, 2, false, seed);
    if (parts & OUTPUTS)
        t->eta_v = 0.4;
    if (parts & MOMENTUM)
        t->momentum = (ordpar_momentum){.weight = 0.7, .damping = 1.5};
    if (parts & BATCH)
        t->batch = 3;
    if (parts & DECAY)
        t->weight_decay = 0.2;
    return m;
}

/* Vectors J, B, P of each block, and a state of their overlaps. */
static void draw_state(test_model *m, ordpar_random *stream, double vector[L][ROWS][DIMENSIONS],
                       ordpar_error *err) {
    double push[(K * M + 2 * K * K) * L];
    for (size_t b = 0; b < L; b++)
        for (size_t a = 0; a < ROWS; a++)
            for (size_t d = 0; d < DIMENSIONS; d++)
                vector[b][a][d] = uniform(stream, -1, 1) * sqrt(m->spectrum.p[b] / 3);
    for (size_t b = 0; b < L; b++)
        for (size_t a = 0; a < ROWS; a++)
            for (size_t e = 0; e < ROWS; e++) {
                double x = 0;
                for (size_t d = 0; d < DIMENSIONS; d++)
                    x += vector[b][a][d] * vector[b][e][d];
                if (a < K && e < K)
                    m->start.q[(a * K + e) * L + b] = x;
                else if (a < K && e < UNITS)
                    m->start.r[(a * M + e - K) * L + b] = x;
                else if (a < K)
                    push[(K * M + a * K + e - UNITS) * L + b] = x;
                else if (a < UNITS && e >= K && e < UNITS)
                    m->start.t[((a - K) * M + e - K) * L + b] = x;
                else if (a >= UNITS && e >= UNITS)
                    push[(K * M + K * K + (a - UNITS) * K + e - UNITS) * L + b] = x;
                else if (a >= UNITS && e >= K)
                    push[((a - UNITS) * M + e - K) * L + b] = x;
            }
    m->start.heads = ordpar_network_heads(&m->network);
    check_ok(ordpar_overlaps_set_push(&m->start, push, err), err);
    check_ok(ordpar_overlaps_set_outputs(&m->start, m->network.v, err), err);
}

/* a . u of one example of a task: what moves with c_i, and with c_i c_j. */
typedef struct {
    double sum;
    double c[K], field[L][ROWS];
} example;

static example draw_example(const test_model *m, const gsl_rng *rng, size_t task,
                            double vector[L][ROWS][DIMENSIONS], const double *outputs) {
    const ordpar_network *net = &m->network;
    const double *v = net->v + task * K, *w = net->w + task * M;
    const double eta_v = net->training.eta_v;
    double z[ROWS] = {0}, delta = net->label_noise * gsl_ran_gaussian_ziggurat(rng, 1);
    example x = {0};
    for (size_t b = 0; b < L; b++)
        for (size_t d = 0; d < DIMENSIONS; d++) {
            const double xi = gsl_ran_gaussian_ziggurat(rng, sqrt(m->spectrum.lambda[b]));
            for (size_t a = 0; a < ROWS; a++)
                x.field[b][a] += vector[b][a][d] * xi;
        }
    for (size_t a = 0; a < ROWS; a++)
        for (size_t b = 0; b < L; b++)
            z[a] += x.field[b][a];
    for (size_t a = 0; a < UNITS; a++)
        delta += (a < K ? v[a] : -w[a - K]) * ordpar_activation_value(net->activation, z[a]);
    for (size_t i = 0; i < K; i++) {
        x.c[i] = -v[i] * delta * ordpar_activation_slope(net->activation, z[i]);
        if (eta_v > 0)
            x.sum -= outputs[task * K + i] * eta_v * delta *
                     ordpar_activation_value(net->activation, z[i]);
    }
    return x;
}

/* How far an example's c takes a vector. */
static double push_of(const test_model *m, size_t a) {
    return a < K ? m->network.eta : a < UNITS ? 0 : -1;
}

/* a . u of a step with a batch; x of the product of vectors a and e of a block. */
static double moved(const test_model *m, const example *one, size_t count, size_t a, size_t e,
                    size_t b) {
    const size_t i = a < UNITS ? a % K : a - UNITS, j = e < UNITS ? e % K : e - UNITS;
    const double pa = push_of(m, a), pe = push_of(m, e), B = (double)count;
    double sum = 0;
    for (size_t s = 0; s < count; s++)
        sum +=
            (pa * one[s].c[i] * one[s].field[b][e] + pe * one[s].c[j] * one[s].field[b][a]) / B +
            pa * pe * m->spectrum.p[b] * m->spectrum.lambda[b] * one[s].c[i] * one[s].c[j] / B / B;
    return sum;
}

static double sample_step(const test_model *m, double vector[L][ROWS][DIMENSIONS], const double *a,
                          const gsl_rng *rng) {
    const ordpar_training *t = &m->network.training;
    const size_t count = t->batch > 1 ? t->batch : 1, pushed = t->momentum.weight > 0;
    const size_t S = pushed ? 18 : 7;
    example one[3];
    double sum = 0;
    for (size_t s = 0; s < count; s++) {
        const size_t task =
            t->tasks.count ? ordpar_tasks_draw(&t->tasks, 0, gsl_rng_uniform(rng)) : 0;
        one[s] = draw_example(m, rng, task, vector, a + S * L);
        sum += one[s].sum / (double)count;
    }
    for (size_t b = 0; b < L; b++) {
        size_t k = 0;
        for (size_t half = 0; half <= pushed; half++) {
            const size_t first = half * UNITS;
            for (size_t i = 0; i < K; i++)
                for (size_t n = 0; n < M; n++)
                    sum += a[k++ * L + b] * moved(m, one, count, first + i, K + n, b);
            for (size_t i = 0; i < K && half; i++)
                for (size_t j = 0; j < K; j++)
                    sum += a[k++ * L + b] * moved(m, one, count, i, UNITS + j, b);
            for (size_t i = 0; i < K; i++)
                for (size_t j = i; j < K; j++)
                    sum += a[k++ * L + b] * moved(m, one, count, first + i, first + j, b);
        }
    }
    return sum;
}

/* [19.8] The variance of any combination of what a step changes, against samples. */
Test(fluctuations_training, noise_is_that_of_steps) {
    enum { SAMPLES = 100000 };
    static const char *const names[] = {"erf", "relu", "linear"};
    static const unsigned parts[] = {OUTPUTS, MOMENTUM | BATCH, OUTPUTS | TASKS | MOMENTUM, TASKS};
    for (size_t k = 0; k < 12; k += CASE_STEP) {
        test_model m = make_trained(parts[k % 4], names[k / 4], 31 + k);
        ordpar_random stream = test_stream(41 + k);
        const gsl_rng rng = ordpar_random_gsl(&stream);
        double vector[L][ROWS][DIMENSIONS], a[18 * L + 2 * K];
        double mean = 0, square = 0, fourth = 0, *drawn = malloc(SAMPLES * sizeof *drawn);
        ordpar_linearised l;
        ordpar_error err;
        draw_state(&m, &stream, vector, &err);
        check_ok(ordpar_linearised_init(&m.spectrum, &m.network, L, &m.start, &l, &err), &err);
        check_ok(ordpar_linearised_set(&l, &m.start, 0, &err), &err);
        for (size_t i = 0; i < l.size; i++)
            a[i] = uniform(&stream, -1, 1);
        for (size_t s = 0; s < SAMPLES; s++)
            mean += (drawn[s] = sample_step(&m, vector, a, &rng)) / SAMPLES;
        for (size_t s = 0; s < SAMPLES; s++) {
            const double x = drawn[s] - mean;
            square += x * x / SAMPLES;
            fourth += x * x * x * x / SAMPLES;
        }
        const double error = sqrt((fourth - square * square) / SAMPLES);
        cr_assert(error < 0.05 * square, "%g of %g", error, square);
        CHECK_CLOSE(ordpar_step_noise_square(&l.noise, a, 0, NULL), square, 4.5, error,
                    "%s, parts %u, in standard errors", names[k / 4], parts[k % 4]);
        ordpar_linearised_clear(&l);
        clear_model(&m);
        free(drawn);
    }
}

/* x[S][L], then outputs, into a state. */
static void set_state(ordpar_overlaps *o, bool pushes, double step, const double *x) {
    size_t k = 0;
    for (size_t half = 0; half <= pushes; half++) {
        double *r = half ? o->push : o->r, *s = o->push ? o->push + K * M * L : NULL;
        double *q = half ? s + K * K * L : o->q;
        for (size_t i = 0; i < K * M * L; i++)
            r[i] += step * x[k * L + i];
        k += K * M;
        for (size_t i = 0; i < K * K * L && half; i++)
            s[i] += step * x[k * L + i];
        k += half * K * K;
        for (size_t i = 0; i < K; i++)
            for (size_t j = i; j < K; j++, k++)
                for (size_t b = 0; b < L; b++) {
                    q[(i * K + j) * L + b] += step * x[k * L + b];
                    if (i != j)
                        q[(j * K + i) * L + b] += step * x[k * L + b];
                }
    }
    for (size_t i = 0; i < o->heads * K; i++)
        o->v[i] += step * x[k * L + i];
}

Test(fluctuations_training, jacobian_is_the_derivative_of_the_rates) {
    for (unsigned parts = 0; parts < CASES; parts++) {
        const double step = 1e-5;
        test_model m = make_trained(parts, "erf", 51 + parts);
        ordpar_random stream = test_stream(61 + parts);
        double vector[L][ROWS][DIMENSIONS], x[18 * L + 2 * K], g[11], up[18 * L + 2 * K];
        ordpar_linearised l;
        ordpar_error err;
        draw_state(&m, &stream, vector, &err);
        check_ok(ordpar_linearised_init(&m.spectrum, &m.network, L, &m.start, &l, &err), &err);
        for (size_t i = 0; i < 18 * L + 2 * K; i++)
            x[i] = i < l.size ? uniform(&stream, -1, 1) : 0;
        check_ok(ordpar_linearised_set(&l, &m.start, 1, &err), &err);
        ordpar_linearised_sums(&l, x, g);
        double expected[18 * L + 2 * K] = {0};
        for (size_t k = 0; k < l.size; k++)
            for (size_t j = 0; j < (k < l.S * L ? l.S + l.G : l.G); j++)
                expected[k] += k >= l.S * L ? l.H[(k - l.S * L) * l.G + j] * g[j]
                               : j < l.S    ? l.J[(k / L * l.S + j) * L + k % L] * x[j * L + k % L]
                                            : l.U[(k / L * l.G + j - l.S) * L + k % L] * g[j - l.S];
        const bool pushes = parts & MOMENTUM;
        set_state(&m.start, pushes, step, x);
        check_ok(ordpar_linearised_set(&l, &m.start, 1, &err), &err);
        memcpy(up, l.rate, l.size * sizeof *up);
        set_state(&m.start, pushes, -2 * step, x);
        check_ok(ordpar_linearised_set(&l, &m.start, 1, &err), &err);
        for (size_t k = 0; k < l.size; k++)
            CHECK_CLOSE(expected[k], (up[k] - l.rate[k]) / (2 * step), 2e-8, 1,
                        "parts %u, number %zu", parts, k);
        ordpar_linearised_clear(&l);
        clear_model(&m);
    }
}

Test(fluctuations_training, adjoint_is_the_dense_covariance) {
    static const unsigned parts[] = {OUTPUTS | DECAY, MOMENTUM | BATCH | DECAY, TASKS,
                                     OUTPUTS | TASKS | MOMENTUM};
    const double alpha[2] = {0.5, 3.2};
    for (size_t k = SANITIZED ? 3 : 0; k < sizeof parts / sizeof *parts; k++) {
        test_model m = make_trained(parts[k], "erf", 71 + k);
        ordpar_fluctuation dense[6], adjoint[2];
        ordpar_error err;
        ordpar_fluctuation_problem p = {.spectrum = &m.spectrum,
                                        .network = &m.network,
                                        .trained_blocks = L,
                                        .start = &m.start,
                                        .rtol = 1e-11,
                                        .shifts = true,
                                        .finer = 3};
        const size_t curves = ordpar_fluctuations_curves(&p);
        cr_assert_eq(curves, parts[k] & TASKS ? 3 : 1);
        check_ok(ordpar_fluctuations(&p, alpha, 2, dense, &err), &err);
        p.shifts = false;
        cr_assert_eq(ordpar_fluctuations_curves(&p), 1);
        check_ok(ordpar_fluctuations(&p, alpha, 2, adjoint, &err), &err);
        for (size_t r = 0; r < 2; r++) {
            const ordpar_fluctuation *d = &dense[r * curves];
            CHECK_CLOSE(adjoint[r].variance, d->variance, 2e-6, d->variance, "case %zu, row %zu", k,
                        r);
            cr_assert(d->variance_error < 1e-3 * d->variance, "%g of %g", d->variance_error,
                      d->variance);
            if (curves > 1) /* the mean over tasks */
                CHECK_CLOSE(d->shift, (d[1].shift + d[2].shift) / 2, 1e-9, fabs(d->shift),
                            "case %zu, row %zu", k, r);
        }
        clear_model(&m);
    }
}
