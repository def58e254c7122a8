// SPDX-License-Identifier: GPL-3.0-or-later
/* Radau IIA as an integrator: the walk from step to step, rows and the event inside them. */
#include "solver/steps/radau_internal.h"

#include "base/kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many stages suit a tolerance: measured, docs/solver.md. */
static size_t stages_for(double rtol) {
    return rtol < 3e-6 ? 9 : 7;
}

static void destroy(void *data) {
    ordpar_radau_method *m = data;
    if (!m)
        return;
    free(m->memory);
    free(m);
}

/* Whole lanes; not near a multiple of what caches keep in the same place. */
static size_t stride_for(size_t whole) {
    enum { SAME = 512, APART = 3 * ORDPAR_STAGE_LANES };
    return whole < SAME ? whole : whole + (SAME + APART - whole % SAME) % SAME;
}

static size_t lay_out(ordpar_radau_method *m, double *base) {
    const size_t s = m->stages.s, sums = m->ode.pieces.state_sums;
    const size_t members = ordpar_team_size(m->ode.pieces.team);
    const size_t stages = m->ode.pieces.count * s * m->stride;
    size_t o = 0;
    m->z = ordpar_take(base, &o, stages);
    m->f = ordpar_take(base, &o, stages);
    m->y = ordpar_take(base, &o, m->whole);
    m->start_rate = ordpar_take(base, &o, m->whole);
    m->weights = ordpar_take(base, &o, m->whole);
    m->work = ordpar_take(base, &o, m->whole);
    m->out = ordpar_take(base, &o, m->whole);
    m->own = ordpar_take(base, &o, members * (s + 1) * m->stride);
    m->sums = ordpar_take(base, &o, m->parts * m->most_sums);
    m->of_stages = ordpar_take(base, &o, (s + 1) * sums);
    m->of_y = ordpar_take(base, &o, sums);
    return o;
}

static bool allocate(ordpar_radau_method *m) {
    m->whole = ordpar_whole_lines(m->ode.size);
    m->stride = stride_for(ordpar_radau_longest(&m->ode));
    m->parts = ordpar_radau_parts(&m->ode);
    m->most_sums = ordpar_radau_sums(&m->ode, &m->stages);
    m->memory = ordpar_aligned_array(lay_out(m, NULL));
    if (!m->memory)
        return false;
    lay_out(m, m->memory);
    return true;
}

/* The event at the state of these sums. */
static double event_at(const ordpar_radau_method *m, const double *sums) {
    return m->ode.pieces.event ? m->ode.pieces.event(m->ode.context, sums) : 1;
}

static void *create(const ordpar_ode *ode, double alpha) {
    ordpar_radau_method *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->ode = *ode;
    if (!ordpar_stages_init(stages_for(ode->rtol), &m->stages) || !allocate(m)) {
        destroy(m);
        return NULL;
    }
    m->begin = m->end = alpha;
    m->event = NAN;
    m->ode.start(m->ode.context, m->y);
    ordpar_radau_know(m);
    m->at_begin = event_at(m, m->of_y);
    memcpy(m->out, m->y, m->whole * sizeof *m->y);
    return m;
}

static double place_of(const ordpar_radau_method *m, double alpha) {
    return alpha == m->end ? 1 : (alpha - m->begin) / (m->end - m->begin);
}

static void show(ordpar_radau_method *m, double alpha) {
    if (m->made)
        ordpar_radau_at(m, place_of(m, alpha), m->out);
    else
        memcpy(m->out, m->y, m->whole * sizeof *m->y);
}

/* Where the event is zero in the step, by regula falsi (Illinois), from the far side. */
static double locate(ordpar_radau_method *m, double at_end) {
    enum { MOST = 80 };
    double near = 0, far = 1, f_near = m->at_begin, f_far = at_end;
    int side = 0;
    for (int k = 0; k < MOST && far - near > 1e-13; k++) {
        const double middle =
            fmin(fmax((near * f_far - far * f_near) / (f_far - f_near), near + 1e-14), far - 1e-14);
        ordpar_radau_at(m, middle, m->work);
        const double f = m->ode.event(m->ode.context, m->work);
        if (f == 0)
            return m->begin + middle * (m->end - m->begin);
        if ((f > 0) == (f_near > 0)) {
            near = middle;
            f_near = f;
            f_far *= side == 1 ? 0.5 : 1;
            side = 1;
        } else {
            far = middle;
            f_far = f;
            f_near *= side == -1 ? 0.5 : 1;
            side = -1;
        }
    }
    return far == 1 ? m->end : m->begin + far * (m->end - m->begin);
}

