// SPDX-License-Identifier: GPL-3.0-or-later
/** The data set that --data names, with its principal components. */
#ifndef ORDPAR_CLI_DATA_H
#define ORDPAR_CLI_DATA_H

#include "options.h"
#include "principal.h"
#include "table.h"

typedef struct {
    ordpar_dataset *set; /* NULL: there is none; else at its first example */
    ordpar_principal principal;
} data_source;

/**
 * Opens the files and reads them once, for mean and covariance; -N says how many components to
 * keep. Returns -1 or an exit code; the caller clears *data in every case.
 */
int data_open(const options *parsed, data_source *data);
void data_clear(data_source *data);

/** Adds the note that says what the data are and how they were normalised. */
void data_note(table *t, const data_source *data);

#endif
