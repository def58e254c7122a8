// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Files written whole or not at all. All outputs of a command are gathered in memory. A commit
 * writes them to temporary files beside their targets, then to standard output and devices, and
 * last puts the files in place: a failure before that leaves nothing, and one while the files are
 * put in place brings back those that they had replaced.
 */
#ifndef ORDPAR_CLI_OUTPUT_H
#define ORDPAR_CLI_OUTPUT_H

#include "options.h"

#include <stdbool.h>
#include <stdio.h>

enum { OUTPUT_MAX = 16 };

typedef struct {
    FILE *file; /* writes to text */
    char *text;
    size_t size, capacity;
    char *path;      /* NULL: standard output; symbolic links resolved */
    char *temporary; /* what was written and is not in place yet */
    char *previous;  /* where the file that was replaced is, until all outputs are in place */
    bool placed;
} output_target;

typedef struct {
    output_target targets[OUTPUT_MAX];
    size_t count;
    int lost; /* what a commit returns though it was done: EXIT_DONE, unless an output was lost */
} output_set;

/**
 * Checks that path (NULL or "-": standard output) can be written, before a long computation.
 * Returns -1, or EXIT_USAGE after one line on standard error.
 */
int output_check(const options *parsed, const char *option, const char *path);

/** Opens an output; NULL after one line on standard error, also if another output goes there. */
FILE *output_open(output_set *set, const options *parsed, const char *path);

/**
 * Writes all outputs, checks every write and puts the files in place. Returns EXIT_DONE, or, after
 * one line on standard error, EXIT_USAGE or (interrupted before the files were put in place, and
 * without --keep-partial) EXIT_INTERRUPTED. The set is empty afterwards.
 */
int output_commit(output_set *set, const options *parsed);

/** Drops the output that was opened last; the others go on, and their commit returns code. */
void output_lose_last(output_set *set, int code);

/** Drops everything; nothing was written. */
void output_abandon(output_set *set);

#endif
