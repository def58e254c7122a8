// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve.h"

#include "base/number.h"
#include "model/curve_saver.h"
#include "model/finite_n.h"
#include "model/report.h"
#include "model/tasks.h"
#include "solver/motion/gradient.h"
#include "solver/plateau/plateau.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const ordpar_model *model;
    const ordpar_parts *parts;
    ordpar_table *t;         /* NULL: only the trace is wanted */
    double *c;               /* [(K+M)^2] the order parameters of one order */
    double *trace;           /* [3][count] alpha, eps_g, specialisation; NULL: not wanted */
    size_t count;            /* rows of the grid */
    bool unsaved;            /* though it ended */
    size_t first;            /* rows that a checkpoint had */
    ordpar_curve_state *end; /* where it has come to; NULL: not wanted */
    ordpar_curve_saver saver;
} recording;

typedef struct {
    double steps, alpha;
} mark;

/* What ordpar_integrate calls. */
typedef struct {
    const ordpar_model *model;
    const ordpar_curve_watch *watch;
    double end;        /* the last alpha */
    double steps;      /* so far */
    mark before, then; /* some steps ago, the first some more */
    double done;       /* of the work, as was said */
} passing;

static ordpar_status pass(void *context, size_t row, double alpha, double eps_g,
                          const ordpar_overlaps *state, ordpar_error *err) {
    const passing *p = context;
    return p->watch->observer(p->watch->context, row, alpha, eps_g, state, err);
}

static ordpar_status pass_visit(void *context, double alpha, const ordpar_overlaps *state,
                                ordpar_error *err) {
    const ordpar_curve_watch *watch = ((passing *)context)->watch;
    return watch->visit(watch->context, alpha, state, err);
}

/* The part of the work that is done, if steps stay as dense in log alpha as the last ones were. */
static double part_done(passing *p, double alpha) {
    const double dense = (p->steps - p->before.steps) / log(alpha / p->before.alpha);
    const double left = alpha < p->end ? dense * log(p->end / alpha) : 0;
    if (p->steps > 1.2 * p->then.steps + 20) {
        p->before = p->then;
        p->then = (mark){p->steps, alpha};
    }
    if (alpha < 10 * p->before.alpha && left >= 0) /* the first ones are no measure */
        p->done = fmax(p->done, p->steps / (p->steps + left));
    return p->done;
}

static void tick(void *context, double alpha) {
    passing *p = context;
    char text[48];
    p->steps++;
    if (!p->model->progress || !(alpha > 0))
        return;
    ordpar_format(text, sizeof text, "alpha = %.4g", alpha);
    ordpar_model_tell(p->model, part_done(p, alpha), text);
}

ordpar_status ordpar_curve_integrate(const ordpar_model *model, ordpar_parts *parts, size_t count,
                                     const double *alpha, const ordpar_curve_watch *watch,
                                     ordpar_integrate_stats *stats, ordpar_error *err) {
    passing p = {.model = model, .watch = watch, .end = count > 0 ? alpha[count - 1] : 0};
    if (model->origin && count > 0 && !(alpha[0] >= model->origin->head.alpha))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "alpha: must begin at %.17g or later, where %.200s stands, got %.17g",
                           model->origin->head.alpha, model->value.continued, alpha[0]);
    const ordpar_integrate_options options = {.rtol = model->value.rtol,
                                              .atol = model->value.atol,
                                              .trained_blocks = parts->trained_blocks,
                                              .observer = pass,
                                              .tick = tick,
                                              .context = &p,
                                              .start_is_deviation = parts->deviation,
                                              .start_alpha = parts->start_alpha,
                                              .deviations = &parts->deviations,
                                              .visit = watch->visit ? pass_visit : NULL,
                                              .stop = model->stop};
    ordpar_status status = ORDPAR_OK;
    parts->start.heads = ordpar_network_heads(&parts->network);
    if (parts->network.training.eta_v != 0) /* room for trained outputs in the final state */
        status = ordpar_overlaps_set_outputs(&parts->start, parts->network.v, err);
    return status ? status
                  : ordpar_integrate(&parts->spectrum, &parts->network, &parts->start, alpha, count,
                                     &options, stats, err);
}

