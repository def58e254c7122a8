// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/fluctuations_internal.h"

#include "base/floating_point.h"
#include "solver/averages/high.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_fluctuations_check(const ordpar_network *network, ordpar_error *err) {
    const ordpar_training *t = &network->training;
    const ordpar_high_averages *high = ordpar_high_averages_of(network->activation);
    const size_t n = network->K + network->M;
    if (network->teacher_activation)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fluctuations are known for teachers with the students' activation, not "
                           "for %s ones of %s students",
                           network->teacher_activation->name, network->activation->name);
    if (!high)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fluctuations are known for the activations erf, linear, relu and "
                           "quadratic, not for %s",
                           network->activation->name);
    if (high->most_fields && n > high->most_fields)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fluctuations of %s units are known for K + M up to %zu, got %zu",
                           network->activation->name, high->most_fields, n);
    if (network->small_eta)
        return ordpar_fail(err, ORDPAR_INVALID, "fluctuations need all orders in eta");
    if (t->batch_fraction > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fluctuations are not known for batches that are a fraction of N");
    return ORDPAR_OK;
}

static ordpar_status copy_start(const ordpar_overlaps *from, ordpar_overlaps *to,
                                ordpar_error *err) {
    const ordpar_status status = ordpar_overlaps_init(from->K, from->M, from->L, to, err);
    if (!status)
        ordpar_overlaps_copy(from, to);
    return status;
}

ordpar_status ordpar_fluctuation_follow(const ordpar_fluctuation_pass *pass,
                                        ordpar_curve_observer observer, void *context,
                                        ordpar_error *err) {
    const ordpar_fluctuation_problem *p = pass->problem;
    const ordpar_fluctuation_events *e = pass->events;
    const ordpar_integrate_options options = {.rtol = p->rtol,
                                              .atol = p->atol,
                                              .trained_blocks = p->trained_blocks,
                                              .observer = observer,
                                              .context = context,
                                              .stop = p->stop,
                                              .threads = p->threads};
    double *alpha = malloc((e->count + 1) * sizeof *alpha);
    ordpar_overlaps state;
    if (!alpha)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu steps", e->count);
    for (size_t k = 0; k < e->count; k++)
        alpha[k] = e->event[k].alpha;
    ordpar_status status = copy_start(p->start, &state, err);
    if (!status) {
        status =
            ordpar_integrate(p->spectrum, p->network, &state, alpha, e->count, &options, NULL, err);
        ordpar_overlaps_clear(&state);
    }
    free(alpha);
    return status;
}

size_t ordpar_fluctuations_curves(const ordpar_fluctuation_problem *problem) {
    const size_t tasks = problem->network->training.tasks.count;
    return problem->shifts && tasks ? 1 + tasks : 1;
}

static ordpar_status pass_with(const ordpar_fluctuation_problem *problem, const double *alpha,
                               size_t count, size_t parts, double *values, ordpar_error *err) {
    const size_t curves = ordpar_fluctuations_curves(problem), all = count * curves;
    ordpar_fluctuation_events events = {0};
    ordpar_linearised l = {0};
    ordpar_status status = (problem->shifts ? ordpar_fluctuation_events_forwards
                                            : ordpar_fluctuation_events_backwards)(
        problem, alpha, count, parts, &events, err);
    const ordpar_fluctuation_pass pass = {problem, &events, alpha,        count,
                                          curves,  values,  values + all, values + 2 * all};
    if (!status)
        status = ordpar_linearised_init(problem->spectrum, problem->network,
                                        problem->trained_blocks, problem->start, &l, err);
    l.noise.stop = problem->stop;
    for (size_t k = 0; k < all; k++) {
        pass.variance[k] = pass.rounding[k] = 0;
        pass.shift[k] = problem->shifts ? 0 : NAN;
    }
    if (!status && count)
        status = (problem->shifts ? ordpar_fluctuation_dense : ordpar_fluctuation_adjoint)(&pass,
                                                                                           &l, err);
    ordpar_linearised_clear(&l);
    ordpar_fluctuation_events_clear(&events);
    return status;
}

/* Steps are of second order: of h and h/2 the extrapolation, and a third of the difference as what
 * it may be off, or rounding. What is not known to half of itself is none. */
static ordpar_fluctuation extrapolate(const double *coarse, const double *fine, size_t all) {
    const double *variance = fine, *rounding = fine + all, *shift = fine + 2 * all;
    const double more = (variance[0] - coarse[0]) / 3, moved = (shift[0] - coarse[2 * all]) / 3;
    ordpar_fluctuation row = {variance[0] + more, fmax(fabs(more), rounding[0]), shift[0] + moved,
                              fmax(fabs(moved), rounding[0])};
    if (row.variance < 0 || row.variance_error > row.variance / 2)
        row.variance = row.shift = NAN;
    return row;
}

ordpar_status ordpar_fluctuations(const ordpar_fluctuation_problem *problem, const double *alpha,
                                  size_t count, ordpar_fluctuation *rows, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t all = count * ordpar_fluctuations_curves(problem);
    ordpar_status status = ordpar_fluctuations_check(problem->network, err);
    double *v = malloc((6 * all + 1) * sizeof *v);
    if (!status && !v)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = 0; k < 2 && !status; k++)
        status = pass_with(problem, alpha, count, k + 1, v + 3 * k * all, err);
    for (size_t k = 0; k < all && !status; k++)
        rows[k] = extrapolate(v + k, v + 3 * all + k, all);
    free(v);
    return status;
}

/* Of a block and behind all blocks. */
static void count_numbers(const ordpar_network *network, size_t *block, size_t *outputs) {
    *block = ordpar_state_for(network)->numbers(network->K, network->M, 0);
    *outputs = network->training.eta_v > 0 ? ordpar_network_heads(network) * network->K : 0;
}

size_t ordpar_fluctuations_numbers(const ordpar_network *network, size_t L) {
    size_t block, outputs;
    count_numbers(network, &block, &outputs);
    return block * L + outputs;
}

double ordpar_fluctuations_bytes(const ordpar_fluctuation_problem *problem, size_t count) {
    const ordpar_network *n = problem->network;
    const double size = (double)ordpar_fluctuations_numbers(n, problem->spectrum->L);
    size_t block, outputs;
    count_numbers(n, &block, &outputs);
    const double steps = 2 * (60 * (double)count + 500); /* about */
    return 8 * (size * (10 * (double)(block + outputs) + 20) +
                (problem->shifts ? 2 * size * size : (steps + (double)count) * size));
}
