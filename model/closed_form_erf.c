// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/closed_forms.h"
#include "model/phase.h"
#include "model/report.h"
#include "solver/motion/linear_reduction.h"
#include "solver/plateau/prediction.h"
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/erf_plateau.h"
#include "spectra/forms/linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* True, and *common set, if all weights are the same. */
static bool equal(size_t count, const double *weights, double *common) {
    for (size_t k = 1; k < count; k++)
        if (weights[k] != weights[0])
            return false;
    *common = weights[0];
    return true;
}

static ordpar_status site_for(const ordpar_form *f, ordpar_erf_site *site, ordpar_error *err) {
    const ordpar_network *n = &f->parts.network;
    double v, w;
    if (n->K != n->M)
        return ordpar_fail(err, ORDPAR_INVALID, "K, M: %s needs K = M, got K = %zu, M = %zu",
                           f->entry->name, n->K, n->M);
    if (!equal(n->K, n->v, &v) || !equal(n->M, n->w, &w) || fabs(v - w) > 1e-15 * fabs(w) || v == 0)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "student-output, teacher-output: %s needs all output weights equal, and not 0",
            f->entry->name);
    *site = (ordpar_erf_site){n->M, v, ordpar_spectrum_teacher_moment(&f->parts.spectrum, 1),
                              ordpar_spectrum_moment(&f->parts.spectrum, 1)};
    return ORDPAR_OK;
}

static const char *mean_teacher(const ordpar_form *f) {
    return ordpar_spectrum_is_plain(&f->parts.spectrum) ? "self-averaging, t = p 1"
                                                        : "self-averaging, t = p c 1";
}

/* The teacher is the self-averaging one unless the setting `teacher` was given as sampled, or
 * teacher-seed or overlaps were. */
static bool is_realised(const ordpar_model *m) {
    return ordpar_form_has_one_teacher(m) ||
           (ordpar_model_given(m, "teacher") && m->value.teacher == ORDPAR_TEACHER_SAMPLED);
}

/* Sets the network's small_eta: with `orders` lowest. */
static ordpar_status predict(ordpar_form *f, ordpar_prediction *p, ordpar_error *err) {
    ordpar_network *n = &f->parts.network;
    const size_t L = f->parts.spectrum.L;
    const bool realised = is_realised(f->model), given = ordpar_model_given(f->model, "orders"),
               all = given && f->model->value.orders == ORDPAR_ORDERS_ALL;
    ordpar_status status = ORDPAR_OK;
    n->small_eta = n->small_eta || (given && !all);
    if (realised)
        status = ordpar_parts_start(f->model, false, &f->parts, err);
    else if (all || !ordpar_plateau_is_closed(n))
        status = ordpar_model_check_memory(f->model, L,
                                           sizeof(double) * (double)(n->M * n->M) * (double)L, err);
    return status ? status
                  : ordpar_predict_plateau(&f->parts.spectrum, n,
                                           realised ? f->parts.start.t : NULL, all, p, err);
}

/* From the overlaps, or the root mean square over starts [7.15]. */
static ordpar_status predict_escape(const ordpar_form *f, ordpar_prediction *p, ordpar_error *err) {
    const ordpar_network *n = &f->parts.network;
    const ordpar_spectrum *s = &f->parts.spectrum;
    const ordpar_values *v = &f->model->value;
    double start = 0;
    ordpar_status status = ORDPAR_OK;
    if (is_realised(f->model))
        status = ordpar_start_specialisation(s, &f->parts.start, n->w, &start, err);
    else if (v->init != ORDPAR_INIT_MEAN)
        start = ordpar_plateau_start(n->K, n->M, v->sigma_J, p->T2, s->N);
    return status ? status : ordpar_predict_escape(s, n, start, p, err);
}

static void note_teacher(const ordpar_form *f) {
    ordpar_table_note(f->t, "teacher", "%s",
                      !is_realised(f->model)                ? mean_teacher(f)
                      : ordpar_model_has_overlaps(f->model) ? "that of the overlaps"
                      : ordpar_form_is_taught(f->model)     ? "drawn with teacher-seed"
                                                            : "drawn with the seed");
}

static void note_orders(const ordpar_form *f, const ordpar_prediction *p) {
    ordpar_table_note(f->t, "orders in eta", "%s",
                      p->closed || f->parts.network.small_eta ? "lowest" : "all");
}

static double mean(size_t count, const double *values) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += values[k] / (double)count;
    return sum;
}

