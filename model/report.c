// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report.h"

#include "base/number.h"
#include "model/compute.h"
#include "model/phase.h"
#include "model/start_facts.h"
#include "solver/motion/linear_reduction.h"
#include "solver/plateau/measure.h"
#include "solver/plateau/prediction.h"
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/linear_continuum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[ORDPAR_REPORT_ROWS] = {"plateau height", "plateau entry",
                                                      "plateau exit",   "plateau length",
                                                      "escape rate",    "decay exponent"};

void ordpar_report_init(ordpar_report *r) {
    for (size_t k = 0; k < ORDPAR_REPORT_ROWS; k++)
        r->rows[k].measured = r->rows[k].stderr_ = r->rows[k].predicted = r->rows[k].begin =
            r->rows[k].end = NAN;
    r->model_known = r->specialises = r->of_runs = false;
    r->window_begin = r->pace = 0;
    r->K = r->M = 0;
    *r->missing = '\0';
    r->window_end = INFINITY;
}

/* Where a run goes on its start is another one: what is left of the plateau is counted from there,
 * unless it has ended, which it does up to so many escape times before all are specialised. */
static double length_from_0(const ordpar_model *model, const ordpar_prediction *p) {
    const double before = 1.5;
    if (!model->origin)
        return p->length;
    return p->length * p->rate > before ? model->origin->head.alpha + p->length : NAN;
}

/* The plateau of the start's teacher at all orders, or lowest under small-eta. */
static ordpar_status predict_plateau(ordpar_report *r, const ordpar_model *model,
                                     const ordpar_parts *parts) {
    const ordpar_network *n = &parts->network;
    const size_t K = n->K, M = n->M;
    ordpar_prediction p = {0};
    double start;
    if (!ordpar_network_has(n, &ordpar_activation_erf) ||
        parts->trained_blocks < parts->spectrum.L ||
        model->value.init == ORDPAR_INIT_NEAR_TEACHER || K < 2 || M < 2)
        return ORDPAR_OK;
    ordpar_status status =
        ordpar_predict_plateau(&parts->spectrum, n, parts->start.t, false, &p, NULL);
    if (!status)
        r->rows[ORDPAR_REPORT_HEIGHT].predicted = p.at.eps_g;
    if (!status)
        status = ordpar_start_specialisation(&parts->spectrum, &parts->start, n->w, &start, NULL);
    if (!status && !(status = ordpar_predict_escape(&parts->spectrum, n, start, &p, NULL))) {
        r->rows[ORDPAR_REPORT_RATE].predicted = p.rate;
        r->rows[ORDPAR_REPORT_LENGTH].predicted = length_from_0(model, &p);
    }
    ordpar_prediction_clear(&p);
    return status;
}

/* Where all modes of the model show the power law; false where none is predicted. */
static bool predict_window(const ordpar_model *model, const ordpar_parts *parts,
                           ordpar_scaling_window *window) {
    const ordpar_network *n = &parts->network;
    ordpar_power_law law;
    if (!ordpar_model_is_power_law(model) || model->value.trainable >= 0 || n->unlearnable ||
        parts->spectrum.L < 2 || !ordpar_teacher_slope_fits(model, parts) ||
        !ordpar_phase_decays(model, parts) || !ordpar_phase_law(model, n, &law))
        return false;
    if (ordpar_network_has(n, &ordpar_activation_linear)) {
        *window = ordpar_linear_window(&law, ordpar_linear_effective_eta(n), 1);
        window->slope = ordpar_power_law_slope(&law, !n->small_eta);
        return true;
    }
    const ordpar_erf_site site = {n->M, n->v[0], ordpar_phase_variance(parts), 1};
    *window = ordpar_erf_window(&law, &site, n->eta);
    window->slope = ordpar_power_law_slope(&law, !n->small_eta);
    return window->begin < window->end;
}

/* Predictions are of run 1, from which others differ in the start, and in a drawn teacher, unless
 * both were given. */
