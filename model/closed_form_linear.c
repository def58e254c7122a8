// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/divisor.h"
#include "model/closed_forms.h"
#include "model/phase.h"
#include "solver/motion/linear_reduction.h"
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_finite_n.h"

#include <math.h>
#include <stdlib.h>

static ordpar_status mean_start(ordpar_form *f, bool plain, ordpar_linear_start *start,
                                ordpar_error *err) {
    ordpar_error reason;
    const ordpar_values *v = &f->model->value;
    const ordpar_status status = ordpar_linear_mean_start(&f->parts.network, (ordpar_init)v->init,
                                                          v->sigma_J, start, &reason);
    if (status)
        return ordpar_fail(err, status, "init: %.480s", reason.message);
    const double mean = start->student + start->teacher;
    if (plain)
        ordpar_table_fact(f->t, "start", mean,
                          "mean over starts and teachers, E[(J - B)^2] = %.17g per component",
                          mean);
    else
        ordpar_table_note(f->t, "start",
                          "mean over starts and teachers, E[(J - B)^2] = %.17g + %.17g c_b per "
                          "component of block b",
                          start->student, start->teacher);
    return ORDPAR_OK;
}

static ordpar_status given_error(ordpar_form *f, double *error, ordpar_error *err) {
    const ordpar_status status = ordpar_parts_start(f->model, false, &f->parts, err);
    if (status)
        return status;
    ordpar_linear_start_error(&f->parts.network, &f->parts.spectrum, &f->parts.start, error);
    if (f->model->value.overlaps)
        ordpar_table_note(f->t, "start", "the overlaps of %s", f->model->value.overlaps);
    else
        ordpar_table_note(f->t, "start", "the given overlaps");
    return ORDPAR_OK;
}

bool ordpar_form_is_taught(const ordpar_model *model) {
    return model->value.teacher_seed >= 0 && model->value.teacher == ORDPAR_TEACHER_SAMPLED &&
           !ordpar_model_has_overlaps(model);
}

bool ordpar_form_has_one_teacher(const ordpar_model *model) {
    return ordpar_model_has_overlaps(model) || ordpar_form_is_taught(model);
}

static ordpar_status taught_error(ordpar_form *f, double *error, ordpar_error *err) {
    const ordpar_values *v = &f->model->value;
    ordpar_error reason;
    const ordpar_status status =
        ordpar_linear_taught_error(&f->parts.network, &f->parts.spectrum, (ordpar_init)v->init,
                                   v->sigma_J, (uint64_t)v->teacher_seed, error, &reason);
    if (status)
        return ordpar_fail(err, status, "init: %.480s", reason.message);
    ordpar_table_note(f->t, "start", "mean over starts, with the teacher that teacher-seed keeps");
    return ORDPAR_OK;
}

ordpar_status ordpar_form_reduce(ordpar_form *f, ordpar_one_unit *unit, ordpar_error *err) {
    const size_t L = f->parts.spectrum.L;
    *unit = (ordpar_one_unit){.error = malloc(L * sizeof(double))};
    if (!unit->error)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", L);
    const ordpar_spectrum *s = &f->parts.spectrum;
    const bool one_teacher = ordpar_form_has_one_teacher(f->model);
    const ordpar_status status =
        !one_teacher ? mean_start(f, ordpar_spectrum_is_plain(s), &unit->start, err)
        : ordpar_form_is_taught(f->model) ? taught_error(f, unit->error, err)
                                          : given_error(f, unit->error, err);
    for (size_t b = 0; b < L && !one_teacher; b++) /* [15.2] */
        unit->error[b] = unit->start.student + s->c[b] * unit->start.teacher;
    unit->eta = ordpar_linear_effective_eta(&f->parts.network); /* v may come with the overlaps */
    return status;
}

bool ordpar_form_power_law(const ordpar_form *f, ordpar_power_law *law) {
    const ordpar_values *v = &f->model->value;
    return ordpar_model_is_power_law(f->model) && v->L > 1 &&
           ordpar_phase_law(f->model, &f->parts.network, law);
}

/* The window of the power law, where all components are trained from the mean start. margin: 1 -
 * eta/eta_c or 1 - r_N; 1 at lowest order. */
static void set_window(ordpar_form *f, const ordpar_one_unit *unit, double margin) {
    ordpar_power_law law;
    if (ordpar_form_has_one_teacher(f->model) || f->model->value.trainable >= 0 ||
        !(unit->eta > 0) || f->parts.network.unlearnable || !ordpar_form_power_law(f, &law))
        return;
    const ordpar_linear_start *x = &unit->start;
    if (law.zeta == 0)
        f->t->window = ordpar_linear_window(&law, unit->eta, (x->student + x->teacher) / margin);
    else
        ordpar_phase_window(f, &law, unit, margin);
    f->t->has_window = true;
}