/* Makes the end of the last step the beginning of the next one. */
static void move_on(ordpar_radau_method *m) {
    if (!m->made)
        return;
    m->made = false;
    ordpar_radau_move(m);
    m->z_length = m->last_length;
    m->z_from = 1;
    m->begin = m->end;
}

static const double *sums_at(const ordpar_radau_method *m, size_t stage) {
    return m->of_stages + stage * m->ode.pieces.state_sums;
}

static bool step(ordpar_radau_method *m, double stop) {
    const size_t last = m->stages.s - 1;
    move_on(m);
    if (!ordpar_radau_step(m, stop))
        return false;
    for (size_t i = 0; i < last && m->ode.pieces.pass; i++)
        m->ode.pieces.pass(m->ode.context, sums_at(m, i));
    const double at_end = event_at(m, sums_at(m, last));
    if (m->at_begin != 0 && (at_end > 0) != (m->at_begin > 0))
        m->event = locate(m, at_end);
    m->at_begin = at_end;
    return true;
}

static ordpar_advance reach(ordpar_radau_method *m, double alpha, double *reached,
                            ordpar_advance why) {
    show(m, alpha);
    *reached = alpha;
    return why;
}

static ordpar_advance advance(void *data, double alpha, double stop, double *reached) {
    ordpar_radau_method *m = data;
    for (;;) {
        const double limit = isnan(m->event) ? m->end : m->event;
        const bool stops = m->end >= stop && isnan(m->event);
        if (alpha < limit || (alpha == limit && !stops))
            return reach(m, alpha, reached, ORDPAR_ADVANCE_REACHED);
        if (!isnan(m->event)) {
            m->event = NAN;
            return reach(m, limit, reached, ORDPAR_ADVANCE_EVENT);
        }
        if (stops)
            return reach(m, m->end, reached, ORDPAR_ADVANCE_STOPPED);
        if (!step(m, stop)) {
            show(m, m->begin);
            return ORDPAR_ADVANCE_FAILED;
        }
    }
}

static bool restart(void *data, double alpha) {
    ordpar_radau_method *m = data;
    move_on(m);
    m->begin = m->end = alpha;
    m->length = m->last_length = m->z_length = 0;
    m->at_begin = event_at(m, m->of_y);
    return true;
}

static const double *state(const void *data) {
    return ((const ordpar_radau_method *)data)->out;
}

static double current_alpha(const void *data) {
    return ((const ordpar_radau_method *)data)->end;
}

static bool interpolate(void *data, double alpha, double *y) {
    ordpar_radau_method *m = data;
    if (alpha < m->begin || alpha > m->end || !m->made)
        return false;
    ordpar_radau_at(m, place_of(m, alpha), m->work);
    memcpy(y, m->work, m->ode.size * sizeof *y);
    return true;
}

static void reason(const void *data, size_t size, char *text) {
    const char *why = ((const ordpar_radau_method *)data)->reason;
    snprintf(text, size, "%s", why ? why : "unknown reason");
}

static ordpar_integrator_counts stats(const void *data) {
    return ((const ordpar_radau_method *)data)->counts;
}

const ordpar_integrator ordpar_integrator_radau = {.name = "radau",
                                                   .vectors = 2 * ORDPAR_MOST_STAGES + 5,
                                                   .pairs = ORDPAR_MOST_PAIRS,
                                                   .create = create,
                                                   .advance = advance,
                                                   .restart = restart,
                                                   .state = state,
                                                   .alpha = current_alpha,
                                                   .interpolate = interpolate,
                                                   .reason = reason,
                                                   .stats = stats,
                                                   .free = destroy};
