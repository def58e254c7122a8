// SPDX-License-Identifier: GPL-3.0-or-later
/* What the frame of a picture shows, and what lies outside. */
#include "base/number.h"
#include "cli/output/plot.h"

#include <math.h>
#include <string.h>

typedef struct {
    double x, y;
} point;

static point point_of(const plot_series *s, size_t k) {
    return (point){s->x[k * s->stride], s->y[k * s->stride]};
}

static bool has_place(const plot *p, point a) {
    return isfinite(a.x) && isfinite(a.y) && !(p->x_log && !(a.x > 0)) && !(p->y_log && !(a.y > 0));
}

static bool is_given(const double range[2]) {
    return range[0] < range[1];
}

static bool is_within(const double range[2], double value) {
    return !is_given(range) || (value >= range[0] && value <= range[1]);
}

static void take(plot_axis *a, double value) {
    a->low = fmin(a->low, value);
    a->high = fmax(a->high, value);
}

/* Of an error bar or a band. */
static double top_of(const plot_series *s, size_t k) {
    const double y = s->y[k * s->stride], error = s->error[k * s->stride];
    return !isfinite(error) ? y : s->style == PLOT_POINTS ? y + error : error;
}

plot_axis plot_axis_of(const plot *p, bool of_y) {
    const double *range = of_y ? p->y_range : p->x_range;
    plot_axis a = {.name = "xy"[of_y], .log = of_y ? p->y_log : p->x_log, .given = is_given(range)};
    a.low = a.given ? range[0] : INFINITY;
    a.high = a.given ? range[1] : -INFINITY;
    for (size_t s = 0; s < p->n_series && !a.given; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            const point at = point_of(&p->series[s], k);
            if (!has_place(p, at) || (of_y && !is_within(p->x_range, at.x)))
                continue;
            take(&a, of_y ? at.y : at.x);
            if (of_y && p->series[s].error)
                take(&a, fmax(at.y, top_of(&p->series[s], k)));
        }
    /* the last decades of a curve that decays for hundreds would hide all the others */
    if (!a.given && of_y && a.log && p->decades > 0 && a.low < a.high * pow(10, -p->decades)) {
        a.low = a.high * pow(10, -p->decades);
        a.cut = true;
    }
    return a;
}

/* A line from a to b, or where they are one a point, may cross the frame. */
static bool crosses(const plot_axis frame[2], point a, point b) {
    return fmax(a.x, b.x) >= frame[0].low && fmin(a.x, b.x) <= frame[0].high &&
           fmax(a.y, b.y) >= frame[1].low && fmin(a.y, b.y) <= frame[1].high;
}

static bool is_line(const plot_series *s) {
    return s->style == PLOT_LINE || s->style == PLOT_FILLED;
}

/* Where a series lies, of what has a place on the axes. */
typedef struct {
    bool any, shown, below, above;
} place;

static place place_of(const plot *p, const plot_axis frame[2], const plot_series *s) {
    place found = {.any = false};
    point before = {NAN, NAN};
    for (size_t k = 0; k < s->count; k++) {
        const point at = point_of(s, k);
        const bool has = has_place(p, at), linked = is_line(s) && has_place(p, before);
        if (has) {
            const bool beside = at.x >= frame[0].low && at.x <= frame[0].high;
            found.any = true;
            found.shown = found.shown || crosses(frame, linked ? before : at, at);
            found.below = found.below || (beside && at.y < frame[1].low);
            found.above = found.above || (beside && at.y > frame[1].high);
        }
        before = has ? at : (point){NAN, NAN};
    }
    return found;
}

static bool is_curve(const plot_series *s) {
    return s->count > 0 && (s->style == PLOT_POINTS || is_line(s));
}

static bool has_any(const plot *p, bool on_axes, bool within) {
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            const point at = point_of(&p->series[s], k);
            if ((!on_axes || has_place(p, at)) && (!within || is_within(p->x_range, at.x)))
                return true;
        }
    return false;
}

static bool is_shown(const plot *p) {
    const plot_axis frame[2] = {plot_axis_of(p, false), plot_axis_of(p, true)};
    for (size_t s = 0; s < p->n_series; s++)
        if (place_of(p, frame, &p->series[s]).shown)
            return true;
    return false;
}

static size_t add_range(char *text, size_t size, const char *name, const double range[2]) {
    return is_given(range)
               ? (size_t)ordpar_format(text, size, " --%s %.9g:%.9g", name, range[0], range[1])
               : 0;
}

