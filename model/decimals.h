// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * From a model in double precision and the decimal text of its parameters to one for computations
 * in arbitrary precision. Internal to api/ and cli/. Messages of INVALID begin with the option's
 * name.
 */
#ifndef ORDPAR_DECIMALS_H
#define ORDPAR_DECIMALS_H

#include "mp_closed_form.h"
#include "mp_curve.h"
#include "network.h"
#include "overlaps.h"
#include "spectrum.h"

/** The decimal text that a model in double precision was made from. */
typedef struct {
    const char *eta, *sigma_J, *label_noise, *beta;
    const char *student_output, *teacher_output; /* lists with commas; NULL: the paper's */
    const char *spectrum_file;                   /* its eigenvalues' text is read; NULL: none */
    const char *overlaps_file;                   /* for a message */
    size_t power_law;                            /* eigenvalues before a cut; 0: no power law */
    ordpar_init init;
    ordpar_teacher teacher;
    bool given_start; /* the start is given, whatever init and teacher say */
    ordpar_mp_grid grid;
} ordpar_decimal_texts;

/** A model and its grid, with what they point to. */
typedef struct {
    ordpar_mp_model model;
    ordpar_mp_grid grid;
    char *texts[8];
    const char **lists[2];
    size_t *rank;  /* [L] */
    int64_t *n;    /* [L] */
    char **lambda; /* [L] */
    size_t n_lambda;
} ordpar_decimals;

/**
 * Copies the texts and borrows the doubles of start, where the start is not a mean one (start->q
 * may be NULL for a mean one). spectrum is cut at trained_blocks; without a power law or a file its
 * eigenvalues stand for their shortest decimals. Errors: INVALID (an activation or a start that
 * arbitrary precision has not), MEMORY, those of csv.h. The caller clears *decimals in every case.
 */
ordpar_status ordpar_decimals_init(const ordpar_decimal_texts *texts,
                                   const ordpar_spectrum *spectrum, size_t trained_blocks,
                                   const ordpar_network *network, const ordpar_overlaps *start,
                                   ordpar_decimals *decimals, ordpar_error *err);
void ordpar_decimals_clear(ordpar_decimals *decimals);

/**
 * Cuts a copy of text at every mark into items[count], which it holds. NULL if out of memory; the
 * caller frees it.
 */
char *ordpar_decimals_cut(const char *text, char mark, const char **items, size_t count);

/** The shortest decimal that reads as value. */
enum { ORDPAR_DECIMAL_SIZE = 32 };
const char *ordpar_decimal_text(double value, char text[ORDPAR_DECIMAL_SIZE]);

/** The start of a closed form: the mean, whatever is drawn elsewhere, unless one is given. */
void ordpar_decimals_start_form(const ordpar_decimal_texts *texts, ordpar_mp_closed_form_id id,
                                ordpar_decimals *decimals);

/**
 * Refuses options that a closed form has no use for. given: whether an option is given, for
 * `teacher` whether a sampled one is.
 */
ordpar_status ordpar_decimals_check_form(ordpar_mp_closed_form_id id, const char *name,
                                         bool (*given)(const void *context, const char *option),
                                         const void *context, ordpar_error *err);

/**
 * Refuses an integration with `lost` working digits beyond the wanted ones for which a person
 * cannot wait. *bytes: the memory that it needs.
 */
ordpar_status ordpar_decimals_check_cost(const ordpar_mp_model *model,
                                         ordpar_mp_representation representation, long digits,
                                         double lost, double *bytes, ordpar_error *err);

#endif
