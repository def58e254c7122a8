// SPDX-License-Identifier: GPL-3.0-or-later
/** A member of a .npz archive, by libzip; without it every archive is refused. Internal. */
#ifndef ORDPAR_ARCHIVE_H
#define ORDPAR_ARCHIVE_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

/** A zeroed one is closed. */
typedef struct {
    const char *path; /* by reference, for messages */
    void *zip, *member;
    uint64_t left; /* bytes of the member still to be read */
} ordpar_archive;

/**
 * Opens the member X.npy of the archive, or its only one; *size: its bytes. Errors: PARSE;
 * INVALID without libzip. The caller closes *archive in every case.
 */
ordpar_status ordpar_archive_open(const char *path, ordpar_archive *archive, uint64_t *size,
                                  ordpar_error *err);

/** Reads exactly size bytes. Errors: PARSE (truncated or damaged). */
ordpar_status ordpar_archive_read(ordpar_archive *archive, void *out, size_t size,
                                  ordpar_error *err);

/** Closes and zeroes. */
void ordpar_archive_close(ordpar_archive *archive);

/** The .npy file `array` as the member X of the new archive `path`. Errors: IO; INVALID without
 * libzip. */
ordpar_status ordpar_archive_write(const char *array, const char *path, ordpar_error *err);

#endif
