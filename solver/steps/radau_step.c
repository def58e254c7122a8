// SPDX-License-Identifier: GPL-3.0-or-later
/* One step of Radau IIA [5.18]: start values, simplified Newton iterations, error, next length. */
#include "solver/steps/radau_internal.h"

#include "base/kernels.h"

#include <float.h>
#include <math.h>

/* What the error between the nodes may be, of which rows alone see something, in units of what a
 * step may hand on: its end has twice the order. */
static const double allowed = 10;

/* The error that is left of Newton's method, in the latter units. */
static const double solved = 0.3;

/* What an iteration may leave of the error without being slow. */
static const double slow = 0.3;

/* Where in the step the Jacobian is taken. */
static const double jacobian_at = 0.85;

/* What an iteration may leave of the slowest part, before it was seen. */
static const double slowest_unseen = 0.01;

enum { MOST_ITERATIONS = 10, MOST_TRIES = 60 };

typedef enum { DONE, AGAIN, FAILED } outcome;

static outcome fail(ordpar_radau_method *m, const char *reason) {
    m->reason = reason;
    return FAILED;
}

static outcome check(ordpar_radau_method *m, int returned, const char *reason) {
    return returned == 0 ? DONE : returned > 0 ? AGAIN : fail(m, reason);
}

static const char no_rate[] = "no right-hand side";

static double norm(const ordpar_radau_method *m, const double *x) {
    return sqrt(ordpar_weighted_square(m->ode.size, x, m->weights) / (double)m->ode.size);
}

static double slope_beyond_rounding(ordpar_radau_method *m, double length) {
    ordpar_radau_relax(m, length);
    return norm(m, m->start_rate);
}

/* By how much the rate changes along itself, of its size and per length, seen where that is more
 * than rounding. Its slope is *slope. */
static double first_growth(ordpar_radau_method *m, double *slope) {
    const double least = 1e-5, closer = 0.1, farther = 100;
    double probe = 1e-3 * norm(m, m->y) / *slope, change = 0;
    bool too_far = false;
    if (!(probe > 0))
        probe = 1e-6;
    *slope = slope_beyond_rounding(m, probe);
    for (int k = 0; k < MOST_TRIES; k++) {
        ordpar_combine(m->ode.size, 1, m->y, probe, m->start_rate, false, m->work);
        m->counts.rates++;
        const bool seen = m->ode.rate(m->ode.context, m->begin + probe, m->work, m->f) == 0;
        if (seen)
            ordpar_add_scaled(m->ode.size, -1, m->start_rate, true, m->f);
        change = seen ? norm(m, m->f) / *slope : INFINITY;
        if (isfinite(change) && (change > least || too_far))
            break;
        too_far = too_far || !isfinite(change);
        probe *= too_far ? closer : farther;
    }
    return fmax(change, DBL_EPSILON) / probe;
}

/* For a first step: where the term of order s + 1 is a part of what is allowed, if all derivatives
 * grow as the first two do. Where they may not, so short that the term of second order is within
 * the tolerance: steps that grow from there see what happens at every scale. */
static double first_length(ordpar_radau_method *m) {
    const double order = (double)m->stages.s + 1, part = 0.01 * allowed * tgamma(order + 1);
    double slope = norm(m, m->start_rate);
    if (!(slope > 0))
        return fmax(1, fabs(m->begin));
    const double growth = first_growth(m, &slope);
    if (!m->ode.smooth)
        return sqrt(2 / (growth * slope));
    slope = slope_beyond_rounding(m, pow(part * growth / slope, 1 / order) / growth);
    return pow(part * growth / slope, 1 / order) / growth;
}

/* The weights of the increments for the start values, and for the state of the Jacobian. */
static void set_predictor(ordpar_radau_method *m) {
    const size_t s = m->stages.s;
    for (size_t i = 0; i < s && m->z_length > 0; i++) {
        double *row = m->predict + i * s;
        ordpar_stages_weights(&m->stages, m->z_from + m->stages.c[i] * m->length / m->z_length,
                              row);
        row[s - 1] -= m->z_from;
    }
    ordpar_stages_weights(&m->stages, jacobian_at, m->at_jacobian);
}

/* The matrices of the stages for the present length. */
static void scale_stages(ordpar_radau_method *m) {
    const ordpar_stages *r = &m->stages;
    const size_t s = r->s;
    for (size_t k = 0; k < s * s; k++)
        m->D[k] = r->D[k] / m->length;
    for (size_t j = 0; j < s; j++)
        m->inverse[j] = r->inverse[j] * m->length / r->real;
    for (size_t k = 0; k < r->pairs; k++) {
        const size_t u = (1 + 2 * k) * s, v = u + s;
        m->gamma[k] = m->length / r->pair[k];
        for (size_t j = 0; j < s; j++) {
            const double complex x =
                m->gamma[k] * ORDPAR_COMPLEX(r->inverse[u + j], r->inverse[v + j]);
            m->inverse[u + j] = creal(x);
            m->inverse[v + j] = cimag(x);
        }
    }
}

