// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/plot.h"
#include "cli/output/result.h"
#include "model/compute.h"

#include <string.h>

static ordpar_status draw(const options *parsed, const ordpar_table *t, output_set *set,
                          ordpar_error *err) {
    const double *alpha = t->cells, *eps_g = t->cells + 1;
    plot p = {.title = t->title,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g",
              .decades = (double)parsed->decades,
              .x_log = ordpar_grid_is_logarithmic(&parsed->model->value.alpha),
              .y_log = plot_wants_log(eps_g, t->n_rows, t->n_columns)};
    plot_add(&p, (plot_series){.style = PLOT_LINE,
                               .count = t->n_rows,
                               .x = alpha,
                               .y = eps_g,
                               .stride = t->n_columns});
    return plot_draw(&p, set, parsed->plot, err);
}

static ordpar_status save_overlaps(const options *parsed, const ordpar_curve_state *end,
                                   const ordpar_table *t, output_set *set, ordpar_error *err) {
    const char *path = parsed->model->value.save_overlaps;
    ordpar_status status = ORDPAR_OK;
    FILE *file = path ? output_open(set, path, &status, err) : NULL;
    if (!file)
        return status;
    for (size_t k = 0; k < t->n_facts; k++)
        if (strcmp(t->facts[k].key, "settings") != 0) /* the state has its own */
            fprintf(file, "# %s: %s\n", t->facts[k].key, t->facts[k].text);
    return ordpar_curve_state_write(end, file, err);
}

static ordpar_status write_outputs(const options *parsed, const ordpar_table *t,
                                   const ordpar_curve_state *end, ordpar_error *err) {
    output_set set = {.keep = parsed->model->value.keep_partial};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = save_overlaps(parsed, end, t, &set, err);
    if (!status)
        status = draw(parsed, t, &set, err);
    return result_end(&set, status, err);
}

ordpar_status command_curve(const options *parsed, ordpar_error *err) {
    const ordpar_values *v = &parsed->model->value;
    ordpar_table t = {0};
    ordpar_curve_state end = {0};
    ordpar_status status, written;
    ordpar_error reason;
    if ((status = output_check("output", parsed->output, err)) ||
        (status = output_check("save-overlaps", v->save_overlaps, err)) ||
        (status = plot_check("plot", parsed->plot, err)))
        return status;
    status = ordpar_compute_curve(parsed->model, &t, &end, err);
    if (t.n_rows > 0 && (!status || status == ORDPAR_INTERRUPTED)) { /* keep-partial */
        if (!(written = result_begin(parsed, &t, &reason)))
            written = write_outputs(parsed, &t, &end, &reason);
        if (written) {
            *err = reason;
            status = written;
        }
    }
    ordpar_curve_state_clear(&end);
    ordpar_table_clear(&t);
    return status;
}
