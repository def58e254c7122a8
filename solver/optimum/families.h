// SPDX-License-Identifier: GPL-3.0-or-later
/** Learning rates of a few numbers, and the best of each kind: what an optimum is compared with.
 * Internal to the project. */
#ifndef ORDPAR_FAMILIES_H
#define ORDPAR_FAMILIES_H

#include "solver/optimum/costate.h"
#include "solver/optimum/simplex.h"

#include <stdbool.h>

/** What a member is made into; the schedule refers to alpha and rates. */
typedef struct {
    ordpar_network network;
    double least; /* rate */
    double alpha[2], rates[2];
} ordpar_member;

/** One that is not yet set, of rates up to eta_max. */
ordpar_member ordpar_member_of(const ordpar_costate_problem *problem, const ordpar_network *network,
                               double eta_max);

/** A kind, as a row. */
typedef struct {
    const char *name;
    const char *numbers[ORDPAR_SIMPLEX_MOST]; /* their names; NULL from the last on */
    bool schedules;                           /* all its numbers are of the learning rate */
    /** False where the network has something of the kind already. NULL: always true. */
    bool (*suits)(const ordpar_network *network);
    /** The member of x, from 0 to 1 each: its network, and its numbers. */
    void (*set)(const double *x, double eta_max, double until, ordpar_member *member,
                double *numbers);
} ordpar_family;

/** constant, linear, power; weight-decay and momentum with a constant rate each. Where all but its
 * first number is x = 0, a member of power, weight-decay or momentum is the constant one. */
extern const ordpar_family ordpar_families[];
extern const size_t ordpar_family_count;

/** The best member. */
typedef struct {
    double numbers[ORDPAR_SIMPLEX_MOST];
    double eps_g;
    double x[ORDPAR_SIMPLEX_MOST];
} ordpar_family_best;

size_t ordpar_family_numbers(const ordpar_family *family);

/** eps_g at problem->until of a run of a network. Errors: those of ordpar_integrate. */
ordpar_status ordpar_end_error(const ordpar_costate_problem *problem, const ordpar_network *network,
                               double *eps_g, ordpar_error *err);

/** Finds it, for rates up to eta_max; also[] is looked at besides, or NULL. Errors: those of
 * ordpar_end_error, but DIVERGED. */
ordpar_status ordpar_family_minimise(const ordpar_family *family,
                                     const ordpar_costate_problem *problem,
                                     const ordpar_network *network, double eta_max,
                                     const double *also, ordpar_family_best *best,
                                     ordpar_error *err);

#endif
