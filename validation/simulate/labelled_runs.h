// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Runs that train on the labels of a data set. Internal to validation/ and model/.
 */
#ifndef ORDPAR_LABELLED_RUNS_H
#define ORDPAR_LABELLED_RUNS_H

#include "validation/data/label_fit.h"
#include "validation/simulate/simulation.h"

#include <signal.h>

/** Told after each grid point that rows of total are complete. */
typedef void (*ordpar_labelled_progress)(void *context, size_t rows, size_t total);

typedef struct {
    const ordpar_labelled *data;
    const ordpar_label_sums *sums; /* of all of it */
    size_t runs;
    int threads;
    const volatile sig_atomic_t *stop;
    ordpar_labelled_progress progress; /* may be NULL */
    void *context;
} ordpar_labelled_options;

/** True if runs of so many steps have the examples for a segment of each. */
bool ordpar_labelled_in_segments(const ordpar_labelled *data, size_t runs, uint64_t steps);

/**
 * eps_g[row*runs + r] of run r+1 after ordpar_simulation_steps(alpha[row]) steps, each on an
 * example and its label: the r-th segment of the data, in the files' order, or, where the examples
 * do not suffice for that, the first examples of an order of its own. The students start as
 * sampled; the teachers of the simulation play no part.
 *
 * [11.4] eps_g is that of the student's vector against the linear part of the labels, from the
 * examples that the run does not train on: unbiased, so that it may be negative where it is small.
 * For other than linear students it is that of Gaussian fields of the same covariance.
 *
 * Errors: INVALID (more steps than examples; too few are left for the coefficients), MEMORY,
 * DIVERGED, INTERRUPTED; *rows: complete ones, also on INTERRUPTED.
 */
ordpar_status ordpar_labelled_run(const ordpar_simulation *simulation, const double *alpha,
                                  size_t count, const ordpar_labelled_options *options,
                                  double *eps_g, size_t *rows, ordpar_error *err);

/**
 * [11.5] The standard error of a mean over the runs, at an eps_g after `steps` of the `last` steps
 * that runs have: spread, that of independent runs; for examples that runs share, and for the
 * coefficients, which are common to them.
 */
double ordpar_labelled_error(const ordpar_labelled *data, const ordpar_label_fit *fit, size_t runs,
                             uint64_t last, uint64_t steps, double eps_g, double spread);

/** Bytes of the runs. */
double ordpar_labelled_runs_bytes(const ordpar_labelled *data, size_t runs, uint64_t steps);

#endif
