// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "library_error.h"
#include "model.h"
#include "number.h"
#include "output.h"
#include "plot.h"
#include "result.h"
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* FIRST:LAST, ranks of distinct eigenvalues. */
static bool parse_window(const char *text, int64_t *first, int64_t *last) {
    char *copy = strdup(text);
    char *colon = copy ? strchr(copy, ':') : NULL;
    bool good = false;
    if (colon) {
        *colon = '\0';
        good = ordpar_parse_integer(copy, first) && ordpar_parse_integer(colon + 1, last) &&
               *first >= 1 && *last >= 1;
    }
    free(copy);
    return good;
}

/* fit->last stays 0 where no fit was asked for and the spectrum allows none. */
static int fit_beta(const options *parsed, const ordpar_spectrum *s, ordpar_beta_fit *fit) {
    int64_t first = 1, last = (int64_t)s->L;
    *fit = (ordpar_beta_fit){0};
    if (parsed->fit && !parse_window(parsed->fit, &first, &last))
        return usage_error(parsed,
                           "--fit: must be FIRST:LAST, two ranks counted from 1, got '%.80s'",
                           parsed->fit);
    while (!parsed->fit && last > 0 && s->lambda[last - 1] == 0)
        last--;
    if (!parsed->fit && last < 3)
        return -1;
    ordpar_error err;
    const ordpar_status status =
        ordpar_spectrum_fit_beta(s, (size_t)first, (size_t)last, fit, &err);
    return status ? library_error(parsed, "--fit", status, &err) : -1;
}

static void fill(const options *parsed, const model *m, const ordpar_beta_fit *fit, table *t) {
    const ordpar_spectrum *s = &m->spectrum;
    table_standard_notes(t, parsed);
    data_note(t, &m->data);
    table_note(t, "N", "%.0f", s->N);
    table_note(t, "tr Sigma^p / N for p = 1, 2, 3", "%.17g, %.17g, %.17g",
               ordpar_spectrum_moment(s, 1), ordpar_spectrum_moment(s, 2),
               ordpar_spectrum_moment(s, 3));
    if (fit->last)
        table_note(t, "fit",
                   "beta = %.6g, standard error %.2g (least squares of log eigenvalue against log "
                   "rank, ranks %zu to %zu, rms residual %.2g)",
                   fit->beta, fit->beta_stderr, fit->first, fit->last, fit->log_residual);
    table_column(t, "index");
    table_column(t, "eigenvalue");
    table_column(t, "multiplicity");
    for (size_t b = 0; b < s->L; b++) {
        double *row = table_row(t);
        if (!row)
            return;
        row[0] = (double)(b + 1);
        row[1] = s->lambda[b];
        row[2] = s->n[b];
    }
}

static int draw(const options *parsed, const table *t, const ordpar_beta_fit *fit,
                output_set *set) {
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
    return plot_draw(&p, set, parsed, parsed->plot);
}

int command_spectrum(const options *parsed) {
    int result;
    if ((result = output_check(parsed, "output", parsed->output)) >= 0 ||
        (result = plot_check(parsed, parsed->plot)) >= 0)
        return result;
    model m = {0};
    ordpar_beta_fit fit;
    table t;
    table_init(&t);
    output_set set = {0};
    if ((result = model_load_spectrum(parsed, &m)) < 0 &&
        (result = fit_beta(parsed, &m.spectrum, &fit)) < 0) {
        fill(parsed, &m, &fit, &t);
        if ((result = result_begin(&set, parsed, &t)) < 0)
            result = draw(parsed, &t, &fit, &set);
        result = result_end(&set, parsed, result);
    }
    table_clear(&t);
    model_clear(&m);
    return result;
}
