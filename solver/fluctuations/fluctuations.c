// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/fluctuations_internal.h"

#include "base/floating_point.h"
#include "solver/averages/high.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_fluctuations_check(const ordpar_network *network, ordpar_error *err) {
    const ordpar_training *t = &network->training;
    if (!ordpar_high_averages_of(network->activation))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fluctuations are known for the activations erf and linear, not for %s",
                           network->activation->name);
    if (network->small_eta)
        return ordpar_fail(err, ORDPAR_INVALID, "fluctuations need all orders in eta");
    if (t->tasks.count)
        return ordpar_fail(err, ORDPAR_INVALID, "fluctuations are known for one task");
    if (t->eta_v != 0 || t->momentum.weight != 0 || t->batch > 1 || t->batch_fraction > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "fluctuations are known for fixed outputs without momentum and single "
                           "examples");
    return ORDPAR_OK;
}

static bool add_step(ordpar_fluctuation_steps *s, double alpha, double h) {
    if (s->count == s->room) {
        const size_t room = s->room ? 2 * s->room : 1024;
        double *a = realloc(s->alpha, room * sizeof *a);
        s->alpha = a ? a : s->alpha;
        double *b = realloc(s->h, room * sizeof *b);
        s->h = b ? b : s->h;
        if (!a || !b)
            return false;
        s->room = room;
    }
    s->alpha[s->count] = alpha;
    s->h[s->count++] = h;
    return true;
}

/* Rates are at most this: of a step, G_ij <= v_i v_j. */
static double fastest(const ordpar_fluctuation_problem *p) {
    double v2 = 0;
    for (size_t i = 0; i < p->network->K; i++)
        v2 += p->network->v[i] * p->network->v[i];
    return 2 * p->network->eta * p->spectrum->lambda[0] * v2 + p->network->training.weight_decay;
}

/* From a row backwards to the one before it, then turned round. */
static bool fill(const ordpar_fluctuation_problem *p, double from, double to, size_t parts,
                 ordpar_fluctuation_steps *s) {
    const double finer = p->finer > 0 ? p->finer : 1;
    const double shortest = 0.1 / fastest(p) / finer, growth = 0.2 / finer, share = 0.03 / finer;
    const size_t first = s->count;
    for (double at = to; at > from;) {
        double h = fmax(shortest, fmin(growth * (to - at), share * at));
        if (at - h < from + h / 2)
            h = at - from;
        for (size_t k = 0; k < parts; k++)
            if (!add_step(s, fmax(at - h / (double)parts * (double)(k + 1), from),
                          h / (double)parts))
                return false;
        at -= h;
    }
    for (size_t a = first, b = s->count; a + 1 < b; a++) {
        const double alpha = s->alpha[a], h = s->h[a];
        b--;
        s->alpha[a] = s->alpha[b];
        s->h[a] = s->h[b];
        s->alpha[b] = alpha;
        s->h[b] = h;
    }
    return true;
}

ordpar_status ordpar_fluctuation_steps_make(const ordpar_fluctuation_problem *problem,
                                            const double *alpha, size_t count, size_t parts,
                                            ordpar_fluctuation_steps *steps, ordpar_error *err) {
    *steps = (ordpar_fluctuation_steps){0};
    for (size_t k = 0; k < count; k++)
        if (!fill(problem, k ? alpha[k - 1] : 0, alpha[k], parts, steps))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the steps to alpha = %g",
                               alpha[k]);
    return ORDPAR_OK;
}

void ordpar_fluctuation_steps_clear(ordpar_fluctuation_steps *steps) {
    free(steps->alpha);
    free(steps->h);
    *steps = (ordpar_fluctuation_steps){0};
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
    const ordpar_fluctuation_steps *s = pass->steps;
    const ordpar_integrate_options options = {.rtol = p->rtol,
                                              .atol = p->atol,
                                              .trained_blocks = p->trained_blocks,
                                              .observer = observer,
                                              .context = context,
                                              .stop = p->stop};
    double *alpha = malloc((2 * s->count + 1) * sizeof *alpha);
    ordpar_overlaps state;
    if (!alpha)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu steps", s->count);
    for (size_t k = 0; k < s->count; k++) {
        alpha[2 * k] = s->alpha[k] + s->h[k] / 2;
        alpha[2 * k + 1] = k + 1 < s->count ? s->alpha[k + 1] : pass->alpha[pass->count - 1];
    }
    ordpar_status status = copy_start(p->start, &state, err);
    if (!status) {
        status = ordpar_integrate(p->spectrum, p->network, &state, alpha, 2 * s->count, &options,
                                  NULL, err);
        ordpar_overlaps_clear(&state);
    }
    free(alpha);
    return status;
}

static ordpar_status pass_with(const ordpar_fluctuation_problem *problem, const double *alpha,
                               size_t count, size_t parts, double *variance, double *shift,
                               ordpar_error *err) {
    ordpar_fluctuation_steps steps = {0};
    ordpar_linearised l = {0};
    ordpar_status status = ordpar_fluctuation_steps_make(problem, alpha, count, parts, &steps, err);
    const ordpar_fluctuation_pass pass = {problem, &steps, alpha, count, variance, shift};
    if (!status)
        status = ordpar_linearised_init(problem->spectrum, problem->network,
                                        problem->trained_blocks, problem->start, &l, err);
    for (size_t k = 0; k < count; k++) {
        variance[k] = 0;
        shift[k] = problem->shifts ? 0 : NAN;
    }
    if (!status && steps.count)
        status = (problem->shifts ? ordpar_fluctuation_dense : ordpar_fluctuation_adjoint)(&pass,
                                                                                           &l, err);
    ordpar_linearised_clear(&l);
    ordpar_fluctuation_steps_clear(&steps);
    return status;
}

/* Steps are of second order: of h and h/2 the extrapolation, and a third of the difference as what
 * it may be off. */
ordpar_status ordpar_fluctuations(const ordpar_fluctuation_problem *problem, const double *alpha,
                                  size_t count, ordpar_fluctuation *rows, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = ordpar_fluctuations_check(problem->network, err);
    double *v = malloc((4 * count + 1) * sizeof *v);
    if (!status && !v)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = 0; k < 2 && !status; k++)
        status = pass_with(problem, alpha, count, k + 1, v + 2 * k * count, v + (2 * k + 1) * count,
                           err);
    for (size_t k = 0; k < count && !status; k++) {
        const double more = (v[2 * count + k] - v[k]) / 3;
        const double shift = (v[3 * count + k] - v[count + k]) / 3;
        rows[k] = (ordpar_fluctuation){v[2 * count + k] + more, fabs(more),
                                       v[3 * count + k] + shift, fabs(shift)};
    }
    free(v);
    return status;
}

double ordpar_fluctuations_bytes(const ordpar_fluctuation_problem *problem, size_t count) {
    const double S = (double)ordpar_order_parameter_count(problem->network->K, problem->network->M);
    const double L = (double)problem->spectrum->L, size = S * L;
    const double steps = 2 * (60 * (double)count + 500); /* about */
    return 8 * (size * (10 * S + 20) +
                (problem->shifts ? 2 * size * size : (steps + (double)count) * size));
}
