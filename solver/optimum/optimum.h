// SPDX-License-Identifier: GPL-3.0-or-later
/** The learning rate, as a function of alpha, that makes eps_g at the end least [13.21]. Internal
 * to the project. */
#ifndef ORDPAR_OPTIMUM_H
#define ORDPAR_OPTIMUM_H

#include "solver/optimum/costate.h"

enum { ORDPAR_OPTIMUM_LEAST_KNOTS = 2, ORDPAR_OPTIMUM_MOST_KNOTS = 4096 };

/** Who is told of the search, with the steps made and eps_g; tell may be NULL. */
typedef struct {
    void (*tell)(void *context, int steps, double eps_g);
    void *context;
} ordpar_optimum_watch;

/**
 * [13.21] The optimum among the tables of `knots` rows from 0 to problem->until, linear between
 * them, with rates from 0 to eta_max. Where the rows stand follows the optimum of half as many.
 * network: its own schedule is what the search begins with. *schedule, zeroed before, is the
 * caller's to clear; *eps_g is its end, to 10 problem->rtol, and *steps what the search took.
 * Errors: those of ordpar_costate_run.
 */
ordpar_status ordpar_optimum_find(const ordpar_costate_problem *problem,
                                  const ordpar_network *network, double eta_max, size_t knots,
                                  const ordpar_optimum_watch *watch, ordpar_schedule *schedule,
                                  double *eps_g, int *steps, ordpar_error *err);

#endif
