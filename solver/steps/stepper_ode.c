// SPDX-License-Identifier: GPL-3.0-or-later
/* The equations of a stretch: its start, its rates, error weights, event and Newton matrix. */
#include "solver/steps/stepper_internal.h"

#include "solver/motion/task_sums.h"
#include "solver/motion/trained_outputs.h"
#include "solver/state/matching.h"

#include <math.h>
#include <string.h>

void ordpar_stepper_take_moment(ordpar_stepper *in, const double *v) {
    ordpar_covariance_set(in->flow.K, in->flow.M, in->m, in->c);
    if (in->flow.outputs)
        memcpy(in->now.v, v, in->flow.outputs * sizeof *v);
    ordpar_saddle_keep_apart(&in->watch.saddle, in->c);
    if (in->watch.symmetry.exists)
        ordpar_symmetry_restore(&in->watch.symmetry, in->c, in->now.v);
    if (in->flow.outputs)
        ordpar_coefficient_work_set_outputs(in->work, in->flow.K, in->now.v);
}

typedef struct {
    const ordpar_stepper *stepper;
    const double *y;
    double *dy;
} motion;

static void add_moment(void *context, ordpar_flow *flow, double *scratch, ordpar_chunk c,
                       double *sums) {
    const motion *of = context;
    (void)scratch;
    flow->state->add_moment(flow, c, of->y + flow->S * c.first, sums);
}

void ordpar_stepper_set_covariance(ordpar_stepper *in, const double *y) {
    ordpar_wide_parts *parts = ordpar_newton_parts(in->newton);
    if (parts) {
        ordpar_wide_parts_run(parts, add_moment, &(motion){.y = y}, ordpar_flow_sums(&in->flow),
                              in->flow.sums);
        in->flow.state->set_moment(&in->flow, in->flow.sums, in->m);
    } else
        ordpar_flow_moment(&in->flow, y, in->m);
    ordpar_stepper_take_moment(in, y + in->flow.S * in->flow.L);
}

/* [13.4] Up to the next kink, where a step ends, eta is that of the piece before it. [13.7]
 * Likewise the tasks' probabilities. [17.1] */
void ordpar_stepper_set_eta(ordpar_stepper *in, double alpha) {
    const ordpar_momentum *momentum = &in->network->training.momentum;
    const ordpar_schedule *schedule = &in->network->training.schedule;
    ordpar_tasks *tasks = &in->now.training.tasks;
    tasks->present = alpha >= in->next_kink ? ordpar_tasks_before(tasks, in->next_kink)
                                            : ordpar_tasks_at(tasks, alpha);
    in->now.eta = alpha >= in->next_kink
                      ? ordpar_schedule_eta_before(schedule, in->network->eta, in->next_kink)
                      : ordpar_schedule_eta(schedule, in->network->eta, alpha);
    if (in->flow.state->pushes)
        in->flow.push =
            (ordpar_push){.eta = in->now.eta,
                          .c = ordpar_momentum_damping(momentum, in->tolerance.N, alpha),
                          .e = ordpar_momentum_weight(momentum, alpha)};
}

bool ordpar_stepper_stopped(const ordpar_stepper *in) {
    return in->options.stop && *in->options.stop;
}

bool ordpar_stepper_watches(const ordpar_stepper *in) {
    return in->coordinates->next && ordpar_matching_is_possible(in->network);
}

/* Rounding of what is tied must not grow. [5.11] */
static void average(ordpar_stepper *in, double *y) {
    if (in->watch.symmetry.exists)
        ORDPAR_EACH_CHUNK (c, &in->flow)
            in->flow.state->average(&in->flow, c, &in->watch.symmetry, in->scratch,
                                    y + in->flow.S * c.first);
}

static void start(void *context, double *y) {
    ordpar_stepper *in = context;
    ordpar_flow_pack(&in->flow, &in->from, y);
    average(in, y);
    memcpy(y + in->flow.S * in->flow.L, in->network->v, in->flow.outputs * sizeof *y);
}

