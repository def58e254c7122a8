// SPDX-License-Identifier: GPL-3.0-or-later
#include "tolerance.h"

#include "activation_parity.h"

#include <float.h>
#include <math.h>

/* Local errors add up over the hundreds of steps of a run; measured over the models of the tests.
 */
static const double safety = 0.01;

/* In deviation coordinates eps_g decays by hundreds of decades, and a relative error made in a step
 * stays for good: it takes tens of thousands of steps to 1e-200. */
static const double safety_in_depth = 2e-3;

/* Below this many units of rounding a local tolerance means nothing. */
static const double rounding = 4 * DBL_EPSILON;

/* A weight must be finite. */
static const double least = 1e-290;

static double largest_variance(size_t n, const double *c) {
    double largest = 1;
    for (size_t a = 0; a < n; a++)
        largest = fmax(largest, c[a * n + a]);
    return largest;
}

/* The largest number of each block in absolute value, over the given components of a chunk. */
static void block_sizes(ordpar_chunk chunk, size_t components, const double *x, double *sizes) {
    for (size_t b = 0; b < chunk.count; b++)
        sizes[chunk.first + b] = 0;
    for (size_t k = 0; k < components; k++)
        for (size_t b = 0; b < chunk.count; b++)
            sizes[chunk.first + b] = fmax(sizes[chunk.first + b], fabs(x[k * chunk.count + b]));
}

/* The norm of D numbers a stride apart. Squares of deviations vanish long before they do. */
static double norm_of(size_t D, size_t stride, const double *x) {
    const double safe = 1e-280;
    double square = 0, norm = 0;
    for (size_t d = 0; d < D; d++)
        square += x[d * stride] * x[d * stride];
    for (size_t d = 0; d < D && square < safe; d++)
        norm = hypot(norm, x[d * stride]);
    return square < safe ? norm : sqrt(square);
}

/* The largest number of each block in units of its student's, over r or q of a chunk. */
static void raise_sizes(size_t n, double unit, const double *x, double *sizes) {
    for (size_t b = 0; b < n; b++) {
        const double size = fabs(x[b]) / unit;
        sizes[b] = size > sizes[b] ? size : sizes[b];
    }
}

/* The largest norm of a student's vector in block b of a chunk with n blocks. */
static double largest_norm(const ordpar_flow *flow, size_t n, const double *J, size_t b) {
    double largest = 0;
    for (size_t i = 0; i < flow->K; i++)
        largest = fmax(largest, norm_of(flow->D, n, J + i * flow->D * n + b));
    return largest;
}

/* The sizes of r and q of each block in a chunk, in units of the students' own. */
static void student_sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                          const double *unit, double *r_sizes, double *q_sizes) {
    const size_t K = flow->K, M = flow->M, n = chunk.count;
    const double *part = y + flow->S * chunk.first;
    double *r = r_sizes + chunk.first, *q = q_sizes + chunk.first;
    for (size_t b = 0; b < n; b++)
        r[b] = q[b] = 0;
    for (size_t i = 0; i < K && !flow->D; i++) {
        for (size_t k = 0; k < M; k++)
            raise_sizes(n, unit[i], part + (i * M + k) * n, r);
        raise_sizes(n, unit[i] * unit[i], part + (K * M + ordpar_packed_index(K, i, i)) * n, q);
    }
}

/* An error of R_in or Q_ij is one of eps_g by the factor A_in or G_ij / 2, which outputs above 1
 * enlarge. */
static double sensitivity(const ordpar_network *network, const double *v) {
    double student = 1, teacher = 1;
    for (size_t i = 0; i < network->K; i++)
        student = fmax(student, fabs(v[i]));
    for (size_t n = 0; n < network->M; n++)
        teacher = fmax(teacher, fabs(network->w[n]));
    return student * fmax(student, teacher);
}

/* What the errors of the order-1 parameters of a step may add up to. */
static double overlap_target(const ordpar_tolerance *t, double eps_g, double distance,
                             double factor) {
    return safety * fmin(fmax(t->rtol * eps_g, t->atol) / factor, t->rtol * distance);
}

/* What grows in units of the students' own sizes is kept right in these, down to their rounding. */
static bool is_fine(const ordpar_tolerance *t) {
    return t->network->training.eta_v > 0 || ordpar_activation_is_even(t->network->activation) ||
           ordpar_activation_is_homogeneous(t->network->activation);
}

