// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/floating_point.h"
#include "base/team.h"
#include "model/curve_state.h"

#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const ordpar_setting_table *const table = &ordpar_model_settings;

const char *ordpar_version(void) {
    return ORDPAR_VERSION;
}

ordpar_status ordpar_model_create(ordpar_model **model, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_model *made = calloc(1, sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a model");
    const ordpar_status status = ordpar_settings_reset(table, &made->value, err);
    if (status)
        ordpar_model_free(made);
    else
        *model = made;
    return status;
}

void ordpar_model_free(ordpar_model *model) {
    if (!model)
        return;
    ordpar_settings_clear(table, &model->value);
    for (size_t k = 0; k < table->count; k++)
        free(model->text[k]);
    ordpar_spectrum_clear(&model->spectrum);
    ordpar_overlaps_clear(&model->overlaps);
    if (model->data)
        ordpar_source_clear(model->data);
    free(model->data);
    if (model->origin)
        ordpar_curve_state_clear(model->origin);
    free(model->origin);
    free(model);
}

ordpar_status ordpar_model_copy(const ordpar_model *model, ordpar_model **copy, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_model *made = calloc(1, sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a model");
    ordpar_status status = ordpar_settings_copy(table, &model->value, &made->value, err);
    for (size_t k = 0; k < table->count && !status; k++) {
        made->given[k] = model->given[k];
        made->alike[k] = model->alike[k];
        made->none[k] = model->none[k];
        if (model->text[k] && !(made->text[k] = strdup(model->text[k])))
            status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a model");
    }
    made->stop = model->stop;
    made->progress = model->progress;
    made->context = model->context;
    made->warning = model->warning;
    made->warned = model->warned;
    made->trial = model->trial;
    if (!status)
        status = ordpar_model_copy_arrays(model, made, err);
    if (status)
        ordpar_model_free(made);
    else
        *copy = made;
    return status;
}

void ordpar_model_set_stop(ordpar_model *model, const volatile sig_atomic_t *stop) {
    model->stop = stop;
}

void ordpar_model_set_progress(ordpar_model *model, ordpar_model_progress progress, void *context) {
    model->progress = progress;
    model->context = context;
}

void ordpar_model_tell(const ordpar_model *model, double fraction, const char *text) {
    if (model->progress)
        model->progress(model->context, fraction, text);
}

void ordpar_model_set_warning(ordpar_model *model, ordpar_model_warning warning, void *context) {
    model->warning = warning;
    model->warned = context;
}

void ordpar_model_warn(const ordpar_model *model, const char *text) {
    if (model->warning)
        model->warning(model->warned, text);
}

void ordpar_model_warn_unsaved(const ordpar_model *model, const char *reason) {
    char text[ORDPAR_MESSAGE_SIZE];
    ordpar_format(text, sizeof text, "%.480s; the run goes on", reason);
    ordpar_model_warn(model, text);
}

/* The row of a name in NAME's place, or an error. */
static ordpar_status find(const char *name, const ordpar_setting **row, ordpar_error *err) {
    *row = ordpar_setting_find(table, name);
    const char *meant = *row ? NULL : ordpar_setting_meant(name);
    if (meant)
        return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not the name of a setting; it is %s",
                           name, meant);
    return *row ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not the name of a setting", name);
}

/* What was given as arrays, or read, in place of the file that a setting names. */
static void forget_arrays(ordpar_model *model, const char *name) {
    if (strcmp(name, "spectrum") == 0)
        ordpar_spectrum_clear(&model->spectrum);
    if (strcmp(name, "overlaps") == 0)
        ordpar_overlaps_clear(&model->overlaps);
    if (strcmp(name, "data") == 0 && model->data) {
        ordpar_source_clear(model->data);
        free(model->data);
        model->data = NULL;
    }
}

static ordpar_status unset(ordpar_model *model, const ordpar_setting *row, ordpar_error *err) {
    const size_t k = (size_t)(row - table->rows);
    model->told_blocks = 0;
    forget_arrays(model, row->name);
    ordpar_setting_clear(row, &model->value);
    free(model->text[k]);
    model->text[k] = NULL;
    model->given[k] = model->alike[k] = model->none[k] = false;
    return row->initial ? ordpar_setting_read(row, row->initial, &model->value, err) : ORDPAR_OK;
}

/* Files of data are added, and their texts put together, a line each. */
static ordpar_status keep_text(ordpar_model *model, size_t k, const char *text, ordpar_error *err) {
    const bool adds = table->rows[k].kind == ORDPAR_KIND_FILES && model->text[k];
    const size_t old = adds ? strlen(model->text[k]) + 1 : 0;
    char *copy = malloc(old + strlen(text) + 1);
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", table->rows[k].name);
    if (adds)
        sprintf(copy, "%s\n", model->text[k]);
    strcpy(copy + old, text);
    free(model->text[k]);
    model->told_blocks = 0;
    forget_arrays(model, table->rows[k].name);
    model->text[k] = copy;
    model->given[k] = true;
    model->alike[k] = model->none[k] = false;
    return ORDPAR_OK;
}

/* What a model can be without, where "none" names no file that is written or stands for others. */
bool ordpar_setting_can_be_none(const ordpar_setting *row) {
    static const unsigned no_model =
        ORDPAR_GROUP_SAVE | ORDPAR_GROUP_CHECKPOINT | ORDPAR_GROUP_CONTINUE | ORDPAR_GROUP_OPTIMUM;
    return (!row->initial && !(row->groups & no_model) &&
            !ordpar_settings_among("spectrum data array overlaps", row->name)) ||
           ordpar_settings_among("runs digits representation", row->name);
}

static ordpar_status unset_for_good(ordpar_model *model, const ordpar_setting *row,
                                    ordpar_error *err) {
    const ordpar_status status = unset(model, row, err);
    model->none[row - table->rows] = true;
    return status;
}

ordpar_status ordpar_model_unset(ordpar_model *model, const char *name, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_setting *row;
    const ordpar_status status = find(name, &row, err);
    return status ? status : unset_for_good(model, row, err);
}

ordpar_status ordpar_model_set_text(ordpar_model *model, const char *name, const char *text,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_setting *row;
    ordpar_status status = find(name, &row, err);
    if (status)
        return status;
    if (!text)
        return unset(model, row, err);
    if (strcmp(text, "none") == 0 && ordpar_setting_can_be_none(row))
        return unset_for_good(model, row, err);
    if ((status = ordpar_setting_read(row, text, &model->value, err)))
        return status;
    return keep_text(model, (size_t)(row - table->rows), text, err);
}

static bool is_list(const ordpar_setting *row) {
    return row->kind == ORDPAR_KIND_REALS || row->kind == ORDPAR_KIND_ORDERS ||
           row->kind == ORDPAR_KIND_GRID;
}

static bool is_number(const ordpar_setting *row) {
    return ordpar_setting_is_number(row) || row->kind == ORDPAR_KIND_FLAG;
}

/* A text for the row's reader: shortest decimals, with commas. */
static ordpar_status text_of(const ordpar_setting *row, size_t count, const double *values,
                             char **text, ordpar_error *err) {
    const bool fits = count < SIZE_MAX / ORDPAR_NUMBER_SIZE;
    char *made = fits ? malloc(count * ORDPAR_NUMBER_SIZE + 1) : NULL, *next = made;
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory for %zu numbers", row->name,
                           count);
    for (size_t k = 0; k < count; k++) {
        char number[ORDPAR_NUMBER_SIZE];
        if (row->kind == ORDPAR_KIND_FLAG && (values[k] == 0 || values[k] == 1))
            ordpar_format(number, sizeof number, "%s", values[k] == 1 ? "yes" : "no");
        else
            ordpar_number_text(values[k], number);
        next += sprintf(next, "%s%s", k ? "," : "", number);
    }
    *text = made;
    return ORDPAR_OK;
}

