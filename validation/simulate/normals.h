// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Standard normal numbers in bulk [8.1]: eight lanes of xoshiro256++ (Blackman and Vigna), each
 * started from the Philox stream (seed, run, purpose, index), turned into normals by the Box-Muller
 * transform in double precision. docs/validation.md has the speed; the tests have the moments and
 * the distribution.
 */
#ifndef ORDPAR_NORMALS_H
#define ORDPAR_NORMALS_H

#include "base/random.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ORDPAR_NORMALS_LANES = 8,
    ORDPAR_NORMALS_GROUP = 2 * ORDPAR_NORMALS_LANES /**< numbers come in groups of so many */
};

/** The stream's state: plain data, to be copied and saved as it is. */
typedef struct {
    uint64_t word[4][ORDPAR_NORMALS_LANES];
} ordpar_normals;

/** count rounded up to whole groups. */
static inline size_t ordpar_normals_round(size_t count) {
    const size_t group = ORDPAR_NORMALS_GROUP;
    return (count + group - 1) / group * group;
}

/** Puts the stream at its beginning. */
void ordpar_normals_init(ordpar_normals *stream, uint64_t seed, uint64_t run,
                         ordpar_random_purpose purpose, uint64_t index);

/**
 * out[k] = scale[k] g_k with the next independent g_k ~ N(0,1), for k < count. count must be a
 * multiple of ORDPAR_NORMALS_GROUP; scale[count] and out[count] must not overlap.
 */
void ordpar_normals_fill(ordpar_normals *stream, size_t count, const double *scale, double *out);

#endif
