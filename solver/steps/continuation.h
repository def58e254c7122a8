// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a file of overlaps says of the run that it comes from, so that another run can go on from
 * its end: the alpha that was reached and the run's settings, in two comment lines,
 *
 *     # alpha: 100
 *     # settings: TEXT
 *
 * which readers of overlaps pass over. The settings are a text of the caller's own, without line
 * ends. The overlaps keep eps_g to about 1e-16 of its own start: where it has decayed by more, a
 * run that goes on has fewer digits than one that was never interrupted.
 */
#ifndef ORDPAR_CONTINUATION_H
#define ORDPAR_CONTINUATION_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdio.h>

ORDPAR_DECLARATIONS_BEGIN

/** Where a run has ended. */
typedef struct {
    double alpha;   /**< finite, >= 0 */
    char *settings; /**< of the caller's own form */
} ordpar_continuation;

/**
 * Writes the two lines; the overlaps (header, rows) come after them. Errors: INVALID (alpha out of
 * range, a line end in settings). Whether the writing succeeded is for the caller to ask of file.
 */
ordpar_status ordpar_continuation_write(FILE *file, double alpha, const char *settings,
                                        ordpar_error *err);

/**
 * Reads them from the comment lines before the table of path. Errors: IO, PARSE (a line that is
 * missing, there twice or malformed: a file of an older version, or not from a run), MEMORY. The
 * caller clears *continuation.
 */
ordpar_status ordpar_continuation_read(const char *path, ordpar_continuation *continuation,
                                       ordpar_error *err);

/** A zeroed one is fine. */
void ordpar_continuation_clear(ordpar_continuation *continuation);

ORDPAR_DECLARATIONS_END

#endif