/* The order parameters of one order; R[M] is scratch. */
static void fill_moment(const ordpar_form *f, const ordpar_prediction *p, double order, double *R,
                        double *Q_cell, double *R_cell) {
    const ordpar_spectrum *s = &f->parts.spectrum;
    if (p->closed) { /* [7.1] */
        const double ratio = ordpar_spectrum_teacher_moment(s, order) / p->T;
        *Q_cell = p->at.Q * ratio;
        *R_cell = p->at.R[0] * ratio;
        return;
    }
    ordpar_plateau_moment(s, p->t, &p->at, order, Q_cell, R);
    *R_cell = mean(f->parts.network.M, R);
}

/* Whether the teacher's units differ: then R, a mean over them, is no unit's. */
static bool has_unequal_units(const ordpar_form *f) {
    const ordpar_network *n = &f->parts.network;
    for (size_t k = 1; k < n->M; k++)
        if (n->w[k] != n->w[0])
            return true;
    return is_realised(f->model);
}

/* Q, R, eps_g, then for each order p: Qp, Rp; then of a teacher of unequal units R of each. */
static ordpar_status fill_plateau(ordpar_form *f, const ordpar_prediction *p, ordpar_error *err) {
    const ordpar_numbers *orders = &f->model->value.moments;
    const size_t M = f->parts.network.M, units = has_unequal_units(f) ? M : 0;
    for (size_t k = 0; k < 2 * orders->count; k++)
        ordpar_table_column(f->t, "%c%.0f", k < orders->count ? 'Q' : 'R',
                            orders->values[k % orders->count]);
    for (size_t n = 1; n <= units; n++)
        ordpar_table_column(f->t, "R_%zu", n);
    double *row = ordpar_table_row(f->t), *R = malloc(M * sizeof *R);
    if (!row || !R) {
        free(R);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    }
    row[0] = p->at.Q;
    row[1] = mean(M, p->at.R);
    row[2] = p->at.eps_g;
    for (size_t k = 0; k < orders->count; k++)
        fill_moment(f, p, orders->values[k], R, &row[3 + k], &row[3 + orders->count + k]);
    for (size_t n = 0; n < units; n++)
        row[3 + 2 * orders->count + n] = p->at.R[n];
    free(R);
    return ORDPAR_OK;
}

/* The closed form is of lowest order; a curve ends on the other. */
static void note_all_orders(ordpar_form *f, const ordpar_prediction *p) {
    const ordpar_network *n = &f->parts.network;
    ordpar_plateau at;
    if (!p->closed || n->small_eta)
        return;
    const ordpar_status status = ordpar_plateau_solve_mean(&f->parts.spectrum, n, &at, NULL);
    if (status == ORDPAR_MEMORY)
        f->t->failed = true;
    if (status)
        return;
    ordpar_table_fact(f->t, "eps_g at all orders in eta", at.eps_g, "%.10g at eta = %g", at.eps_g,
                      n->eta);
    ordpar_plateau_clear(&at);
}

void ordpar_form_note_critical(ordpar_form *f) {
    const ordpar_network *n = &f->parts.network;
    ordpar_erf_site site;
    if (n->small_eta || ordpar_model_has_overlaps(f->model) || site_for(f, &site, NULL))
        return;
    const double critical = ordpar_erf_critical_eta(&site);
    if (n->eta >= critical)
        ordpar_table_fact(f->t, "eta_c", critical,
                          "%.10g, and eta = %g is not below it: curves do not come to the teacher",
                          critical, n->eta);
}

ordpar_status ordpar_form_plateau(ordpar_form *f, ordpar_error *err) {
    ordpar_prediction p = {0};
    ordpar_status status = predict(f, &p, err);
    if (!status) {
        note_teacher(f);
        note_orders(f, &p);
        note_all_orders(f, &p);
        ordpar_form_note_critical(f);
        status = fill_plateau(f, &p, err);
    }
    ordpar_prediction_clear(&p);
    return status;
}

/* [7.3] at this L, where the spectrum is the power law. */
static void note_asymptote(ordpar_form *f, const ordpar_prediction *p) {
    if (!ordpar_model_is_power_law(f->model) || !p->closed || f->model->value.teacher_decay != 0)
        return;
    const ordpar_network *n = &f->parts.network;
    const double T2 =
        (double)f->parts.spectrum.L * ordpar_power_law_second_moment_limit(f->model->value.beta);
    const double tau = 1 / ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, p->T, T2);
    ordpar_table_fact(f->t, "tau, asymptote", tau,
                      "%.17g at this L: the law of large L, with T2/L of L -> infinity", tau);
}