static void leave_out_own(ordpar_report *r, const ordpar_model *model, ordpar_table *t) {
    const bool one_teacher =
        model->value.teacher == ORDPAR_TEACHER_MEAN || model->value.teacher_seed >= 0;
    const bool one_start = ordpar_model_has_overlaps(model);
    if (one_start || isnan(r->rows[ORDPAR_REPORT_HEIGHT].predicted))
        return;
    r->rows[ORDPAR_REPORT_LENGTH].predicted = NAN;
    if (!one_teacher)
        r->rows[ORDPAR_REPORT_HEIGHT].predicted = r->rows[ORDPAR_REPORT_RATE].predicted = NAN;
    ordpar_table_note(t, "runs", "measured is their mean; %s predicted, as each run has its own %s",
                      one_teacher ? "no length of the plateau is" : "no plateau is",
                      one_teacher ? "start" : "start and teacher");
}

ordpar_status ordpar_report_predict(ordpar_report *r, const ordpar_model *model,
                                    const ordpar_parts *parts, ordpar_table *t, ordpar_error *err) {
    ordpar_scaling_window window;
    if (parts->network.training.batch_fraction > 0)
        r->pace = 1;
    if (!ordpar_training_is_plain(&parts->network.training))
        return ORDPAR_OK; /* the closed forms know constant rates alone */
    r->model_known = true;
    if (predict_plateau(r, model, parts) == ORDPAR_MEMORY)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the predictions");
    if (r->of_runs)
        leave_out_own(r, model, t);
    if (t && isfinite(r->rows[ORDPAR_REPORT_LENGTH].predicted)) {
        ordpar_note_parting(&parts->network, t);
        ordpar_note_length(1 / r->rows[ORDPAR_REPORT_RATE].predicted, t);
    }
    if (!predict_window(model, parts, &window))
        return ORDPAR_OK;
    r->rows[ORDPAR_REPORT_EXPONENT].predicted = window.slope;
    r->window_begin = window.begin;
    r->window_end = window.end;
    return ORDPAR_OK;
}

static void set_slope(ordpar_report *r, ordpar_report_quantity quantity,
                      const ordpar_slope_measure *m) {
    if (m->rows == 0)
        return;
    r->rows[quantity].measured = m->slope;
    r->rows[quantity].stderr_ = m->slope_stderr;
    r->rows[quantity].begin = m->begin;
    r->rows[quantity].end = m->end;
}

/* The middle half, in the logarithm, of the predicted window, after the plateau; or, without a
 * prediction, all that comes after the plateau. */
static ordpar_status measure_exponent(ordpar_report *r, size_t count, const double *alpha,
                                      const double *eps_g, double exit, ordpar_error *err) {
    ordpar_slope_measure m;
    ordpar_scaling_window on = {.begin = r->window_begin, .end = r->window_end};
    if (r->model_known && isnan(r->rows[ORDPAR_REPORT_EXPONENT].predicted))
        return ORDPAR_OK;
    if (on.begin > 0)
        on = ordpar_window_middle(&on);
    const ordpar_status status =
        ordpar_measure_power_law(count, alpha, eps_g, fmax(on.begin, 3 * exit), on.end, &m, err);
    if (!status)
        set_slope(r, ORDPAR_REPORT_EXPONENT, &m);
    return status;
}

/* The rows between which it lies. */
static void bracket(ordpar_report *r, ordpar_report_quantity quantity, size_t count,
                    const double *alpha) {
    const double at = r->rows[quantity].measured;
    size_t k = 0;
    while (k + 2 < count && alpha[k + 1] < at)
        k++;
    r->rows[quantity].begin = alpha[k];
    r->rows[quantity].end = alpha[k + 1];
}

