// SPDX-License-Identifier: GPL-3.0-or-later
/* The curves from many drawn starts. */
#include "base/number.h"
#include "model/curve.h"
#include "model/finite_n.h"
#include "model/report.h"
#include "model/tasks.h"
#include "validation/compare/theory.h"

#include <stdlib.h>
#include <string.h>

/* What belongs to one curve, and what leaves nothing to be drawn. */
static ordpar_status check(const ordpar_model *model, ordpar_error *err) {
    static const char *const others[] = {"moments",       "columns",    "fluctuations",
                                         "save-overlaps", "checkpoint", "keep-partial"};
    const ordpar_values *v = &model->value;
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (ordpar_model_given(model, others[k]) &&
            strcmp(ordpar_model_text(model, others[k]), "no") != 0)
            return ordpar_fail(err, ORDPAR_INVALID, "%s: is for one curve; leave out runs",
                               others[k]);
    if (model->origin || ordpar_model_has_overlaps(model))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "runs: all would start from the same overlaps; leave it out");
    if (v->labels && strcmp(v->activation, "linear") == 0)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "runs: with labels the curve of linear students is the mean over starts; "
            "leave it out");
    if (v->init == ORDPAR_INIT_MEAN && v->teacher == ORDPAR_TEACHER_MEAN)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "runs: nothing is drawn with the mean init and the mean teacher");
    return ordpar_tasks_check_curve(model, err);
}

static ordpar_status check_memory(const ordpar_model *model, const ordpar_parts *parts,
                                  ordpar_error *err) {
    const size_t L = parts->spectrum.L;
    const double threads = (double)ordpar_model_threads(model);
    const double curves = 1 + (double)parts->network.training.tasks.count;
    const double cells =
        (double)model->value.alpha.count * curves * ((double)model->value.runs + 16);
    return ordpar_model_check_memory(
        model, L,
        sizeof(double) * cells +
            threads * ordpar_integrate_bytes(&parts->network, L, ordpar_model_integrator(model)),
        err);
}

static void add_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const int64_t runs = model->value.runs;
    ordpar_parts_facts(model, parts, t);
    ordpar_curve_tolerances_note(model, parts, t);
    ordpar_table_fact(t, "starts", (double)runs,
                      "%lld, those of simulate and compare with this seed; eps_g is their mean, "
                      "sd_starts the standard deviation of one, q05, q50, q95 are quantiles%s",
                      (long long)runs,
                      model->value.teacher_seed >= 0 ? "; all have one teacher" : "");
}

static ordpar_status fill(const ordpar_model *model, const ordpar_network *network,
                          const double *alpha, double *theory, ordpar_table *t, ordpar_error *err) {
    const size_t runs = (size_t)model->value.runs, tasks = network->training.tasks.count;
    for (size_t k = 0; k < (size_t)model->value.alpha.count; k++) {
        double *values = theory + k * (1 + tasks) * runs;
        const ordpar_scatter s = ordpar_scatter_of(values, runs);
        double *cell = ordpar_table_row(t);
        if (!cell)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", k + 1);
        *cell++ = alpha[k];
        *cell++ = s.mean;
        *cell++ = s.standard_deviation;
        memcpy(cell, s.quantile, sizeof s.quantile);
        cell += sizeof s.quantile / sizeof *s.quantile;
        for (size_t task = 1; task <= tasks; task++)
            *cell++ = ordpar_scatter_of(values + task * runs, runs).mean;
    }
    return ORDPAR_OK;
}

static void tell(void *context, size_t done, size_t count) {
    char text[64];
    ordpar_format(text, sizeof text, "start %zu of %zu", done, count);
    ordpar_model_tell(context, (double)done / (double)count, text);
}

static ordpar_status integrate(const ordpar_model *model, const ordpar_parts *parts,
                               ordpar_table *t, ordpar_error *err) {
    const size_t runs = (size_t)model->value.runs, count = (size_t)model->value.alpha.count;
    const ordpar_simulation simulation = ordpar_parts_simulation(model, parts);
    ordpar_integrate_stats stats;
    const ordpar_theory_options options = {.against = ORDPAR_AGAINST_ODE,
                                           .rtol = model->value.rtol,
                                           .atol = model->value.atol,
                                           .integrator = ordpar_model_integrator(model),
                                           .threads = (int)model->value.threads,
                                           .stop = model->stop,
                                           .progress = tell,
                                           .context = (void *)model,
                                           .at_alpha = true,
                                           .stats = &stats};
    const size_t curves = ordpar_simulation_curves(&simulation);
    double *alpha = NULL, *theory = malloc(count * curves * runs * sizeof *theory);
    ordpar_status status =
        theory ? ordpar_grid_values(&model->value.alpha, &alpha, err)
               : ordpar_fail(err, ORDPAR_MEMORY, "runs: out of memory for %zu rows of %zu runs",
                             count, runs);
    if (!status)
        status = ordpar_theory_curves(&simulation, alpha, count, runs, &options, theory, err);
    if (!status)
        ordpar_curve_runs_facts(model, parts, &stats, t);
    if (!status)
        status = fill(model, &parts->network, alpha, theory, t, err);
    free(alpha);
    free(theory);
    return status;
}

/* On the mean. */
static ordpar_status measure(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t,
                             ordpar_error *err) {
    ordpar_report r;
    const size_t rows = t->n_rows;
    double *trace = model->value.report ? malloc(2 * rows * sizeof *trace) : NULL;
    if (!model->value.report)
        return ORDPAR_OK;
    if (!trace)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", rows);
    for (size_t c = 0; c < 2; c++)
        for (size_t k = 0; k < rows; k++)
            trace[c * rows + k] = t->cells[k * t->n_columns + c];
    ordpar_report_init(&r);
    r.of_runs = model->value.runs > 1;
    ordpar_status status = ordpar_report_predict(&r, model, parts, t, err);
    if (!status)
        status = ordpar_report_measure(&r, rows, trace, trace + rows, NULL, err);
    if (!status)
        ordpar_report_facts(&r, t);
    free(trace);
    return status;
}

ordpar_status ordpar_curve_runs(const ordpar_model *model, ordpar_table *t, ordpar_error *err) {
    ordpar_parts parts = {0};
    ordpar_status status = check(model, err);
    if (!status && !(status = ordpar_parts_for_equations(model, false, &parts, err)) &&
        !(status = check_memory(model, &parts, err))) {
        add_facts(model, &parts, t);
        ordpar_table_columns(t, "alpha,eps_g,sd_starts,q05,q50,q95");
        ordpar_tasks_columns(&parts.network, "eps_g", "", t);
        if (!model->value.small_eta)
            ordpar_finite_n_divergence_fact(&parts, t);
        if (!(status = ordpar_table_begun(t, err)) &&
            !(status = ordpar_finite_n_parting_fact(&parts, t, err)))
            status = integrate(model, &parts, t, err);
        if (!status)
            status = measure(model, &parts, t, err);
        if (!status)
            ordpar_tasks_outcome(&parts.network, 6, 1, t);
    }
    if (status)
        ordpar_table_clear(t);
    ordpar_parts_clear(&parts);
    return status;
}
