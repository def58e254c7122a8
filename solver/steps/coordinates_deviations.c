// SPDX-License-Identifier: GPL-3.0-or-later
/* Deviation coordinates: eps_g is right relatively at any depth. [10.1], [10.6] */
#include "solver/steps/coordinates.h"

#include "solver/motion/deviation.h"

#include <math.h>

/* q is of second order in W, r of first. */
static double unit(const ordpar_network *network, const double *c) {
    const size_t n = network->K + network->M;
    double largest = 0;
    for (size_t i = 0; i < network->K; i++)
        largest = fmax(largest, c[i * n + i]);
    return largest > 0 ? ldexp(1, ilogb(largest) / 2) : 1;
}

static ordpar_status watch(const ordpar_network *network, const ordpar_overlaps *start,
                           ordpar_watch *watch, ordpar_error *err) {
    (void)network, (void)start, (void)err; /* no saddles are near a solution */
    *watch = (ordpar_watch){0};
    return ORDPAR_OK;
}

/* Outputs are not trained here. */
static void tolerances(const ordpar_tolerance *tolerance, const ordpar_point *at,
                       ordpar_watch *watch, ordpar_local_tolerances *local) {
    (void)watch;
    ordpar_tolerance_deviations(tolerance, at->flow, at->network, at->y, at->eps_g, local->r,
                                local->q);
}

const ordpar_coordinates ordpar_deviation_coordinates = {.name = "deviations",
                                                         .evaluate = ordpar_deviation_evaluate,
                                                         .jacobian = ordpar_deviation_jacobian,
                                                         .pairs = ordpar_deviation_pairs,
                                                         .differentiate_F =
                                                             ordpar_deviation_differentiate_F,
                                                         .along = ordpar_deviation_along,
                                                         .error = ordpar_deviation_error,
                                                         .unit = unit,
                                                         .watch = watch,
                                                         .tolerances = tolerances};
