// SPDX-License-Identifier: GPL-3.0-or-later
/* The costate's equations [13.20], backwards over a piece of the schedule. */
#include "solver/optimum/costate_internal.h"

#include "base/kernels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t coefficient_count(const ordpar_costate *c) {
    const size_t K = c->network->K;
    return K * c->network->M + 2 * K * K;
}

bool ordpar_costate_look(ordpar_costate *c, double alpha) {
    ordpar_stepper *in = c->forward;
    const double at = fmax(alpha, c->from);
    size_t k = ordpar_trajectory_find(&c->path, at);
    k = k < c->first ? c->first : k < c->last ? k : c->last - 1;
    const double *slope = c->slopes + (k - c->first) * c->size;
    ordpar_trajectory_at(&c->path, k, slope, slope + c->size, at, c->x);
    ordpar_stepper_set_covariance(in, c->x);
    in->next_kink = c->to;
    ordpar_stepper_set_eta(in, at);
    return in->coordinates->evaluate(&in->now, in->c, in->work, &c->co);
}

bool ordpar_costate_set_slopes(ordpar_costate *c) {
    const ordpar_ode ode = ordpar_stepper_ode(c->forward);
    const size_t count = c->last - c->first + 1;
    if (count > c->slopes_room) {
        free(c->slopes);
        c->slopes = ordpar_aligned_array(count * c->size);
        c->slopes_room = c->slopes ? count : 0;
        if (!c->slopes)
            return false;
    }
    c->forward->next_kink = c->to;
    for (size_t k = 0; k < count; k++)
        if (ode.rate(c->forward, fmax(c->path.alpha[c->first + k], c->from),
                     c->path.y + (c->first + k) * c->size, c->slopes + k * c->size))
            return false;
    return true;
}

/* dx/dalpha at x, but for the outputs' part, at the rate eta. */
static void flow_at(ordpar_costate *c, double eta, double *dx) {
    ordpar_stepper *in = c->forward;
    const ordpar_push push = in->flow.push;
    ordpar_coefficients *scaled = &in->rates[0].coefficients;
    memcpy(scaled->A, c->co.A, coefficient_count(c) * sizeof *c->co.A);
    ordpar_coefficients_scale(in->flow.K, in->flow.M, 1, ordpar_flow_factor(&in->flow, eta),
                              scaled->A);
    in->flow.push.eta = eta;
    ordpar_flow_apply(&in->flow, scaled, c->x, dx);
    in->flow.push = push;
}

/* The flow is of second order in eta: central differences over any step are its derivatives. */
double ordpar_costate_learn(ordpar_costate *c, const double *y, double *learning) {
    const double eta = c->forward->now.eta, step = c->network->eta;
    const size_t n = c->forward->flow.S * c->forward->flow.L;
    double sum = 0, scale = 0;
    flow_at(c, eta + step, c->up);
    flow_at(c, eta - step, learning);
    if (y) {
        flow_at(c, eta, c->dx);
        for (size_t k = 0; k < n; k++) {
            sum += y[k] * ((c->up[k] - c->dx[k]) - (c->dx[k] - learning[k]));
            scale += fabs(y[k]) * (fabs(c->up[k]) + fabs(learning[k]));
        }
        c->sum_scale = scale / (2 * step);
    }
    ordpar_combine(n, 1 / (2 * step), c->up, -1 / (2 * step), learning, false, learning);
    memset(learning + n, 0, (c->size - n) * sizeof *learning);
    return sum / (step * step);
}

static void start(void *context, double *y) {
    const ordpar_costate *c = context;
    memcpy(y, c->y, (c->size + ORDPAR_COSTATE_SUMS) * sizeof *y);
}

static double part_at(const ordpar_costate *c, double back) {
    return 1 - back / (c->to - c->from);
}

/* [13.20] */
static int rate(void *context, double back, const double *y, double *dy) {
    ordpar_costate *c = context;
    ordpar_stepper *in = c->forward;
    if (ordpar_stepper_stopped(in))
        return -1;
    if (!ordpar_costate_look(c, c->to - back))
        return 1;
    ordpar_costate_learn(c, NULL, c->learning);
    if (!ordpar_newton_differentiate(c->products, c->x, in->c, in->work))
        return 1;
    ordpar_newton_multiply_transposed(c->products, y, dy);
    const double sum = ordpar_dot(c->size, c->learning, y), part = part_at(c, back);
    dy[c->size] = (1 - part) * sum;
    dy[c->size + 1] = part * sum;
    return 0;
}

static int setup(void *context, double back, const double *y, double gamma) {
    ordpar_costate *c = context;
    ordpar_stepper *in = c->forward;
    (void)y;
    if (!ordpar_costate_look(c, c->to - back))
        return 1;
    ordpar_costate_learn(c, NULL, c->setup_learning);
    c->gamma = gamma;
    c->part = part_at(c, back);
    return ordpar_newton_setup(in->newton, gamma, c->x, in->c, in->work) ? 0 : 1;
}

static void solve(void *context, double *x) {
    ordpar_costate *c = context;
    ordpar_newton_solve_transposed(c->forward->newton, x);
    const double sum = c->gamma * ordpar_dot(c->size, c->setup_learning, x);
    x[c->size] += (1 - c->part) * sum;
    x[c->size + 1] += c->part * sum;
}

/* What has decayed this far counts no more: it need not stay right relatively. */
static const double nothing = 1e-12, least = 1e-290;

static double tolerance(const ordpar_costate *c, double size) {
    return fmax(c->problem->rtol * fmax(size, nothing * c->peak), least);
}

static double largest(size_t count, size_t stride, const double *y) {
    double size = 0;
    for (size_t k = 0; k < count; k++)
        size = fmax(size, fabs(y[k * stride]));
    return size;
}

/* Relative to the largest number of a block, which all have the units of r and q. */
static int weights(void *context, double back, const double *y, double *weights) {
    ordpar_costate *c = context;
    const ordpar_flow *flow = &c->forward->flow;
    const size_t S = flow->S, blocks = S * flow->L, outputs = c->size - blocks;
    (void)back;
    c->peak = fmax(c->peak, largest(c->size, 1, y));
    ORDPAR_EACH_CHUNK (chunk, flow)
        for (size_t b = 0; b < chunk.count; b++) {
            const size_t first = S * chunk.first + b;
            const double own = tolerance(c, largest(S, chunk.count, y + first));
            for (size_t k = 0; k < S; k++)
                weights[first + k * chunk.count] = 1 / own;
        }
    for (size_t k = 0; k < outputs; k++)
        weights[blocks + k] = 1 / tolerance(c, largest(outputs, 1, y + blocks));
    const double sums = (c->to - c->from) * c->sum_scale + nothing * c->sum_peak +
                        largest(ORDPAR_COSTATE_SUMS, 1, y + c->size);
    for (size_t k = 0; k < ORDPAR_COSTATE_SUMS; k++)
        weights[c->size + k] = 1 / fmax(c->problem->rtol * sums, least);
    return 0;
}

ordpar_ode ordpar_costate_ode(ordpar_costate *c) {
    return (ordpar_ode){.context = c,
                        .size = c->size + ORDPAR_COSTATE_SUMS,
                        .start = start,
                        .rate = rate,
                        .weights = weights,
                        .setup = setup,
                        .solve = solve};
}
