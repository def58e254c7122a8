// SPDX-License-Identifier: GPL-3.0-or-later
#include "sweep.h"

#include "plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINES = PLOT_MAX_SERIES / 2 }; /* a line and its points */

typedef struct {
    const table *t;
    size_t x, y, swept;
    bool has_error;
    size_t error;
    size_t first[MAX_LINES]; /* a row of each line */
    size_t n_lines;
} drawing;

static int choose_columns(const options *parsed, const table *t, drawing *d) {
    *d = (drawing){.t = t, .swept = sweep_table_swept(t)};
    const char *name = parsed->column;
    for (d->x = 1; d->x <= d->swept && sweep_table_is_text(t->columns[d->x]);)
        d->x++;
    if (d->x > d->swept)
        return usage_error(parsed, "--plot: no number is swept that could be its axis");
    size_t unused;
    if (!name)
        name = table_find_column(t, "eps_g", &unused) ? "eps_g" : "mean";
    if (!table_find_column(t, name, &d->y) || sweep_table_is_text(name))
        return usage_error(parsed, "--column: must be a column of numbers, got '%.80s'", name);
    d->has_error = strcmp(name, "mean") == 0 && table_find_column(t, "stderr", &d->error);
    if (parsed->column && !parsed->plot)
        return usage_error(parsed, "--column: is for --plot");
    return -1;
}

int sweep_plot_check(const options *parsed, const table *t) {
    drawing d;
    return parsed->plot || parsed->column ? choose_columns(parsed, t, &d) : -1;
}

static double cell_at(const table *t, size_t row, size_t column) {
    return t->cells[row * t->n_columns + column];
}

static const char *text_at(const table *t, size_t row, size_t column) {
    return t->texts[row * t->n_columns + column];
}

/* Both rows have the same values of all swept options but the x-axis's. */
static bool same_line(const drawing *d, size_t a, size_t b) {
    for (size_t c = 1; c <= d->swept; c++) {
        const bool same = sweep_table_is_text(d->t->columns[c])
                              ? strcmp(text_at(d->t, a, c), text_at(d->t, b, c)) == 0
                              : cell_at(d->t, a, c) == cell_at(d->t, b, c);
        if (c != d->x && !same)
            return false;
    }
    return true;
}

static int find_lines(const options *parsed, drawing *d) {
    for (size_t r = 0; r < d->t->n_rows; r++) {
        size_t line = 0;
        while (line < d->n_lines && !same_line(d, d->first[line], r))
            line++;
        if (line < d->n_lines)
            continue;
        if (d->n_lines == MAX_LINES)
            return usage_error(parsed,
                               "--plot: at most %d lines, one for each combination of the "
                               "swept options beside %s",
                               MAX_LINES, d->t->columns[d->x]);
        d->first[d->n_lines++] = r;
    }
    return -1;
}

static void name_line(const drawing *d, size_t row, char *text, size_t size) {
    size_t length = 0;
    *text = '\0';
    for (size_t c = 1; c <= d->swept && length < size; c++) {
        if (c == d->x)
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

static int draw_lines(const options *parsed, const drawing *d, plot_point *points,
                      output_set *set) {
    enum { STRIDE = sizeof(plot_point) / sizeof(double) };
    char x_label[80], y_label[80], names[MAX_LINES][256], titles[MAX_LINES][512];
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
        return failure(parsed, "--plot: the column %s has no numbers to draw", d->t->columns[d->y]);
    p.x_log = plot_wants_log(&points->x, begin, STRIDE);
    p.y_log = plot_wants_log(&points->y, begin, STRIDE);
    return plot_draw(&p, set, parsed, parsed->plot);
}

int sweep_plot_draw(const options *parsed, const table *t, output_set *set) {
    if (!parsed->plot)
        return -1;
    drawing d;
    int result;
    if ((result = choose_columns(parsed, t, &d)) >= 0 || (result = find_lines(parsed, &d)) >= 0)
        return result;
    plot_point *points = malloc((t->n_rows + 1) * sizeof *points);
    result = points ? draw_lines(parsed, &d, points, set)
                    : failure(parsed, "out of memory for the picture");
    free(points);
    return result;
}
