// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/run.h"

#include "solver/state/network_averages.h"

#include "validation/simulate/fields.h"
#include "validation/simulate/triangle.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static size_t align(size_t bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* The rows that move begin here. */
static double *moved_rows(void *state) {
    return (double *)(void *)((char *)state + align(sizeof(ordpar_run_head)));
}

double *ordpar_run_rows(const ordpar_plan *plan, void *state) {
    return moved_rows(state) + (plan->moved - plan->K) * plan->stride;
}

static size_t rows_size(const ordpar_plan *plan) {
    return align((plan->moved + plan->M) * plan->stride * sizeof(double));
}

double *ordpar_run_outputs(const ordpar_plan *plan, void *state) {
    return moved_rows(state) + rows_size(plan) / sizeof(double);
}

static size_t outputs_size(const ordpar_plan *plan) {
    return align((plan->gathers ? 2 : 1) * plan->heads * plan->width * sizeof(double));
}

static bool has_tasks(const ordpar_plan *plan) {
    return plan->simulation.network->training.tasks.count > 0;
}

ordpar_random *ordpar_run_task_stream(const ordpar_plan *plan, void *state) {
    double *outputs = ordpar_run_outputs(plan, state);
    return has_tasks(plan) ? (void *)((char *)outputs + outputs_size(plan)) : NULL;
}

/* [17.4] The task of the next example. */
static size_t draw_task(const ordpar_plan *plan, ordpar_run_head *head) {
    const ordpar_tasks *tasks = &plan->simulation.network->training.tasks;
    if (!has_tasks(plan))
        return 0;
    const gsl_rng rng = ordpar_random_gsl(ordpar_run_task_stream(plan, head));
    const size_t row = ordpar_tasks_at(tasks, (double)head->steps / plan->pace);
    return ordpar_tasks_draw(tasks, row, gsl_rng_uniform(&rng));
}

/* Takes count doubles from the front of *rest. */
static double *take(char **rest, size_t count) {
    char *piece = *rest;
    *rest = piece + align(count * sizeof(double));
    return (double *)(void *)piece;
}

static size_t turned_rows(const ordpar_plan *plan) {
    return plan->batch > 1 ? plan->stride : 0;
}

ordpar_run_work ordpar_run_use(const ordpar_plan *plan, void *memory) {
    const size_t n = ordpar_fields_round(plan->units), batch = plan->batch;
    char *rest = memory;
    ordpar_run_work work = {0};
    work.x = take(&rest, batch * ordpar_plan_batch_stride(plan));
    work.fields = take(&rest, n);
    work.g = take(&rest, n);
    work.dg = take(&rest, n);
    work.c = take(&rest, batch * plan->width);
    work.gram = take(&rest, batch * batch);
    work.locals = take(&rest, batch * plan->width);
    work.labels = take(&rest, batch * ordpar_fields_round(plan->M));
    work.students = take(&rest, turned_rows(plan) * plan->width);
    work.teachers = take(&rest, turned_rows(plan) * ordpar_fields_round(plan->M));
    work.row = take(&rest, 6 * (plan->moved + 1));
    work.step = plan->moved > plan->K ? take(&rest, ordpar_fields_round(plan->moved)) : work.c;
    return work;
}

