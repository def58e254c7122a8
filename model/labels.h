// SPDX-License-Identifier: GPL-3.0-or-later
/** The setting `labels`: a data set's own labels as the target. Internal. */
#ifndef ORDPAR_LABELS_H
#define ORDPAR_LABELS_H

#include "model/model.h"
#include "model/table.h"
#include "spectra/spectrum/spectrum.h"
#include "validation/data/label_fit.h"

#include <stdbool.h>

typedef struct {
    size_t outputs; /* 0: the labels are not the target */
    double *read;   /* [examples][outputs] until they are one target */
    ordpar_labelled data;
    ordpar_label_sums sums;
    ordpar_label_fit fit;
} ordpar_labels;

/**
 * Cuts FILE[:ARRAY] at its last colon, unless the whole names a file: *path, which the caller
 * frees, and *array in it, NULL without one. Errors: MEMORY.
 */
ordpar_status ordpar_labels_split(const char *text, char **path, const char **array,
                                  ordpar_error *err);

/** The digest of an archive, continued by which of its arrays is meant: none (NULL) and that which
 * is taken without a name change nothing. */
uint64_t ordpar_labels_digest(uint64_t digest, const char *array);

typedef struct ordpar_source ordpar_source;

/** Checks the settings beside `labels` and reads them. Errors: INVALID, IO, PARSE, MEMORY. */
ordpar_status ordpar_labels_read_setting(const ordpar_model *model, const ordpar_source *source,
                                         ordpar_labels *labels, ordpar_error *err);

/** Makes one target of them, with output weights w[outputs], and fits it. Errors: INVALID,
 * those of reading, MEMORY. */
ordpar_status ordpar_labels_fit(const ordpar_model *model, const ordpar_source *source,
                                const double *w, ordpar_labels *labels, ordpar_error *err);

/** Sets the teacher weights and the noise of a spectrum of one block for each component; coupled:
 * and the coupling [15.36], which linear students have. Errors: MEMORY. */
ordpar_status ordpar_labels_weigh(const ordpar_labels *labels, bool coupled,
                                  ordpar_spectrum *spectrum, ordpar_error *err);

/** T, the noise and their errors; linear: whether the students are, for which this is exact. */
void ordpar_labels_facts(const ordpar_labels *labels, bool linear, ordpar_table *t);

void ordpar_labels_clear(ordpar_labels *labels);

#endif
