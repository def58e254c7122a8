// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/closed_forms.h"

#include "base/floating_point.h"
#include "base/number.h"
#include "model/compute.h"
#include "model/decimals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ordpar_form_entry entries[ORDPAR_FORMS] = {
#define ENTRY(identifier, function, name, rows, columns, activation)                               \
    {name, rows, columns, activation, ordpar_form_##function},
    ORDPAR_FORM_LIST(ENTRY)
#undef ENTRY
};

const ordpar_form_entry *ordpar_form_find(const char *name, ordpar_form_id *id) {
    for (size_t k = 0; k < ORDPAR_FORMS; k++)
        if (strcmp(entries[k].name, name) == 0) {
            *id = (ordpar_form_id)k;
            return &entries[k];
        }
    return NULL;
}

static ordpar_status make_parts(ordpar_form *f, ordpar_error *err) {
    const ordpar_activation *g = NULL;
    for (size_t k = 0; f->entry->activation && !g; k++)
        if (strcmp(ordpar_activation_at(k)->name, f->entry->activation) == 0)
            g = ordpar_activation_at(k);
    ordpar_status status;
    if (f->id == ORDPAR_FORM_LINEAR_CONTINUUM) { /* any L: it needs no list of eigenvalues */
        f->parts.spectrum.L = f->parts.trained_blocks = (size_t)f->model->value.L;
        f->parts.spectrum.N = (double)f->model->value.N;
        status = ordpar_parts_network(f->model, g, &f->parts, err);
    } else
        status = ordpar_parts_init(f->model, g, &f->parts, err);
    const ordpar_network *n = &f->parts.network;
    if (!status && n->teacher_activation)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "teacher-activation: %s is for teachers with the student's, got %s beside "
            "%s",
            f->entry->name, n->teacher_activation->name, n->activation->name);
    return status;
}

/* Not all columns have digits. */
static void add_columns(ordpar_form *f, bool digits) {
    ordpar_mp_closed_form_id id;
    const ordpar_mp_closed_form_entry *with_digits =
        digits ? ordpar_mp_closed_form_find(f->entry->name, &id) : NULL;
    if (with_digits) {
        ordpar_table_columns(f->t, with_digits->columns);
        return;
    }
    if (f->entry->rows)
        ordpar_table_column(f->t, "%s", f->entry->rows);
    ordpar_table_columns(f->t, f->entry->columns);
}

/* Checks, parts and the facts that all have. The caller clears f->parts in every case. */
static ordpar_status no_form(const char *name, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID, "the closed form's NAME must be one of %s, got '%.80s'",
                       ORDPAR_FORM_NAMES, name);
}

static ordpar_status begin(ordpar_form *f, const char *name, bool digits, ordpar_error *err) {
    f->entry = ordpar_form_find(name, &f->id);
    if (!f->entry)
        return no_form(name, err);
    ordpar_status status = ordpar_model_check_continued(f->model, err);
    if (!status)
        status = ordpar_form_check(f, digits, err);
    if (!status)
        status = make_parts(f, err);
    if (status)
        return status;
    ordpar_parts_facts(f->model, &f->parts, f->t);
    ordpar_table_note(f->t, "closed form", "%s", name);
    if (f->id == ORDPAR_FORM_LINEAR_SMALL_ETA || f->id == ORDPAR_FORM_LINEAR_CONTINUUM)
        ordpar_table_note(f->t, "orders in eta", "lowest"); /* others have settings for it */
    add_columns(f, digits);
    return ORDPAR_OK;
}

/* [13.6] At lowest order in eta a schedule is another course of time. */
static ordpar_status evaluate(ordpar_form *f, double *times, ordpar_error *err) {
    const ordpar_schedule *schedule = &f->parts.network.training.schedule;
    const double *rows = f->rows, eta = f->parts.network.eta;
    if (schedule->kind == ORDPAR_SCHEDULE_CONSTANT)
        return f->entry->evaluate(f, err);
    for (size_t k = 0; k < f->count; k++)
        times[k] = ordpar_schedule_integral(schedule, eta, rows[k]) / eta;
    f->rows = times;
    const ordpar_status status = f->entry->evaluate(f, err);
    f->rows = rows;
    f->t->has_window = false; /* it is one of the integral of eta */
    return status;
}

