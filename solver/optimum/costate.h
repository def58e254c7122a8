// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * How eps_g at the end of a run depends on the learning rate at every alpha before it [13.20]: one
 * run forwards, one of the costate backwards, at a cost linear in L. Internal to the project.
 */
#ifndef ORDPAR_COSTATE_H
#define ORDPAR_COSTATE_H

#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

#include <signal.h>

/** What is run; all by reference. */
typedef struct {
    const ordpar_spectrum *spectrum;
    size_t trained_blocks;
    const ordpar_overlaps *start;              /* at alpha = 0 */
    double until;                              /* eps_g is that of alpha = until > 0 */
    double rtol, atol;                         /* as of ordpar_integrate */
    void (*tick)(void *context, double alpha); /* at each step; may be NULL */
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
} ordpar_costate_problem;

typedef struct ordpar_costate ordpar_costate;

/**
 * Runs forwards. The network's schedule is a table whose rows go from 0 to until; it and the
 * problem must outlive *costate, which the caller frees. Errors: INVALID, MEMORY, DIVERGED,
 * NUMERICAL, INTERRUPTED.
 */
ordpar_status ordpar_costate_run(const ordpar_costate_problem *problem,
                                 const ordpar_network *network, ordpar_costate **costate,
                                 double *eps_g, ordpar_error *err);

/**
 * Runs backwards: gradient[rows], the derivatives of eps_g by the rates in the rows of the
 * schedule, and curvature[rows], the part of the second derivatives by each that the noise of its
 * own steps makes, or NULL. Errors: MEMORY, NUMERICAL, INTERRUPTED.
 */
ordpar_status ordpar_costate_gradient(ordpar_costate *costate, double *gradient, double *curvature,
                                      ordpar_error *err);

void ordpar_costate_free(ordpar_costate *costate);

/** How fast the fastest thing moves, about, at the learning rate 1. */
double ordpar_costate_pace(const ordpar_costate_problem *problem, const ordpar_network *network);

/** Bytes that a run with its states takes, about, for a check before it starts. */
double ordpar_costate_bytes(const ordpar_network *network, size_t L);

#endif
