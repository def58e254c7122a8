// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv_internal.h"

#include "base/line.h"
#include "base/number.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef ordpar_csv_reader reader;

enum { PLACE_SIZE = 32 };

/* Where in the file a row is, of which JSON has no lines. */
static const char *place(const ordpar_csv_row *row, char text[PLACE_SIZE]) {
    if (row->json && row->line == 0)
        return "\"columns\"";
    ordpar_format(text, PLACE_SIZE, "%s %zu", row->json ? "row" : "line", row->line);
    return text;
}

ordpar_status ordpar_csv_fail(const ordpar_csv_row *row, size_t column, const char *reason,
                              ordpar_error *err) {
    char text[PLACE_SIZE];
    const size_t there = row->places ? row->places[column] : column;
    return ordpar_fail(err, ORDPAR_PARSE, "%s: %s, column %zu (%s): %s, got '%.60s'", row->path,
                       place(row, text), there + 1, row->columns[column], reason,
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
        ordpar_format(reason, sizeof reason, "must be a whole number from %lld to %lld",
                      (long long)low, (long long)high);
        return ordpar_csv_fail(row, column, reason, err);
    }
    *value = parsed;
    return ORDPAR_OK;
}

bool ordpar_csv_is_of_rows(const char *name) {
    static const char unnamed[] = "Unnamed: 0";
    return !*name || strncmp(name, unnamed, sizeof unnamed - 1) == 0;
}

/* False if the file has not each of the given columns once and, beside numbers of rows, no other.
 */
static bool find_places(reader *r, size_t count) {
    const ordpar_csv_row *row = &r->row;
    size_t found = 0;
    bool known = row->n_columns <= ORDPAR_CSV_MAX_EXPECTED;
    for (size_t k = 0; k < count && known; k++) {
        size_t c = 0;
        if (ordpar_csv_is_of_rows(r->names[k]))
            continue;
        while (c < row->n_columns && strcmp(row->columns[c], r->names[k]) != 0)
            c++;
        known = c < row->n_columns;
        for (size_t before = 0; before < k; before++)
            known = known && strcmp(r->names[before], r->names[k]) != 0;
        if (known)
            r->places[c] = k;
        found += known;
    }
    return known && found == row->n_columns;
}

void ordpar_csv_arrange(reader *r) {
    const char *taken[ORDPAR_CSV_MAX_EXPECTED];
    if (!r->row.places)
        return;
    for (size_t c = 0; c < r->row.n_columns; c++)
        taken[c] = r->row.fields[r->places[c]];
    memcpy(r->row.fields, taken, r->row.n_columns * sizeof *taken);
}

static ordpar_status check_header(const ordpar_csv_row *row, size_t n_fields, ordpar_error *err) {
    char text[PLACE_SIZE];
    for (size_t c = 0; c < row->n_columns; c++) {
        if (c < n_fields && strcmp(row->fields[c], row->columns[c]) == 0)
            continue;
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: %s: the header's column %zu must be '%s', got '%.60s'", row->path,
                           place(row, text), c + 1, row->columns[c],
                           c < n_fields ? row->fields[c] : "");
    }
    if (n_fields != row->n_columns)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: %s: the header must have %zu columns, got %zu",
                           row->path, place(row, text), row->n_columns, n_fields);
    return ORDPAR_OK;
}

static ordpar_status check_separator(const reader *r, const char *text, ordpar_error *err) {
    const char *separator = ordpar_line_separator(text);
    return separator ? ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: " ORDPAR_SEPARATED,
                                   r->row.path, r->row.line, separator)
                     : ORDPAR_OK;
}

ordpar_status ordpar_csv_count_fail(const reader *r, size_t count, ordpar_error *err) {
    char text[PLACE_SIZE];
    if (count == ORDPAR_CSV_BAD_QUOTES)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: line %zu: a quoted field does not end with a quote and a comma",
                           r->row.path, r->row.line);
    return ordpar_fail(err, ORDPAR_PARSE, "%s: %s: must have %zu columns, got %zu", r->row.path,
                       place(&r->row, text), r->width, count);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of columns, of which one without a name may be there twice. */
