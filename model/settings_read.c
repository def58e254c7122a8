// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/model_internal.h"
#include "model/settings.h"

#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LIST = 4096 };

static void *field_of(const ordpar_setting *row, void *values) {
    return (char *)values + row->offset;
}

void ordpar_setting_requirement(const ordpar_setting *row, char *text, size_t size) {
    const bool open = row->kind == ORDPAR_KIND_POSITIVE;
    switch (row->kind) {
    case ORDPAR_KIND_REAL:
    case ORDPAR_KIND_POSITIVE:
        if (row->high >= 1e100)
            ordpar_format(text, size, "a finite number %s %g", open ? ">" : ">=", row->low);
        else
            ordpar_format(text, size, "a number %s %g%s to %g", open ? "above" : "from", row->low,
                          open ? " and up" : "", row->high);
        break;
    case ORDPAR_KIND_INTEGER:
        ordpar_format(text, size, "a whole number from %.0f to %.0f", row->low, row->high);
        break;
    case ORDPAR_KIND_FLAG:
        ordpar_format(text, size, "yes or no");
        break;
    case ORDPAR_KIND_CHOICE:
        ordpar_format(text, size, "one of %s", row->choices);
        break;
    case ORDPAR_KIND_REALS:
        ordpar_format(text, size, "at most %d finite numbers, separated by commas", MAX_LIST);
        break;
    case ORDPAR_KIND_ORDERS:
        ordpar_format(text, size, "different whole numbers from %.0f to %.0f, separated by commas",
                      row->low, row->high);
        break;
    default:
        ordpar_format(text, size, "a non-empty name");
    }
}

/* What may be wanted by a number that is out of range. */
static const char *advice(const ordpar_setting *row, const char *text) {
    double value;
    if (!*text && ordpar_settings_among("title xlabel ylabel legend labels", row->name))
        return "; none leaves it out";
    if (!ordpar_parse_double(text, &value) || value < 0)
        return "";
    if (strcmp(row->name, "eta") == 0 && !(value > 0))
        return "; for steps of momentum alone it is small, as 1e-9";
    return strcmp(row->name, "rtol") == 0 && value > 0 && value < row->low
               ? "; ordpar precision curve has more digits"
               : "";
}

static ordpar_status bad_value(const ordpar_setting *row, const char *text, ordpar_error *err) {
    char requirement[128];
    ordpar_setting_requirement(row, requirement, sizeof requirement);
    return ordpar_fail(err, ORDPAR_INVALID, "%s: must be %s, got '%.80s'%s", row->name, requirement,
                       text, advice(row, text));
}

static ordpar_status no_memory(const ordpar_setting *row, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", row->name);
}

static bool read_real(const ordpar_setting *row, const char *text, double *field) {
    double value;
    if (!ordpar_parse_double(text, &value) || value > row->high ||
        !(row->kind == ORDPAR_KIND_POSITIVE ? value > row->low : value >= row->low))
        return false;
    *field = value;
    return true;
}

static bool read_integer(const ordpar_setting *row, const char *text, int64_t *field) {
    int64_t value;
    if (!ordpar_parse_integer(text, &value) || value < (int64_t)row->low ||
        value > (int64_t)row->high)
        return false;
    *field = value;
    return true;
}

static bool read_flag(const char *text, bool *field) {
    if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
        return false;
    *field = *text == 'y';
    return true;
}

static bool read_choice(const ordpar_setting *row, const char *text, int *field) {
    const size_t length = strlen(text);
    int index = 0;
    for (const char *choice = row->choices; *text && choice; index++) {
        const size_t width = strcspn(choice, "|");
        if (width == length && strncmp(choice, text, width) == 0) {
            *field = index;
            return true;
        }
        choice = choice[width] ? choice + width + 1 : NULL;
    }
    return false;
}

/* Orders are whole numbers in a range, each once. */
static bool fits(const ordpar_setting *row, const double *values, size_t last) {
    if (row->kind != ORDPAR_KIND_ORDERS)
        return true;
    for (size_t k = 0; k < last; k++)
        if (values[k] == values[last])
            return false;
    return values[last] == floor(values[last]) && values[last] >= row->low &&
           values[last] <= row->high;
}

