// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

#include "number.h"
#include "version.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void table_init(table *t) {
    *t = (table){0};
}

void table_clear(table *t) {
    free(t->columns);
    free(t->cells);
    for (size_t k = 0; t->texts && k < t->n_rows * t->n_columns; k++)
        free(t->texts[k]);
    free(t->texts);
    for (size_t k = 0; k < t->n_notes; k++)
        free(t->notes[k]);
    free(t->notes);
    table_init(t);
}

void table_column(table *t, const char *format, ...) {
    void *grown = realloc(t->columns, (t->n_columns + 1) * sizeof *t->columns);
    if (!grown) {
        t->failed = true;
        return;
    }
    t->columns = grown;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(t->columns[t->n_columns++], sizeof *t->columns, format, arguments);
    va_end(arguments);
}

/* Room for the texts of all rows that there is room for. */
static bool reserve_texts(table *t, size_t old_capacity) {
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

void table_set_text(table *t, size_t row, size_t column, const char *text) {
    if (!t->texts && !reserve_texts(t, 0))
        return;
    const size_t cell = row * t->n_columns + column;
    free(t->texts[cell]);
    t->texts[cell] = strdup(text);
    t->failed = t->failed || !t->texts[cell];
    t->cells[cell] = strtod(text, NULL);
}

double *table_row(table *t) {
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

static void add_note(table *t, char *note) {
    char **grown = note ? realloc(t->notes, (t->n_notes + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(note);
        t->failed = true;
        return;
    }
    for (char *c = note; *c; c++)
        if (iscntrl((unsigned char)*c))
            *c = '?';
    t->notes = grown;
    t->notes[t->n_notes++] = note;
}

void table_note(table *t, const char *key, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    const size_t prefix = strlen(key) + 2, size = prefix + (size_t)length + 1;
    char *note = malloc(size);
    if (note) {
        snprintf(note, size, "%s: ", key);
        va_start(arguments, format);
        vsnprintf(note + prefix, size - prefix, format, arguments);
        va_end(arguments);
    }
    add_note(t, note);
}

char *table_command_line(int argc, char **argv) {
    size_t size = 1;
    for (int k = 0; k < argc; k++)
        size += 4 * strlen(argv[k]) + 3;
    char *line = malloc(size), *end = line;
    if (!line)
        return NULL;
    for (int k = 0; k < argc; k++) {
        const char *word = k == 0 ? "ordpar" : argv[k];
        const bool plain = *word && !word[strcspn(word, " \t\n'\"\\$&;|<>*?()[]{}!#~`")];
        end += sprintf(end, "%s%s", k ? " " : "", plain ? "" : "'");
        for (; *word; word++)
            end += sprintf(end, *word == '\'' ? "'\\''" : "%c", *word);
        end += sprintf(end, "%s", plain ? "" : "'");
    }
    return line;
}

void table_standard_notes(table *t, const options *parsed) {
    char *line = table_command_line(parsed->argc, parsed->argv);
    table_note(t, "ordpar", "%s", ORDPAR_VERSION);
    table_note(t, "command", "%s", line ? line : "");
    t->failed = t->failed || !line;
    free(line);
    char libraries[256];
    version_libraries(libraries, sizeof libraries);
    table_note(t, "libraries", "%s", libraries);
}

static void write_csv_cell(const table *t, size_t cell, char end, FILE *file) {
    if (t->texts && t->texts[cell])
        fprintf(file, "%s%c", t->texts[cell], end);
    else
        fprintf(file, "%.17g%c", t->cells[cell], end);
}

static void write_csv(const table *t, FILE *file) {
    for (size_t k = 0; k < t->n_notes; k++)
        fprintf(file, "# %s\n", t->notes[k]);
    for (size_t c = 0; c < t->n_columns; c++)
        fprintf(file, "%s%s", c ? "," : "", t->columns[c]);
    fputc('\n', file);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++)
            write_csv_cell(t, r * t->n_columns + c, c + 1 < t->n_columns ? ',' : '\n', file);
}

static void write_json_string(const char *text, size_t length, FILE *file) {
    fputc('"', file);
    for (size_t k = 0; k < length; k++) {
        if (text[k] == '"' || text[k] == '\\')
            fputc('\\', file);
        fputc(text[k], file);
    }
    fputc('"', file);
}

/* A note that is a number is one in JSON too. */
static void write_json_value(const char *text, FILE *file) {
    int64_t number;
    if (ordpar_parse_integer(text, &number))
        fprintf(file, "%lld", (long long)number);
    else
        write_json_string(text, strlen(text), file);
}

/* A number in JSON's sense: digits, perhaps a fraction, perhaps an exponent. */
static bool is_json_number(const char *text) {
    static const char digits[] = "0123456789";
    text += *text == '-';
    size_t width = strspn(text, digits);
    if (width == 0 || (width > 1 && *text == '0'))
        return false;
    text += width;
    if (*text == '.') {
        width = strspn(text + 1, digits);
        text += width > 0 ? width + 1 : 0;
    }
    if (*text == 'e' || *text == 'E') {
        const size_t sign = text[1] == '+' || text[1] == '-';
        width = strspn(text + 1 + sign, digits);
        text += width > 0 ? 1 + sign + width : 0;
    }
    return !*text;
}

/* JSON has no word for what is not finite. */
static void write_json_cell(const table *t, size_t cell, FILE *file) {
    const double value = t->cells[cell];
    const char *text = t->texts ? t->texts[cell] : NULL;
    if (text && is_json_number(text))
        fputs(text, file);
    else if (text)
        write_json_string(text, strlen(text), file);
    else if (isfinite(value))
        fprintf(file, "%.17g", value);
    else
        fputs("null", file);
}

static void write_json(const table *t, FILE *file) {
    fputs("{\n", file);
    for (size_t k = 0; k < t->n_notes; k++) {
        const char *note = t->notes[k];
        const size_t key = strcspn(note, ":");
        fputs("  ", file);
        write_json_string(note, key, file);
        fputs(": ", file);
        write_json_value(note + key + 2, file);
        fputs(",\n", file);
    }
    fputs("  \"columns\": [", file);
    for (size_t c = 0; c < t->n_columns; c++) {
        fputs(c ? ", " : "", file);
        write_json_string(t->columns[c], strlen(t->columns[c]), file);
    }
    fputs("],\n  \"rows\": [", file);
    for (size_t r = 0; r < t->n_rows; r++) {
        fputs(r ? ",\n    [" : "\n    [", file);
        for (size_t c = 0; c < t->n_columns; c++) {
            fputs(c ? ", " : "", file);
            write_json_cell(t, r * t->n_columns + c, file);
        }
        fputc(']', file);
    }
    fputs("\n  ]\n}\n", file);
}

void table_write(const table *t, output_format format, FILE *file) {
    if (format == FORMAT_JSON)
        write_json(t, file);
    else
        write_csv(t, file);
}
