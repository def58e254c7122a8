// SPDX-License-Identifier: GPL-3.0-or-later
/* The normal numbers: moments, distribution, tails, independence, streams. */
#include "support.h"
#include "validation/simulate/normals.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

enum { COUNT = 1 << 20 };

static double *draw(uint64_t run, size_t count) {
    double *scale = malloc(count * sizeof *scale), *x = malloc(count * sizeof *x);
    for (size_t k = 0; k < count; k++)
        scale[k] = 1;
    ordpar_normals stream;
    ordpar_normals_init(&stream, 5, run, ORDPAR_RANDOM_INPUTS, 0);
    ordpar_normals_fill(&stream, count, scale, x);
    free(scale);
    return x;
}

static double double_factorial(int n) {
    return n > 1 ? n * double_factorial(n - 2) : 1;
}

/* E[x^p] = (p-1)!! for even p, 0 for odd p; its variance is E[x^2p] - E[x^p]^2. */
Test(normals, moments) {
    double *x = draw(1, COUNT);
    for (int p = 1; p <= 10; p++) {
        double sum = 0;
        for (size_t k = 0; k < COUNT; k++)
            sum += pow(x[k], p);
        const double expected = p % 2 ? 0 : double_factorial(p - 1);
        const double spread = sqrt((double_factorial(2 * p - 1) - expected * expected) / COUNT);
        CHECK_CLOSE(sum / COUNT, expected, 4, spread, "moment %d", p);
    }
    free(x);
}

/* Kolmogorov-Smirnov against the normal law: sqrt(n) D has the 0.999 quantile 1.95. */
Test(normals, distribution) {
    double *x = draw(2, COUNT), D = 0;
    gsl_sort(x, 1, COUNT);
    for (size_t k = 0; k < COUNT; k++) {
        const double P = gsl_cdf_ugaussian_P(x[k]);
        D = fmax(D, fmax(P - (double)k / COUNT, (double)(k + 1) / COUNT - P));
    }
    cr_assert(D * sqrt(COUNT) < 1.95, "sqrt(n) D = %g", D * sqrt(COUNT));
    cr_assert(D * sqrt(COUNT) > 0.2, "sqrt(n) D = %g: too good", D * sqrt(COUNT));
    free(x);
}

Test(normals, tails) {
    double *x = draw(3, COUNT);
    for (double limit = 2; limit < 4.6; limit += 0.5)
        for (int sign = -1; sign <= 1; sign += 2) {
            const double expected = COUNT * gsl_cdf_ugaussian_Q(limit);
            double beyond = 0;
            for (size_t k = 0; k < COUNT; k++)
                beyond += sign * x[k] > limit;
            CHECK_CLOSE(beyond, expected, 4, sqrt(expected), "beyond %g", sign * limit);
        }
    free(x);
}

/* Neighbours of all distances up to three groups: neither the values nor the squares correlate. */
Test(normals, independence) {
    double *x = draw(4, COUNT);
    for (size_t lag = 1; lag <= 3 * ORDPAR_NORMALS_GROUP; lag++) {
        double linear = 0, square = 0;
        for (size_t k = 0; k + lag < COUNT; k++) {
            linear += x[k] * x[k + lag];
            square += (x[k] * x[k] - 1) * (x[k + lag] * x[k + lag] - 1);
        }
        CHECK_CLOSE(linear / sqrt(COUNT), 0, 4, 1, "values, lag %zu", lag);
        CHECK_CLOSE(square / sqrt(COUNT), 0, 4, 2, "squares, lag %zu", lag);
    }
    free(x);
}

Test(normals, streams) {
    enum { SHORT = 64 };
    double *x = draw(1, SHORT), *again = draw(1, SHORT), *other = draw(2, SHORT);
    double scale[SHORT], pieces[SHORT];
    ordpar_normals stream;
    ordpar_normals_init(&stream, 5, 1, ORDPAR_RANDOM_INPUTS, 0);
    for (size_t k = 0; k < SHORT; k++)
        scale[k] = k < 10 ? 0.5 : 0;
    for (size_t k = 0; k < SHORT; k += ORDPAR_NORMALS_GROUP)
        ordpar_normals_fill(&stream, ORDPAR_NORMALS_GROUP, scale + k, pieces + k);
    for (size_t k = 0; k < SHORT; k++) {
        cr_assert_eq(x[k], again[k], "number %zu", k);
        cr_assert_neq(x[k], other[k], "number %zu", k);
        cr_assert_eq(pieces[k], scale[k] * x[k], "number %zu in pieces", k);
    }
    free(x);
    free(again);
    free(other);
}

