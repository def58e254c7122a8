// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <Random123/philox.h>
#include <string.h>

enum { BUFFER_WORDS = 4 };

void ordpar_random_init(ordpar_random *stream, uint64_t seed, uint64_t run,
                        ordpar_random_purpose purpose, uint64_t index) {
    *stream = (ordpar_random){
        .key = {seed, run}, .counter = {0, index, purpose, 0}, .used = BUFFER_WORDS};
}

uint64_t ordpar_random_next(ordpar_random *stream) {
    if (stream->used == BUFFER_WORDS) {
        philox4x64_ctr_t counter;
        philox4x64_key_t key;
        memcpy(counter.v, stream->counter, sizeof counter.v);
        memcpy(key.v, stream->key, sizeof key.v);
        const philox4x64_ctr_t random = philox4x64(counter, key);
        memcpy(stream->buffer, random.v, sizeof stream->buffer);
        stream->counter[0]++;
        stream->used = 0;
    }
    return stream->buffer[stream->used++];
}

/* GSL's interface: words of 32 bits, uniform doubles in [0, 1) with 53 random bits. */
static void gsl_set(void *state, unsigned long seed) {
    ordpar_random_init(state, seed, 1, ORDPAR_RANDOM_START, 0);
}

static unsigned long gsl_get(void *state) {
    return (unsigned long)(ordpar_random_next(state) >> 32);
}

static double gsl_get_double(void *state) {
    return (double)(ordpar_random_next(state) >> 11) * 0x1p-53;
}

static const gsl_rng_type philox_type = {.name = "philox4x64",
                                         .max = 0xffffffffUL,
                                         .min = 0,
                                         .size = sizeof(ordpar_random),
                                         .set = gsl_set,
                                         .get = gsl_get,
                                         .get_double = gsl_get_double};

gsl_rng ordpar_random_gsl(ordpar_random *stream) {
    return (gsl_rng){.type = &philox_type, .state = stream};
}
