// SPDX-License-Identifier: GPL-3.0-or-later
#include "decimals.h"
#include "integrate.h"
#include "model_internal.h"
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *ordpar_version(void) {
    return ORDPAR_VERSION;
}

static const struct {
    const char *option;
    bool whole;
    double low, high, value;
} numbers[MODEL_NUMBER_COUNT] = {
#define ORDPAR_MODEL_ROW(identifier, option, whole, low, high, value)                              \
    {option, whole, low, high, value},
    ORDPAR_MODEL_NUMBERS(ORDPAR_MODEL_ROW)
#undef ORDPAR_MODEL_ROW
};

ordpar_status ordpar_model_create(ordpar_model **model, ordpar_error *err) {
    ordpar_model *made = calloc(1, sizeof *made);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a model");
    for (size_t k = 0; k < MODEL_NUMBER_COUNT; k++)
        made->number[k] = numbers[k].value;
    *model = made;
    return ORDPAR_OK;
}

static void clear_list(ordpar_model_list *list) {
    free(list->values);
    free(list->text);
}

void ordpar_model_free(ordpar_model *model) {
    if (!model)
        return;
    for (size_t k = 0; k < MODEL_NUMBER_COUNT; k++)
        free(model->text[k]);
    clear_list(&model->student_output);
    clear_list(&model->teacher_output);
    ordpar_spectrum_clear(&model->spectrum);
    ordpar_dataset_free(model->data);
    ordpar_principal_clear(&model->principal);
    ordpar_overlaps_clear(&model->overlaps);
    free(model->spectrum_file);
    free(model->overlaps_file);
    free(model->checkpoint);
    free(model->schedule);
    free(model);
}

void ordpar_model_set_stop(ordpar_model *model, const volatile sig_atomic_t *stop) {
    model->stop = stop;
}

static ordpar_status set_number(ordpar_model *model, size_t k, size_t count, const double *values,
                                ordpar_error *err) {
    if (count != 1)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must be one number, got %zu",
                           numbers[k].option, count);
    const double value = *values;
    if (!(value >= numbers[k].low && value <= numbers[k].high) ||
        (numbers[k].whole && value != floor(value)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: must be a %snumber from %.16g to %.16g, got %.*g",
                           numbers[k].option, numbers[k].whole ? "whole " : "", numbers[k].low,
                           numbers[k].high, numbers[k].whole ? 17 : 6, value);
    model->number[k] = value;
    model->given[k] = true;
    free(model->text[k]);
    model->text[k] = NULL;
    return ORDPAR_OK;
}

