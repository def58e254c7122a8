// SPDX-License-Identifier: GPL-3.0-or-later
#include "csv.h"

#include "number.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 32 * ORDPAR_CSV_MAX_FIELDS };

/* A file being read. */
typedef struct {
    ordpar_csv_row row;
    bool any_header;
    bool has_header;
    size_t n_rows;
    const char *names[ORDPAR_CSV_MAX_FIELDS]; /* of a header that was not given, in header_text */
    char header_text[LINE_SIZE];
    char line[LINE_SIZE];
} reader;

static char *trimmed(char *text) {
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

/* Splits line in place; returns the number of fields, which may exceed what fields can hold. */
static size_t split(char *line, const char *fields[ORDPAR_CSV_MAX_FIELDS]) {
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
                              ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu, column %zu (%s): %s, got '%.60s'",
                       row->path, row->line, column + 1, row->columns[column], reason,
                       row->fields[column]);
}

ordpar_status ordpar_csv_double(const ordpar_csv_row *row, size_t column, double *value,
                                ordpar_error *err) {
    if (!ordpar_parse_double(row->fields[column], value))
        return ordpar_csv_fail(row, column, "must be a finite number", err);
    return ORDPAR_OK;
}

ordpar_status ordpar_csv_integer(const ordpar_csv_row *row, size_t column, int64_t low,
                                 int64_t high, int64_t *value, ordpar_error *err) {
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

static ordpar_status check_header(const ordpar_csv_row *row, size_t n_fields, ordpar_error *err) {
    for (size_t c = 0; c < row->n_columns; c++) {
        if (c < n_fields && strcmp(row->fields[c], row->columns[c]) == 0)
            continue;
        return ordpar_fail(
            err, ORDPAR_PARSE, "%s: line %zu: the header's column %zu must be '%s', got '%.60s'",
            row->path, row->line, c + 1, row->columns[c], c < n_fields ? row->fields[c] : "");
    }
    if (n_fields != row->n_columns)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: line %zu: the header must have %zu columns, got %zu", row->path,
                           row->line, row->n_columns, n_fields);
    return ORDPAR_OK;
}

static ordpar_status take_header(reader *r, const char *text, ordpar_error *err) {
    memcpy(r->header_text, text, strlen(text) + 1);
    const size_t count = split(r->header_text, r->names);
    r->has_header = true;
    if (count > ORDPAR_CSV_MAX_FIELDS)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: more than %d columns", r->row.path,
                           r->row.line, ORDPAR_CSV_MAX_FIELDS);
    if (!r->any_header) {
        memcpy(r->row.fields, r->names, sizeof r->names);
        return check_header(&r->row, count, err);
    }
    r->row.columns = r->names;
    r->row.n_columns = count;
    return ORDPAR_OK;
}

static ordpar_status visit_line(reader *r, char *text, ordpar_csv_visit visit, void *context,
                                ordpar_error *err) {
    if (!r->has_header)
        return take_header(r, text, err);
    const size_t n_fields = split(text, r->row.fields);
    if (n_fields != r->row.n_columns)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: must have %zu columns, got %zu",
                           r->row.path, r->row.line, r->row.n_columns, n_fields);
    r->n_rows++;
    return visit(&r->row, context, err);
}

/* Reads a line without its end. The bound keeps /dev/zero and binary files from filling the memory.
 * *more is false at the end of the file. */
static ordpar_status read_line(FILE *file, reader *r, bool *more, ordpar_error *err) {
    size_t length = 0;
    int c;
    r->row.line++;
    while ((c = getc_unlocked(file)) != EOF && c != '\n') {
        if (c == '\0' || length + 1 == LINE_SIZE)
            return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: %s: not a CSV file", r->row.path,
                               r->row.line, c ? "too long a line" : "a zero byte");
        r->line[length++] = (char)c;
    }
    r->line[length] = '\0';
    *more = c != EOF || length > 0;
    return ORDPAR_OK;
}

/* Spreadsheets begin a text file with a byte order mark. */
static char *without_mark(char *line) {
    static const char mark[] = "\xef\xbb\xbf";
    return strncmp(line, mark, strlen(mark)) == 0 ? line + strlen(mark) : line;
}

static ordpar_status read_lines(FILE *file, reader *r, ordpar_csv_visit visit, void *context,
                                ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (bool more = true; more && !status;) {
        status = read_line(file, r, &more, err);
        char *text = trimmed(r->row.line == 1 ? without_mark(r->line) : r->line);
        if (!status && *text != '\0' && *text != '#')
            status = visit_line(r, text, visit, context, err);
    }
    if (!status && ferror(file))
        status =
            ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", r->row.path, strerror(errno));
    if (!status && r->n_rows == 0)
        status = ordpar_fail(err, ORDPAR_PARSE, "%s: has no rows", r->row.path);
    return status;
}

ordpar_status ordpar_csv_read(const char *path, const char *const *columns, size_t n_columns,
                              ordpar_csv_visit visit, void *context, ordpar_error *err) {
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    ordpar_status status;
    reader *r = calloc(1, sizeof *r);
    if (r) {
        r->row.path = is_stdin ? "standard input" : path;
        r->row.columns = columns;
        r->row.n_columns = n_columns;
        r->any_header = columns == NULL;
        status = read_lines(file, r, visit, context, err);
    } else {
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %s", path);
    }
    free(r);
    if (!is_stdin)
        fclose(file);
    return status;
}
