// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Methods of integration for stiff equations dy/dalpha = f(alpha, y) that can solve with
 * 1 - gamma df/dy, as tables of functions. Internal to solver/.
 */
#ifndef ORDPAR_INTEGRATOR_H
#define ORDPAR_INTEGRATOR_H

#include "solver/steps/integrate.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

/** The equations: y[size]. Where an int is returned: 0 done, > 0 a smaller step may help, < 0 give
 * up. */
typedef struct {
    void *context; /* handed to all of them */
    size_t size;
    double rtol; /* of the run, a hint at what order suits it */
    /** Writes y where the integration starts. */
    void (*start)(void *context, double *y);
    int (*rate)(void *context, double alpha, const double *y, double *dy);
    /** The inverses of the tolerances of a step's errors: their norm is the root of their mean
     * square. Called once a step, with the alpha and the y that it goes out from. */
    int (*weights)(void *context, double alpha, const double *y, double *weights);
    /** Told of states inside long steps, in order, which no call of weights sees. NULL: of none. */
    void (*pass)(void *context, const double *y);
    /** NULL, or a function that crosses zero where the integration is to stop. */
    double (*event)(void *context, const double *y);
    /** NULL, or told before a call of weights that its y is that of the last call of event, after
     * which there was none of rate and setup. A method need not. */
    void (*same)(void *context);
    /** Makes ready for x <- (1 - gamma df/dy)^-1 x, until the next setup. */
    int (*setup)(void *context, double alpha, const double *y, double gamma);
    void (*solve)(void *context, double *x);
    /** Beside the real gamma, makes ready for complex ones, and x <- (1 - gamma_k df/dy)^-1 x of
     * each. Methods with pairs = 0 do not ask for it. */
    int (*setup_stages)(void *context, double alpha, const double *y, double gamma, size_t pairs,
                        const double complex *gammas);
    void (*solve_pair)(void *context, size_t k, double *re, double *im);
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
