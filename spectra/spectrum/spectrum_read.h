// SPDX-License-Identifier: GPL-3.0-or-later
/** A spectrum's file, read once, with the decimals of its numbers. Internal. */
#ifndef ORDPAR_SPECTRUM_READ_H
#define ORDPAR_SPECTRUM_READ_H

#include "spectra/spectrum/spectrum.h"

typedef struct {
    ordpar_spectrum spectrum;
    char **texts;   /**< [L] each eigenvalue as it stands in the file; NULL: a file of doubles */
    char **c_texts; /**< [L] likewise each teacher weight; NULL: none in the file */
} ordpar_spectrum_file;

/** ordpar_spectrum_read with the texts. The caller clears *file. */
ordpar_status ordpar_spectrum_file_read(const char *path, ordpar_spectrum_file *file,
                                        ordpar_error *err);

/** The part of it that reads .npy files. */
ordpar_status ordpar_spectrum_read_array(const char *path, ordpar_spectrum *spectrum,
                                         ordpar_error *err);

/** A zeroed one is fine. */
void ordpar_spectrum_file_clear(ordpar_spectrum_file *file);

#endif
