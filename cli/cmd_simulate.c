// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "ensemble_options.h"
#include "output.h"
#include "plot.h"
#include "result.h"
#include "statistics.h"

#include <string.h>

enum { ALPHA, MEAN, STDERR, MIN, MAX, RUNS, FIXED_COLUMNS };

static bool fill_table(const options *parsed, const ensemble *e, table *t) {
    static const char *const names[FIXED_COLUMNS] = {"alpha", "mean", "stderr",
                                                     "min",   "max",  "runs"};
    ensemble_notes(t, parsed, e);
    for (size_t c = 0; c < FIXED_COLUMNS; c++)
        table_column(t, "%s", names[c]);
    for (size_t r = 1; parsed->each && r <= e->runs; r++)
        table_column(t, "run_%zu", r);
    for (size_t k = 0; k < e->rows && !t->failed; k++) {
        double *cell = table_row(t);
        if (!cell)
            return false;
        const double *values = e->eps_g + k * e->runs;
        const ordpar_summary s = ordpar_summarize(values, e->runs);
        cell[ALPHA] = e->alpha[k];
        cell[MEAN] = s.mean;
        cell[STDERR] = s.standard_error;
        cell[MIN] = s.min;
        cell[MAX] = s.max;
        cell[RUNS] = (double)e->runs;
        if (parsed->each)
            memcpy(cell + FIXED_COLUMNS, values, e->runs * sizeof *values);
    }
    return !t->failed;
}

static int draw(const options *parsed, const ensemble *e, const table *t, output_set *set) {
    char title[200];
    ensemble_title(e, title, sizeof title);
    const double *cells = t->cells;
    plot p = {.title = title,
              .x_label = "α = examples / N",
              .y_label = "generalization error ε_g",
              .x_log = plot_wants_log(cells + ALPHA, t->n_rows, t->n_columns),
              .y_log = plot_wants_log(cells + MEAN, t->n_rows, t->n_columns)};
    plot_add(&p, (plot_series){.style = PLOT_POINTS,
                               .count = t->n_rows,
                               .x = cells + ALPHA,
                               .y = cells + MEAN,
                               .error = e->runs > 1 ? cells + STDERR : NULL,
                               .stride = t->n_columns});
    return plot_draw(&p, set, parsed, parsed->plot);
}

static int write_outputs(const options *parsed, const ensemble *e, const table *t) {
    output_set set = {0};
    int result = result_begin(&set, parsed, t);
    if (result < 0)
        result = draw(parsed, e, t, &set);
    result = result_end(&set, parsed, result);
    return result == EXIT_DONE ? ensemble_exit(parsed, e) : result;
}

int command_simulate(const options *parsed) {
    int result;
    if (parsed->small_eta)
        return usage_error(parsed, "--small-eta: a simulation has all orders of eta; it is for "
                                   "equations of motion");
    if ((result = output_check(parsed, "output", parsed->output)) >= 0 ||
        (result = output_check(parsed, "checkpoint", parsed->checkpoint)) >= 0 ||
        (result = plot_check(parsed, parsed->plot)) >= 0)
        return result;
    ensemble e;
    table t;
    table_init(&t);
    if ((result = ensemble_create(parsed, false, &e)) < 0 &&
        (result = ensemble_run(parsed, &e)) < 0)
        result = fill_table(parsed, &e, &t) ? write_outputs(parsed, &e, &t)
                                            : failure(parsed, "out of memory for the output");
    table_clear(&t);
    ensemble_clear(&e);
    return result;
}