int ordpar_stepper_set_rate(ordpar_stepper *in, double alpha, ordpar_stage_rate *at) {
    if (ordpar_stepper_stopped(in))
        return -1;
    ordpar_stepper_set_eta(in, alpha);
    if (!in->coordinates->evaluate(&in->now, in->c, in->work, &at->coefficients))
        return ordpar_stepper_stopped(in) ? -1 : 1;
    if (in->flow.coupling) {
        ordpar_flow_set_noise(&in->flow, ordpar_schedule_integral(&in->network->training.schedule,
                                                                  in->network->eta, alpha));
        if (at->excess)
            memcpy(at->excess, in->flow.excess, in->flow.L * sizeof *at->excess);
    }
    at->factor = in->flow.factor = ordpar_flow_factor(&in->flow, in->now.eta);
    if (at->factor != 1)
        ordpar_coefficients_scale(in->flow.K, in->flow.M, 1, at->factor, at->coefficients.A);
    if (in->flow.outputs)
        ordpar_outputs_flow(&in->now, in->c, in->work, at->dv);
    return 0;
}

void ordpar_stepper_move(const ordpar_stepper *in, const ordpar_stage_rate *at, ordpar_flow *flow,
                         double *c, ordpar_chunk chunk, const double *y, double *dy) {
    flow->factor = at->factor;
    if (at->excess)
        flow->excess = at->excess;
    flow->state->apply(flow, &at->coefficients, chunk, y, dy);
    if (flow->decays)
        flow->state->decay(flow, chunk, y, dy);
    if (in->watch.symmetry.exists)
        flow->state->average(flow, chunk, &in->watch.symmetry, c, dy);
    if (flow->outputs && chunk.first + chunk.count == flow->L)
        memcpy(dy + flow->S * chunk.count, at->dv, flow->outputs * sizeof *dy);
}

/* What is tied is averaged in the scratch of a solve, which has (K+M)^2 numbers and more. */
static void move(void *context, ordpar_flow *flow, double *scratch, ordpar_chunk c, double *sums) {
    const motion *to = context;
    const size_t first = flow->S * c.first;
    (void)sums;
    ordpar_stepper_move(to->stepper, to->stepper->rates, flow, scratch, c, to->y + first,
                        to->dy + first);
}

static int rate(void *context, double alpha, const double *y, double *dy) {
    ordpar_stepper *in = context;
    ordpar_wide_parts *parts = ordpar_newton_parts(in->newton);
    ordpar_stepper_set_covariance(in, y);
    const int failed = ordpar_stepper_set_rate(in, alpha, in->rates);
    if (parts && !failed) {
        ordpar_wide_parts_run(parts, move, &(motion){in, y, dy}, 0, NULL);
        return 0;
    }
    ordpar_flow flow = in->flow; /* which keeps its own noise */
    ORDPAR_EACH_CHUNK (c, &in->flow)
        if (!failed)
            ordpar_stepper_move(in, in->rates, &flow, in->scratch, c, y + in->flow.S * c.first,
                                dy + in->flow.S * c.first);
    return failed;
}

/*
 * Units that are homogeneous of degree 1 have a gradient that does not vanish with their weights.
 * Where it points to 0 from all sides, gradient flow takes a student there in a finite time; the
 * steps would become ever shorter. Returns the student, from 1, that has come so near, or 0.
 * Without a gradient weights decay and do not come there.
 */
static size_t find_vanished(const ordpar_stepper *in) {
    const double nothing = 1e-18; /* of the variance at the start */
    const size_t K = in->flow.K, n = K + in->flow.M;
    if (!in->network->small_eta || !in->network->activation->needs_variance)
        return 0;
    const bool learns = in->now.eta > 0 || in->now.training.momentum.weight > 0;
    for (size_t i = 0; i < K; i++)
        if (learns && in->now.v[i] != 0 && in->c[i * n + i] < nothing * in->start[i])
            return i + 1;
    return 0;
}

