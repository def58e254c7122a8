// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/table.h"

#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ordpar_table_clear(ordpar_table *t) {
    free(t->columns);
    free(t->cells);
    for (size_t k = 0; t->texts && k < t->n_rows * t->n_columns; k++)
        free(t->texts[k]);
    free(t->texts);
    for (size_t k = 0; k < t->n_facts; k++) {
        free(t->facts[k].key);
        free(t->facts[k].text);
    }
    free(t->facts);
    free(t->line);
    *t = (ordpar_table){0};
}

void ordpar_table_free(ordpar_table *table) {
    if (table)
        ordpar_table_clear(table);
    free(table);
}

/* Names of a caller's own: each once, whole, without blanks about them. */
static ordpar_status check_names(const char *names, const ordpar_table *t, ordpar_error *err) {
    if (t->n_columns == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "a table needs at least one column");
    size_t column = 0;
    for (const char *name = names; name; column++) {
        const size_t width = strcspn(name, ",");
        const bool good = width > 0 && width < sizeof *t->columns && !strchr(" \t", name[0]) &&
                          !strchr(" \t", name[width - 1]);
        if (!good)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the name of column %zu must have 1 to %zu characters, without "
                               "blanks about them, got '%.*s'",
                               column + 1, sizeof *t->columns - 1, (int)(width < 60 ? width : 60),
                               name);
        for (size_t c = 0; c < column; c++)
            if (strcmp(t->columns[c], t->columns[column]) == 0)
                return ordpar_fail(err, ORDPAR_INVALID, "there are two columns %s",
                                   t->columns[column]);
        name = name[width] ? name + width + 1 : NULL;
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_table_create(const char *columns, size_t n_rows, const double *values,
                                  ordpar_table **table, ordpar_error *err) {
    ordpar_table *t = calloc(1, sizeof *t);
    if (!t)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a table");
    ordpar_table_columns(t, columns);
    ordpar_status status = t->failed ? ORDPAR_OK : check_names(columns, t, err);
    if (status) {
        ordpar_table_free(t);
        return status;
    }
    if (n_rows > SIZE_MAX / sizeof *values / (t->n_columns + 1))
        t->failed = true; /* no array is so large */
    for (size_t k = 0; k < n_rows && !t->failed; k++) {
        double *row = ordpar_table_row(t);
        if (row)
            memcpy(row, values + k * t->n_columns, t->n_columns * sizeof *row);
    }
    status = ordpar_table_check(t, err);
    if (status)
        ordpar_table_free(t);
    else
        *table = t;
    return status;
}

void ordpar_table_column(ordpar_table *t, const char *format, ...) {
    void *grown = realloc(t->columns, (t->n_columns + 1) * sizeof *t->columns);
    if (!grown) {
        t->failed = true;
        return;
    }
    t->columns = grown;
    va_list arguments;
    va_start(arguments, format);
    ordpar_vformat(t->columns[t->n_columns++], sizeof *t->columns, format, arguments);
    va_end(arguments);
}

void ordpar_table_columns(ordpar_table *t, const char *names) {
    while (*names) {
        const int width = (int)strcspn(names, ",");
        ordpar_table_column(t, "%.*s", width, names);
        names += width;
        names += *names == ',';
    }
}

/* Room for the texts of all rows that there is room for. */
static bool reserve_texts(ordpar_table *t, size_t old_capacity) {
    char **grown = realloc(t->texts, t->capacity * t->n_columns * sizeof *grown);
    if (!grown) {
        t->failed = true;
        return false;
    }
    for (size_t k = old_capacity * t->n_columns; k < t->capacity * t->n_columns; k++)
        grown[k] = NULL;
    t->texts = grown;
    return true;
}

void ordpar_table_set_text(ordpar_table *t, size_t row, size_t column, const char *text) {
    if (!t->texts && !reserve_texts(t, 0))
        return;
    const size_t cell = row * t->n_columns + column;
    char *copy = strdup(text);
    t->failed = t->failed || !copy;
    free(t->texts[cell]);
    t->texts[cell] = copy;
    char *end;
    const locale_t before = ordpar_locale_enter();
    const double value = strtod(text, &end);
    ordpar_locale_leave(before);
    t->cells[cell] = end > text && !*end ? value : NAN;
}

void ordpar_table_set_missing(ordpar_table *t, size_t row, size_t column) {
    ordpar_table_set_text(t, row, column, "");
    t->cells[row * t->n_columns + column] = NAN;
}

double *ordpar_table_row(ordpar_table *t) {
    if (t->n_rows == t->capacity) {
        const size_t old = t->capacity, capacity = old ? 2 * old : 256;
        double *grown = realloc(t->cells, capacity * t->n_columns * sizeof *grown);
        if (!grown) {
            t->failed = true;
            return NULL;
        }
        t->cells = grown;
        t->capacity = capacity;
        if (t->texts && !reserve_texts(t, old))
            return NULL;
    }
    double *row = t->cells + t->n_rows++ * t->n_columns;
    memset(row, 0, t->n_columns * sizeof *row);
    return row;
}

/* Takes text; a lack of memory is remembered. */
static void add_fact(ordpar_table *t, const char *key, double value, char *text) {
    if (!t) { /* nobody wants to know */
        free(text);
        return;
    }
    char *name = strdup(key);
    ordpar_fact *grown = name && text ? realloc(t->facts, (t->n_facts + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(name);
        free(text);
        t->failed = true;
        return;
    }
    for (char *c = text; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    t->facts = grown;
    t->facts[t->n_facts++] = (ordpar_fact){name, text, value};
}

static char *format_text(const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    const int length = ordpar_vformat(NULL, 0, format, again);
    va_end(again);
    char *text = malloc((size_t)length + 1);
    if (text)
        ordpar_vformat(text, (size_t)length + 1, format, arguments);
    return text;
}

void ordpar_table_note(ordpar_table *t, const char *key, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_fact(t, key, NAN, format_text(format, arguments));
    va_end(arguments);
}

void ordpar_table_fact(ordpar_table *t, const char *key, double value, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_fact(t, key, value, format_text(format, arguments));
    va_end(arguments);
}

ordpar_status ordpar_table_add_fact(ordpar_table *table, const char *key, const char *text,
                                    ordpar_error *err) {
    ordpar_table_note(table, key, "%s", text);
    return ordpar_table_check(table, err);
}

void ordpar_table_partial(ordpar_table *t, ordpar_status status, size_t rows, size_t count) {
    const char *how = status == ORDPAR_INTERRUPTED ? "interrupted"
                      : status == ORDPAR_DIVERGED  ? "it diverges"
                                                   : "it goes no further";
    if (rows < count)
        ordpar_table_fact(t, "partial", (double)rows, "%s, %zu of %zu rows", how, rows, count);
}

void ordpar_table_drop_fact(ordpar_table *t, const char *key) {
    const ordpar_fact *found = ordpar_table_find_fact(t, key);
    if (!found)
        return;
    const size_t place = (size_t)(found - t->facts);
    free(t->facts[place].key);
    free(t->facts[place].text);
    memmove(&t->facts[place], &t->facts[place + 1], (--t->n_facts - place) * sizeof *t->facts);
}

const ordpar_fact *ordpar_table_find_fact(const ordpar_table *t, const char *key) {
    for (size_t k = 0; k < t->n_facts; k++)
        if (strcmp(t->facts[k].key, key) == 0)
            return &t->facts[k];
    return NULL;
}

bool ordpar_table_find_column(const ordpar_table *t, const char *name, size_t *column) {
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->columns[c], name) == 0) {
            *column = c;
            return true;
        }
    return false;
}

ordpar_status ordpar_table_begun(const ordpar_table *t, ordpar_error *err) {
    const ordpar_status status = ordpar_table_check(t, err);
    return status || !t->watch.see ? status : t->watch.see(t, t->watch.context, err);
}

ordpar_status ordpar_table_check(const ordpar_table *t, ordpar_error *err) {
    return t->failed ? ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output") : ORDPAR_OK;
}

size_t ordpar_table_n_rows(const ordpar_table *table) {
    return table->n_rows;
}

size_t ordpar_table_n_columns(const ordpar_table *table) {
    return table->n_columns;
}

const char *ordpar_table_column_name(const ordpar_table *table, size_t column) {
    return column < table->n_columns ? table->columns[column] : NULL;
}

const double *ordpar_table_values(const ordpar_table *table) {
    return table->cells;
}

const char *ordpar_table_text(const ordpar_table *table, size_t row, size_t column) {
    const bool there = table->texts && row < table->n_rows && column < table->n_columns;
    return there ? table->texts[row * table->n_columns + column] : NULL;
}

const char *ordpar_table_fact_key(const ordpar_table *table, size_t k) {
    return k < table->n_facts ? table->facts[k].key : NULL;
}

const char *ordpar_table_fact_text(const ordpar_table *table, size_t k) {
    return k < table->n_facts ? table->facts[k].text : NULL;
}

double ordpar_table_fact_value(const ordpar_table *table, size_t k) {
    return k < table->n_facts ? table->facts[k].value : NAN;
}
