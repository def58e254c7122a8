// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/coordinates.h"

static void pairs(const ordpar_network *network, const double *c, ordpar_coefficient_work *work,
                  ordpar_pair_derivatives *pairs) {
    ordpar_pair_derivatives_set(network, c, work, pairs);
}

static void along(const ordpar_pair_derivatives *pairs, double *m, double *dA, double *dG) {
    ordpar_pair_derivatives_apply(pairs, m, dA, dG);
}

static double unit(const ordpar_network *network, const double *c) {
    (void)network, (void)c;
    return 1;
}

static ordpar_status watch(const ordpar_network *network, const ordpar_overlaps *start,
                           ordpar_watch *watch, ordpar_error *err) {
    const ordpar_status status = ordpar_symmetry_init(network, start, &watch->symmetry, err);
    return status ? status
                  : ordpar_saddle_init(network, start, &watch->symmetry, &watch->saddle, err);
}

static void tolerances(const ordpar_tolerance *tolerance, const ordpar_point *at,
                       ordpar_watch *watch, ordpar_local_tolerances *local) {
    ordpar_saddle_watch(&watch->saddle, at->c, at->network->v);
    ordpar_saddle_watch_error(&watch->saddle, at->alpha, at->eps_g, tolerance->atol);
    local->unit = watch->saddle.unit;
    ordpar_tolerance_overlaps(tolerance, at->flow, at->network, at->c, at->y, at->eps_g,
                              &watch->saddle, local->r, local->q);
    ordpar_tolerance_outputs(tolerance, at->flow, at->network, at->c, at->eps_g, &watch->saddle,
                             local->outputs);
}

const ordpar_coordinates ordpar_overlap_coordinates = {.name = "overlaps",
                                                       .next = &ordpar_deviation_coordinates,
                                                       .evaluate = ordpar_coefficients_evaluate,
                                                       .jacobian = ordpar_coefficients_jacobian,
                                                       .pairs = pairs,
                                                       .differentiate_F =
                                                           ordpar_coefficients_differentiate_F,
                                                       .along = along,
                                                       .error = ordpar_generalization_error,
                                                       .unit = unit,
                                                       .watch = watch,
                                                       .tolerances = tolerances};