static ordpar_status check_names(const ordpar_csv_row *row, ordpar_error *err) {
    char text[PLACE_SIZE];
    const size_t n = row->n_columns;
    const char **sorted = malloc(n * sizeof *sorted);
    ordpar_status status = ORDPAR_OK;
    if (!sorted)
        return ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", row->path);
    memcpy(sorted, row->columns, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_name);
    for (size_t c = 1; c < n && !status; c++)
        if (*sorted[c] && strcmp(sorted[c - 1], sorted[c]) == 0)
            status = ordpar_fail(err, ORDPAR_PARSE, "%s: %s: two columns are called '%.60s'",
                                 row->path, place(row, text), sorted[c]);
    free(sorted);
    return status;
}

ordpar_status ordpar_csv_take_header(reader *r, size_t count, ordpar_error *err) {
    char text[PLACE_SIZE];
    r->has_header = true;
    if (count == ORDPAR_CSV_BAD_QUOTES)
        return ordpar_csv_count_fail(r, count, err);
    if (count > ORDPAR_CSV_MAX_FIELDS)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: %s: more than %d columns", r->row.path,
                           place(&r->row, text), ORDPAR_CSV_MAX_FIELDS);
    r->named = ordpar_csv_filled(r->names, count);
    r->width = r->any_header ? count : r->named;
    if (!r->any_header) {
        if (find_places(r, r->named)) {
            r->row.places = r->places;
            return ORDPAR_OK;
        }
        memcpy(r->row.fields, r->names, sizeof r->names);
        return check_header(&r->row, r->named, err);
    }
    r->row.columns = r->names;
    r->row.n_columns = count;
    return check_names(&r->row, err);
}

/* Whether a row fits the header: spreadsheets fill rows with empty cells, or leave those at the end
 * out. The cells of columns without a name are there then. */
static bool fits(reader *r, size_t count) {
    if (count == ORDPAR_CSV_BAD_QUOTES || count > ORDPAR_CSV_MAX_FIELDS || count < r->named)
        return false;
    for (; count < r->width; count++)
        r->row.fields[count] = "";
    while (count > r->width && !*r->row.fields[count - 1])
        count--;
    return count == r->width;
}

static ordpar_status take_row(reader *r, char *text, ordpar_csv_visit visit, void *context,
                              ordpar_error *err) {
    const bool foreign = strchr(text, ';');
    const ordpar_status separator = foreign ? check_separator(r, text, err) : ORDPAR_OK;
    const size_t n_fields = ordpar_csv_split(text, r->row.fields);
    if (!fits(r, n_fields))
        return separator ? separator : ordpar_csv_count_fail(r, n_fields, err);
    ordpar_csv_arrange(r);
    r->n_rows++;
    return visit(&r->row, context, err);
}

static ordpar_status not_csv(const reader *r, const char *reason, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: %s: not a CSV file", r->row.path,
                       r->row.line, reason);
}

static ordpar_status bad_line(const reader *r, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE,
                       "%s: line %zu: numbers without a header must stand one a line%s",
                       r->row.path, r->row.line, r->one_line ? ", or all in one" : "");
}

/* Numbers without a header: the first line, of so many. */
static ordpar_status take_numbers(reader *r, size_t count, ordpar_csv_visit visit, void *context,
                                  ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    if (count > 1 && !r->one_line)
        return bad_line(r, err);
    r->has_header = true;
    r->has_line = count > 1;
    r->row.bare = count == 1;
    r->named = 1;
    r->row.columns = &r->bare;
    r->row.n_columns = r->width = 1;
    for (size_t k = 0; k < count && !status; k++) {
        r->row.fields[0] = r->names[k];
        r->n_rows++;
        status = visit(&r->row, context, err);
    }
    return status;
}

static ordpar_status visit_line(reader *r, char *text, ordpar_csv_visit visit, void *context,
                                ordpar_error *err) {
    if (r->has_line)
        return bad_line(r, err);
    if (r->has_header)
        return take_row(r, text, visit, context, err);
    if (r->bare) {
        memcpy(r->header_text, text, strlen(text) + 1);
        const size_t numbers = ordpar_csv_split_numbers(r->header_text, r->names);
        if (numbers)
            return take_numbers(r, numbers, visit, context, err);
    }
    const ordpar_status status = check_separator(r, text, err);
    if (status)
        return status;
    memcpy(r->header_text, text, strlen(text) + 1);
    return ordpar_csv_take_header(r, ordpar_csv_split(r->header_text, r->names), err);
}

/* A carriage return within a line, which no line feed follows. */
static ordpar_status check_line_ends(const reader *r, size_t length, ordpar_error *err) {
    const char *found = memchr(r->line, '\r', length);
    if (!found || found + strspn(found, "\r") == r->line + length)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_PARSE, "%s: line %zu: " ORDPAR_LONE_RETURN, r->row.path,
                       r->row.line);
}

