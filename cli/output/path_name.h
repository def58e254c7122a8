// SPDX-License-Identifier: GPL-3.0-or-later
/** Short names of files. */
#ifndef ORDPAR_CLI_PATH_NAME_H
#define ORDPAR_CLI_PATH_NAME_H

#include <stddef.h>

/** As much of a path as tells it from the others, of which those that are NULL or the same do not
 * count: the file's name without its suffix, with it, or with folders before it. Long names begin
 * with "..". */
void path_name(const char *path, const char *const *others, size_t count, char *name, size_t size);

#endif
