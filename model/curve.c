// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve.h"

#include "base/number.h"
#include "model/finite_n.h"
#include "model/phase.h"
#include "model/report.h"
#include "solver/plateau/plateau.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_model *model;
    const ordpar_parts *parts;
    ordpar_table *t; /* NULL: only the trace is wanted */
    double *c;       /* [(K+M)^2] the order parameters of one order */
    double *trace;   /* [3][count] alpha, eps_g, specialisation; NULL: not wanted */
    size_t count;    /* rows of the grid */
} recording;

/* What ordpar_integrate calls. */
typedef struct {
    const ordpar_model *model;
    ordpar_curve_observer observer;
    void *context;
    size_t rows, count;
} passing;

static ordpar_status pass(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    passing *p = context;
    p->rows = row + 1;
    return p->observer(p->context, row, alpha, eps_g, state, err);
}

static void tick(void *context, double alpha) {
    const passing *p = context;
    char text[48];
    if (!p->model->progress)
        return;
    ordpar_format(text, sizeof text, "alpha = %.4g", alpha);
    ordpar_model_tell(p->model, (double)p->rows / (double)p->count, text);
}

ordpar_status ordpar_curve_integrate(const ordpar_model *model, ordpar_parts *parts, size_t count,
                                     const double *alpha, ordpar_curve_observer observer,
                                     void *context, ordpar_integrate_stats *stats,
                                     ordpar_error *err) {
    passing p = {model, observer, context, 0, count};
    const ordpar_integrate_options options = {.rtol = model->value.rtol,
                                              .atol = model->value.atol,
                                              .trained_blocks = parts->trained_blocks,
                                              .observer = pass,
                                              .tick = tick,
                                              .context = &p,
                                              .start_is_deviation = parts->deviation,
                                              .stop = model->stop};
    ordpar_status status = ORDPAR_OK;
    if (parts->network.training.eta_v != 0) /* room for trained outputs in the final state */
        status = ordpar_overlaps_set_outputs(&parts->start, parts->network.v, err);
    return status ? status
                  : ordpar_integrate(&parts->spectrum, &parts->network, &parts->start, alpha, count,
                                     &options, stats, err);
}

static bool shows_outputs(const ordpar_model *model, const ordpar_parts *parts) {
    return model->value.moments.count > 0 && parts->network.training.eta_v > 0;
}

static void add_columns(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const size_t K = parts->network.K, M = parts->network.M;
    ordpar_table_columns(t, "alpha,eps_g");
    for (size_t p = 0; p < model->value.moments.count; p++) {
        const int order = (int)model->value.moments.values[p];
        for (size_t i = 1; i <= K; i++)
            for (size_t j = i; j <= K; j++)
                ordpar_table_column(t, "Q%d_%zu_%zu", order, i, j);
        for (size_t i = 1; i <= K; i++)
            for (size_t n = 1; n <= M; n++)
                ordpar_table_column(t, "R%d_%zu_%zu", order, i, n);
        for (size_t n = 1; n <= M; n++)
            for (size_t k = n; k <= M; k++)
                ordpar_table_column(t, "T%d_%zu_%zu", order, n, k);
    }
    for (size_t i = 1; shows_outputs(model, parts) && i <= K; i++)
        ordpar_table_column(t, "V%zu", i);
}

/* The cells of one order, in the order of add_columns. */
static double *put_moment(const recording *r, double *cell) {
    const size_t K = r->parts->network.K, n = K + r->parts->network.M;
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            *cell++ = r->c[i * n + j];
    for (size_t i = 0; i < K; i++)
        for (size_t k = K; k < n; k++)
            *cell++ = r->c[i * n + k];
    for (size_t k = K; k < n; k++)
        for (size_t l = k; l < n; l++)
            *cell++ = r->c[k * n + l];
    return cell;
}

