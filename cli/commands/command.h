// SPDX-License-Identifier: GPL-3.0-or-later
/** The subcommands, and the texts about them that help, manual page and completion are made of. */
#ifndef ORDPAR_CLI_COMMAND_H
#define ORDPAR_CLI_COMMAND_H

#include "cli/options/options.h"

extern const command commands[];
extern const size_t command_count;
extern const char about_program[], about_options[], about_exit_status[];

/** The command of that name; NULL: there is none. */
const command *command_find(const char *name);

ordpar_status command_curve(const options *parsed, ordpar_error *err);
ordpar_status command_simulate(const options *parsed, ordpar_error *err);
ordpar_status command_compare(const options *parsed, ordpar_error *err);
ordpar_status command_closed_form(const options *parsed, ordpar_error *err);
ordpar_status command_report(const options *parsed, ordpar_error *err);
ordpar_status command_spectrum(const options *parsed, ordpar_error *err);
ordpar_status command_figure(const options *parsed, ordpar_error *err);
ordpar_status command_precision(const options *parsed, ordpar_error *err);
ordpar_status command_plot(const options *parsed, ordpar_error *err);
ordpar_status command_optimize(const options *parsed, ordpar_error *err);
ordpar_status command_sweep(const options *parsed, ordpar_error *err);

/** Where a sweep has its journal: the setting checkpoint, or OUTPUT.part; NULL: none. The caller
 * frees it. */
char *command_sweep_journal(const options *parsed);

/** Says on standard error that a run from given overlaps begins at alpha = 0, where it looks as if
 * it were to go on: the likeliest mistake whose numbers look right. */
void command_warn_of_restart(const options *parsed, const ordpar_model *model);

/** Prints the manual page, in the language of man(7). */
void manual_print(FILE *file);

/** Prints a completion script for bash, zsh or fish; false for another shell. */
bool completion_print(FILE *file, const char *shell);

#endif
