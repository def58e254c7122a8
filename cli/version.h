// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ORDPAR_CLI_VERSION_H
#define ORDPAR_CLI_VERSION_H

#include <stddef.h>

/** The versions of the libraries that this process runs on, separated by commas. */
void version_libraries(char *text, size_t size);

/** Prints what --version prints. */
void version_print(void);

#endif
