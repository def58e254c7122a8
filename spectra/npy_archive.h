// SPDX-License-Identifier: GPL-3.0-or-later
/** The members of a .npz archive. Internal to npy_file. */
#ifndef ORDPAR_NPY_ARCHIVE_H
#define ORDPAR_NPY_ARCHIVE_H

#include "npy_file.h"

/**
 * Opens the archive file->path and its array (NULL: X, or the only one); *size: the member's
 * unpacked bytes. Errors: PARSE, which lists the arrays if the wanted one is not there.
 */
ordpar_status ordpar_npy_archive_open(ordpar_npy_file *file, const char *array, uint64_t *size,
                                      ordpar_error *err);

/** Reads exactly size bytes of the member. Errors: PARSE (truncated or damaged). */
ordpar_status ordpar_npy_archive_read(ordpar_npy_file *file, void *out, size_t size,
                                      ordpar_error *err);

#endif