void ordpar_run_sizes(ordpar_plan *plan) {
    const size_t n = ordpar_fields_round(plan->units), batch = plan->batch;
    plan->state_size = align(sizeof(ordpar_run_head)) + rows_size(plan) + outputs_size(plan) +
                       (has_tasks(plan) ? align(sizeof(ordpar_random)) : 0);
    plan->work_size =
        align(batch * ordpar_plan_batch_stride(plan) * sizeof(double)) +
        3 * align(n * sizeof(double)) + align(turned_rows(plan) * plan->width * sizeof(double)) +
        align(turned_rows(plan) * ordpar_fields_round(plan->M) * sizeof(double)) +
        2 * align(batch * plan->width * sizeof(double)) + align(batch * batch * sizeof(double)) +
        align(batch * ordpar_fields_round(plan->M) * sizeof(double)) +
        align(6 * (plan->moved + 1) * sizeof(double)) +
        align(ordpar_fields_round(plan->moved) * sizeof(double));
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

static double eta_of(const ordpar_plan *plan, uint64_t steps) {
    const ordpar_network *network = plan->simulation.network;
    return ordpar_schedule_eta(&network->training.schedule, network->eta,
                               (double)steps / plan->pace);
}

/* [13.5]: c is that of [8.2], v makes its own step. */
bool ordpar_run_respond(const ordpar_plan *plan, uint64_t steps, double label, const double *g,
                        const double *dg, double *v, double *c) {
    const ordpar_training *training = &plan->simulation.network->training;
    double delta = -label;
    for (size_t i = 0; i < plan->K; i++)
        delta += v[i] * g[i];
    const double factor = plan->moved > plan->K ? delta : -eta_of(plan, steps) * delta;
    for (size_t i = 0; i < plan->K; i++)
        c[i] = factor * v[i] * dg[i];
    if (training->eta_v > 0) {
        const double output_factor = -training->eta_v * plan->share / plan->pace * delta;
        double *moved = plan->gathers ? v + plan->heads * plan->width : v;
        for (size_t i = 0; i < plan->K; i++)
            moved[i] += output_factor * g[i];
    }
    return isfinite(delta);
}

/* [13.7] at step number `steps`: what it keeps of P, and e/N. */
typedef struct {
    double keep, weight;
} push;

static push push_at(const ordpar_plan *plan, uint64_t steps) {
    const ordpar_momentum *momentum = &plan->simulation.network->training.momentum;
    const double N = plan->simulation.spectrum->N, alpha = (double)steps / plan->pace;
    return (push){fmax(0, 1 - ordpar_momentum_damping(momentum, N, alpha) / N),
                  ordpar_momentum_weight(momentum, alpha) / N};
}

/* J <- keep J - weight P, J the K rows behind P. */
static void push_rows(const ordpar_plan *plan, push by, double *P) {
    double *J = P + plan->K * plan->stride;
    ordpar_fields_scale(plan->K, plan->trained, by.keep, P, plan->stride);
    if (plan->keep != 1)
        ordpar_fields_scale(plan->K, plan->trained, plan->keep, J, plan->stride);
    for (size_t i = 0; i < plan->K; i++)
        ordpar_fields_update(1, plan->trained, &(double){-by.weight}, P + i * plan->stride,
                             J + i * plan->stride, plan->stride);
}

/* What an example with the gradients a[K], in units of xi / sqrt N, adds to the rows that move. */
static void set_step(const ordpar_plan *plan, const ordpar_run_head *head,
                     const ordpar_run_work *work, push by) {
    const double eta = eta_of(plan, head->steps), *a = work->c;
    memset(work->step, 0, plan->moved * sizeof *a);
    for (size_t i = 0; i < plan->K; i++)
        if (plan->gathers)
            work->step[i] = plan->share * a[i];
        else {
            work->step[i] = a[i];
            work->step[plan->K + i] = -(eta + by.weight) * a[i];
        }
}

/* [13.9] Ends a step on several examples: P <- keep P + A, J <- J - eta A - weight P, A <- 0. */
static void finish(const ordpar_plan *plan, ordpar_run_head *head) {
    const size_t K = plan->K, stride = plan->stride;
    const double eta = -eta_of(plan, head->steps);
    double *A = moved_rows(head), *J = ordpar_run_rows(plan, head), *P = J - K * stride;
    double *v = ordpar_run_outputs(plan, head);
    if (plan->pushes) {
        const push by = push_at(plan, head->steps);
        const double add = 1;
        ordpar_fields_scale(K, plan->trained, by.keep, P, stride);
        for (size_t i = 0; i < K; i++)
            ordpar_fields_update(1, plan->trained, &add, A + i * stride, P + i * stride, stride);
        push_rows(plan, (push){1, by.weight}, P);
    } else if (plan->keep != 1)
        ordpar_fields_scale(K, plan->trained, plan->keep, J, stride);
    for (size_t i = 0; i < K; i++)
        ordpar_fields_update(1, plan->trained, &eta, A + i * stride, J + i * stride, stride);
    memset(A, 0, K * stride * sizeof *A);
    const size_t outputs = plan->heads * plan->width;
    for (size_t i = 0; i < outputs; i++) {
        v[i] += v[outputs + i];
        v[outputs + i] = 0;
    }
}

/* [8.3] of all trained blocks that have more components than columns. */
static void add_radii(const ordpar_plan *plan, ordpar_run_head *head, double *W,
                      const ordpar_run_work *work) {
    const size_t K = plan->moved, M = plan->M;
    const gsl_rng rng = ordpar_random_gsl(&head->radii);
    double *w = work->row;
    for (size_t b = 0; b < plan->simulation.trained_blocks; b++) {
        const size_t own = plan->first[b] + M; /* the own columns of what moves */
        const double freedom = ordpar_plan_freedom(plan, b), scale = plan->scale[plan->first[b]];
        if (!(freedom > 0) || scale == 0)
            continue;
        for (size_t k = 0; k < K; k++)
            w[k] = work->x[own + k] / scale;
        w[K] = sqrt(gsl_ran_chisq(&rng, freedom));
        ordpar_triangle_update(K, W + own, plan->stride, w, scale, work->step, w + K + 1);
    }
}

/* W: the rows that move. The columns that an ordinary update changes: all that are trained, but for
 * the own columns of blocks that add_radii does. */
static void update(const ordpar_plan *plan, double *W, const ordpar_run_work *work) {
    if (!plan->radial) {
        ordpar_fields_update(plan->moved, plan->trained, work->step, work->x, W, plan->stride);
        return;
    }
    for (size_t b = 0; b < plan->simulation.trained_blocks; b++) {
        const size_t first = plan->first[b];
        const size_t count =
            ordpar_plan_freedom(plan, b) > 0 ? plan->M : plan->first[b + 1] - first;
        ordpar_fields_update(plan->moved, count, work->step, work->x + first, W + first,
                             plan->stride);
    }
}

/* The teachers' output for the example whose fields are in work, with what is noise of it. */
static double teach(const ordpar_plan *plan, ordpar_run_head *head, const ordpar_run_work *work,
                    size_t task) {
    const double *w = plan->simulation.network->w + task * plan->M;
    double label = ordpar_run_label_noise(plan, head);
    for (size_t k = 0; k < plan->M; k++)
        label += w[k] * work->g[plan->K + k];
    return label;
}

/* g and g' of all fields; of teachers g alone matters. */
static void evaluate(const ordpar_plan *plan, size_t n, const ordpar_run_work *work) {
    const ordpar_network *network = plan->simulation.network;
    if (network->teacher_activation)
        ordpar_network_evaluate_teachers(network, n, work->fields, work->g);
    ordpar_network_evaluate_students(network, network->teacher_activation ? plan->K : n,
                                     work->fields, work->g, work->dg);
}

/* [8.2] One step, or its part [13.9], on the example work->x; with decay [13.5]. given: its label;
 * NULL: the teachers know. */
static bool learn(const ordpar_plan *plan, ordpar_run_head *head, const ordpar_run_work *work,
                  const double *given) {
    const size_t n = ordpar_fields_round(plan->units), task = draw_task(plan, head);
    double *W = ordpar_run_rows(plan, head), *moved = moved_rows(head);
    ordpar_fields_project(plan->units, plan->stride, W, plan->stride, work->x, work->fields);
    ordpar_run_add_hidden(plan, head, work->fields + plan->K);
    evaluate(plan, n, work);
    const double label = given ? *given : teach(plan, head, work, task);
    if (!ordpar_run_respond(plan, head->steps, label, work->g, work->dg,
                            ordpar_run_outputs(plan, head) + task * plan->width, work->c))
        return false;
    const push by = plan->pushes ? push_at(plan, head->steps) : (push){0, 0};
    if (plan->moved > plan->K)
        set_step(plan, head, work, by);
    if (plan->pushes && !plan->gathers)
        push_rows(plan, by, moved);
    else if (plan->keep != 1 && !plan->gathers)
        ordpar_fields_scale(plan->K, plan->trained, plan->keep, W, plan->stride);
    update(plan, moved, work);
    if (plan->radial)
        add_radii(plan, head, moved, work);
    return true;
}

bool ordpar_run_advance(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                        uint64_t steps) {
    ordpar_run_head *head = state;
    for (; head->steps < steps; head->steps++) {
        for (size_t k = 0; k < plan->examples; k++) {
            if (k > 0 && ordpar_patience_ends(work->patience))
                return true;
            ordpar_normals_fill(&head->inputs, plan->stride, plan->scale, work->x);
            if (!learn(plan, head, work, NULL))
                return false;
        }
        if (plan->gathers)
            finish(plan, head);
    }
    return true;
}

bool ordpar_run_learn(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                      size_t count, const double *x) {
    ordpar_run_head *head = state;
    for (size_t s = 0; s < count && !ordpar_patience_ends(work->patience); s++, head->steps++) {
        memcpy(work->x, x + s * plan->stride, plan->stride * sizeof *x);
        if (!learn(plan, head, work, NULL))
            return false;
    }
    return true;
}

bool ordpar_run_learn_label(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                            const double *x, double label) {
    ordpar_run_head *head = state;
    memcpy(work->x, x, plan->stride * sizeof *x);
    const bool good = learn(plan, head, work, &label);
    head->steps += good;
    return good;
}

bool ordpar_run_covariance(const ordpar_plan *plan, const double *rows, const ordpar_run_work *work,
                           double *c) {
    const size_t n = plan->units, stride = plan->stride;
    for (size_t a = 0; a < n; a++) {
        if (ordpar_patience_ends(work->patience))
            return false;
        for (size_t k = 0; k < stride; k++)
            work->x[k] = plan->scale[k] * plan->scale[k] * rows[a * stride + k];
        ordpar_fields_project(a + 1, stride, rows, stride, work->x, c + a * n);
        for (size_t b = 0; b < a; b++)
            c[b * n + a] = c[a * n + b];
    }
    return true;
}
