// SPDX-License-Identifier: GPL-3.0-or-later
/** The promise of --rtol on one model: against a run with a tolerance a thousand times tighter, or
 * exact numbers. */
#ifndef ORDPAR_STRESS_PROMISE_H
#define ORDPAR_STRESS_PROMISE_H

#include "solver/steps/integrate.h"

#define PROMISE_RTOL 1e-6
#define PROMISE_ATOL 1e-14

enum { PROMISE_ROWS = 16, PROMISE_UNITS = 12 };

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    const ordpar_overlaps *start;
    bool start_is_deviation;
    size_t trained_blocks;
    const double *alpha; /* [rows] */
    size_t rows;
    double
        seconds; /* models that take more of the processor's time are left out; 0: fail after 60 */
    ordpar_integrator_choice integrator;
    const double *exact; /* [rows] eps_g in arbitrary precision; NULL: a tighter run instead */
} promise_run;

typedef struct {
    bool failed;
    bool diverged, ended; /* where the equations may */
    bool left_out;        /* it took more than seconds */
    bool noted;           /* the run says that rounding may break the promise */
    double error;         /* of eps_g, in units of the promise, or of what the note says */
    double least;         /* eigenvalue of a Gram matrix, in units of what a block may err by */
    char text[768];       /* why it failed */
} promise_verdict;

/** The integrator of a name that comes last among arguments: cvode or radau; none: auto. */
ordpar_integrator_choice promise_integrator(int argc, char **argv);

promise_verdict promise_check(const promise_run *run);

/** Growth without bound is a result, where the activation is not bounded and eta is above critical;
 * not of gradient flow. */
bool promise_may_diverge(const ordpar_network *network);

#endif
