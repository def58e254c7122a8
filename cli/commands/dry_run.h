// SPDX-License-Identifier: GPL-3.0-or-later
/** --dry-run: what a command would do, and how long it would take. */
#ifndef ORDPAR_CLI_DRY_RUN_H
#define ORDPAR_CLI_DRY_RUN_H

#include "cli/options/options.h"

/**
 * Checks the model and the files to be written, runs the command for at most some seconds without
 * writing anything, and prints settings, model, memory and the time that the whole run is to take.
 * Errors: those of the command.
 */
ordpar_status dry_run(options *parsed, ordpar_error *err);

#endif
