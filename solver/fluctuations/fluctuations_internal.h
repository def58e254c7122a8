// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ORDPAR_FLUCTUATIONS_INTERNAL_H
#define ORDPAR_FLUCTUATIONS_INTERNAL_H

#include "solver/fluctuations/fluctuations.h"
#include "solver/fluctuations/linearised.h"

/** Steps, short where a row is near and at the start, that end at all rows. */
typedef struct {
    size_t count, room;
    double *alpha; /* [count] where each begins */
    double *h;     /* [count] its length */
} ordpar_fluctuation_steps;

/** Each cut into `parts`. Errors: MEMORY. The caller clears it in every case. */
ordpar_status ordpar_fluctuation_steps_make(const ordpar_fluctuation_problem *problem,
                                            const double *alpha, size_t count, size_t parts,
                                            ordpar_fluctuation_steps *steps, ordpar_error *err);
void ordpar_fluctuation_steps_clear(ordpar_fluctuation_steps *steps);

/** A pass over these steps: variance[count], and with problem->shifts shift[count]. */
typedef struct {
    const ordpar_fluctuation_problem *problem;
    const ordpar_fluctuation_steps *steps;
    const double *alpha; /* [count] */
    size_t count;
    double *variance, *shift;
} ordpar_fluctuation_pass;

/** Calls the observer at the middle of each step and at each row; row: even, the middle of step
 * row/2, odd: its end. */
ordpar_status ordpar_fluctuation_follow(const ordpar_fluctuation_pass *pass,
                                        ordpar_curve_observer observer, void *context,
                                        ordpar_error *err);

ordpar_status ordpar_fluctuation_dense(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                       ordpar_error *err);
ordpar_status ordpar_fluctuation_adjoint(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                         ordpar_error *err);

#endif