static ordpar_status read_list(const ordpar_setting *row, const char *text, ordpar_numbers *field,
                               ordpar_error *err) {
    double *values = malloc(MAX_LIST * sizeof *values);
    char *copy = strdup(text), *next = copy;
    size_t count = 0;
    const bool room = values && copy;
    bool good = room;
    while (good && next) {
        char *item = next;
        next = strchr(item, ',');
        if (next)
            *next++ = '\0';
        good = count < MAX_LIST && ordpar_parse_double(item, &values[count]) &&
               fits(row, values, count);
        count++;
    }
    free(copy);
    if (!good) {
        free(values);
        return room ? bad_value(row, text, err) : no_memory(row, err);
    }
    free(field->values);
    *field = (ordpar_numbers){values, count};
    return ORDPAR_OK;
}

static ordpar_status read_text(const ordpar_setting *row, const char *text, char **field,
                               ordpar_error *err) {
    if (!*text)
        return bad_value(row, text, err);
    char *copy = strdup(text);
    if (!copy)
        return no_memory(row, err);
    free(*field);
    *field = copy;
    return ORDPAR_OK;
}

static ordpar_status add_text(const ordpar_setting *row, const char *text, ordpar_texts *field,
                              ordpar_error *err) {
    char *copy = NULL;
    const ordpar_status status = read_text(row, text, &copy, err);
    if (status)
        return status;
    char **grown = realloc(field->items, (field->count + 1) * sizeof *grown);
    if (!grown) {
        free(copy);
        return no_memory(row, err);
    }
    field->items = grown;
    field->items[field->count++] = copy;
    return ORDPAR_OK;
}

static ordpar_status read_grid(const ordpar_setting *row, const char *text, ordpar_grid *field,
                               ordpar_error *err) {
    ordpar_error reason;
    const ordpar_status status = ordpar_grid_read(row->name, text, row->high, field, &reason);
    return status ? ordpar_fail(err, status, "%s: %.480s", row->name, reason.message) : ORDPAR_OK;
}

static bool has_numbers(const ordpar_setting *row, const char *text) {
    return row->kind == ORDPAR_KIND_REAL || row->kind == ORDPAR_KIND_POSITIVE ||
           row->kind == ORDPAR_KIND_REALS ||
           (row->kind == ORDPAR_KIND_GRID && strchr("0123456789.", *text)) ||
           strncmp(text, "hermite:", 8) == 0 || strncmp(text, "spiked:", 7) == 0;
}

/* Nobody writes 01 but behind a decimal comma. What is no number is a part of a file's name. */
ordpar_status ordpar_setting_check_commas(const ordpar_setting *row, const char *text,
                                          ordpar_error *err) {
    const char *comma = text && has_numbers(row, text) ? text : "";
    while ((comma = strchr(comma, ','))) {
        char number[32];
        double value;
        const size_t width = strcspn(++comma, ",:");
        ordpar_format(number, sizeof number, "%.*s", (int)(width < sizeof number ? width : 0),
                      comma);
        if (*comma == '0' && isdigit((unsigned char)comma[1]) &&
            ordpar_parse_double(number, &value))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: the numbers of '%.60s' are separated by commas, and have "
                               "points: one of them begins as '%.2s'",
                               row->name, text, comma);
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_setting_read(const ordpar_setting *row, const char *text, void *values,
                                  ordpar_error *err) {
    void *field = field_of(row, values);
    bool good = false;
    const ordpar_status status = ordpar_setting_check_commas(row, text, err);
    if (status)
        return status;
    switch (row->kind) {
    case ORDPAR_KIND_REAL:
    case ORDPAR_KIND_POSITIVE:
        good = read_real(row, text, field);
        break;
    case ORDPAR_KIND_INTEGER:
        good = read_integer(row, text, field);
        break;
    case ORDPAR_KIND_FLAG:
        good = read_flag(text, field);
        break;
    case ORDPAR_KIND_CHOICE:
        good = read_choice(row, text, field);
        break;
    case ORDPAR_KIND_REALS:
    case ORDPAR_KIND_ORDERS:
        return read_list(row, text, field, err);
    case ORDPAR_KIND_GRID:
        return read_grid(row, text, field, err);
    case ORDPAR_KIND_TEXT:
    case ORDPAR_KIND_FILE:
        return read_text(row, text, field, err);
    case ORDPAR_KIND_FILES:
    case ORDPAR_KIND_TEXTS:
        return add_text(row, text, field, err);
    }
    return good ? ORDPAR_OK : bad_value(row, text, err);
}
