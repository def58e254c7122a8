// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve.h"

#include "model/compute.h"
#include "model/curve_columns.h"
#include "model/curve_fluctuations.h"
#include "model/curve_saver.h"
#include "model/finite_n.h"
#include "model/report.h"
#include "model/tasks.h"
#include "solver/plateau/plateau.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    ordpar_curve_cells cells; /* cells.t NULL: only the trace is wanted */
    double *alpha;            /* [count] the grid */
    double *trace;            /* [3][count] alpha, eps_g, specialisation; NULL: not wanted */
    size_t count;             /* rows of the grid */
    size_t first;             /* rows that a checkpoint had */
    bool unsaved;             /* though it ended */
    ordpar_curve_state *end;  /* where it has come to; NULL: not wanted */
    ordpar_curve_saver saver;
} recording;

static ordpar_status record_trace(recording *r, size_t row, double alpha, double eps_g,
                                  const ordpar_overlaps *state, ordpar_error *err) {
    const size_t K = r->cells.parts->network.K, M = r->cells.parts->network.M, n = K + M;
    const ordpar_status status =
        ordpar_overlaps_moment(state, &r->cells.parts->spectrum, 1, r->cells.c, err);
    if (status)
        return status;
    for (size_t i = 0; i < K; i++) /* R in place: no entry moves to a later one */
        memmove(r->cells.c + i * M, r->cells.c + i * n + K, M * sizeof *r->cells.c);
    r->trace[row] = alpha;
    r->trace[r->count + row] = eps_g;
    r->trace[2 * r->count + row] = ordpar_specialisation_signed(
        K, M, r->cells.parts->network.training.tasks.count ? NULL : r->cells.parts->network.w,
        r->cells.c);
    return ORDPAR_OK;
}

/* A row as a checkpoint holds it: its cells, and with a trace the specialisation. */
static size_t saved_width(const recording *r) {
    return r->cells.t->n_columns + (r->trace ? 1 : 0);
}

static ordpar_status keep_row(const recording *r, size_t row, ordpar_error *err) {
    ordpar_continuation_list *rows = &r->end->head.rows;
    const size_t width = r->cells.t->n_columns;
    const ordpar_status status =
        ordpar_continuation_add(rows, width, r->cells.t->cells + row * width, err);
    return status || !r->trace
               ? status
               : ordpar_continuation_add(rows, 1, &r->trace[2 * r->count + row], err);
}

/* The rows of a checkpoint, which is r->end. */
static ordpar_status take_rows(recording *r, ordpar_error *err) {
    const ordpar_continuation_list *rows = &r->end->head.rows;
    const size_t width = saved_width(r), count = rows->count / width;
    const double step = r->cells.parts->network.training.batch_fraction > 0 ? 1 : 0;
    const bool lacks = count < r->count && r->saver.has_state && /* rows that it has come past */
                       r->end->head.alpha > r->alpha[count] + step;
    if (rows->count != count * width || count > r->count || lacks)
        return ordpar_fail(err, ORDPAR_PARSE, "checkpoint: %.200s: its rows are not complete",
                           r->saver.path);
    for (size_t k = 0; k < count; k++) {
        const double *saved = rows->values + k * width;
        double *cells = ordpar_table_row(r->cells.t);
        if (!cells)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", k + 1);
        memcpy(cells, saved, r->cells.t->n_columns * sizeof *cells);
        for (size_t c = 0; r->trace && c < 3; c++)
            r->trace[c * r->count + k] = saved[c < 2 ? c : width - 1];
    }
    r->first = count;
    return ORDPAR_OK;
}

/* The state of a row is long; of those that nobody asks for until the run has ended, only the last.
 */
static bool is_wanted(const recording *r, size_t row) {
    return r->end && (r->saver.path || r->cells.model->value.keep_partial || row + 1 == r->count);
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    recording *r = context;
    row += r->first;
    ordpar_status status =
        r->cells.t ? ordpar_curve_row(&r->cells, row, alpha, eps_g, state, err) : ORDPAR_OK;
    if (!status && r->trace)
        status = record_trace(r, row, alpha, eps_g, state, err);
    if (!status && is_wanted(r, row))
        status = ordpar_curve_state_set(r->end, alpha, state, &r->cells.parts->deviations, err);
    return status || !r->saver.path ? status : keep_row(r, row, err);
}

