// SPDX-License-Identifier: GPL-3.0-or-later
#include "closed_form.h"
#include "erf_asymptotic.h"
#include "erf_plateau.h"
#include "library_error.h"
#include "linear.h"
#include "linear_reduction.h"
#include "plateau.h"
#include "prediction.h"

#include <math.h>
#include <stdlib.h>

/* True, and *common set, if all weights are the same. */
static bool equal(size_t count, const double *weights, double *common) {
    for (size_t k = 1; k < count; k++)
        if (weights[k] != weights[0])
            return false;
    *common = weights[0];
    return true;
}

static int refuse_trainable(const closed_form *f) {
    return closed_form_refuse(f, "trainable", "needs all components trained");
}

static int site_for(const closed_form *f, ordpar_erf_site *site) {
    const ordpar_network *n = &f->m.network;
    double v, w;
    if (n->K != n->M)
        return usage_error(f->parsed, "-K, -M: %s needs K = M, got K = %zu, M = %zu", f->name, n->K,
                           n->M);
    if (!equal(n->K, n->v, &v) || !equal(n->M, n->w, &w) || fabs(v - w) > 1e-15 * fabs(w) || v == 0)
        return usage_error(f->parsed,
                           "--student-output, --teacher-output: %s needs all output weights equal, "
                           "and not 0",
                           f->name);
    *site = (ordpar_erf_site){n->M, v, ordpar_spectrum_moment(&f->m.spectrum, 1)};
    return -1;
}

static int prepare_plateau(closed_form *f, plateau_prediction *p) {
    const int result = refuse_trainable(f);
    if (result >= 0)
        return result;
    return plateau_predict(f->parsed, &f->m, p);
}

static void note_teacher(closed_form *f, const plateau_prediction *p) {
    table_note(&f->t, "teacher", "%s",
               p->realised ? (f->parsed->overlaps ? "that of the overlaps" : "drawn with the seed")
                           : "self-averaging, t = p 1");
    table_note(&f->t, "orders in eta", "%s",
               p->closed || f->m.network.small_eta ? "lowest" : "all");
}

static void moment_columns(closed_form *f, const char *name) {
    for (size_t k = 0; k < f->parsed->moments.count; k++)
        table_column(&f->t, "%s%d", name, (int)f->parsed->moments.values[k]);
}

static double mean(size_t count, const double *values) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += values[k] / (double)count;
    return sum;
}

/* The order parameters of one order; R[M] is scratch. */
static void fill_moment(const closed_form *f, const plateau_prediction *p, double order, double *R,
                        double *Q_cell, double *R_cell) {
    if (p->closed) { /* [7.1] */
        const double ratio = ordpar_spectrum_moment(&f->m.spectrum, order) / p->T;
        *Q_cell = p->at.Q * ratio;
        *R_cell = p->at.R[0] * ratio;
        return;
    }
    ordpar_plateau_moment(&f->m.spectrum, p->t, &p->at, order, Q_cell, R);
    *R_cell = mean(f->m.network.M, R);
}

/* Q, R, eps_g, then for each order p: Qp, Rp; then of a realised teacher R of each unit. */
static int fill_plateau(closed_form *f, const plateau_prediction *p) {
    const size_t M = f->m.network.M, orders = f->parsed->moments.count;
    table_column(&f->t, "Q");
    table_column(&f->t, "R");
    table_column(&f->t, "eps_g");
    moment_columns(f, "Q");
    moment_columns(f, "R");
    for (size_t n = 1; n <= M && p->realised; n++)
        table_column(&f->t, "R_%zu", n);
    double *row = table_row(&f->t), *R = malloc(M * sizeof *R);
    if (!row || !R) {
        free(R);
        return failure(f->parsed, "out of memory for %zu units", M);
    }
    row[0] = p->at.Q;
    row[1] = mean(M, p->at.R);
    row[2] = p->at.eps_g;
    for (size_t k = 0; k < orders; k++)
        fill_moment(f, p, f->parsed->moments.values[k], R, &row[3 + k], &row[3 + orders + k]);
    for (size_t n = 0; n < M && p->realised; n++)
        row[3 + 2 * orders + n] = p->at.R[n];
    free(R);
    return -1;
}

