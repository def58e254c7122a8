// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/iterate.h"

#include "base/team.h"
#include "solver/motion/coefficients.h"
#include "solver/state/saddle.h"
#include "solver/steps/integrate_check.h"

#include <math.h>
#include <stdlib.h>

/* eps_g beyond this counts as divergence. */
static const double divergence = 1e100;

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    const ordpar_integrate_options *options;
    ordpar_overlaps *state;
    ordpar_coefficients co;
    ordpar_coefficient_work *work;
    ordpar_symmetry symmetry;
    ordpar_saddle saddle; /* how near it came: what rounding can have made of it */
    double *c;            /* [(K+M)^2] covariance of the fields */
    double *E, *B;        /* [K*K] 1 - eta lambda G, [K*M] eta lambda A */
    double *U, *V;    /* [K*M], [K*K] of the moved students with the teachers, the old students */
    double step, eps; /* steps made, and eps_g there */
} iteration;

static void set_block(iteration *it, double rate) {
    const size_t K = it->network->K, M = it->network->M;
    for (size_t k = 0; k < K * K; k++)
        it->E[k] = (k % (K + 1) == 0) - rate * it->co.G[k];
    for (size_t k = 0; k < K * M; k++)
        it->B[k] = rate * it->co.A[k];
}

/* sum_k a_k b_k with strides. */
static double dot(size_t count, const double *a, size_t by, const double *b, size_t to) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += a[k * by] * b[k * to];
    return sum;
}

/* [13.10] J' = E J + B (teachers): U = J' . teachers, V = J' . J, q' = V E^T + U B^T + noise. */
static void step_block(iteration *it, size_t b, double rate, double noise) {
    const size_t K = it->network->K, M = it->network->M, L = it->spectrum->L;
    double *q = it->state->q + b, *r = it->state->r + b;
    const double *t = it->state->t + b;
    set_block(it, rate);
    for (size_t i = 0; i < K; i++) {
        for (size_t m = 0; m < M; m++)
            it->U[i * M + m] = dot(K, it->E + i * K, 1, r + m * L, M * L) +
                               dot(M, it->B + i * M, 1, t + m * L, M * L);
        for (size_t j = 0; j < K; j++)
            it->V[i * K + j] = dot(K, it->E + i * K, 1, q + j * L, K * L) +
                               dot(M, it->B + i * M, 1, r + j * M * L, L);
    }
    for (size_t k = 0; k < K * M; k++)
        r[k * L] = it->U[k];
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i; j++)
            q[(i * K + j) * L] = q[(j * K + i) * L] = dot(K, it->V + i * K, 1, it->E + j * K, 1) +
                                                      dot(M, it->U + i * M, 1, it->B + j * M, 1) +
                                                      noise * it->co.F[i * K + j];
}

static ordpar_status measure(iteration *it, ordpar_error *err) {
    ordpar_overlaps_fields(it->state, it->spectrum, it->network, it->c);
    ordpar_saddle_keep_apart(&it->saddle, it->c);
    if (it->saddle.raised) { /* [5.16] */
        ordpar_saddle_make_possible(&it->saddle, it->c, it->state);
        ordpar_overlaps_fields(it->state, it->spectrum, it->network, it->c);
        ordpar_saddle_keep_apart(&it->saddle, it->c);
    }
    ordpar_saddle_watch(&it->saddle, it->c, it->network->v);
    it->eps = ordpar_generalization_error(it->network, it->c, it->work);
    ordpar_saddle_watch_error(&it->saddle, it->step, it->eps, 0);
    return fabs(it->eps) < divergence
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_DIVERGED,
                             "the generalization error diverges: it passes %g at alpha = %.6g "
                             "(eta = %g)",
                             divergence, it->step, it->network->eta);
}

static bool is_stopped(const iteration *it) {
    return it->options->stop && *it->options->stop;
}

static ordpar_status interrupted(const iteration *it, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", it->step);
}

