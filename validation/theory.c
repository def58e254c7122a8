// SPDX-License-Identifier: GPL-3.0-or-later
#include "theory.h"

#include "integrate.h"
#include "linear_finite_n.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

typedef struct {
    const ordpar_simulation *simulation;
    const ordpar_theory_options *options;
    size_t count, columns, distinct;
    double *time;   /* [distinct] the grid's different values of steps / N */
    size_t *place;  /* [count] where a row's value stands there */
    double *theory; /* [count][columns] */
} task;

size_t ordpar_theory_columns(const ordpar_simulation *simulation, ordpar_against against,
                             size_t runs) {
    const bool same = simulation->start || (simulation->init == ORDPAR_INIT_MEAN &&
                                            simulation->teacher == ORDPAR_TEACHER_MEAN);
    return against == ORDPAR_AGAINST_FINITE_N || same ? 1 : runs;
}

static void set_times(task *t, const double *alpha) {
    const ordpar_simulation *s = t->simulation;
    for (size_t k = 0; k < t->count; k++) {
        const double time = (double)ordpar_simulation_steps(s, alpha[k]) / s->spectrum->N;
        if (t->distinct == 0 || time > t->time[t->distinct - 1])
            t->time[t->distinct++] = time;
        t->place[k] = t->distinct - 1;
    }
}

static ordpar_status keep(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    (void)alpha, (void)state, (void)err;
    ((double *)context)[row] = eps_g;
    return ORDPAR_OK;
}

static void store(const task *t, size_t column, const double *values) {
    for (size_t k = 0; k < t->count; k++)
        t->theory[k * t->columns + column] = values[t->place[k]];
}

static ordpar_status integrate(const task *t, size_t column, ordpar_error *err) {
    const ordpar_simulation *s = t->simulation;
    ordpar_overlaps state;
    double *values = malloc(t->distinct * sizeof *values);
    if (!values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", t->distinct);
    ordpar_status status = ordpar_simulation_start(s, column + 1, &state, err);
    if (!status) {
        const ordpar_integrate_options settings = {.rtol = t->options->rtol,
                                                   .atol = t->options->atol,
                                                   .trained_blocks = s->trained_blocks,
                                                   .observer = keep,
                                                   .context = values,
                                                   .stop = t->options->stop};
        status = ordpar_integrate(s->spectrum, s->network, &state, t->time, t->distinct, &settings,
                                  NULL, err);
        ordpar_overlaps_clear(&state);
    }
    if (!status)
        store(t, column, values);
    free(values);
    return status;
}

static ordpar_status integrate_all(const task *t, ordpar_error *err) {
    const int threads = t->options->threads > 0 ? t->options->threads : omp_get_max_threads();
    ordpar_status status = ORDPAR_OK;
    size_t failed = t->columns;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t r = 0; r < t->columns; r++) {
        ordpar_error reason;
        const ordpar_status result = integrate(t, r, &reason);
#pragma omp critical
        if (result && r < failed) {
            failed = r;
            status = ordpar_fail(err, result, "theory of run %zu: %s", r + 1, reason.message);
        }
    }
    return status;
}

static double squares(const double *x, size_t count) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += x[k] * x[k];
    return sum;
}

/* (v, -w)^T S^b (v, -w) N / n_b: the mean square of a component of J* - B* in a given start */
static double component_error(const ordpar_simulation *s, size_t b) {
    const ordpar_network *net = s->network;
    const size_t K = net->K, M = net->M, L = s->spectrum->L;
    double sum = 0;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < K; j++)
            sum += net->v[i] * net->v[j] * s->start->q[(i * K + j) * L + b];
        for (size_t n = 0; n < M; n++)
            sum -= 2 * net->v[i] * net->w[n] * s->start->r[(i * M + n) * L + b];
    }
    for (size_t n = 0; n < M; n++)
        for (size_t m = 0; m < M; m++)
            sum += net->w[n] * net->w[m] * s->start->t[(n * M + m) * L + b];
    return fmax(sum, 0) / s->spectrum->p[b];
}

/* The same on average over drawn starts. */
static double drawn_error(const ordpar_simulation *s) {
    const ordpar_network *net = s->network;
    double teacher = squares(net->w, net->M);
    if (s->init == ORDPAR_INIT_NEAR_TEACHER) {
        teacher = 0;
        for (size_t n = 0; n < net->M; n++)
            teacher += (net->v[n] - net->w[n]) * (net->v[n] - net->w[n]);
    }
    return s->sigma_J * s->sigma_J * squares(net->v, net->K) + teacher;
}

/*
 * [8.5] Linear units act as one: J* = sum_i v_i J_i moves with the learning rate eta sum_i v_i^2
 * towards B* = sum_n w_n B_n.
 */
static ordpar_status finite_n(const task *t, ordpar_error *err) {
    const ordpar_simulation *s = t->simulation;
    if (s->network->activation != &ordpar_activation_linear)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the exact mean at finite N is known for linear units, not for %s",
                           s->network->activation->name);
    double *error = malloc((s->spectrum->L + t->distinct) * sizeof *error);
    if (!error)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", t->distinct);
    double *values = error + s->spectrum->L;
    for (size_t b = 0; b < s->spectrum->L; b++)
        error[b] = s->start ? component_error(s, b) : drawn_error(s);
    const double eta = s->network->eta * squares(s->network->v, s->network->K);
    const ordpar_status status =
        ordpar_linear_finite_n(s->spectrum, eta, s->network->label_noise, s->trained_blocks, error,
                               t->time, t->distinct, values, err);
    if (!status)
        store(t, 0, values);
    free(error);
    return status;
}

ordpar_status ordpar_theory_curves(const ordpar_simulation *simulation, const double *alpha,
                                   size_t count, size_t columns,
                                   const ordpar_theory_options *options, double *theory,
                                   ordpar_error *err) {
    task t = {.simulation = simulation,
              .options = options,
              .count = count,
              .columns = columns,
              .theory = theory,
              .time = malloc(count * sizeof *t.time),
              .place = malloc(count * sizeof *t.place)};
    ordpar_status status;
    if (!t.time || !t.place) {
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    } else {
        set_times(&t, alpha);
        status = options->against == ORDPAR_AGAINST_FINITE_N ? finite_n(&t, err)
                                                             : integrate_all(&t, err);
    }
    free(t.time);
    free(t.place);
    return status;
}
