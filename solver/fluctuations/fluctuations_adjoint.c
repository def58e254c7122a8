// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.3] The variance of each row by its adjoint. Near its row an adjoint has modes of every rate
 * and takes short steps of its own; from where the common steps will do, all rows take those
 * together. */
#include "solver/fluctuations/fluctuations_internal.h"

#include <stdlib.h>
#include <string.h>

/* A state that a row's own step waits for. */
typedef struct {
    const ordpar_fluctuation_event *step;
    double *state;
} waiting;

typedef struct {
    const ordpar_fluctuation_pass *pass;
    ordpar_linearised *l;
    ordpar_overlaps shape; /* K, M, L and t; q, r, P's overlaps and v are the states' */
    double *common;        /* [common steps][state_size] */
    waiting *held; /* [held_count] in the order of alpha, then [held_made] to be used again */
    size_t held_count, held_made, held_room;
    double *a;       /* [count][S*L] adjoints */
    double *scratch; /* of a step of all rows, and a gradient */
} sweep;

/* The parts of a state, in their order. */
static void parts_of(const sweep *s, const ordpar_overlaps *o, size_t size[4]) {
    size[0] = o->K * o->K * o->L;
    size[1] = o->K * o->M * o->L;
    size[2] = s->l->flow.state->pushes ? ordpar_overlaps_push_count(o) : 0;
    size[3] = s->l->outputs;
}

static size_t state_size(const sweep *s) {
    size_t size[4];
    parts_of(s, &s->shape, size);
    return size[0] + size[1] + size[2] + size[3];
}

static void copy_state(const sweep *s, const ordpar_overlaps *state, double *to) {
    const double *const part[4] = {state->q, state->r, state->push, state->v};
    size_t size[4];
    parts_of(s, state, size);
    for (size_t k = 0; k < 4; to += size[k++])
        for (size_t j = 0; j < size[k]; j++)
            to[j] = part[k][j];
}

/* The view of a state that was kept. */
static const ordpar_overlaps *view_state(sweep *s, double *state) {
    size_t size[4];
    parts_of(s, &s->shape, size);
    s->shape.q = state;
    s->shape.r = state + size[0];
    s->shape.push = s->shape.r + size[1];
    s->shape.v = s->shape.push + size[2];
    return &s->shape;
}

/* [19.3] One step of the rows from `first` on. */
static ordpar_status step_back(sweep *s, double *state, const ordpar_fluctuation_event *step,
                               size_t first, size_t count, ordpar_error *err) {
    ordpar_linearised *l = s->l;
    const size_t size = l->size;
    double *a = s->a + first * size;
    ordpar_status status = ordpar_linearised_set(l, view_state(s, state), step->alpha, err);
    if (status || (status = ordpar_linearised_prepare(l, step->h / 2, err)))
        return status;
    ordpar_linearised_step_back(l, count, a, s->scratch);
    for (size_t k = 0; k < count; k++)
        s->pass->variance[first + k] +=
            step->h * ordpar_step_noise_square(&l->noise, a + k * size, step->h,
                                               &s->pass->rounding[first + k]);
    ordpar_linearised_step_back(l, count, a, s->scratch);
    const volatile sig_atomic_t *stop = s->pass->problem->stop;
    return stop && *stop
               ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", step->alpha)
               : ORDPAR_OK;
}

/* By x^b: lambda_b times that by m; by v. */
void ordpar_fluctuation_gradient(const ordpar_linearised *l, const double *gradient, double *a) {
    memset(a, 0, l->size * sizeof *a);
    for (size_t k = 0; k < l->P; k++)
        for (size_t b = 0; b < l->L; b++)
            a[k * l->L + b] = l->spectrum->lambda[b] * gradient[k];
    memcpy(a + l->S * l->L, gradient + l->P, l->outputs * sizeof *a);
}

