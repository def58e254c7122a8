// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Reading the small tables that the program takes: CSV with comment lines (#), one header line that
 * must match, then rows of a fixed number of fields, which may stand in double quotes (two for one
 * within), or the JSON that the program writes, {"columns": [..], "rows": [[..], ..]}, whose cells
 * are seen as the fields of CSV. Spreadsheets may have filled lines with commas, or quoted notes:
 * rows may have empty fields behind the last column, and less behind the last that has a name.
 * Separators are commas, decimals have points, lines end with a line feed, whatever the locale; a
 * file that has it otherwise is refused by that name.
 */
#ifndef ORDPAR_CSV_H
#define ORDPAR_CSV_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The fuzz targets set fewer, so that their small files reach the limits. */
#ifndef ORDPAR_CSV_FIELDS
#define ORDPAR_CSV_FIELDS 65536
#endif
enum { ORDPAR_CSV_MAX_FIELDS = ORDPAR_CSV_FIELDS, ORDPAR_CSV_MAX_EXPECTED = 16 };

typedef struct {
    const char *path; /**< file name, for messages */
    bool json;
    size_t line; /**< counted from 1; of JSON the row */
    size_t n_columns;
    const char *const *columns; /**< [n_columns] the header's names */
    const size_t *places;       /**< [n_columns] where the file has them; NULL: in this order */
    bool bare;                  /**< one number a line, and no header was there */
    const char *fields[ORDPAR_CSV_MAX_FIELDS]; /**< without surrounding blanks */
} ordpar_csv_row;

/** Called for each row; the fields live until it returns. */
typedef ordpar_status (*ordpar_csv_visit)(const ordpar_csv_row *row, void *context,
                                          ordpar_error *err);

/**
 * Reads path ("-": standard input) and calls visit for each row in order.
 * columns: the expected header, n_columns <= ORDPAR_CSV_MAX_EXPECTED names, which may stand in any
 * order, with the numbers of rows in a column without a name (or pandas' "Unnamed: 0") among them;
 * NULL to take any header, which the rows then show.
 * Errors: IO (cannot be read), PARSE (header, number of fields, no rows; with line and column), and
 * whatever visit returns.
 */
ordpar_status ordpar_csv_read(const char *path, const char *const *columns, size_t n_columns,
                              ordpar_csv_visit visit, void *context, ordpar_error *err);

/**
 * The same for a table with any header, or without one if its first line is a single number: then
 * its only column is called `column`. one_line: the numbers may also stand in the only line, with
 * commas or blanks between, and are given as rows.
 */
ordpar_status ordpar_csv_read_bare(const char *path, const char *column, bool one_line,
                                   ordpar_csv_visit visit, void *context, ordpar_error *err);

/**
 * Whether the first of numbers that stand one a line may be the name of their column: pandas calls
 * one without a name 0, and the fourth of several 3, and writes its numbers with points. Starts
 * as {0}.
 */
typedef struct {
    size_t count;
    double first, second, last;
    bool whole, others_whole; /**< the first, or another, has neither point nor exponent */
    bool rises, falls;        /**< the others do, or stay */
} ordpar_csv_heading;

/** Tells h of a row and its number; those of files with a header do not count. */
void ordpar_csv_heading_take(ordpar_csv_heading *h, const ordpar_csv_row *row, double value);

/** The first alone is written as a whole number. */
bool ordpar_csv_heading_possible(const ordpar_csv_heading *h);

/** .. and is 0, or does not stand where the order of the others has it. */
bool ordpar_csv_heading_likely(const ordpar_csv_heading *h);

/** Called for each comment line, without its # and the blanks around; of JSON for each text, number
 * and object in front of the table, as "key: value". */
typedef void (*ordpar_csv_note)(const char *text, void *context);

/** The same for an open stream, path in messages, with any header; comments go to note. */
ordpar_status ordpar_csv_read_stream(FILE *file, const char *path, ordpar_csv_note note,
                                     ordpar_csv_visit visit, void *context, ordpar_error *err);

/** True for the name of a column of the numbers of rows: none, or what pandas calls such a column
 * that it has read, and read again ("Unnamed: 0.1"). */
bool ordpar_csv_is_of_rows(const char *name);

/** A message that names file, line, column and the field, with a reason. Returns ORDPAR_PARSE. */
ordpar_status ordpar_csv_fail(const ordpar_csv_row *row, size_t column, const char *reason,
                              ordpar_error *err);

/** Parses a whole field as a finite number. Errors: PARSE. */
ordpar_status ordpar_csv_double(const ordpar_csv_row *row, size_t column, double *value,
                                ordpar_error *err);

/** Parses a whole field as an integer in [low, high]. Errors: PARSE. */
ordpar_status ordpar_csv_integer(const ordpar_csv_row *row, size_t column, int64_t low,
                                 int64_t high, int64_t *value, ordpar_error *err);

#endif