/* With what the inputs do not show [15.7]. */
static void add_floor(ordpar_form *f, double floor) {
    floor += ordpar_linear_unlearnable(&f->parts.network) / 2;
    ordpar_table_fact(f->t, "floor", floor, "%.17g", floor);
}

/* [6.4], [6.11] */
void ordpar_form_note_ratio(ordpar_form *f, const ordpar_one_unit *unit) {
    const ordpar_spectrum *s = &f->parts.spectrum;
    const size_t trained = f->parts.trained_blocks;
    const double ratio = unit->eta / ordpar_linear_critical_eta(s, trained);
    const double margin = ordpar_linear_margin(s, trained, unit->eta),
                 here = ordpar_linear_margin_finite_n(s, trained, unit->eta);
    ordpar_table_fact(f->t, "eta / eta_c", ratio, "%.10g", ratio);
    if (!(here > 0.99 * margin)) {
        const double r = ordpar_linear_ratio_finite_n(s, trained, unit->eta);
        ordpar_table_fact(f->t, "r_N", r,
                          "%.6g takes the place of eta/eta_c in runs at this N%s; linear-finite-n "
                          "has their mean",
                          r, r < 1 ? "" : ": it diverges, made by rare ones");
    }
}

static ordpar_status exact(ordpar_form *f, const ordpar_one_unit *unit, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    const double eta = p->network.eta, noise = ordpar_linear_noise(&p->network);
    const double ratio = unit->eta / ordpar_linear_critical_eta(&p->spectrum, p->trained_blocks);
    if (!(ratio < 1))
        return ordpar_fail(err, ORDPAR_INVALID, "eta: %s needs eta < eta_c = %.10g, got %.10g",
                           f->entry->name, eta / ratio, eta);
    ordpar_form_note_ratio(f, unit);
    add_floor(f,
              ordpar_linear_floor(&p->spectrum, unit->eta, noise, p->trained_blocks, unit->error));
    if (noise == 0) /* [6.9] */
        set_window(f, unit, ordpar_linear_margin(&p->spectrum, p->trained_blocks, unit->eta));
    return ordpar_linear_exact(&p->spectrum, unit->eta, noise, p->trained_blocks, unit->error,
                               f->rows, f->count, f->values, err);
}

static ordpar_status small_eta(ordpar_form *f, const ordpar_one_unit *unit, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    add_floor(f, ordpar_linear_frozen_error(&p->spectrum, p->trained_blocks, unit->error));
    set_window(f, unit, 1);
    return ordpar_linear_small_eta(&p->spectrum, unit->eta, p->trained_blocks, unit->error, f->rows,
                                   f->count, f->values, err);
}

/* [6.11]-[6.13] */
static void note_finite_n(ordpar_form *f, const ordpar_one_unit *unit) {
    const ordpar_spectrum *s = &f->parts.spectrum;
    const size_t trained = f->parts.trained_blocks;
    const double r = ordpar_linear_ratio_finite_n(s, trained, unit->eta);
    const double noise = ordpar_linear_noise(&f->parts.network);
    ordpar_table_fact(f->t, "r_N", r, "%.10g in place of eta/eta_c = %.10g", r,
                      unit->eta / ordpar_linear_critical_eta(s, trained));
    if (!(r < 1)) {
        ordpar_table_note(f->t, "floor", "none: the mean diverges, made by rare runs");
        return;
    }
    add_floor(f, ordpar_linear_floor_finite_n(s, unit->eta, noise, trained, unit->error));
    if (noise == 0)
        set_window(f, unit, ordpar_linear_margin_finite_n(s, trained, unit->eta));
}

static ordpar_status finite_n(ordpar_form *f, const ordpar_one_unit *unit, ordpar_error *err) {
    const ordpar_parts *p = &f->parts;
    ordpar_table_note(f->t, "steps", "at alpha: the whole number nearest to alpha N");
    note_finite_n(f, unit);
    return ordpar_linear_finite_n(&p->spectrum, unit->eta, ordpar_linear_noise(&p->network),
                                  p->trained_blocks, unit->error, f->rows, f->count, f->values,
                                  err);
}

/* [15.7] */
static void add_unlearnable(ordpar_form *f) {
    const double half = ordpar_linear_unlearnable(&f->parts.network) / 2;
    for (size_t k = 0; k < f->count; k++)
        f->values[k] += half;
}

