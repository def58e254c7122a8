// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/normals.h"

#include "base/vectorise.h"

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_NORMALS_LANES };

static const uint64_t mantissa = UINT64_C(0x000fffffffffffff);
static const uint64_t one_bits = UINT64_C(0x3ff0000000000000);       /* of 1.0 */
static const uint64_t sqrt_half_bits = UINT64_C(0x3fe6a09e667f3bcd); /* of sqrt(1/2) */
static const uint64_t two_52_bits = UINT64_C(0x4330000000000000);    /* of 2^52 */

void ordpar_normals_init(ordpar_normals *stream, uint64_t seed, uint64_t run,
                         ordpar_random_purpose purpose, uint64_t index) {
    ordpar_random source;
    ordpar_random_init(&source, seed, run, purpose, index);
    for (size_t w = 0; w < 4; w++)
        for (size_t l = 0; l < LANES; l++)
            stream->word[w][l] = ordpar_random_next(&source);
}

static inline double to_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint64_t to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline uint64_t rotate(uint64_t x, int k) {
    return x << k | x >> (64 - k);
}

/* Uniform in [1, 2), from the upper 52 bits. */
static inline double unit(uint64_t bits) {
    return to_double(bits >> 12 | one_bits);
}

/* log u for normal u > 0: u = m 2^e with sqrt(1/2) <= m < sqrt 2, and the series of
 * 2 artanh(s), s = (m-1)/(m+1), |s| < 0.172. */
static inline double log_series(double u) {
    const uint64_t shifted = to_bits(u) + (one_bits - sqrt_half_bits);
    const double e = to_double(shifted >> 52 | two_52_bits) - (0x1p52 + 1023);
    const double m = to_double((shifted & mantissa) + sqrt_half_bits);
    const double s = (m - 1) / (m + 1), z = s * s;
    double sum = 1. / 17;
    sum = sum * z + 1. / 15;
    sum = sum * z + 1. / 13;
    sum = sum * z + 1. / 11;
    sum = sum * z + 1. / 9;
    sum = sum * z + 1. / 7;
    sum = sum * z + 1. / 5;
    sum = sum * z + 1. / 3;
    sum = sum * z + 1;
    return e * M_LN2 + 2 * s * sum;
}

/* cos x for |x| <= pi/2, z = x^2: the Taylor series, to 3e-16 */
static inline double cos_series(double z) {
    double sum = 1 / 2432902008176640000.;
    sum = sum * z - 1 / 6402373705728000.;
    sum = sum * z + 1 / 20922789888000.;
    sum = sum * z - 1 / 87178291200.;
    sum = sum * z + 1 / 479001600.;
    sum = sum * z - 1 / 3628800.;
    sum = sum * z + 1 / 40320.;
    sum = sum * z - 1 / 720.;
    sum = sum * z + 1 / 24.;
    sum = sum * z - 1 / 2.;
    return sum * z + 1;
}

/* sin x likewise */
static inline double sin_series(double x, double z) {
    double sum = 1 / 51090942171709440000.;
    sum = sum * z - 1 / 121645100408832000.;
    sum = sum * z + 1 / 355687428096000.;
    sum = sum * z - 1 / 1307674368000.;
    sum = sum * z + 1 / 6227020800.;
    sum = sum * z - 1 / 39916800.;
    sum = sum * z + 1 / 362880.;
    sum = sum * z - 1 / 5040.;
    sum = sum * z + 1 / 120.;
    sum = sum * z - 1 / 6.;
    return x * (sum * z + 1);
}

/*
 * [8.1] Box-Muller: with u uniform in (0, 1] and x uniform in [-pi/2, pi/2), r = +-sqrt(-2 log u)
 * with a random sign, (r cos x, r sin x) are two independent normals. The sign is a bit of the
 * second word that x does not use. Each lane makes two words a turn.
 */
ORDPAR_VECTORISED_VOID(extern, ordpar_normals_fill,
                       (ordpar_normals * stream, size_t count, const double *restrict scale,
                        double *restrict out),
                       (stream, count, scale, out)) {
    ordpar_normals state = *stream;
    uint64_t *const s0 = state.word[0], *const s1 = state.word[1];
    uint64_t *const s2 = state.word[2], *const s3 = state.word[3];
    for (size_t k = 0; k < count; k += ORDPAR_NORMALS_GROUP) {
#pragma omp simd simdlen(LANES)
        for (int l = 0; l < LANES; l++) {
            uint64_t a = s0[l], b = s1[l], c = s2[l], d = s3[l], word[2];
            for (int turn = 0; turn < 2; turn++) {
                word[turn] = rotate(a + d, 23) + a;
                const uint64_t shifted = b << 17;
                c ^= a;
                d ^= b;
                b ^= c;
                a ^= d;
                c ^= shifted;
                d = rotate(d, 45);
            }
            s0[l] = a, s1[l] = b, s2[l] = c, s3[l] = d;
            const double radius = sqrt(-2 * log_series(2 - unit(word[0])));
            const double r = to_double(to_bits(radius) ^ word[1] << 63);
            const double x = M_PI * (unit(word[1]) - 1.5), z = x * x;
            out[k + (size_t)l] = scale[k + (size_t)l] * r * cos_series(z);
            out[k + LANES + (size_t)l] = scale[k + LANES + (size_t)l] * r * sin_series(x, z);
        }
    }
    *stream = state;
}
