// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/symbols.h"

#include "base/number.h"
#include "model/parts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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

void symbol_value(const char *plain, char *text, size_t size) {
    double value;
    const size_t mantissa = strcspn(plain, "eE");
    if (!plain[mantissa] || !ordpar_parse_double(plain, &value)) {
        ordpar_title_escape(plain, text, size);
        return;
    }
    const bool one = mantissa == 1 && *plain == '1';
    snprintf(text, size, "%.*s%s10^{%ld}", one ? 0 : (int)mantissa, plain, one ? "" : "×",
             strtol(plain + mantissa + 1, NULL, 10));
}
