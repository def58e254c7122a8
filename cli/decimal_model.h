// SPDX-License-Identifier: GPL-3.0-or-later
/** The options as decimal text, for computations in arbitrary precision. */
#ifndef ORDPAR_CLI_DECIMAL_MODEL_H
#define ORDPAR_CLI_DECIMAL_MODEL_H

#include "model.h"
#include "mp_model.h"
#include "options.h"

/** The model and grid with the text that they point to. */
typedef struct {
    ordpar_mp_model model;
    ordpar_mp_grid grid;
    char buffers[8][OPTIONS_TEXT_SIZE]; /* defaults */
    char *copies[4];                    /* lists and the grid, cut into items */
    const char **items[2];              /* of the lists */
    size_t *rank;                       /* [L] */
    int64_t *n;                         /* [L] */
    char **lambda;                      /* [L] texts of a spectrum's file */
    size_t n_lambda;
} decimal_model;

/**
 * Reads the decimals of a model that has been made in double precision, whose sampled start
 * (doubles are exact) it borrows: m must outlive *d. Returns -1, or an exit code after one line;
 * the caller clears *d in every case.
 */
int decimal_model_create(const options *parsed, const model *m, decimal_model *d);
void decimal_model_clear(decimal_model *d);

/** Options for the library: digits, the flag that SIGINT raises, progress. */
ordpar_mp_options decimal_options(const options *parsed);

/**
 * Refuses too many digits, with what they would cost, and a spectrum from standard input (its text
 * is read a second time). Returns -1 or EXIT_USAGE.
 */
int decimal_check_options(const options *parsed);

/**
 * Refuses an integration with `lost` working digits beyond the wanted ones that the machine cannot
 * hold or a person cannot wait for. Returns -1 or EXIT_USAGE.
 */
int decimal_check_cost(const options *parsed, const ordpar_mp_model *decimals,
                       ordpar_mp_representation representation, double lost);

/** Adds the notes on digits and error bound. */
void decimal_notes(table *t, const options *parsed, const ordpar_mp_result *result);

#endif