static bool shows_outputs(const ordpar_model *model, const ordpar_parts *parts) {
    return model->value.moments.count > 0 && parts->network.training.eta_v > 0;
}

/* The columns of the setting `columns`, in this order. */
enum { RATE, NOISE_SCALE, FURTHER };
static const struct {
    const char *name, *column;
} further[FURTHER] = {{"rate", "rate"}, {"noise-scale", "noise_scale"}};

/* Where a name of `columns` ends. */
static size_t name_length(const char *text) {
    return strcspn(text, ",");
}

static bool is_name(const char *text, size_t k) {
    const size_t length = name_length(text);
    return (strlen(further[k].name) == length && strncmp(text, further[k].name, length) == 0) ||
           (strlen(further[k].column) == length && strncmp(text, further[k].column, length) == 0);
}

static bool shows(const ordpar_model *model, size_t k) {
    for (const char *at = model->value.columns; at;
         at = at[name_length(at)] ? at + name_length(at) + 1 : NULL)
        if (is_name(at, k))
            return true;
    return false;
}

static ordpar_status check_columns(const ordpar_model *model, const ordpar_parts *parts,
                                   ordpar_error *err) {
    for (const char *at = model->value.columns; at;
         at = at[name_length(at)] ? at + name_length(at) + 1 : NULL)
        if (!is_name(at, RATE) && !is_name(at, NOISE_SCALE))
            return ordpar_fail(
                err, ORDPAR_INVALID,
                "columns: must be rate, noise-scale or both with a comma, got '%.80s'",
                model->value.columns);
    if (shows(model, NOISE_SCALE) && !parts->network.activation->squared_error_dg_dg)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "columns: noise-scale needs averages of order eta^2, which are not known "
            "for %s",
            parts->network.activation->name);
    return ORDPAR_OK;
}

static void add_columns(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const size_t K = parts->network.K, M = parts->network.M;
    const size_t heads = ordpar_network_heads(&parts->network);
    ordpar_table_columns(t, "alpha,eps_g");
    ordpar_tasks_columns(&parts->network, "eps_g", "", t);
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
    for (size_t i = 0; shows_outputs(model, parts) && i < heads * K; i++)
        if (parts->network.training.tasks.count)
            ordpar_table_column(t, "V%zu_%zu", i % K + 1, i / K + 1);
        else
            ordpar_table_column(t, "V%zu", i + 1);
    for (size_t k = 0; k < FURTHER; k++)
        if (shows(model, k))
            ordpar_table_column(t, "%s", further[k].column);
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
    r->trace[2 * r->count + row] = ordpar_specialisation_signed(
        K, M, r->parts->network.training.tasks.count ? NULL : r->parts->network.w, r->c);
    return ORDPAR_OK;
}

static ordpar_status put_further(const recording *r, const ordpar_overlaps *state, double *cell,
                                 ordpar_error *err) {
    double values[FURTHER];
    const ordpar_status status =
        ordpar_gradient_measure(state, &r->parts->spectrum, &r->parts->network,
                                r->parts->trained_blocks, &values[RATE], &values[NOISE_SCALE], err);
    for (size_t k = 0; k < FURTHER && !status; k++)
        if (shows(r->model, k))
            *cell++ = values[k];
    return status;
}

static ordpar_status put_tasks(const recording *r, const ordpar_overlaps *state, double *cell,
                               ordpar_error *err) {
    const ordpar_network *network = &r->parts->network;
    return network->training.tasks.count
               ? ordpar_overlaps_task_errors(state, &r->parts->spectrum, network, cell, err)
               : ORDPAR_OK;
}

