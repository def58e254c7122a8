// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/tolerance.h"

#include "base/vectorise.h"
#include "solver/motion/state.h"
#include "solver/state/network_averages.h"

#include <math.h>

/* Local errors add up over the hundreds of steps of a run; measured over the models of the tests.
 */
static const double safety = 0.01;

/* In deviation coordinates eps_g decays by hundreds of decades, and a relative error made in a step
 * stays for good: it takes tens of thousands of steps to 1e-200. */
static const double safety_in_depth = 2e-3;

static const double rounding = ORDPAR_LEAST_TOLERANCE;

/* A weight must be finite. */
static const double least = 1e-290;

/* As fmax and fmin, of numbers alone: of these the compiler makes vectors. */
static inline double larger(double a, double b) {
    return a > b ? a : b;
}

static inline double smaller(double a, double b) {
    return a < b ? a : b;
}

/* Of the students' and teachers' own vectors, in the units of their fields; 1 at least, but where
 * all are small by far. */
static double largest_norm(const ordpar_tolerance *t, size_t K, size_t M, const double *c,
                           const ordpar_saddle *saddle) {
    const double small = 0.1;
    const size_t n = K + M;
    double largest = 0;
    for (size_t a = 0; a < n; a++) {
        const double unit = a < K ? fmax(1, saddle->unit[a]) : saddle->teacher_unit;
        largest = fmax(largest, c[a * n + a] / (unit > 1 ? fmax(unit * unit, t->trace) : t->trace));
    }
    return largest < 1 ? fmin(1, largest / small) : largest;
}

/* An error of R_in or Q_ij is one of eps_g by the factor A_in or G_ij / 2, which outputs above 1
 * enlarge. */
static double sensitivity(const ordpar_network *network) {
    const size_t heads = ordpar_network_heads(network);
    double student = 1, teacher = 1;
    for (size_t i = 0; i < heads * network->K; i++)
        student = fmax(student, fabs(network->v[i]));
    for (size_t n = 0; n < heads * network->M; n++)
        teacher = fmax(teacher, fabs(network->w[n]));
    return student * fmax(student, teacher);
}

/* What the errors of the order-1 parameters of a step may add up to. What a saddle amplifies has no
 * absolute tolerance. */
static double overlap_target(const ordpar_tolerance *t, double eps_g, double distance,
                             double factor) {
    return safety * fmin(fmax(t->rtol * eps_g, t->atol) / factor, t->rtol * distance);
}

/* What grows in units of the students' own sizes is kept right in these, down to their rounding. */
static bool is_fine(const ordpar_network *network) {
    const ordpar_activation *taught = ordpar_network_activation(network, network->K);
    return network->training.eta_v > 0 || network->activation->parity == 1 ||
           network->activation->needs_variance || network->activation->escapes_by_size ||
           taught->escapes_by_size;
}

/* What rounding is of in each block: its natural size, or its own where that is larger or, where
 * small things grow, smaller. */
static void set_sizes(const ordpar_tolerance *t, const ordpar_flow *flow, bool fine, double size,
                      const double *y, const double *unit, double *r_sizes, double *q_sizes) {
    for (size_t b = 0; b < flow->L; b++)
        r_sizes[b] = q_sizes[b] = fine ? 0 : t->p[b] * size;
    if (flow->state->own_sizes)
        ORDPAR_EACH_CHUNK (chunk, flow)
            flow->state->own_sizes(flow, chunk, y + flow->S * chunk.first, unit, r_sizes, q_sizes);
}

/* share, most: over 1/lambda and p. Sizes become tolerances. */
ORDPAR_VECTORISED_VOID(static, limit_sizes,
                       (size_t n, const double *lambda, const double *p, double share, double most,
                        double unit, double *sizes),
                       (n, lambda, p, share, most, unit, sizes)) {
    for (size_t b = 0; b < n; b++)
        sizes[b] = larger(unit * smaller(share / lambda[b], most * p[b]),
                          larger(rounding * sizes[b], least));
}