typedef ordpar_status (*unit_form)(ordpar_form *f, const ordpar_one_unit *unit, ordpar_error *err);

static ordpar_status of_one_unit(ordpar_form *f, unit_form form, ordpar_error *err) {
    ordpar_one_unit unit;
    ordpar_status status = ordpar_form_reduce(f, &unit, err);
    if (!status)
        status = form(f, &unit, err);
    free(unit.error);
    if (!status)
        add_unlearnable(f);
    return status;
}

ordpar_status ordpar_form_linear_exact(ordpar_form *f, ordpar_error *err) {
    return of_one_unit(f, exact, err);
}

ordpar_status ordpar_form_linear_small_eta(ordpar_form *f, ordpar_error *err) {
    return of_one_unit(f, small_eta, err);
}

ordpar_status ordpar_form_linear_finite_n(ordpar_form *f, ordpar_error *err) {
    return of_one_unit(f, finite_n, err);
}

/* [6.8]; where the teacher decays what the student starts with and what it has to learn are two
 * terms [15.3]. */
static ordpar_status continuum(ordpar_form *f, ordpar_power_law law, const ordpar_one_unit *unit,
                               ordpar_error *err) {
    const ordpar_linear_start *x = &unit->start;
    const bool plain = law.zeta == 0;
    const double error =
        plain ? x->student + x->teacher : ordpar_power_law_teacher(&law) * x->teacher;
    ordpar_status status =
        ordpar_linear_continuum(&law, unit->eta, error, f->rows, f->count, f->values, err);
    if (status || plain || x->student == 0)
        return status;
    double *student = malloc((f->count + 1) * sizeof *student);
    if (!student)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", f->count);
    law.zeta = 0;
    status = ordpar_linear_continuum(&law, unit->eta, x->student, f->rows, f->count, student, err);
    for (size_t k = 0; k < f->count && !status; k++)
        f->values[k] += student[k];
    free(student);
    return status;
}

ordpar_status ordpar_form_linear_continuum(ordpar_form *f, ordpar_error *err) {
    const ordpar_values *v = &f->model->value;
    ordpar_error reason;
    ordpar_power_law law;
    ordpar_one_unit unit = {.eta = ordpar_linear_effective_eta(&f->parts.network)};
    ordpar_status status = ordpar_check_divides(v->L, v->N, &reason);
    if (status)
        return ordpar_fail(err, status, "N, L: %.480s", reason.message);
    if ((status = ordpar_power_law_init(v->L, v->beta, &law, &reason)))
        return ordpar_fail(err, status, "L, beta: %.480s", reason.message);
    law.zeta = v->teacher_decay;
    if (!(v->beta + law.zeta > 0))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "teacher-decay: %s needs it above -beta = %g, got %g", f->entry->name,
                           -v->beta, law.zeta);
    if ((status = mean_start(f, law.zeta == 0, &unit.start, err)))
        return status;
    set_window(f, &unit, 1);
    status = continuum(f, law, &unit, err);
    if (!status)
        add_unlearnable(f);
    return status;
}

/* For the power law with L = N; what decays of the initial error has a sum of its own [15.3]. */
static void note_floor_estimate(ordpar_form *f) {
    const ordpar_values *v = &f->model->value;
    const double trained = (double)v->trainable;
    ordpar_power_law law;
    ordpar_linear_start x;
    if (!ordpar_form_power_law(f, &law) || v->L != v->N || v->trainable < 1 ||
        ordpar_linear_mean_start(&f->parts.network, (ordpar_init)v->init, v->sigma_J, &x, NULL))
        return;
    const bool plain = law.zeta == 0;
    double floor = ordpar_linear_floor_estimate(
        &law, trained, plain ? x.student + x.teacher : ordpar_power_law_teacher(&law) * x.teacher);
    law.zeta = 0;
    if (!plain)
        floor += ordpar_linear_floor_estimate(&law, trained, x.student);
    ordpar_table_fact(f->t, "floor, small eta, estimate", floor, "%.17g", floor);
}

ordpar_status ordpar_form_features(ordpar_form *f, ordpar_error *err) {
    const ordpar_values *v = &f->model->value;
    const double N = f->parts.spectrum.N, trained = v->trainable < 0 ? N : (double)v->trainable;
    ordpar_table_fact(f->t, "N_l", trained, "%.0f of %.0f components are trained", trained, N);
    ordpar_table_note(f->t, "orders in eta", "%s", v->small_eta ? "lowest" : "all");
    if (!ordpar_form_has_one_teacher(f->model))
        note_floor_estimate(f);
    return of_one_unit(f, v->small_eta ? small_eta : exact, err);
}
