// SPDX-License-Identifier: GPL-3.0-or-later
/** Files that are read for each of many models, as they were when the first of them began: rows of
 * two contents do not go into one output. Internal. */
#ifndef ORDPAR_SEEN_FILES_H
#define ORDPAR_SEEN_FILES_H

#include "model/model_internal.h"

typedef struct ordpar_seen_files ordpar_seen_files;

/** All that the model's settings name now, and those added later. *seen may be NULL before, else it
 * goes on. Errors: MEMORY. The caller frees *seen. */
ordpar_status ordpar_seen_model(const ordpar_model *model, ordpar_seen_files **seen,
                                ordpar_error *err);
ordpar_status ordpar_seen_add(const char *setting, const char *path, ordpar_seen_files **seen,
                              ordpar_error *err);

/** Refuses a file that has been written or replaced since then, but with the same bytes.
 * seen NULL: there is none. Errors: INVALID. */
ordpar_status ordpar_seen_check(const ordpar_seen_files *seen, ordpar_error *err);

void ordpar_seen_free(ordpar_seen_files *seen);

#endif
