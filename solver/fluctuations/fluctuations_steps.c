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

/* Rates are at most this: of a step, G_ij <= v_i v_j. */
static double fastest(const ordpar_fluctuation_problem *p) {
    double v2 = 0;
    for (size_t i = 0; i < p->network->K; i++)
        v2 += p->network->v[i] * p->network->v[i];
    return 2 * p->network->eta * p->spectrum->lambda[0] * v2 + p->network->training.weight_decay;
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

ordpar_status ordpar_fluctuation_events_forwards(const ordpar_fluctuation_problem *problem,
                                                 const double *alpha, size_t count, size_t parts,
                                                 ordpar_fluctuation_events *events,
                                                 ordpar_error *err) {
    *events = (ordpar_fluctuation_events){0};
    maker m = make(problem, parts, events);
    ordpar_status status = ORDPAR_OK;
    double at = 0;
    for (size_t k = 0; k < count && !status; k++) {
        while (at < alpha[k] && !status) {
            const double h = fmax(m.shortest, m.share * at), left = alpha[k] - at;
            const double to = left < h ? alpha[k] : left < 2 * h ? at + left / 2 : at + h;
            status = add_step(&m, at, to, ORDPAR_FLUCTUATION_NOT_ONE, 0, err);
            at = to;
        }
        if (!status)
            status = add_row(&m, alpha, k, err);
    }
    return status;
}

/* The common steps, their ends in end[*count + 1], up to the last row. */
static ordpar_status add_common(maker *m, double last, double **end, size_t *count,
                                ordpar_error *err) {
    size_t room = 0;
    double at = 0;
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
        const double to = at + fmax(m->shortest, m->share * at);
        if (to > last || status)
            return status;
        status = add_step(m, at, to, ORDPAR_FLUCTUATION_NOT_ONE, *count * m->parts, err);
        at = to;
        ++*count;
    }
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
    for (double at = alpha[row]; at > end[join] && !status;) {
        const double h = fmax(m->shortest, m->growth * (alpha[row] - at)), left = at - end[join];
        const double to = left <= h ? end[join] : left < 2 * h ? at - left / 2 : at - h;
        status = add_step(m, to, at, row, number, err);
        number += m->parts;
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
