// SPDX-License-Identifier: GPL-3.0-or-later
/** The images that figure 3 is made with where no others are given. */
#ifndef ORDPAR_CLI_PHOTOGRAPHS_H
#define ORDPAR_CLI_PHOTOGRAPHS_H

#include "options.h"

#include <stdbool.h>

/** What to install, for messages. */
#define PHOTOGRAPHS_PACKAGES "Debian's packages mate-backgrounds and libjpeg-turbo-progs"

/**
 * Writes FOLDER/patches-1.npz .. patches-FILES.npz, 50000 patches each, from the photographs of
 * nature in mate-backgrounds, a quarter of their size; the same as validation/make-patches. *made:
 * false, and nothing is written, if the photographs or the program djpeg are not installed. Returns
 * -1 or an exit code after one line.
 */
int photographs_make_patches(const options *parsed, const char *folder, size_t files, bool *made);

#endif
