// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Numbers as unevaluated sums high + low of two doubles, some 31 digits: for the few differences
 * whose terms agree to nearly all digits of a double. Internal to spectra/. Error-free sum and
 * product after Knuth and Dekker; values must not overflow.
 */
#ifndef ORDPAR_DOUBLE_DOUBLE_H
#define ORDPAR_DOUBLE_DOUBLE_H

#include <math.h>

typedef struct {
    double high, low;
} ordpar_double_double;

/** a + b without rounding. */
static inline ordpar_double_double ordpar_dd_sum(double a, double b) {
    const double sum = a + b, shift = sum - a;
    return (ordpar_double_double){sum, (a - (sum - shift)) + (b - shift)};
}

/** a b without rounding (where its last bit does not underflow). */
static inline ordpar_double_double ordpar_dd_product(double a, double b) {
    const double product = a * b;
    return (ordpar_double_double){product, fma(a, b, -product)};
}

static inline ordpar_double_double ordpar_dd_add(ordpar_double_double a, ordpar_double_double b) {
    const ordpar_double_double sum = ordpar_dd_sum(a.high, b.high);
    return ordpar_dd_sum(sum.high, sum.low + (a.low + b.low));
}

static inline ordpar_double_double ordpar_dd_scale(ordpar_double_double a, double factor) {
    const ordpar_double_double product = ordpar_dd_product(a.high, factor);
    return ordpar_dd_sum(product.high, fma(a.low, factor, product.low));
}

/** a / b: two digits of the quotient in base 2^53. */
static inline ordpar_double_double ordpar_dd_divide(ordpar_double_double a,
                                                    ordpar_double_double b) {
    const double first = a.high / b.high;
    const ordpar_double_double rest = ordpar_dd_add(a, ordpar_dd_scale(b, -first));
    return ordpar_dd_sum(first, rest.high / b.high);
}

#endif
