// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * From a model to one for computations in arbitrary precision: its settings' decimal text, and the
 * doubles of a start that is drawn or given. Internal.
 */
#ifndef ORDPAR_DECIMALS_H
#define ORDPAR_DECIMALS_H

#include "model/parts.h"
#include "model/table.h"
#include "precision/mp_curve.h"
#include "precision/mp_overlaps.h"

/** A model and a grid, with what they point to that the settings do not hold. */
typedef struct {
    ordpar_mp_model model;
    ordpar_mp_grid grid;
    char *texts[4];
    const char **lists[4]; /* the last: [M*M] T_perp */
    char **rows;           /* [n_rows] of a grid that is a list */
    size_t n_rows;
    size_t *rank;  /* [L] */
    int64_t *n;    /* [L] */
    char **lambda; /* [L] */
    char **c;      /* [L] teacher weights; NULL: 1, or the setting's */
    size_t n_lambda, n_c;
    ordpar_mp_overlaps overlaps;
} ordpar_decimals;

/** Refuses settings that have no decimals, and too many digits, with what they would cost. */
ordpar_status ordpar_decimals_check(const ordpar_model *model, ordpar_error *err);

/**
 * Borrows the model's texts and the doubles of a drawn start, where that is not a mean one
 * (parts->start may be empty then); given overlaps are read as decimals. Eigenvalues that are
 * neither a power law nor in a file stand for their shortest decimals. Errors: INVALID (an
 * activation, training or a start that arbitrary precision has not), MEMORY, those of csv.h. The
 * caller clears *d, zeroed before, in every case.
 */
ordpar_status ordpar_decimals_init(const ordpar_model *model, const ordpar_parts *parts,
                                   ordpar_decimals *d, ordpar_error *err);
void ordpar_decimals_clear(ordpar_decimals *d);

/** Sets d->grid to the setting alpha; numbers of a file stand for their shortest decimals. Errors:
 * MEMORY. */
ordpar_status ordpar_decimals_grid(const ordpar_model *model, ordpar_decimals *d,
                                   ordpar_error *err);

/** The texts of a spectrum's file, into d->lambda and, where the file has them, d->c, in the
 * blocks' order, one of which may be cut. */
ordpar_status ordpar_decimals_read_spectrum(const char *file, const ordpar_parts *parts,
                                            ordpar_decimals *d, ordpar_error *err);

/** The texts of an overlaps file; file NULL: the shortest ones of start's doubles. */
ordpar_status ordpar_decimals_read_overlaps(const char *file, const ordpar_overlaps *start,
                                            ordpar_decimals *d, ordpar_error *err);

/** Digits, the model's stop flag, and its progress. */
ordpar_mp_options ordpar_decimals_options(const ordpar_model *model);

/** Notes digits and error bound. */
void ordpar_decimals_facts(const ordpar_model *model, const ordpar_mp_result *result,
                           ordpar_table *t);

/** Adds the numbers as rows of t, which has its columns. */
void ordpar_decimals_fill(const ordpar_mp_result *result, ordpar_table *t);

#endif
