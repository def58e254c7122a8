// SPDX-License-Identifier: GPL-3.0-or-later
/** Characters of texts that come from elsewhere, as names of files. Internal to the project. */
#ifndef ORDPAR_UTF8_H
#define ORDPAR_UTF8_H

#include <stddef.h>

/** U+FFFD, shown in place of a byte that is no character. */
#define ORDPAR_NO_CHARACTER "\xef\xbf\xbd"

/** Bytes of the UTF-8 character at text; 0: none, or a control character. */
size_t ordpar_utf8_character(const char *text);

#endif
