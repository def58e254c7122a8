// SPDX-License-Identifier: GPL-3.0-or-later
/** How settings and columns are set in a picture, in gnuplot's enhanced text. */
#ifndef ORDPAR_CLI_SYMBOLS_H
#define ORDPAR_CLI_SYMBOLS_H

#include <stddef.h>

/** The symbol of a setting (long name or letter) or column, as ε_g; other names as they are. */
void symbol_short(const char *name, char *text, size_t size);

/** What an axis says: words and symbol. */
void symbol_axis(const char *name, char *text, size_t size);

/** Text that gnuplot shows as it is: its mark-up characters escaped. */
void symbol_escape(const char *plain, char *text, size_t size);

/** A setting's value as it was typed: escaped, and 1e-4 as a power of ten. */
void symbol_value(const char *plain, char *text, size_t size);

#endif
