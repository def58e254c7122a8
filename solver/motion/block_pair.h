// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * 1 - gamma D with a complex gamma [5.17]. Numbers are kept as two arrays, real and imaginary
 * parts, and what is linear in them, or in the weights, is done to each by block_solve.h; they
 * share the state of the setup and its coefficients. Internal to solver/.
 */
#ifndef ORDPAR_BLOCK_PAIR_H
#define ORDPAR_BLOCK_PAIR_H

#include "base/split_complex.h"
#include "solver/motion/block_solve.h"

#include <complex.h>

typedef struct {
    ordpar_block_solve re, im; /* each with scratch, changes and block sums of its own; w1 is w's */
    double complex gamma;
    ordpar_split w1, w2; /* [K*L], [K*K*L], as in ordpar_block_solve */
} ordpar_block_pair;

/** The numbers from a place on. */
static inline ordpar_split ordpar_split_at(ordpar_split x, size_t place) {
    return (ordpar_split){x.re + place, x.im + place};
}

/** [5.2] Sets w1 for a chunk. */
void ordpar_block_pair_damp(ordpar_block_pair *pair, ordpar_chunk chunk);

/** [5.3] Adds the sums over a chunk for r, from pair->re.r, which is that of the state. */
void ordpar_block_pair_sum_r(ordpar_block_pair *pair, ordpar_chunk chunk);

#endif
