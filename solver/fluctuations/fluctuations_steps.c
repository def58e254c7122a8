// SPDX-License-Identifier: GPL-3.0-or-later
/* How long steps are: a share of alpha, as the equations of motion change on that scale, and short
 * where something begins: at alpha = 0, and at a row for the adjoint that starts there. */
#include "solver/fluctuations/fluctuations_internal.h"

#include <math.h>
#include <stdlib.h>

/* Of one pass. */
typedef struct {
    const ordpar_fluctuation_problem *problem;
    double shortest, growth, share;
    size_t parts;
    ordpar_fluctuation_events *events;
} maker;

/* The largest learning rate, and sum of v^2. */
static void find_largest(const ordpar_network *n, double *eta, double *v2) {
    const ordpar_schedule *schedule = &n->training.schedule;
    *eta = schedule->kind == ORDPAR_SCHEDULE_TABLE ? ordpar_schedule_largest(schedule) : n->eta;
    if (schedule->kind == ORDPAR_SCHEDULE_FACTORS)
        *eta *= ordpar_schedule_largest(schedule);
    *v2 = 0;
    for (size_t head = 0; head < ordpar_network_heads(n); head++) {
        double sum = 0;
        for (size_t i = 0; i < n->K; i++)
            sum += n->v[head * n->K + i] * n->v[head * n->K + i];
        *v2 = fmax(*v2, sum);
    }
}

/* Rates are at most about this: of a step, G_ij <= v_i v_j. */
static double fastest(const ordpar_fluctuation_problem *p) {
    const ordpar_training *t = &p->network->training;
    double eta, v2;
    find_largest(p->network, &eta, &v2);
    const double lambda = p->spectrum->lambda[0], plain = 2 * eta * lambda * v2;
    const double T = ordpar_spectrum_teacher_moment(p->spectrum, 1);
    const double outputs = t->eta_v * (double)p->network->K *
                           p->network->activation->gg(p->network->activation, T, T, T).value;
    const double push = t->momentum.fades ? 0 : 2 * t->momentum.damping;
    return plain + t->weight_decay + outputs + push + 2 * sqrt(t->momentum.weight * lambda * v2);
}

/* Where the equations change: next after alpha. */
static double next_kink(const ordpar_fluctuation_problem *p, double alpha) {
    const ordpar_training *t = &p->network->training;
    return fmin(ordpar_schedule_next_kink(&t->schedule, alpha),
                ordpar_tasks_next_step(&t->tasks, alpha));
}

static maker make(const ordpar_fluctuation_problem *p, size_t parts,
                  ordpar_fluctuation_events *events) {
    const double finer = p->finer > 0 ? p->finer : 1;
    return (maker){.problem = p,
                   .shortest = 0.1 / fastest(p) / finer,
                   .growth = 0.27 / finer,
                   .share = 0.03 / finer,
                   .parts = parts,
                   .events = events};
}

static ordpar_status add(maker *m, ordpar_fluctuation_event event, ordpar_error *err) {
    ordpar_fluctuation_events *e = m->events;
    if (e->count == e->room) {
        const size_t room = e->room ? 2 * e->room : 1024;
        ordpar_fluctuation_event *more = realloc(e->event, room * sizeof *more);
        if (!more)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu steps", room);
        e->event = more;
        e->room = room;
    }
    e->event[e->count++] = event;
    return ORDPAR_OK;
}

/* A step in its parts; the first has the number `first` and later ones more. */
static ordpar_status add_step(maker *m, double from, double to, size_t row, size_t first,
                              ordpar_error *err) {
    const double h = (to - from) / (double)m->parts;
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < m->parts && !status; k++)
        status = add(m, (ordpar_fluctuation_event){from + h * ((double)k + 0.5), h, row, first + k},
                     err);
    return status;
}

static ordpar_status add_row(maker *m, const double *alpha, size_t row, ordpar_error *err) {
    return add(m, (ordpar_fluctuation_event){alpha[row], 0, row, 0}, err);
}

/* The end of the step from `at`: of its own length, which grows from the last kink on, but at
 * `last`, the end of all, in two halves; at a kink in any case. */
static double end_of_step(const maker *m, double at, double *kink, double last) {
    double next = next_kink(m->problem, at);
    if (next_kink(m->problem, *kink) <= at)
        *kink = at;
    const double stop = fmin(next, last), left = stop - at;
    const double h = fmax(m->shortest, m->share * (at - *kink));
    return left < h ? stop : left < 2 * h && isfinite(left) ? at + left / 2 : at + h;
}

/* Short before a row, too: fast modes forget what long steps have made of them, which may be a part
 * of what they should be. */
