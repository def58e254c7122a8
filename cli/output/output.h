// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Files written whole or not at all. All outputs of a command are gathered in memory. A commit
 * writes them to temporary files beside their targets, then to standard output and devices, and
 * last puts the files in place: a failure before that leaves nothing, and one while the files are
 * put in place brings back those that they had replaced. Pictures fail alone.
 */
#ifndef ORDPAR_CLI_OUTPUT_H
#define ORDPAR_CLI_OUTPUT_H

#include "base/text_stream.h"
#include "cli/options/options.h"

#include <stdbool.h>
#include <stdio.h>

enum { OUTPUT_MAX = 16 };

typedef struct {
    ordpar_text_stream stream;
    char *path;         /* NULL: standard output; symbolic links resolved */
    const char *option; /* which setting names it */
    char *temporary;    /* what was written and is not in place yet */
    int held;           /* a descriptor of it; -1: none */
    char *previous;     /* where the file that was replaced is, until all outputs are in place */
    bool placed;
    bool yields; /* a picture, without which the other outputs go on */
} output_target;

typedef struct {
    output_target targets[OUTPUT_MAX];
    size_t count;
    const char *option; /* the setting that names all outputs; NULL: each has its own */
    bool keep;          /* SIGINT came before, and what there is is wanted, drawn, too */
    ordpar_status lost; /* what a commit returns though it was done, with its reason */
    ordpar_error reason;
} output_set;

/** True: a commit writes nothing. */
extern bool output_dry;

/**
 * Checks that path (NULL or "-": standard output) can be written, before a long computation;
 * option: which setting names it. Errors: IO, INVALID.
 */
ordpar_status output_check(const char *option, const char *path, ordpar_error *err);

/** True if both paths lead to one file ("-": standard output). */
bool output_same(const char *a, const char *b);

/** Opens an output, which the setting `option` names; NULL, with a status in *status (IO, MEMORY,
 * INVALID: another output goes there). */
FILE *output_open(output_set *set, const char *option, const char *path, ordpar_status *status,
                  ordpar_error *err);

/**
 * Writes all outputs, checks every write and puts the files in place. What is computed is not lost
 * to a late SIGINT. Errors: IO; what output_lose was told; INTERRUPTED (all is written, unless
 * set->keep). The set is empty afterwards.
 */
ordpar_status output_commit(output_set *set, ordpar_error *err);

/** An output is lost; the others go on, and their commit returns status with this message. */
void output_lose(output_set *set, ordpar_status status, const char *format, ...)
    ORDPAR_PRINTF(3, 4);

/** The output that was opened last is a picture: where it cannot be written, and others can, they
 * are, and the commit returns NUMERICAL with the reason. */
void output_yield_last(output_set *set);

/** Drops the output that was opened last. */
void output_drop_last(output_set *set);

/** Drops everything; nothing was written. */
void output_abandon(output_set *set);

#endif
