// SPDX-License-Identifier: GPL-3.0-or-later
/** The images that figure 3 is made with where no others are given. */
#ifndef ORDPAR_CLI_PHOTOGRAPHS_H
#define ORDPAR_CLI_PHOTOGRAPHS_H

#include "base/status.h"

#include <stddef.h>

/** What to install, for messages. */
#define PHOTOGRAPHS_PACKAGES "Debian's packages mate-backgrounds and libjpeg-turbo-progs"

/**
 * Writes FOLDER/patches-1.npz .. patches-FILES.npz, 50000 patches each, from the photographs of
 * nature in mate-backgrounds, a quarter of their size; the same as validation/make-patches. Writes
 * nothing if the photographs or the program djpeg are not installed. Errors: IO, MEMORY.
 */
ordpar_status photographs_make_patches(const char *folder, size_t files, ordpar_error *err);

#endif
