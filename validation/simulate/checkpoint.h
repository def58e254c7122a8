// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Files that hold the state of an unfinished ensemble: a header with version, the number of
 * complete rows, a digest of all settings and a digest of the data; then the data as in memory. A
 * file is good for the kind of machine that wrote it. Internal to validation/.
 */
#ifndef ORDPAR_CHECKPOINT_H
#define ORDPAR_CHECKPOINT_H

#include "base/digest.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A piece of memory that is saved or restored. */
typedef struct {
    void *data;
    size_t size;
} ordpar_piece;

/**
 * Writes path anew, atomically: path.new (path.new-NUMBER if something has that name), flushed to
 * the disk, renamed. The caller holds path's lock.
 * Errors: IO, MEMORY; the old file is then untouched.
 */
ordpar_status ordpar_checkpoint_write(const char *path, uint64_t settings, uint64_t rows,
                                      const ordpar_piece *pieces, size_t count, ordpar_error *err);

/**
 * Checks path's header. *found: whether the file exists and is not empty; if not, nothing else
 * happens. *rows: the complete rows, on which the size of the data depends. Errors: IO, PARSE (not
 * a checkpoint, of other settings, damaged).
 */
ordpar_status ordpar_checkpoint_rows(const char *path, uint64_t settings, bool *found,
                                     uint64_t *rows, ordpar_error *err);

/** Reads and checks the data, as they were written. Errors: IO, PARSE. */
ordpar_status ordpar_checkpoint_read(const char *path, const ordpar_piece *pieces, size_t count,
                                     ordpar_error *err);

#endif
