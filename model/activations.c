// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/activations.h"

#include "base/number.h"
#include "model/json_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAME_OR(name) #name "|"

enum { MOST_TERMS = 64 };
static const char polynomial[] = "hermite:", json_ending[] = ".json";

static bool is_polynomial(const char *text) {
    return strncmp(text, polynomial, strlen(polynomial)) == 0;
}

bool ordpar_activation_is_file(const char *text) {
    return text && !ordpar_activation_find(text) && !is_polynomial(text) && !ordpar_is_json(text);
}

static ordpar_status read_polynomial(const char *text, ordpar_activation **made,
                                     ordpar_error *err) {
    double c[MOST_TERMS];
    size_t count = 0;
    char *copy = strdup(text), *next = copy ? copy + strlen(polynomial) : NULL;
    bool good = copy;
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for an activation");
    while (good && next) {
        char *item = next;
        next = strchr(item, ',');
        if (next)
            *next++ = '\0';
        good = count < MOST_TERMS && ordpar_parse_double(item, &c[count]);
        count++;
    }
    free(copy);
    return good ? ordpar_activation_hermite(text, count, c, made, err)
                : ordpar_fail(err, ORDPAR_INVALID,
                              "must be hermite:C1,C2,.. with numbers, separated by commas, got "
                              "'%.80s'",
                              text);
}

/* The numbers of root[name], which it must have. */
static ordpar_status read_numbers(const json_t *root, const char *name, size_t *count,
                                  double *numbers, ordpar_error *err) {
    const json_t *list = json_object_get(root, name);
    *count = json_array_size(list);
    if (!json_is_array(list) || *count > MOST_TERMS)
        return ordpar_fail(err, ORDPAR_PARSE, "%s must be an array of at most %d numbers", name,
                           MOST_TERMS);
    for (size_t k = 0; k < *count; k++) {
        if (!json_is_number(json_array_get(list, k)))
            return ordpar_fail(err, ORDPAR_PARSE, "%s must be an array of numbers", name);
        numbers[k] = json_number_value(json_array_get(list, k));
    }
    return ORDPAR_OK;
}

static ordpar_status read_number(const json_t *root, const char *name, double *number,
                                 ordpar_error *err) {
    const json_t *value = json_object_get(root, name);
    *number = json_number_value(value);
    return !value || json_is_number(value)
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_PARSE, "%s must be a number", name);
}

static ordpar_status check_keys(const json_t *root, ordpar_error *err) {
    static const char *const keys[] = {"a", "s", "slope", "constant", "error", "until", "name"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)root, name, value) {
        bool known = false;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            known = known || strcmp(keys[k], name) == 0;
        if (!known)
            return ordpar_fail(err, ORDPAR_PARSE,
                               "'%.80s' is unknown; a sum of erfs has a, s and perhaps slope, "
                               "constant, error, until, name",
                               name);
    }
    return ORDPAR_OK;
}

static ordpar_status read_erfs(const json_t *root, ordpar_activation **made, ordpar_error *err) {
    double a[MOST_TERMS], s[MOST_TERMS], error, until;
    const json_t *name = json_object_get(root, "name");
    ordpar_erfs erfs = {.a = a, .s = s};
    size_t slopes;
    ordpar_status status;
    if ((status = check_keys(root, err)) ||
        (status = read_numbers(root, "a", &erfs.terms, a, err)) ||
        (status = read_numbers(root, "s", &slopes, s, err)) ||
        (status = read_number(root, "slope", &erfs.slope, err)) ||
        (status = read_number(root, "constant", &erfs.constant, err)) ||
        (status = read_number(root, "error", &error, err)) ||
        (status = read_number(root, "until", &until, err)))
        return status;
    if (slopes != erfs.terms)
        return ordpar_fail(err, ORDPAR_PARSE, "a and s must have as many numbers, got %zu and %zu",
                           erfs.terms, slopes);
    if (name && !json_is_string(name))
        return ordpar_fail(err, ORDPAR_PARSE, "name must be a text");
    if (!(error >= 0) || !(until >= 0))
        return ordpar_fail(err, ORDPAR_INVALID, "error and until must be >= 0, got %g and %g",
                           error, until);
    status =
        ordpar_activation_erfs(name ? json_string_value(name) : "sum of erfs", &erfs, made, err);
    if (!status) {
        (*made)->fit_error = error;
        (*made)->fit_until = until;
    }
    return status;
}

static ordpar_status read_json(const char *text, ordpar_activation **made, ordpar_error *err) {
    json_t *root = NULL;
    ordpar_status status = ordpar_json_load(text, &root, err);
    if (!status)
        status = read_erfs(root, made, err);
    json_decref(root);
    return status;
}

static bool ends_as_json(const char *text) {
    const size_t length = strlen(text), ending = strlen(json_ending);
    return length >= ending && strcmp(text + length - ending, json_ending) == 0;
}

ordpar_status ordpar_activation_read(const char *setting, const char *text,
                                     const ordpar_activation **activation, ordpar_activation **made,
                                     ordpar_error *err) {
    ordpar_error reason;
    *made = NULL;
    *activation = ordpar_activation_find(text);
    if (*activation)
        return ORDPAR_OK;
    const bool file = ordpar_activation_is_file(text);
    if (file && !ends_as_json(text))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: must be one of " ORDPAR_ACTIVATION_LIST(
                               NAME_OR) "hermite:C1,C2,..|FILE.json, got '%.80s'",
                           setting, text);
    const ordpar_status status =
        is_polynomial(text) ? read_polynomial(text, made, &reason) : read_json(text, made, &reason);
    *activation = *made;
    return status ? ordpar_fail(err, status, "%s: %.200s%s%.270s", setting, file ? text : "",
                                file ? ": " : "", reason.message)
                  : ORDPAR_OK;
}