static ordpar_status set_list(ordpar_model_list *list, const char *option, size_t count,
                              const double *values, ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (!isfinite(values[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: number %zu must be finite, got %g", option,
                               k + 1, values[k]);
    double *copy = malloc((count ? count : 1) * sizeof *copy);
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory for %zu numbers", option, count);
    for (size_t k = 0; k < count; k++)
        copy[k] = values[k];
    clear_list(list);
    *list = (ordpar_model_list){copy, count, NULL};
    return ORDPAR_OK;
}

ordpar_status ordpar_model_set(ordpar_model *model, const char *option, size_t count,
                               const double *values, ordpar_error *err) {
    for (size_t k = 0; k < MODEL_NUMBER_COUNT; k++)
        if (strcmp(numbers[k].option, option) == 0)
            return set_number(model, k, count, values, err);
    if (strcmp(option, "student-output") == 0)
        return set_list(&model->student_output, option, count, values, err);
    if (strcmp(option, "teacher-output") == 0)
        return set_list(&model->teacher_output, option, count, values, err);
    return ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not an option that takes numbers", option);
}

static ordpar_status set_word(const char *option, const char *text, size_t count,
                              const char *const *words, int *value, ordpar_error *err) {
    char list[96] = "";
    for (size_t k = 0; k < count; k++) {
        if (strcmp(text, words[k]) == 0) {
            *value = (int)k;
            return ORDPAR_OK;
        }
        strcat(strcat(list, k ? "|" : ""), words[k]);
    }
    return ordpar_fail(err, ORDPAR_INVALID, "%s: must be one of %s, got '%.80s'", option, list,
                       text);
}

static ordpar_status set_activation(ordpar_model *model, const char *text, ordpar_error *err) {
    const ordpar_activation *found = ordpar_activation_find(text);
    if (!found)
        return ordpar_fail(err, ORDPAR_INVALID, "activation: '%.80s' is not known", text);
    model->activation = found;
    return ORDPAR_OK;
}

static ordpar_status set_copy(char **copy_of, const char *option, const char *text,
                              ordpar_error *err) {
    if (!*text)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must not be empty", option);
    char *copy = strdup(text);
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", option);
    free(*copy_of);
    *copy_of = copy;
    return ORDPAR_OK;
}

static ordpar_status set_number_text(ordpar_model *model, size_t k, const char *text,
                                     ordpar_error *err) {
    double value;
    if (!ordpar_parse_double(text, &value))
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must be a finite number, got '%.80s'",
                           numbers[k].option, text);
    const ordpar_status status = set_number(model, k, 1, &value, err);
    return status ? status : set_copy(&model->text[k], numbers[k].option, text, err);
}

static ordpar_status set_list_text(ordpar_model_list *list, const char *option, const char *text,
                                   ordpar_error *err) {
    size_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    const char **items = calloc(count, sizeof *items);
    double *values = malloc(count * sizeof *values);
    char *copy = ordpar_decimals_cut(text, ',', items, items ? count : 0);
    ordpar_status status = ORDPAR_OK;
    if (!items || !values || !copy)
        status =
            ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory for %zu numbers", option, count);
    for (size_t k = 0; k < count && !status; k++)
        if (!ordpar_parse_double(items[k], &values[k]))
            status = ordpar_fail(err, ORDPAR_INVALID, "%s: must be finite numbers, got '%.80s'",
                                 option, items[k]);
    if (!status && !(status = set_list(list, option, count, values, err)))
        status = set_copy(&list->text, option, text, err);
    free(items);
    free(values);
    free(copy);
    return status;
}

/* What the text options are; NULL for those that take a word. */
static char **text_of(ordpar_model *model, const char *option) {
    const struct {
        const char *option;
        char **text;
    } texts[] = {{"spectrum", &model->spectrum_file},
                 {"overlaps", &model->overlaps_file},
                 {"checkpoint", &model->checkpoint},
                 {"schedule", &model->schedule}};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        if (strcmp(texts[k].option, option) == 0)
            return texts[k].text;
    return NULL;
}

static ordpar_status set_choice(ordpar_model *model, const char *option, const char *text,
                                ordpar_error *err) {
    static const char *const inits[] = {"sampled", "mean", "near-teacher"};
    static const char *const teachers[] = {"sampled", "mean"};
    static const char *const methods[] = {"sgd", "overlap"};
    static const char *const representations[] = {"moments", "blocks", "implicit"};
    int value = 0;
    ordpar_status status = ORDPAR_OK;
    if (strcmp(option, "init") == 0) {
        if ((status = set_word(option, text, 3, inits, &value, err)))
            return status;
        model->init = (ordpar_init)value;
        model->init_given = true;
    } else if (strcmp(option, "teacher") == 0) {
        if ((status = set_word(option, text, 2, teachers, &value, err)))
            return status;
        model->teacher = (ordpar_teacher)value;
        model->teacher_given = true;
    } else if (strcmp(option, "method") == 0) {
        if ((status = set_word(option, text, 2, methods, &value, err)))
            return status;
        model->method = (ordpar_method)value;
    } else if (strcmp(option, "representation") == 0) {
        if ((status = set_word(option, text, 3, representations, &value, err)))
            return status;
        model->representation = (ordpar_mp_representation)value;
        model->representation_given = true;
    } else
        status =
            ordpar_fail(err, ORDPAR_INVALID, "'%.80s' is not an option that takes text", option);
    return status;
}

ordpar_status ordpar_model_set_text(ordpar_model *model, const char *option, const char *text,
                                    ordpar_error *err) {
    for (size_t k = 0; k < MODEL_NUMBER_COUNT; k++)
        if (strcmp(numbers[k].option, option) == 0)
            return set_number_text(model, k, text, err);
    if (strcmp(option, "student-output") == 0)
        return set_list_text(&model->student_output, option, text, err);
    if (strcmp(option, "teacher-output") == 0)
        return set_list_text(&model->teacher_output, option, text, err);
    if (strcmp(option, "activation") == 0)
        return set_activation(model, text, err);
    char **copy = text_of(model, option);
    return copy ? set_copy(copy, option, text, err) : set_choice(model, option, text, err);
}

ordpar_status ordpar_model_set_spectrum(ordpar_model *model, size_t L, const double *eigenvalues,
                                        const int64_t *multiplicities, ordpar_error *err) {
    ordpar_spectrum made;
    const ordpar_status status =
        ordpar_spectrum_from_arrays(L, eigenvalues, multiplicities, &made, err);
    if (status)
        return status;
    ordpar_spectrum_clear(&model->spectrum);
    model->spectrum = made;
    return ORDPAR_OK;
}

ordpar_status ordpar_model_read_data(ordpar_model *model, size_t count, const char *const *files,
                                     ordpar_error *err) {
    const ordpar_principal_options options = {
        .N = model->given[MODEL_N] ? (size_t)model->number[MODEL_N] : 0,
        .threads = (int)model->number[MODEL_THREADS],
        .stop = model->stop};
    ordpar_dataset *data = NULL;
    ordpar_principal principal = {0};
    ordpar_status status = ordpar_parts_check_source(model, true, err);
    if (!status)
        status = ordpar_dataset_open(count, files, &data, err);
    if (!status)
        status = ordpar_principal_init(data, &options, &principal, err);
    if (status) {
        ordpar_principal_clear(&principal);
        ordpar_dataset_free(data);
        return status;
    }
    ordpar_dataset_free(model->data);
    ordpar_principal_clear(&model->principal);
    model->data = data;
    model->principal = principal;
    return ORDPAR_OK;
}

/* Finite, and symmetric to rounding where it must be. */
static ordpar_status check_matrix(char name, size_t rows, size_t columns, size_t L, bool symmetric,
                                  const double *x, ordpar_error *err) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t b = 0; b < L; b++) {
                const double here = x[(i * columns + j) * L + b];
                if (!isfinite(here))
                    return ordpar_fail(err, ORDPAR_INVALID,
                                       "overlaps: %c[%zu][%zu][%zu] must be finite, got %g", name,
                                       i, j, b, here);
                if (symmetric && here != x[(j * columns + i) * L + b])
                    return ordpar_fail(err, ORDPAR_INVALID,
                                       "overlaps: %c must be symmetric, but [%zu][%zu][%zu] is not",
                                       name, i, j, b);
            }
    return ORDPAR_OK;
}

