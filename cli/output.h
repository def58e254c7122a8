// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Files written whole or not at all. All outputs of a command are staged as temporary files beside
 * their targets and put in place together, after standard output was written without an error.
 */
#ifndef ORDPAR_CLI_OUTPUT_H
#define ORDPAR_CLI_OUTPUT_H

#include "options.h"

#include <stdbool.h>
#include <stdio.h>

enum { OUTPUT_MAX = 16 };

typedef struct {
    FILE *file;
    const char *path; /* NULL: standard output */
    char *temporary;  /* NULL: written in place (a device, a pipe, standard output) */
} output_target;

typedef struct {
    output_target targets[OUTPUT_MAX];
    size_t count;
} output_set;

/**
 * Checks that path (NULL: standard output) can be written, before a long computation. Returns -1,
 * or EXIT_USAGE after one line on standard error.
 */
int output_check(const options *parsed, const char *option, const char *path);

/** Opens a staged output; NULL after one line on standard error. */
FILE *output_open(output_set *set, const options *parsed, const char *path);

/**
 * The temporary file of the output opened last, for a program that writes it by name; NULL where
 * the output is written in place.
 */
const char *output_temporary(const output_set *set);

/**
 * Closes all outputs, checks every write and puts the files in place. Returns EXIT_DONE, or
 * EXIT_USAGE after one line on standard error, with nothing in place.
 */
int output_commit(output_set *set, const options *parsed);

/** Closes and removes what was staged. */
void output_abandon(output_set *set);

#endif
