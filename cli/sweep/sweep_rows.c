// SPDX-License-Identifier: GPL-3.0-or-later
/* The rows of a sweep's table, from text and to outputs. */
#include "base/number.h"
#include "cli/output/picture.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_number(const char *cell, size_t width) {
    char text[64], *end;
    if (width == 0 || width >= sizeof text)
        return false;
    memcpy(text, cell, width);
    text[width] = '\0';
    strtod(text, &end);
    return !*end;
}

bool sweep_table_fits(const ordpar_table *t, size_t point, const char *row) {
    char *end;
    if (strtoull(row, &end, 10) != point + 1 || *end != ',')
        return false;
    for (size_t c = 0; c < t->n_columns; c++) {
        const size_t width = strcspn(row, ",");
        if (!result_is_text(t->columns[c]) && !is_number(row, width))
            return false;
        row += width;
        if (*row == (c + 1 < t->n_columns ? ',' : '\0'))
            row++;
        else
            return false;
    }
    return true;
}

size_t sweep_table_foreign(const ordpar_table *t, const char *row) {
    for (size_t c = 0; c < t->n_columns; c++) {
        const size_t width = strcspn(row, ",");
        const double value = strtod(row, NULL);
        char own[32];
        ordpar_format(own, sizeof own, "%.17g", value);
        if (!result_is_text(t->columns[c]) && !isnan(value) &&
            (strlen(own) != width || strncmp(own, row, width) != 0))
            return c;
        row += width + (row[width] == ',');
    }
    return t->n_columns;
}

bool sweep_table_add(ordpar_table *t, const char *row) {
    double *cells = ordpar_table_row(t);
    char *copy = strdup(row), *cell = copy;
    for (size_t c = 0; c < t->n_columns && cells && cell; c++) {
        char *next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        if (result_is_text(t->columns[c]))
            ordpar_table_set_text(t, t->n_rows - 1, c, cell);
        else
            cells[c] = strtod(cell, NULL);
        cell = next;
    }
    free(copy);
    return copy && cells && !t->failed;
}

void sweep_table_settle(ordpar_table *t) {
    size_t exit;
    if (!ordpar_table_find_column(t, "plateau_exit", &exit))
        return;
    for (size_t r = 0; r < t->n_rows; r++)
        if (isfinite(t->cells[r * t->n_columns + exit]))
            return;
    ordpar_table_drop_fact(t, "resolution");
}

static ordpar_status write(const options *parsed, const ordpar_table *t, bool *written,
                           ordpar_error *err) {
    output_set set = {0};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = picture_of_table(parsed, t, &set, err);
    const bool staged = !status;
    status = result_end(parsed, &set, status, err);
    *written = staged && output_has_first(&set);
    return status;
}

/* OK, or NUMERICAL where points failed, with how many and the first. */
static ordpar_status conclude(const ordpar_table *t, ordpar_error *err) {
    size_t failed = 0, first = 0;
    const size_t status = t->n_columns - 2;
    for (size_t r = 0; r < t->n_rows; r++)
        if (strcmp(t->texts[r * t->n_columns + status], "ok") != 0 && failed++ == 0)
            first = r;
    if (failed == 0)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_NUMERICAL,
                       "%zu of %zu points failed; the first is point %.0f: %s", failed, t->n_rows,
                       t->cells[first * t->n_columns], t->texts[first * t->n_columns + status + 1]);
}

ordpar_status sweep_table_write(const options *parsed, const ordpar_table *t, bool *written,
                                ordpar_error *err) {
    ordpar_error reason;
    const ordpar_status status = conclude(t, err), kept = write(parsed, t, written, &reason);
    return result_conclude(parsed, status, kept, &reason, err);
}
