// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/plan.h"

#include "base/floating_point.h"
#include "solver/state/gram_factor.h"
#include "solver/state/overlaps_draw.h"
#include "validation/simulate/fields.h"
#include "validation/simulate/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bench/: where the products of small matrices pay; more examples at a time cost more for their
 * Gram matrix than the products gain. */
enum { BATCH_MIN_STUDENTS = 8, BATCH_MIN_COLUMNS = 256, BATCH_ALWAYS = 24, BATCH = 32 };

static size_t examples_of(const ordpar_simulation *s) {
    return (size_t)ordpar_training_examples(&s->network->training, s->spectrum->N);
}

static bool gathers(const ordpar_simulation *s) {
    return examples_of(s) > 1 || s->network->training.batch_fraction > 0;
}

static size_t rows_that_move(const ordpar_simulation *s) {
    const bool pushes = s->network->training.momentum.weight > 0;
    return s->network->K * (1 + (size_t)pushes + (size_t)gathers(s));
}

static double columns_of(const ordpar_simulation *s, size_t b) {
    const double rows = (double)(rows_that_move(s) + s->network->M), n_b = s->spectrum->n[b];
    return s->method == ORDPAR_METHOD_OVERLAP ? fmin(n_b, rows) : n_b;
}

double ordpar_plan_freedom(const ordpar_plan *plan, size_t b) {
    return plan->simulation.spectrum->n[b] - (double)(plan->first[b + 1] - plan->first[b]);
}

static double total_columns(const ordpar_simulation *s) {
    double total = 0;
    for (size_t b = 0; b < s->spectrum->L; b++)
        total += columns_of(s, b);
    return total;
}

/* Components that are not trained do not decay: with them a batch would take more products. */
static bool decays_as_a_whole(const ordpar_simulation *s) {
    const double kappa = s->network->training.weight_decay;
    return kappa == 0 || (s->trained_blocks == s->spectrum->L && kappa <= s->spectrum->N / 2);
}

static bool is_wide(const ordpar_simulation *s) {
    const size_t K = s->network->K;
    return K >= BATCH_ALWAYS ||
           (K >= BATCH_MIN_STUDENTS && s->spectrum->N >= (double)BATCH_MIN_COLUMNS);
}

static size_t choose_batch(const ordpar_simulation *s) {
    return s->method == ORDPAR_METHOD_SGD && is_wide(s) && decays_as_a_whole(s) &&
                   rows_that_move(s) == s->network->K && s->network->training.tasks.count == 0
               ? BATCH
               : 1;
}

static ordpar_status draw(const ordpar_simulation *s, ordpar_init init, uint64_t run,
                          const volatile sig_atomic_t *stop, ordpar_overlaps *overlaps,
                          ordpar_error *err) {
    const ordpar_network *network = s->network;
    if (s->init == ORDPAR_INIT_NEAR_TEACHER && ordpar_tasks_are_related(&network->training.tasks))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a start near the teacher has no tasks with a similarity");
    const ordpar_draw drawn = {.spectrum = s->spectrum,
                               .K = network->K,
                               .M = network->M,
                               .init = init,
                               .teacher = s->teacher,
                               .sigma_J = s->sigma_J,
                               .seed = s->seed,
                               .run = run,
                               .teacher_seed = s->keeps_teacher ? &s->teacher_seed : NULL,
                               .stop = stop};
    ordpar_status status = ordpar_overlaps_draw(&drawn, overlaps, err);
    if (!status && (status = ordpar_overlaps_relate_tasks(overlaps, network, err)))
        ordpar_overlaps_clear(overlaps);
    return status;
}

static ordpar_status copy_start(const ordpar_simulation *s, ordpar_overlaps *overlaps,
                                ordpar_error *err) {
    ordpar_overlaps copy;
    const ordpar_status status =
        ordpar_overlaps_init(s->network->K, s->network->M, s->spectrum->L, &copy, err);
    if (status)
        return status;
    ordpar_overlaps_copy(s->start, &copy);
    *overlaps = copy;
    return ORDPAR_OK;
}

/* W is what a sampled start of the same stream calls J. */
ordpar_status ordpar_simulation_draw(const ordpar_simulation *s, uint64_t run, bool deviates,
                                     const volatile sig_atomic_t *stop, ordpar_overlaps *overlaps,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (s->network->K == s->network->M && deviates)
        return draw(s, ORDPAR_INIT_SAMPLED, run, stop, overlaps, err);
    return s->start ? copy_start(s, overlaps, err) : draw(s, s->init, run, stop, overlaps, err);
}

ordpar_status ordpar_simulation_start(const ordpar_simulation *simulation, uint64_t run,
                                      ordpar_overlaps *overlaps, ordpar_error *err) {
    return ordpar_simulation_draw(simulation, run, false, NULL, overlaps, err);
}

bool ordpar_simulation_is_near_teacher(const ordpar_simulation *simulation) {
    return !simulation->start && simulation->init == ORDPAR_INIT_NEAR_TEACHER;
}

ordpar_status ordpar_simulation_deviations(const ordpar_simulation *simulation, uint64_t run,
                                           ordpar_overlaps *deviations, ordpar_error *err) {
    return ordpar_simulation_draw(simulation, run, true, NULL, deviations, err);
}

