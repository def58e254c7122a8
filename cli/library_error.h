// SPDX-License-Identifier: GPL-3.0-or-later
/** What the library reports, and what it would need, as one line on standard error. */
#ifndef ORDPAR_CLI_LIBRARY_ERROR_H
#define ORDPAR_CLI_LIBRARY_ERROR_H

#include "options.h"
#include "status.h"

/** Exit code for a status of the library. */
int exit_code(ordpar_status status);

/** Prints the library's message (after an option's name, if not NULL) and returns the exit code. */
int library_error(const options *parsed, const char *option, ordpar_status status,
                  const ordpar_error *err);

/** Refuses a computation that needs more memory than the machine has. Returns -1 or EXIT_USAGE. */
int refuse_memory(const options *parsed, size_t L, double bytes);

#endif
