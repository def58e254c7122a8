// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/simplex.h"

#include "base/floating_point.h"

#include <math.h>
#include <string.h>

enum { MOST = ORDPAR_SIMPLEX_MOST };

typedef struct {
    double x[MOST], f;
} corner;

typedef struct {
    ordpar_simplex_function function;
    void *context;
    size_t n;
    corner at[MOST + 1]; /* the least first */
} simplex;

static ordpar_status evaluate(const simplex *s, corner *c, ordpar_error *err) {
    for (size_t k = 0; k < s->n; k++)
        c->x[k] = fmin(fmax(c->x[k], 0), 1);
    const ordpar_status status = s->function(s->context, c->x, &c->f, err);
    if (status != ORDPAR_DIVERGED && status != ORDPAR_NUMERICAL && (status || !isnan(c->f)))
        return status;
    c->f = INFINITY;
    return ORDPAR_OK;
}

/* Into its place among the first `count`, which are in order. */
static void insert(simplex *s, size_t count, corner c) {
    for (; count > 0 && s->at[count - 1].f > c.f; count--)
        s->at[count] = s->at[count - 1];
    s->at[count] = c;
}

/* The number k of a sequence that fills the interval evenly. */
static double spread(int k, int base) {
    double x = 0;
    for (double part = 1.0 / base; k > 0; k /= base, part /= base)
        x += part * (k % base);
    return x;
}

static ordpar_status look_around(simplex *s, ordpar_error *err) {
    static const int bases[MOST] = {2, 3, 5};
    const int points = 7 * (int)s->n;
    s->at[0].f = INFINITY;
    for (int k = 1; k <= points; k++) {
        corner c;
        for (size_t i = 0; i < s->n; i++)
            c.x[i] = spread(k, bases[i]);
        const ordpar_status status = evaluate(s, &c, err);
        if (status)
            return status;
        if (c.f < s->at[0].f)
            s->at[0] = c;
    }
    return s->at[0].f < INFINITY
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_NUMERICAL, "no learning rate that was tried has an end");
}

static ordpar_status set_corners(simplex *s, ordpar_error *err) {
    const double edge = 0.12;
    const corner best = s->at[0];
    for (size_t k = 0; k < s->n; k++) {
        corner c = best;
        c.x[k] += c.x[k] > 0.5 ? -edge : edge;
        const ordpar_status status = evaluate(s, &c, err);
        if (status)
            return status;
        insert(s, k + 1, c);
    }
    return ORDPAR_OK;
}

/* The last corner moved to `factor` times its distance from the middle of the others. */
static corner moved(const simplex *s, double factor) {
    corner c = {.f = 0};
    for (size_t k = 0; k < s->n; k++) {
        double middle = 0;
        for (size_t i = 0; i < s->n; i++)
            middle += s->at[i].x[k] / (double)s->n;
        c.x[k] = middle + factor * (s->at[s->n].x[k] - middle);
    }
    return c;
}

static ordpar_status shrink(simplex *s, ordpar_error *err) {
    const corner best = s->at[0];
    for (size_t k = 1; k <= s->n; k++) {
        corner c = s->at[k];
        for (size_t i = 0; i < s->n; i++)
            c.x[i] = (c.x[i] + best.x[i]) / 2;
        const ordpar_status status = evaluate(s, &c, err);
        if (status)
            return status;
        insert(s, k, c);
    }
    return ORDPAR_OK;
}

static ordpar_status move(simplex *s, ordpar_error *err) {
    const size_t last = s->n;
    corner mirrored = moved(s, -1), other;
    ordpar_status status = evaluate(s, &mirrored, err);
    if (status)
        return status;
    const double second = s->at[last - 1].f, worst = s->at[last].f;
    if (mirrored.f >= s->at[0].f && mirrored.f < second) {
        insert(s, last, mirrored);
        return ORDPAR_OK;
    }
    other = moved(s, mirrored.f < s->at[0].f ? -2 : mirrored.f < worst ? -0.5 : 0.5);
    if ((status = evaluate(s, &other, err)))
        return status;
    const corner better = other.f < mirrored.f ? other : mirrored;
    if (better.f < worst) {
        insert(s, last, better);
        return ORDPAR_OK;
    }
    return shrink(s, err);
}

ordpar_status ordpar_simplex_minimise(ordpar_simplex_function function, void *context, size_t count,
                                      double tolerance, double *x, double *f, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    simplex s = {.function = function, .context = context, .n = count};
    ordpar_status status = look_around(&s, err);
    if (!status)
        status = set_corners(&s, err);
    for (size_t k = 0; k < 25 * count && !status; k++) {
        if (s.at[count].f - s.at[0].f < tolerance)
            break;
        status = move(&s, err);
    }
    memcpy(x, s.at[0].x, count * sizeof *x);
    *f = s.at[0].f;
    return status;
}
