// SPDX-License-Identifier: GPL-3.0-or-later
/** What simulate and compare share: an ensemble from options. */
#ifndef ORDPAR_CLI_ENSEMBLE_OPTIONS_H
#define ORDPAR_CLI_ENSEMBLE_OPTIONS_H

#include "ensemble.h"
#include "model.h"

typedef struct {
    model m;
    ordpar_simulation simulation; /* refers to m */
    size_t runs, count;           /* count: rows of the grid */
    double *alpha;                /* [count] */
    double *eps_g;                /* [count][runs] */
    size_t rows;                  /* complete ones */
    bool interrupted;             /* after them */
} ensemble;

/**
 * Model, grid and memory; integrates: whether equations are integrated too. Returns -1 or an exit
 * code after one line on standard error. The caller clears *e in every case.
 */
int ensemble_create(const options *parsed, bool integrates, ensemble *e);
void ensemble_clear(ensemble *e);

/**
 * Makes the runs. Returns -1 with e->rows complete rows: all, or with --keep-partial those before
 * an interruption. Else an exit code after one line on standard error.
 */
int ensemble_run(const options *parsed, ensemble *e);

/** The exit code of a command whose outputs were written, after one line if it was interrupted. */
int ensemble_exit(const options *parsed, const ensemble *e);

/** Adds the notes that say what was simulated. */
void ensemble_notes(table *t, const options *parsed, const ensemble *e);

/** A picture's title for this model. */
void ensemble_title(const ensemble *e, char *title, size_t size);

#endif
