// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/figures/figure.h"

#include "base/clock.h"
#include "cli/output/result.h"
#include "model/grid.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SERIES, X, Y, STDERR, COLUMNS };

static const double deepest = 1e-13;

void figure_grid(double start, double stop, size_t count, double *alpha) {
    const ordpar_grid grid = {
        .start = start, .stop = stop, .count = (int64_t)count, .logarithmic = true};
    for (size_t k = 0; k < count; k++)
        alpha[k] = ordpar_grid_value(&grid, (int64_t)k);
}

double *figure_numbers(figure *f, size_t count) {
    double *numbers = f->status ? NULL : malloc(count * sizeof *numbers);
    if (!numbers)
        FIGURE_TRY(f, ordpar_fail(&f->err, ORDPAR_MEMORY, "out of memory for %zu numbers", count));
    return numbers;
}

size_t figure_visible(size_t count, const double *y) {
    while (count > 0 && !(y[count - 1] >= deepest * y[0]))
        count--;
    return count;
}

panel *panel_begin(figure *f, const char *name, const char *y_label, const char *title, ...) {
    panel *p = f->p = &f->panels[f->n_panels];
    ordpar_table_clear(&p->t);
    *p = (panel){.name = name, .y_label = y_label};
    f->begun = ordpar_seconds();
    f->n_checkpoints = 0;
    va_list arguments;
    va_start(arguments, title);
    vsnprintf(p->title, sizeof p->title, title, arguments);
    va_end(arguments);
    ordpar_table_columns(&p->t, "series,x,y,stderr");
    return p;
}

void panel_entitle(figure *f, const char *format, ...) {
    const size_t used = strlen(f->p->title);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(f->p->title + used, sizeof f->p->title - used, format, arguments);
    va_end(arguments);
}

void panel_reduced(figure *f, const char *what) {
    if (!f->parsed->full)
        panel_entitle(f, "\n(reduced: %s)", what);
}

void panel_add(figure *f, plot_style style, int colour, size_t count, const double *x,
               const double *y, const double *error, const char *title, ...) {
    panel *p = f->p;
    if (f->status)
        return;
    if (!p->y_linear && style != PLOT_GUIDE)
        count = figure_visible(count, y);
    if (p->n_series == PLOT_MAX_SERIES || count == 0)
        return;
    panel_series *s = &p->series[p->n_series++];
    *s = (panel_series){
        .style = style, .colour = colour, .first = p->t.n_rows, .count = count, .has_error = error};
    va_list arguments;
    va_start(arguments, title);
    vsnprintf(s->title, sizeof s->title, title, arguments);
    va_end(arguments);
    for (size_t k = 0; k < count; k++) {
        double *row = ordpar_table_row(&p->t);
        if (!row)
            return;
        row[SERIES] = (double)p->n_series;
        row[X] = x[k];
        row[Y] = y[k];
        row[STDERR] = error ? error[k] : 0;
    }
}

void panel_slope(figure *f, double x0, double x1, double y0, double slope) {
    const double x[] = {x0, x1}, y[] = {y0, y0 * pow(x1 / x0, slope)};
    panel_add(f, PLOT_GUIDE, 0, 2, x, y, NULL, "slope %.3f, window", slope);
}

void panel_slope_from(figure *f, double start, size_t count, const double *alpha,
                      const double *eps_g, const ordpar_scaling_window *window) {
    size_t k = 0;
    while (k + 1 < count && alpha[k] < start)
        k++;
    if (!f->status && alpha[k] < window->end)
        panel_slope(f, alpha[k], window->end, eps_g[k], window->slope);
}

void panel_plateau(figure *f, int colour, double height, double end, const char *title) {
    const double x[] = {end / 30, end, end}, y[] = {height, height, height / 4};
    panel_add(f, PLOT_GUIDE, colour, 3, x, y, NULL, "%s", title);
}

