// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Numbers as text, read strictly and written with a point, whatever locale the host program has
 * set: only the calling thread's locale changes, and only for the length of a call. Every number
 * that the library or the program reads or writes goes through here.
 */
#ifndef ORDPAR_NUMBER_H
#define ORDPAR_NUMBER_H

#include "base/status.h"

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** True, and *value set, if text is one finite decimal number (overflow, underflow to 0 and "nan"
 * are refused). */
bool ordpar_parse_double(const char *text, double *value);

/** The same of what double precision does not reach, too: 0, or an infinity. */
bool ordpar_parse_rounded(const char *text, double *value);

/** True, and *value set, if text is one whole number: 12, or the exact forms 1e6 and 2.5e3. */
bool ordpar_parse_integer(const char *text, int64_t *value);

/** snprintf, with a point in every number. */
int ordpar_format(char *text, size_t size, const char *format, ...) ORDPAR_PRINTF(3, 4);
int ordpar_vformat(char *text, size_t size, const char *format, va_list arguments)
    ORDPAR_PRINTF(3, 0);

/** fprintf, with a point in every number. */
int ordpar_print(FILE *file, const char *format, ...) ORDPAR_PRINTF(2, 3);

/** x, and a NaN without the sign that would be printed before it. */
double ordpar_printed(double x);

/** The decimal of fewest digits that ordpar_parse_double reads as value, which is finite; whole
 * numbers below 1e16 have no exponent. */
enum { ORDPAR_NUMBER_SIZE = 32 };
const char *ordpar_number_text(double value, char text[ORDPAR_NUMBER_SIZE]);

/**
 * Between the two the calling thread has the "C" locale, for what other libraries read and print.
 * A scope may stand within another.
 */
locale_t ordpar_locale_enter(void);
void ordpar_locale_leave(locale_t before);

#endif
