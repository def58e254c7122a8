// SPDX-License-Identifier: GPL-3.0-or-later
/* The rows of a sweep's table, from text and to outputs. */
#include "base/number.h"
#include "cli/output/result.h"
#include "cli/sweep/sweep.h"

#include <stdlib.h>
#include <string.h>

bool sweep_table_is_text(const char *column) {
    if (strcmp(column, "status") == 0 || strcmp(column, "message") == 0)
        return true;
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, column);
    return row && row->kind != ORDPAR_KIND_REAL && row->kind != ORDPAR_KIND_POSITIVE &&
           row->kind != ORDPAR_KIND_INTEGER;
}

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
        if (!sweep_table_is_text(t->columns[c]) && !is_number(row, width))
            return false;
        row += width;
        if (*row == (c + 1 < t->n_columns ? ',' : '\0'))
            row++;
        else
            return false;
    }
    return true;
}

bool sweep_table_add(ordpar_table *t, const char *row) {
    double *cells = ordpar_table_row(t);
    char *copy = strdup(row), *cell = copy;
    for (size_t c = 0; c < t->n_columns && cells && cell; c++) {
        char *next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        if (sweep_table_is_text(t->columns[c]))
            ordpar_table_set_text(t, t->n_rows - 1, c, cell);
        else
            cells[c] = strtod(cell, NULL);
        cell = next;
    }
    free(copy);
    return copy && cells && !t->failed;
}

size_t sweep_table_axes(const ordpar_table *t, sweep_span spans[SWEEP_MAX_AXES]) {
    const ordpar_fact *swept = ordpar_table_find_fact(t, "swept");
    size_t count = 0, column = 1;
    const char *c = swept ? swept->text : "";
    for (bool more = swept; more && count < SWEEP_MAX_AXES; count++) {
        spans[count] = (sweep_span){.first = column, .width = 1};
        for (; *c && *c != '('; c++)
            spans[count].width += *c == '=';
        spans[count].values = *c ? strtoull(c + 1, NULL, 10) : 0;
        column += spans[count].width;
        c += strcspn(c, ",");
        more = *c == ',';
        c += more;
    }
    return column < t->n_columns ? count : 0;
}

ordpar_status sweep_table_write(const options *parsed, const ordpar_table *t, bool *written,
                                ordpar_error *err) {
    output_set set = {0};
    ordpar_status status =
        result_stage(&set, t, (output_format)parsed->format, parsed->output, err);
    if (!status)
        status = sweep_plot_draw(parsed, t, &set, err);
    const ordpar_status lost = set.lost;
    status = result_end(&set, status, err);
    *written = !status || status == lost;
    return status;
}

ordpar_status sweep_table_conclude(const ordpar_table *t, ordpar_error *err) {
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