static ordpar_status step(iteration *it, ordpar_error *err) {
    ordpar_network present = *it->network;
    ordpar_tasks *tasks = &present.training.tasks;
    const ordpar_network *net = &present;
    tasks->present = ordpar_tasks_at(tasks, it->step);
    const double eta = ordpar_schedule_eta(&net->training.schedule, net->eta, it->step);
    const double examples = ordpar_training_examples(&net->training, it->spectrum->N);
    if (is_stopped(it))
        return interrupted(it, err);
    if (it->options->tick)
        it->options->tick(it->options->context, it->step);
    if (!ordpar_coefficients_evaluate(net, it->c, it->work, &it->co))
        return is_stopped(it)
                   ? interrupted(it, err)
                   : ordpar_fail(err, ORDPAR_NUMERICAL,
                                 "the averages are not finite at alpha = %.6g", it->step);
    for (size_t b = 0; b < it->options->trained_blocks; b++) {
        const double rate = eta * it->spectrum->lambda[b];
        step_block(it, b, rate, eta * it->spectrum->n[b] / examples * rate);
    }
    it->step++;
    if (it->symmetry.exists)
        ordpar_symmetry_tie_overlaps(&it->symmetry, it->state, it->c);
    return measure(it, err);
}

static ordpar_status visit(const iteration *it, double alpha, ordpar_error *err) {
    ordpar_deviations *kept = it->options->deviations;
    const ordpar_status status =
        kept ? ordpar_deviations_keep_saddles(kept, &it->saddle, err) : ORDPAR_OK;
    if (status)
        return status;
    return it->options->visit ? it->options->visit(it->options->context, alpha, it->state, err)
                              : ORDPAR_OK;
}

static ordpar_status run(iteration *it, const double *alpha, size_t count, ordpar_error *err) {
    ordpar_status status = measure(it, err);
    for (size_t row = 0; row < count && !status; row++) {
        while (!status && it->step < round(alpha[row]))
            if (!(status = step(it, err)))
                status = visit(it, fmin(it->step, alpha[row]), err); /* no later than the row */
        if (!status)
            status = it->options->observer(it->options->context, row, alpha[row], fmax(it->eps, 0),
                                           it->state, err);
        if (!status)
            status = visit(it, alpha[row], err);
    }
    return status;
}

static ordpar_status allocate(iteration *it, ordpar_error *err) {
    const size_t K = it->network->K, M = it->network->M, n = K + M;
    it->c = malloc((n * n + 2 * K * n) * sizeof *it->c);
    const int before = ordpar_threads_ask(it->options->threads);
    it->work = ordpar_coefficient_work_create(it->network);
    ordpar_threads_ask(before);
    if (!it->c || !it->work)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    ordpar_coefficient_work_set_stop(it->work, it->options->stop);
    it->E = it->c + n * n;
    it->B = it->E + K * K;
    it->V = it->B + K * M;
    it->U = it->V + K * K;
    ordpar_status status = ordpar_symmetry_init(it->network, it->state, &it->symmetry, err);
    if (!status)
        status = ordpar_saddle_init(it->network, it->state, &it->symmetry, &it->saddle, err);
    const ordpar_deviations *seen = it->options->deviations;
    if (!status && seen)
        ordpar_saddle_recall(&it->saddle, seen->saddles, seen->saddle_count);
    return status ? status : ordpar_coefficients_init(K, M, &it->co, err);
}

ordpar_status ordpar_iterate(const ordpar_spectrum *spectrum, const ordpar_network *network,
                             ordpar_overlaps *state, const double *alpha, size_t count,
                             const ordpar_integrate_options *options, ordpar_integrate_stats *stats,
                             ordpar_error *err) {
    iteration it = {.spectrum = spectrum,
                    .network = network,
                    .options = options,
                    .state = state,
                    .step = round(options->start_alpha)};
    if (count && alpha[count - 1] > (double)ORDPAR_MAX_INTEGRATOR_STEPS)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "alpha: counts steps with batch-fraction: must be at most %ld, got %g",
                           ORDPAR_MAX_INTEGRATOR_STEPS, alpha[count - 1]);
    ordpar_status status = allocate(&it, err);
    if (!status)
        status = run(&it, alpha, count, err);
    *stats = (ordpar_integrate_stats){.steps = (long)(it.step - round(options->start_alpha)),
                                      .tied_students = it.symmetry.students,
                                      .tied_teachers = it.symmetry.teachers,
                                      .rounding_limit = ordpar_saddle_limit(&it.saddle),
                                      .deviations_from = INFINITY};
    ordpar_saddle_clear(&it.saddle);
    ordpar_symmetry_clear(&it.symmetry);
    ordpar_coefficients_clear(&it.co);
    ordpar_coefficient_work_free(it.work);
    free(it.c);
    return status;
}