/* Where it may be saved. */
static ordpar_status visit(void *context, double alpha, const ordpar_overlaps *state,
                           ordpar_error *err) {
    recording *r = context;
    const ordpar_status status =
        ordpar_curve_state_set(r->end, alpha, state, &r->cells.parts->deviations, err);
    r->saver.has_state = true;
    return status ? status : ordpar_curve_saver_save(&r->saver, r->end, false, err);
}

static ordpar_status measured(const ordpar_model *model, ordpar_report *report, recording *r,
                              ordpar_error *err) {
    const size_t count = r->count;
    if (!model->value.report)
        return ORDPAR_OK;
    const ordpar_status status = ordpar_report_measure(report, r->cells.t->n_rows, r->trace,
                                                       r->trace + count, r->trace + 2 * count, err);
    if (!status)
        ordpar_report_facts(report, r->cells.t);
    return status;
}

/* The rows of a run that was stopped or diverged, or that ended and could not be saved, are of use.
 */
static bool is_kept(const recording *r, ordpar_status status) {
    return status && r->cells.t->n_rows > 0 &&
           (r->unsaved || ordpar_keeps_rows(r->cells.model, status));
}

/* What is known where the run ends before its last row. */
static ordpar_status end_partly(const recording *r, ordpar_status status, ordpar_error *err) {
    ordpar_table *t = r->cells.t;
    const ordpar_error reason = err ? *err : (ordpar_error){{0}};
    const size_t rows = t->n_rows;
    if (is_kept(r, status)) {
        ordpar_table_partial(t, status, rows, r->count);
        if (r->cells.model->trial)
            return status;
        return ordpar_fail(err, status, "%.430s; %zu of %zu rows were complete and are written",
                           reason.message, rows, r->count);
    }
    ordpar_table_clear(t);
    const bool ended = status == ORDPAR_DIVERGED || status == ORDPAR_NUMERICAL;
    return rows > 0 && ended && !r->cells.model->trial
               ? ordpar_fail(err, status, "%.430s; keep-partial writes the %zu of %zu rows before",
                             reason.message, rows, r->count)
               : status;
}

/* The caller ends it, zeroed before, in every case. */
static ordpar_status begin_recording(recording *r, const ordpar_model *model, ordpar_parts *parts,
                                     ordpar_error *err) {
    const size_t n = parts->network.K + parts->network.M;
    r->cells.model = model;
    r->cells.parts = parts;
    r->count = (size_t)model->value.alpha.count;
    r->cells.c = malloc(n * n * sizeof *r->cells.c);
    return r->cells.c ? ordpar_grid_values(&model->value.alpha, &r->alpha, err)
                      : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
}

static void end_recording(recording *r) {
    ordpar_curve_saver_close(&r->saver);
    free(r->cells.c);
    free(r->alpha);
}

ordpar_status ordpar_curve_trace(const ordpar_model *model, ordpar_parts *parts, double *trace,
                                 ordpar_integrate_stats *stats, ordpar_error *err) {
    recording r = {.trace = trace};
    ordpar_status status = begin_recording(&r, model, parts, err);
    if (!status)
        status = ordpar_curve_integrate(model, parts, r.count, r.alpha,
                                        &(ordpar_curve_watch){record, NULL, &r}, stats, err);
    end_recording(&r);
    return status;
}

/* Where a checkpoint stands, if there is one, with its rows. */
static ordpar_status resume(recording *r, ordpar_parts *parts, ordpar_error *err) {
    const ordpar_status status =
        ordpar_curve_saver_open(r->cells.model, parts, r->end, &r->saver, err);
    return status ? status : take_rows(r, err);
}

/* Saves what has come of a run that ended with status; err tells of the last thing that failed. */
static ordpar_status save(recording *r, ordpar_parts *parts, ordpar_status status,
                          ordpar_error *err) {
    ordpar_error reason;
    const bool ended = !status || status == ORDPAR_INTERRUPTED;
    const ordpar_status saved =
        ended ? ordpar_curve_saver_save(&r->saver, r->end, true, &reason) : ORDPAR_OK;
    r->unsaved = saved && !status;
    if (status == ORDPAR_INTERRUPTED && !saved && r->saver.path && r->saver.has_state) {
        reason = *err;
        ordpar_fail(err, status, "%.300s; %.150s goes on from alpha = %.6g", reason.message,
                    r->saver.path, r->end->head.alpha);
    }
    if (saved && status == ORDPAR_INTERRUPTED) {
        const ordpar_error first = *err;
        ordpar_fail(err, status, "%.120s; %.300s", first.message, reason.message);
    } else if (saved) {
        *err = reason;
        status = saved;
    }
    r->end->head.rows.count = 0; /* they are the table's */
    if (is_kept(r, status))
        ordpar_overlaps_copy(&r->end->overlaps, &parts->start);
    return status;
}

