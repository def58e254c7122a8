// SPDX-License-Identifier: GPL-3.0-or-later
#include "csv.h"

#include "number.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 1024 };

static char *trimmed(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

/* Splits line in place; returns the number of fields, which may exceed what fields can hold. */
static size_t split(char *line, const char *fields[ORDPAR_CSV_MAX_FIELDS])
{
    size_t count = 0;
    for (char *next = line; next;) {
        char *field = next;
        next = strchr(field, ',');
        if (next)
            *next++ = '\0';
        if (count < ORDPAR_CSV_MAX_FIELDS)
            fields[count] = trimmed(field);
        count++;
    }
    return count;
}

ordpar_status ordpar_csv_fail(const ordpar_csv_row *row, size_t column, const char *reason,
                              ordpar_error *err)
{
    return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu, column %zu (%s): %s, got '%.60s'",
                       row->path, row->line, column + 1, row->columns[column], reason,
                       row->fields[column]);
}

ordpar_status ordpar_csv_double(const ordpar_csv_row *row, size_t column, double *value,
                                ordpar_error *err)
{
    if (!ordpar_parse_double(row->fields[column], value))
        return ordpar_csv_fail(row, column, "must be a finite number", err);
    return ORDPAR_OK;
}

ordpar_status ordpar_csv_integer(const ordpar_csv_row *row, size_t column, int64_t low,
                                 int64_t high, int64_t *value, ordpar_error *err)
{
    int64_t parsed;
    if (!ordpar_parse_integer(row->fields[column], &parsed) || parsed < low || parsed > high) {
        char reason[96];
        snprintf(reason, sizeof reason, "must be a whole number from %lld to %lld", (long long)low,
                 (long long)high);
        return ordpar_csv_fail(row, column, reason, err);
    }
    *value = parsed;
    return ORDPAR_OK;
}

static ordpar_status check_header(const ordpar_csv_row *row, size_t n_fields, size_t n_columns,
                                  ordpar_error *err)
{
    for (size_t c = 0; c < n_columns; c++) {
        if (c < n_fields && strcmp(row->fields[c], row->columns[c]) == 0)
            continue;
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: line %zu: the header's column %zu must be '%s', got '%.60s'",
                           row->path, row->line, c + 1, row->columns[c],
                           c < n_fields ? row->fields[c] : "");
    }
    if (n_fields != n_columns)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: the header must have %zu columns, got %zu",
                           row->path, row->line, n_columns, n_fields);
    return ORDPAR_OK;
}

static ordpar_status visit_line(ordpar_csv_row *row, char *line, size_t n_columns, size_t *n_rows,
                                ordpar_csv_visit visit, void *context, ordpar_error *err)
{
    const size_t n_fields = split(line, row->fields);
    if (*n_rows == 0) {
        ++*n_rows;
        return check_header(row, n_fields, n_columns, err);
    }
    if (n_fields != n_columns)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: must have %zu columns, got %zu",
                           row->path, row->line, n_columns, n_fields);
    ++*n_rows;
    return visit(row, context, err);
}

/* A line that fgets cut short without a newline before the end of the file is too long or holds a
 * zero byte; the bound keeps /dev/zero and binary files from filling the memory. */
static ordpar_status check_line(const ordpar_csv_row *row, const char *line, bool at_end,
                                ordpar_error *err)
{
    const size_t length = strlen(line);
    if (at_end || (length > 0 && line[length - 1] == '\n'))
        return ORDPAR_OK;
    const char *reason = length + 1 == LINE_SIZE ? "too long a line" : "a zero byte";
    return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: %s: not a CSV file", row->path, row->line,
                       reason);
}

static ordpar_status read_lines(FILE *file, ordpar_csv_row *row, size_t n_columns,
                                ordpar_csv_visit visit, void *context, ordpar_error *err)
{
    ordpar_status status = ORDPAR_OK;
    char line[LINE_SIZE];
    size_t n_rows = 0; /* the header counts as a row */
    while (!status && fgets(line, sizeof line, file)) {
        row->line++;
        status = check_line(row, line, feof(file), err);
        char *text = trimmed(line);
        if (!status && *text != '\0' && *text != '#')
            status = visit_line(row, text, n_columns, &n_rows, visit, context, err);
    }
    if (!status && ferror(file))
        status = ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", row->path, strerror(errno));
    if (!status && n_rows < 2)
        status = ordpar_fail(err, ORDPAR_PARSE, "%s: has no rows", row->path);
    return status;
}

ordpar_status ordpar_csv_read(const char *path, const char *const *columns, size_t n_columns,
                              ordpar_csv_visit visit, void *context, ordpar_error *err)
{
    const int is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    ordpar_csv_row row = {.path = is_stdin ? "standard input" : path, .columns = columns};
    const ordpar_status status = read_lines(file, &row, n_columns, visit, context, err);
    if (!is_stdin)
        fclose(file);
    return status;
}
