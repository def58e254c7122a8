// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Methods of integration for stiff equations dy/dalpha = f(alpha, y) that can solve with
 * 1 - gamma df/dy, as tables of functions. Internal to solver/.
 */
#ifndef ORDPAR_INTEGRATOR_H
#define ORDPAR_INTEGRATOR_H

#include "base/split_complex.h"
#include "base/team.h"
#include "solver/steps/integrate.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

/** Numbers first .. first + count - 1 of y. */
typedef struct {
    size_t first, count;
} ordpar_range;

/**
 * y as pieces, which know of each other only by sums over all of them: what methods with stages
 * work on. All calls take the context of the equations. Those with a member work on one piece, at
 * which y, dy, x and out begin; members 0, 1, .. may do so at the same time. Sums are added to
 * what is there; the numbers that they have stand beside. Integers as below.
 */
typedef struct {
    size_t count;
    ordpar_team *team; /* whose members share them out; NULL: there is one */
    /** All but the last have whole lines of numbers (base/kernels.h). */
    ordpar_range (*place)(void *context, size_t piece);

    size_t state_sums; /* that a state is known by */
    void (*add_state)(void *context, size_t member, size_t piece, const double *y, double *sums);
    /** Makes ready for dy/dalpha of that state, as one of ORDPAR_MOST_SLOTS. */
    int (*set_rate)(void *context, size_t slot, double alpha, const double *sums);
    void (*rate)(void *context, size_t member, size_t piece, size_t slot, const double *y,
                 double *dy);
    /** As `event` below, which there is or is not. */
    double (*event)(void *context, const double *sums);
    /** Told of states inside long steps, in order, which no call of weights sees. NULL: of none. */
    void (*pass)(void *context, const double *sums);
    /** Told before a call of weights, of the same state. */
    void (*know)(void *context, const double *sums);

    /** Makes ready for x <- (1 - gamma_k df/dy)^-1 x, k = 0 real and k > 0 complex ones, at the
     * state of these sums: in three parts, of which the second sees the state itself. */
    size_t jacobian_sums;
    int (*begin_setup)(void *context, double alpha, const double *sums, double gamma, size_t pairs,
                       const double complex *gammas);
    void (*add_jacobian)(void *context, size_t member, size_t piece, const double *y, double *sums);
    int (*end_setup)(void *context, const double *sums);

    /** The solves, likewise, with sums for each k. k = 0: imaginary parts are not used. out may be
     * x. */
    size_t solve_sums;
    void (*add_solve)(void *context, size_t member, size_t piece, size_t k, ordpar_split x,
                      double *sums);
    void (*couple)(void *context, size_t k, double *sums);
    void (*solve)(void *context, size_t member, size_t piece, size_t k, ordpar_split x,
                  ordpar_split out);
} ordpar_pieces;

/** Sums over pieces are sums of so many parts at most, which members share out. */
enum { ORDPAR_MOST_SLOTS = 10, ORDPAR_MOST_PARTS = 64 };

/** The equations: y[size]. Where an int is returned: 0 done, > 0 a smaller step may help, < 0 give
 * up. */
typedef struct {
    void *context; /* handed to all of them */
    size_t size;
    double rtol; /* of the run, a hint at what order suits it */
    bool smooth; /* the rates are, with derivatives that do not grow where something is small */
    /** Writes y where the integration starts. */
    void (*start)(void *context, double *y);
    int (*rate)(void *context, double alpha, const double *y, double *dy);
    /** The inverses of the tolerances of a step's errors: their norm is the root of their mean
     * square. Called once a step, with the alpha and the y that it goes out from. */
    int (*weights)(void *context, double alpha, const double *y, double *weights);
    /** NULL, or a function that crosses zero where the integration is to stop. */
    double (*event)(void *context, const double *y);
    /** NULL, or told before a call of weights that its y is that of the last call of event, after
     * which there was none of rate and setup. A method need not. */
    void (*same)(void *context);
    /** Makes ready for x <- (1 - gamma df/dy)^-1 x, until the next setup. */
    int (*setup)(void *context, double alpha, const double *y, double gamma);
    void (*solve)(void *context, double *x);
    ordpar_pieces pieces; /* methods with pairs = 0 do not ask for them, nor the others for setup
                             and solve */
} ordpar_ode;

/** Why an integration has stopped. */
typedef enum {
    ORDPAR_ADVANCE_REACHED, /* the alpha asked for */
    ORDPAR_ADVANCE_STOPPED, /* at the alpha that no step was to pass */
    ORDPAR_ADVANCE_EVENT,   /* where the event is zero */
    ORDPAR_ADVANCE_FAILED
} ordpar_advance;

/** What an integration took. */
typedef struct {
    long steps; /* accepted */
    long rates;
    long iterations; /* of Newton's method */
    long setups;
    long failures; /* steps that were made again, shorter */
} ordpar_integrator_counts;

/** A method. */
typedef struct {
    const char *name;
    size_t vectors; /* as long as y, that it needs about */
    double floor;   /* what its roundings of overlaps come to in eps_g, whatever the tolerances */
    size_t pairs;   /* complex gamma that it sets up at once, at the most */
    /** Starts at alpha. ode is copied. NULL if out of memory. */
    void *(*create)(const ordpar_ode *ode, double alpha);
    /** Goes on to alpha, or to `stop`, which no step passes (INFINITY: none), or to the event,
     * whichever comes first; *reached is where it stands. */
    ordpar_advance (*advance)(void *method, double alpha, double stop, double *reached);
    /** Begins anew from the present y at alpha, where it stands: the rates jump there. False if out
     * of memory. */
    bool (*restart)(void *method, double alpha);
    /** y there; lives until the next call. */
    const double *(*state)(const void *method);
    /** Where the steps stand, at or beyond what was reached. */
    double (*alpha)(const void *method);
    /** y[size] at an alpha inside the last step; false if it is not, or out of memory. */
    bool (*interpolate)(void *method, double alpha, double *y);
    /** What the method calls the failure of the last advance, as a text of size bytes. */
    void (*reason)(const void *method, size_t size, char *text);
    /** The counts since create, restarts or not. */
    ordpar_integrator_counts (*stats)(const void *method);
    void (*free)(void *method);
} ordpar_integrator;

/** Variable-order backward differentiation formulas, by SUNDIALS. */
extern const ordpar_integrator ordpar_integrator_cvode;

/** Radau IIA of order 13 or 17 [5.18]. */
extern const ordpar_integrator ordpar_integrator_radau;

/** The method for runs of a network with L eigenvalues: what was asked for, where it exists. */
const ordpar_integrator *ordpar_integrator_for(const ordpar_network *network, size_t L, double rtol,
                                               ordpar_integrator_choice choice);

#endif
