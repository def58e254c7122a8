// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/bounded.h"

#include "base/floating_point.h"
#include "base/kernels.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 16 };

typedef struct {
    const ordpar_bounded *function;
    size_t n;
    double *storage;
    double *x, f, *g; /* g: the gradient at x */
    double *metric;   /* [n] second derivatives, > 0 */
    double *d;        /* a direction */
    double *next_x, *next_g;
    double *s, *y; /* [MEMORY][n] steps and what they changed of the gradient */
    double rho[MEMORY];
    int pairs, newest;
    bool *free; /* [n] no bound holds x */
} search;

static ordpar_status allocate(search *w, ordpar_error *err) {
    const size_t n = w->n;
    w->storage = calloc((6 + 2 * MEMORY) * n, sizeof *w->storage);
    w->free = calloc(n, sizeof *w->free);
    if (!w->storage || !w->free)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a search over %zu numbers", n);
    w->g = w->storage;
    w->metric = w->g + n;
    w->d = w->metric + n;
    w->next_x = w->d + n;
    w->next_g = w->next_x + n;
    w->s = w->next_g + n;
    w->y = w->s + MEMORY * n;
    return ORDPAR_OK;
}

static double clip(const search *w, double x) {
    return fmin(fmax(x, 0), w->function->high);
}

/* A step by the metric alone is no longer than the box. */
static void set_metric(search *w) {
    double least = 0;
    for (size_t k = 0; k < w->n; k++)
        least = fmax(least, fabs(w->g[k]) / w->function->high);
    for (size_t k = 0; k < w->n; k++) {
        const double own = fmax(w->metric[k], fabs(w->g[k]) / w->function->high);
        w->metric[k] = fmax(own, 1e-9 * least + 1e-300);
        w->free[k] =
            !(w->x[k] <= 0 && w->g[k] > 0) && !(w->x[k] >= w->function->high && w->g[k] < 0);
    }
}

static double dot_free(const search *w, const double *a, const double *b) {
    double sum = 0;
    for (size_t k = 0; k < w->n; k++)
        sum += w->free[k] ? a[k] * b[k] : 0;
    return sum;
}

/* d <- - H g over the free numbers, H from the last steps and the metric. */
static void set_direction(search *w) {
    double a[MEMORY];
    for (size_t k = 0; k < w->n; k++)
        w->d[k] = w->free[k] ? -w->g[k] : 0;
    for (int i = 0; i < w->pairs; i++) {
        const int p = (w->newest - i + MEMORY) % MEMORY;
        const double *s = w->s + (size_t)p * w->n, *y = w->y + (size_t)p * w->n;
        a[p] = w->rho[p] * dot_free(w, s, w->d);
        ordpar_add_scaled(w->n, -a[p], y, true, w->d);
    }
    for (size_t k = 0; k < w->n; k++)
        w->d[k] = w->free[k] ? w->d[k] / w->metric[k] : 0;
    for (int i = w->pairs - 1; i >= 0; i--) {
        const int p = (w->newest - i + MEMORY) % MEMORY;
        const double *s = w->s + (size_t)p * w->n, *y = w->y + (size_t)p * w->n;
        const double b = w->rho[p] * dot_free(w, y, w->d);
        ordpar_add_scaled(w->n, a[p] - b, s, true, w->d);
    }
    for (size_t k = 0; k < w->n; k++)
        w->d[k] = w->free[k] ? w->d[k] : 0;
}

static void remember(search *w) {
    const int p = w->pairs ? (w->newest + 1) % MEMORY : 0;
    double *s = w->s + (size_t)p * w->n, *y = w->y + (size_t)p * w->n;
    ordpar_combine(w->n, 1, w->next_x, -1, w->x, false, s);
    ordpar_combine(w->n, 1, w->next_g, -1, w->g, false, y);
    const double sy = ordpar_dot(w->n, s, y);
    if (!(sy > 0)) /* f bends down along the step, of which the method knows nothing */
        return;
    w->rho[p] = 1 / sy;
    w->newest = p;
    w->pairs += w->pairs < MEMORY;
}

static ordpar_status evaluate(const search *w, const double *x, double *f, ordpar_error *err) {
    const ordpar_status status = w->function->value(w->function->context, x, f, err);
    if (status != ORDPAR_DIVERGED && status != ORDPAR_NUMERICAL && (status || !isnan(*f)))
        return status;
    *f = INFINITY;
    return ORDPAR_OK;
}

/* Along the projected direction until f has become less by a part of what its slope says; *found
 * is false where it has not. */
static ordpar_status step(search *w, bool *found, double *f, ordpar_error *err) {
    enum { TRIALS = 30 };
    double t = 1;
    *found = false;
    for (int trial = 0; trial < TRIALS; trial++) {
        double slope = 0;
        for (size_t k = 0; k < w->n; k++) {
            w->next_x[k] = clip(w, w->x[k] + t * w->d[k]);
            slope += w->g[k] * (w->next_x[k] - w->x[k]);
        }
        if (!(slope < 0))
            return ORDPAR_OK;
        const ordpar_status status = evaluate(w, w->next_x, f, err);
        if (status)
            return status;
        if (*f <= w->f + 1e-4 * slope) {
            *found = true;
            return ORDPAR_OK;
        }
        const double bend = *f - w->f - slope; /* the parabola's minimum, within bounds */
        t *= isfinite(*f) ? fmin(fmax(-slope / (2 * bend), 0.1), 0.5) : 0.1;
    }
    return ORDPAR_OK;
}

static ordpar_status gradient(const search *w, double *g, ordpar_error *err) {
    return w->function->gradient(w->function->context, g, w->metric, err);
}

/* One step, from memory or, where that does not help, from the metric alone. */
static ordpar_status iterate(search *w, bool *found, double *gain, ordpar_error *err) {
    double f = w->f;
    set_metric(w);
    set_direction(w);
    ordpar_status status = step(w, found, &f, err);
    if (!status && !*found && w->pairs) {
        w->pairs = 0;
        set_direction(w);
        status = step(w, found, &f, err);
    }
    if (status || !*found || (status = gradient(w, w->next_g, err)))
        return status;
    remember(w);
    *gain = w->f - f;
    w->f = f;
    memcpy(w->x, w->next_x, w->n * sizeof *w->x);
    memcpy(w->g, w->next_g, w->n * sizeof *w->g);
    return ORDPAR_OK;
}

ordpar_status ordpar_bounded_minimise(const ordpar_bounded *function, double tolerance, int most,
                                      double *x, double *f, int *steps, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    enum { SMALL = 3 };
    search w = {.function = function, .n = function->count, .x = x};
    bool found = true;
    double gain = 0;
    ordpar_status status = allocate(&w, err);
    if (!status && !(status = function->value(function->context, x, &w.f, err)))
        status = gradient(&w, w.g, err);
    *steps = 0;
    for (int small = 0; !status && found && *steps < most && small < SMALL; ++*steps) {
        status = iterate(&w, &found, &gain, err);
        small = gain < tolerance ? small + 1 : 0;
        if (!status && function->tell)
            function->tell(function->context, *steps + 1, w.f);
    }
    *f = w.f;
    free(w.storage);
    free(w.free);
    return status;
}
