// SPDX-License-Identifier: GPL-3.0-or-later
/** What simulate and compare share: the ensemble of a model. Internal. */
#ifndef ORDPAR_ENSEMBLE_OF_H
#define ORDPAR_ENSEMBLE_OF_H

#include "model/parts.h"
#include "validation/compare/statistics.h"
#include "validation/simulate/ensemble.h"
#include "validation/simulate/labelled_runs.h"

typedef struct {
    ordpar_parts parts;
    ordpar_simulation simulation; /* refers to parts */
    size_t runs, count;           /* count: rows to be made */
    size_t wanted;                /* those of the grid: more than count where theory ends before */
    double *alpha;                /* [count] */
    size_t curves;                /* of a run: 1, and one for each task */
    bool trial;                   /* of the model */
    double *eps_g;                /* [count][curves][runs] */
    size_t rows;                  /* complete ones */
    ordpar_status ended;          /* what came after them, which leaves them; OK: nothing */
    char why[400];                /* in words */
    ordpar_ensemble_unsaved unsaved;
} ordpar_model_ensemble;

/** Parts, grid and memory; integrates: whether equations are integrated too. The caller clears *e,
 * zeroed before, in every case. */
ordpar_status ordpar_ensemble_create(const ordpar_model *model, bool integrates,
                                     ordpar_model_ensemble *e, ordpar_error *err);
void ordpar_ensemble_clear(ordpar_model_ensemble *e);

/** Makes the runs. OK with e->rows complete rows: all, also if their checkpoint could not be
 * written, or those before a failure where ordpar_keeps_rows. Errors: those of
 * ordpar_ensemble_run. */
ordpar_status ordpar_ensemble_make(const ordpar_model *model, ordpar_model_ensemble *e,
                                   ordpar_error *err);

/** The same failure of what made e->rows rows, which says so where keep-partial would keep them;
 * most: "the", or "up to" where that may be fewer. */
ordpar_status ordpar_ensemble_hint(const ordpar_model_ensemble *e, const char *most,
                                   ordpar_status status, ordpar_error *err);

/** OK; INTERRUPTED or DIVERGED with the rows that are kept; IO with all, where the last checkpoint
 * could not be written. */
ordpar_status ordpar_ensemble_end(const ordpar_model_ensemble *e, ordpar_error *err);

/** The standard error of the mean of a row, of which spread is that of independent runs: where runs
 * train on labels they share more than their law [11.5]. */
double ordpar_ensemble_error(const ordpar_model *model, const ordpar_model_ensemble *e, size_t row,
                             double eps_g, double spread);

/** Mean, least and greatest of a row's eps_g, with that standard error. */
ordpar_summary ordpar_ensemble_summary(const ordpar_model *model, const ordpar_model_ensemble *e,
                                       size_t row);

/** The facts that say what was simulated. */
void ordpar_ensemble_facts(const ordpar_model *model, const ordpar_model_ensemble *e,
                           ordpar_table *t);

#endif