static ordpar_status record_row(recording *r, size_t row, double alpha, double eps_g,
                                const ordpar_overlaps *state, ordpar_error *err) {
    const ordpar_numbers *orders = &r->model->value.moments;
    double *cell = ordpar_table_row(r->t);
    if (!cell)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", row + 1);
    *cell++ = alpha;
    *cell++ = eps_g;
    const ordpar_status task_status = put_tasks(r, state, cell, err);
    if (task_status)
        return task_status;
    cell += r->parts->network.training.tasks.count;
    for (size_t p = 0; p < orders->count; p++) {
        const ordpar_status status =
            ordpar_overlaps_moment(state, &r->parts->spectrum, orders->values[p], r->c, err);
        if (status)
            return status;
        if (orders->values[p] == 1)
            ordpar_network_add_unlearnable(&r->parts->network, r->c);
        cell = put_moment(r, cell);
    }
    if (shows_outputs(r->model, r->parts)) {
        const size_t outputs = ordpar_network_heads(&r->parts->network) * r->parts->network.K;
        memcpy(cell, state->v, outputs * sizeof *cell);
        cell += outputs;
    }
    return r->model->value.columns ? put_further(r, state, cell, err) : ORDPAR_OK;
}

/* A row as a checkpoint holds it: its cells, and with a trace the specialisation. */
static size_t saved_width(const recording *r) {
    return r->t->n_columns + (r->trace ? 1 : 0);
}

static ordpar_status keep_row(const recording *r, size_t row, ordpar_error *err) {
    ordpar_continuation_list *rows = &r->end->head.rows;
    const size_t width = r->t->n_columns;
    const ordpar_status status =
        ordpar_continuation_add(rows, width, r->t->cells + row * width, err);
    return status || !r->trace
               ? status
               : ordpar_continuation_add(rows, 1, &r->trace[2 * r->count + row], err);
}

/* The rows of a checkpoint, which is r->end. */
static ordpar_status take_rows(recording *r, ordpar_error *err) {
    const ordpar_continuation_list *rows = &r->end->head.rows;
    const size_t width = saved_width(r), count = rows->count / width;
    if (rows->count != count * width || count > r->count)
        return ordpar_fail(err, ORDPAR_PARSE, "checkpoint: %.200s: its rows are not complete",
                           r->saver.path);
    for (size_t k = 0; k < count; k++) {
        const double *saved = rows->values + k * width;
        double *cells = ordpar_table_row(r->t);
        if (!cells)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory at row %zu", k + 1);
        memcpy(cells, saved, r->t->n_columns * sizeof *cells);
        for (size_t c = 0; r->trace && c < 3; c++)
            r->trace[c * r->count + k] = saved[c < 2 ? c : width - 1];
    }
    r->first = count;
    return ORDPAR_OK;
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    recording *r = context;
    row += r->first;
    ordpar_status status = r->t ? record_row(r, row, alpha, eps_g, state, err) : ORDPAR_OK;
    if (!status && r->trace)
        status = record_trace(r, row, alpha, eps_g, state, err);
    if (!status && r->end)
        status = ordpar_curve_state_set(r->end, alpha, state, &r->parts->deviations, err);
    return status || !r->saver.path ? status : keep_row(r, row, err);
}

/* Where it may be saved. */
static ordpar_status visit(void *context, double alpha, const ordpar_overlaps *state,
                           ordpar_error *err) {
    recording *r = context;
    const ordpar_status status =
        ordpar_curve_state_set(r->end, alpha, state, &r->parts->deviations, err);
    r->saver.has_state = true;
    return status ? status : ordpar_curve_saver_save(&r->saver, r->end, false, err);
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
    const ordpar_curve_watch watch = {record, r->saver.path ? visit : NULL, r};
    if (!status)
        status = ordpar_curve_integrate(r->model, parts, r->count - r->first, alpha + r->first,
                                        &watch, stats, err);
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
    const ordpar_status status = ordpar_report_measure(report, r->t->n_rows, r->trace,
                                                       r->trace + count, r->trace + 2 * count, err);
    if (!status)
        ordpar_report_facts(report, r->t);
    return status;
}

