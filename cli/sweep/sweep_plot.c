// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep.h"

#include "cli/output/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINES = PLOT_MAX_SERIES / 2 }; /* a line and its points */

typedef struct {
    const ordpar_table *t;
    sweep_span axis;    /* of x */
    size_t x, y, swept; /* swept: columns of swept options */
    bool has_error;
    size_t error;
    size_t first[MAX_LINES]; /* a row of each line */
    size_t n_lines;
} drawing;

/* The axis of numbers that has the most values, and how many lines that makes. */
static ordpar_status choose_axis(drawing *d, ordpar_error *err) {
    sweep_span spans[SWEEP_MAX_AXES];
    const size_t n_axes = sweep_table_axes(d->t, spans);
    size_t points = 1;
    for (size_t a = 0; a < n_axes; a++) {
        points *= spans[a].values;
        d->swept += spans[a].width;
        if (!sweep_table_is_text(d->t->columns[spans[a].first]) && spans[a].values > d->axis.values)
            d->axis = spans[a];
    }
    d->x = d->axis.first;
    if (d->axis.values == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "plot: no number is swept that could be its axis");
    if (points / d->axis.values > MAX_LINES)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "plot: %zu lines, one for each combination of the swept options "
                           "beside %s, are more than %d",
                           points / d->axis.values, d->t->columns[d->x], MAX_LINES);
    return ORDPAR_OK;
}

static ordpar_status choose_columns(const options *parsed, const ordpar_table *t, drawing *d,
                                    ordpar_error *err) {
    *d = (drawing){.t = t};
    size_t unused;
    const ordpar_status status = choose_axis(d, err);
    if (status)
        return status;
    const char *name = parsed->column;
    if (!name)
        name = ordpar_table_find_column(t, "eps_g", &unused) ? "eps_g" : "mean";
    if (!ordpar_table_find_column(t, name, &d->y) || sweep_table_is_text(name))
        return ordpar_fail(err, ORDPAR_INVALID, "column: must be a column of numbers, got '%.80s'",
                           name);
    d->has_error = strcmp(name, "mean") == 0 && ordpar_table_find_column(t, "stderr", &d->error);
    return parsed->plot ? ORDPAR_OK : ordpar_fail(err, ORDPAR_INVALID, "column: is for --plot");
}

ordpar_status sweep_plot_check(const options *parsed, const ordpar_table *t, ordpar_error *err) {
    drawing d;
    return parsed->plot || parsed->column ? choose_columns(parsed, t, &d, err) : ORDPAR_OK;
}

static double cell_at(const ordpar_table *t, size_t row, size_t column) {
    return t->cells[row * t->n_columns + column];
}

static const char *text_at(const ordpar_table *t, size_t row, size_t column) {
    return t->texts[row * t->n_columns + column];
}

/* Both rows have the same values of all swept options but the x-axis's. */
static bool same_line(const drawing *d, size_t a, size_t b) {
    for (size_t c = 1; c <= d->swept; c++) {
        const bool same = sweep_table_is_text(d->t->columns[c])
                              ? strcmp(text_at(d->t, a, c), text_at(d->t, b, c)) == 0
                              : cell_at(d->t, a, c) == cell_at(d->t, b, c);
        if ((c < d->axis.first || c >= d->axis.first + d->axis.width) && !same)
            return false;
    }
    return true;
}

static ordpar_status find_lines(drawing *d, ordpar_error *err) {
    for (size_t r = 0; r < d->t->n_rows; r++) {
        size_t line = 0;
        while (line < d->n_lines && !same_line(d, d->first[line], r))
            line++;
        if (line < d->n_lines)
            continue;
        if (d->n_lines == MAX_LINES)
            return ordpar_fail(err, ORDPAR_PARSE, "plot: the rows do not fit the notes");
        d->first[d->n_lines++] = r;
    }
    return ORDPAR_OK;
}

