// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/optimum/costate_internal.h"

#include "base/floating_point.h"
#include "base/kernels.h"
#include "solver/motion/trained_outputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_stepper_options options_of(ordpar_costate *c) {
    const ordpar_costate_problem *p = c->problem;
    return (ordpar_stepper_options){.integrator = &ordpar_integrator_cvode,
                                    .rtol = p->rtol,
                                    .atol = p->atol,
                                    .trained_blocks = p->trained_blocks,
                                    .most_steps = ORDPAR_COSTATE_MAX_STEPS,
                                    .tick = p->tick,
                                    .context = p->context,
                                    .stop = p->stop,
                                    .keep = ordpar_trajectory_keep,
                                    .keeper = &c->path};
}

static ordpar_status out_of_memory(const ordpar_costate *c, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the states of a run with L = %zu",
                       c->problem->spectrum->L);
}

static ordpar_status check(const ordpar_costate_problem *p, const ordpar_network *network,
                           ordpar_error *err) {
    const ordpar_schedule *s = &network->training.schedule;
    if (network->training.batch_fraction > 0)
        return ordpar_fail(err, ORDPAR_INVALID, "the steps of a batch fraction have no costate");
    if (network->training.tasks.count)
        return ordpar_fail(err, ORDPAR_INVALID, "several tasks have no costate");
    if (s->kind != ORDPAR_SCHEDULE_TABLE || s->count < 2 || s->alpha[0] != 0 ||
        s->alpha[s->count - 1] != p->until)
        return ordpar_fail(err, ORDPAR_INVALID, "the schedule must be a table from 0 to %g",
                           p->until);
    return ORDPAR_OK;
}

static ordpar_status run(ordpar_costate *c, double *eps_g, ordpar_error *err) {
    const ordpar_costate_problem *p = c->problem;
    const ordpar_stepper_options options = options_of(c);
    double reached = 0;
    ordpar_pause pause;
    c->coordinates = ordpar_overlap_coordinates;
    c->coordinates.next = NULL;
    ordpar_status status =
        ordpar_stepper_create(p->spectrum, c->network, &c->coordinates, &options,
                              &(ordpar_flow_start){.overlaps = p->start}, 0, &c->forward, err);
    if (status)
        return status;
    c->path.size = c->size = ordpar_flow_size(&c->forward->flow);
    status = ordpar_stepper_advance(c->forward, p->until, &reached, &pause, err);
    if (status)
        return status;
    ordpar_trajectory_keep(&c->path, p->until, c->forward->integrator->state(c->forward->method));
    *eps_g = ordpar_stepper_error(c->forward);
    if (c->path.count < 2)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "no step fits in before alpha = %g", p->until);
    return c->path.failed ? out_of_memory(c, err) : ORDPAR_OK;
}

ordpar_status ordpar_costate_run(const ordpar_costate_problem *problem,
                                 const ordpar_network *network, ordpar_costate **costate,
                                 double *eps_g, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = check(problem, network, err);
    if (status)
        return status;
    ordpar_costate *c = calloc(1, sizeof *c);
    if (!c)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory");
    c->problem = problem;
    c->network = network;
    status = run(c, eps_g, err);
    if (status)
        ordpar_costate_free(c);
    else
        *costate = c;
    return status;
}

void ordpar_costate_free(ordpar_costate *costate) {
    if (!costate)
        return;
    ordpar_newton_free(costate->products);
    ordpar_stepper_free(costate->forward);
    ordpar_trajectory_clear(&costate->path);
    ordpar_coefficients_clear(&costate->co);
    free(costate->slopes);
    free(costate->y);
    free(costate);
}

static ordpar_status allocate(ordpar_costate *c, ordpar_error *err) {
    ordpar_stepper *in = c->forward;
    const size_t width = ordpar_whole_lines(c->size + ORDPAR_COSTATE_SUMS);
    if (c->y)
        return ORDPAR_OK;
    const ordpar_status status = ordpar_coefficients_init(in->flow.K, in->flow.M, &c->co, err);
    if (status)
        return status;
    c->products = ordpar_newton_create(&in->flow, &in->now, in->coordinates, false);
    c->y = ordpar_aligned_array(6 * width);
    if (!c->products || !c->y)
        return out_of_memory(c, err);
    c->x = c->y + width;
    c->up = c->x + width;
    c->dx = c->up + width;
    c->learning = c->dx + width;
    c->setup_learning = c->learning + width;
    return ORDPAR_OK;
}

/* The piece of the schedule from row to row + 1, and the states in it. */
static bool enter(ordpar_costate *c, size_t row) {
    const ordpar_schedule *s = &c->network->training.schedule;
    const double slack = 1e-9 * (s->alpha[row + 1] - s->alpha[row]);
    c->from = s->alpha[row];
    c->to = s->alpha[row + 1];
    c->first = ordpar_trajectory_find(&c->path, c->from + slack);
    c->last = ordpar_trajectory_find(&c->path, c->to - slack) + 1;
    if (c->first >= c->last) /* pieces so short that no step ends in them */
        c->first = c->last - 1;
    return ordpar_costate_set_slopes(c);
}

