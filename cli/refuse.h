// SPDX-License-Identifier: GPL-3.0-or-later
/** The message for an option that getopt_long could not take. */
#ifndef ORDPAR_CLI_REFUSE_H
#define ORDPAR_CLI_REFUSE_H

#include "options.h"

/**
 * One line that says whether argv[optind - 1] lacks a value, takes none, is ambiguous or is not one
 * of the options of these groups. code: what getopt_long returned. Returns EXIT_USAGE.
 */
int refuse_option(const options *parsed, unsigned groups, int code, char **argv);

#endif
