// SPDX-License-Identifier: GPL-3.0-or-later
/** Where training examples come from when they are not drawn: a data set in its eigenbasis. */
#ifndef ORDPAR_EXAMPLES_H
#define ORDPAR_EXAMPLES_H

#include "base/declarations.h"
#include "validation/data/principal.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** Examples that are read as they are needed. */
typedef struct ordpar_examples ordpar_examples;

/**
 * The examples of a data set, from its first on, each once, in the eigenbasis that `principal` has.
 * Both are kept by reference; the data set is read on from where it is. Errors: MEMORY.
 */
ordpar_status ordpar_examples_create(ordpar_dataset *dataset, const ordpar_principal *principal,
                                     int threads, ordpar_examples **examples, ordpar_error *err);

/** NULL is fine. */
void ordpar_examples_free(ordpar_examples *examples);

enum { ORDPAR_EXAMPLES_BATCH = 1024 };

/**
 * The next count <= ORDPAR_EXAMPLES_BATCH examples as xi / sqrt(N) in x[count][stride], columns
 * beyond N untouched. Errors: INVALID (the data set has no more), those of reading.
 */
ordpar_status ordpar_examples_next(ordpar_examples *examples, size_t count, double *x,
                                   size_t stride, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
