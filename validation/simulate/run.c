// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/run.h"

#include "validation/simulate/fields.h"
#include "validation/simulate/triangle.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static size_t align(size_t bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

double *ordpar_run_rows(void *state) {
    return (double *)(void *)((char *)state + align(sizeof(ordpar_run_head)));
}

double *ordpar_run_outputs(const ordpar_plan *plan, void *state) {
    return ordpar_run_rows(state) +
           align(plan->units * plan->stride * sizeof(double)) / sizeof(double);
}

/* Takes count doubles from the front of *rest. */
static double *take(char **rest, size_t count) {
    char *piece = *rest;
    *rest = piece + align(count * sizeof(double));
    return (double *)(void *)piece;
}

ordpar_run_work ordpar_run_use(const ordpar_plan *plan, void *memory) {
    const size_t n = ordpar_fields_round(plan->units), batch = plan->batch;
    char *rest = memory;
    ordpar_run_work work;
    work.x = take(&rest, batch * plan->stride);
    work.fields = take(&rest, n);
    work.g = take(&rest, n);
    work.dg = take(&rest, n);
    work.c = take(&rest, batch * plan->width);
    work.gram = take(&rest, batch * batch);
    work.locals = take(&rest, batch * plan->width);
    work.labels = take(&rest, batch * plan->M);
    work.row = take(&rest, 6 * (plan->K + 1));
    return work;
}

void ordpar_run_sizes(ordpar_plan *plan) {
    const size_t n = ordpar_fields_round(plan->units), batch = plan->batch;
    plan->state_size = align(sizeof(ordpar_run_head)) + align(plan->width * sizeof(double)) +
                       align(plan->units * plan->stride * sizeof(double));
    plan->work_size =
        align(batch * plan->stride * sizeof(double)) + 3 * align(n * sizeof(double)) +
        2 * align(batch * plan->width * sizeof(double)) + align(batch * batch * sizeof(double)) +
        align(batch * plan->M * sizeof(double)) + align(6 * (plan->K + 1) * sizeof(double));
}

double ordpar_run_label_noise(const ordpar_plan *plan, ordpar_run_head *head) {
    const double s = plan->simulation.network->label_noise;
    if (s == 0)
        return 0;
    const gsl_rng rng = ordpar_random_gsl(&head->labels);
    return gsl_ran_gaussian_ziggurat(&rng, s);
}

/* [15.8] */
void ordpar_run_add_hidden(const ordpar_plan *plan, ordpar_run_head *head, double *y) {
    if (!plan->hidden)
        return;
    const size_t M = plan->M;
    const gsl_rng rng = ordpar_random_gsl(&head->hidden);
    for (size_t d = 0; d < M; d++) {
        const double normal = gsl_ran_gaussian_ziggurat(&rng, 1);
        for (size_t n = 0; n < M; n++)
            y[n] += plan->hidden[n * M + d] * normal;
    }
}

/* [13.5]: c is that of [8.2], v makes its own step. */
bool ordpar_run_respond(const ordpar_plan *plan, uint64_t steps, double label, const double *g,
                        const double *dg, double *v, double *c) {
    const ordpar_network *network = plan->simulation.network;
    const ordpar_training *training = &network->training;
    const double N = plan->simulation.spectrum->N;
    double delta = -label, eta = network->eta;
    for (size_t i = 0; i < plan->K; i++)
        delta += v[i] * g[i];
    if (training->schedule.kind != ORDPAR_SCHEDULE_CONSTANT)
        eta = ordpar_schedule_eta(&training->schedule, eta, (double)steps / N);
    const double factor = -eta * delta;
    for (size_t i = 0; i < plan->K; i++)
        c[i] = factor * v[i] * dg[i];
    if (training->eta_v > 0) {
        const double output_factor = -training->eta_v / N * delta;
        for (size_t i = 0; i < plan->K; i++)
            v[i] += output_factor * g[i];
    }
    return isfinite(delta);
}