static ordpar_status record_trace(recording *r, size_t row, double alpha, double eps_g,
                                  const ordpar_overlaps *state, ordpar_error *err) {
    const size_t K = r->parts->network.K, M = r->parts->network.M, n = K + M;
    const ordpar_status status = ordpar_overlaps_moment(state, &r->parts->spectrum, 1, r->c, err);
    if (status)
        return status;
    for (size_t i = 0; i < K; i++) /* R in place: no entry moves to a later one */
        memmove(r->c + i * M, r->c + i * n + K, M * sizeof *r->c);
    r->trace[row] = alpha;
    r->trace[r->count + row] = eps_g;
    r->trace[2 * r->count + row] = ordpar_specialisation_signed(K, M, r->parts->network.w, r->c);
    return ORDPAR_OK;
}

static ordpar_status record_row(recording *r, size_t row, double alpha, double eps_g,
                                const ordpar_overlaps *state, ordpar_error *err) {
    const ordpar_numbers *orders = &r->model->value.moments;
    double *cell = ordpar_table_row(r->t);
    if (!cell)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", row + 1);
    *cell++ = alpha;
    *cell++ = eps_g;
    for (size_t p = 0; p < orders->count; p++) {
        const ordpar_status status =
            ordpar_overlaps_moment(state, &r->parts->spectrum, orders->values[p], r->c, err);
        if (status)
            return status;
        if (orders->values[p] == 1)
            ordpar_network_add_unlearnable(&r->parts->network, r->c);
        cell = put_moment(r, cell);
    }
    if (shows_outputs(r->model, r->parts))
        memcpy(cell, state->v, r->parts->network.K * sizeof *cell);
    return ORDPAR_OK;
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    recording *r = context;
    const ordpar_status status = r->t ? record_row(r, row, alpha, eps_g, state, err) : ORDPAR_OK;
    return status || !r->trace ? status : record_trace(r, row, alpha, eps_g, state, err);
}

static void limit_fact(const ordpar_model *model, const ordpar_integrate_stats *stats,
                       ordpar_table *t) {
    const double limit = stats->rounding_limit, promised = 10 * model->value.rtol;
    if (stats->tied_students || stats->tied_teachers)
        ordpar_table_note(t, "symmetry",
                          "%zu students start the same as others, %zu teachers are not told apart: "
                          "the equations keep them so for ever; runs at finite N keep students "
                          "that have the very same weights, no others",
                          stats->tied_students, stats->tied_teachers);
    if (limit > promised)
        ordpar_table_fact(t, "limit", limit,
                          "a saddle amplifies rounding to a relative error of eps_g up to about "
                          "%.1g, more than the promised %.1g",
                          limit, promised);
}

/* parts->start is where the curve ended; the teacher's fields are those of the whole run. */
static void averages_fact(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const double promised = 10 * model->value.rtol;
    ordpar_average_errors errors;
    if (ordpar_overlaps_average_errors(&parts->start, &parts->spectrum, &parts->network, &errors,
                                       NULL) ||
        fmax(errors.gg, errors.dg_dg) <= promised)
        return;
    ordpar_table_fact(t, "averages", errors.gg,
                      "by quadrature, which for fields of this variance is off by a relative %.1g "
                      "in eps_g and %.1g in the rates, more than the promised %.1g",
                      errors.gg, errors.dg_dg, promised);
}

/* The absolute error of eps_g, of overlaps that cancel. */
static void note_noise(const ordpar_model *model, const ordpar_integrate_stats *stats,
                       ordpar_table *t) {
    if (stats->noise > 10 * model->value.atol)
        ordpar_table_fact(t, "coordinates", stats->noise, "overlaps: eps_g below %.1g is noise",
                          stats->noise);
    else
        ordpar_table_note(t, "coordinates", "overlaps: eps_g below 10 atol is noise");
}

static void integrator_facts(const ordpar_model *model, const ordpar_parts *parts,
                             const ordpar_integrate_stats *stats, ordpar_table *t) {
    ordpar_table_fact(t, "integrator", (double)stats->steps,
                      "%ld steps, %ld right-hand sides, %ld Newton iterations, %ld setups",
                      stats->steps, stats->rhs, stats->newton_iterations, stats->setups);
    averages_fact(model, parts, t);
    ordpar_phase_facts(model, parts, t);
    if (stats->deviations_from < INFINITY)
        ordpar_table_fact(t, "coordinates", stats->deviations_from,
                          "deviations from the teacher from alpha = %.6g on: eps_g is right "
                          "relatively there, however small",
                          stats->deviations_from);
    else
        note_noise(model, stats, t);
    limit_fact(model, stats, t);
}

