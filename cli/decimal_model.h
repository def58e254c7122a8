// SPDX-License-Identifier: GPL-3.0-or-later
/** The options as decimal text, for computations in arbitrary precision. */
#ifndef ORDPAR_CLI_DECIMAL_MODEL_H
#define ORDPAR_CLI_DECIMAL_MODEL_H

#include "decimals.h"
#include "model.h"
#include "options.h"

/** The model and grid with the text that they point to. */
typedef ordpar_decimals decimal_model;

/**
 * Reads the decimals of a model that has been made in double precision, whose sampled start
 * (doubles are exact) it borrows: m must outlive *d. Returns -1, or an exit code after one line;
 * the caller clears *d in every case.
 */
int decimal_model_create(const options *parsed, const model *m, decimal_model *d);
void decimal_model_clear(decimal_model *d);

/** The start of a closed form, see decimals.h. */
void decimal_start_form(const options *parsed, ordpar_mp_closed_form_id id, decimal_model *d);

/** library_error for the functions of decimals.h, whose messages may begin with an option. */
int decimal_error(const options *parsed, ordpar_status status, const ordpar_error *err);

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
