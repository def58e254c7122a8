// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/fluctuations_internal.h"

#include "base/floating_point.h"
#include "solver/averages/high.h"
#include "solver/state/network_averages.h"

#include <float.h>
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
                                              .stop = p->stop};
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
                               size_t count, size_t parts, double *variance, double *shift,
                               double *eps_g, ordpar_error *err) {
    ordpar_fluctuation_events events = {0};
    ordpar_linearised l = {0};
    ordpar_status status = (problem->shifts ? ordpar_fluctuation_events_forwards
                                            : ordpar_fluctuation_events_backwards)(
        problem, alpha, count, parts, &events, err);
    const ordpar_fluctuation_pass pass = {
        problem,  &events, alpha, count, ordpar_fluctuations_curves(problem),
        variance, shift,   eps_g};
    if (!status)
        status = ordpar_linearised_init(problem->spectrum, problem->network,
                                        problem->trained_blocks, problem->start, &l, err);
    for (size_t k = 0; k < count * pass.curves; k++) {
        variance[k] = 0;
        shift[k] = problem->shifts ? 0 : NAN;
    }
    if (!status && count)
        status = (problem->shifts ? ordpar_fluctuation_dense : ordpar_fluctuation_adjoint)(&pass,
                                                                                           &l, err);
    ordpar_linearised_clear(&l);
    ordpar_fluctuation_events_clear(&events);
    return status;
}

/* eps_g of students of zeros, which sums that cancel are made of. */
static ordpar_status find_scale(const ordpar_fluctuation_problem *problem, double *scale,
                                ordpar_error *err) {
    const ordpar_network *net = problem->network;
    const size_t K = net->K, n = K + net->M, heads = ordpar_network_heads(net);
    double *c = malloc(n * n * sizeof *c);
    if (!c)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    ordpar_overlaps_fields(problem->start, problem->spectrum, net, c);
    *scale = 0;
    for (size_t k = 0; k < heads; k++) {
        const double *w = net->w + k * net->M;
        double sum = 0;
        for (size_t a = K; a < n; a++)
            for (size_t b = K; b < n; b++)
                sum += w[a - K] * w[b - K] * ordpar_network_gg(net, c, a, b).value / 2;
        *scale = fmax(*scale, sum);
    }
    free(c);
    return ORDPAR_OK;
}

/* Steps are of second order: of h and h/2 the extrapolation, and a third of the difference as what
 * it may be off. Roundings of sums that cancel are of the scale of eps_g in what is of first order
 * in it, and, but for polynomials, of the square of that in its variance; the factors were measured
 * where the variance or the shift is known. */
static ordpar_fluctuation judge(const ordpar_network *net, double scale, double eps_g,
                                const double variance[2], const double shift[2]) {
    const bool sums = ordpar_network_has(net, &ordpar_activation_linear) ||
                      ordpar_network_has(net, &ordpar_activation_quadratic);
    const double rounding = (sums ? 100 : 1000) * DBL_EPSILON * scale / eps_g;
    const double noise = sums ? 0 : 30 * DBL_EPSILON * pow(net->eta * scale, 2);
    const double more = (variance[1] - variance[0]) / 3, moved = (shift[1] - shift[0]) / 3;
    ordpar_fluctuation row = {variance[1] + more, fabs(more), shift[1] + moved, fabs(moved)};
    if (variance[0] != 0 || variance[1] != 0)
        row.variance_error += rounding * fabs(row.variance) + noise;
    if (row.shift != 0)
        row.shift_error += rounding * fabs(row.shift);
    return row;
}

/* Where the errors are of the size of the number itself, and where eps_g is below that. */
static void take_lost(size_t count, size_t curves, const double *eps_g, ordpar_fluctuation *rows) {
    const double most = 0.3;
    for (size_t c = 0; c < curves; c++) {
        double variance = 0, shift = 0; /* the largest eps_g whose one is lost */
        for (size_t k = 0; k < count; k++) {
            const ordpar_fluctuation *row = rows + k * curves + c;
            const bool known = row->variance >= 0 && row->variance_error <= most * row->variance;
            const double usual = known ? row->variance / eps_g[k] : 0; /* of a shift */
            if (!known)
                variance = fmax(variance, eps_g[k]);
            if (row->shift_error > most * fmax(fabs(row->shift), usual))
                shift = fmax(shift, eps_g[k]);
        }
        for (size_t k = 0; k < count; k++) {
            ordpar_fluctuation *row = rows + k * curves + c;
            if (row->variance != 0 && eps_g[k] <= variance)
                row->variance = row->variance_error = NAN;
            if (row->shift != 0 && eps_g[k] <= shift)
                row->shift = row->shift_error = NAN;
        }
    }
}

static ordpar_status pass_twice(const ordpar_fluctuation_problem *problem, const double *alpha,
                                size_t count, double *work, ordpar_fluctuation *rows,
                                ordpar_error *err) {
    const size_t curves = ordpar_fluctuations_curves(problem), all = count * curves;
    double *v = work, *s = v + 2 * all, *eps_g = s + 2 * all, scale = 0;
    ordpar_status status = find_scale(problem, &scale, err);
    for (size_t k = 0; k < 2 && !status; k++)
        status = pass_with(problem, alpha, count, k + 1, v + k * all, s + k * all, eps_g, err);
    for (size_t k = 0; k < all && !status; k++)
        rows[k] = judge(problem->network, scale, eps_g[k / curves], (double[]){v[k], v[all + k]},
                        (double[]){s[k], s[all + k]});
    if (!status)
        take_lost(count, curves, eps_g, rows);
    return status;
}

ordpar_status ordpar_fluctuations(const ordpar_fluctuation_problem *problem, const double *alpha,
                                  size_t count, ordpar_fluctuation *rows, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t all = count * ordpar_fluctuations_curves(problem);
    ordpar_status status = ordpar_fluctuations_check(problem->network, err);
    double *work = malloc((4 * all + count + 1) * sizeof *work);
    if (!status)
        status = work ? pass_twice(problem, alpha, count, work, rows, err)
                      : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    free(work);
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