static double end_before_row(const maker *m, double at, double *kink, double row) {
    const double to = end_of_step(m, at, kink, row), left = row - at;
    const double before = fmax(m->shortest, m->growth / (1 + m->growth) * left);
    return to - at <= before ? to : left < 2 * before ? at + left / 2 : at + before;
}

ordpar_status ordpar_fluctuation_events_forwards(const ordpar_fluctuation_problem *problem,
                                                 const double *alpha, size_t count, size_t parts,
                                                 ordpar_fluctuation_events *events,
                                                 ordpar_error *err) {
    *events = (ordpar_fluctuation_events){0};
    maker m = make(problem, parts, events);
    ordpar_status status = ORDPAR_OK;
    double at = 0, kink = 0;
    for (size_t k = 0; k < count && !status; k++) {
        while (at < alpha[k] && !status) {
            const double to = end_before_row(&m, at, &kink, alpha[k]);
            status = add_step(&m, at, to, ORDPAR_FLUCTUATION_NOT_ONE, 0, err);
            at = to;
        }
        if (!status)
            status = add_row(&m, alpha, k, err);
    }
    return status;
}

/* The end of a common step: short before a kink too, where adjoints meet other rates. */
static double end_of_common(const maker *m, double at, double *kink) {
    const double next = next_kink(m->problem, at), to = end_of_step(m, at, kink, INFINITY);
    const double before = fmax(m->shortest, m->growth / (1 + m->growth) * (next - at));
    return to - at > before && to < next ? at + before : to;
}

/* The common steps, their ends in end[*count + 1], up to the last row. */
static ordpar_status add_common(maker *m, double last, double **end, size_t *count,
                                ordpar_error *err) {
    size_t room = 0;
    double at = 0, kink = 0;
    ordpar_status status = ORDPAR_OK;
    *count = 0;
    for (;;) {
        if (*count == room) {
            room = room ? 2 * room : 256;
            double *more = realloc(*end, room * sizeof *more);
            if (!more)
                return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu steps", room);
            *end = more;
        }
        (*end)[*count] = at;
        const double to = end_of_common(m, at, &kink);
        if (to > last || status)
            return status;
        status = add_step(m, at, to, ORDPAR_FLUCTUATION_NOT_ONE, *count * m->parts, err);
        at = to;
        ++*count;
    }
}

/* The kink below `at`, not below `least`. */
static double last_kink(const maker *m, double at, double least) {
    double kink = least;
    for (double next = next_kink(m->problem, least); next < at; next = next_kink(m->problem, next))
        kink = next;
    return kink;
}

/* From the row backwards, to the common step that is not longer than one of its own would be. */
static ordpar_status add_own(maker *m, const double *alpha, size_t row, const double *end,
                             size_t count, ordpar_error *err) {
    size_t join = count, number = 0;
    ordpar_status status = ORDPAR_OK;
    for (; join > 0; join--) {
        const double gap = alpha[row] - end[join];
        const double h = fmax(m->shortest, m->growth * gap);
        if (gap >= 0 && end[join] - end[join - 1] <= h * (1 + 1e-9))
            break;
    }
    double from = alpha[row];
    for (double at = from; at > end[join] && !status;) {
        const double stop = last_kink(m, at, end[join]), left = at - stop;
        const double h = fmax(m->shortest, m->growth * (from - at));
        const double to = left <= h ? stop : left < 2 * h ? at - left / 2 : at - h;
        status = add_step(m, to, at, row, number, err);
        number += m->parts;
        from = to == stop ? to : from;
        at = to;
    }
    m->events->join[row] = join * m->parts;
    return status;
}

static int by_alpha(const void *a, const void *b) {
    const ordpar_fluctuation_event *x = a, *y = b;
    return (x->alpha > y->alpha) - (x->alpha < y->alpha);
}

ordpar_status ordpar_fluctuation_events_backwards(const ordpar_fluctuation_problem *problem,
                                                  const double *alpha, size_t count, size_t parts,
                                                  ordpar_fluctuation_events *events,
                                                  ordpar_error *err) {
    *events = (ordpar_fluctuation_events){.join = malloc((count + 1) * sizeof *events->join)};
    maker m = make(problem, parts, events);
    double *end = NULL;
    size_t steps = 0;
    ordpar_status status =
        events->join ? add_common(&m, count ? alpha[count - 1] : 0, &end, &steps, err)
                     : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    events->common = steps * parts;
    for (size_t k = 0; k < count && !status; k++)
        if (!(status = add_own(&m, alpha, k, end, steps, err)))
            status = add_row(&m, alpha, k, err);
    if (!status)
        qsort(events->event, events->count, sizeof *events->event, by_alpha);
    free(end);
    return status;
}

void ordpar_fluctuation_events_clear(ordpar_fluctuation_events *events) {
    free(events->event);
    free(events->join);
    *events = (ordpar_fluctuation_events){0};
}
