// SPDX-License-Identifier: GPL-3.0-or-later
/** One file of a data set: a .npy file, or a member of a .npz archive. Internal to validation/. */
#ifndef ORDPAR_DATASET_FILE_H
#define ORDPAR_DATASET_FILE_H

#include "archive.h"
#include "npy.h"

#include <stdio.h>

typedef struct {
    const char *path;
    FILE *file;             /* a .npy file, or ... */
    ordpar_archive archive; /* ... a member of an archive */
    ordpar_npy npy;
} ordpar_dataset_file;

/**
 * Opens path, checks header and size; the first number of the array comes next. The path is kept by
 * reference. Errors: IO, PARSE, MEMORY; *file is then closed.
 */
ordpar_status ordpar_dataset_file_open(const char *path, ordpar_dataset_file *file,
                                       ordpar_error *err);

/** Reads exactly size bytes. Errors: IO, PARSE (truncated or damaged). */
ordpar_status ordpar_dataset_file_read(ordpar_dataset_file *file, void *out, size_t size,
                                       ordpar_error *err);

/** Closes and zeroes; a zeroed one is fine. */
void ordpar_dataset_file_close(ordpar_dataset_file *file);

#endif