static void name_line(const drawing *d, size_t row, char *text, size_t size) {
    size_t length = 0;
    *text = '\0';
    for (size_t c = 1; c <= d->swept && length < size; c++) {
        if (c >= d->axis.first && c < d->axis.first + d->axis.width)
            continue;
        const char *separator = length ? ", " : "";
        length += (size_t)(sweep_table_is_text(d->t->columns[c])
                               ? snprintf(text + length, size - length, "%s%s = %s", separator,
                                          d->t->columns[c], text_at(d->t, row, c))
                               : snprintf(text + length, size - length, "%s%s = %.6g", separator,
                                          d->t->columns[c], cell_at(d->t, row, c)));
    }
}

typedef struct {
    double x, y, error;
} plot_point;

static int by_x(const void *a, const void *b) {
    const double x = ((const plot_point *)a)->x, y = ((const plot_point *)b)->x;
    return (x > y) - (x < y);
}

/* The line's points that have numbers, in the order of x. */
static size_t collect(const drawing *d, size_t line, plot_point *points) {
    size_t count = 0;
    for (size_t r = 0; r < d->t->n_rows; r++) {
        const plot_point point = {cell_at(d->t, r, d->x), cell_at(d->t, r, d->y),
                                  d->has_error ? cell_at(d->t, r, d->error) : 0};
        if (isfinite(point.y) && isfinite(point.x) && same_line(d, d->first[line], r))
            points[count++] = point;
    }
    qsort(points, count, sizeof *points, by_x);
    return count;
}

/* gnuplot's enhanced text takes _ for a subscript. */
static void label(const char *name, char *text) {
    for (; *name; name++) {
        if (strchr("_^@&~{}", *name))
            *text++ = '\\';
        *text++ = *name;
    }
    *text = '\0';
}

/* All values are positive and span more than this factor: a log axis suits them. */
static bool spans(const double *values, size_t count, size_t stride, double factor) {
    double low = INFINITY, high = 0;
    for (size_t k = 0; k < count; k++) {
        low = fmin(low, values[k * stride]);
        high = fmax(high, values[k * stride]);
    }
    return low > 0 && high > factor * low;
}

static ordpar_status draw_lines(const options *parsed, const drawing *d, plot_point *points,
                                output_set *set, ordpar_error *err) {
    enum { STRIDE = sizeof(plot_point) / sizeof(double) };
    char x_label[2 * ORDPAR_COLUMN_SIZE], y_label[2 * ORDPAR_COLUMN_SIZE], names[MAX_LINES][256],
        titles[MAX_LINES][512];
    label(d->t->columns[d->x], x_label);
    label(d->t->columns[d->y], y_label);
    plot p = {.x_label = x_label, .y_label = y_label};
    size_t begin = 0;
    for (size_t line = 0; line < d->n_lines; line++) {
        plot_point *own = points + begin;
        const size_t count = collect(d, line, own);
        name_line(d, d->first[line], names[line], sizeof names[line]);
        label(names[line], titles[line]);
        plot_series series = {.title = *titles[line] ? titles[line] : NULL,
                              .style = PLOT_LINE,
                              .count = count,
                              .x = &own->x,
                              .y = &own->y,
                              .stride = STRIDE,
                              .colour = (int)line + 1};
        plot_add(&p, series);
        series.title = NULL;
        series.style = PLOT_POINTS;
        series.error = d->has_error ? &own->error : NULL;
        plot_add(&p, series);
        begin += count;
    }
    if (begin == 0)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "plot: the column %s has no numbers to draw",
                           d->t->columns[d->y]);
    p.x_log = spans(&points->x, begin, STRIDE, 30);
    p.y_log = spans(&points->y, begin, STRIDE, p.x_log ? 5 : 30);
    return plot_draw(&p, set, parsed->plot, err);
}

ordpar_status sweep_plot_draw(const options *parsed, const ordpar_table *t, output_set *set,
                              ordpar_error *err) {
    drawing d;
    ordpar_status status;
    if (!parsed->plot)
        return ORDPAR_OK;
    if ((status = choose_columns(parsed, t, &d, err)) || (status = find_lines(&d, err)))
        return status;
    plot_point *points = malloc((t->n_rows + 1) * sizeof *points);
    status = points ? draw_lines(parsed, &d, points, set, err)
                    : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    free(points);
    return status;
}
