// SPDX-License-Identifier: GPL-3.0-or-later
/** How names and values are set in a picture, in gnuplot's enhanced text; symbols: model.h. */
#ifndef ORDPAR_CLI_SYMBOLS_H
#define ORDPAR_CLI_SYMBOLS_H

#include <stddef.h>

/** The user's own words: _, ^, {} and \ before such a character are mark-up, all else is shown. */
void symbol_words(const char *plain, char *text, size_t size);

#endif
