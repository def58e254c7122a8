// SPDX-License-Identifier: GPL-3.0-or-later
/** The common beginning and end of writing a command's outputs. */
#ifndef ORDPAR_CLI_RESULT_H
#define ORDPAR_CLI_RESULT_H

#include "output.h"
#include "table.h"

/**
 * A stream for an output that shows this table or its notes; NULL after one line, also where the
 * table has lost something to a lack of memory; *code is the exit code then.
 */
FILE *result_open(output_set *set, const options *parsed, const char *path, const table *t,
                  int *code);

/** Adds the table to the outputs of the command. Returns -1 or an exit code, after one line. */
int result_begin(output_set *set, const options *parsed, const table *t);

/** Commits the outputs if result is -1, drops them otherwise. Returns the exit code. */
int result_end(output_set *set, const options *parsed, int result);

#endif
