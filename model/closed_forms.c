// SPDX-License-Identifier: GPL-3.0-or-later
#include "closed_forms.h"

#include "compute.h"
#include "decimals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ordpar_form_entry entries[ORDPAR_FORMS] = {
#define ENTRY(identifier, function, name, rows, columns, activation)                               \
    {name, rows, columns, activation, ordpar_form_##function},
    ORDPAR_FORM_LIST(ENTRY)
#undef ENTRY
};

#define BIT(identifier) (1u << ORDPAR_FORM_##identifier)
#define ONE_ROW (BIT(PLATEAU) | BIT(ESCAPE) | BIT(CRITICAL_ETA))
#define EACH ((1u << ORDPAR_FORMS) - 1)

typedef enum { ALWAYS, IF_LOWEST, IF_CONTINUUM, IF_ERF, IF_DIGITS } condition;

static const char no_noise[] = "leaves out eta^2, and with it the noise",
                  no_law[] = "needs the power law of eigenvalues and beta, not a given spectrum",
                  all_trained[] = "needs all components trained";

/* The one list of what closed forms have no use for, in double precision and in decimals. */
static const struct {
    unsigned forms;
    condition when;
    const char *setting, *reason;
} refusals[] = {
    {EACH & ~BIT(PLATEAU), ALWAYS, "moments", "has no order parameters to print"},
    {BIT(PLATEAU), IF_DIGITS, "moments", "has only its own columns with digits"},
    {EACH & ~BIT(ASYMPTOTIC), ALWAYS, "continuum", "is not asymptotic"},
    {BIT(ASYMPTOTIC), IF_DIGITS, "continuum", "has its sum over the spectrum with digits"},
    {EACH & ~BIT(FRONTIER) & ~ONE_ROW, ALWAYS, "compute", "has a grid of alpha in its place"},
    {ONE_ROW, ALWAYS, "compute", "is one row of numbers, without a grid"},
    {BIT(FRONTIER), ALWAYS, "alpha", "has compute in its place"},
    {BIT(LINEAR_EXACT) | BIT(LINEAR_FINITE_N), ALWAYS, "small-eta",
     "has all orders in eta; use linear-small-eta"},
    {BIT(LINEAR_SMALL_ETA) | BIT(LINEAR_CONTINUUM) | BIT(FRONTIER), ALWAYS, "label-noise",
     no_noise},
    {BIT(FEATURES), IF_LOWEST, "label-noise", no_noise},
    {BIT(ASYMPTOTIC), IF_LOWEST, "label-noise", "needs all orders in eta for it"},
    {BIT(LINEAR_CONTINUUM) | BIT(ASYMPTOTIC), IF_CONTINUUM, "spectrum", no_law},
    {BIT(LINEAR_CONTINUUM) | BIT(ASYMPTOTIC), IF_CONTINUUM, "data", no_law},
    {BIT(LINEAR_CONTINUUM) | BIT(ASYMPTOTIC), IF_CONTINUUM, "spread", no_law},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "overlaps", "starts from the mean over starts"},
    {BIT(ASYMPTOTIC), ALWAYS, "overlaps", "starts from J = B + sigma_J noise"},
    {BIT(PLATEAU) | BIT(ESCAPE), IF_DIGITS, "overlaps", "has digits for the mean teacher"},
    {BIT(LINEAR_CONTINUUM), ALWAYS, "trainable", "has all components trained; use features"},
    {BIT(FRONTIER), ALWAYS, "trainable", "finds N_l itself"},
    {BIT(PLATEAU) | BIT(ESCAPE) | BIT(ASYMPTOTIC), ALWAYS, "trainable", all_trained},
    {BIT(CRITICAL_ETA), IF_ERF, "trainable", all_trained},
    {BIT(ASYMPTOTIC), ALWAYS, "init", "starts from J = B + sigma_J noise (near-teacher)"},
    {BIT(PLATEAU) | BIT(ESCAPE), IF_DIGITS, "teacher",
     "has digits for the mean teacher, got sampled"},
};

const ordpar_form_entry *ordpar_form_find(const char *name, ordpar_form_id *id) {
    for (size_t k = 0; k < ORDPAR_FORMS; k++)
        if (strcmp(entries[k].name, name) == 0) {
            *id = (ordpar_form_id)k;
            return &entries[k];
        }
    return NULL;
}

