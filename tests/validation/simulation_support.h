// SPDX-License-Identifier: GPL-3.0-or-later
/** What the tests of the simulators share. */
#ifndef ORDPAR_TEST_SIMULATION_SUPPORT_H
#define ORDPAR_TEST_SIMULATION_SUPPORT_H

#include "support.h"
#include "validation/simulate/ensemble.h"
#include "validation/simulate/run.h"

/** One run with all it needs. */
typedef struct {
    ordpar_plan plan;
    void *state, *memory;
    ordpar_run_work work;
} test_run;

/** The simulation of a model; every run draws its own start with the given sigma_J. */
ordpar_simulation simulate_model(const test_model *m, ordpar_method method, double sigma_J);

test_run start_run(const ordpar_simulation *simulation, uint64_t run);

/* With room for batches, whatever the plan chose. */
test_run start_batches(const ordpar_simulation *simulation, uint64_t run);
void clear_run(test_run *r);

/** eps_g[count][runs]; fails the test on an error. */
void run_ensemble(const ordpar_simulation *simulation, const double *alpha, size_t count,
                  size_t runs, double *eps_g);

/** The block overlaps of the rows. The caller clears them. */
ordpar_overlaps overlaps_of(test_run *r);

/** The largest |z| of the means of count quantities, from the sums over runs of them and of their
 * squares, against what is expected. */
double largest_mean_z(size_t count, int runs, const double *sum, const double *square,
                      const double *expected);

/** Two-sample Kolmogorov-Smirnov: sorts both, returns the asymptotic probability of a larger D. */
double two_sample_probability(double *x, size_t n_x, double *y, size_t n_y);

/** The limit law of the Kolmogorov-Smirnov statistic: P(K > k), k = D sqrt(n_eff). */
double kolmogorov_tail(double k);

#endif
