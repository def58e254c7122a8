// SPDX-License-Identifier: GPL-3.0-or-later
/** Outputs that would replace what a command reads. */
#ifndef ORDPAR_CLI_OVERWRITE_H
#define ORDPAR_CLI_OVERWRITE_H

#include "cli/options/options.h"

/**
 * Refuses an output, picture or saved state that is one of the files given: arguments, and settings
 * that name files. A saved state may replace the one that --continue goes on from, and --like's
 * file the same run. Errors: INVALID.
 */
ordpar_status overwrite_check(const options *parsed, ordpar_error *err);

/** Checks one input, which `name` reads ("": the command); a saved state may replace the one that
 * it went on from. Errors: INVALID. */
ordpar_status overwrite_check_input(const options *parsed, const char *name, const char *input,
                                    ordpar_error *err);

#endif
