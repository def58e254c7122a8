// SPDX-License-Identifier: GPL-3.0-or-later
/** A data set of photographs that Debian has. Internal. */
#ifndef ORDPAR_PHOTOGRAPHS_H
#define ORDPAR_PHOTOGRAPHS_H

#include "base/status.h"

#include <stddef.h>

/** What to install, for messages. */
#define ORDPAR_PHOTOGRAPHS_PACKAGES "Debian's packages mate-backgrounds and libjpeg-turbo-progs"

/**
 * Writes FOLDER/patches-1.npz .. patches-FILES.npz, 50000 patches each, from the photographs of
 * nature in mate-backgrounds, a quarter of their size; the same as validation/make-patches. Writes
 * nothing if the photographs or the program djpeg are not installed. Errors: IO, MEMORY.
 */
ordpar_status ordpar_photographs_make_patches(const char *folder, size_t files, ordpar_error *err);

#endif
