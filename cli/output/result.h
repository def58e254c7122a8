// SPDX-License-Identifier: GPL-3.0-or-later
/** From a table to a command's outputs. */
#ifndef ORDPAR_CLI_RESULT_H
#define ORDPAR_CLI_RESULT_H

#include "cli/options/options.h"
#include "cli/output/output.h"
#include "model/table.h"

/** A command line with quotes around the words that a shell would split or expand, and ordpar for
 * argv[0]. The caller frees it; NULL if out of memory. */
char *result_command_line(int argc, char **argv);

/**
 * Checks, before a long computation, that all files of the command can be written and that no two
 * are one: output, picture, overlaps, and checkpoint (NULL: none). Errors: IO, INVALID.
 */
ordpar_status result_check(const options *parsed, const char *checkpoint, ordpar_error *err);

/**
 * Puts the notes that every output has before the facts of t: version, command line, libraries, and
 * the settings line.
 */
ordpar_status result_begin(const options *parsed, ordpar_table *t, ordpar_error *err);

/** Adds the table to the outputs, at `path`: facts (# lines), header and rows as CSV, or all as
 * JSON; MEMORY where the table has lost something. */
ordpar_status result_stage(output_set *set, const ordpar_table *t, output_format format,
                           const char *path, ordpar_error *err);

/** Commits the outputs if status is OK, drops them otherwise. Returns the status of both; of
 * several losses all but the last have their line. */
ordpar_status result_end(const options *parsed, output_set *set, ordpar_status status,
                         ordpar_error *err);

/**
 * The status, with its message in err, of a command whose computation ended with status and err,
 * and whose outputs with written and reason: one of several that was not written leaves the status
 * to a computation that has one. The other failure has a line of its own. A checkpoint that was not
 * written is such an output, NUMERICAL for IO.
 */
ordpar_status result_conclude(const options *parsed, ordpar_status status, ordpar_status written,
                              const ordpar_error *reason, ordpar_error *err);

/**
 * Reads a file of this program, CSV or JSON ("-": standard input), or any CSV with a header: notes
 * become facts, also that of the settings. Cells of words are kept as texts, NAN their numbers.
 * Errors: IO, PARSE, MEMORY.
 */
ordpar_status result_read(ordpar_table *t, const char *path, ordpar_error *err);

/**
 * Of a file of several curves from which the rows of one were picked, below the notes of all or of
 * another: gives the settings note that curve's values, as its columns have them, of what was swept
 * or is another one there, and takes the note swept away. Leaves all others as they are. Errors:
 * MEMORY.
 */
ordpar_status result_pick(ordpar_table *t, ordpar_error *err);

/** True for a sweep's column of words: its status, or a setting that is no number. */
bool result_is_text(const char *column);

/** True if two cells, by their places in the table, hold the same. */
bool result_same_cell(const ordpar_table *t, size_t a, size_t b);

/** True if not all rows hold the same in a column. */
bool result_varies(const ordpar_table *t, size_t column);

/** The one value that all rows have in a column, in number or words of the table; NULL: there are
 * several, or it is no finite number. */
const char *result_one_value(const ordpar_table *t, size_t column, char number[32]);

/** How many different values a column has; most + 1: there are more. most <= RESULT_MOST_VALUES. */
enum { RESULT_MOST_VALUES = 255 };
size_t result_count_values(const ordpar_table *t, size_t column, size_t most);

/** True for the table of a sweep that has a row for each point, wherever its column point stands.
 */
bool result_is_sweep(const ordpar_table *t);

/** True if words stand, or in a sweep will stand, in the column. */
bool result_has_words(const ordpar_table *t, size_t column);

/** Refuses a column in which words stand, or, with finite, anything that is no finite number.
 * Errors: PARSE. */
ordpar_status result_numbers(const ordpar_table *t, const char *path, size_t column, bool finite,
                             ordpar_error *err);

#endif