/* The model's grid and the scratch of a recording; *alpha is the caller's to free. */
static ordpar_status run(recording *r, ordpar_parts *parts, ordpar_integrate_stats *stats,
                         ordpar_error *err) {
    const size_t n = parts->network.K + parts->network.M;
    double *alpha = NULL;
    ordpar_status status = ordpar_grid_values(&r->model->value.alpha, &alpha, err);
    r->c = malloc(n * n * sizeof *r->c);
    if (!status && !r->c)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    if (!status)
        status = ordpar_curve_integrate(r->model, parts, r->count, alpha, record, r, stats, err);
    free(r->c);
    free(alpha);
    return status;
}

ordpar_status ordpar_curve_trace(const ordpar_model *model, ordpar_parts *parts, double *trace,
                                 ordpar_integrate_stats *stats, ordpar_error *err) {
    recording r = {
        .model = model, .parts = parts, .trace = trace, .count = (size_t)model->value.alpha.count};
    return run(&r, parts, stats, err);
}

static ordpar_status measured(const ordpar_model *model, ordpar_report *report, recording *r,
                              ordpar_error *err) {
    const size_t count = r->count;
    if (!model->value.report)
        return ORDPAR_OK;
    const ordpar_status status =
        ordpar_report_measure(report, count, r->trace, r->trace + count, r->trace + 2 * count, err);
    if (!status)
        ordpar_report_facts(report, r->t);
    return status;
}

static ordpar_status integrate(const ordpar_model *model, ordpar_parts *parts, ordpar_table *t,
                               ordpar_error *err) {
    recording r = {
        .model = model, .parts = parts, .t = t, .count = (size_t)model->value.alpha.count};
    ordpar_report report;
    ordpar_integrate_stats stats;
    ordpar_status status = ORDPAR_OK;
    ordpar_report_init(&report);
    if (model->value.report) {
        r.trace = malloc(3 * r.count * sizeof *r.trace);
        status = r.trace ? ordpar_report_predict(&report, model, parts, err)
                         : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", r.count);
    }
    if (!status && !(status = run(&r, parts, &stats, err))) {
        integrator_facts(model, parts, &stats, t);
        status = measured(model, &report, &r, err);
    }
    free(r.trace);
    return status;
}

ordpar_status ordpar_curve_check(const ordpar_model *model, ordpar_error *err) {
    if (!ordpar_model_has_overlaps(model) || !ordpar_model_given(model, "seed"))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "overlaps: %.200s takes the place of seed; give one or the other",
                       model->value.overlaps ? model->value.overlaps : "it");
}

ordpar_status ordpar_compute_curve(const ordpar_model *model, ordpar_table *t, ordpar_overlaps *end,
                                   ordpar_error *err) {
    enum { BYTES_PER_CELL = 48 }; /* as a number and as text, while both grow */
    ordpar_parts parts = {0};
    ordpar_status status = ordpar_curve_check(model, err);
    if (!status && !(status = ordpar_parts_for_equations(model, true, &parts, err))) {
        ordpar_parts_facts(model, &parts, t);
        ordpar_table_note(t, "tolerances", "rtol = %g, atol = %g (promises on eps_g)",
                          model->value.rtol, model->value.atol);
        ordpar_parts_title(&parts, "", t);
        add_columns(model, &parts, t);
        status = ordpar_finite_n_parting_fact(&parts, t, err);
    }
    if (!status) {
        const double cells = (double)model->value.alpha.count * (double)t->n_columns;
        status = ordpar_model_check_memory(model, parts.spectrum.L, BYTES_PER_CELL * cells, err);
    }
    if (!status)
        status = integrate(model, &parts, t, err);
    if (!status && end) {
        *end = parts.start;
        parts.start = (ordpar_overlaps){0};
    }
    ordpar_parts_clear(&parts);
    return status;
}
