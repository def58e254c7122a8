// SPDX-License-Identifier: GPL-3.0-or-later
/** Strict conversion of text to numbers: the whole text, nothing else, and in range. */
#ifndef ORDPAR_NUMBER_H
#define ORDPAR_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/** True, and *value set, if text is one finite decimal number (overflow, underflow to 0 and "nan"
 * are refused). */
bool ordpar_parse_double(const char *text, double *value);

/** True, and *value set, if text is one whole number: 12, or the exact forms 1e6 and 2.5e3. */
bool ordpar_parse_integer(const char *text, int64_t *value);

#endif
