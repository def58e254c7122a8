// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * How far single runs of SGD stray from the equations of motion at finite N, in first order of 1/N
 * [19.1]-[19.9]: the variance of eps_g over runs from one start, and the shift of their mean.
 */
#ifndef ORDPAR_FLUCTUATIONS_H
#define ORDPAR_FLUCTUATIONS_H

#include "solver/steps/integrate.h"

/** One row. */
typedef struct {
    double variance; /* N var(eps_g) over runs from this start; NAN: not known to half of itself,
                        as where eps_g is so small that its sums over overlaps cancel */
    double variance_error; /* estimate of what the steps' length, or rounding, makes of it */
    double shift; /* N (mean of eps_g - that of the equations); NAN: not asked for, or not known */
    double shift_error;
} ordpar_fluctuation;

typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network; /* as ordpar_fluctuations_check takes it */
    size_t trained_blocks;
    const ordpar_overlaps *start; /* at alpha = 0 */
    double rtol, atol;
    bool shifts; /* by the dense covariance, at a cost of L^2 a step; else the adjoint, linear in L
                  */
    double *covariance; /* [count][count] with shifts: receives N cov of the rows' eps_g in a run
                           [19.7]; may be NULL */
    double finer;       /* steps so many times shorter than usual; 0: 1 */
    const volatile sig_atomic_t *stop; /* may be NULL */
    int threads;                       /* as ordpar_integrate_options have it */
} ordpar_fluctuation_problem;

/** Refuses what has no such averages. Errors: INVALID. */
ordpar_status ordpar_fluctuations_check(const ordpar_network *network, ordpar_error *err);

/** Curves of a row: eps_g and, of tasks with shifts, of which that is the mean, one for each. */
size_t ordpar_fluctuations_curves(const ordpar_fluctuation_problem *problem);

/** Numbers of the state: what a row of the dense covariance has. */
size_t ordpar_fluctuations_numbers(const ordpar_network *network, size_t L);

/** rows[count][curves] at alpha[count], ascending from 0 or above. Errors: INVALID, MEMORY,
 * NUMERICAL, INTERRUPTED, and those of the integration. */
ordpar_status ordpar_fluctuations(const ordpar_fluctuation_problem *problem, const double *alpha,
                                  size_t count, ordpar_fluctuation *rows, ordpar_error *err);

/** Bytes that it needs, about. */
double ordpar_fluctuations_bytes(const ordpar_fluctuation_problem *problem, size_t count);

#endif
