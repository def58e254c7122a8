// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What all runs of a simulation share. Both methods keep K+M rows W (students, then teachers) of
 * `count` numbers, the columns; block b has the columns first[b] .. first[b+1]-1, and the Gram
 * matrix of the rows there is N times the block's overlaps. Method sgd: the columns are the n_b
 * components of the vectors. Method overlap: a factor of the Gram matrix with min(n_b, K+M)
 * columns. With momentum there are K rows P more, and where a step takes several examples K rows A
 * for the sum of their gradients [13.9]: A, P, J, in this order, are the rows that move, and the
 * factor has min(n_b, moved + M) columns. Internal to validation/.
 */
#ifndef ORDPAR_PLAN_H
#define ORDPAR_PLAN_H

#include "validation/simulate/simulation.h"

#include <signal.h>
#include <stdbool.h>

typedef struct {
    ordpar_simulation simulation;
    size_t K, M, L, units; /* units = K + M */
    size_t moved;          /* rows that move: K, 2 K or 3 K */
    size_t examples;       /* of a step */
    bool pushes, gathers;  /* there are rows P; rows A */
    double share;          /* of an example's gradient in the step: 1/B, or N/B [13.10] */
    double pace;           /* steps in a unit of alpha: N, or 1 */
    size_t count, stride;  /* columns; rounded up to whole groups of normals */
    size_t trained;        /* the first so many columns are trained */
    size_t width;          /* K rounded up to a group of fields */
    size_t batch;          /* examples taken together; 1: one after the other */
    bool radial;           /* some block has more components than columns */
    size_t *first;         /* [L+1] */
    double *scale;         /* [stride] sqrt(lambda_b / N); 0 beyond count */
    size_t heads;          /* sets of output weights: tasks */
    double *v;             /* [heads][width] output weights at the start, 0 beyond K */
    double keep;           /* 1 - kappa/N: what a step keeps of J */
    double *hidden;        /* [M*M] a factor of T_perp; NULL: none */
    size_t state_size;     /* bytes of one run's state: plain data, aligned to 64 */
    size_t work_size;      /* bytes of one thread's scratch */
} ordpar_plan;

/** Errors: INVALID (N too large for sgd, kappa >= N), MEMORY. The caller clears *plan. */
ordpar_status ordpar_plan_init(const ordpar_simulation *simulation, ordpar_plan *plan,
                               ordpar_error *err);
void ordpar_plan_clear(ordpar_plan *plan);

/** ordpar_simulation_deviations, or ordpar_simulation_start, that ends with INTERRUPTED once *stop
 * is not 0; it may be NULL. */
ordpar_status ordpar_simulation_draw(const ordpar_simulation *simulation, uint64_t run,
                                     bool deviates, const volatile sig_atomic_t *stop,
                                     ordpar_overlaps *overlaps, ordpar_error *err);

/** From one example of a batch to the next: an odd number of the cache's lines, as rows a multiple
 * of 4096 bytes apart would share their place in it. */
static inline size_t ordpar_plan_batch_stride(const ordpar_plan *plan) {
    const size_t line = 8;
    return plan->batch > 1 ? ((plan->stride + line - 1) / line | 1) * line : plan->stride;
}

/** Degrees of freedom of block b beyond its columns: 0 for sgd and for small blocks. */
double ordpar_plan_freedom(const ordpar_plan *plan, size_t b);

#endif
