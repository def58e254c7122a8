// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/look.h"
#include "cli/output/picture.h"
#include "cli/output/plot.h"
#include "cli/output/result.h"
#include "cli/output/symbols.h"
#include "model/compute.h"

#include <math.h>
#include <stdlib.h>

/* The rates at the alphas of t->line, linear between the rows; NULL: out of memory. */
static double *rates_of(const ordpar_table *t) {
    double *eta = malloc((t->n_line + 1) * sizeof *eta);
    for (size_t k = 0, row = 0; eta && k < t->n_line; k++) {
        while (row + 2 < t->n_rows && t->line[k] > t->cells[(row + 1) * t->n_columns])
            row++;
        const double *at = t->cells + row * t->n_columns, *next = at + t->n_columns;
        eta[k] = at[1] + (next[1] - at[1]) * (t->line[k] - at[0]) / (next[0] - at[0]);
    }
    return eta;
}

/* The learning rate above, eps_g below it. */
static ordpar_status draw(const options *parsed, const ordpar_table *t, output_set *set,
                          ordpar_error *err) {
    char labels[3][96], title[PICTURE_LABEL];
    const bool batches = parsed->model->value.batch > 1;
    ordpar_symbol_axis("alpha", labels[0], sizeof labels[0]);
    ordpar_symbol_axis("eps_g", labels[1], sizeof labels[1]);
    ordpar_symbol_axis("eta", labels[2], sizeof labels[2]);
    picture_title(t, title);
    plot below = {.x_label = batches ? "α = steps / N" : labels[0],
                  .y_label = labels[1],
                  .y_log = true,
                  .decades = (double)parsed->decades},
         p = {.title = title, .y_label = labels[2], .x_log = true, .below = &below};
    if (parsed->x_scale != LOOK_LINEAR) { /* one axis for both, without alpha = 0; three decades */
        const double first = t->cells[t->n_columns];
        p.x_range[1] = t->cells[(t->n_rows - 1) * t->n_columns];
        p.x_range[0] = fmin(first, fmax(t->line[1], 1e-3 * p.x_range[1]));
    }
    double *eta = rates_of(t);
    if (!eta)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    plot_add(&p, (plot_series){
                     .style = PLOT_LINE, .count = t->n_line, .x = t->line, .y = eta, .stride = 1});
    plot_add(&below, (plot_series){.style = PLOT_LINE,
                                   .count = t->n_line,
                                   .x = t->line,
                                   .y = t->line + t->n_line,
                                   .stride = 1});
    const ordpar_status status = look_draw(parsed, &p, set, parsed->plot, err);
    free(eta);
    return status;
}

ordpar_status command_optimize(const options *parsed, ordpar_error *err) {
    ordpar_table t = {0};
    output_set set = {0};
    ordpar_status status;
    if ((status = result_check(parsed, NULL, err)))
        return status;
    status = ordpar_compute_optimum(parsed->model, &t, err);
    if (!status)
        status = result_begin(parsed, &t, err);
    if (!status)
        status = result_stage(&set, &t, (output_format)parsed->format, parsed->output, err);
    if (!status && parsed->plot)
        status = draw(parsed, &t, &set, err);
    status = result_end(parsed, &set, status, err);
    ordpar_table_clear(&t);
    return status;
}
