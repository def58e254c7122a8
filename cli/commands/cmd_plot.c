// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/plot.h"
#include "cli/output/result.h"

#include <string.h>

/* What to draw of a file: theory as a line, a simulation's mean as points with its standard error.
 */
static ordpar_status add_file(const char *path, const ordpar_table *t, const char *title, plot *p,
                              ordpar_error *err) {
    size_t x, y, error;
    if (!ordpar_table_find_column(t, "alpha", &x))
        return ordpar_fail(err, ORDPAR_INVALID, "%.400s: has no column alpha", path);
    plot_series series = {
        .title = title, .count = t->n_rows, .x = t->cells + x, .stride = t->n_columns};
    if (ordpar_table_find_column(t, "eps_g", &y)) {
        series.style = PLOT_LINE;
    } else if (ordpar_table_find_column(t, "mean", &y)) {
        series.style = PLOT_POINTS;
        if (ordpar_table_find_column(t, "stderr", &error))
            series.error = t->cells + error;
    } else {
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%.400s: has neither a column eps_g nor a column mean", path);
    }
    series.y = t->cells + y;
    p->x_log = p->x_log || plot_wants_log(series.x, series.count, series.stride);
    p->y_log = p->y_log || plot_wants_log(series.y, series.count, series.stride);
    plot_add(p, series);
    return ORDPAR_OK;
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

static ordpar_status draw(const options *parsed, const plot *p, ordpar_error *err) {
    output_set set = {0};
    return result_end(&set, plot_draw(p, &set, parsed->output, err), err);
}

ordpar_status command_plot(const options *parsed, ordpar_error *err) {
    const size_t count = parsed->n_arguments;
    char titles[PLOT_MAX_SERIES][64];
    ordpar_table tables[PLOT_MAX_SERIES] = {0};
    if (count == 0 || count > PLOT_MAX_SERIES)
        return ordpar_fail(err, ORDPAR_INVALID, "needs from 1 to %d files, got %zu",
                           PLOT_MAX_SERIES, count);
    if (!parsed->output)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "output: needs the name of a picture (.svg, .png or .pdf)");
    plot p = {.decades = (double)parsed->decades,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g"};
    ordpar_status status = plot_check("output", parsed->output, err);
    for (size_t k = 0; k < count && !status; k++) {
        const char *path = parsed->arguments[k];
        make_title(path, titles[k], sizeof titles[k]);
        if (!(status = result_read(&tables[k], path, err)))
            status = add_file(path, &tables[k], titles[k], &p, err);
    }
    if (!status)
        status = draw(parsed, &p, err);
    for (size_t k = 0; k < count; k++)
        ordpar_table_clear(&tables[k]);
    return status;
}