double ordpar_simulation_bytes(const ordpar_simulation *simulation, size_t runs, size_t threads,
                               size_t grid) {
    const double units = (double)(simulation->network->K + simulation->network->M);
    const double columns = total_columns(simulation), L = (double)simulation->spectrum->L;
    const double rows = (double)(rows_that_move(simulation) + simulation->network->M);
    const double start = units * units * (L + 4), state = rows * columns;
    const double batch = (double)choose_batch(simulation), turned = batch > 1 ? state : 0;
    const double work = columns * batch + units * units + start + turned;
    return sizeof(double) * ((double)runs * (state + 128 + (double)grid) +
                             (double)threads * (work + state) + 3 * columns + 2 * L);
}

size_t ordpar_simulation_curves(const ordpar_simulation *simulation) {
    return 1 + simulation->network->training.tasks.count;
}

double ordpar_simulation_pace(const ordpar_simulation *simulation) {
    return simulation->network->training.batch_fraction > 0 ? 1 : simulation->spectrum->N;
}

uint64_t ordpar_simulation_steps(const ordpar_simulation *simulation, double alpha) {
    const double steps = round(alpha * ordpar_simulation_pace(simulation));
    return steps < (double)ORDPAR_MAX_STEPS ? (uint64_t)steps : ORDPAR_MAX_STEPS;
}

static ordpar_status check(const ordpar_simulation *s, ordpar_error *err) {
    if (s->method == ORDPAR_METHOD_SGD && s->spectrum->N > (double)ORDPAR_MAX_SGD_DIM)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the method sgd takes N up to %.0f, got %.0f; the method overlap takes "
                           "any N",
                           (double)ORDPAR_MAX_SGD_DIM, s->spectrum->N);
    if (!(s->network->training.weight_decay < s->spectrum->N))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "a step keeps 1 - kappa/N of the weights: the weight decay must be below "
            "N = %.0f, got %g",
            s->spectrum->N, s->network->training.weight_decay);
    const ordpar_momentum *momentum = &s->network->training.momentum;
    if (!momentum->fades && !(momentum->damping < s->spectrum->N))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "a step keeps 1 - c/N of P: the momentum's c must be below N = %.0f, got "
            "%g",
            s->spectrum->N, momentum->damping);
    if (s->trained_blocks > s->spectrum->L)
        return ordpar_fail(err, ORDPAR_INVALID, "trained_blocks must be at most L = %zu, got %zu",
                           s->spectrum->L, s->trained_blocks);
    const ordpar_status status = ordpar_network_check(s->network, err);
    return status || !s->start ? status
                               : ordpar_overlaps_check(s->start, s->spectrum, s->network, err);
}

static void lay_out(const ordpar_simulation *s, ordpar_plan *plan) {
    plan->first[0] = 0;
    for (size_t b = 0; b < plan->L; b++) {
        plan->first[b + 1] = plan->first[b] + (size_t)columns_of(s, b);
        for (size_t k = plan->first[b]; k < plan->first[b + 1]; k++)
            plan->scale[k] = sqrt(s->spectrum->lambda[b] / s->spectrum->N);
    }
    for (size_t b = 0; b < plan->L; b++)
        plan->radial = plan->radial || ordpar_plan_freedom(plan, b) > 0;
    plan->trained = plan->first[s->trained_blocks];
    for (size_t head = 0; head < plan->heads; head++)
        memcpy(plan->v + head * plan->width, s->network->v + head * plan->K,
               plan->K * sizeof *plan->v);
}

static ordpar_status set_hidden(const ordpar_network *network, ordpar_plan *plan,
                                ordpar_error *err) {
    const size_t M = network->M;
    if (!network->unlearnable)
        return ORDPAR_OK;
    plan->hidden = malloc(M * M * sizeof *plan->hidden);
    return plan->hidden ? ordpar_gram_factor(M, network->unlearnable, M, plan->hidden, err)
                        : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
}

ordpar_status ordpar_plan_init(const ordpar_simulation *simulation, ordpar_plan *plan,
                               ordpar_error *err) {
    const ordpar_status status = check(simulation, err);
    if (status)
        return status;
    const size_t K = simulation->network->K, M = simulation->network->M;
    const size_t examples = examples_of(simulation);
    const bool whole = simulation->network->training.batch_fraction > 0;
    ordpar_plan made = {.simulation = *simulation,
                        .K = K,
                        .M = M,
                        .L = simulation->spectrum->L,
                        .units = K + M,
                        .moved = rows_that_move(simulation),
                        .examples = examples,
                        .pushes = simulation->network->training.momentum.weight > 0,
                        .gathers = gathers(simulation),
                        .share = (whole ? simulation->spectrum->N : 1) / (double)examples,
                        .pace = ordpar_simulation_pace(simulation),
                        .count = (size_t)total_columns(simulation),
                        .heads = ordpar_network_heads(simulation->network),
                        .width = ordpar_fields_round(K),
                        .keep = 1 - simulation->network->training.weight_decay /
                                        simulation->spectrum->N,
                        .batch = choose_batch(simulation)};
    made.stride = ordpar_normals_round(made.count);
    made.first = malloc((made.L + 1) * sizeof *made.first);
    made.scale = calloc(made.stride, sizeof *made.scale);
    made.v = calloc(made.heads * made.width, sizeof *made.v);
    if (!made.first || !made.scale || !made.v) {
        ordpar_plan_clear(&made);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu columns", made.count);
    }
    const ordpar_status factored = set_hidden(simulation->network, &made, err);
    if (factored) {
        ordpar_plan_clear(&made);
        return factored;
    }
    lay_out(simulation, &made);
    ordpar_run_sizes(&made);
    *plan = made;
    return ORDPAR_OK;
}

void ordpar_plan_clear(ordpar_plan *plan) {
    free(plan->first);
    free(plan->scale);
    free(plan->v);
    free(plan->hidden);
    *plan = (ordpar_plan){0};
}
