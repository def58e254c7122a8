// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include "csv.h"

#include <string.h>

static ordpar_status take_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    table *t = context;
    if (t->n_columns == 0)
        for (size_t c = 0; c < row->n_columns; c++)
            table_column(t, "%s", row->columns[c]);
    double *cells = t->failed ? NULL : table_row(t);
    if (!cells)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %s", row->path);
    for (size_t c = 0; c < row->n_columns; c++) {
        const ordpar_status status = ordpar_csv_double(row, c, &cells[c], err);
        if (status)
            return status;
    }
    return ORDPAR_OK;
}

ordpar_status table_read(table *t, const char *path, ordpar_error *err) {
    return ordpar_csv_read(path, NULL, 0, take_row, t, err);
}

bool table_find_column(const table *t, const char *name, size_t *column) {
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->columns[c], name) == 0) {
            *column = c;
            return true;
        }
    return false;
}