bool plot_is_empty(const plot *p, char *reason, size_t size) {
    if (!has_any(p, false, false))
        return false;
    if (!has_any(p, true, false)) {
        ordpar_format(reason, size, "there is no number to show%s",
                      p->x_log || p->y_log ? ": a logarithmic axis has no place for 0 and less; "
                                             "--xscale and --yscale may be lin"
                                           : "");
        return true;
    }
    if (is_given(p->x_range) && !is_given(p->y_range) && !has_any(p, true, true)) {
        ordpar_format(reason, size, "no point lies in --xrange %.9g:%.9g, so give --yrange too",
                      p->x_range[0], p->x_range[1]);
        return true;
    }
    if (is_shown(p))
        return false;
    size_t used = (size_t)ordpar_format(reason, size, "nothing lies in");
    used += add_range(reason + used, size - used, "xrange", p->x_range);
    add_range(reason + used, size - used, "yrange", p->y_range);
    return true;
}

/* The legend's words for the colour of a series, without mark-up. */
static void name_curve(const plot *p, const plot_series *of, char *name, size_t size) {
    const char *title = NULL;
    size_t used = 0;
    for (size_t s = 0; s < p->n_series && of->colour > 0; s++)
        if (!title && p->series[s].colour == of->colour)
            title = p->series[s].title;
    for (const char *c = title ? title : "the curve"; *c && used + 1 < size; c++)
        if (!strchr("{}\\", *c))
            name[used++] = *c;
    name[used] = '\0';
}

/* Of all series that have the colour of s, which is the first of them. */
static place place_of_curve(const plot *p, const plot_axis frame[2], size_t s) {
    place all = {.any = false};
    for (size_t k = s; k < p->n_series; k++) {
        const plot_series *series = &p->series[k];
        if (!is_curve(series) ||
            (k > s && (series->colour <= 0 || series->colour != p->series[s].colour)))
            continue;
        const place at = place_of(p, frame, series);
        all = (place){all.any || at.any, all.shown || at.shown, all.below || at.below,
                      all.above || at.above};
    }
    return all;
}

/* Points on the line that is drawn of them. */
static bool is_drawn_twice(const plot *p, size_t s) {
    return s > 0 && p->series[s].x == p->series[s - 1].x && p->series[s].y == p->series[s - 1].y;
}

static bool is_first(const plot *p, size_t s) {
    for (size_t k = 0; k < s; k++)
        if (is_curve(&p->series[k]) && p->series[k].colour > 0 &&
            p->series[k].colour == p->series[s].colour)
            return false;
    return is_curve(&p->series[s]);
}

/* How many points are no numbers, or 0 or less on a logarithmic axis; a row at alpha = 0, where
 * each curve begins, is no loss. */
static size_t add_placeless(const plot *p, bool others, char *words, size_t size) {
    size_t no_numbers = p->placeless, no_logs = 0, all = p->placeless + p->placed, used = 0;
    for (size_t s = 0; s < p->n_series; s++) {
        const plot_series *series = &p->series[s];
        if (!is_curve(series) || series->style == PLOT_FILLED || is_drawn_twice(p, s))
            continue;
        for (size_t k = 0; k < series->count; k++, all++) {
            const point at = point_of(series, k);
            if (!isfinite(at.x) || !isfinite(at.y))
                no_numbers++;
            else if ((p->y_log && !(at.y > 0)) || (p->x_log && at.x < 0))
                no_logs++;
        }
    }
    if (no_numbers > 0)
        used += (size_t)ordpar_format(words, size, "%s%zu of %zu points without a number",
                                      others ? "; " : "", no_numbers, all);
    if (no_logs > 0 && used < size)
        used += (size_t)ordpar_format(words + used, size - used,
                                      "%s%zu of %zu points at 0 or less, on a logarithmic axis",
                                      others || used ? "; " : "", no_logs, all);
    return used;
}

bool plot_outside(const plot *p, char *words, size_t size) {
    const plot_axis frame[2] = {plot_axis_of(p, false), plot_axis_of(p, true)};
    size_t used = 0;
    for (size_t s = 0; s < p->n_series && used + 1 < size; s++) {
        char name[128];
        if (!is_first(p, s))
            continue;
        const place at = place_of_curve(p, frame, s);
        if (!at.any || (at.shown && !at.below && !at.above))
            continue;
        name_curve(p, &p->series[s], name, sizeof name);
        used += (size_t)ordpar_format(words + used, size - used, "%s%s %s", used ? ", " : "", name,
                                      !at.shown              ? "lies outside"
                                      : at.below && at.above ? "leaves it below and above"
                                      : at.below             ? "leaves it below"
                                                             : "leaves it above");
    }
    if (used > 0 && used < size && frame[1].cut)
        used += (size_t)ordpar_format(words + used, size - used, "; --decades shows more");
    if (used < size)
        used += add_placeless(p, used > 0, words + used, size - used);
    if (*p->missing && used < size)
        used +=
            (size_t)ordpar_format(words + used, size - used, "%s%s", used ? "; " : "", p->missing);
    return used > 0;
}
