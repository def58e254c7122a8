// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Files written whole or not at all. All outputs of a command are gathered in memory. A commit
 * writes them to temporary files beside their targets, then to standard output and devices, and
 * last puts the files in place. An output that cannot be written takes no other along: a line says
 * so, and which of them are written.
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
    char *name;         /* as it was given; NULL: standard output */
    char *path;         /* where it leads */
    const char *option; /* which setting names it */
    char *temporary;    /* what was written and is not in place yet */
    int held;           /* a descriptor of it; -1: none */
} output_target;

/** What was asked for and is not there. */
typedef struct {
    ordpar_status status;
    ordpar_error reason;
    char *path; /* of the file that is not written, or NULL */
    bool tells; /* which outputs are */
} output_loss;

typedef struct {
    output_target targets[OUTPUT_MAX];
    size_t count;
    const char *option; /* the setting that names all outputs; NULL: each has its own */
    bool keep;          /* SIGINT came before, and what there is is wanted, drawn, too */
    output_loss losses[OUTPUT_MAX + 1];
    size_t n_losses; /* they stay when a commit is done */
    bool lacks_first;
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
 * Writes all outputs, checks every write and puts the files in place; what cannot be is left out
 * and is a loss. What is computed is not lost to a late SIGINT. Returns the status, and the reason
 * in err, of the last loss. Errors: NUMERICAL, or IO where nothing is written; what output_lose was
 * told; INTERRUPTED (all is written, unless set->keep). The set has no outputs afterwards.
 */
ordpar_status output_commit(output_set *set, ordpar_error *err);

/** After a commit: whether the output that was opened first, the table, is written. */
bool output_has_first(const output_set *set);

/** Something is lost; the outputs go on, and their commit returns status with this message. */
void output_lose(output_set *set, ordpar_status status, const char *format, ...)
    ORDPAR_PRINTF(3, 4);

/** Likewise, the output that was opened last. */
void output_lose_last(output_set *set, ordpar_status status, const ordpar_error *reason);

/** Drops everything; nothing was written. */
void output_abandon(output_set *set);

#endif
