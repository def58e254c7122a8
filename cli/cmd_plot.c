// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "library_error.h"
#include "output.h"
#include "plot.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

/* What to draw of a file: theory as a line, a simulation's mean as points with its standard error.
 */
static int add_file(const options *parsed, const char *path, const table *t, const char *title,
                    plot *p) {
    size_t x, y, error;
    if (!table_find_column(t, "alpha", &x))
        return usage_error(parsed, "%s: has no column alpha", path);
    plot_series series = {
        .title = title, .count = t->n_rows, .x = t->cells + x, .stride = t->n_columns};
    if (table_find_column(t, "eps_g", &y)) {
        series.style = PLOT_LINE;
    } else if (table_find_column(t, "mean", &y)) {
        series.style = PLOT_POINTS;
        if (table_find_column(t, "stderr", &error))
            series.error = t->cells + error;
    } else {
        return usage_error(parsed, "%s: has neither a column eps_g nor a column mean", path);
    }
    series.y = t->cells + y;
    p->x_log = p->x_log || plot_wants_log(series.x, series.count, series.stride);
    p->y_log = p->y_log || plot_wants_log(series.y, series.count, series.stride);
    plot_add(p, series);
    return -1;
}

/* The file's name without folder and suffix, with gnuplot's mark-up characters escaped. */
static void make_title(const char *path, char *title, size_t size) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    size_t out = 0;
    for (size_t k = 0; k < length && out + 3 < size; k++) {
        if (strchr("_^{}@&~", name[k]))
            title[out++] = '\\';
        title[out++] = name[k];
    }
    title[out] = '\0';
}

static int read_file(const options *parsed, const char *path, table *t) {
    ordpar_error err;
    const ordpar_status status = table_read(t, path, &err);
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

int command_plot(const options *parsed) {
    const size_t count = parsed->n_arguments;
    char titles[PLOT_MAX_SERIES][64];
    table tables[PLOT_MAX_SERIES];
    if (count == 0 || count > PLOT_MAX_SERIES)
        return usage_error(parsed, "needs from 1 to %d files, got %zu", PLOT_MAX_SERIES, count);
    if (!parsed->output)
        return usage_error(parsed, "--output: needs the name of a picture (.svg, .png or .pdf)");
    int result = plot_check_option(parsed, "output", parsed->output);
    plot p = {.decades = (double)parsed->decades,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g"};
    for (size_t k = 0; k < count; k++)
        table_init(&tables[k]);
    for (size_t k = 0; k < count && result < 0; k++) {
        const char *path = parsed->arguments[k];
        make_title(path, titles[k], sizeof titles[k]);
        if ((result = read_file(parsed, path, &tables[k])) < 0)
            result = add_file(parsed, path, &tables[k], titles[k], &p);
    }
    output_set set = {0};
    if (result < 0)
        result = plot_draw(&p, &set, parsed, parsed->output);
    if (result < 0)
        result = output_commit(&set, parsed);
    else
        output_abandon(&set);
    for (size_t k = 0; k < count; k++)
        table_clear(&tables[k]);
    return result;
}
