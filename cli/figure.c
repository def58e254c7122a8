// SPDX-License-Identifier: GPL-3.0-or-later
#include "figure.h"

#include "library_error.h"
#include "progress.h"
#include "result.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double deepest = 1e-13;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int figure_check(const figure *f, ordpar_status status, const ordpar_error *err) {
    return status ? library_error(f->parsed, NULL, status, err) : -1;
}

void figure_grid(double start, double stop, size_t count, double *alpha) {
    for (size_t k = 0; k < count; k++)
        alpha[k] = start * pow(stop / start, (double)k / (double)(count - 1));
    alpha[count - 1] = stop;
}

size_t figure_visible(size_t count, const double *y) {
    while (count > 0 && !(y[count - 1] >= deepest * y[0]))
        count--;
    return count;
}

void figure_plain(const char *text, char *plain, size_t size) {
    size_t used = 0;
    for (; *text && used + 1 < size; text++)
        if (*text != '{' && *text != '}')
            plain[used++] = *text == '\n' ? ' ' : *text;
    plain[used] = '\0';
}

panel *panel_begin(figure *f, const char *name, const char *y_label, const char *title, ...) {
    panel *p = calloc(1, sizeof *p);
    if (!p) {
        failure(f->parsed, "out of memory for a panel");
        return NULL;
    }
    p->name = f->name = name;
    f->begun = now();
    f->n_checkpoints = 0;
    va_list arguments;
    va_start(arguments, title);
    vsnprintf(p->title, sizeof p->title, title, arguments);
    va_end(arguments);
    snprintf(p->x_label, sizeof p->x_label, "α = examples / N");
    snprintf(p->y_label, sizeof p->y_label, "%s", y_label);
    p->x_log = p->y_log = true;
    return p;
}

void panel_reduced(panel *p, const char *format, ...) {
    const size_t used = strlen(p->title);
    va_list arguments;
    va_start(arguments, format);
    char text[200];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(p->title + used, sizeof p->title - used, "\n(reduced: %s)", text);
}

static double *copy_of(panel *p, const double *values, size_t count) {
    double *copy = values ? malloc(count * sizeof *copy) : NULL;
    if (copy)
        memcpy(copy, values, count * sizeof *copy);
    p->failed = p->failed || (values && !copy);
    return copy;
}

void panel_add(panel *p, plot_style style, int colour, size_t count, const double *x,
               const double *y, const double *error, const char *title, ...) {
    if (p->y_log && style != PLOT_GUIDE)
        count = figure_visible(count, y);
    if (p->n_series == PLOT_MAX_SERIES || count == 0)
        return;
    panel_series *s = &p->series[p->n_series++];
    va_list arguments;
    va_start(arguments, title);
    vsnprintf(s->title, sizeof s->title, title, arguments);
    va_end(arguments);
    s->style = style;
    s->colour = colour;
    s->count = count;
    s->x = copy_of(p, x, count);
    s->y = copy_of(p, y, count);
    s->error = copy_of(p, error, count);
}

void panel_slope(panel *p, double x0, double x1, double y0, double slope) {
    const double x[] = {x0, x1}, y[] = {y0, y0 * pow(x1 / x0, slope)};
    panel_add(p, PLOT_GUIDE, 0, 2, x, y, NULL, "slope %.3f, window", slope);
}

void panel_fact(panel *p, const char *key, const char *format, ...) {
    if (p->n_facts == FIGURE_MAX_FACTS)
        return;
    char *fact = p->facts[p->n_facts++];
    const size_t size = sizeof p->facts[0];
    const int used = snprintf(fact, size, "%s: ", key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fact + used, size - (size_t)used, format, arguments);
    va_end(arguments);
}

static void clear(panel *p) {
    for (size_t s = 0; s < p->n_series; s++) {
        free(p->series[s].x);
        free(p->series[s].y);
        free(p->series[s].error);
        p->series[s].x = p->series[s].y = p->series[s].error = NULL;
    }
}

int panel_abandon(panel *p, int result) {
    if (p)
        clear(p);
    free(p);
    return result;
}