/* The closed form is of lowest order; a curve ends on the other. */
static void note_all_orders(closed_form *f, const plateau_prediction *p) {
    ordpar_plateau at;
    if (!p->closed || f->m.network.small_eta ||
        ordpar_plateau_solve_mean(&f->m.spectrum, &f->m.network, &at, NULL))
        return;
    table_note(&f->t, "eps_g at all orders in eta", "%.10g at eta = %g", at.eps_g,
               f->m.network.eta);
    ordpar_plateau_clear(&at);
}

int closed_form_plateau(closed_form *f) {
    plateau_prediction p = {0};
    int result = prepare_plateau(f, &p);
    if (result < 0) {
        note_teacher(f, &p);
        note_all_orders(f, &p);
        result = fill_plateau(f, &p);
    }
    plateau_prediction_clear(&p);
    return result;
}

/* [7.3] tau for L -> infinity, where the spectrum is the power law. */
static void note_asymptote(closed_form *f, const plateau_prediction *p) {
    if (!model_is_power_law(f->parsed) || !p->closed)
        return;
    const ordpar_network *n = &f->m.network;
    const double T2 =
        (double)f->m.spectrum.L * ordpar_power_law_second_moment_limit(f->parsed->beta);
    table_note(&f->t, "tau at this L with T2/L of L -> infinity", "%.17g",
               1 / ordpar_erf_escape_rate(n->M, n->v[0], n->w[0], n->eta, p->T, T2));
}

static void note_length(closed_form *f, const plateau_prediction *p) {
    if (f->parsed->init == ORDPAR_INIT_NEAR_TEACHER && !f->parsed->overlaps)
        table_note(&f->t, "predicted length of the plateau", "none: the start is near the teacher");
    else if (p->length < INFINITY)
        table_note(&f->t, "predicted length of the plateau",
                   "%.6g (from a specialisation of %.3g to %.3g)", p->length, p->start, p->end);
    else
        table_note(&f->t, "predicted length of the plateau",
                   "infinite: the start is not specialised at all");
}

int closed_form_escape(closed_form *f) {
    plateau_prediction p = {0};
    int result = prepare_plateau(f, &p);
    if (result < 0)
        result = plateau_predict_escape(f->parsed, &f->m, &p);
    if (result < 0) {
        note_teacher(f, &p);
        note_asymptote(f, &p);
        note_length(f, &p);
        table_column(&f->t, "rate");
        table_column(&f->t, "tau");
        double *row = table_row(&f->t);
        if (row) {
            row[0] = p.rate;
            row[1] = 1 / p.rate;
        }
    }
    plateau_prediction_clear(&p);
    return result;
}

static int refuse_start(const closed_form *f) {
    int result;
    if ((result = refuse_trainable(f)) >= 0 ||
        (result = closed_form_refuse(f, "overlaps", "starts from J = B + sigma_J noise")) >= 0)
        return result;
    return f->parsed->init == ORDPAR_INIT_NEAR_TEACHER
               ? -1
               : closed_form_refuse(f, "init", "starts from J = B + sigma_J noise (near-teacher)");
}

/* The window in which both c_+ and c_- show the power law: that of c_-, or of c_+ for M = 1. */
static void set_asymptotic_window(closed_form *f, const ordpar_erf_site *site) {
    if (!model_is_power_law(f->parsed) || f->m.spectrum.L < 2)
        return;
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    const double m = (double)site->M, s2 = pow(f->parsed->sigma_J, 2);
    const ordpar_power_law law = {f->m.spectrum.lambda[0], (double)f->m.spectrum.L,
                                  f->parsed->beta};
    f->window = ordpar_linear_window(&law, f->m.network.eta * c.plus, s2 * c.plus);
    f->has_window = true;
    if (site->M == 1)
        return;
    const ordpar_scaling_window minus =
        ordpar_linear_window(&law, f->m.network.eta * c.minus, s2 * c.minus * (m - 1));
    f->window.begin = minus.begin;
    f->window.amplitude += minus.amplitude;
}

/* Continuum, small eta, or all orders. */
static ordpar_status asymptotic_curve(closed_form *f, const ordpar_erf_site *site,
                                      const ordpar_power_law *law, ordpar_error *err) {
    const options *o = f->parsed;
    const ordpar_network *n = &f->m.network;
    if (o->continuum)
        return ordpar_erf_asymptotic_continuum(law, site, n->eta, o->sigma_J, f->alpha, f->count,
                                               f->values, err);
    if (o->small_eta)
        return ordpar_erf_asymptotic_small_eta(&f->m.spectrum, site, n->eta, o->sigma_J, f->alpha,
                                               f->count, f->values, err);
    return ordpar_erf_asymptotic(&f->m.spectrum, site, n->eta, o->sigma_J, n->label_noise, f->alpha,
                                 f->count, f->values, err);
}

