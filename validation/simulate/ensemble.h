// SPDX-License-Identifier: GPL-3.0-or-later
/** Many runs of a simulation, on all cores, with the generalization error of each on a grid. */
#ifndef ORDPAR_ENSEMBLE_H
#define ORDPAR_ENSEMBLE_H

#include "base/declarations.h"
#include "validation/data/examples.h"
#include "validation/simulate/simulation.h"

#include <signal.h>

ORDPAR_DECLARATIONS_BEGIN

/** Told after each grid point that rows of total are complete. */
typedef void (*ordpar_ensemble_progress)(void *context, size_t rows, size_t total);

/**
 * Shown the covariance c[K+M][K+M] of the local fields (students, then teachers) of run r+1 at a
 * grid point; called from several threads at once, for different (row, r).
 */
typedef void (*ordpar_ensemble_observer)(void *context, size_t row, size_t r, const double *c);

/** Told why the checkpoint cannot be written, the first time; the work goes on. */
typedef void (*ordpar_ensemble_warning)(void *context, const char *reason);

/** What the checkpoint has where the last save has failed. */
typedef struct {
    ordpar_error reason; /**< no message: it has all rows that are complete */
    size_t rows;         /**< 0: nothing that the work would go on from */
} ordpar_ensemble_unsaved;

/** How an ensemble is run. */
typedef struct {
    size_t runs;                       /**< runs 1..runs */
    int threads;                       /**< 0: one a core */
    const char *checkpoint;            /**< file to save to and to resume from; may be NULL */
    const volatile sig_atomic_t *stop; /**< ends after the current grid point, or a second later,
                                            also in the midst of a step of many examples; while
                                            starts are drawn at once; may be NULL */
    ordpar_ensemble_progress progress; /**< may be NULL */
    ordpar_ensemble_warning warning;   /**< may be NULL */
    void *context;                     /**< handed to progress and warning */
    ordpar_examples *examples;         /**< train on these, method sgd; NULL: on drawn inputs */
    ordpar_ensemble_observer observer; /**< may be NULL */
    void *observer_context;            /**< handed to observer */
    ordpar_ensemble_unsaved *unsaved;  /**< receives how saving went; may be NULL */
} ordpar_ensemble_options;

/**
 * eps_g[(row*curves + k)*runs + r], k from 0 to curves - 1, curves = ordpar_simulation_curves();
 * one without tasks: the generalization error of run r+1 at ordpar_simulation_steps(alpha[row])
 * steps, from the exact overlaps of its vectors then. alpha[count]: ascending, >= 0. *rows receives
 * how many rows are complete, also on INTERRUPTED and DIVERGED. The numbers do not depend on
 * `threads`, nor on whether the work was resumed from a checkpoint.
 *
 * With `examples` all runs see the same examples in the same order, each once, and differ by their
 * starts; eps_g is that of Gaussian inputs with the covariance of the spectrum, which for linear
 * units is the error on all inputs of this covariance. There is then no checkpoint.
 *
 * The checkpoint is replaced as a whole at each grid point. If the file is there at the start, the
 * work goes on from it. Meanwhile checkpoint.lock keeps other runs from it, which end with IO.
 * Where fewer than `threads` can be made, there are fewer.
 *
 * Errors: INVALID (a start without vectors, N too large for sgd, alpha N above ORDPAR_MAX_STEPS or
 * the number of examples, examples with the method overlap or a checkpoint), MEMORY, DIVERGED (an
 * eps_g that is not finite, or above 1e100; the message names the first run that did, its alpha and
 * how many survived), INTERRUPTED, IO and PARSE
 * (the checkpoint).
 */
ordpar_status ordpar_ensemble_run(const ordpar_simulation *simulation, const double *alpha,
                                  size_t count, const ordpar_ensemble_options *options,
                                  double *eps_g, size_t *rows, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
