// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/real.h"

#include "base/number.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* sign, point, "e", the exponent's sign and digits, the final zero */
enum { FORMAT_EXTRA = 32 };

static size_t bytes_each(mpfr_prec_t bits) {
    return sizeof(mpfr_t) + mpfr_custom_get_size(bits);
}

ordpar_status ordpar_reals_init(size_t count, mpfr_prec_t bits, ordpar_reals *reals,
                                ordpar_error *err) {
    const size_t each = bytes_each(bits);
    mpfr_t *x = count < SIZE_MAX / each ? malloc(count * each + 1) : NULL;
    if (!x)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers of %ld bits", count,
                           (long)bits);
    const size_t limbs = mpfr_custom_get_size(bits);
    char *limb = (char *)(x + count);
    for (size_t k = 0; k < count; k++, limb += limbs)
        mpfr_custom_init_set(x[k], MPFR_ZERO_KIND, 0, bits, limb);
    *reals = (ordpar_reals){count, bits, x};
    return ORDPAR_OK;
}

void ordpar_reals_clear(ordpar_reals *reals) {
    if (!reals)
        return;
    free(reals->x);
    *reals = (ordpar_reals){0};
}

double ordpar_reals_bytes(double count, mpfr_prec_t bits) {
    return count * (double)bytes_each(bits);
}

mpfr_prec_t ordpar_bits_for_digits(long digits) {
    return (mpfr_prec_t)ceil((double)digits * 3.3219280948873626) + 4;
}

bool ordpar_real_parse(const char *text, mpfr_t value) {
    if (!*text || text[strspn(text, "0123456789+-.eE")])
        return false;
    char *end;
    const locale_t before = ordpar_locale_enter();
    mpfr_strtofr(value, text, &end, 10, RND);
    ordpar_locale_leave(before);
    return *end == '\0' && mpfr_number_p(value);
}

size_t ordpar_real_width(long digits) {
    return (size_t)digits + FORMAT_EXTRA;
}

void ordpar_real_format(const mpfr_t value, long digits, char *text) {
    const locale_t before = ordpar_locale_enter();
    mpfr_snprintf(text, ordpar_real_width(digits), "%.*Re", (int)(digits - 1), value);
    ordpar_locale_leave(before);
}

double ordpar_real_log2(const mpfr_t value) {
    if (mpfr_zero_p(value))
        return -INFINITY;
    long exponent;
    const double mantissa = mpfr_get_d_2exp(&exponent, value, RND);
    return log2(fabs(mantissa)) + (double)exponent;
}

double ordpar_real_log10(const mpfr_t value) {
    return ordpar_real_log2(value) * 0.30102999566398120;
}