/* [13.20] The gradient of eps_g: - A by R, G/2 by Q; by v it is the outputs' own. */
static bool set_end(ordpar_costate *c) {
    ordpar_stepper *in = c->forward;
    const size_t K = in->flow.K, M = in->flow.M, S = in->flow.S, v = S * in->flow.L;
    if (!ordpar_costate_look(c, c->to))
        return false;
    for (size_t k = 0; k < K * M; k++)
        in->m[k] = -c->co.A[k];
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            in->m[K * M + ordpar_packed_index(K, i, j)] = c->co.G[i * K + j] / (i == j ? 2 : 1);
    memset(c->y, 0, (c->size + ORDPAR_COSTATE_SUMS) * sizeof *c->y);
    c->peak = c->sum_peak = 0;
    ORDPAR_EACH_CHUNK (chunk, &in->flow)
        in->flow.state->moment_transposed(&in->flow, chunk, c->x + S * chunk.first, 1, in->m,
                                          c->y + S * chunk.first);
    if (in->flow.outputs)
        ordpar_outputs_flow(&in->now, in->c, in->work, c->y + v);
    for (size_t i = 0; i < in->flow.outputs; i++)
        c->y[v + i] /= -in->network->training.eta_v;
    return true;
}

/* y goes back over the piece; the sums of its two ends follow it. */
static bool go_back(ordpar_costate *c) {
    const ordpar_ode ode = ordpar_costate_ode(c);
    const ordpar_integrator *integrator = c->forward->integrator;
    const double length = c->to - c->from;
    double reached;
    memset(c->y + c->size, 0, ORDPAR_COSTATE_SUMS * sizeof *c->y);
    void *method = integrator->create(&ode, 0);
    if (!method)
        return false;
    const bool done =
        integrator->advance(method, length, length, &reached) != ORDPAR_ADVANCE_FAILED;
    memcpy(c->y, integrator->state(method), ode.size * sizeof *c->y);
    integrator->free(method);
    return done;
}

/* The curvature that the noise at alpha makes of the rate of a row whose hat begins or ends there.
 */
static bool add_curvature(ordpar_costate *c, double alpha, double *curvature) {
    if (!ordpar_costate_look(c, alpha))
        return false;
    const double second = ordpar_costate_learn(c, c->y, c->learning);
    *curvature += (c->to - c->from) / 2 * second;
    return true;
}

static bool pass_piece(ordpar_costate *c, size_t row, double *gradient, double *curvature) {
    double unused[2];
    double *second = curvature ? curvature + row : unused;
    if (!add_curvature(c, c->to, second + 1) || !go_back(c) || !add_curvature(c, c->from, second))
        return false;
    c->sum_peak = fmax(c->sum_peak, fabs(c->y[c->size]) + fabs(c->y[c->size + 1]));
    gradient[row] += c->y[c->size];
    gradient[row + 1] += c->y[c->size + 1];
    return true;
}

ordpar_status ordpar_costate_gradient(ordpar_costate *costate, double *gradient, double *curvature,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_costate *c = costate;
    const ordpar_schedule *s = &c->network->training.schedule;
    const ordpar_status status = allocate(c, err);
    if (status)
        return status;
    memset(gradient, 0, s->count * sizeof *gradient);
    if (curvature)
        memset(curvature, 0, s->count * sizeof *curvature);
    bool good = true;
    for (size_t row = s->count - 1; row-- > 0 && good;)
        if (s->alpha[row + 1] > s->alpha[row]) {
            good = enter(c, row) && (row + 2 < s->count || set_end(c)) &&
                   pass_piece(c, row, gradient, curvature);
        }
    if (good)
        return ORDPAR_OK;
    if (ordpar_stepper_stopped(c->forward))
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", c->to);
    return ordpar_fail(err, ORDPAR_NUMERICAL,
                       "the costate's integration failed between alpha = %.6g and %.6g", c->from,
                       c->to);
}

double ordpar_costate_bytes(const ordpar_network *network, size_t L) {
    const double steps = 4000, l = (double)L;
    const ordpar_state *state = ordpar_state_for(network);
    const size_t K = network->K, M = network->M;
    return 8 * steps * l * (double)state->numbers(K, M, K + M) +
           2 * ordpar_newton_bytes(state, network, L, false);
}

double ordpar_costate_pace(const ordpar_costate_problem *problem, const ordpar_network *network) {
    double fastest = 0, sum = 0;
    for (size_t b = 0; b < problem->trained_blocks; b++)
        fastest = fmax(fastest, problem->spectrum->lambda[b]);
    for (size_t i = 0; i < network->K; i++)
        sum += network->v[i] * network->v[i];
    return fastest * sum;
}
