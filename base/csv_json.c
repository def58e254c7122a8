// SPDX-License-Identifier: GPL-3.0-or-later
/* Tables of JSON files: {"key": fact, .., "columns": [names], "rows": [[cells], ..]}. */
#include "base/csv_internal.h"
#include "base/number.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static ordpar_status no_memory(const ordpar_csv_reader *r, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %.250s", r->row.path);
}

static ordpar_status no_table(const ordpar_csv_reader *r, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%.250s: must have \"columns\" and \"rows\" of as many cells", r->row.path);
}

/* A fact as the comment of a CSV file: the text itself, or an object as JSON. */
static ordpar_status give_note(ordpar_csv_reader *r, const char *key, json_t *value, void *context,
                               ordpar_error *err) {
    char number[ORDPAR_NUMBER_SIZE];
    char *made = json_is_object(value) ? json_dumps(value, 0) : NULL;
    const char *text = json_is_string(value) ? json_string_value(value)
                       : json_is_number(value)
                           ? ordpar_number_text(json_number_value(value), number)
                           : made;
    char *note = text ? malloc(strlen(key) + strlen(text) + 3) : NULL;
    if (note) {
        sprintf(note, "%s: %s", key, text);
        r->note(note, context);
    }
    const bool failed = (text || json_is_object(value)) && !note;
    free(note);
    free(made);
    return failed ? no_memory(r, err) : ORDPAR_OK;
}

static ordpar_status give_notes(ordpar_csv_reader *r, json_t *root, void *context,
                                ordpar_error *err) {
    const char *key;
    json_t *value;
    ordpar_status status = ORDPAR_OK;
    json_object_foreach(root, key, value) if (!status) status =
        give_note(r, key, value, context, err);
    return status;
}

static ordpar_status take_columns(ordpar_csv_reader *r, const json_t *columns, ordpar_error *err) {
    const size_t count = json_array_size(columns);
    for (size_t c = 0; c < count && c < ORDPAR_CSV_MAX_FIELDS; c++)
        if (!(r->names[c] = json_string_value(json_array_get(columns, c))))
            return no_table(r, err);
    return count ? ordpar_csv_take_header(r, count, err) : no_table(r, err);
}

/* The cells as the fields of a CSV file have them; numbers is their place. */
static bool take_cells(ordpar_csv_reader *r, const json_t *row,
                       char (*numbers)[ORDPAR_NUMBER_SIZE]) {
    for (size_t c = 0; c < r->width; c++) {
        const json_t *cell = json_array_get(row, c);
        if (json_is_number(cell))
            r->row.fields[c] = ordpar_number_text(json_number_value(cell), numbers[c]);
        else if (json_is_string(cell))
            r->row.fields[c] = json_string_value(cell);
        else if (json_is_null(cell)) /* what is not finite */
            r->row.fields[c] = "nan";
        else
            return false;
    }
    return true;
}

static ordpar_status give_row(ordpar_csv_reader *r, ordpar_csv_visit visit, void *context,
                              ordpar_error *err) {
    ordpar_csv_arrange(r);
    return visit(&r->row, context, err);
}

static ordpar_status give_rows(ordpar_csv_reader *r, const json_t *rows, ordpar_csv_visit visit,
                               void *context, ordpar_error *err) {
    char(*numbers)[ORDPAR_NUMBER_SIZE] = malloc(r->width * sizeof *numbers);
    ordpar_status status = numbers ? ORDPAR_OK : no_memory(r, err);
    for (size_t k = 0; k < json_array_size(rows) && !status; k++) {
        const json_t *row = json_array_get(rows, k);
        r->row.line = k + 1;
        if (!json_is_array(row))
            status = no_table(r, err);
        else if (json_array_size(row) != r->width)
            status = ordpar_csv_count_fail(r, json_array_size(row), err);
        else if (!take_cells(r, row, numbers))
            status = no_table(r, err);
        else
            status = give_row(r, visit, context, err);
        r->n_rows++;
    }
    free(numbers);
    return status;
}

ordpar_status ordpar_csv_read_json(FILE *file, size_t lines, ordpar_csv_reader *r,
                                   ordpar_csv_visit visit, void *context, ordpar_error *err) {
    json_error_t reason;
    json_t *root = json_loadf(file, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &reason);
    if (!root)
        return ordpar_fail(err, ORDPAR_PARSE, "%.250s: line %zu: %.200s", r->row.path,
                           lines + (size_t)reason.line, reason.text);
    r->row.json = true;
    r->row.line = 0;
    const json_t *rows = json_object_get(root, "rows");
    ordpar_status status = take_columns(r, json_object_get(root, "columns"), err);
    if (!status && !json_is_array(rows))
        status = no_table(r, err);
    if (!status && r->note)
        status = give_notes(r, root, context, err);
    if (!status)
        status = give_rows(r, rows, visit, context, err);
    json_decref(root);
    return status;
}
