// SPDX-License-Identifier: GPL-3.0-or-later
/* The numbers of a .npy file as doubles. */
#include "base/npy.h"

#include <math.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are taken as they lie in files");

/* IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
static double from_half(uint16_t bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                             : exponent == 0 ? ldexp(fraction, -24)
                                             : ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 ? -magnitude : magnitude;
}

static uint64_t load(const unsigned char *at, size_t size, bool swapped) {
    uint64_t value = 0;
    for (size_t k = 0; k < size; k++)
        value |= (uint64_t)at[k] << 8 * (swapped ? size - 1 - k : k);
    return value;
}

static double from_bits(char kind, size_t size, uint64_t bits) {
    if (kind == 'b')
        return bits != 0;
    if (kind == 'u')
        return (double)bits;
    if (kind == 'i') {
        const uint64_t sign = UINT64_C(1) << (8 * size - 1);
        return (double)(int64_t)((bits ^ sign) - sign);
    }
    if (size == 2)
        return from_half((uint16_t)bits);
    if (size == 4) {
        const uint32_t half = (uint32_t)bits;
        float value;
        memcpy(&value, &half, sizeof value);
        return (double)value;
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void ordpar_npy_convert(const ordpar_npy *npy, const void *raw, size_t count, double *out) {
    const unsigned char *bytes = raw;
    if (npy->kind == 'u' && npy->size == 1) {
        for (size_t k = 0; k < count; k++)
            out[k] = bytes[k];
    } else if (npy->kind == 'f' && npy->size == 8 && !npy->swapped) {
        memcpy(out, raw, count * sizeof *out);
    } else if (npy->kind == 'f' && npy->size == 4 && !npy->swapped) {
        for (size_t k = 0; k < count; k++) {
            float value;
            memcpy(&value, bytes + 4 * k, sizeof value);
            out[k] = (double)value;
        }
    } else {
        for (size_t k = 0; k < count; k++)
            out[k] = from_bits(npy->kind, npy->size,
                               load(bytes + k * npy->size, npy->size, npy->swapped));
    }
}

uint64_t ordpar_npy_column(const ordpar_npy *npy, uint64_t k) {
    uint64_t column = 0, stride = npy->dim;
    for (size_t axis = npy->n_axes; axis-- > 1;) { /* the last axis varies fastest in k */
        stride /= npy->axes[axis];
        column += k % npy->axes[axis] * stride;
        k /= npy->axes[axis];
    }
    return column;
}
