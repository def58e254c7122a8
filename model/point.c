// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/closed_forms.h"
#include "model/compare.h"
#include "model/compute.h"
#include "model/curve.h"
#include "model/ensemble_of.h"
#include "model/finite_n.h"
#include "model/report.h"
#include "solver/state/symmetry.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *ordpar_point_columns(ordpar_job job) {
    static const char *const columns[] = {
        "alpha_end,eps_g,plateau_height,plateau_entry,plateau_exit,plateau_length,escape_rate,"
        "escape_rate_stderr,escape_time,decay_exponent,decay_exponent_stderr,decay_begin,decay_end,"
        "plateau_height_predicted,plateau_length_predicted,escape_rate_predicted,"
        "decay_exponent_predicted,eta_c,steps,rounding_limit",
        "alpha_end,mean,stderr,min,max",
        "alpha_end,theory,mean,stderr,z,max_abs_z,max_abs_z_alpha,p,max_abs_z_sd,p_sd"};
    return columns[job];
}

/* By the closed form's own function, which refuses what has none; NAN then. */
static ordpar_status critical_eta(const ordpar_model *model, const ordpar_parts *parts, double *eta,
                                  ordpar_error *err) {
    ordpar_table t = {0};
    *eta = NAN;
    if (parts->network.small_eta || !ordpar_training_is_plain(&parts->network.training))
        return ORDPAR_OK;
    ordpar_form f = {.model = model, .parts = *parts, .t = &t, .of_run = true};
    f.entry = ordpar_form_find("critical-eta", &f.id);
    ordpar_table_columns(&t, f.entry->columns);
    ordpar_status status;
    if (!(status = ordpar_form_check(&f, false, err)) &&
        !(status = ordpar_form_critical_eta(&f, err)) && !(status = ordpar_table_check(&t, err)))
        *eta = t.cells[0];
    ordpar_table_clear(&t);
    return status == ORDPAR_MEMORY ? status : ORDPAR_OK;
}

static void fill_curve(const ordpar_report *r, double alpha, double eps_g, double eta_c,
                       const ordpar_integrate_stats *stats, double *cell) {
    static const ordpar_report_quantity predicted[] = {ORDPAR_REPORT_HEIGHT, ORDPAR_REPORT_LENGTH,
                                                       ORDPAR_REPORT_RATE, ORDPAR_REPORT_EXPONENT};
    *cell++ = alpha;
    *cell++ = eps_g;
    for (int q = ORDPAR_REPORT_HEIGHT; q <= ORDPAR_REPORT_RATE; q++)
        *cell++ = r->rows[q].measured;
    *cell++ = r->rows[ORDPAR_REPORT_RATE].stderr_;
    *cell++ = 1 / r->rows[ORDPAR_REPORT_RATE].measured;
    *cell++ = r->rows[ORDPAR_REPORT_EXPONENT].measured;
    *cell++ = r->rows[ORDPAR_REPORT_EXPONENT].stderr_;
    *cell++ = r->rows[ORDPAR_REPORT_EXPONENT].begin;
    *cell++ = r->rows[ORDPAR_REPORT_EXPONENT].end;
    for (size_t k = 0; k < sizeof predicted / sizeof *predicted; k++)
        *cell++ = r->rows[predicted[k]].predicted;
    *cell++ = eta_c;
    *cell++ = (double)stats->steps;
    *cell++ = stats->rounding_limit;
}

/* trace[3][count]: scratch */
static ordpar_status trace_curve(const ordpar_model *model, ordpar_parts *parts, size_t count,
                                 double *trace, double *cells, char *missing, ordpar_table *t,
                                 ordpar_error *err) {
    double eta_c;
    ordpar_integrate_stats stats;
    ordpar_report r;
    ordpar_report_init(&r);
    ordpar_status status;
    if ((status = critical_eta(model, parts, &eta_c, err)) ||
        (status = ordpar_report_predict(&r, model, parts, NULL, err)) ||
        (status = ordpar_curve_trace(model, parts, trace, &stats, err)))
        return status;
    if (parts->network.training.tasks.count < 2) /* else eps_g is a mean over tasks */
        status = ordpar_report_measure(&r, count, trace, trace + count, trace + 2 * count, err);
    if (status)
        return status;
    if (missing && parts->network.training.tasks.count < 2)
        ordpar_report_missing(&r, missing, ORDPAR_MESSAGE_SIZE);
    fill_curve(&r, trace[count - 1], trace[2 * count - 1], eta_c, &stats, cells);
    if (t)
        ordpar_curve_ties_note(stats.tied_students, stats.tied_teachers, t);
    return ORDPAR_OK;
}

