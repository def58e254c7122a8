// SPDX-License-Identifier: GPL-3.0-or-later
/* Files of the program back as tables. */
#include "base/csv.h"
#include "base/line.h"
#include "base/number.h"
#include "cli/output/result.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "key: text" */
static void take_note(const char *text, void *context) {
    char key[64];
    const char *colon = strstr(text, ": ");
    if (!colon || (size_t)(colon - text) >= sizeof key)
        return;
    memcpy(key, text, (size_t)(colon - text));
    key[colon - text] = '\0';
    ordpar_table_note(context, key, "%s", colon + 2);
}

/* A cell that is not a finite number: what computations write for none, or words. */
static void take_words(ordpar_table *t, size_t column, const char *text) {
    const char *unsigned_ = text + (*text == '-' || *text == '+');
    double *cell = &t->cells[(t->n_rows - 1) * t->n_columns + column];
    *cell = NAN;
    if (strcmp(unsigned_, "inf") == 0) {
        *cell = *text == '-' ? -INFINITY : INFINITY;
    } else if (*text && strcmp(unsigned_, "nan") != 0) {
        ordpar_table_set_text(t, t->n_rows - 1, column, text);
        *cell = NAN;
    }
}

static ordpar_status take_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    ordpar_table *t = context;
    if (t->n_columns == 0)
        for (size_t c = 0; c < row->n_columns; c++)
            ordpar_table_column(t, "%s", row->columns[c]);
    double *cells = t->failed ? NULL : ordpar_table_row(t);
    if (!cells)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %s", row->path);
    for (size_t c = 0; c < row->n_columns; c++)
        if (!ordpar_parse_double(row->fields[c], &cells[c]))
            take_words(t, c, row->fields[c]);
    return ORDPAR_OK;
}

static void take_settings(ordpar_table *t, json_t *settings) {
    char *text = json_dumps(settings, 0);
    ordpar_like like = {0};
    FILE *file = text ? fmemopen(text, strlen(text), "r") : NULL;
    ordpar_error unused;
    if (!file)
        t->failed = true;
    else if (!ordpar_like_of_stream(file, &like, &unused) && like.settings)
        ordpar_table_note(t, "settings", "%s", like.settings + strspn(like.settings, " "));
    if (file)
        fclose(file);
    free(text);
    ordpar_like_clear(&like);
}

static void take_facts(ordpar_table *t, json_t *root) {
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value) {
        if (strcmp(key, "settings") == 0)
            take_settings(t, value);
        else if (json_is_string(value))
            ordpar_table_note(t, key, "%s", json_string_value(value));
        else if (json_is_number(value))
            ordpar_table_fact(t, key, json_number_value(value), "%.17g", json_number_value(value));
    }
}

static bool take_json_row(ordpar_table *t, const json_t *row) {
    double *cells = json_array_size(row) == t->n_columns ? ordpar_table_row(t) : NULL;
    for (size_t c = 0; c < t->n_columns && cells; c++) {
        const json_t *cell = json_array_get(row, c);
        const char *text = json_is_string(cell) ? json_string_value(cell) : "";
        if (json_is_number(cell))
            cells[c] = json_number_value(cell);
        else if (!ordpar_parse_double(text, &cells[c])) /* more digits than a double has */
            take_words(t, c, text);
    }
    return cells;
}

static bool take_json(ordpar_table *t, json_t *root) {
    json_t *columns = json_object_get(root, "columns"), *rows = json_object_get(root, "rows");
    for (size_t c = 0; c < json_array_size(columns); c++) {
        const char *name = json_string_value(json_array_get(columns, c));
        if (!name)
            return false;
        ordpar_table_column(t, "%s", name);
    }
    if (t->n_columns == 0 || json_array_size(rows) == 0 || t->failed)
        return false;
    take_facts(t, root);
    for (size_t r = 0; r < json_array_size(rows); r++)
        if (!take_json_row(t, json_array_get(rows, r)))
            return false;
    return true;
}

static ordpar_status read_json(ordpar_table *t, FILE *file, const char *path, ordpar_error *err) {
    json_error_t reason;
    json_t *root = json_loadf(file, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &reason);
    if (!root)
        return ordpar_fail(err, ORDPAR_PARSE, "%.250s: line %d: %.200s", path, reason.line,
                           reason.text);
    const bool good = take_json(t, root);
    json_decref(root);
    return good ? ORDPAR_OK
           : t->failed
               ? ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %.250s", path)
               : ordpar_fail(err, ORDPAR_PARSE,
                             "%.250s: must have \"columns\" and \"rows\" of as many cells", path);
}

ordpar_status result_read(ordpar_table *t, const char *path, ordpar_error *err) {
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%.400s: cannot be read: %s", path, strerror(errno));
    if (is_stdin)
        path = "standard input";
    ordpar_pass_mark(file);
    const int first = ferror(file) ? EOF : getc(file);
    ungetc(first, file);
    ordpar_status status;
    if (first == EOF && ferror(file)) /* such as by a signal */
        status = ordpar_fail(err, ORDPAR_IO, "%.400s: cannot be read: %s", path, strerror(errno));
    else
        status = first == '{' ? read_json(t, file, path, err)
                              : ordpar_csv_read_stream(file, path, take_note, take_row, t, err);
    if (!is_stdin)
        fclose(file);
    return status ? status : ordpar_table_check(t, err);
}

ordpar_status result_numbers(const ordpar_table *t, const char *path, size_t column, bool finite,
                             ordpar_error *err) {
    for (size_t r = 0; r < t->n_rows; r++) {
        const size_t cell = r * t->n_columns + column;
        const char *text = t->texts ? t->texts[cell] : NULL;
        if (text || (finite && !isfinite(t->cells[cell])))
            return ordpar_fail(err, ORDPAR_PARSE,
                               "%.300s: row %zu, %s: must be a %snumber, got '%.60s'", path, r + 1,
                               t->columns[column], finite ? "finite " : "",
                               text                    ? text
                               : isnan(t->cells[cell]) ? "nan"
                                                       : "inf");
    }
    return ORDPAR_OK;
}

bool result_is_text(const char *column) {
    if (strcmp(column, "status") == 0 || strcmp(column, "message") == 0)
        return true;
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, column);
    return row && row->kind != ORDPAR_KIND_REAL && row->kind != ORDPAR_KIND_POSITIVE &&
           row->kind != ORDPAR_KIND_INTEGER;
}

bool result_has_words(const ordpar_table *t, size_t column) {
    bool words = strcmp(t->columns[0], "point") == 0 && result_is_text(t->columns[column]);
    for (size_t r = 0; r < t->n_rows && t->texts && !words; r++) {
        const char *text = t->texts[r * t->n_columns + column];
        words = text && *text && isnan(t->cells[r * t->n_columns + column]);
    }
    return words;
}
