// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/plot.h"
#include "cli/output/result.h"
#include "model/compute.h"

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

static ordpar_status save_overlaps(const options *parsed, const ordpar_overlaps *o,
                                   const ordpar_table *t, output_set *set, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    FILE *file =
        parsed->save_overlaps ? output_open(set, parsed->save_overlaps, &status, err) : NULL;
    if (!file)
        return status;
    for (size_t k = 0; k < t->n_facts; k++)
        fprintf(file, "# %s: %s\n", t->facts[k].key, t->facts[k].text);
    return ordpar_overlaps_write(o, file, err);
}

static ordpar_status write_outputs(const options *parsed, const ordpar_table *t,
                                   const ordpar_overlaps *end, ordpar_error *err) {
    output_set set = {0};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = save_overlaps(parsed, end, t, &set, err);
    if (!status)
        status = draw(parsed, t, &set, err);
    return result_end(&set, status, err);
}

ordpar_status command_curve(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    ordpar_overlaps end = {0};
    ordpar_status status;
    if ((status = output_check("output", parsed->output, err)) ||
        (status = output_check("save-overlaps", parsed->save_overlaps, err)) ||
        (status = plot_check("plot", parsed->plot, err)))
        return status;
    if (!(status = ordpar_compute_curve(parsed->model, &t, &end, err)) &&
        !(status = result_begin(parsed, &t, err)))
        status = write_outputs(parsed, &t, &end, err);
    ordpar_overlaps_clear(&end);
    ordpar_table_clear(&t);
    return status;
}
