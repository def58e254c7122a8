// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a file of overlaps says of the run that it comes from, so that another run can go on from
 * where it stands, in comment lines before the table,
 *
 *     # alpha: 100
 *     # settings: TEXT
 *     # files: TEXT
 *     # digests: TEXT
 *     # blocks: LAMBDA N LAMBDA N ..
 *     # weights: C C ..
 *     # push: U .. S .. P ..
 *     # saddles: LIMIT ..
 *     # promises: RTOL ATOL
 *     # digest: TEXT
 *
 * which readers of overlaps pass over. Settings, files, digests and digest are texts of the
 * caller's own, without line ends. Lists of numbers take as many lines as they need. The overlaps
 * keep eps_g to about 1e-16 of its own start; where it has decayed by more, deviations keep it.
 */
#ifndef ORDPAR_CONTINUATION_H
#define ORDPAR_CONTINUATION_H

#include "base/declarations.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

ORDPAR_DECLARATIONS_BEGIN

/** Numbers; values is owned. */
typedef struct {
    double *values; /**< [count] */
    size_t count;   /**< 0: none */
    size_t room;    /**< that there is memory for */
} ordpar_continuation_list;

/** Where a run stands. */
typedef struct {
    double alpha;                        /**< finite, >= 0 */
    char *settings;                      /**< of the caller's own form */
    char *files;                         /**< likewise; NULL: none */
    char *digests;                       /**< likewise, of all files of the whole run; NULL: none */
    char *digest;                        /**< likewise, of the numbers; NULL: of an older version */
    ordpar_continuation_list blocks;     /**< eigenvalue and multiplicity of each block */
    ordpar_continuation_list weights;    /**< teacher weight of each; none: all 1 */
    ordpar_continuation_list teachers;   /**< [K] from 1, that each student stands beside */
    ordpar_continuation_list deviations; /**< q[K][K][L], r[K][K][L] of ordpar_deviations */
    ordpar_continuation_list momentum;   /**< push of the overlaps (overlaps.h) */
    ordpar_continuation_list saddles;    /**< saddles of ordpar_deviations; none: not known */
    ordpar_continuation_list promises;   /**< of parts before this one that were looser; or none */
    ordpar_continuation_list rows;       /**< what has been computed so far, finite or not */
} ordpar_continuation;

/** Appends numbers to a list. Errors: MEMORY. */
ordpar_status ordpar_continuation_add(ordpar_continuation_list *list, size_t count,
                                      const double *values, ordpar_error *err);

/**
 * Writes the lines; the overlaps (header, rows) come after them. Errors: INVALID (alpha out of
 * range, a line end in a text). Whether the writing succeeded is for the caller to ask of file.
 */
ordpar_status ordpar_continuation_write(FILE *file, const ordpar_continuation *continuation,
                                        ordpar_error *err);

/**
 * Reads them from the comment lines before the table of path. Errors: IO, PARSE (no alpha or
 * settings: a file of an older version, or not from a run; a line that is there twice or malformed;
 * a file whose last line does not end: it was cut), MEMORY. The caller clears *continuation.
 */
ordpar_status ordpar_continuation_read(const char *path, ordpar_continuation *continuation,
                                       ordpar_error *err);

/** Continues digest (base/digest.h) over alpha and the lists, as they are read again. */
uint64_t ordpar_continuation_digest(const ordpar_continuation *continuation, uint64_t digest);

/** NULL and a zeroed one are fine. */
void ordpar_continuation_clear(ordpar_continuation *continuation);

ORDPAR_DECLARATIONS_END

#endif