/* [5.16] Whether students' vectors can have the overlaps of every block. */
static bool is_possible(ordpar_stepper *in, const double *y) {
    const ordpar_flow *flow = &in->flow;
    const size_t K = flow->K, n = K + flow->M;
    double *c = in->scratch;
    ORDPAR_EACH_CHUNK (chunk, flow) {
        flow->state->students(flow, chunk, y + flow->S * chunk.first);
        for (size_t b = 0; b < chunk.count; b++) {
            for (size_t i = 0; i < K; i++)
                for (size_t j = 0; j < K; j++)
                    c[i * n + j] = flow->full[(i * K + j) * chunk.count + b];
            if (!ordpar_saddle_is_possible(&in->watch.saddle, c))
                return false;
        }
    }
    return true;
}

/* What ends a stretch between two steps; eps_g at the present covariance. */
static bool must_end(ordpar_stepper *in, const double *y, double eps_g) {
    in->diverged = !(eps_g < ORDPAR_STEPPER_DIVERGENCE);
    if (!in->diverged)
        in->vanished = find_vanished(in);
    in->impossible = !in->diverged && in->options.keeps_possible && in->watch.saddle.raised &&
                     in->flow.state->students && !is_possible(in, y);
    return in->diverged || in->vanished > 0 || in->impossible;
}

static int weights(void *context, double alpha, const double *y, double *weights) {
    ordpar_stepper *in = context;
    if (in->options.tick)
        in->options.tick(in->options.context, alpha);
    if (in->options.keep)
        in->options.keep(in->options.keeper, alpha, y);
    if (++in->steps > in->options.most_steps)
        return -1;
    if (!in->has_c)
        ordpar_stepper_set_covariance(in, y);
    in->has_c = false;
    const double eps_g = fabs(in->coordinates->error(&in->now, in->c, in->work));
    if (must_end(in, y, eps_g))
        return -1;
    const bool tasks = in->now.training.tasks.count > 0, leads = alpha < in->lead_until;
    const double error = tasks ? ordpar_task_sums_least_error(&in->now, in->c, in->work) : eps_g;
    const ordpar_point at = {.network = &in->now,
                             .flow = &in->flow,
                             .alpha = alpha,
                             .y = leads ? in->lead : y,
                             .c = in->c,
                             .eps_g = leads ? fmax(error, in->lead_error) : error};
    ordpar_local_tolerances local = {
        .r = in->r_tolerance, .q = in->q_tolerance, .outputs = in->v_tolerance};
    in->coordinates->tolerances(&in->tolerance, &at, &in->watch, &local);
    in->flow.state->weigh(&in->flow, at.y, local.unit, local.r, local.q, weights);
    for (size_t i = 0; i < in->flow.outputs; i++)
        weights[in->flow.S * in->flow.L + i] = 1 / local.outputs[i];
    return 0;
}

/* Crosses zero when every student has come close to a teacher of its own. */
double ordpar_stepper_distance(ordpar_stepper *in) {
    const double distance = ordpar_match_students(in->network, in->c, in->teacher_of);
    return distance < INFINITY ? distance - ORDPAR_STEPPER_CLOSE_ENOUGH : 1;
}

static double specialised(void *context, const double *y) {
    ordpar_stepper_set_covariance(context, y);
    return ordpar_stepper_distance(context);
}

static void same(void *context) {
    ((ordpar_stepper *)context)->has_c = true;
}

static int setup(void *context, double alpha, const double *y, double gamma) {
    ordpar_stepper *in = context;
    ordpar_stepper_set_covariance(in, y);
    ordpar_stepper_set_eta(in, alpha);
    return ordpar_newton_setup(in->newton, gamma, y, in->c, in->work) ? 0 : 1;
}

static void solve(void *context, double *x) {
    ordpar_stepper *in = context;
    ordpar_newton_solve(in->newton, x);
    average(in, x);
}

ordpar_ode ordpar_stepper_ode(ordpar_stepper *in) {
    return (ordpar_ode){.context = in,
                        .size = ordpar_flow_size(&in->flow),
                        .rtol = in->options.rtol,
                        .smooth = !in->network->activation->needs_variance,
                        .start = start,
                        .rate = rate,
                        .weights = weights,
                        .event = ordpar_stepper_watches(in) ? specialised : NULL,
                        .same = same,
                        .setup = setup,
                        .solve = solve,
                        .pieces = ordpar_stepper_pieces(in)};
}