static ordpar_status run_curve(ordpar_form *f, ordpar_error *err) {
    f->values = malloc((2 * f->count + 1) * sizeof *f->values);
    if (!f->values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", f->count);
    const ordpar_status status = evaluate(f, f->values + f->count, err);
    const ordpar_scaling_window *w = &f->t->window;
    if (!status && f->t->has_window)
        ordpar_table_fact(f->t, "power law", w->slope,
                          "alpha^%.6g for %.6g << alpha << %.6g, times %.6g", w->slope, w->begin,
                          w->end, w->amplitude);
    for (size_t k = 0; k < f->count && !status; k++) {
        double *row = ordpar_table_row(f->t);
        if (!row)
            break;
        row[0] = f->rows[k];
        row[1] = f->values[k];
    }
    free(f->values);
    return status;
}

static ordpar_status run(ordpar_form *f, ordpar_error *err) {
    const bool curve = f->entry->rows && strcmp(f->entry->rows, "alpha") == 0;
    const ordpar_status status = curve ? run_curve(f, err) : f->entry->evaluate(f, err);
    return status ? status : ordpar_table_check(f->t, err);
}

/* Over the grid of the setting that its rows run over. */
static ordpar_status run_grid(ordpar_form *f, ordpar_error *err) {
    if (!f->entry->rows)
        return run(f, err);
    const ordpar_values *v = &f->model->value;
    const ordpar_grid *grid = strcmp(f->entry->rows, "alpha") == 0 ? &v->alpha : &v->compute;
    double *rows = NULL;
    ordpar_status status = ordpar_grid_values(grid, &rows, err);
    f->count = (size_t)grid->count;
    f->rows = rows;
    if (!status)
        status = run(f, err);
    free(rows);
    return status;
}

static ordpar_status run_digits(ordpar_form *f, ordpar_error *err) {
    ordpar_mp_result result = {0};
    ordpar_status status = ordpar_form_digits(f, NULL, &result, err);
    if (!status) {
        ordpar_decimals_facts(f->model, &result, f->t);
        ordpar_decimals_fill(&result, f->t);
        status = ordpar_table_check(f->t, err);
    }
    ordpar_mp_result_clear(&result);
    return status;
}

ordpar_status ordpar_compute_closed_form(const ordpar_model *model, const char *name,
                                         ordpar_table *t, ordpar_error *err) {
    const bool digits = ordpar_model_given(model, "digits");
    ordpar_form f = {.model = model, .t = t};
    ordpar_status status = begin(&f, name, digits, err);
    if (!status)
        status = digits ? run_digits(&f, err) : run_grid(&f, err);
    ordpar_parts_clear(&f.parts);
    return status;
}

const char *ordpar_model_closed_form_columns(const char *name) {
    ordpar_form_id id;
    const ordpar_form_entry *entry = ordpar_form_find(name, &id);
    return entry ? entry->columns : NULL;
}

static ordpar_status set_default(ordpar_model *model, const char *setting, const char *value,
                                 ordpar_error *err) {
    return ordpar_model_given(model, setting) ? ORDPAR_OK
                                              : ordpar_model_set_text(model, setting, value, err);
}

/* Of the file `like`, which may be of another form. */
static ordpar_status leave_aside(ordpar_model *model, ordpar_form_id id, const char *name,
                                 ordpar_error *err) {
    ordpar_mp_closed_form_id of_digits;
    const bool has_orders =
        id == ORDPAR_FORM_PLATEAU || id == ORDPAR_FORM_ESCAPE || id == ORDPAR_FORM_FRONTIER;
    ordpar_status status = ORDPAR_OK;
    if (!has_orders && ordpar_model_is_alike(model, "orders"))
        status = ordpar_model_set_text(model, "orders", NULL, err);
    if (!status && ordpar_model_is_alike(model, "digits") &&
        !ordpar_mp_closed_form_find(name, &of_digits))
        status = ordpar_model_set_text(model, "digits", NULL, err);
    return status;
}

ordpar_status ordpar_model_set_form(ordpar_model *model, const char *name, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_form_id id;
    const ordpar_form_entry *entry = ordpar_form_find(name, &id);
    const bool drawn = !ordpar_model_has_overlaps(model);
    if (!entry)
        return no_form(name, err);
    ordpar_status status = leave_aside(model, id, name, err);
    if (!status && drawn && model->value.teacher_seed < 0 &&
        (ordpar_settings_among("plateau escape escape-law asymptotic", name) ||
         (id == ORDPAR_FORM_CRITICAL_ETA && strcmp(model->value.activation, "erf") == 0)))
        status = set_default(model, "teacher", "mean", err);
    if (!status && drawn && id == ORDPAR_FORM_ASYMPTOTIC)
        status = set_default(model, "init", "near-teacher", err);
    if (!status && entry->activation && !ordpar_model_is_alike(model, "activation"))
        status = set_default(model, "activation", entry->activation, err);
    return status;
}

const char *ordpar_model_closed_form_rows(const char *name) {
    ordpar_form_id id;
    const ordpar_form_entry *entry = ordpar_form_find(name, &id);
    return entry ? entry->rows : NULL;
}

/* Its own columns, without that of the rows and those of `moments`. */
static void copy_cells(const ordpar_form *f, double *values) {
    const ordpar_table *t = f->t;
    const size_t first = f->entry->rows ? 1 : 0;
    size_t columns = 1;
    for (const char *c = f->entry->columns; *c; c++)
        columns += *c == ',';
    for (size_t k = 0; k < t->n_rows; k++)
        memcpy(values + k * columns, t->cells + k * t->n_columns + first, columns * sizeof *values);
}

ordpar_status ordpar_model_closed_form(const ordpar_model *model, const char *name, size_t count,
                                       const double *rows, double *values, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_table t = {0};
    ordpar_form f = {.model = model, .count = count, .rows = rows, .t = &t};
    ordpar_status status = begin(&f, name, false, err);
    if (!status)
        status = run(&f, err);
    if (!status)
        copy_cells(&f, values);
    ordpar_parts_clear(&f.parts);
    ordpar_table_clear(&t);
    return status;
}

ordpar_status ordpar_model_closed_form_digits(const ordpar_model *model, const char *name,
                                              const char *start, const char *stop, size_t count,
                                              int logarithmic, char *text, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_mp_grid grid = {start, stop, count, logarithmic != 0, NULL};
    ordpar_table t = {0};
    ordpar_mp_result result = {0};
    ordpar_form f = {.model = model, .t = &t};
    ordpar_status status = begin(&f, name, true, err);
    if (!status && f.entry->rows && (!start || !stop))
        status = ordpar_fail(err, ORDPAR_INVALID, "alpha: %s needs rows from start to stop", name);
    if (!status)
        status = ordpar_form_digits(&f, &grid, &result, err);
    if (!status)
        memcpy(text, result.text, result.count * result.width);
    ordpar_mp_result_clear(&result);
    ordpar_parts_clear(&f.parts);
    ordpar_table_clear(&t);
    return status;
}