/* [8.3] of all trained blocks that have more components than columns. */
static void add_radii(const ordpar_plan *plan, ordpar_run_head *head, double *W,
                      const ordpar_run_work *work) {
    const size_t K = plan->K, M = plan->M;
    const gsl_rng rng = ordpar_random_gsl(&head->radii);
    double *w = work->row;
    for (size_t b = 0; b < plan->simulation.trained_blocks; b++) {
        const size_t own = plan->first[b] + M; /* the students' own columns */
        const double freedom = ordpar_plan_freedom(plan, b), scale = plan->scale[plan->first[b]];
        if (!(freedom > 0) || scale == 0)
            continue;
        for (size_t k = 0; k < K; k++)
            w[k] = work->x[own + k] / scale;
        w[K] = sqrt(gsl_ran_chisq(&rng, freedom));
        ordpar_triangle_update(K, W + own, plan->stride, w, scale, work->c, w + K + 1);
    }
}

/* The columns that an ordinary update changes: all that are trained, but for the students' own
 * columns of blocks that add_radii does. */
static void update(const ordpar_plan *plan, double *W, const ordpar_run_work *work) {
    if (!plan->radial) {
        ordpar_fields_update(plan->K, plan->trained, work->c, work->x, W, plan->stride);
        return;
    }
    for (size_t b = 0; b < plan->simulation.trained_blocks; b++) {
        const size_t first = plan->first[b];
        const size_t count =
            ordpar_plan_freedom(plan, b) > 0 ? plan->M : plan->first[b + 1] - first;
        ordpar_fields_update(plan->K, count, work->c, work->x + first, W + first, plan->stride);
    }
}

/* [8.2] One step on the example work->x; with decay [13.5]. */
static bool step(const ordpar_plan *plan, ordpar_run_head *head, double *W,
                 const ordpar_run_work *work) {
    const size_t n = ordpar_fields_round(plan->units);
    ordpar_fields_project(plan->units, plan->stride, W, plan->stride, work->x, work->fields);
    ordpar_run_add_hidden(plan, head, work->fields + plan->K);
    plan->simulation.network->activation->evaluate(n, work->fields, work->g, work->dg);
    double label = ordpar_run_label_noise(plan, head);
    for (size_t k = 0; k < plan->M; k++)
        label += plan->simulation.network->w[k] * work->g[plan->K + k];
    if (!ordpar_run_respond(plan, head->steps, label, work->g, work->dg,
                            ordpar_run_outputs(plan, head), work->c))
        return false;
    if (plan->keep != 1)
        ordpar_fields_scale(plan->K, plan->trained, plan->keep, W, plan->stride);
    update(plan, W, work);
    if (plan->radial)
        add_radii(plan, head, W, work);
    return true;
}

bool ordpar_run_advance(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                        uint64_t steps) {
    ordpar_run_head *head = state;
    double *W = ordpar_run_rows(state);
    for (; head->steps < steps; head->steps++) {
        ordpar_normals_fill(&head->inputs, plan->stride, plan->scale, work->x);
        if (!step(plan, head, W, work))
            return false;
    }
    return true;
}

bool ordpar_run_learn(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                      size_t count, const double *x) {
    ordpar_run_head *head = state;
    double *W = ordpar_run_rows(state);
    for (size_t s = 0; s < count; s++, head->steps++) {
        memcpy(work->x, x + s * plan->stride, plan->stride * sizeof *x);
        if (!step(plan, head, W, work))
            return false;
    }
    return true;
}

void ordpar_run_covariance(const ordpar_plan *plan, const double *rows, const ordpar_run_work *work,
                           double *c) {
    const size_t n = plan->units, stride = plan->stride;
    for (size_t a = 0; a < n; a++) {
        for (size_t k = 0; k < stride; k++)
            work->x[k] = plan->scale[k] * plan->scale[k] * rows[a * stride + k];
        ordpar_fields_project(a + 1, stride, rows, stride, work->x, c + a * n);
        for (size_t b = 0; b < a; b++)
            c[b * n + a] = c[a * n + b];
    }
}
