// SPDX-License-Identifier: GPL-3.0-or-later
#include "tolerance.h"

#include "state.h"

#include <math.h>

/* Local errors add up over the hundreds of steps of a run; measured over the models of the tests.
 */
static const double safety = 0.01;

/* In deviation coordinates eps_g decays by hundreds of decades, and a relative error made in a step
 * stays for good: it takes tens of thousands of steps to 1e-200. */
static const double safety_in_depth = 2e-3;

static const double rounding = ORDPAR_LEAST_TOLERANCE;

/* Students closer than this differ by rounding alone. */
static const double same_student = 1e-12;

static double least_student_distance(size_t K, size_t M, const double *c) {
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

static double least_mirror_distance(size_t K, size_t M, const double *c) {
    const size_t n = K + M;
    double least = INFINITY;
    for (size_t i = 0; i < K; i++) {
        double distance = 0;
        for (size_t k = K; k < n; k++)
            distance = fmax(distance, fabs(c[i * n + k]));
        if (distance <= same_student)
            distance = fabs(c[i * n + i]);
        if (distance > same_student && distance < least)
            least = distance;
    }
    return least;
}

double ordpar_least_distance(const ordpar_activation *activation, size_t K, size_t M,
                             const double *c) {
    return fmin(least_student_distance(K, M, c),
                activation->parity == 1 ? least_mirror_distance(K, M, c) : INFINITY);
}

static double largest_variance(size_t n, const double *c) {
    double largest = 1;
    for (size_t a = 0; a < n; a++)
        largest = fmax(largest, c[a * n + a]);
    return largest;
}

/* Students of an even activation leave J = 0, direction by direction: there q is the square of what
 * grows. */
static double q_unit(const ordpar_activation *activation, double least_distance) {
    return activation->parity == 1 ? fmin(1, least_distance) : 1;
}

/* What the errors of the order-1 parameters of a step may add up to. */
static double overlap_target(const ordpar_tolerance *t, double eps_g, double least_distance) {
    return safety * fmax(t->rtol * fmin(eps_g, least_distance), t->atol);
}

void ordpar_tolerance_overlaps(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                               const double *c, double eps_g, double least_distance,
                               double *r_tolerance, double *q_tolerance) {
    const size_t L = flow->L;
    const double unit = q_unit(tolerance->activation, least_distance);
    const double size = largest_variance(flow->K + flow->M, c);
    const double target = overlap_target(tolerance, eps_g, least_distance);
    for (size_t b = 0; b < L; b++) {
        const double natural = tolerance->p[b] * size;
        const double share = target / (flow->lambda[b] * (double)L);
        const double most = safety * tolerance->rtol * natural, least = rounding * natural;
        r_tolerance[b] = fmax(fmin(share, most), least);
        q_tolerance[b] = fmax(fmin(unit * share, most), least);
    }
}

/* The integrator's norm is a mean over all components, so one that stands alone may err by the
 * square root of their number times its tolerance. */
double ordpar_tolerance_outputs(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                const double *v, double eps_g, double least_distance) {
    double size = 1;
    for (size_t i = 0; i < flow->outputs; i++)
        size = fmax(size, fabs(v[i]));
    const double share = overlap_target(tolerance, eps_g, least_distance) / sqrt((double)flow->L);
    return fmax(fmin(share, safety * tolerance->rtol * size), rounding * size);
}

/*
 * Turns the sizes of the blocks into tolerances: the share of the target, but never more than the
 * size that a block has if it is one of those that have decayed least. The others follow those
 * through F and forget their own errors at once, but show the errors of the leaders enlarged by
 * what cancels in F and by the prediction of a step: `slack` is relative to their own size.
 */
static void relative_tolerances(const ordpar_tolerance *t, const ordpar_flow *flow, double target,
                                double *sizes) {
    const double slack = 30 * safety_in_depth * t->rtol;
    const double least = 1e-290; /* a weight must be finite */
    double density = 0;
    for (size_t b = 0; b < flow->L; b++)
        density = fmax(density, sizes[b] / t->p[b]);
    for (size_t b = 0; b < flow->L; b++) {
        const double share = target / (flow->lambda[b] * (double)flow->L);
        const double natural = safety_in_depth * t->rtol * density * t->p[b];
        const double follows = density > 0 ? pow(1 - sizes[b] / (density * t->p[b]), 8) : 0;
        const double floor = (rounding + slack * follows) * sizes[b];
        sizes[b] = fmax(fmin(share, natural), fmax(floor, least));
    }
}

void ordpar_tolerance_deviations(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                 const double *y, double eps_g, double *r_tolerance,
                                 double *q_tolerance) {
    ORDPAR_EACH_CHUNK (chunk, flow)
        flow->state->sizes(flow, chunk, y + flow->S * chunk.first, r_tolerance, q_tolerance);
    const double target = safety_in_depth * tolerance->rtol;
    relative_tolerances(tolerance, flow, target * sqrt(eps_g), r_tolerance);
    relative_tolerances(tolerance, flow, target * eps_g, q_tolerance);
}
