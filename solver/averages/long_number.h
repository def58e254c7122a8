// SPDX-License-Identifier: GPL-3.0-or-later
/** Differences of products with twice the digits of a double. Internal to solver/. */
#ifndef ORDPAR_LONG_NUMBER_H
#define ORDPAR_LONG_NUMBER_H

#include <math.h>

/** The sum high + low. */
typedef struct {
    double high, low;
} ordpar_long;

static inline ordpar_long ordpar_long_of(double x) {
    return (ordpar_long){x, 0};
}

static inline ordpar_long ordpar_long_product(ordpar_long p, ordpar_long q) {
    const double high = p.high * q.high;
    return (ordpar_long){high, fma(p.high, q.high, -high) + (p.high * q.low + p.low * q.high)};
}

/** p q - r s */
static inline ordpar_long ordpar_long_minor(ordpar_long p, ordpar_long q, ordpar_long r,
                                            ordpar_long s) {
    const ordpar_long x = ordpar_long_product(p, q), y = ordpar_long_product(r, s);
    const double sum = x.high - y.high, part = sum - x.high;
    const double rest = (x.high - (sum - part)) - (y.high + part) + (x.low - y.low);
    return (ordpar_long){sum + rest, rest - (sum + rest - sum)};
}

/** p q - r s of doubles, to two units in the last place of the result (Kahan's use of the fused
 * multiply-add). */
static inline double ordpar_minor(double p, double q, double r, double s) {
    const double product = r * s, error = fma(r, s, -product);
    return fma(p, q, -product) - error;
}

#endif