static ordpar_status check_positive(const ordpar_overlaps *overlaps, ordpar_error *err) {
    double least;
    size_t block;
    const ordpar_status status = ordpar_overlaps_min_eigenvalue(overlaps, &least, &block, err);
    if (!status && !(least >= -1e-9)) /* as for overlaps from a file */
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: block %zu is not positive semidefinite (%.3g)", block, least);
    return status;
}

ordpar_status ordpar_model_set_overlaps(ordpar_model *model, size_t K, size_t M, size_t L,
                                        const double *q, const double *r, const double *t,
                                        ordpar_error *err) {
    if (K < 1 || K > ORDPAR_MAX_UNITS || M < 1 || M > ORDPAR_MAX_UNITS || L < 1 ||
        L > ORDPAR_MAX_EIGENVALUES)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: no such shape, K = %zu, M = %zu, L = %zu", K, M, L);
    ordpar_status status;
    if ((status = check_matrix('q', K, K, L, true, q, err)) ||
        (status = check_matrix('r', K, M, L, false, r, err)) ||
        (status = check_matrix('t', M, M, L, true, t, err)))
        return status;
    ordpar_overlaps made = {0};
    if ((status = ordpar_overlaps_init(K, M, L, &made, err)))
        return status;
    memcpy(made.q, q, K * K * L * sizeof *q);
    memcpy(made.r, r, K * M * L * sizeof *r);
    memcpy(made.t, t, M * M * L * sizeof *t);
    if ((status = check_positive(&made, err))) {
        ordpar_overlaps_clear(&made);
        return status;
    }
    ordpar_overlaps_clear(&model->overlaps);
    model->overlaps = made;
    return ORDPAR_OK;
}