/* A note without gnuplot's markup. */
static void note_plain(ordpar_table *t, const char *key, const char *prefix, const char *text) {
    char plain[400];
    size_t used = 0;
    for (; *text && used + 1 < sizeof plain; text++)
        if (*text != '{' && *text != '}')
            plain[used++] = *text == '\n' ? ' ' : *text;
    plain[used] = '\0';
    ordpar_table_note(t, key, "%s%s%s", prefix, *prefix && used ? ": " : "", plain);
}

static const char *x_label(const panel *p) {
    return p->x_label ? p->x_label : "α = examples / N";
}

/* Adds what the panel is, and before all the notes of every output. */
static void note_panel(figure *f, panel *p) {
    static const char *const kinds[] = {"line", "points", "guide"};
    ordpar_table *t = &p->t;
    p->n_facts = t->n_facts;
    note_plain(t, "panel", "", p->title);
    note_plain(t, "x", "", x_label(p));
    note_plain(t, "y", "", p->y_label);
    for (size_t s = 0; s < p->n_series; s++) {
        const panel_series *from = &p->series[s];
        char name[32], kind[32];
        snprintf(name, sizeof name, "series %zu", s + 1);
        snprintf(kind, sizeof kind, from->colour ? "%s, colour %d" : "%s", kinds[from->style],
                 from->colour);
        note_plain(t, name, kind, from->title);
    }
    const size_t own = t->n_facts;
    FIGURE_TRY(f, result_begin(f->parsed, t, &f->err));
    p->first_fact = t->n_facts - own;
}

static ordpar_status draw(const panel *p, output_set *set, const char *path, ordpar_error *err) {
    plot drawn = {.title = p->title,
                  .x_label = x_label(p),
                  .y_label = p->y_label,
                  .x_log = !p->x_linear,
                  .y_log = !p->y_linear,
                  .decades = p->decades,
                  .key_inside = !p->y_linear,
                  .key_low = p->key_low};
    for (size_t s = 0; s < p->n_series; s++) {
        const panel_series *from = &p->series[s];
        const double *cells = p->t.cells + from->first * COLUMNS;
        plot_add(&drawn, (plot_series){.title = *from->title ? from->title : NULL,
                                       .style = from->style,
                                       .count = from->count,
                                       .x = cells + X,
                                       .y = cells + Y,
                                       .error = from->has_error ? cells + STDERR : NULL,
                                       .stride = COLUMNS,
                                       .colour = from->colour});
    }
    return plot_draw(&drawn, set, path, err);
}

static void write_files(figure *f, const panel *p) {
    static const char *const pictures[] = {"svg", "png", "pdf"};
    const int picture = f->parsed->picture;
    output_set set = {.option = "out"};
    char path[4200];
    const int length = snprintf(path, sizeof path, "%s/%s.csv", f->parsed->out, p->name) - 3;
    FIGURE_TRY(f, result_stage(&set, &p->t, FORMAT_CSV, path, &f->err));
    strcpy(path + length, "svg");
    FIGURE_TRY(f, draw(p, &set, path, &f->err));
    strcpy(path + length, pictures[picture]);
    if (picture > 0)
        FIGURE_TRY(f, draw(p, &set, path, &f->err));
    const bool staged = !f->status;
    f->status = result_end(f->parsed, &set, f->status, &f->err);
    if (!staged || f->status != ORDPAR_NUMERICAL || !output_has_first(&set))
        return;
    if (!f->lost) { /* a picture; the numbers of this and later panels go on */
        f->lost = f->status;
        f->reason = f->err;
    }
    f->status = ORDPAR_OK;
}

static void remove_checkpoints(const figure *f, const panel *p) {
    char path[4200];
    for (size_t k = 1; k <= f->n_checkpoints; k++) {
        snprintf(path, sizeof path, "%s/%s-%zu.checkpoint", f->parsed->out, p->name, k);
        unlink(path);
    }
}

void panel_write(figure *f) {
    panel *p = f->p;
    if (f->status)
        return;
    p->seconds = ordpar_seconds() - f->begun;
    panel_fact(f, "run time", "%.1f s", p->seconds);
    note_panel(f, p);
    write_files(f, p);
    if (f->status)
        return;
    remove_checkpoints(f, p);
    f->n_panels++;
}
