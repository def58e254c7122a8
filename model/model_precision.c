// SPDX-License-Identifier: GPL-3.0-or-later
/* Models in arbitrary precision. */
#include "decimals.h"
#include "model_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t ordpar_model_width(const ordpar_model *model) {
    return ordpar_mp_width((long)model->number[MODEL_DIGITS]);
}

/* What has no decimals, or no equations in arbitrary precision. */
static ordpar_status check(const ordpar_model *model, ordpar_error *err) {
    if (model->data)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "data: has no decimals; arbitrary precision takes a spectrum");
    if (model->number[MODEL_SPREAD] != 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "spread: has no decimals; arbitrary precision takes a spectrum");
    if (!model->spectrum.L && model->spectrum_file && strcmp(model->spectrum_file, "-") == 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "spectrum: must be a file where its decimals matter, got '-'");
    if (model->number[MODEL_TRAIN_OUTPUT] != 0 || model->number[MODEL_WEIGHT_DECAY] != 0 ||
        model->schedule)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "train-output, weight-decay, schedule: have no arbitrary precision");
    return ORDPAR_OK;
}

/* The numbers of a list as text with commas, which the caller frees. */
static char *list_text(const ordpar_model_list *list) {
    if (list->text)
        return strdup(list->text);
    char *text = malloc(list->count * ORDPAR_DECIMAL_SIZE), *next = text;
    char number[ORDPAR_DECIMAL_SIZE];
    for (size_t k = 0; text && k < list->count; k++)
        next += sprintf(next, "%s%s", k ? "," : "", ordpar_decimal_text(list->values[k], number));
    return text;
}

typedef struct {
    ordpar_decimal_texts texts;
    char numbers[4][ORDPAR_DECIMAL_SIZE];
    char *student_output, *teacher_output;
} model_texts;

static const char *number_text(const ordpar_model *model, ordpar_model_number k, char *buffer) {
    return model->text[k] ? model->text[k] : ordpar_decimal_text(model->number[k], buffer);
}

static ordpar_status texts_of(const ordpar_model *model, const ordpar_mp_grid *grid, model_texts *t,
                              ordpar_error *err) {
    const bool v = model->student_output.count, w = model->teacher_output.count;
    if ((v && !(t->student_output = list_text(&model->student_output))) ||
        (w && !(t->teacher_output = list_text(&model->teacher_output))))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the model");
    t->texts = (ordpar_decimal_texts){
        .eta = number_text(model, MODEL_ETA, t->numbers[0]),
        .sigma_J = number_text(model, MODEL_SIGMA_J, t->numbers[1]),
        .label_noise = number_text(model, MODEL_LABEL_NOISE, t->numbers[2]),
        .beta = number_text(model, MODEL_BETA, t->numbers[3]),
        .student_output = t->student_output,
        .teacher_output = t->teacher_output,
        .spectrum_file = model->spectrum.L ? NULL : model->spectrum_file,
        .overlaps_file = model->overlaps_file,
        .power_law = ordpar_parts_is_power_law(model) ? (size_t)model->number[MODEL_L] : 0,
        .init = model->init,
        .teacher = model->teacher,
        .given_start = ordpar_model_has_overlaps(model),
        .grid = *grid};
    return ORDPAR_OK;
}

/* The model's decimals; id: of which closed form, NULL: for a curve. */
static ordpar_status make_decimals(const ordpar_model *model, const ordpar_mp_grid *grid,
                                   const ordpar_parts *parts, const ordpar_mp_closed_form_id *id,
                                   ordpar_decimals *d, ordpar_error *err) {
    model_texts t = {0};
    ordpar_status status = texts_of(model, grid, &t, err);
    if (!status)
        status = ordpar_decimals_init(&t.texts, &parts->spectrum, parts->trained_blocks,
                                      &parts->network, &parts->start, d, err);
    if (!status && id)
        ordpar_decimals_start_form(&t.texts, *id, d);
    free(t.student_output);
    free(t.teacher_output);
    return status;
}

static ordpar_mp_options options_of(const ordpar_model *model) {
    return (ordpar_mp_options){.digits = (long)model->number[MODEL_DIGITS], .stop = model->stop};
}

/* Moves the numbers to the caller. */
static void copy_out(ordpar_mp_result *result, char *text) {
    memcpy(text, result->text, result->count * result->width);
    ordpar_mp_result_clear(result);
}