void ordpar_tolerance_overlaps(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                               const ordpar_network *network, const double *c, const double *y,
                               double eps_g, const ordpar_saddle *saddle, double *r_tolerance,
                               double *q_tolerance) {
    const double size = largest_norm(tolerance, flow->K, flow->M, c, saddle);
    const double target = overlap_target(tolerance, eps_g, saddle->distance, sensitivity(network));
    set_sizes(tolerance, flow, is_fine(network), size, y, saddle->unit, r_tolerance, q_tolerance);
    const double share = target / (double)flow->L, most = safety * tolerance->rtol * size;
    limit_sizes(flow->L, flow->lambda, tolerance->p, share, most, saddle->teacher_unit,
                r_tolerance);
    limit_sizes(flow->L, flow->lambda, tolerance->p, share, most, 1, q_tolerance);
}

/* The size of a student's g, of which an error of its output weight is a multiple; 1 at least. */
static double output_size(const ordpar_activation *activation, double variance) {
    const double square = activation->gg(activation, variance, variance, variance).value;
    return square > 1 ? sqrt(square) : 1;
}

/* The integrator's norm is a mean over all components, so one that stands alone may err by the
 * square root of their number times its tolerance. */
void ordpar_tolerance_outputs(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                              const ordpar_network *network, const double *c, double eps_g,
                              const ordpar_saddle *saddle, double *v_tolerance) {
    const size_t n = flow->K + flow->M;
    const double size = sqrt(sensitivity(network));
    const double share =
        overlap_target(tolerance, eps_g, saddle->distance, size) / sqrt((double)flow->L);
    for (size_t i = 0; i < flow->outputs; i++) {
        const double g = output_size(network->activation, c[i % flow->K * (n + 1)]);
        v_tolerance[i] = fmax(fmin(share, safety * tolerance->rtol * size) / g,
                              fmax(rounding * fabs(network->v[i]), least));
    }
}

/*
 * Turns the sizes of the blocks into tolerances: the share of the target, but never more than the
 * size that a block has if it is one of those that have decayed least. The others follow those
 * through F and forget their own errors at once, but show the errors of the leaders enlarged by
 * what cancels in F and by the prediction of a step: `slack` is relative to their own size.
 */
ORDPAR_VECTORISED_VOID(static, limit_relatively,
                       (size_t n, const double *lambda, const double *p, double share,
                        double natural, double density, double slack, double *sizes),
                       (n, lambda, p, share, natural, density, slack, sizes)) {
    for (size_t b = 0; b < n; b++) {
        const double lags = 1 - sizes[b] / (density * p[b]), square = lags * lags;
        const double floor = (rounding + slack * square * square * square * square) * sizes[b];
        sizes[b] = larger(smaller(share / lambda[b], natural * p[b]), larger(floor, least));
    }
}

/* Linear students move by their weighted sum alone: what sets them apart stays, its errors with it,
 * and may be all that a block's size is made of. */
static bool forgets(const ordpar_network *network) {
    return network->K == 1 || network->activation != &ordpar_activation_linear;
}

static void relative_tolerances(const ordpar_tolerance *t, const ordpar_flow *flow, bool forgetful,
                                double target, double *sizes) {
    const double slack = forgetful ? 30 * safety_in_depth * t->rtol : 0;
    double density = 0;
    for (size_t b = 0; b < flow->L; b++)
        density = larger(sizes[b] / t->p[b], density);
    const bool moves = density > 0;
    limit_relatively(flow->L, flow->lambda, t->p, target / (double)flow->L,
                     safety_in_depth * t->rtol * density, moves ? density : 1, moves ? slack : 0,
                     sizes);
}

void ordpar_tolerance_deviations(const ordpar_tolerance *tolerance, const ordpar_flow *flow,
                                 const ordpar_network *network, const double *y, double eps_g,
                                 double *r_tolerance, double *q_tolerance) {
    const bool forgetful = forgets(network);
    ORDPAR_EACH_CHUNK (chunk, flow)
        flow->state->sizes(flow, chunk, y + flow->S * chunk.first, r_tolerance, q_tolerance);
    const double target = safety_in_depth * tolerance->rtol;
    relative_tolerances(tolerance, flow, forgetful, target * sqrt(eps_g), r_tolerance);
    relative_tolerances(tolerance, flow, forgetful, target * eps_g, q_tolerance);
}
