// SPDX-License-Identifier: GPL-3.0-or-later
#include "number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_decimal(const char *text) {
    return *text != '\0' && strspn(text, "+-.0123456789eE") == strlen(text);
}

bool ordpar_parse_double(const char *text, double *value) {
    if (!is_decimal(text))
        return false;
    char *end;
    const double parsed = strtod(text, &end);
    if (*end != '\0' || !isfinite(parsed))
        return false;
    const size_t mantissa = strcspn(text, "eE");
    if (parsed == 0 && strcspn(text, "123456789") < mantissa)
        return false; /* underflow */
    *value = parsed;
    return true;
}

bool ordpar_parse_integer(const char *text, int64_t *value) {
    const char *digits = text + (*text == '-' || *text == '+');
    if (*digits != '\0' && strspn(digits, "0123456789") == strlen(digits)) {
        errno = 0;
        const long long parsed = strtoll(text, NULL, 10);
        if (errno == ERANGE)
            return false;
        *value = parsed;
        return true;
    }
    double parsed;
    const double exact_limit = 9007199254740992.0; /* 2^53: above it a double skips integers */
    if (!ordpar_parse_double(text, &parsed) || parsed != floor(parsed) ||
        fabs(parsed) > exact_limit)
        return false;
    *value = (int64_t)parsed;
    return true;
}