static ordpar_status integrate(const ordpar_model *model, const ordpar_decimals *d, char *text,
                               ordpar_error *err) {
    const ordpar_mp_options options = options_of(model);
    const ordpar_mp_representation basis = d->model.linear && !model->representation_given
                                               ? ORDPAR_MP_EXPONENTIAL
                                               : model->representation;
    ordpar_mp_result result = {0};
    double lost = 0, bytes;
    ordpar_status status = ORDPAR_OK;
    if (basis == ORDPAR_MP_MOMENTS)
        status = ordpar_mp_closure_condition(&d->model.spectrum, &lost, err);
    if (!status && basis != ORDPAR_MP_EXPONENTIAL)
        status = ordpar_decimals_check_cost(&d->model, basis, options.digits, lost, &bytes, err);
    if (!status)
        status = ordpar_mp_curve(&d->model, &d->grid, basis, &options, &result, err);
    if (!status)
        copy_out(&result, text);
    return status;
}

ordpar_status ordpar_model_precision(const ordpar_model *model, const char *start, const char *stop,
                                     size_t count, int logarithmic, char *text, ordpar_error *err) {
    const ordpar_mp_grid grid = {start, stop, count, logarithmic != 0};
    ordpar_parts parts = {0};
    ordpar_decimals d = {0};
    bool deviations = false;
    ordpar_status status = check(model, err);
    if (!status)
        status = ordpar_parts_init(model, &ordpar_activation_erf, &parts, err);
    if (!status)
        status = ordpar_parts_start(model, &deviations, &parts, err);
    if (!status)
        status = make_decimals(model, &grid, &parts, NULL, &d, err);
    if (!status) {
        d.model.deviations = deviations;
        status = integrate(model, &d, text, err);
    }
    ordpar_decimals_clear(&d);
    ordpar_parts_clear(&parts);
    return status;
}

static bool given(const void *context, const char *option) {
    const ordpar_model *m = context;
    const struct {
        const char *option;
        bool given;
    } options[] = {
        {"small-eta", m->number[MODEL_SMALL_ETA] != 0},
        {"label-noise", m->number[MODEL_LABEL_NOISE] != 0},
        {"spectrum", !ordpar_parts_is_power_law(m)},
        {"trainable", m->number[MODEL_TRAINABLE] >= 0},
        {"overlaps", ordpar_model_has_overlaps(m)},
        {"teacher", m->teacher_given && m->teacher == ORDPAR_TEACHER_SAMPLED},
        {"continuum", m->number[MODEL_CONTINUUM] != 0},
    };
    for (size_t k = 0; k < sizeof options / sizeof *options; k++)
        if (strcmp(options[k].option, option) == 0)
            return options[k].given;
    return false;
}

static ordpar_status evaluate(const ordpar_model *model, ordpar_mp_closed_form_id id,
                              const ordpar_decimals *d, char *text, ordpar_error *err) {
    const ordpar_mp_options options = options_of(model);
    ordpar_mp_result result;
    const ordpar_status status =
        ordpar_mp_closed_form(id, &d->model, &d->grid, &options, &result, err);
    if (!status)
        copy_out(&result, text);
    return status;
}

ordpar_status ordpar_model_closed_form_digits(const ordpar_model *model, const char *name,
                                              const char *start, const char *stop, size_t count,
                                              int logarithmic, char *text, ordpar_error *err) {
    const ordpar_mp_grid grid = {start, stop, count, logarithmic != 0};
    ordpar_parts parts = {0};
    ordpar_decimals d = {0};
    ordpar_mp_closed_form_id id;
    if (!ordpar_mp_closed_form_find(name, &id))
        return ordpar_fail(err, ORDPAR_INVALID, "digits: %.80s has no such precision", name);
    if ((!start || !stop) && ordpar_model_closed_form_rows(name))
        return ordpar_fail(err, ORDPAR_INVALID, "%s needs rows from start to stop", name);
    ordpar_status status = check(model, err);
    if (!status)
        status = ordpar_decimals_check_form(id, name, given, model, err);
    if (!status)
        status = ordpar_parts_form(model, name, &parts, err);
    if (!status && ordpar_model_has_overlaps(model))
        status = ordpar_parts_start(model, NULL, &parts, err);
    if (!status)
        status = make_decimals(model, &grid, &parts, &id, &d, err);
    if (!status)
        status = evaluate(model, id, &d, text, err);
    ordpar_decimals_clear(&d);
    ordpar_parts_clear(&parts);
    return status;
}