/* The model, or a copy that goes on from where it says. */
static ordpar_status resolve(const ordpar_model **model, ordpar_model **own, ordpar_error *err) {
    const ordpar_status status = ordpar_model_resolve(*model, own, err);
    *model = *own ? *own : *model;
    return status;
}

/* missing, t: NULL, or receive what is said of it */
static ordpar_status compute_curve(const ordpar_model *model, double *cells, double **eps_g,
                                   char *missing, ordpar_table *t, ordpar_error *err) {
    const size_t count = (size_t)model->value.alpha.count;
    ordpar_parts parts = {0};
    ordpar_model *own;
    double *trace = NULL;
    ordpar_status status = resolve(&model, &own, err);
    if (!status)
        status = ordpar_parts_for_equations(model, true, &parts, err);
    if (!status && t)
        ordpar_parts_facts(model, &parts, t);
    if (!status && !(trace = malloc(3 * count * sizeof *trace)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    if (!status)
        status = trace_curve(model, &parts, count, trace, cells, missing, t, err);
    ordpar_parts_clear(&parts);
    ordpar_model_free(own);
    if (!status && eps_g) {
        memmove(trace, trace + count, count * sizeof *trace);
        *eps_g = trace;
        trace = NULL;
    }
    free(trace);
    return status;
}

static ordpar_status compute_simulation(const ordpar_model *model, double *cells,
                                        ordpar_error *err) {
    ordpar_model_ensemble e = {0};
    ordpar_status status = ordpar_ensemble_create(model, false, &e, err);
    if (!status && !(status = ordpar_ensemble_make(model, &e, err))) {
        const ordpar_summary s = ordpar_ensemble_summary(model, &e, e.count - 1);
        const double row[] = {e.alpha[e.count - 1], s.mean, s.standard_error, s.min, s.max};
        memcpy(cells, row, sizeof row);
    }
    ordpar_ensemble_clear(&e);
    return status;
}

static ordpar_status compute_comparison(const ordpar_model *model, double *cells,
                                        ordpar_error *err) {
    ordpar_compare_summary s;
    const ordpar_status status = ordpar_compare_summarize(model, &s, err);
    if (status)
        return status;
    const double row[] = {model->value.alpha.stop,
                          s.last.theory,
                          s.last.mean,
                          s.last.standard_error,
                          s.last.z,
                          s.agreement.largest,
                          s.where,
                          s.agreement.probability,
                          s.spreads.largest,
                          s.spreads.probability};
    memcpy(cells, row, sizeof row);
    return ORDPAR_OK;
}

/* [5.11] As an integration from there finds them. */
static ordpar_status note_ties(const ordpar_parts *parts, ordpar_table *t, ordpar_error *err) {
    ordpar_symmetry symmetry = {0};
    if (parts->deviation || parts->network.training.batch_fraction > 0)
        return ORDPAR_OK;
    const ordpar_status status =
        ordpar_symmetry_init(&parts->network, &parts->start, &symmetry, err);
    if (!status)
        ordpar_curve_ties_note(symmetry.students, symmetry.teachers, t);
    ordpar_symmetry_clear(&symmetry);
    return status;
}

static ordpar_status check_curve(const ordpar_model *model, ordpar_table *facts,
                                 ordpar_error *err) {
    ordpar_parts parts = {0};
    ordpar_model *own;
    ordpar_status status;
    if (!(status = resolve(&model, &own, err)) && !(status = ordpar_curve_check(model, err)) &&
        !(status = ordpar_curve_check_begin(model, model->value.alpha.start, err)) &&
        !(status = ordpar_parts_for_equations(model, true, &parts, err)) && facts) {
        ordpar_parts_facts(model, &parts, facts);
        if (!model->value.small_eta)
            ordpar_finite_n_divergence_fact(&parts, facts);
        if (!(status = ordpar_finite_n_parting_fact(&parts, facts, err)))
            status = note_ties(&parts, facts, err);
    }
    ordpar_parts_clear(&parts);
    ordpar_model_free(own);
    return status;
}

/* As simulate and compare say it. */
static ordpar_status note_finite_n(const ordpar_model *model, const ordpar_parts *parts,
                                   bool compares, ordpar_table *facts, ordpar_error *err) {
    if (!compares)
        ordpar_finite_n_divergence_fact(parts, facts);
    if (!compares || model->value.against == ORDPAR_AGAINST_FINITE_N)
        return ORDPAR_OK;
    ordpar_finite_n_ratio_fact(model, parts, facts);
    return ordpar_finite_n_parting_fact(parts, facts, err);
}

static ordpar_status check_runs(const ordpar_model *model, bool compares, ordpar_table *facts,
                                ordpar_error *err) {
    ordpar_status status =
        compares ? ordpar_compare_check(model, err) : ordpar_simulate_check(model, err);
    if (status)
        return status;
    ordpar_model_ensemble e = {0};
    status = ordpar_ensemble_create(
        model, compares && model->value.against != ORDPAR_AGAINST_FINITE_N, &e, err);
    if (!status && compares)
        status = ordpar_compare_check_parts(model, &e.parts, err);
    if (!status && facts) {
        ordpar_ensemble_facts(model, &e, facts);
        status = note_finite_n(model, &e.parts, compares, facts, err);
    }
    ordpar_ensemble_clear(&e);
    return status;
}

ordpar_status ordpar_point_check(const ordpar_model *model, ordpar_job job, ordpar_table *facts,
                                 ordpar_error *err) {
    return job == ORDPAR_JOB_CURVE ? check_curve(model, facts, err)
                                   : check_runs(model, job == ORDPAR_JOB_COMPARE, facts, err);
}

ordpar_status ordpar_point_compute(const ordpar_model *model, ordpar_job job,
                                   double cells[ORDPAR_POINT_CELLS], double **eps_g,
                                   char missing[ORDPAR_MESSAGE_SIZE], ordpar_error *err) {
    if (missing)
        *missing = '\0';
    return job == ORDPAR_JOB_CURVE      ? compute_curve(model, cells, eps_g, missing, NULL, err)
           : job == ORDPAR_JOB_SIMULATE ? compute_simulation(model, cells, err)
                                        : compute_comparison(model, cells, err);
}

ordpar_status ordpar_compute_point(const ordpar_model *model, ordpar_table *t, ordpar_error *err) {
    double cells[ORDPAR_POINT_CELLS];
    char missing[ORDPAR_MESSAGE_SIZE] = "";
    const ordpar_status status = compute_curve(model, cells, NULL, missing, t, err);
    if (status)
        return status;
    if (*missing)
        ordpar_table_note(t, "not found", "%s", missing);
    ordpar_table_columns(t, ordpar_point_columns(ORDPAR_JOB_CURVE));
    double *row = ordpar_table_row(t);
    if (!row)
        return ORDPAR_OK;
    memcpy(row, cells, t->n_columns * sizeof *row);
    size_t exit, measured, predicted;
    if (ordpar_table_find_column(t, "plateau_exit", &exit) && isfinite(row[exit])) {
        ordpar_note_resolution(&model->value.alpha, "plateau_exit", t);
        ordpar_note_times(t, "escape_time", "plateau_exit");
    }
    if (ordpar_table_find_column(t, "plateau_length", &measured) && isfinite(row[measured]) &&
        ordpar_table_find_column(t, "plateau_length_predicted", &predicted) &&
        isfinite(row[predicted])) /* beside each other */
        ordpar_note_length(NAN, t);
    return ORDPAR_OK;
}

double ordpar_point_cost(const ordpar_model *model, ordpar_job job) {
    const ordpar_values *v = &model->value;
    const double K = (double)v->K, n = (double)(v->K + v->M), L = (double)v->L, N = (double)v->N;
    if (job == ORDPAR_JOB_CURVE)
        return K * n * (L + n * n);
    const double steps = (double)v->runs * N * v->alpha.stop;
    return steps * (v->method == ORDPAR_METHOD_SGD ? n * N : n * n * L);
}