static ordpar_status predict(recording *r, ordpar_parts *parts, ordpar_report *report,
                             ordpar_error *err) {
    ordpar_report_init(report);
    if (!r->cells.model->value.report)
        return ORDPAR_OK;
    r->trace = malloc(3 * r->count * sizeof *r->trace);
    return r->trace ? ordpar_report_predict(report, r->cells.model, parts, r->cells.t, err)
                    : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", r->count);
}

static ordpar_status integrate(recording *r, ordpar_parts *parts, ordpar_error *err) {
    const ordpar_model *model = r->cells.model;
    ordpar_table *t = r->cells.t;
    ordpar_report report;
    ordpar_integrate_stats stats;
    ordpar_status status = ordpar_curve_state_begin(model, parts, r->end, err);
    if (!status)
        status = predict(r, parts, &report, err);
    if (!status && !(status = resume(r, parts, err))) {
        const ordpar_curve_watch watch = {record, r->saver.path ? visit : NULL, r};
        status = ordpar_curve_integrate(model, parts, r->count - r->first, r->alpha + r->first,
                                        &watch, &stats, err);
        status = save(r, parts, status, err);
        if (!status || is_kept(r, status)) {
            ordpar_curve_facts(model, parts, &stats, t);
            ordpar_tasks_outcome(&parts->network, 2, 1, t);
            const ordpar_status report_status = measured(model, &report, r, err);
            status = report_status ? report_status : status;
        }
    }
    free(r->trace);
    return status;
}

ordpar_status ordpar_curve_check(const ordpar_model *model, ordpar_error *err) {
    if (!ordpar_model_has_overlaps(model) || !ordpar_model_given(model, "seed") || model->origin ||
        ordpar_model_is_alike(model, "seed")) /* that is of the examples, too */
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "overlaps: %.200s takes the place of seed; give one or the other",
                       model->value.overlaps ? model->value.overlaps : "it");
}

static ordpar_status begin(const ordpar_model *model, ordpar_parts *parts, ordpar_table *t,
                           ordpar_error *err) {
    enum { BYTES_PER_CELL = 48 }; /* as a number and as text, while both grow */
    ordpar_status status = ordpar_curve_check(model, err);
    if (status || (status = ordpar_tasks_check_curve(model, err)) ||
        (status = ordpar_parts_for_equations(model, true, parts, err)) ||
        (status = ordpar_curve_check_columns(model, parts, err)))
        return status;
    ordpar_parts_facts(model, parts, t);
    ordpar_curve_tolerances_note(model, parts, t);
    ordpar_curve_columns(model, parts, t);
    if (!parts->labels.outputs && !model->value.small_eta)
        ordpar_finite_n_divergence_fact(parts, t);
    if ((status = ordpar_table_begun(t, err)) ||
        (status = ordpar_finite_n_parting_fact(parts, t, err)))
        return status;
    const double cells = (double)model->value.alpha.count * (double)t->n_columns;
    return ordpar_model_check_memory(model, parts->spectrum.L, BYTES_PER_CELL * cells, err);
}

static ordpar_status compute(const ordpar_model *model, ordpar_table *t, ordpar_curve_state *end,
                             ordpar_error *err) {
    ordpar_parts parts = {0};
    recording r = {.cells.t = t, .end = end};
    double *fluctuations = NULL;
    ordpar_status status = begin(model, &parts, t, err);
    if (!status && model->value.fluctuations)
        status = ordpar_curve_fluctuations(model, &parts, t, &fluctuations, err);
    r.cells.fluctuations = fluctuations;
    if (!status && !(status = begin_recording(&r, model, &parts, err)))
        status = integrate(&r, &parts, err);
    end_recording(&r);
    free(fluctuations);
    ordpar_parts_clear(&parts);
    return status ? end_partly(&r, status, err) : ORDPAR_OK;
}

ordpar_status ordpar_compute_curve(const ordpar_model *model, ordpar_table *t,
                                   ordpar_curve_state *end, ordpar_error *err) {
    ordpar_curve_state unused = {0};
    ordpar_model *own = NULL;
    ordpar_status status = ordpar_model_resolve(model, &own, err);
    if (!status)
        status = ordpar_model_given(model, "runs")
                     ? ordpar_curve_runs(own ? own : model, t, err)
                     : compute(own ? own : model, t, end ? end : &unused, err);
    ordpar_curve_state_clear(&unused);
    ordpar_model_free(own);
    return status;
}