static ordpar_status start_row(sweep *s, const ordpar_overlaps *state, size_t row, double alpha,
                               ordpar_error *err) {
    ordpar_linearised *l = s->l;
    const ordpar_status status = ordpar_linearised_set(l, state, alpha, err);
    if (!status) {
        ordpar_linearised_error(l, 0, s->scratch, NULL);
        ordpar_fluctuation_gradient(l, s->scratch, s->a + row * l->size);
    }
    return status;
}

/* The row's own steps, the last one first. */
static ordpar_status finish_own(sweep *s, const ordpar_overlaps *state, size_t row, double alpha,
                                ordpar_error *err) {
    if (alpha <= 0)
        return ORDPAR_OK;
    ordpar_status status = start_row(s, state, row, alpha, err);
    for (size_t k = s->held_count; k-- > 0 && !status;)
        if (s->held[k].step->row == row)
            status = step_back(s, s->held[k].state, s->held[k].step, row, 1, err);
    size_t left = 0;
    for (size_t k = 0; k < s->held_count; k++) {
        const waiting one = s->held[k];
        if (one.step->row != row) { /* a state that is done with changes places with it */
            s->held[k] = s->held[left];
            s->held[left++] = one;
        }
    }
    s->held_count = left;
    return status;
}

static ordpar_status hold(sweep *s, const ordpar_fluctuation_event *step,
                          const ordpar_overlaps *state, ordpar_error *err) {
    if (s->held_count == s->held_room) {
        const size_t room = s->held_room ? 2 * s->held_room : 64;
        waiting *more = realloc(s->held, room * sizeof *more);
        if (!more)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu states", room);
        s->held = more;
        s->held_room = room;
    }
    if (s->held_count == s->held_made) {
        double *made = malloc(state_size(s) * sizeof *made);
        if (!made)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu states", s->held_made);
        s->held[s->held_made++].state = made;
    }
    s->held[s->held_count].step = step;
    copy_state(s, state, s->held[s->held_count++].state);
    return ORDPAR_OK;
}

static ordpar_status see(void *context, size_t number, double alpha, double eps_g,
                         const ordpar_overlaps *state, ordpar_error *err) {
    sweep *s = context;
    const ordpar_fluctuation_event *event = s->pass->events->event + number;
    (void)eps_g;
    if (event->h == 0)
        return finish_own(s, state, event->row, alpha, err);
    if (event->row != ORDPAR_FLUCTUATION_NOT_ONE)
        return hold(s, event, state, err);
    copy_state(s, state, s->common + event->step * state_size(s));
    return ORDPAR_OK;
}

/* The common steps backwards, each for the rows beyond it. */
static ordpar_status sweep_back(sweep *s, ordpar_error *err) {
    const ordpar_fluctuation_events *e = s->pass->events;
    size_t first = s->pass->count;
    ordpar_status status = ORDPAR_OK;
    for (size_t k = e->count; k-- > 0 && !status;) {
        const ordpar_fluctuation_event *step = e->event + k;
        if (step->h == 0 || step->row != ORDPAR_FLUCTUATION_NOT_ONE)
            continue;
        while (first > 0 && e->join[first - 1] > step->step)
            first--;
        if (first < s->pass->count)
            status = step_back(s, s->common + step->step * state_size(s), step, first,
                               s->pass->count - first, err);
    }
    return status;
}

ordpar_status ordpar_fluctuation_adjoint(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                         ordpar_error *err) {
    sweep s = {.pass = pass, .l = l, .shape = *pass->problem->start};
    const size_t steps = pass->events->common;
    s.common = malloc((steps * state_size(&s) + 1) * sizeof *s.common);
    s.a = malloc(pass->count * l->size * sizeof *s.a);
    s.scratch = malloc(ordpar_linearised_back_scratch(l, pass->count) * sizeof *s.scratch);
    ordpar_status status =
        s.common && s.a && s.scratch
            ? ordpar_fluctuation_follow(pass, see, &s, err)
            : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu states", steps);
    if (!status)
        status = sweep_back(&s, err);
    for (size_t k = 0; k < s.held_made; k++)
        free(s.held[k].state);
    free(s.held);
    free(s.common);
    free(s.a);
    free(s.scratch);
    return status;
}
