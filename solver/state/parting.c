// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/floating_point.h"
#include "solver/state/overlaps.h"
#include "solver/state/symmetry.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static bool are_twins(const ordpar_symmetry *s, size_t i, size_t j) {
    size_t a, b;
    double scale;
    const bool twin_i = ordpar_symmetry_twin(s, i, &a, &scale);
    const bool twin_j = ordpar_symmetry_twin(s, j, &b, &scale);
    return (twin_i || twin_j) && a == b;
}

/* The relative distance of J_i/v_i and J_j/v_j, as far as a difference can resolve it; infinite for
 * output weights of opposite sign. */
static double distance(const double *c, size_t n, const double *v, size_t i, size_t j) {
    const double ratio = v[i] / v[j], rounding = 4 * DBL_EPSILON;
    const double a = c[i * n + i], b = ratio * ratio * c[j * n + j];
    const double d = a - 2 * ratio * c[i * n + j] + b;
    return ratio > 0 ? sqrt(fmax(d, rounding * (a + b)) / fmin(a, b)) : INFINITY;
}

/* The nearest two students that are not the same. */
static double nearest(const ordpar_network *network, const ordpar_symmetry *s, const double *c) {
    double least = INFINITY;
    for (size_t i = 0; i < network->K; i++)
        for (size_t j = 0; j < i; j++)
            if (!are_twins(s, i, j))
                least = fmin(least, distance(c, network->K + network->M, network->v, i, j));
    return least;
}

ordpar_status ordpar_overlaps_parting(const ordpar_overlaps *start, const ordpar_spectrum *spectrum,
                                      const ordpar_network *network, double *alpha,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const double pi = acos(-1), small = 0.1; /* beyond it, a distance is no angle */
    const size_t n = network->K + network->M;
    ordpar_symmetry symmetry = {0};
    *alpha = 0;
    if (!network->activation->needs_variance || network->small_eta)
        return ORDPAR_OK;
    double *c = malloc(n * n * sizeof *c);
    ordpar_status status = c ? ordpar_symmetry_init(network, start, &symmetry, err)
                             : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    if (!status) {
        ordpar_overlaps_fields(start, spectrum, network, c);
        const double angle = nearest(network, &symmetry, c);
        *alpha = angle < small ? pi / (angle * spectrum->N) : 0;
    }
    ordpar_symmetry_clear(&symmetry);
    free(c);
    return status;
}
