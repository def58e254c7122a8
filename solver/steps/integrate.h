// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Integration of the order-parameter equations: CVODE's BDF with exact Newton steps (newton.h) and
 * an error control that follows eps_g instead of the state. At lowest order in eta the student
 * vectors are integrated in place of their overlaps (factors.h). Where K = M and a student's output
 * weight is its teacher's, a run changes to deviation coordinates (coordinates.h) once every
 * student is close to a teacher of its own; from there on eps_g is right relatively however small
 * it gets. Not so with weight decay, trained outputs or momentum. The learning rate follows the
 * network's schedule. With a batch fraction the equations are a map, whose steps are made one by
 * one [13.10], alpha their number.
 */
#ifndef ORDPAR_INTEGRATE_H
#define ORDPAR_INTEGRATE_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * Called at each grid point in order. state is a view that lives until it returns; a status other
 * than OK ends the integration with it.
 */
typedef ordpar_status (*ordpar_curve_observer)(void *context, size_t row, double alpha,
                                               double eps_g, const ordpar_overlaps *state,
                                               ordpar_error *err);

/** What a run needs beside overlaps to go on: deviations W_i = J_i - B_n of students from the
 * teachers that they stand beside [10.1], which keep eps_g relatively where the overlaps of J
 * cancel, and what it has seen of saddles, which what rounding can do is estimated from. */
typedef struct {
    size_t *teacher_of;       /**< [K] n of each student i; NULL: there are none */
    ordpar_overlaps overlaps; /**< q and r of the W_i, t; teachers in the caller's numbering */
    double *saddles;     /**< [saddle_count] rounding_limit, then numbers of the solver's own */
    size_t saddle_count; /**< 0: nothing is known */
} ordpar_deviations;

/** NULL and a zeroed one are fine. */
void ordpar_deviations_clear(ordpar_deviations *deviations);

/** Who makes the steps. */
typedef enum {
    /** radau, but cvode for momentum, for 150 order parameters and more, and for rtol above 1e-3
     * of fewer than 512 eigenvalues */
    ORDPAR_INTEGRATOR_AUTO,
    ORDPAR_INTEGRATOR_CVODE, /**< backward differentiation of order 1 to 5 */
    /** Radau IIA of order 13 or 17: a fiftieth of the steps, each of them longer; not with
     * momentum, slow for wide networks (150 order parameters and more) */
    ORDPAR_INTEGRATOR_RADAU
} ordpar_integrator_choice;

/** How an integration is run. */
typedef struct {
    double rtol;           /**< promise: eps_g is right to 10 rtol, relative, ... */
    double atol;           /**< ... or to 10 atol, absolute, where that is larger */
    size_t trained_blocks; /**< the first so many blocks are trained, the others keep their start */
    ordpar_curve_observer observer;            /**< not NULL */
    void (*tick)(void *context, double alpha); /**< called at each step; may be NULL */
    void *context;                             /**< handed to observer, tick and visit */
    /** state holds the overlaps of W = J - B (K = M, v = w, student i near teacher i) at the start;
     * at the end it holds those of J, as always */
    bool start_is_deviation;
    double start_alpha; /**< where state is, >= 0: schedules go on from there */
    /** Receives those of the state that the observer is shown, or visit, and in the end the last
     * ones; where it has some, they are the start, and state is that of J. May be NULL. */
    ordpar_deviations *deviations;
    /** Called after the observer and at points between the rows, some hundred at most, so that a
     * long run can be saved; may be NULL. */
    ordpar_status (*visit)(void *context, double alpha, const ordpar_overlaps *state,
                           ordpar_error *err);
    const volatile sig_atomic_t *stop; /**< ends the run with INTERRUPTED once not 0; may be NULL */
    ordpar_integrator_choice integrator; /**< who makes the steps */
    /** That share out long steps; results do not depend on it. 0: OMP_NUM_THREADS or, without it,
     * one a core; one where it runs within a computation that has threads itself */
    int threads;
} ordpar_integrate_options;

/** What an integration took. */
typedef struct {
    long steps;               /**< accepted */
    long rhs;                 /**< evaluations of the right-hand side */
    long newton_iterations;   /**< in all steps */
    long setups;              /**< of the Newton matrix */
    long error_test_failures; /**< steps that were made again, shorter */
    double deviations_from;   /**< alpha of the change of coordinates; INFINITY: none */
    double deviations_error; /**< relative error of eps_g there that rounding of overlaps makes, and
  that deviations carry on; INFINITY: all of it */
    double depth_error;      /**< estimate of the relative error that has grown in deviations by the
  last row, in proportion to the decades that eps_g has fallen by */
    double rounding_limit;   /**< estimate, to two digits, of the relative error of eps_g that
  rounding    can have made where a saddle amplifies it: what a promise below cannot keep */
    bool by_radau;           /**< it was made by Radau IIA, else by cvode */
    double noise;            /**< absolute error of eps_g that rounding makes, in overlaps */
    size_t tied_students;    /**< students that start the same as another: they stay so for ever */
    size_t tied_teachers;    /**< teachers that the students do not tell apart, for ever */
} ordpar_integrate_stats;

/** The default of the command line. */
#define ORDPAR_DEFAULT_RTOL 1e-8
/** Likewise. */
#define ORDPAR_DEFAULT_ATOL 1e-14

/** Least rtol: below it double precision cannot keep the promise. */
#define ORDPAR_MIN_RTOL 1e-12
/** No row lies beyond: steps as long as all of that meet the end of the range of numbers. */
#define ORDPAR_MAX_ALPHA 1e20

/** Largest rtol: above it the promise means nothing. */
#define ORDPAR_MAX_RTOL 1e-1

/** Errors: INVALID where alpha[count] is not finite, does not ascend (rows may coincide), or begins
 * below start. */
ordpar_status ordpar_alpha_check(double start, const double *alpha, size_t count,
                                 ordpar_error *err);

/**
 * Integrates from state at alpha = options->start_alpha over the ascending grid alpha[count] (alpha
 * >= start_alpha).
 * With tasks [17.1] eps_g is their mean, and the promise is kept for each of them.
 *
 * state: the start; receives the final overlaps. Trained outputs start from network->v; the
 * observer sees them in state->v, and the caller's state->v, if not NULL, receives the final ones.
 * With momentum P starts from state->push; the observer sees its overlaps there, and the caller's,
 * if not NULL, receive the final ones. stats may be NULL. Errors: INVALID (a grid that does not
 * ascend or ends above ORDPAR_MAX_ALPHA, momentum without push where start_alpha is above 0,
 * tolerances out of range, overlaps of another shape, more trained blocks than there are, no
 * observer, at lowest order in eta overlaps that no vectors have), MEMORY, DIVERGED and NUMERICAL
 * (the message names alpha), INTERRUPTED, and what the observer returns.
 */
ordpar_status ordpar_integrate(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               ordpar_overlaps *state, const double *alpha, size_t count,
                               const ordpar_integrate_options *options,
                               ordpar_integrate_stats *stats, ordpar_error *err);

/** A run that takes more steps than this has failed: none that makes sense needs a tenth of it. */
#define ORDPAR_MAX_INTEGRATOR_STEPS 20000000L

/** True if runs of this network may start in deviations: K = M, v = w and the activation has them.
 */
bool ordpar_deviations_exist(const ordpar_network *network);

/** Bytes that an integration needs, for a check before it starts. */
double ordpar_integrate_bytes(const ordpar_network *network, size_t L,
                              ordpar_integrator_choice choice);

ORDPAR_DECLARATIONS_END

#endif
