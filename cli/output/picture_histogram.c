// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/picture_histogram.h"
#include "cli/output/look.h"

#include "base/number.h"
#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BINS = 60 };

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A line's values, in order; the least width of all lines counts. */
static void take_line(histogram *h, size_t count, const double *values) {
    if (count == 0)
        return;
    h->width = fmin(h->width, ordpar_histogram_width(count, values));
    h->low = fmin(h->low, values[0]);
    h->high = fmax(h->high, values[count - 1]);
    h->values += count;
}

static ordpar_status take_values(const picture_choice *c, histogram *h, ordpar_error *err) {
    double *values = malloc((c->t->n_rows + 1) * sizeof *values);
    if (!values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t line = 0; line < c->n_lines; line++) {
        size_t count = 0;
        for (size_t r = 0; r < c->t->n_rows; r++) {
            const double value = expression_value(&c->x, c->t->cells + r * c->t->n_columns);
            if (isfinite(value) && !(h->log && !(value > 0)) &&
                picture_same_line(c, c->first[line], r))
                values[count++] = h->log ? log(value) : value;
        }
        qsort(values, count, sizeof *values, compare);
        take_line(h, count, values);
    }
    h->points += c->t->n_rows;
    h->n_lines += c->n_lines;
    free(values);
    return ORDPAR_OK;
}

static double edge(const histogram *h, size_t k) {
    const double at = h->low + (h->high - h->low) * (double)k / (double)h->n_bins;
    return h->log ? exp(at) : at;
}

/* The outline of the bars. */
static void make_outline(const histogram *h, const size_t *counts, picture_point *points) {
    *points++ = (picture_point){edge(h, 0), 0, 0};
    for (size_t k = 0; k < h->n_bins; k++) {
        *points++ = (picture_point){edge(h, k), (double)counts[k], 0};
        *points++ = (picture_point){edge(h, k + 1), (double)counts[k], 0};
    }
    *points = (picture_point){edge(h, h->n_bins), 0, 0};
}

static ordpar_status add_line(picture *p, size_t choice, size_t line, histogram *h,
                              ordpar_error *err) {
    const picture_choice *c = &p->choices[choice];
    size_t counts[MAX_BINS] = {0};
    const size_t room = c->t->n_rows + 2 * MAX_BINS + 2;
    picture_point *points = malloc(room * sizeof *points);
    if (!points)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    p->points[p->n_points++] = points;
    const size_t count = picture_collect(c, &c->columns[0], line, points);
    const size_t before = p->n_legend;
    const int place = picture_enter(p, c, &c->columns[0], line);
    if (p->n_legend > before) {
        h->bars[place - 1].choice = choice;
        h->bars[place - 1].line = line;
    }
    for (size_t k = 0; k < count; k++) {
        const double value = h->log ? log(points[k].x) : points[k].x;
        const double bin = (value - h->low) / (h->high - h->low) * (double)h->n_bins;
        if (!isfinite(value))
            continue;
        counts[(size_t)fmin(bin, (double)h->n_bins - 1)]++;
        h->counts[place - 1]++;
    }
    make_outline(h, counts, points);
    plot_add(&p->drawn, (plot_series){.style = PLOT_FILLED,
                                      .count = 2 * h->n_bins + 2,
                                      .x = &points->x,
                                      .y = &points->y,
                                      .stride = PICTURE_STRIDE,
                                      .colour = place});
    return ORDPAR_OK;
}

static ordpar_status add_lines(picture *p, histogram *h, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    if (h->n_lines > PLOT_MAX_SERIES)
        return ordpar_fail(err, ORDPAR_INVALID, "plot: more than %d lines", PLOT_MAX_SERIES);
    for (size_t k = 0; k < p->n_choices; k++)
        for (size_t line = 0; line < p->choices[k].n_lines && !status; line++)
            status = add_line(p, k, line, h, err);
    p->n_bars = p->drawn.n_series;
    if (!status)
        status = picture_add_laws(p, h, err);
    return status ? status : picture_take_legend(p, err);
}

/* The first source that has values. */
static const picture_choice *first_of(const picture *p) {
    size_t k = 0;
    while (k + 1 < p->n_choices && p->choices[k].is_law)
        k++;
    return &p->choices[k];
}

static void name_axes(picture *p, const histogram *h) {
    const picture_choice *first = first_of(p);
    const char *what = first->along && strcmp(first->along, "seed") == 0 ? "starts" : "points";
    if (h->values < h->points)
        ordpar_format(p->y_label, sizeof p->y_label, "number of %s (%zu of %zu have a value)", what,
                      h->values, h->points);
    else
        ordpar_format(p->y_label, sizeof p->y_label, "number of %s", what);
    ordpar_format(p->x_label, sizeof p->x_label, "%s", first->x.label);
    p->drawn.x_label = p->x_label;
    p->drawn.y_label = p->y_label;
    p->drawn.counts = true;
}

/* The laws have one name, after those of the bars. */
static void name_series(picture *p) {
    plot *drawn = &p->drawn;
    for (size_t s = 0; s < p->n_bars; s++)
        if (p->n_legend > 1 || p->parsed->legend)
            drawn->series[s].title = p->legend[drawn->series[s].colour - 1];
    if (drawn->n_series == p->n_bars + p->n_own_laws)
        return;
    ordpar_symbol_short("escape-law", p->band_names[0], sizeof p->band_names[0]);
    plot_add(drawn, (plot_series){.title = p->band_names[0], .style = PLOT_LINE, .colour = -1});
}

ordpar_status picture_draw_histogram(picture *p, output_set *set, const char *path,
                                     ordpar_error *err) {
    histogram h = {
        .log = p->parsed->x_scale == 2, .low = INFINITY, .high = -INFINITY, .width = INFINITY};
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < p->n_choices && !status; k++)
        if (!p->choices[k].is_law)
            status = take_values(&p->choices[k], &h, err);
    if (!status && h.values == 0)
        status = ordpar_fail(err, ORDPAR_NUMERICAL, "histogram: there are no numbers to draw%s",
                             h.points ? "" : ": a law needs the file of a sweep over seeds");
    if (status)
        return status;
    h.n_bins = ordpar_histogram_bins(h.width, &h.low, &h.high);
    if (options_given(p->parsed, "bins"))
        h.n_bins = (size_t)p->parsed->bins;
    if ((status = add_lines(p, &h, err)))
        return status;
    name_axes(p, &h);
    name_series(p);
    p->drawn.placed = h.values;
    p->drawn.placeless = h.points - h.values;
    return look_draw(p->parsed, &p->drawn, set, path, err);
}
