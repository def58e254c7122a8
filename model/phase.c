// SPDX-License-Identifier: GPL-3.0-or-later
/* The power laws of a curve where the teacher decays. */
#include "model/phase.h"

#include "solver/motion/linear_reduction.h"
#include "solver/state/matching.h"
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/linear_critical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The students of a start near the teacher, with its output weights. */
static bool knows_teacher(const ordpar_model *model, const ordpar_network *n) {
    return model->value.init == ORDPAR_INIT_NEAR_TEACHER && !ordpar_model_has_overlaps(model) &&
           ordpar_matching_fits(n, NULL);
}

bool ordpar_phase_law(const ordpar_model *model, const ordpar_network *network,
                      ordpar_power_law *law) {
    const ordpar_values *v = &model->value;
    const double zeta = knows_teacher(model, network) ? 0 : v->teacher_decay;
    if (!(v->beta + zeta > 0) || ordpar_power_law_init(v->L, v->beta, law, NULL))
        return false;
    law->zeta = zeta;
    return true;
}

/* Whether the window of the power law, from 1 to L^(1 + beta) times its beginning, is wider than
 * the decade that its two ends take. */
static bool has_window(const ordpar_power_law *law) {
    return pow(law->L, 1 + law->beta) >= 100;
}

void ordpar_phase_fact(const ordpar_power_law *law, bool all_orders, ordpar_table *t) {
    const double slope = ordpar_power_law_slope(law, all_orders);
    const double source = ordpar_power_law_slope(law, false);
    if (law->zeta == 0 || !has_window(law))
        return;
    if (slope > source)
        ordpar_table_fact(t, "phase", slope,
                          "limited by SGD's own noise, alpha^-(2 - 1/(1 + beta)) = alpha^%.6g, as "
                          "zeta = %g > 1 + beta; what is left to learn falls as alpha^%.6g",
                          slope, law->zeta, source);
    else
        ordpar_table_fact(t, "phase", slope,
                          "limited by the source, alpha^-((beta + zeta)/(1 + beta)) = alpha^%.6g",
                          slope);
}

double ordpar_phase_variance(const ordpar_parts *parts) {
    const ordpar_spectrum *s = &parts->spectrum;
    const size_t M = parts->network.M, L = s->L;
    double sum = 0;
    if (!parts->start.K)
        return ordpar_spectrum_teacher_moment(s, 1);
    for (size_t n = 0; n < M; n++)
        for (size_t b = 0; b < L; b++)
            sum += s->lambda[b] * parts->start.t[(n * M + n) * L + b];
    return sum / (double)M;
}

/* [7.19] of the start's teacher, T[M*M] the covariance of its fields. */
static ordpar_status critical_eta_of_start(const ordpar_model *model, const ordpar_parts *parts,
                                           double trace, double *eta_c, ordpar_error *err) {
    const size_t M = parts->network.M, all = parts->start.K + M, first = parts->start.K;
    const double room = sizeof *eta_c * ordpar_erf_critical_room(M);
    ordpar_status status = ordpar_model_check_memory(model, parts->spectrum.L, room, err);
    double *c = status ? NULL : malloc(all * all * sizeof *c);
    if (!status && !c)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", all);
    if (!status && !(status = ordpar_overlaps_moment(&parts->start, &parts->spectrum, 1, c, err))) {
        for (size_t n = 0; n < M; n++)
            memmove(c + n * M, c + (first + n) * all + first, M * sizeof *c);
        status = ordpar_erf_critical_eta_of(M, parts->network.w[0], c, trace, eta_c, err);
    }
    free(c);
    return status;
}

ordpar_status ordpar_phase_critical_eta(const ordpar_model *model, const ordpar_parts *parts,
                                        double *eta_c, ordpar_error *err) {
    const ordpar_spectrum *s = &parts->spectrum;
    const ordpar_erf_site mean = {parts->network.M, parts->network.w[0],
                                  ordpar_spectrum_teacher_moment(s, 1),
                                  ordpar_spectrum_moment(s, 1)};
    if (parts->start.K)
        return critical_eta_of_start(model, parts, mean.trace, eta_c, err);
    *eta_c = ordpar_erf_critical_eta(&mean);
    return ORDPAR_OK;
}

/* Or not known to be below it, as where output weights differ. */
static bool is_beyond_critical(const ordpar_model *model, const ordpar_parts *parts) {
    const ordpar_network *n = &parts->network;
    double eta_c;
    for (size_t m = 0; m < n->M; m++)
        if (n->w[m] != n->w[0])
            return false;
    return ordpar_phase_critical_eta(model, parts, &eta_c, NULL) || n->eta >= eta_c;
}