ordpar_status ordpar_model_set(ordpar_model *model, const char *name, size_t count,
                               const double *values, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_setting *row;
    char *text = NULL;
    ordpar_status status = find(name, &row, err);
    if (status)
        return status;
    if (!is_list(row) && !is_number(row))
        return ordpar_fail(err, ORDPAR_INVALID, "%s: takes no numbers", row->name);
    if (count == 0)
        return unset(model, row, err);
    if (is_number(row) && count != 1)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must be one number, got %zu", row->name,
                           count);
    if ((status = text_of(row, count, values, &text, err)))
        return status;
    status = ordpar_model_set_text(model, row->name, text, err);
    free(text);
    return status;
}

bool ordpar_model_given(const ordpar_model *model, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    return row && model->given[row - table->rows];
}

bool ordpar_model_is_alike(const ordpar_model *model, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    return row && model->alike[row - table->rows];
}

bool ordpar_model_given_any(const ordpar_model *model, unsigned groups) {
    for (size_t k = 0; k < table->count; k++)
        if (model->given[k] && (table->rows[k].groups & groups))
            return true;
    return false;
}

const char *ordpar_model_text(const ordpar_model *model, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    const char *text = row ? model->text[row - table->rows] : NULL;
    return text || !row ? text : row->initial;
}

bool ordpar_model_is_power_law(const ordpar_model *model) {
    return !model->data && model->value.data.count == 0 && !model->spectrum.L &&
           !model->value.spectrum && model->value.spread == 0 &&
           (!model->origin || ordpar_model_origin_has(model, "beta"));
}

bool ordpar_model_has_overlaps(const ordpar_model *model) {
    return model->overlaps.K || model->value.overlaps || model->origin;
}

const char *ordpar_model_overlaps_name(const ordpar_model *model) {
    return model->value.overlaps ? model->value.overlaps : "the given start";
}

int ordpar_model_threads(const ordpar_model *model) {
    return (int)ordpar_threads((int)model->value.threads);
}

ordpar_integrator_choice ordpar_model_integrator(const ordpar_model *model) {
    return (ordpar_integrator_choice)model->value.integrator;
}

ordpar_status ordpar_model_check_memory(const ordpar_model *model, size_t L, double bytes,
                                        ordpar_error *err) {
    const double machine = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (!(machine > 0) || bytes <= machine)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "the sizes K = %lld, M = %lld, L = %zu need about %.3g GiB of memory, this "
                       "machine has %.3g",
                       (long long)model->value.K, (long long)model->value.M, L, bytes / 0x1p30,
                       machine / 0x1p30);
}
