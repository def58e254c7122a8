// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Arrays of MPFR numbers in one allocation, and their way from and to decimal text.
 * Internal to precision/. Rounding is to nearest everywhere.
 */
#ifndef ORDPAR_PRECISION_REAL_H
#define ORDPAR_PRECISION_REAL_H

#include "base/status.h"

#include <mpfr.h>
#include <stdbool.h>
#include <stddef.h>

#define RND MPFR_RNDN

/** count numbers of the same precision. mpfr_clear, mpfr_set_prec and mpfr_init are not for them.
 */
typedef struct {
    size_t count;
    mpfr_prec_t bits;
    mpfr_t *x; /* [count], followed by the limbs */
} ordpar_reals;

/** Allocates zeros. Errors: MEMORY, with the array as it was. The caller clears it. */
ordpar_status ordpar_reals_init(size_t count, mpfr_prec_t bits, ordpar_reals *reals,
                                ordpar_error *err);

/** Frees the array and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_reals_clear(ordpar_reals *reals);

/** Bytes that such an array takes. */
double ordpar_reals_bytes(double count, mpfr_prec_t bits);

/** Bits that hold that many decimal digits. */
mpfr_prec_t ordpar_bits_for_digits(long digits);

/** True, and value set to the nearest number, if text is one finite decimal number. */
bool ordpar_real_parse(const char *text, mpfr_t value);

/** Writes value (finite) to digits significant digits; text holds ordpar_real_width(digits). */
void ordpar_real_format(const mpfr_t value, long digits, char *text);
size_t ordpar_real_width(long digits);

/** log2 and log10 of |value|, also where a double would overflow; -INFINITY for zero. */
double ordpar_real_log2(const mpfr_t value);
double ordpar_real_log10(const mpfr_t value);

#endif
