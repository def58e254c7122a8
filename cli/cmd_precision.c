// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd_precision.h"

#include "command.h"
#include "decimal_model.h"
#include "integrate.h"
#include "library_error.h"
#include "mp_curve.h"
#include "mp_map.h"
#include "output.h"
#include "plot.h"
#include "progress.h"
#include "result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A linear activation needs no steps, unless the user asks for a basis. */
static ordpar_mp_representation representation(const options *parsed,
                                               const ordpar_mp_model *decimals) {
    if (decimals->linear && !options_given(parsed, "representation"))
        return ORDPAR_MP_EXPONENTIAL;
    return (ordpar_mp_representation)parsed->representation;
}

static int run(const options *parsed, const decimal_model *d, ordpar_mp_result *out, table *t) {
    static const char *const names[] = {"moments", "blocks", "implicit", "exact exponentials"};
    const ordpar_mp_representation basis = representation(parsed, &d->model);
    const ordpar_mp_options settings = decimal_options(parsed);
    ordpar_error err;
    double lost = 0;
    ordpar_status status = ORDPAR_OK;
    if (basis == ORDPAR_MP_MOMENTS)
        status = ordpar_mp_closure_condition(&d->model.spectrum, &lost, &err);
    if (!status && basis != ORDPAR_MP_EXPONENTIAL) {
        const int result = decimal_check_cost(parsed, &d->model, basis, lost);
        if (result >= 0)
            return result;
    }
    if (!status)
        status = ordpar_mp_curve(&d->model, &d->grid, basis, &settings, out, &err);
    progress_clear();
    if (status)
        return library_error(parsed, NULL, status, &err);
    table_note(t, "representation", "%s", names[basis]);
    if (basis == ORDPAR_MP_MOMENTS)
        table_note(t, "closure", "10^%.1f condition number: about so many digits lost", lost);
    decimal_notes(t, parsed, out);
    if (out->steps)
        table_note(t, "integrator",
                   basis == ORDPAR_MP_IMPLICIT ? "%ld implicit steps of %ld stages"
                                               : "%ld Taylor steps of order %ld",
                   out->steps, out->order);
    return -1;
}

static void fill_curve(const ordpar_mp_result *result, table *t) {
    table_column(t, "alpha");
    table_column(t, "eps_g");
    for (size_t row = 0; row < result->count / 2; row++) {
        if (!table_row(t))
            return;
        table_set_text(t, row, 0, ordpar_mp_text(result, 2 * row));
        table_set_text(t, row, 1, ordpar_mp_text(result, 2 * row + 1));
    }
}

static int draw(const options *parsed, const table *t, size_t column, const char *label,
                output_set *set) {
    const double *alpha = t->cells, *y = t->cells + column;
    char title[160];
    snprintf(title, sizeof title, "%s, K = %lld, M = %lld, η = %g, %lld digits",
             ordpar_activation_at((size_t)parsed->activation)->name, (long long)parsed->K,
             (long long)parsed->M, parsed->eta, (long long)parsed->digits);
    plot p = {.title = title,
              .x_label = "α = examples / N",
              .y_label = label,
              .x_log = plot_wants_log(alpha, t->n_rows, t->n_columns),
              .y_log = plot_wants_log(y, t->n_rows, t->n_columns)};
    plot_add(
        &p,
        (plot_series){
            .style = PLOT_LINE, .count = t->n_rows, .x = alpha, .y = y, .stride = t->n_columns});
    return plot_draw(&p, set, parsed, parsed->plot);
}

static int write_outputs(const options *parsed, const table *t, size_t column, const char *label) {
    output_set set = {0};
    int result = result_begin(&set, parsed, t);
    if (result < 0)
        result = draw(parsed, t, column, label, &set);
    return result_end(&set, parsed, result);
}

/* What the parts have in common: the model in both precisions, and a table with its notes. */
static int with_model(const options *parsed,
                      int (*body)(const options *, model *, const decimal_model *, table *)) {
    model m;
    decimal_model d = {0};
    table t;
    table_init(&t);
    bool deviations = false;
    int result = model_create(parsed, &m);
    if (result < 0)
        result = model_start_in_deviations(parsed, &m, &deviations);
    if (result < 0 && (result = decimal_model_create(parsed, &m, &d)) < 0) {
        d.model.deviations = deviations;
        table_standard_notes(&t, parsed);
        model_notes(&t, parsed, &m);
        result = body(parsed, &m, &d, &t);
    }
    table_clear(&t);
    decimal_model_clear(&d);
    model_clear(&m);
    return result;
}

static int curve_body(const options *parsed, model *m, const decimal_model *d, table *t) {
    (void)m;
    ordpar_mp_result result = {0};
    int code = run(parsed, d, &result, t);
    if (code < 0) {
        fill_curve(&result, t);
        code = write_outputs(parsed, t, 1, "generalization error ε_g");
    }
    ordpar_mp_result_clear(&result);
    return code;
}

static int precision_curve(const options *parsed) {
    return with_model(parsed, curve_body);
}

