// SPDX-License-Identifier: GPL-3.0-or-later
/** Random numbers of the random models; one state a model. */
#ifndef ORDPAR_STRESS_RANDOM_DRAW_H
#define ORDPAR_STRESS_RANDOM_DRAW_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* splitmix64 of Steele, Lea and Flood; the models need no better. */
static inline uint64_t draw_next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline double draw_uniform(uint64_t *state, double low, double high) {
    return low + (high - low) * 0x1p-53 * (double)(draw_next(state) >> 11);
}

static inline size_t draw_whole(uint64_t *state, size_t low, size_t high) {
    return low + (size_t)(draw_next(state) % (high - low + 1));
}

static inline bool draw_chance(uint64_t *state, double p) {
    return draw_uniform(state, 0, 1) < p;
}

/* Numbers of few digits, so that the command line names exactly the same ones. */
static inline double draw_rounded(double value) {
    char text[32];
    snprintf(text, sizeof text, "%.4g", value);
    return strtod(text, NULL);
}

static inline double draw_log_uniform(uint64_t *state, double low, double high) {
    return draw_rounded(exp(draw_uniform(state, log(low), log(high))));
}

#endif
