// SPDX-License-Identifier: GPL-3.0-or-later
/* What the readers of both forms of a table share. */
#ifndef ORDPAR_CSV_INTERNAL_H
#define ORDPAR_CSV_INTERNAL_H

#include "base/csv.h"

enum { ORDPAR_CSV_LINE_SIZE = 32 * ORDPAR_CSV_MAX_FIELDS };

/* A file being read. */
typedef struct {
    ordpar_csv_row row;
    bool any_header;
    ordpar_csv_note note; /* NULL: comments are skipped */
    const char *bare; /* the only column's name where a file of numbers needs no header, or NULL */
    bool one_line;    /* .. whose numbers may be one line */
    bool has_line;    /* they are */
    bool has_header;
    size_t places[ORDPAR_CSV_MAX_EXPECTED]; /* of columns that were given */
    size_t width;                           /* columns of the file */
    size_t named; /* columns up to the last that has a name: those behind may lack in a row */
    bool own;     /* the program wrote it, as a comment says: its last line has an end */
    size_t n_rows;
    const char *names[ORDPAR_CSV_MAX_FIELDS]; /* of a header that was not given, in header_text */
    char header_text[ORDPAR_CSV_LINE_SIZE];
    char line[ORDPAR_CSV_LINE_SIZE];
} ordpar_csv_reader;

/* Without blanks around, in place. */
char *ordpar_csv_trimmed(char *text);

/* What ordpar_csv_split returns of a quoted field that does not end as one. */
#define ORDPAR_CSV_BAD_QUOTES SIZE_MAX

/* Splits line in place; returns the number of fields, which may exceed what fields can hold. */
size_t ordpar_csv_split(char *line, const char *fields[ORDPAR_CSV_MAX_FIELDS]);

/* How many fields there are up to the last that is not empty. */
size_t ordpar_csv_filled(const char *const *fields, size_t count);

/* How many numbers line has, with commas or blanks between, in place; 0: something else is there.
 */
size_t ordpar_csv_split_numbers(char *line, const char *fields[ORDPAR_CSV_MAX_FIELDS]);

/* Takes the count names as the header. */
ordpar_status ordpar_csv_take_header(ordpar_csv_reader *r, size_t count, ordpar_error *err);

/* Puts the fields of a row where the columns that were given are. */
void ordpar_csv_arrange(ordpar_csv_reader *r);

/* Refuses a row of other than the header's number of fields. */
ordpar_status ordpar_csv_count_fail(const ordpar_csv_reader *r, size_t count, ordpar_error *err);

/* The whole table that file has as JSON, behind so many line ends. */
ordpar_status ordpar_csv_read_json(FILE *file, size_t lines, ordpar_csv_reader *r,
                                   ordpar_csv_visit visit, void *context, ordpar_error *err);

#endif
