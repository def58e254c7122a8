// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ORDPAR_FLUCTUATIONS_INTERNAL_H
#define ORDPAR_FLUCTUATIONS_INTERNAL_H

#include "solver/fluctuations/fluctuations.h"
#include "solver/fluctuations/linearised.h"

/** Where the equations of motion are wanted: in the middle of a step, or at a row. */
typedef struct {
    double alpha;
    double h;    /* the step's length; 0: a row */
    size_t row;  /* of the adjoint's steps: whose they are, or NOT_ONE: of all rows that joined */
    size_t step; /* in the order of the steps of its kind and row */
} ordpar_fluctuation_event;

#define ORDPAR_FLUCTUATION_NOT_ONE SIZE_MAX

/** In ascending order. */
typedef struct {
    size_t count, room;
    ordpar_fluctuation_event *event;
    size_t
        *join; /* [rows] how many of the common steps come before the row's own; NULL: forwards */
    size_t common; /* how many of those there are */
} ordpar_fluctuation_events;

/** A pass over them: variance[count][curves], rounding likewise, what is rounding of it, and with
 * problem->shifts shift[count][curves]. */
typedef struct {
    const ordpar_fluctuation_problem *problem;
    const ordpar_fluctuation_events *events;
    const double *alpha; /* [count] */
    size_t count, curves;
    double *variance, *rounding, *shift;
} ordpar_fluctuation_pass;

/** Steps from row to row, each cut into `parts`. Errors: MEMORY. The caller clears them in every
 * case. */
ordpar_status ordpar_fluctuation_events_forwards(const ordpar_fluctuation_problem *problem,
                                                 const double *alpha, size_t count, size_t parts,
                                                 ordpar_fluctuation_events *events,
                                                 ordpar_error *err);

/** Steps in common, and steps of each row's own, which begin short at the row and end at a step in
 * common as soon as they are as long. */
ordpar_status ordpar_fluctuation_events_backwards(const ordpar_fluctuation_problem *problem,
                                                  const double *alpha, size_t count, size_t parts,
                                                  ordpar_fluctuation_events *events,
                                                  ordpar_error *err);
void ordpar_fluctuation_events_clear(ordpar_fluctuation_events *events);

/** Calls the observer at each event. */
ordpar_status ordpar_fluctuation_follow(const ordpar_fluctuation_pass *pass,
                                        ordpar_curve_observer observer, void *context,
                                        ordpar_error *err);

/** a[size] = the gradient of eps_g by the state, of a curve's gradient[G] by g. */
void ordpar_fluctuation_gradient(const ordpar_linearised *l, const double *gradient, double *a);

ordpar_status ordpar_fluctuation_dense(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                       ordpar_error *err);
ordpar_status ordpar_fluctuation_adjoint(const ordpar_fluctuation_pass *pass, ordpar_linearised *l,
                                         ordpar_error *err);

#endif
