// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * One-pass SGD of a student network on fresh examples of a teacher, one example a step:
 * J_i <- J_i - eta v_i delta g'(x_i) xi / sqrt(N) [8.2]. The network's training [13.5]: J decays by
 * 1 - kappa/N in the same step, v_i <- v_i - (eta_v/N) delta g(x_i) with the same delta, and eta is
 * that of alpha = steps made / N. Momentum [13.7] and steps by the gradients of several examples
 * [13.9], [13.10] likewise by their very rules. With tasks each example is of one, drawn with their
 * probabilities at the same alpha, whose outputs the step takes for v and w [17.4].
 */
#ifndef ORDPAR_SIMULATION_H
#define ORDPAR_SIMULATION_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** Two ways to simulate the same law. */
typedef enum {
    ORDPAR_METHOD_SGD,    /**< N-dimensional weight vectors and inputs, in Sigma's eigenbasis */
    ORDPAR_METHOD_OVERLAP /**< factors of the block Gram matrices alone; the same law [8.3] */
} ordpar_method;

/** Largest N of ORDPAR_METHOD_SGD. */
#define ORDPAR_MAX_SGD_DIM INT64_C(2147483647)
/** Largest number of steps of a run. */
#define ORDPAR_MAX_STEPS UINT64_C(9007199254740992)

/** What is simulated. Everything is kept by reference and must outlive the computation. */
typedef struct {
    const ordpar_spectrum *spectrum; /**< of the inputs */
    const ordpar_network *network;   /**< small_eta is not looked at: SGD has all orders in eta */
    size_t trained_blocks;           /**< the first so many blocks are trained */
    ordpar_method method;            /**< what is simulated */
    const ordpar_overlaps *start;    /**< every run's start; NULL: run r draws its own, as below */
    ordpar_init init;                /**< of drawn starts, see overlaps.h */
    ordpar_teacher teacher;          /**< likewise */
    double sigma_J;                  /**< likewise */
    uint64_t seed;                   /**< run r of any ensemble depends on (seed, r) alone */
    bool keeps_teacher;              /**< all runs have the teacher of teacher_seed */
    uint64_t teacher_seed;           /**< as ordpar_overlaps_start_taught takes it */
} ordpar_simulation;

/**
 * The start of run number `run` (from 1): ordpar_overlaps_start(.., seed, run, ..), or a copy of
 * simulation->start. The teachers of a drawn start resemble each other as the tasks say [17.2];
 * then it is not near the teacher. Errors: as there, INVALID. The caller clears *overlaps.
 */
ordpar_status ordpar_simulation_start(const ordpar_simulation *simulation, uint64_t run,
                                      ordpar_overlaps *overlaps, ordpar_error *err);

/** True if every run draws its own start near the teacher. */
bool ordpar_simulation_is_near_teacher(const ordpar_simulation *simulation);

/**
 * Such a start as the overlaps of W = J - B and B, to their own relative accuracy, however small
 * sigma_J is. Errors: MEMORY, INVALID as above. The caller clears *deviations.
 */
ordpar_status ordpar_simulation_deviations(const ordpar_simulation *simulation, uint64_t run,
                                           ordpar_overlaps *deviations, ordpar_error *err);

/** Bytes that an ensemble of this shape needs, as a double to be safe from overflow. */
double ordpar_simulation_bytes(const ordpar_simulation *simulation, size_t runs, size_t threads,
                               size_t rows);

/** Curves of a run: eps_g, and with tasks [17.1], of which that is the mean, one for each. */
size_t ordpar_simulation_curves(const ordpar_simulation *simulation);

/** Steps in a unit of alpha: N, or 1 where a batch is a fraction of N [13.10]. */
double ordpar_simulation_pace(const ordpar_simulation *simulation);

/** The number of steps that a value of alpha stands for: the nearest whole number to alpha times
 * the pace. */
uint64_t ordpar_simulation_steps(const ordpar_simulation *simulation, double alpha);

ORDPAR_DECLARATIONS_END

#endif
