// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/symbols.h"

#include <stdbool.h>
#include <string.h>

void symbol_words(const char *plain, char *text, size_t size) {
    size_t used = 0;
    for (; *plain && used + 3 < size; plain++) {
        const bool escapes = *plain == '\\' && plain[1] && strchr("_^{}\\", plain[1]);
        if (!escapes && strchr("@&~\\", *plain))
            text[used++] = '\\';
        text[used++] = *plain;
        if (escapes)
            text[used++] = *++plain;
    }
    text[used] = '\0';
}
