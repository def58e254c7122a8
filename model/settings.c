// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/settings.h"

#include <stdlib.h>
#include <string.h>

static void *field_of(const ordpar_setting *row, void *values) {
    return (char *)values + row->offset;
}

bool ordpar_setting_is_number(const ordpar_setting *row) {
    return row->kind == ORDPAR_KIND_REAL || row->kind == ORDPAR_KIND_POSITIVE ||
           row->kind == ORDPAR_KIND_INTEGER;
}

bool ordpar_setting_is_none(const ordpar_setting *row, const char *text) {
    return row->kind == ORDPAR_KIND_INTEGER && row->low == -1 && strcmp(text, "-1") == 0;
}

const ordpar_setting *ordpar_setting_find(const ordpar_setting_table *table, const char *name) {
    for (size_t k = 0; k < table->count; k++) {
        const ordpar_setting *row = &table->rows[k];
        if (strcmp(row->name, name) == 0 || (row->letter && name[0] == row->letter && !name[1]))
            return row;
    }
    return NULL;
}

ordpar_status ordpar_settings_reset(const ordpar_setting_table *table, void *values,
                                    ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < table->count && !status; k++)
        if (table->rows[k].initial)
            status = ordpar_setting_read(&table->rows[k], table->rows[k].initial, values, err);
    return status;
}

static bool copy_numbers(size_t count, const double *from, double **to) {
    *to = NULL;
    if (!from)
        return true;
    *to = malloc((count ? count : 1) * sizeof **to);
    if (*to)
        memcpy(*to, from, count * sizeof **to);
    return *to;
}

static bool copy_texts(const ordpar_texts *from, ordpar_texts *to) {
    *to = (ordpar_texts){calloc(from->count + 1, sizeof *to->items), from->count};
    bool good = to->items;
    for (size_t k = 0; k < from->count && good; k++)
        good = (to->items[k] = strdup(from->items[k]));
    if (!to->items)
        to->count = 0;
    return good;
}

/* A copy whose memory is its own; it can be cleared whether or not it is complete. */
static bool copy_field(const ordpar_setting *row, const void *from, void *to) {
    const ordpar_numbers *numbers = from;
    const ordpar_grid *grid = from;
    switch (row->kind) {
    case ORDPAR_KIND_REAL:
    case ORDPAR_KIND_POSITIVE:
        *(double *)to = *(const double *)from;
        return true;
    case ORDPAR_KIND_INTEGER:
        *(int64_t *)to = *(const int64_t *)from;
        return true;
    case ORDPAR_KIND_FLAG:
        *(bool *)to = *(const bool *)from;
        return true;
    case ORDPAR_KIND_CHOICE:
        *(int *)to = *(const int *)from;
        return true;
    case ORDPAR_KIND_REALS:
    case ORDPAR_KIND_ORDERS:
        *(ordpar_numbers *)to = *numbers;
        return copy_numbers(numbers->count, numbers->values, &((ordpar_numbers *)to)->values);
    case ORDPAR_KIND_GRID:
        *(ordpar_grid *)to = *grid;
        return copy_numbers((size_t)grid->count, grid->list, &((ordpar_grid *)to)->list);
    case ORDPAR_KIND_TEXT:
    case ORDPAR_KIND_FILE: {
        const char *text = *(char *const *)from;
        *(char **)to = text ? strdup(text) : NULL;
        return !text || *(char **)to;
    }
    case ORDPAR_KIND_FILES:
    case ORDPAR_KIND_TEXTS:
        return copy_texts(from, to);
    }
    return false;
}

ordpar_status ordpar_settings_copy(const ordpar_setting_table *table, const void *from, void *to,
                                   ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < table->count; k++) {
        const ordpar_setting *row = &table->rows[k];
        if (!copy_field(row, (const char *)from + row->offset, field_of(row, to)))
            status = ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", row->name);
    }
    return status;
}

void ordpar_setting_clear(const ordpar_setting *row, void *values) {
    void *field = field_of(row, values);
    switch (row->kind) {
    case ORDPAR_KIND_REAL:
    case ORDPAR_KIND_POSITIVE:
        *(double *)field = 0;
        break;
    case ORDPAR_KIND_INTEGER:
        *(int64_t *)field = 0;
        break;
    case ORDPAR_KIND_FLAG:
        *(bool *)field = false;
        break;
    case ORDPAR_KIND_CHOICE:
        *(int *)field = 0;
        break;
    case ORDPAR_KIND_REALS:
    case ORDPAR_KIND_ORDERS:
        free(((ordpar_numbers *)field)->values);
        *(ordpar_numbers *)field = (ordpar_numbers){0};
        break;
    case ORDPAR_KIND_GRID:
        free(((ordpar_grid *)field)->list);
        *(ordpar_grid *)field = (ordpar_grid){0};
        break;
    case ORDPAR_KIND_TEXT:
    case ORDPAR_KIND_FILE:
        free(*(char **)field);
        *(char **)field = NULL;
        break;
    case ORDPAR_KIND_FILES:
    case ORDPAR_KIND_TEXTS: {
        ordpar_texts *texts = field;
        for (size_t k = 0; k < texts->count; k++)
            free(texts->items[k]);
        free(texts->items);
        *texts = (ordpar_texts){0};
        break;
    }
    }
}

void ordpar_settings_clear(const ordpar_setting_table *table, void *values) {
    for (size_t k = 0; k < table->count; k++)
        ordpar_setting_clear(&table->rows[k], values);
}
