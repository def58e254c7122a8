// SPDX-License-Identifier: GPL-3.0-or-later
/** The members of a .npz archive, by libzip; without it every archive is refused. Internal. */
#ifndef ORDPAR_NPY_ARCHIVE_H
#define ORDPAR_NPY_ARCHIVE_H

#include "base/npy_file.h"

/** The array that is taken where none is named. */
#define ORDPAR_NPY_ARRAY "X"

/**
 * Opens the archive file->path and its array (NULL: X, or the only one); *size: the member's
 * unpacked bytes. Errors: PARSE, which lists the arrays if the wanted one is not there.
 */
ordpar_status ordpar_npy_archive_open(ordpar_npy_file *file, const char *array, uint64_t *size,
                                      ordpar_error *err);

/** Reads exactly size bytes of the member. Errors: PARSE (truncated or damaged). */
ordpar_status ordpar_npy_archive_read(ordpar_npy_file *file, void *out, size_t size,
                                      ordpar_error *err);

/** Closes the archive, if one is open. */
void ordpar_npy_archive_close(ordpar_npy_file *file);

/** The .npy file `array` as the member X of the new archive `path`. Errors: IO; INVALID without
 * libzip. */
ordpar_status ordpar_npy_archive_write(const char *array, const char *path, ordpar_error *err);

#endif
