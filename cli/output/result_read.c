// SPDX-License-Identifier: GPL-3.0-or-later
/* Files of the program back as tables. */
#include "base/csv.h"
#include "base/line.h"
#include "base/number.h"
#include "cli/output/result.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The object of a JSON file as the line that CSV has. */
static void take_settings(ordpar_table *t, const char *object) {
    ordpar_like like = {0};
    ordpar_error unused;
    FILE *file = fmemopen((char *)object, strlen(object), "r");
    if (!file)
        t->failed = true;
    else if (!ordpar_like_of_stream(file, &like, &unused) && like.settings)
        ordpar_table_note(t, "settings", "%s", like.settings + strspn(like.settings, " "));
    if (file)
        fclose(file);
    ordpar_like_clear(&like);
}

/* "key: text" */
static void take_note(const char *text, void *context) {
    char key[64];
    const char *colon = strstr(text, ": ");
    if (!colon || (size_t)(colon - text) >= sizeof key)
        return;
    memcpy(key, text, (size_t)(colon - text));
    key[colon - text] = '\0';
    if (strcmp(key, "settings") == 0 && colon[2] == '{')
        take_settings(context, colon + 2);
    else
        ordpar_table_note(context, key, "%s", colon + 2);
}

/* A cell that is not a finite number: what computations, here and elsewhere, write for none, or
 * words. */
static void take_words(ordpar_table *t, size_t column, const char *text) {
    static const char *const infinite[] = {"inf", "infinity", NULL};
    static const char *const none[] = {"nan", "na", "n/a", "<na>", "null", NULL};
    const char *unsigned_ = text + (*text == '-' || *text == '+');
    double *cell = &t->cells[(t->n_rows - 1) * t->n_columns + column];
    if (ordpar_parse_rounded(text, cell)) /* of arbitrary precision */
        return;
    *cell = NAN;
    if (ordpar_text_is_among(unsigned_, infinite)) {
        *cell = *text == '-' ? -INFINITY : INFINITY;
    } else if (*text && !ordpar_text_is_among(unsigned_, none)) {
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

ordpar_status result_read(ordpar_table *t, const char *path, ordpar_error *err) {
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%.400s: cannot be read: %s", path, strerror(errno));
    if (is_stdin)
        path = "standard input";
    const ordpar_status status = ordpar_csv_read_stream(file, path, take_note, take_row, t, err);
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
    return row && !ordpar_setting_is_number(row);
}

bool result_same_cell(const ordpar_table *t, size_t a, size_t b) {
    const char *x = t->texts ? t->texts[a] : NULL, *y = t->texts ? t->texts[b] : NULL;
    const double u = t->cells[a], v = t->cells[b];
    return x || y ? x && y && strcmp(x, y) == 0 : u == v || (isnan(u) && isnan(v));
}

bool result_varies(const ordpar_table *t, size_t column) {
    for (size_t r = 1; r < t->n_rows; r++)
        if (!result_same_cell(t, column, r * t->n_columns + column))
            return true;
    return false;
}

const char *result_one_value(const ordpar_table *t, size_t column, char number[32]) {
    const char *words = t->n_rows && t->texts ? t->texts[column] : NULL;
    if (t->n_rows == 0 || (!words && !isfinite(t->cells[column])) || result_varies(t, column))
        return NULL;
    ordpar_format(number, 32, "%.17g", t->cells[column]);
    return words ? words : number;
}

size_t result_count_values(const ordpar_table *t, size_t column, size_t most) {
    size_t first[RESULT_MOST_VALUES + 1], count = 0;
    for (size_t r = 0; r < t->n_rows && count <= most; r++) {
        size_t k = 0;
        while (k < count &&
               !result_same_cell(t, first[k] * t->n_columns + column, r * t->n_columns + column))
            k++;
        if (k == count)
            first[count++] = r;
    }
    return count;
}

bool result_is_sweep(const ordpar_table *t) {
    size_t unused;
    return ordpar_table_find_column(t, "point", &unused);
}

bool result_has_words(const ordpar_table *t, size_t column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
    const bool list = row && (row->kind == ORDPAR_KIND_GRID || row->kind == ORDPAR_KIND_REALS);
    bool words = result_is_sweep(t) && result_is_text(t->columns[column]) && !list; /* of one */
    for (size_t r = 0; r < t->n_rows && t->texts && !words; r++) {
        const char *text = t->texts[r * t->n_columns + column];
        words = text && *text && isnan(t->cells[r * t->n_columns + column]);
    }
    return words;
}