/* Reads a line without its end. The bound keeps /dev/zero and binary files from filling the memory.
 * *more is false at the end of the file. */
static ordpar_status read_line(FILE *file, reader *r, bool *more, ordpar_error *err) {
    size_t length = 0;
    ordpar_status status = ORDPAR_OK;
    int c;
    r->row.line++;
    while ((c = getc_unlocked(file)) != EOF && c != '\n' && c != '\0' &&
           length + 1 < ORDPAR_CSV_LINE_SIZE)
        r->line[length++] = (char)c;
    r->line[length] = '\0';
    *more = c != EOF || length > 0;
    if (c == EOF && length > 0 && r->own)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: line %zu: was cut short: the last line does not end", r->row.path,
                           r->row.line);
    if ((status = check_line_ends(r, length, err)) || c == EOF || c == '\n')
        return status;
    return not_csv(r, c ? "too long a line" : "a zero byte", err);
}

static ordpar_status read_lines(FILE *file, reader *r, ordpar_csv_visit visit, void *context,
                                ordpar_error *err) {
    static const char own[] = "# ordpar: ";
    ordpar_status status = ORDPAR_OK;
    for (bool more = true; more && !status;) {
        status = read_line(file, r, &more, err);
        char *text = ordpar_csv_trimmed(r->line);
        ordpar_note_end(text);
        r->own = r->own || strncmp(text, own, sizeof own - 1) == 0;
        if (!status && *text == '#' && r->note)
            r->note(ordpar_csv_trimmed(text + 1), context);
        else if (!status && text[strspn(text, ",")] != '\0' && *text != '#')
            status = visit_line(r, text, visit, context, err);
    }
    if (!status && ferror(file))
        status =
            ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", r->row.path, strerror(errno));
    return status;
}

static ordpar_status read_table(FILE *file, reader *r, ordpar_csv_visit visit, void *context,
                                ordpar_error *err) {
    ordpar_text_begin begin;
    ordpar_error reason;
    ordpar_status status = ordpar_text_enter(file, &begin, &reason);
    if (status)
        return ordpar_fail(err, status, "%s: %s", r->row.path, reason.message);
    r->row.line = begin.lines;
    status = begin.json ? ordpar_csv_read_json(file, begin.lines, r, visit, context, err)
                        : read_lines(file, r, visit, context, err);
    if (!status && r->n_rows == 0)
        status = ordpar_fail(err, ORDPAR_PARSE, "%s: has no rows", r->row.path);
    return status;
}

/* What a reader of a file is told; its line and fields are not in it. */
typedef struct {
    const char *const *columns;
    size_t n_columns;
    const char *bare;
    bool one_line;
    ordpar_csv_note note;
} format;

static ordpar_status read_stream(FILE *file, const char *path, const format *f,
                                 ordpar_csv_visit visit, void *context, ordpar_error *err) {
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory reading %s", path);
    r->row.path = path;
    r->row.columns = f->columns;
    r->row.n_columns = f->n_columns;
    r->any_header = f->columns == NULL;
    r->bare = f->bare;
    r->one_line = f->one_line;
    r->note = f->note;
    const ordpar_status status = read_table(file, r, visit, context, err);
    free(r);
    return status;
}

static ordpar_status read_path(const char *path, const format *f, ordpar_csv_visit visit,
                               void *context, ordpar_error *err) {
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, "standard input", f, visit, context, err);
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    const ordpar_status status = read_stream(file, path, f, visit, context, err);
    fclose(file);
    return status;
}

ordpar_status ordpar_csv_read_stream(FILE *file, const char *path, ordpar_csv_note note,
                                     ordpar_csv_visit visit, void *context, ordpar_error *err) {
    return read_stream(file, path, &(format){.note = note}, visit, context, err);
}

ordpar_status ordpar_csv_read(const char *path, const char *const *columns, size_t n_columns,
                              ordpar_csv_visit visit, void *context, ordpar_error *err) {
    return read_path(path, &(format){.columns = columns, .n_columns = n_columns}, visit, context,
                     err);
}

ordpar_status ordpar_csv_read_bare(const char *path, const char *column, bool one_line,
                                   ordpar_csv_visit visit, void *context, ordpar_error *err) {
    return read_path(path, &(format){.bare = column, .one_line = one_line}, visit, context, err);
}
