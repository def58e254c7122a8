// SPDX-License-Identifier: GPL-3.0-or-later
/* Which points of a long series are drawn: those that can be seen. */
#include "cli/output/plot.h"

#include <math.h>
#include <stdlib.h>

enum { BINS = PLOT_MAX_POINTS / 4, OUTSIDE_LEFT = -1, OUTSIDE_RIGHT = BINS, NOWHERE = BINS + 1 };

/* Of the axis of x as it is drawn. */
static int bin_of(const plot_axis *a, double x) {
    const double low = a->log ? log(a->low) : a->low, high = a->log ? log(a->high) : a->high;
    if (!isfinite(x) || (a->log && !(x > 0)))
        return NOWHERE;
    const double place = ((a->log ? log(x) : x) - low) / (high - low) * BINS;
    if (!(place >= 0))
        return OUTSIDE_LEFT;
    return place > BINS ? OUTSIDE_RIGHT : (int)fmin(place, BINS - 1);
}

/* Neighbours in one bin, of which the first, the last, the lowest and the highest are drawn, and
 * the first gap. */
typedef struct {
    int bin;
    size_t last, lowest, highest;
    double low, high;
    bool has_gap;
} stretch;

static void close_stretch(const stretch *s, bool *drawn) {
    drawn[s->last] = true;
    if (s->low <= s->high)
        drawn[s->lowest] = drawn[s->highest] = true;
}

static void take_point(const plot *p, const plot_series *series, size_t k, stretch *s,
                       bool *drawn) {
    const double y = series->y[k * series->stride];
    double error = series->error ? series->error[k * series->stride] : 0;
    s->last = k;
    if (!isfinite(y) || (p->y_log && !(y > 0))) {
        drawn[k] = drawn[k] || !s->has_gap;
        s->has_gap = true;
        return;
    }
    error = isfinite(error) ? error : 0;
    const bool bar = series->style == PLOT_POINTS || !series->error;
    const double low = bar ? y - error : fmin(y, error), high = bar ? y + error : fmax(y, error);
    if (low < s->low) {
        s->low = low;
        s->lowest = k;
    }
    if (high > s->high) {
        s->high = high;
        s->highest = k;
    }
}

static size_t count_within(const plot_axis *a, const plot_series *series) {
    size_t within = 0;
    for (size_t k = 0; k < series->count; k++) {
        const int bin = bin_of(a, series->x[k * series->stride]);
        within += bin >= 0 && bin < BINS;
    }
    return within;
}

bool *plot_points(const plot *p, const plot_axis *axis, const plot_series *series) {
    bool *drawn = series->count > PLOT_MAX_POINTS && axis->low < axis->high
                      ? calloc(series->count, sizeof *drawn)
                      : NULL;
    if (!drawn)
        return NULL;
    const bool all_within = count_within(axis, series) <= PLOT_MAX_POINTS;
    stretch s = {.bin = NOWHERE};
    for (size_t k = 0; k < series->count; k++) {
        const int bin = bin_of(axis, series->x[k * series->stride]);
        if (bin == NOWHERE)
            continue;
        if (bin != s.bin) {
            if (s.bin != NOWHERE)
                close_stretch(&s, drawn);
            s = (stretch){.bin = bin, .low = INFINITY, .high = -INFINITY};
            drawn[k] = true;
        }
        drawn[k] = drawn[k] || (all_within && bin >= 0 && bin < BINS);
        take_point(p, series, k, &s, drawn);
    }
    if (s.bin != NOWHERE)
        close_stretch(&s, drawn);
    return drawn;
}