static ordpar_status measure(ordpar_report *r, size_t count, const double *alpha,
                             const double *eps_g, const double *specialisation, ordpar_error *err) {
    ordpar_plateau_measure p = {0};
    ordpar_slope_measure growth = {0};
    bool found = false;
    r->specialises = specialisation != NULL;
    ordpar_status status = ordpar_measure_plateau(
        count, alpha, eps_g, r->rows[ORDPAR_REPORT_HEIGHT].predicted, &found, &p, err);
    if (!status && found) {
        r->rows[ORDPAR_REPORT_HEIGHT].measured = p.height;
        r->rows[ORDPAR_REPORT_ENTRY].measured = p.entry;
        r->rows[ORDPAR_REPORT_EXIT].measured = p.exit;
        r->rows[ORDPAR_REPORT_LENGTH].measured = p.exit - p.entry;
        r->rows[ORDPAR_REPORT_HEIGHT].begin = r->rows[ORDPAR_REPORT_LENGTH].begin = p.entry;
        r->rows[ORDPAR_REPORT_HEIGHT].end = r->rows[ORDPAR_REPORT_LENGTH].end = p.exit;
        bracket(r, ORDPAR_REPORT_ENTRY, count, alpha);
        bracket(r, ORDPAR_REPORT_EXIT, count, alpha);
        if (specialisation)
            status = ordpar_measure_growth(count, alpha, specialisation, fmax(0, p.entry), p.exit,
                                           &growth, err);
    }
    if (!status)
        status = measure_exponent(r, count, alpha, eps_g, p.exit, err);
    if (!status)
        set_slope(r, ORDPAR_REPORT_RATE, &growth);
    return status;
}

/* Rows of one step are one row, at its alpha: they would look like a plateau. */
static size_t merge_rows(double pace, size_t count, const double *const from[3], double *to) {
    size_t kept = 0;
    for (size_t k = 0; k < count; k++) {
        const double alpha = round(pace * from[0][k]) / pace;
        if (kept && alpha == to[kept - 1])
            continue;
        to[kept] = alpha;
        for (size_t c = 1; c < 3; c++)
            to[c * count + kept] = from[c] ? from[c][k] : 0;
        kept++;
    }
    return kept;
}

ordpar_status ordpar_report_measure(ordpar_report *r, size_t count, const double *alpha,
                                    const double *eps_g, const double *specialisation,
                                    ordpar_error *err) {
    if (r->pace == 0)
        return measure(r, count, alpha, eps_g, specialisation, err);
    double *rows = malloc((3 * count + 1) * sizeof *rows);
    if (!rows)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    const double *const from[3] = {alpha, eps_g, specialisation};
    const size_t kept = merge_rows(r->pace, count, from, rows);
    const ordpar_status status =
        measure(r, kept, rows, rows + count, specialisation ? rows + 2 * count : NULL, err);
    free(rows);
    return status;
}

/* Where one of the two is known. */
static void note_times(const ordpar_report *r, ordpar_table *t) {
    if (!isnan(r->rows[ORDPAR_REPORT_EXIT].measured) ||
        !isnan(r->rows[ORDPAR_REPORT_RATE].predicted))
        ordpar_note_times(t, "escape time", names[ORDPAR_REPORT_EXIT]);
}

void ordpar_report_facts(const ordpar_report *r, ordpar_table *t) {
    for (size_t k = 0; k < ORDPAR_REPORT_ROWS; k++) {
        char measured[112], predicted[64] = "";
        if (isnan(r->rows[k].measured))
            ordpar_format(measured, sizeof measured, "not found: %s",
                          ordpar_report_reason(r, (ordpar_report_quantity)k));
        else
            ordpar_format(measured, sizeof measured, "%.8g", r->rows[k].measured);
        if (!isnan(r->rows[k].stderr_))
            ordpar_format(
                measured, sizeof measured, "%.8g, standard error %.2g, from alpha = %.6g to %.6g",
                r->rows[k].measured, r->rows[k].stderr_, r->rows[k].begin, r->rows[k].end);
        if (!isnan(r->rows[k].predicted))
            ordpar_format(predicted, sizeof predicted, "; predicted %.8g", r->rows[k].predicted);
        ordpar_table_fact(t, names[k], r->rows[k].measured, "%s%s", measured, predicted);
    }
    ordpar_report_note_resolution(r, t);
    note_times(r, t);
}

