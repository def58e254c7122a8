// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"

#include "base/floating_point.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Out of memory leaves the locale as it is; glibc's "C" locale takes none. */
locale_t ordpar_locale_enter(void) {
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return c == (locale_t)0 ? c : uselocale(c);
}

void ordpar_locale_leave(locale_t before) {
    if (before != (locale_t)0)
        freelocale(uselocale(before));
}

static bool is_decimal(const char *text) {
    return *text != '\0' && strspn(text, "+-.0123456789eE") == strlen(text);
}

bool ordpar_parse_rounded(const char *text, double *value) {
    ORDPAR_FLOATING_POINT;
    if (!is_decimal(text))
        return false;
    char *end;
    const locale_t before = ordpar_locale_enter();
    const double parsed = strtod(text, &end);
    ordpar_locale_leave(before);
    if (*end != '\0')
        return false;
    *value = parsed;
    return true;
}

bool ordpar_parse_double(const char *text, double *value) {
    double parsed;
    if (!ordpar_parse_rounded(text, &parsed) || !isfinite(parsed))
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

int ordpar_vformat(char *text, size_t size, const char *format, va_list arguments) {
    ORDPAR_FLOATING_POINT;
    const locale_t before = ordpar_locale_enter();
    const int length = vsnprintf(text, size, format, arguments);
    ordpar_locale_leave(before);
    return length;
}

int ordpar_format(char *text, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int length = ordpar_vformat(text, size, format, arguments);
    va_end(arguments);
    return length;
}

int ordpar_print(FILE *file, const char *format, ...) {
    ORDPAR_FLOATING_POINT;
    va_list arguments;
    va_start(arguments, format);
    const locale_t before = ordpar_locale_enter();
    const int length = vfprintf(file, format, arguments);
    ordpar_locale_leave(before);
    va_end(arguments);
    return length;
}

const char *ordpar_number_text(double value, char text[ORDPAR_NUMBER_SIZE]) {
    enum { ALWAYS_DECIMALS = 15, ALWAYS_READ_BACK = 17 };
    const double size = fabs(value);
    /* a decimal of fewer digits that reads back is the one of 15, without its zeros */
    int digits = size < DBL_MIN ? 0 : ALWAYS_DECIMALS - 1;
    double back;
    do
        ordpar_format(text, ORDPAR_NUMBER_SIZE, "%.*g", ++digits, value);
    while (digits < ALWAYS_READ_BACK && !(ordpar_parse_double(text, &back) && back == value));
    if (size >= 1 && size < 1e16 && strchr(text, 'e')) /* 1000, not 1e+03 */
        ordpar_format(text, ORDPAR_NUMBER_SIZE, "%.0f", value);
    return text;
}

double ordpar_printed(double x) {
    return isnan(x) ? NAN : x;
}