void ordpar_tolerance_overlaps(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                               const double *c, const double *v, double eps_g,
                               const ordpar_saddle *saddle, const double *y, double *r_tolerance,
                               double *q_tolerance) {
    const size_t L = flow->L;
    const bool even = ordpar_activation_is_even(tolerance->network->activation);
    /* students of an even activation leave J = 0 direction by direction: there q is the square of
     * what grows */
    const double unit = even ? fmin(1, saddle->distance) : 1;
    const double size = largest_variance(flow->K + flow->M, c);
    const double target =
        overlap_target(tolerance, eps_g, saddle->distance, sensitivity(tolerance->network, v));
    const bool fine = is_fine(tolerance);
    ORDPAR_EACH_CHUNK (chunk, flow)
        student_sizes(flow, chunk, y, saddle->unit, r_tolerance, q_tolerance);
    for (size_t b = 0; b < L; b++) {
        const double natural = tolerance->p[b] * size;
        const double share = target / (flow->lambda[b] * (double)L);
        const double most = safety * tolerance->rtol * natural, whole = fine ? 0 : natural;
        const double least_r = rounding * fmax(whole, r_tolerance[b]);
        const double least_q = rounding * fmax(whole, q_tolerance[b]);
        r_tolerance[b] = fmax(fmin(share, most), fmax(least_r, least));
        q_tolerance[b] = fmax(fmin(unit * share, most), fmax(least_q, least));
    }
}

/* The integrator's norm is a mean over all components, so one that stands alone may err by the
 * square root of their number times its tolerance. */
void ordpar_tolerance_outputs(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                              const double *v, double eps_g, const ordpar_saddle *saddle,
                              double *weights) {
    const double factor = sensitivity(tolerance->network, v), size = sqrt(factor);
    const double share =
        overlap_target(tolerance, eps_g, saddle->distance, size) / sqrt((double)flow->L);
    for (size_t i = 0; i < flow->outputs; i++)
        weights[i] = 1 / fmax(fmin(share, safety * tolerance->rtol * size),
                              fmax(rounding * fabs(v[i]), least));
}

/* The sizes of r and q of each block in a chunk. */
static void overlap_sizes(const ordpar_flow *flow, ordpar_chunk chunk, const double *y,
                          double *r_sizes, double *q_sizes) {
    const size_t KM = flow->K * flow->M;
    const double *part = y + flow->S * chunk.first;
    if (!flow->D) {
        block_sizes(chunk, KM, part, r_sizes);
        block_sizes(chunk, flow->P - KM, part + KM * chunk.count, q_sizes);
        return;
    }
    for (size_t b = 0; b < chunk.count; b++) {
        const double norm = largest_norm(flow, chunk.count, part, b);
        r_sizes[chunk.first + b] = norm * flow->B_norm[chunk.first + b];
        q_sizes[chunk.first + b] = norm * norm;
    }
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
        overlap_sizes(flow, chunk, y, r_tolerance, q_tolerance);
    const double target = safety_in_depth * tolerance->rtol;
    relative_tolerances(tolerance, flow, target * sqrt(eps_g), r_tolerance);
    relative_tolerances(tolerance, flow, target * eps_g, q_tolerance);
}

/* An error d of a vector J is one of d B in r and of 2 d J + d^2 in q. */
static double vector_tolerance(double J, double B, double r_tolerance, double q_tolerance) {
    const double by_q = q_tolerance / (J + sqrt(J * J + q_tolerance));
    const double by_both = B > 0 ? fmin(r_tolerance / B, by_q) : by_q;
    return fmax(by_both, rounding * J);
}

void ordpar_tolerance_vectors(const ordpar_flow *flow, const double *y, const double *unit,
                              const double *r_tolerance, const double *q_tolerance,
                              double *weights) {
    const size_t K = flow->K, D = flow->D;
    ORDPAR_EACH_CHUNK (chunk, flow)
        for (size_t b = 0; b < chunk.count; b++) {
            const size_t block = chunk.first + b, n = chunk.count;
            const double *J = y + flow->S * chunk.first + b;
            double *out = weights + flow->S * chunk.first + b;
            for (size_t i = 0; i < K; i++) {
                const double own = unit ? unit[i] : 1;
                const double tolerance =
                    vector_tolerance(norm_of(D, n, J + i * D * n), flow->B_norm[block],
                                     own * r_tolerance[block], own * own * q_tolerance[block]);
                for (size_t d = 0; d < D; d++)
                    out[(i * D + d) * n] = 1 / fmax(tolerance, least);
            }
        }
}