/* True if it was set, and to something that a closed form might not be for. */
static bool is_set(const ordpar_model *m, const char *setting) {
    const ordpar_values *v = &m->value;
    const struct {
        const char *setting;
        bool set;
    } special[] = {
        {"overlaps", ordpar_model_has_overlaps(m)},
        {"spectrum", m->spectrum.L || v->spectrum},
        {"data", m->data || v->data.count},
        {"small-eta", v->small_eta},
        {"continuum", v->continuum},
        {"trainable", v->trainable >= 0},
        {"init", ordpar_model_given(m, "init") && v->init != ORDPAR_INIT_NEAR_TEACHER},
        {"teacher", ordpar_model_given(m, "teacher") && v->teacher == ORDPAR_TEACHER_SAMPLED},
    };
    for (size_t k = 0; k < sizeof special / sizeof *special; k++)
        if (strcmp(special[k].setting, setting) == 0)
            return special[k].set;
    return ordpar_model_given(m, setting);
}

static bool holds(const ordpar_form *f, condition when, bool digits) {
    const ordpar_values *v = &f->model->value;
    switch (when) {
    case ALWAYS:
        return true;
    case IF_LOWEST:
        return v->small_eta || v->continuum;
    case IF_CONTINUUM:
        return v->continuum || f->id == ORDPAR_FORM_LINEAR_CONTINUUM;
    case IF_ERF:
        return ordpar_activation_at((size_t)v->activation) == &ordpar_activation_erf;
    case IF_DIGITS:
        return digits;
    }
    return false;
}

static ordpar_status check_digits(const ordpar_form *f, ordpar_error *err) {
    ordpar_mp_closed_form_id id;
    if (!ordpar_mp_closed_form_find(f->entry->name, &id))
        return ordpar_fail(err, ORDPAR_INVALID, "digits: %s has no such precision", f->entry->name);
    if (f->id == ORDPAR_FORM_ASYMPTOTIC && !f->model->value.small_eta)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "digits: %s has them at lowest order in eta: add small-eta",
                           f->entry->name);
    return ordpar_decimals_check(f->model, err);
}

static ordpar_status check(const ordpar_form *f, bool digits, ordpar_error *err) {
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++)
        if ((refusals[k].forms >> f->id & 1) && holds(f, refusals[k].when, digits) &&
            is_set(f->model, refusals[k].setting))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: %s %s", refusals[k].setting,
                               f->entry->name, refusals[k].reason);
    const char *given = ordpar_activation_at((size_t)f->model->value.activation)->name;
    if (f->entry->activation && ordpar_model_given(f->model, "activation") &&
        strcmp(given, f->entry->activation) != 0)
        return ordpar_fail(err, ORDPAR_INVALID, "activation: %s is for %s, got %s", f->entry->name,
                           f->entry->activation, given);
    return digits ? check_digits(f, err) : ORDPAR_OK;
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
    if (!status && !ordpar_training_is_plain(&f->parts.network.training))
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "train-output, weight-decay, schedule: %s is for a constant learning "
                             "rate, fixed outputs and no decay",
                             f->entry->name);
    return status;
}

/* Checks, parts and the facts that all have. The caller clears f->parts in every case. */
static ordpar_status begin(ordpar_form *f, const char *name, bool digits, ordpar_error *err) {
    f->entry = ordpar_form_find(name, &f->id);
    if (!f->entry)
        return ordpar_fail(err, ORDPAR_INVALID, "closed-form: NAME must be one of %s, got '%.80s'",
                           ORDPAR_FORM_NAMES, name);
    ordpar_status status = check(f, digits, err);
    if (!status)
        status = make_parts(f, err);
    if (status)
        return status;
    ordpar_parts_facts(f->model, &f->parts, f->t);
    ordpar_table_note(f->t, "closed form", "%s", name);
    if (f->entry->rows)
        ordpar_table_column(f->t, "%s", f->entry->rows);
    ordpar_table_columns(f->t, f->entry->columns);
    const ordpar_network *n = &f->parts.network;
    snprintf(f->t->title, sizeof f->t->title, "%s: K = %zu, M = %zu, N = %.0f, L = %zu, η = %g",
             name, n->K, n->M, f->parts.spectrum.N, f->parts.spectrum.L, n->eta);
    return ORDPAR_OK;
}

static ordpar_status run_curve(ordpar_form *f, ordpar_error *err) {
    f->values = malloc((f->count ? f->count : 1) * sizeof *f->values);
    if (!f->values)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", f->count);
    const ordpar_status status = f->entry->evaluate(f, err);
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
    const ordpar_mp_grid grid = {start, stop, count, logarithmic != 0};
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