static uint64_t next_word(uint64_t s[4]) {
    const uint64_t sum = s[0] + s[3], word = (sum << 23 | sum >> 41) + s[0], shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3] << 45 | s[3] >> 19;
    return word;
}

/* [8.1] from the words, by the functions of the C library. */
Test(normals, are_those_of_library_functions) {
    enum { LANES = ORDPAR_NORMALS_LANES, TURNS = 20000, GROUP = ORDPAR_NORMALS_GROUP };
    double scale[GROUP], x[GROUP];
    ordpar_normals stream;
    ordpar_normals_init(&stream, 5, 1, ORDPAR_RANDOM_INPUTS, 0);
    cr_assert_eq((int)GROUP, 2 * LANES);
    for (size_t k = 0; k < GROUP; k++)
        scale[k] = (double)(1 + k);
    for (int turn = 0; turn < TURNS; turn++) {
        const ordpar_normals before = stream;
        ordpar_normals_fill(&stream, GROUP, scale, x);
        for (size_t l = 0; l < LANES; l++) {
            uint64_t s[4];
            for (size_t w = 0; w < 4; w++)
                s[w] = before.word[w][l];
            const uint64_t first = next_word(s), second = next_word(s);
            const double u = 1 - (double)(first >> 12) * 0x1p-52, sign = second & 1 ? -1 : 1;
            const double angle = M_PI * ((double)(second >> 12) * 0x1p-52 - 0.5);
            const double r = sign * sqrt(-2 * log(u)), unit = fabs(r);
            CHECK_CLOSE(x[l] / scale[l], r * cos(angle), 2e-15, unit, "cosine, turn %d", turn);
            CHECK_CLOSE(x[LANES + l] / scale[LANES + l], r * sin(angle), 2e-15, unit,
                        "sine, turn %d", turn);
        }
    }
}

/* The same words on every system: those of NumPy's Philox for this key and counter, and those of
 * xoshiro256++ written down in Python, started from NumPy's. */
Test(normals, words) {
    static const uint64_t philox[] = {UINT64_C(0x080519db350b7051), UINT64_C(0x4475ea44a458b1e7),
                                      UINT64_C(0x5770cb3f4576a871), UINT64_C(0x181ca60b9876e4d6)};
    static const uint64_t lanes[ORDPAR_NORMALS_LANES] = {
        UINT64_C(0x2e54544443b1124e), UINT64_C(0x8a064d1a55234ed2), UINT64_C(0x3a5dca4d450dce62),
        UINT64_C(0xde9d37c54f508a12), UINT64_C(0x19b39f56da67c5bf), UINT64_C(0xecf48989729deb56),
        UINT64_C(0xc645d50e78f9d530), UINT64_C(0xa03e7186ed5e7549)};
    enum { NUMBERS = 200 * ORDPAR_NORMALS_LANES };
    double scale[NUMBERS], x[NUMBERS];
    ordpar_random source;
    ordpar_random_init(&source, 1, 2, ORDPAR_RANDOM_INPUTS, 3);
    for (size_t k = 0; k < 4; k++)
        cr_assert_eq(ordpar_random_next(&source), philox[k], "word %zu", k);
    for (size_t k = 0; k < NUMBERS; k++)
        scale[k] = 1;
    ordpar_normals stream;
    ordpar_normals_init(&stream, 1, 2, ORDPAR_RANDOM_INPUTS, 3);
    ordpar_normals_fill(&stream, NUMBERS, scale, x);
    for (size_t l = 0; l < ORDPAR_NORMALS_LANES; l++)
        cr_assert_eq(stream.word[0][l], lanes[l], "lane %zu", l);
}
