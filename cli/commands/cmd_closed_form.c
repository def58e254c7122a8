// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/look.h"
#include "cli/output/picture.h"
#include "cli/output/plot.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "model/closed_forms.h"
#include "model/compute.h"

#include <math.h>
#include <string.h>

/* Columns of the frontier; those of a curve are alpha and eps_g. */
enum { COMPUTE, TRAINED, EPS_G = 3 };

static plot_series line_of(const char *title, const double *x, const double *y, size_t count) {
    return (plot_series){
        .title = title, .style = PLOT_GUIDE, .count = count, .x = x, .y = y, .stride = 1};
}

/* The part of the predicted power law that lies on the curve's grid; false where none does. */
static bool guide(const ordpar_table *t, double x[2], double y[2]) {
    const ordpar_scaling_window *w = &t->window;
    const size_t stride = t->n_columns;
    size_t first = 0, last = t->n_rows;
    while (first < last && t->cells[first * stride] < w->begin)
        first++;
    while (last > first && t->cells[(last - 1) * stride] > w->end)
        last--;
    if (!t->has_window || last < first + 2)
        return false;
    x[0] = t->cells[first * stride];
    x[1] = t->cells[(last - 1) * stride];
    for (size_t k = 0; k < 2; k++)
        y[k] = w->amplitude * pow(x[k], w->slope);
    return true;
}

static plot picture_of(const ordpar_table *t, size_t column, size_t rows, char *title) {
    const double *x = t->cells, *y = t->cells + column;
    picture_title(t, title);
    plot p = {.title = title,
              .x_log = !ordpar_axis_is_even(rows, x, t->n_columns) &&
                       plot_wants_log(x, rows, t->n_columns),
              .y_log = plot_wants_log(y, rows, t->n_columns)};
    plot_add(&p, (plot_series){
                     .style = PLOT_LINE, .count = rows, .x = x, .y = y, .stride = t->n_columns});
    return p;
}

static ordpar_status draw_curve(const options *parsed, const ordpar_table *t, output_set *set,
                                ordpar_error *err) {
    char slope[64], title[PICTURE_LABEL], error[PICTURE_LABEL];
    double x[2], y[2];
    plot p = picture_of(t, 1, t->n_rows, title);
    p.decades = (double)parsed->decades;
    p.x_label = "α = examples / N";
    ordpar_symbol_axis(picture_has_labels(t) ? "eps_g of labels" : "eps_g", error, sizeof error);
    p.y_label = error;
    if (p.x_log && p.y_log && guide(t, x, y)) {
        snprintf(slope, sizeof slope, "α^{%.3g}", t->window.slope);
        plot_add(&p, line_of(slope, x, y, 2));
    }
    return look_draw(parsed, &p, set, parsed->plot, err);
}

/* The rows up to the first that trains all components: beyond it the curve is that of N_l = N. */
static size_t drawn_rows(const ordpar_table *t) {
    const ordpar_fact *all = ordpar_table_find_fact(t, "N_l");
    size_t rows = 0;
    while (rows < t->n_rows && all && t->cells[rows * t->n_columns + TRAINED] < all->value)
        rows++;
    return rows < 2 ? t->n_rows : rows;
}

static ordpar_status draw_frontier(const options *parsed, const ordpar_table *t, output_set *set,
                                   ordpar_error *err) {
    const double *C = t->cells + COMPUTE, *eps_g = t->cells + EPS_G;
    const size_t rows = drawn_rows(t), last = (rows - 1) * t->n_columns;
    const ordpar_scaling_window *w = &t->window;
    char slope[96], title[PICTURE_LABEL];
    plot p = picture_of(t, EPS_G, rows, title);
    p.x_label = "compute C = α N_l";
    p.y_label = "least generalization error ε_g";
    p.series[0].title = "best N_l";
    const double from = C[0], to = C[last], low = eps_g[last];
    const double x[3][2] = {{from, to}, {w->begin, w->begin}, {w->end, w->end}};
    const double y[3][2] = {{w->amplitude * pow(from, w->slope), w->amplitude * pow(to, w->slope)},
                            {low, w->amplitude * pow(w->begin, w->slope)},
                            {low, w->amplitude * pow(w->end, w->slope)}};
    snprintf(slope, sizeof slope, "C^{%.3g}, window of the fit", w->slope);
    for (size_t k = 0; k < 3 && t->has_window && p.x_log && p.y_log; k++)
        plot_add(&p, line_of(k ? NULL : slope, x[k], y[k], 2));
    return look_draw(parsed, &p, set, parsed->plot, err);
}

static ordpar_status write_outputs(const options *parsed, const char *rows, const ordpar_table *t,
                                   ordpar_error *err) {
    output_set set = {0};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status && parsed->plot)
        status = (strcmp(rows, "alpha") == 0 ? draw_curve : draw_frontier)(parsed, t, &set, err);
    return result_end(parsed, &set, status, err);
}

ordpar_status command_closed_form(const options *parsed, ordpar_error *err) {
    const char *name = parsed->n_arguments ? parsed->arguments[0] : "";
    const char *rows = ordpar_model_closed_form_rows(name);
    ordpar_table t = {0};
    ordpar_status status;
    if (parsed->plot && ordpar_model_closed_form_columns(name) && !rows)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "plot: %s is one row of numbers, there is nothing to draw", name);
    if ((status = result_check(parsed, NULL, err)) ||
        (status = ordpar_model_set_form(parsed->model, name, err)))
        return status;
    progress_leave_at_once(true);
    if (!(status = result_begin(parsed, &t, err)))
        status = ordpar_compute_closed_form(parsed->model, name, &t, err);
    progress_leave_at_once(false);
    if (!status)
        status = write_outputs(parsed, rows, &t, err);
    ordpar_table_clear(&t);
    return status;
}
