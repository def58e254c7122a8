// SPDX-License-Identifier: GPL-3.0-or-later
/** Characters of texts that come from elsewhere, as names of files. Internal to the project. */
#ifndef ORDPAR_UTF8_H
#define ORDPAR_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** U+FFFD, shown in place of a byte that is no character. */
#define ORDPAR_NO_CHARACTER "\xef\xbf\xbd"

/** Bytes of the UTF-8 character at text; 0: none, or a control character. */
size_t ordpar_utf8_character(const char *text);

/** True if all of it is UTF-8, control characters too. */
bool ordpar_utf8_is_text(const char *text);

/** Writes all bytes of text as characters of JSON: % " \ and those that are no characters as %25,
 * %FF, as addresses of pages have them. */
void ordpar_utf8_put_bytes(const char *text, FILE *file);

/** Takes %XX back, in place. */
void ordpar_utf8_take_bytes(char *text);

#endif
