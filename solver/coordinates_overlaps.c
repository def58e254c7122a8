// SPDX-License-Identifier: GPL-3.0-or-later
#include "coordinates.h"

#include "symmetry.h"

#include <math.h>

static double unit(const ordpar_network *network, const double *c) {
    (void)network, (void)c;
    return 1;
}

static ordpar_watch watch(const ordpar_network *network, const ordpar_overlaps *start) {
    return (ordpar_watch){.least_distance = INFINITY,
                          .same_units = ordpar_same_units(network, start),
                          .parted_from = INFINITY};
}

static void watch_same_units(const ordpar_point *at, ordpar_watch *watch) {
    if (watch->same_units > 0 && !(watch->parted_from < INFINITY) &&
        ordpar_near_units(at->flow->K, at->flow->M, at->c) < watch->same_units)
        watch->parted_from = at->alpha;
}

static void tolerances(const ordpar_tolerance *tolerance, const ordpar_point *at,
                       ordpar_watch *watch, ordpar_local_tolerances *local) {
    const ordpar_flow *flow = at->flow;
    const double distance = ordpar_least_distance(at->network->activation, flow->K, flow->M, at->c);
    watch_same_units(at, watch);
    watch->least_distance = fmin(watch->least_distance, distance);
    ordpar_tolerance_overlaps(tolerance, flow, at->c, at->eps_g, distance, local->r, local->q);
    local->outputs = ordpar_tolerance_outputs(tolerance, flow, at->network->v, at->eps_g, distance);
}

const ordpar_coordinates ordpar_overlap_coordinates = {.name = "overlaps",
                                                       .next = &ordpar_deviation_coordinates,
                                                       .evaluate = ordpar_coefficients_evaluate,
                                                       .jacobian = ordpar_coefficients_jacobian,
                                                       .error = ordpar_generalization_error,
                                                       .unit = unit,
                                                       .watch = watch,
                                                       .tolerances = tolerances};
