// SPDX-License-Identifier: GPL-3.0-or-later
#include "tolerance.h"

#include <float.h>
#include <math.h>

/* Local errors add up over the hundreds of steps of a run; measured over the models of the tests.
 */
static const double safety = 0.02;

/* Below this many units of rounding a local tolerance means nothing. */
static const double rounding = 20 * DBL_EPSILON;

/* Students closer than this differ by rounding alone. */
static const double same_student = 1e-12;

/*
 * The least distance of two students in their overlaps with the teachers. While it is small, the
 * plateau will amplify an error of that distance to order one, so it must be right relatively.
 */
static double least_distance(size_t K, size_t M, const double *c) {
    const size_t n = K + M;
    double least = INFINITY;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++) {
            double distance = 0;
            for (size_t k = K; k < n; k++)
                distance = fmax(distance, fabs(c[i * n + k] - c[j * n + k]));
            if (distance > same_student && distance < least)
                least = distance;
        }
    return least;
}

static double largest_variance(size_t n, const double *c) {
    double largest = 1;
    for (size_t a = 0; a < n; a++)
        largest = fmax(largest, c[a * n + a]);
    return largest;
}

void ordpar_tolerance_blocks(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                             const double *c, double eps_g, double *block_tolerance) {
    const size_t L = flow->L;
    const double size = largest_variance(flow->K + flow->M, c);
    const double scale = fmin(eps_g, least_distance(flow->K, flow->M, c));
    const double target = safety * fmax(tolerance->rtol * scale, tolerance->atol);
    for (size_t b = 0; b < L; b++) {
        const double natural = tolerance->natural[b] * size;
        const double share = target / (flow->lambda[b] * (double)L);
        block_tolerance[b] =
            fmax(fmin(share, safety * tolerance->rtol * natural), rounding * natural);
    }
}
