// SPDX-License-Identifier: GPL-3.0-or-later
/** The settings `activation` and `teacher-activation`: a name, hermite:C1,C2,.., or a sum of erfs
 * as JSON or in a file. Internal. */
#ifndef ORDPAR_MODEL_ACTIVATIONS_H
#define ORDPAR_MODEL_ACTIVATIONS_H

#include "solver/averages/activation.h"

/** True if the text names a file. */
bool ordpar_activation_is_file(const char *text);

/**
 * What the text of the setting of that name stands for: *activation, and in *made, which the caller
 * frees with ordpar_activation_free, what was made for it, or NULL. Errors: IO, PARSE, INVALID,
 * MEMORY.
 */
ordpar_status ordpar_activation_read(const char *setting, const char *text,
                                     const ordpar_activation **activation, ordpar_activation **made,
                                     ordpar_error *err);

#endif