/* The rows of a run that was stopped, or that ended and could not be saved, are of use. */
static bool is_kept(const recording *r, ordpar_status status) {
    return status && r->t->n_rows > 0 &&
           (r->unsaved || (status == ORDPAR_INTERRUPTED && r->model->value.keep_partial));
}

/* Integrates from where a checkpoint stands, and saves what has come of it. */
static ordpar_status run_saved(recording *r, ordpar_parts *parts, ordpar_integrate_stats *stats,
                               ordpar_error *err) {
    ordpar_error reason;
    ordpar_status status = ordpar_curve_saver_open(r->model, parts, r->end, &r->saver, err);
    if (!status)
        status = take_rows(r, err);
    if (status)
        return status;
    status = run(r, parts, stats, err);
    const bool ended = !status || status == ORDPAR_INTERRUPTED;
    const ordpar_status saved =
        ended ? ordpar_curve_saver_save(&r->saver, r->end, true, &reason) : ORDPAR_OK;
    r->unsaved = saved && !status;
    if (saved) {
        *err = reason;
        status = saved;
    }
    r->end->head.rows.count = 0; /* they are the table's */
    if (is_kept(r, status))
        ordpar_overlaps_copy(&r->end->overlaps, &parts->start);
    return status;
}

static ordpar_status integrate(recording *r, ordpar_parts *parts, ordpar_error *err) {
    const ordpar_model *model = r->model;
    ordpar_report report;
    ordpar_integrate_stats stats;
    ordpar_status status = ordpar_curve_state_begin(model, parts, r->end, err);
    ordpar_report_init(&report);
    if (!status && model->value.report) {
        r->trace = malloc(3 * r->count * sizeof *r->trace);
        status = r->trace ? ordpar_report_predict(&report, model, parts, err)
                          : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", r->count);
    }
    if (!status)
        status = run_saved(r, parts, &stats, err);
    if (!status || is_kept(r, status)) {
        ordpar_curve_facts(model, parts, &stats, r->t);
        ordpar_tasks_outcome(&parts->network, 2, 1, r->t);
        const ordpar_status report_status = measured(model, &report, r, err);
        status = report_status ? report_status : status;
    }
    ordpar_curve_saver_close(&r->saver);
    free(r->trace);
    return status;
}

ordpar_status ordpar_curve_check(const ordpar_model *model, ordpar_error *err) {
    if (!ordpar_model_has_overlaps(model) || !ordpar_model_given(model, "seed") || model->origin)
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
        (status = check_columns(model, parts, err)))
        return status;
    ordpar_parts_facts(model, parts, t);
    ordpar_table_note(t, "tolerances", "rtol = %g, atol = %g (promises on eps_g)",
                      model->value.rtol, model->value.atol);
    ordpar_parts_title(parts, "", t);
    add_columns(model, parts, t);
    if ((status = ordpar_finite_n_parting_fact(parts, t, err)))
        return status;
    const double cells = (double)model->value.alpha.count * (double)t->n_columns;
    return ordpar_model_check_memory(model, parts->spectrum.L, BYTES_PER_CELL * cells, err);
}

static ordpar_status compute(const ordpar_model *model, ordpar_table *t, ordpar_curve_state *end,
                             ordpar_error *err) {
    ordpar_parts parts = {0};
    recording r = {.model = model,
                   .parts = &parts,
                   .t = t,
                   .count = (size_t)model->value.alpha.count,
                   .end = end};
    ordpar_status status = begin(model, &parts, t, err);
    if (!status)
        status = integrate(&r, &parts, err);
    ordpar_parts_clear(&parts);
    if (!is_kept(&r, status)) {
        if (status)
            ordpar_table_clear(t);
        return status;
    }
    const ordpar_error reason = err ? *err : (ordpar_error){{0}};
    return ordpar_fail(err, status, "%.380s; %zu of %zu rows were complete and are written",
                       r.unsaved ? reason.message : "interrupted", t->n_rows, r.count);
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
