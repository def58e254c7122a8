// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"

#include <string.h>

size_t ordpar_utf8_character(const char *text) {
    const unsigned char *c = (const unsigned char *)text;
    const size_t length = c[0] < 0x80   ? 1
                          : c[0] < 0xc2 ? 0
                          : c[0] < 0xe0 ? 2
                          : c[0] < 0xf0 ? 3
                          : c[0] < 0xf5 ? 4
                                        : 0;
    for (size_t k = 1; k < length; k++)
        if ((c[k] & 0xc0) != 0x80)
            return 0;
    const bool surrogate = length == 3 && c[0] == 0xed && c[1] >= 0xa0;
    const bool beyond =
        length == 4 && ((c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] >= 0x90));
    const bool too_long = length == 3 && c[0] == 0xe0 && c[1] < 0xa0;
    const bool control = length == 1 && (c[0] < 0x20 || c[0] == 0x7f);
    return surrogate || beyond || too_long || control ? 0 : length;
}

static bool is_control(char c) {
    return (unsigned char)c < 0x20 || c == 0x7f;
}

bool ordpar_utf8_is_text(const char *text) {
    for (size_t length; *text; text += length)
        if ((length = is_control(*text) ? 1 : ordpar_utf8_character(text)) == 0)
            return false;
    return true;
}

void ordpar_utf8_put_bytes(const char *text, FILE *file) {
    for (size_t length; *text; text += length ? length : 1) {
        length = strchr("%\"\\", *text) ? 0 : ordpar_utf8_character(text);
        if (length)
            fwrite(text, 1, length, file);
        else
            fprintf(file, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static int digit(char c) {
    static const char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";
    const char *found = c ? strchr(upper, c) : NULL;
    if (found)
        return (int)(found - upper);
    found = c ? strchr(lower, c) : NULL;
    return found ? (int)(found - lower) : -1;
}

void ordpar_utf8_take_bytes(char *text) {
    char *to = text;
    for (; *text; text++) {
        const int high = *text == '%' ? digit(text[1]) : -1;
        const int low = high >= 0 ? digit(text[2]) : -1;
        const bool escape = low >= 0 && high + low > 0;
        *to++ = escape ? (char)(16 * high + low) : *text;
        text += escape ? 2 : 0;
    }
    *to = '\0';
}
