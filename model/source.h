// SPDX-License-Identifier: GPL-3.0-or-later
/** A data set with its principal components. Internal. */
#ifndef ORDPAR_SOURCE_H
#define ORDPAR_SOURCE_H

#include "model/model.h"
#include "model/settings.h"
#include "validation/data/principal.h"

typedef struct ordpar_source {
    ordpar_texts files;  /* of one that was read for a model, which copies read again; else empty */
    char *array;         /* likewise, of its archives; NULL: X, or the only one */
    ordpar_dataset *set; /* NULL: there is none; else at its first example */
    ordpar_principal principal;
} ordpar_source;

/**
 * Opens the files of the setting `data` and reads them once, for mean and covariance; `input-dim`,
 * where it is given, says how many components to keep. Errors: those of dataset.h and principal.h,
 * INVALID beside another spectrum, and for a covariance, unless labels make examples of it. The
 * caller clears *source, zeroed before, in every case.
 */
ordpar_status ordpar_source_open(const ordpar_model *model, ordpar_source *source,
                                 ordpar_error *err);

/** Refuses, beside a source that was read before, another spectrum, another `input-dim` than what
 * it kept and another `array`. */
ordpar_status ordpar_source_check(const ordpar_model *model, const ordpar_source *source,
                                  ordpar_error *err);
void ordpar_source_clear(ordpar_source *source);

#endif