typedef struct {
    const options *parsed;
    double *eps_g;
} double_curve;

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    const double_curve *c = context;
    (void)state;
    (void)err;
    c->eps_g[row] = eps_g;
    progress_show(c->parsed, (double)(row + 1) / (double)c->parsed->alpha.count,
                  "double precision, alpha = %.4g", alpha);
    return ORDPAR_OK;
}

static int run_double(const options *parsed, model *m, bool deviations, double *eps_g) {
    double *alpha = model_grid(parsed);
    if (!alpha)
        return EXIT_FAILED;
    double_curve c = {parsed, eps_g};
    const ordpar_integrate_options settings = {.rtol = parsed->rtol,
                                               .atol = parsed->atol,
                                               .trained_blocks = m->trained_blocks,
                                               .observer = record,
                                               .context = &c,
                                               .start_is_deviation = deviations,
                                               .stop = &interrupted};
    ordpar_error err;
    const ordpar_status status =
        ordpar_integrate(&m->spectrum, &m->network, &m->start, alpha, (size_t)parsed->alpha.count,
                         &settings, NULL, &err);
    free(alpha);
    progress_clear();
    return status ? library_error(parsed, NULL, status, &err) : -1;
}

/* Fills the rows; returns the row of the largest error. */
static size_t compare(const ordpar_mp_result *result, const double *eps_g, table *t) {
    size_t worst = 0;
    table_column(t, "alpha");
    table_column(t, "double");
    table_column(t, "mpfr");
    table_column(t, "relative_error");
    for (size_t row = 0; row < result->count / 2; row++) {
        double *cells = table_row(t);
        if (!cells)
            return 0;
        const char *exact = ordpar_mp_text(result, 2 * row + 1);
        cells[1] = eps_g[row];
        cells[3] = fabs(ordpar_mp_relative_error(eps_g[row], exact));
        table_set_text(t, row, 0, ordpar_mp_text(result, 2 * row));
        table_set_text(t, row, 2, exact);
        if (cells[3] > t->cells[worst * t->n_columns + 3])
            worst = row;
    }
    return worst;
}

/* The summary: one line on standard error, in every case. */
static int judge(const options *parsed, const table *t, size_t worst) {
    const double *row = t->cells + worst * t->n_columns;
    const bool bounded = options_given(parsed, "max-error");
    const bool good = !bounded || row[3] <= parsed->max_error;
    fprintf(stderr,
            "ordpar precision check: largest relative error %.3g at alpha = %.6g, %s = %.3g%s\n",
            row[3], row[0], bounded ? "--max-error" : "10 rtol",
            bounded ? parsed->max_error : 10 * parsed->rtol,
            bounded ? good ? ": agrees" : ": exceeded" : "");
    return good ? EXIT_DONE : EXIT_DISAGREES;
}

/* The start is consumed by the double run, so that one comes last. */
static int check_body(const options *parsed, model *m, const decimal_model *d, table *t) {
    ordpar_mp_result result = {0};
    double *eps_g = malloc((size_t)parsed->alpha.count * sizeof *eps_g);
    int code = eps_g ? run(parsed, d, &result, t) : failure(parsed, "out of memory for the rows");
    if (code < 0 && (code = run_double(parsed, m, d->model.deviations, eps_g)) < 0) {
        const size_t worst = compare(&result, eps_g, t);
        code = write_outputs(parsed, t, 3, "relative error of double precision");
        if (code == EXIT_DONE)
            code = judge(parsed, t, worst);
    }
    free(eps_g);
    ordpar_mp_result_clear(&result);
    return code;
}

static int precision_check(const options *parsed) {
    return with_model(parsed, check_body);
}

/* Options that mean something to one part only. */
static int check_options(const options *parsed, const char *part) {
    static const struct {
        const char *option, *part;
    } owners[] = {{"max-error", "check"}, {"sizes", "map"}};
    for (size_t k = 0; k < sizeof owners / sizeof *owners; k++)
        if (options_given(parsed, owners[k].option) && strcmp(part, owners[k].part) != 0)
            return usage_error(parsed, "--%s: belongs to 'precision %s'", owners[k].option,
                               owners[k].part);
    return decimal_check_options(parsed);
}

int command_precision(const options *parsed) {
    static const struct {
        const char *name;
        int (*run)(const options *);
    } parts[] = {{"curve", precision_curve}, {"check", precision_check}, {"map", precision_map}};
    if (parsed->n_arguments == 0)
        return usage_error(parsed, "needs one of curve, check, map");
    const char *part = parsed->arguments[0];
    int result;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        if (strcmp(part, parts[k].name) != 0)
            continue;
        if ((result = check_options(parsed, part)) >= 0 ||
            (result = output_check(parsed, "output", parsed->output)) >= 0 ||
            (result = plot_check(parsed, parsed->plot)) >= 0)
            return result;
        return parts[k].run(parsed);
    }
    return usage_error(parsed, "'%.80s' must be one of curve, check, map", part);
}