static void note_panel(const figure *f, const panel *p, table *t) {
    static const char *const kinds[] = {"line", "points", "guide"};
    char plain[400];
    table_standard_notes(t, f->parsed);
    figure_plain(p->title, plain, sizeof plain);
    table_note(t, "panel", "%s", plain);
    figure_plain(p->x_label, plain, sizeof plain);
    table_note(t, "x", "%s", plain);
    figure_plain(p->y_label, plain, sizeof plain);
    table_note(t, "y", "%s", plain);
    for (size_t k = 0; k < p->n_facts; k++) {
        const size_t key = strcspn(p->facts[k], ":");
        char name[320];
        snprintf(name, sizeof name, "%.*s", (int)key, p->facts[k]);
        table_note(t, name, "%s", p->facts[k] + key + 2);
    }
    for (size_t s = 0; s < p->n_series; s++) {
        char name[32];
        snprintf(name, sizeof name, "series %zu", s + 1);
        figure_plain(p->series[s].title, plain, sizeof plain);
        table_note(t, name, "%s%s%s", kinds[p->series[s].style], *plain ? ": " : "", plain);
    }
}

static void fill_table(const figure *f, const panel *p, table *t) {
    note_panel(f, p, t);
    table_column(t, "series");
    table_column(t, "x");
    table_column(t, "y");
    table_column(t, "stderr");
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            double *row = table_row(t);
            if (!row)
                return;
            row[0] = (double)(s + 1);
            row[1] = p->series[s].x[k];
            row[2] = p->series[s].y[k];
            row[3] = p->series[s].error ? p->series[s].error[k] : 0;
        }
}

static int draw(const figure *f, const panel *p, output_set *set, const char *path) {
    plot drawn = {.title = p->title,
                  .x_label = p->x_label,
                  .y_label = p->y_label,
                  .x_log = p->x_log,
                  .y_log = p->y_log,
                  .decades = p->decades,
                  .key_inside = p->y_log,
                  .key_low = p->key_low};
    for (size_t s = 0; s < p->n_series; s++) {
        const panel_series *from = &p->series[s];
        plot_add(&drawn, (plot_series){.title = *from->title ? from->title : NULL,
                                       .style = from->style,
                                       .count = from->count,
                                       .x = from->x,
                                       .y = from->y,
                                       .error = from->error,
                                       .stride = 1,
                                       .colour = from->colour});
    }
    return plot_draw(&drawn, set, f->parsed, path);
}

static int write_files(const figure *f, const panel *p, const table *t) {
    static const char *const pictures[] = {"svg", "png", "pdf"};
    char paths[3][4200];
    const char *const suffixes[] = {"csv", "svg", pictures[f->parsed->picture]};
    for (size_t k = 0; k < 3; k++)
        snprintf(paths[k], sizeof paths[k], "%s/%s.%s", f->parsed->out, p->name, suffixes[k]);
    output_set set = {0};
    int result;
    FILE *file = result_open(&set, f->parsed, paths[0], t, &result);
    if (file) {
        table_write(t, FORMAT_CSV, file);
        result = -1;
    }
    if (result < 0)
        result = draw(f, p, &set, paths[1]);
    if (result < 0 && f->parsed->picture > 0)
        result = draw(f, p, &set, paths[2]);
    if (result >= 0) {
        output_abandon(&set);
        return result;
    }
    result = output_commit(&set, f->parsed);
    return result == EXIT_DONE ? -1 : result;
}

static void remove_checkpoints(const figure *f) {
    char path[4200];
    for (size_t k = 1; k <= f->n_checkpoints; k++) {
        snprintf(path, sizeof path, "%s/%s-%zu.checkpoint", f->parsed->out, f->name, k);
        unlink(path);
    }
}

int panel_write(figure *f, panel *p) {
    table t;
    table_init(&t);
    p->seconds = now() - f->begun;
    panel_fact(p, "run time", "%.1f s", p->seconds);
    if (!p->failed)
        fill_table(f, p, &t);
    int result = p->failed || t.failed ? failure(f->parsed, "out of memory for the output")
                                       : write_files(f, p, &t);
    table_clear(&t);
    clear(p);
    panel *grown = result < 0 ? realloc(f->panels, (f->n_panels + 1) * sizeof *grown) : NULL;
    if (result < 0 && !grown)
        result = failure(f->parsed, "out of memory for a panel");
    if (grown) {
        f->panels = grown;
        f->panels[f->n_panels++] = *p;
        remove_checkpoints(f);
    }
    free(p);
    return result;
}