/* A row a quantity; what is not known is empty. */
static void fill_table(const ordpar_report *r, ordpar_table *t) {
    note_times(r, t);
    ordpar_report_note_resolution(r, t);
    ordpar_table_columns(t, "quantity,measured,stderr,predicted,begin,end");
    for (size_t k = 0; k < ORDPAR_REPORT_ROWS; k++) {
        const double values[] = {r->rows[k].measured, r->rows[k].stderr_, r->rows[k].predicted,
                                 r->rows[k].begin, r->rows[k].end};
        double *row = ordpar_table_row(t);
        if (!row)
            return;
        if (isnan(r->rows[k].measured))
            ordpar_table_note(t, names[k], "not found: %s",
                              ordpar_report_reason(r, (ordpar_report_quantity)k));
        ordpar_table_set_text(t, k, 0, names[k]);
        for (size_t c = 0; c < 5; c++) {
            row[c + 1] = values[c];
            if (isnan(values[c]))
                ordpar_table_set_missing(t, k, c + 1);
        }
    }
}

/* Rows that are no curve of one network, and means over what differs in kind. */
static ordpar_status check_curve(const ordpar_table *curve, ordpar_error *err) {
    size_t column;
    if (ordpar_table_find_column(curve, "compute", &column))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "has a row for each compute, each of another network; need one curve");
    if (ordpar_table_find_column(curve, "eps_g_2", &column) ||
        ordpar_table_find_column(curve, "mean_2", &column))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "has several tasks, over which eps_g is a mean; need one curve");
    return ORDPAR_OK;
}

static ordpar_status predict(const ordpar_model *model, const ordpar_table *curve, ordpar_report *r,
                             ordpar_table *t, ordpar_error *err) {
    ordpar_parts parts = {0};
    size_t column;
    ordpar_status status = ordpar_parts_for_equations(model, false, &parts, err);
    r->of_runs =
        (ordpar_model_given(model, "runs") || ordpar_table_find_column(curve, "mean", &column) ||
         ordpar_table_find_column(curve, "sd_starts", &column)) &&
        model->value.runs > 1;
    r->K = parts.network.K;
    r->M = parts.network.M;
    if (!status && parts.network.training.tasks.count > 1)
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "tasks: eps_g is a mean over %zu; report measures one curve",
                             parts.network.training.tasks.count);
    if (!status)
        status = ordpar_report_predict(r, model, &parts, t, err);
    const ordpar_fact *form = ordpar_table_find_fact(curve, "closed form");
    if (r->pace == 0 && (ordpar_table_find_column(curve, "mean", &column) ||
                         (form && strcmp(form->text, "linear-finite-n") == 0)))
        r->pace = parts.spectrum.N;
    ordpar_parts_clear(&parts);
    return status;
}

ordpar_status ordpar_compute_report(const ordpar_model *model, const ordpar_table *curve,
                                    ordpar_table *t, ordpar_error *err) {
    ordpar_report r;
    ordpar_model *own = NULL; /* of a run that goes on */
    double *trace = NULL;
    ordpar_report_init(&r);
    ordpar_status status = check_curve(curve, err);
    if (!status)
        status = ordpar_report_trace(model, curve, &trace, err);
    if (model && !status)
        status = ordpar_model_resolve(model, &own, err);
    if (model && !status)
        status = predict(own ? own : model, curve, &r, t, err);
    ordpar_model_free(own);
    if (!status)
        status = ordpar_report_specialise(&r, curve, trace + 2 * curve->n_rows, err);
    if (!status)
        status = ordpar_report_measure(&r, curve->n_rows, trace, trace + curve->n_rows,
                                       r.specialises ? trace + 2 * curve->n_rows : NULL, err);
    if (!status) {
        ordpar_note_below(curve, t);
        fill_table(&r, t);
    }
    free(trace);
    return status;
}
