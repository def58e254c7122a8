// SPDX-License-Identifier: GPL-3.0-or-later
/** The subcommands, and the texts about them that help, manual page and completion are made of. */
#ifndef ORDPAR_CLI_COMMAND_H
#define ORDPAR_CLI_COMMAND_H

#include "options.h"

typedef struct {
    const char *name;
    int (*run)(const options *); /* returns an exit code */
    unsigned groups;
    const char *arguments; /* positional arguments, for the usage line */
    size_t max_arguments;
    const char *summary;
    const char *example;
    const char *words; /* what the first argument may be, separated by |; NULL: a file, if any */
} command;

extern const command commands[];
extern const size_t command_count;
extern const char about_program[], about_exit_status[];

int command_curve(const options *parsed);
int command_simulate(const options *parsed);
int command_compare(const options *parsed);
int command_closed_form(const options *parsed);
int command_report(const options *parsed);
int command_spectrum(const options *parsed);
int command_figure(const options *parsed);
int command_precision(const options *parsed);
int command_plot(const options *parsed);
int command_sweep(const options *parsed);

/** Prints the manual page, in the language of man(7). */
void manual_print(FILE *file);

/** Prints a completion script for bash, zsh or fish; false for another shell. */
bool completion_print(FILE *file, const char *shell);

#endif
