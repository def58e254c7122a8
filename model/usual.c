// SPDX-License-Identifier: GPL-3.0-or-later
/* Settings that say what is so without them. */
#include "base/npy_archive.h"
#include "base/number.h"
#include "model/model_internal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const ordpar_setting_table *const table = &ordpar_model_settings;

static const char *value_of(const char *const *values, const char *name) {
    return values[ordpar_setting_find(table, name) - table->rows];
}

/* The whole number of a setting; 0: it is not known. */
static double count_of(const char *const *values, const char *name) {
    const char *text = value_of(values, name);
    double count;
    return text && ordpar_parse_double(text, &count) ? count : 0;
}

/* True if all numbers of a list, with commas between, are that one, in the digits of a double. */
static bool are_all(const char *text, double number) {
    bool same = *text != '\0';
    while (*text && same) {
        char part[64];
        const size_t width = strcspn(text, ",");
        double value;
        ordpar_format(part, sizeof part, "%.*s", (int)width, text);
        same = ordpar_parse_double(part, &value) &&
               fabs(value - number) <= 2 * DBL_EPSILON * fabs(number);
        text += width + (text[width] == ',');
    }
    return same;
}

/* Of units that nobody gave a weight. */
static double usual_output(const char *const *values, bool of_student) {
    const double K = count_of(values, "student-units"), M = count_of(values, "teacher-units");
    return of_student ? sqrt(M) / K : 1 / sqrt(M);
}

bool ordpar_setting_is_usual(const char *const *values, const ordpar_setting *row) {
    const char *text = value_of(values, row->name);
    if (!text)
        return false;
    if (strcmp(row->name, "schedule") == 0)
        return strcmp(text, "constant") == 0;
    if (strcmp(row->name, "array") == 0) /* which each of the archives has, then */
        return value_of(values, "data") && strcmp(text, ORDPAR_NPY_ARRAY) == 0;
    if (strcmp(row->name, "unlearnable") == 0)
        return are_all(text, 0);
    if (strcmp(row->name, "teacher-activation") == 0)
        return ordpar_settings_same(text, value_of(values, "activation"));
    if (strcmp(row->name, "student-output") == 0 || strcmp(row->name, "teacher-output") == 0)
        return are_all(text, usual_output(values, *row->name == 's'));
    const double N = count_of(values, "input-dim");
    return strcmp(row->name, "trainable") == 0 && N > 0 && are_all(text, N);
}

void ordpar_settings_leave_usual(const char *values[ORDPAR_MAX_SETTINGS]) {
    bool usual[ORDPAR_MAX_SETTINGS];
    for (size_t k = 0; k < table->count; k++)
        usual[k] = ordpar_setting_is_usual(values, &table->rows[k]);
    for (size_t k = 0; k < table->count; k++)
        values[k] = usual[k] ? table->rows[k].initial : values[k];
}

void ordpar_settings_split(char *line, const char *values[ORDPAR_MAX_SETTINGS]) {
    ordpar_settings_word word = {0};
    while (ordpar_settings_next(&line, &word)) {
        const ordpar_setting *row = ordpar_setting_find(table, word.name);
        if (row)
            values[row - table->rows] = word.value;
    }
}

bool ordpar_settings_line_is_usual(const char *line, const char *name) {
    const char *values[ORDPAR_MAX_SETTINGS] = {NULL};
    const ordpar_setting *row = ordpar_setting_find(table, name);
    char *copy = strdup(line);
    if (copy)
        ordpar_settings_split(copy, values);
    const bool usual = copy && row && ordpar_setting_is_usual(values, row);
    free(copy);
    return usual;
}

bool ordpar_model_is_usual(const ordpar_model *model, const char *name, const char *text) {
    const char *values[ORDPAR_MAX_SETTINGS];
    const ordpar_setting *row = ordpar_setting_find(table, name);
    for (size_t k = 0; k < table->count; k++)
        values[k] = ordpar_model_means(model, table->rows[k].name)
                        ? ordpar_model_text(model, table->rows[k].name)
                        : NULL;
    if (row && text)
        values[row - table->rows] = text;
    const char *own = row ? values[row - table->rows] : NULL;
    const bool all = row && strcmp(row->name, "trainable") == 0 && own && are_all(own, -1);
    return all || (row && ordpar_setting_is_usual(values, row));
}