static void note_length(ordpar_form *f, const ordpar_prediction *p) {
    static const char key[] = "predicted length of the plateau";
    if (f->model->value.init == ORDPAR_INIT_NEAR_TEACHER && !ordpar_model_has_overlaps(f->model))
        ordpar_table_note(f->t, key, "none: the start is near the teacher");
    else if (p->length < INFINITY)
        ordpar_table_fact(f->t, key, p->length, "%.6g (from a specialisation of %.3g to %.3g)",
                          p->length, p->start, p->end);
    else
        ordpar_table_fact(f->t, key, INFINITY, "infinite: the start is not specialised at all");
}

ordpar_status ordpar_form_escape(ordpar_form *f, ordpar_error *err) {
    ordpar_prediction p = {0};
    ordpar_status status = predict(f, &p, err);
    if (!status)
        status = predict_escape(f, &p, err);
    if (!status) {
        note_teacher(f);
        note_orders(f, &p);
        note_asymptote(f, &p);
        ordpar_form_note_critical(f);
        note_length(f, &p);
        if (p.length < INFINITY)
            ordpar_note_length(1 / p.rate, f->t);
        if (p.length < INFINITY)
            ordpar_note_parting(&f->parts.network, f->t);
        ordpar_note_times(f->t, "tau", "plateau exit");
        double *row = ordpar_table_row(f->t);
        if (row) {
            row[0] = p.rate;
            row[1] = 1 / p.rate;
        }
    }
    ordpar_prediction_clear(&p);
    return status;
}

/* The window in which both c_+ and c_- show the power law: that of c_-, or of c_+ for M = 1. */
static void set_window(ordpar_form *f, const ordpar_erf_site *site) {
    ordpar_power_law law;
    if (!ordpar_form_power_law(f, &law))
        return;
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    const double m = (double)site->M, s2 = pow(f->model->value.sigma_J, 2),
                 eta = f->parts.network.eta;
    ordpar_scaling_window *window = &f->t->window;
    law.lambda_plus = f->parts.spectrum.lambda[0];
    law.zeta = 0; /* W does not know the teacher */
    *window = ordpar_linear_window(&law, eta * c.plus, s2 * c.plus);
    f->t->has_window = true;
    if (site->M == 1)
        return;
    const ordpar_scaling_window minus =
        ordpar_linear_window(&law, eta * c.minus, s2 * c.minus * (m - 1));
    window->begin = minus.begin;
    window->amplitude += minus.amplitude;
}

/* Continuum, small eta, or all orders. */
static ordpar_status asymptotic_curve(ordpar_form *f, const ordpar_erf_site *site,
                                      ordpar_error *err) {
    const ordpar_values *v = &f->model->value;
    const ordpar_network *n = &f->parts.network;
    const ordpar_spectrum *s = &f->parts.spectrum;
    ordpar_power_law law;
    if (v->continuum) {
        const ordpar_status status = ordpar_power_law_init(v->L, v->beta, &law, err);
        return status ? status
                      : ordpar_erf_asymptotic_continuum(&law, site, n->eta, v->sigma_J, f->rows,
                                                        f->count, f->values, err);
    }
    if (v->small_eta)
        return ordpar_erf_asymptotic_small_eta(s, site, n->eta, v->sigma_J, f->rows, f->count,
                                               f->values, err);
    /* some rows at once: each costs as many operations as there are eigenvalues, times a hundred */
    const size_t piece = 1 + 1000000 / (s->L + 1);
    for (size_t k = 0; k < f->count; k += piece) {
        const size_t rows = f->count - k < piece ? f->count - k : piece;
        if (f->model->stop && *f->model->stop)
            return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at row %zu of %zu", k + 1,
                               f->count);
        const ordpar_status status = ordpar_erf_asymptotic(
            s, site, n->eta, v->sigma_J, n->label_noise, f->rows + k, rows, f->values + k, err);
        if (status)
            return status;
    }
    return ORDPAR_OK;
}

/* Which of the two slowest modes ends a run is not known to the curve, which has W.W alone. */
static void note_final_rates(ordpar_form *f, const ordpar_erf_site *site, bool lowest) {
    const ordpar_spectrum *s = &f->parts.spectrum;
    const double eta = f->parts.network.eta;
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    const double slowest = site->M > 1 ? c.minus : c.plus;
    const double rate = lowest ? -2 * eta * s->lambda[s->L - 1] * slowest
                               : ordpar_erf_asymptotic_rate(s, site, eta);
    ordpar_table_fact(f->t, "final rate of W.W", rate, "%.12g", rate);
    const double overlap = 2 * ordpar_erf_overlap_rate(s, site, eta);
    if (isfinite(overlap))
        ordpar_table_fact(f->t, "final rate of (W.B)^2", overlap, "%.12g; not part of this curve",
                          overlap);
}

/* Noise or a learning rate near eta_c may lead far away from the teacher, where this is no guide.
 */
