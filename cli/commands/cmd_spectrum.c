// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/command.h"
#include "cli/output/look.h"
#include "cli/output/plot.h"
#include "cli/output/progress.h"
#include "cli/output/result.h"
#include "model/compute.h"

#include <math.h>

static ordpar_status draw(const options *parsed, const ordpar_table *t, const ordpar_beta_fit *fit,
                          output_set *set, ordpar_error *err) {
    char fit_title[96];
    double x[2], y[2];
    plot p = {.title = "Spectrum of the input covariance",
              .x_label = "rank l",
              .y_label = "eigenvalue λ_l",
              .key_inside = true,
              .x_log = true,
              .y_log = true};
    plot_add(&p, (plot_series){.title = "λ_l",
                               .style = PLOT_POINTS,
                               .count = t->n_rows,
                               .x = t->cells,
                               .y = t->cells + 1,
                               .stride = t->n_columns});
    if (fit->last) {
        snprintf(fit_title, sizeof fit_title, "l^{-(1+β)}, β = %.3f ± %.1g", fit->beta,
                 fit->beta_stderr);
        x[0] = (double)fit->first;
        x[1] = (double)fit->last;
        for (int k = 0; k < 2; k++)
            y[k] = exp(fit->log_amplitude - (1 + fit->beta) * log(x[k]));
        plot_add(
            &p,
            (plot_series){
                .title = fit_title, .style = PLOT_LINE, .count = 2, .x = x, .y = y, .stride = 1});
    }
    return look_draw(parsed, &p, set, parsed->plot, err);
}

ordpar_status command_spectrum(const options *parsed, ordpar_error *err) {
    ordpar_beta_fit fit = {0};
    ordpar_table t = {0};
    output_set set = {0};
    ordpar_status status;
    if ((status = result_check(parsed, NULL, err)))
        return status;
    progress_leave_at_once(true); /* eigenvalues of large matrices look at nothing for minutes */
    status = ordpar_compute_spectrum(parsed->model, &t, &fit, err);
    progress_leave_at_once(false);
    if (!status)
        status = result_begin(parsed, &t, err);
    if (!status)
        status = result_stage(&set, &t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = draw(parsed, &t, &fit, &set, err);
    status = result_end(parsed, &set, status, err);
    ordpar_table_clear(&t);
    return status;
}