bool ordpar_phase_decays(const ordpar_model *model, const ordpar_parts *parts) {
    const ordpar_network *n = &parts->network;
    const ordpar_spectrum *s = &parts->spectrum;
    if (ordpar_network_has(n, &ordpar_activation_linear))
        return n->small_eta || ordpar_linear_effective_eta(n) <
                                   ordpar_linear_critical_eta(s, parts->trained_blocks);
    return ordpar_network_has(n, &ordpar_activation_erf) && ordpar_matching_is_possible(n) &&
           (n->small_eta || !is_beyond_critical(model, parts));
}

static bool has_phase(const ordpar_model *model, const ordpar_parts *parts) {
    const ordpar_network *n = &parts->network;
    return ordpar_model_is_power_law(model) && model->value.trainable < 0 && n->label_noise == 0 &&
           !n->unlearnable && ordpar_training_is_plain(&n->training) &&
           ordpar_phase_decays(model, parts);
}

static void note_all(double rank, ordpar_table *t) {
    ordpar_table_fact(t, "student's part", rank,
                      "what the student starts with is more than what it has to learn, at every "
                      "rank");
}

void ordpar_phase_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const ordpar_network *n = &parts->network;
    const double sigma_J = model->value.sigma_J;
    ordpar_power_law law;
    ordpar_linear_start x = {sigma_J * sigma_J, 1}; /* of one erf unit */
    if (!ordpar_phase_law(model, n, &law) || law.zeta == 0 || !has_phase(model, parts))
        return;
    const bool unknown =
        ordpar_network_has(n, &ordpar_activation_linear) &&
        ordpar_linear_mean_start(n, (ordpar_init)model->value.init, sigma_J, &x, NULL);
    const bool parts_known =
        !unknown && law.zeta > 0 && x.student > 0 && !ordpar_model_has_overlaps(model);
    const double rank =
        parts_known ? pow(ordpar_power_law_teacher(&law) * x.teacher / x.student, 1 / law.zeta)
                    : INFINITY;
    if (rank < 1) {
        note_all(rank, t);
        return;
    }
    ordpar_phase_fact(&law, !n->small_eta, t);
    if (rank < law.L)
        ordpar_table_fact(t, "student's part", rank,
                          "what the student starts with is more than what it has to learn beyond "
                          "the rank %.6g",
                          rank);
}

/* Where the student's own part, which does not decay with the rank, takes over from the window. */
static void note_student(ordpar_form *f, const ordpar_power_law *flat, double c,
                         const ordpar_one_unit *unit, double margin, double zeta) {
    const ordpar_scaling_window *w = &f->t->window;
    const double student = unit->start.student;
    const ordpar_scaling_window own = ordpar_linear_window(flat, unit->eta, student / margin);
    const double from = pow(w->amplitude / own.amplitude, 1 / (own.slope - w->slope));
    const double rank = pow(c * unit->start.teacher / student, 1 / zeta);
    if (rank < 1)
        note_all(rank, f->t);
    else if (rank < flat->L)
        ordpar_table_fact(f->t, "student's part", from,
                          "what the student starts with, alpha^%.6g, takes over near alpha = %.6g "
                          "and beyond the rank %.6g",
                          own.slope, from, rank);
    f->t->window.end = fmin(w->end, from);
}

void ordpar_phase_window(ordpar_form *f, const ordpar_power_law *law, const ordpar_one_unit *unit,
                         double margin) {
    const bool all_orders = margin < 1;
    ordpar_power_law flat = *law;
    flat.zeta = 0;
    ordpar_scaling_window *w = &f->t->window;
    const ordpar_linear_start *x = &unit->start;
    if (x->teacher == 0) { /* nothing of the teacher is left to learn */
        *w = ordpar_linear_window(&flat, unit->eta, x->student / margin);
        return;
    }
    const double c = ordpar_power_law_teacher(law);
    *w = ordpar_linear_window(law, unit->eta, c * x->teacher / margin);
    if (ordpar_power_law_slope(law, all_orders) > w->slope) {
        const ordpar_spectrum *s = &f->parts.spectrum;
        double started = 0;
        for (size_t b = s->L; b-- > 0;)
            started += s->p[b] * unit->error[b];
        *w = ordpar_linear_noise_window(law, unit->eta, started, margin);
    }
    if (!(c * x->teacher < x->student && law->zeta > 0)) /* else no rank shows it */
        ordpar_phase_fact(law, all_orders, f->t);
    if (x->student > 0 && law->zeta > 0)
        note_student(f, &flat, c, unit, margin, law->zeta);
}