/* Which of the two slowest modes ends a run is not known to the curve, which has W.W alone. */
static void note_final_rates(closed_form *f, const ordpar_erf_site *site, bool lowest) {
    const ordpar_spectrum *s = &f->m.spectrum;
    const double eta = f->m.network.eta;
    const ordpar_erf_rates c = ordpar_erf_site_rates(site);
    const double slowest = site->M > 1 ? c.minus : c.plus;
    table_note(&f->t, "final rate of W.W", "%.12g",
               lowest ? -2 * eta * s->lambda[s->L - 1] * slowest
                      : ordpar_erf_asymptotic_rate(s, site, eta));
    const double overlap = ordpar_erf_overlap_rate(s, site, eta);
    if (isfinite(overlap))
        table_note(&f->t, "final rate of (W.B)^2", "%.12g; not part of this curve", 2 * overlap);
}

int closed_form_asymptotic(closed_form *f) {
    ordpar_erf_site site;
    ordpar_power_law law = {0};
    const bool lowest = f->parsed->small_eta || f->parsed->continuum;
    int result;
    if ((result = refuse_start(f)) >= 0 || (result = site_for(f, &site)) >= 0 ||
        (f->parsed->continuum && (result = closed_form_power_law(f, &law)) >= 0) ||
        (lowest &&
         (result = closed_form_refuse(f, "label-noise", "needs all orders in eta for it")) >= 0))
        return result;
    const double critical = ordpar_erf_critical_eta(&site);
    if (!lowest && f->m.network.eta >= critical)
        return usage_error(f->parsed, "--eta: %s needs eta < eta_c = %.10g, got %.10g", f->name,
                           critical, f->m.network.eta);
    ordpar_error err;
    const ordpar_status status = asymptotic_curve(f, &site, &law, &err);
    if (status)
        return library_error(f->parsed, NULL, status, &err);
    const ordpar_erf_rates c = ordpar_erf_site_rates(&site);
    table_note(&f->t, "teacher", "self-averaging, t = p 1; J = B + sigma_J noise");
    table_note(&f->t, "orders in eta", "%s", lowest ? "lowest" : "all");
    table_note(&f->t, "c_+, c_-", "%.17g, %.17g (%zu times)", c.plus, c.minus, site.M - 1);
    table_note(&f->t, "eta_c", "%.10g", critical);
    note_final_rates(f, &site, lowest);
    if (lowest)
        set_asymptotic_window(f, &site);
    return -1;
}

int closed_form_critical_eta(closed_form *f) {
    const ordpar_network *n = &f->m.network;
    double critical;
    int result = -1;
    if (n->activation == &ordpar_activation_linear) {
        const double unit = ordpar_linear_effective_eta(n) / n->eta;
        critical = ordpar_linear_critical_eta(&f->m.spectrum, f->m.trained_blocks) / unit;
        table_note(&f->t, "eta_c of the mean at this N",
                   "%.10g; eta_c is for N -> infinity at fixed L",
                   ordpar_linear_critical_eta_finite_n(&f->m.spectrum, f->m.trained_blocks) / unit);
    } else if (n->activation == &ordpar_activation_erf) {
        ordpar_erf_site site;
        if ((result = refuse_trainable(f)) >= 0 || (result = site_for(f, &site)) >= 0)
            return result;
        critical = ordpar_erf_critical_eta(&site);
        table_note(&f->t, "growth rate of the slowest mode at this eta_c", "%.3g",
                   ordpar_erf_asymptotic_rate(&f->m.spectrum, &site, critical));
    } else
        return usage_error(f->parsed, "--activation: %s is for erf and linear, got %s", f->name,
                           n->activation->name);
    if (!isfinite(critical))
        return usage_error(f->parsed, "%s: nothing is trained, so no eta is critical", f->name);
    table_column(&f->t, "eta_c");
    double *row = table_row(&f->t);
    if (row)
        row[0] = critical;
    return -1;
}
