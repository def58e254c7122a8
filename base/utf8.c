// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"

#include <stdbool.h>

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
