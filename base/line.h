// SPDX-License-Identifier: GPL-3.0-or-later
/** Texts that somebody names: how they begin, and lines that may have no end. Internal. */
#ifndef ORDPAR_LINE_H
#define ORDPAR_LINE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/** Said of text that ordpar_line_end returns false for. */
#define ORDPAR_LONE_RETURN "lines end with a carriage return alone; need line feeds"

/** The length of the byte order mark with which spreadsheets and editors begin a text, or 0. */
size_t ordpar_text_mark(const char *text);

typedef struct {
    bool json;    /**< it begins with a brace or a bracket */
    size_t lines; /**< line feeds in front of what it begins with */
} ordpar_text_begin;

/** Goes behind a byte order mark and blank space. Errors: IO, PARSE (UTF-16). */
ordpar_status ordpar_text_enter(FILE *file, ordpar_text_begin *begin, ordpar_error *err);

/** True if text is one of words, which end with NULL, whatever the case. */
bool ordpar_text_is_among(const char *text, const char *const *words);

/**
 * As getline, for text: a zero byte, or more than 64 MiB without a line's end (/dev/zero), ends the
 * reading as the end of the file does. *line is the caller's to free. Returns the length with the
 * line's end, or -1.
 */
ssize_t ordpar_read_line(char **line, size_t *size, FILE *file);

/** Said of the first of these. */
#define ORDPAR_SEPARATED "the columns are separated by %s; need commas, and points in numbers"

/** What spreadsheets write where a comma separates decimals, "semicolons", and what a copied table
 * has, "tabs", in a line of names or numbers; NULL: neither. */
const char *ordpar_line_separator(const char *line);

/** The same of the first line behind notes: *line, or one that is read from file after it. */
const char *ordpar_table_separator(char **line, size_t *size, FILE *file);

/** Undoes what spreadsheets make of a comment: quotes around its cells, and commas at its end, with
 * which they fill all lines of a table. */
void ordpar_note_end(char *line);

/** Cuts the line feed, and carriage returns in front of it, off a line, and ends a comment. False:
 * a carriage return is in what is left. */
bool ordpar_line_end(char *line);

#endif