static outcome setup(ordpar_radau_method *m) {
    scale_stages(m);
    m->counts.setups++;
    return check(m, ordpar_radau_setup(m, m->begin + jacobian_at * m->length), "no Jacobian");
}

/* A correction of z, and its norm. */
static outcome iterate(ordpar_radau_method *m, double *size) {
    const ordpar_pieces *p = &m->ode.pieces;
    const size_t s = m->stages.s;
    for (size_t i = 0; i < s; i++) {
        const double alpha = i + 1 < s ? m->begin + m->stages.c[i] * m->length : m->end;
        m->counts.rates++;
        const outcome got = check(
            m, p->set_rate(m->ode.context, i, alpha, m->of_stages + i * p->state_sums), no_rate);
        if (got != DONE)
            return got;
    }
    *size = ordpar_radau_correct(m);
    m->counts.iterations++;
    return isfinite(*size) ? DONE : AGAIN;
}

/* AGAIN if it does not converge, or will not soon. theta: what an iteration leaves of the error.
 * What converges slowest shows from the third correction on: what was seen there last counts. */
static outcome solve(ordpar_radau_method *m, double *theta) {
    double before = 0, left = 1; /* left: of a correction, after it was made */
    *theta = 0;
    for (int k = 1; k <= MOST_ITERATIONS; k++) {
        double size = 0;
        const outcome got = iterate(m, &size);
        if (got != DONE)
            return got;
        if (k > 1) {
            const double ratio = size / before;
            *theta = k > 2 ? sqrt(ratio * *theta) : ratio;
            if (ratio >= 1) /* rounding, or divergence */
                return size < 10 ? DONE : AGAIN;
            if (k > 2)
                m->slowest = ratio;
            left = fmax(ratio, m->slowest);
            left /= 1 - left;
        }
        if (left * size <= solved)
            return DONE;
        if (k > 1 && left * size * pow(*theta, MOST_ITERATIONS - k) > solved)
            return AGAIN;
        before = size;
    }
    return AGAIN;
}

/* [5.18] What the embedded method differs by, through the Jacobian, in units of what is allowed. */
static double error_of(ordpar_radau_method *m) {
    return fmax(ordpar_radau_error(m) / allowed, 1e-10);
}

/* What the next length is of this one's: by the error, by how it has changed (Gustafsson), where
 * times grow by a factor from step to step a little more, and so that Newton's method, whose theta
 * grows with the length, does not become slow. */
static double growth(ordpar_radau_method *m, double error, double theta) {
    const double least = 0.2, most = 5, safety = 0.9, more = 1.2;
    const double power = 1 / ((double)m->stages.s + 1);
    double factor = safety * pow(error, -power);
    if (error < 1 && m->last_length > 0)
        factor = fmin(more * factor, safety * m->length / m->last_length *
                                         pow(m->last_error / (error * error), power));
    return fmin(fmin(most, slow / theta), fmax(least, factor));
}

static outcome attempt(ordpar_radau_method *m, double *factor) {
    double theta = 0;
    set_predictor(m);
    ordpar_radau_predict(m);
    m->z_length = 0;
    outcome got = setup(m);
    if (got == DONE)
        got = solve(m, &theta);
    *factor = m->last_length > 0 ? 0.4 : 0.1;
    if (got != DONE)
        return got;
    const double error = error_of(m);
    *factor = growth(m, error, theta);
    if (!(error < 1)) {
        *factor = fmin(*factor, 0.9);
        m->z_length = m->length;
        m->z_from = 0;
        return AGAIN;
    }
    m->last_error = fmax(error, 1e-2);
    return DONE;
}

/* No step is to end just before stop. */
static void fit(ordpar_radau_method *m, double stop) {
    const double left = stop - m->begin;
    const bool reaches = m->length >= 0.99 * left;
    if (reaches)
        m->length = left;
    else if (m->length > 0.5 * left)
        m->length = 0.5 * left;
    m->end = reaches ? stop : m->begin + m->length;
}

static bool is_too_short(const ordpar_radau_method *m) {
    return !(m->length > DBL_MIN);
}

static outcome start(ordpar_radau_method *m) {
    m->ode.pieces.know(m->ode.context, m->of_y);
    if (m->ode.weights(m->ode.context, m->begin, m->y, m->weights))
        return fail(m, "no tolerances");
    m->counts.rates++;
    if (ordpar_radau_start_rate(m))
        return fail(m, no_rate);
    if (m->length == 0) {
        m->length = first_length(m);
        m->slowest = slowest_unseen;
    }
    ordpar_radau_relax(m, m->length);
    return DONE;
}

bool ordpar_radau_step(ordpar_radau_method *m, double stop) {
    m->made = false;
    if (start(m) != DONE)
        return false;
    m->reason = "steps too short";
    for (int tries = 0; tries < MOST_TRIES && !is_too_short(m); tries++) {
        double factor;
        fit(m, stop);
        const outcome got = attempt(m, &factor);
        if (got == FAILED)
            break;
        if (got == DONE) {
            m->counts.steps++;
            m->made = true;
            m->last_length = m->length;
            m->length *= factor;
            return true;
        }
        m->counts.failures++;
        m->length *= factor;
    }
    m->end = m->begin;
    return false;
}
