// SPDX-License-Identifier: GPL-3.0-or-later
/** The theory that an ensemble is compared with. */
#ifndef ORDPAR_THEORY_H
#define ORDPAR_THEORY_H

#include "base/declarations.h"
#include "solver/steps/integrate.h"
#include "validation/simulate/simulation.h"

#include <signal.h>

ORDPAR_DECLARATIONS_BEGIN

/** The kinds of theory. */
typedef enum {
    ORDPAR_AGAINST_ODE,      /**< the equations of motion, N -> infinity at fixed L [4.5, 4.6] */
    ORDPAR_AGAINST_FINITE_N, /**< the exact mean at finite N of linear units [6.5, 6.10] */
    ORDPAR_AGAINST_SHIFTED   /**< ODE, and what finite N adds to the mean in first order [19.4] */
} ordpar_against;

/** How theory curves are computed. */
typedef struct {
    ordpar_against against;              /**< the kind of theory */
    double rtol;                         /**< of the integration, see integrate.h */
    double atol;                         /**< likewise */
    ordpar_integrator_choice integrator; /**< likewise */
    int threads;                         /**< 0: one a core */
    const volatile sig_atomic_t *stop;   /**< may be NULL */
    /** called after a column, of how many are done, in the calling thread; may be NULL */
    void (*progress)(void *context, size_t done, size_t count);
    void *context; /**< for progress */
    bool at_alpha; /**< at alpha itself, not at a whole number of steps */
    /** [count][columns] with SHIFTED: receives the variance of runs about each curve [19.3], in
     * first order of 1/N; may be NULL */
    double *variance;
    /** [count][count], likewise: of the values of a run at different rows, the first curve's
     * [19.7]; may be NULL */
    double *covariance;
    /** of ODE and SHIFTED: receives those of all curves, counts added up, of what is uncertain the
     * most (the least deviations_from); may be NULL */
    ordpar_integrate_stats *stats;
    /** where the curves diverge or end before the last row: receives how many rows all have; may be
     * NULL */
    size_t *rows;
} ordpar_theory_options;

/**
 * How many different theory curves `runs` runs have: one each where the equations of motion begin
 * at starts that differ, else 1.
 */
size_t ordpar_theory_columns(const ordpar_simulation *simulation, ordpar_against against,
                             size_t runs);

/**
 * theory[(row*curves + k)*columns + r], k and curves as of ordpar_ensemble_run, at the values that
 * the runs are measured at, steps / N with ordpar_simulation_steps(alpha[row]), or at alpha with
 * options->at_alpha: the curve of run r+1's own start, or with one column that of all; alpha[count]
 * ascending. The exact mean at finite N is also a mean over sampled starts. Errors: INVALID (a grid
 * as of ordpar_alpha_check, finite N with an activation that is not linear, or with a training that
 * is not plain), and those of the integration.
 */
ordpar_status ordpar_theory_curves(const ordpar_simulation *simulation, const double *alpha,
                                   size_t count, size_t columns,
                                   const ordpar_theory_options *options, double *theory,
                                   ordpar_error *err);

/**
 * What eps_g must exceed for theory and simulation to be more than rounding: the larger of 10 atol,
 * to which the equations of motion are promised, and of the simulation's rounding, some epsilons
 * times the square of the outputs. Where both sides are taken from J - B and keep their relative
 * accuracy (starts near the teacher, erf units and a linear unit whose output weights are the
 * teacher's) epsilon counts squared, and atol does not.
 */
double ordpar_theory_floor(const ordpar_simulation *simulation,
                           const ordpar_theory_options *options);

ORDPAR_DECLARATIONS_END

#endif
