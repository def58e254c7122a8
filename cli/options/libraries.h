// SPDX-License-Identifier: GPL-3.0-or-later
/** How the program wants the libraries to behave: no output of theirs, no abort, one thread; and
 * which versions they are. */
#ifndef ORDPAR_CLI_LIBRARIES_H
#define ORDPAR_CLI_LIBRARIES_H

#include <stdbool.h>
#include <stddef.h>

/** Once, at the start. Returns false, after one line, where there is no memory for them. */
bool libraries_prepare(void);

/** The versions of the libraries that this process runs on, separated by commas. */
void version_libraries(char *text, size_t size);

/** Prints what --version prints. */
void version_print(void);

#endif