static void note_range(ordpar_form *f) {
    const double small = 0.02;
    const ordpar_network *n = &f->parts.network;
    const double T = ordpar_spectrum_teacher_moment(&f->parts.spectrum, 1);
    double silent = 0, largest = 0;
    for (size_t m = 0; m < n->M; m++)
        silent += n->w[m] * n->w[m] * n->activation->gg(n->activation, T, T, T).value / 2;
    for (size_t k = 0; k < f->count; k++)
        largest = fmax(largest, f->values[k]);
    if (largest > small * silent)
        ordpar_table_fact(
            f->t, "range", largest / silent,
            "first order in the distance from the teacher, for eps_g that is small; "
            "here it reaches %.2g of what students of zero have, and is off by a part "
            "of that size",
            largest / silent);
}

ordpar_status ordpar_form_asymptotic(ordpar_form *f, ordpar_error *err) {
    const bool lowest = f->model->value.small_eta || f->model->value.continuum;
    const double eta = f->parts.network.eta;
    ordpar_erf_site site;
    ordpar_status status = site_for(f, &site, err);
    if (status)
        return status;
    const double critical = ordpar_erf_critical_eta(&site);
    if (!lowest && eta >= critical)
        return ordpar_fail(err, ORDPAR_INVALID, "eta: %s needs eta < eta_c = %.10g, got %.10g",
                           f->entry->name, critical, eta);
    if ((status = asymptotic_curve(f, &site, err)))
        return status;
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    ordpar_table_note(f->t, "teacher", "%s; J = B + sigma_J noise", mean_teacher(f));
    ordpar_table_note(f->t, "orders in eta", "%s", lowest ? "lowest" : "all");
    ordpar_table_note(f->t, "c_+, c_-", "%.17g, %.17g (%zu times)", c.plus, c.minus, site.M - 1);
    if (!lowest)
        ordpar_table_fact(f->t, "eta_c", critical, "%.10g", critical);
    if (ordpar_training_is_plain(&f->parts.network.training))
        note_final_rates(f, &site, lowest);
    note_range(f);
    if (lowest)
        set_window(f, &site);
    return ORDPAR_OK;
}

/* [7.8] */
static ordpar_status erf_critical_eta(ordpar_form *f, double *critical, ordpar_error *err) {
    ordpar_erf_site site;
    ordpar_status status = site_for(f, &site, err);
    if (!status)
        status = ordpar_phase_critical_eta(f->model, &f->parts, critical, err);
    if (status)
        return status;
    if (!(*critical > 0) || !isfinite(*critical))
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "%s is beyond the range of double: output weights of %.3g, fields of "
                           "the variance %.3g",
                           f->entry->name, site.v, site.T);
    note_teacher(f);
    if (f->parts.start.K)
        return ORDPAR_OK;
    const double rate = ordpar_erf_asymptotic_rate(&f->parts.spectrum, &site, *critical);
    ordpar_table_fact(f->t, "growth rate of the slowest mode at this eta_c", rate, "%.3g", rate);
    return ORDPAR_OK;
}

ordpar_status ordpar_form_critical_eta(ordpar_form *f, ordpar_error *err) {
    const ordpar_network *n = &f->parts.network;
    double critical = 0, at_this_n = NAN;
    ordpar_status status = ORDPAR_OK;
    if (is_realised(f->model) && !f->parts.start.K) /* else that of a curve; v may come with it */
        status = ordpar_parts_start(f->model, false, &f->parts, err);
    if (status || (status = ordpar_form_check_start(f, err)))
        return status;
    if (ordpar_network_has(n, &ordpar_activation_linear)) {
        const ordpar_spectrum *s = &f->parts.spectrum;
        const size_t trained = f->parts.trained_blocks;
        const double unit = ordpar_linear_effective_eta(n) / n->eta;
        if (!(unit > 0))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "student-output: %s: output weights whose squares are 0 move no "
                               "student, so no eta is critical",
                               f->entry->name);
        critical = ordpar_linear_critical_eta(s, trained) / unit;
        at_this_n = ordpar_linear_critical_eta_finite_n(s, trained) / unit;
    } else if (ordpar_network_has(n, &ordpar_activation_erf))
        status = erf_critical_eta(f, &critical, err);
    else
        status = ordpar_fail(err, ORDPAR_INVALID, "activation: %s is for erf and linear, got %s",
                             f->entry->name, n->activation->name);
    if (!status && !isfinite(critical))
        status =
            ordpar_fail(err, ORDPAR_INVALID,
                        "trainable: %s: nothing is trained, so no eta is critical", f->entry->name);
    double *row = status ? NULL : ordpar_table_row(f->t);
    if (row)
        memcpy(row, (double[]){critical, at_this_n}, 2 * sizeof *row);
    return status;
}
