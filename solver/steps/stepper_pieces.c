// SPDX-License-Identifier: GPL-3.0-or-later
/* The equations of a stretch in pieces, which are chunks of blocks; the trained outputs belong to
 * the last one. */
#include "solver/steps/stepper_internal.h"

#include <string.h>

static ordpar_range place(void *context, size_t piece) {
    const ordpar_stepper *in = context;
    const ordpar_flow *flow = &in->flow;
    const ordpar_chunk c = ordpar_flow_chunk(&in->flow, piece);
    const size_t outputs = c.first + c.count == flow->L ? flow->outputs : 0;
    return (ordpar_range){flow->S * c.first, flow->S * c.count + outputs};
}

static void add_state(void *context, size_t member, size_t piece, const double *y, double *sums) {
    const ordpar_stepper *in = context;
    const ordpar_flow flow = ordpar_newton_shifts_flow(in->shifts, member);
    const ordpar_chunk c = ordpar_flow_chunk(&in->flow, piece);
    double *outputs = sums + ordpar_flow_sums(&flow);
    flow.state->add_moment(&flow, c, y, sums);
    if (c.first + c.count == flow.L)
        memcpy(outputs, y + flow.S * c.count, flow.outputs * sizeof *y);
}

static void take(ordpar_stepper *in, const double *sums) {
    in->flow.state->set_moment(&in->flow, sums, in->m);
    ordpar_stepper_take_moment(in, sums + ordpar_flow_sums(&in->flow));
}

static int set_rate(void *context, size_t slot, double alpha, const double *sums) {
    ordpar_stepper *in = context;
    take(in, sums);
    return ordpar_stepper_set_rate(in, alpha, &in->rates[slot]);
}

static void rate(void *context, size_t member, size_t piece, size_t slot, const double *y,
                 double *dy) {
    const ordpar_stepper *in = context;
    ordpar_flow flow = ordpar_newton_shifts_flow(in->shifts, member);
    ordpar_stepper_move(in, &in->rates[slot], &flow,
                        ordpar_newton_shifts_scratch(in->shifts, member),
                        ordpar_flow_chunk(&in->flow, piece), y, dy);
}

/* What is least for a saddle may be least inside a step. */
static void pass(void *context, const double *sums) {
    ordpar_stepper *in = context;
    take(in, sums);
    ordpar_saddle_watch(&in->watch.saddle, in->c, in->now.v);
}

static double event(void *context, const double *sums) {
    take(context, sums);
    return ordpar_stepper_distance(context);
}

static void know(void *context, const double *sums) {
    ordpar_stepper *in = context;
    take(in, sums);
    in->has_c = true;
}

static int begin_setup(void *context, double alpha, const double *sums, double gamma, size_t pairs,
                       const double complex *gammas) {
    ordpar_stepper *in = context;
    take(in, sums);
    ordpar_stepper_set_eta(in, alpha);
    return ordpar_newton_shifts_begin(in->shifts, gamma, pairs, gammas, in->c, in->work) ? 0 : 1;
}

static void add_jacobian(void *context, size_t member, size_t piece, const double *y,
                         double *sums) {
    const ordpar_stepper *in = context;
    ordpar_newton_shifts_sum(in->shifts, member, ordpar_flow_chunk(&in->flow, piece), y, sums);
}

static int end_setup(void *context, const double *sums) {
    return ordpar_newton_shifts_factorise(((ordpar_stepper *)context)->shifts, sums) ? 0 : 1;
}

static void add_solve(void *context, size_t member, size_t piece, size_t k, ordpar_split x,
                      double *sums) {
    const ordpar_stepper *in = context;
    ordpar_newton_shifts_add(in->shifts, member, ordpar_flow_chunk(&in->flow, piece), k, x, sums);
}

static void couple(void *context, size_t k, double *sums) {
    ordpar_newton_shifts_couple(((ordpar_stepper *)context)->shifts, k, sums);
}

static void average(const ordpar_stepper *in, size_t member, ordpar_chunk c, double *x) {
    const ordpar_flow *flow = &in->flow;
    flow->state->average(flow, c, &in->watch.symmetry,
                         ordpar_newton_shifts_scratch(in->shifts, member), x);
}

static void solve(void *context, size_t member, size_t piece, size_t k, ordpar_split x,
                  ordpar_split out) {
    const ordpar_stepper *in = context;
    const ordpar_chunk c = ordpar_flow_chunk(&in->flow, piece);
    ordpar_newton_shifts_finish(in->shifts, member, c, k, x, out);
    if (!in->watch.symmetry.exists)
        return;
    average(in, member, c, out.re);
    if (k)
        average(in, member, c, out.im);
}

ordpar_pieces ordpar_stepper_pieces(const ordpar_stepper *in) {
    if (!in->shifts)
        return (ordpar_pieces){0};
    return (ordpar_pieces){
        .count = ordpar_flow_chunks(&in->flow),
        .team = in->team,
        .place = place,
        .state_sums = ordpar_flow_sums(&in->flow) + in->flow.outputs,
        .add_state = add_state,
        .set_rate = set_rate,
        .rate = rate,
        .pass = in->coordinates == &ordpar_overlap_coordinates ? pass : NULL,
        .event = ordpar_stepper_watches(in) ? event : NULL,
        .know = know,
        .jacobian_sums = ordpar_newton_shifts_setup_sums(in->shifts),
        .begin_setup = begin_setup,
        .add_jacobian = add_jacobian,
        .end_setup = end_setup,
        .solve_sums = ordpar_newton_shifts_solve_sums(in->shifts),
        .add_solve = add_solve,
        .couple = couple,
        .solve = solve,
    };
}
