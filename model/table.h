// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a computation finds: named columns, rows of numbers or texts, and facts (key, value, text)
 * beside them: floors, windows, limits, what the model is. The command line prints facts as notes,
 * JSON has them as fields, Python keeps them on the result. Internal to the project; programs use
 * the accessors of model.h.
 */
#ifndef ORDPAR_TABLE_H
#define ORDPAR_TABLE_H

#include "base/status.h"
#include "model/model.h"
#include "spectra/forms/linear_continuum.h"

#include <stdbool.h>
#include <stddef.h>

enum { ORDPAR_COLUMN_SIZE = 40 };

typedef struct {
    char *key, *text;
    double value; /* NAN where the fact is no number */
} ordpar_fact;

/** Who is shown a table that has its columns and no rows yet, and may refuse it. */
typedef struct {
    ordpar_status (*see)(const ordpar_table *t, const void *context, ordpar_error *err);
    const void *context;
} ordpar_table_watch;

struct ordpar_table {
    size_t n_columns, n_rows;
    char (*columns)[ORDPAR_COLUMN_SIZE];
    double *cells; /* [n_rows][n_columns] */
    char **texts;  /* [n_rows][n_columns] what to write instead of %.17g, or NULL; NULL: none */
    size_t capacity;
    ordpar_fact *facts; /* [n_facts] */
    size_t n_facts;
    char title[200]; /* of a picture: what the model is, in gnuplot's enhanced text */
    bool has_window; /* the power law that is predicted, for a guide in the picture */
    ordpar_scaling_window window;
    bool draws; /* a picture is wanted: a curve may be computed on a finer grid than the rows, .. */
    size_t n_line;            /* 0: it is not there */
    double *line;             /* [2][n_line] .. here: alpha and eps_g */
    bool failed;              /* an allocation failed; see ordpar_table_check */
    ordpar_table_watch watch; /* see NULL: nobody */
};

/** Takes the fact of that key away, if there is one. */
void ordpar_table_drop_fact(ordpar_table *t, const char *key);

/** *t is zeroed before; clear leaves it so. */
void ordpar_table_clear(ordpar_table *t);

/** Adds a column; only before the first row. */
void ordpar_table_column(ordpar_table *t, const char *format, ...) ORDPAR_PRINTF(2, 3);

/** Adds columns from names with commas, "Q,R,eps_g". */
void ordpar_table_columns(ordpar_table *t, const char *names);

/** Shows the table to its watch: the columns are known, and the work begins. */
ordpar_status ordpar_table_begun(const ordpar_table *t, ordpar_error *err);

/** Adds a row and returns its n_columns cells, zeroed, or NULL if out of memory. */
double *ordpar_table_row(ordpar_table *t);

/** Sets a cell from text, which is what will be written: a decimal number or words without commas.
 */
void ordpar_table_set_text(ordpar_table *t, size_t row, size_t column, const char *text);

/** Makes a cell one that holds nothing: NAN, empty in CSV and null in JSON. */
void ordpar_table_set_missing(ordpar_table *t, size_t row, size_t column);

/** Notes, as the fact `partial`, that a computation ended with a failure after rows of count rows;
 * nothing if there are all. */
void ordpar_table_partial(ordpar_table *t, ordpar_status status, size_t rows, size_t count);

/** Adds a fact in words. Control characters become '?'. To NULL: nothing. */
void ordpar_table_note(ordpar_table *t, const char *key, const char *format, ...)
    ORDPAR_PRINTF(3, 4);

/** Adds a fact that is a number, with the words for it. */
void ordpar_table_fact(ordpar_table *t, const char *key, double value, const char *format, ...)
    ORDPAR_PRINTF(4, 5);

/** The fact of that key; NULL: there is none. */
const ordpar_fact *ordpar_table_find_fact(const ordpar_table *t, const char *key);

/** Finds a column by name. */
bool ordpar_table_find_column(const ordpar_table *t, const char *name, size_t *column);

/** MEMORY if something was lost, else OK: to be called before a table is shown. */
ordpar_status ordpar_table_check(const ordpar_table *t, ordpar_error *err);

#endif
