// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Counter-based random streams (Philox 4x64-10). A stream is named by (seed, run, purpose, index)
 * and nothing else, so results depend neither on threads nor on the order of use.
 */
#ifndef ORDPAR_RANDOM_H
#define ORDPAR_RANDOM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

/** What a stream is for: streams of different purposes are independent. */
typedef enum {
    ORDPAR_RANDOM_START = 1,   /**< the sampled start; index: block */
    ORDPAR_RANDOM_FRAME = 2,   /**< explicit vectors that realise a start; index: block */
    ORDPAR_RANDOM_INPUTS = 3,  /**< training examples */
    ORDPAR_RANDOM_LABELS = 4,  /**< label noise */
    ORDPAR_RANDOM_SPECTRUM = 5 /**< matrices whose spectrum is wanted; index: matrix */
} ordpar_random_purpose;

typedef struct {
    uint64_t key[2];
    uint64_t counter[4];
    uint64_t buffer[4];
    unsigned used; /* how many words of buffer were given out */
} ordpar_random;

/** Puts the stream at its beginning. */
void ordpar_random_init(ordpar_random *stream, uint64_t seed, uint64_t run,
                        ordpar_random_purpose purpose, uint64_t index);

/** The next 64 random bits. */
uint64_t ordpar_random_next(ordpar_random *stream);

/** The stream as a GSL generator, for the gsl_ran_* distributions; it lives as long as *stream. */
gsl_rng ordpar_random_gsl(ordpar_random *stream);

#endif
