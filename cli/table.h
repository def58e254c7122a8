// SPDX-License-Identifier: GPL-3.0-or-later
/** A result as a person gets it: notes (key: value), named columns, rows of numbers. */
#ifndef ORDPAR_CLI_TABLE_H
#define ORDPAR_CLI_TABLE_H

#include "options.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
    size_t n_columns, n_rows;
    char (*columns)[32];
    double *cells; /* [n_rows][n_columns] */
    char **texts;  /* [n_rows][n_columns] what to write instead of %.17g, or NULL; NULL: none */
    size_t capacity;
    char **notes; /* "key: value" */
    size_t n_notes;
    bool failed; /* an allocation failed; table_write then refuses */
} table;

void table_init(table *t);
void table_clear(table *t);

/** Adds a column; only before the first row. */
void table_column(table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Adds a row and returns its n_columns cells, zeroed, or NULL if out of memory. */
double *table_row(table *t);

/**
 * Sets a cell from text, which is what will be written: a decimal number, whatever its number of
 * digits, or words (without commas).
 */
void table_set_text(table *t, size_t row, size_t column, const char *text);

/** Adds a note. Control characters become '?'. */
void table_note(table *t, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * A command line with quotes around the words that a shell would split or expand, and ordpar for
 * argv[0]. The caller frees it; NULL if out of memory.
 */
char *table_command_line(int argc, char **argv);

/** Adds the notes that every output has: version, command line, libraries. */
void table_standard_notes(table *t, const options *parsed);

/** Writes it all as CSV (notes as # lines) or JSON. */
void table_write(const table *t, output_format format, FILE *file);

/** Reads a CSV file of numbers with any header into an initialised table; comments are dropped. */
ordpar_status table_read(table *t, const char *path, ordpar_error *err);

/** Finds a column by name. */
bool table_find_column(const table *t, const char *name, size_t *column);

#endif
