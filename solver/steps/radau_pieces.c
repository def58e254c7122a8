// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a step of Radau IIA does with arrays as long as y. Each function below is one pass over
 * memory: all that can be done with a piece of y, in all stages, is done while it is in cache.
 * Sums are made for parts of y, which depend on its length alone, and added in their order: threads
 * do not change them.
 */
#include "solver/steps/radau_internal.h"

#include "base/kernels.h"
#include "base/vectorise.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* What is done with a piece, whose numbers begin at `first`, and what it adds to sums. */
typedef void (*piece_task)(const ordpar_radau_method *m, size_t member, size_t piece,
                           ordpar_range at, double *sums);

typedef struct {
    const ordpar_radau_method *method;
    piece_task task;
    size_t sums;
} pass;

static size_t largest(size_t a, size_t b) {
    return a > b ? a : b;
}

size_t ordpar_radau_parts(const ordpar_ode *ode) {
    return ode->pieces.count < ORDPAR_MOST_PARTS ? ode->pieces.count : ORDPAR_MOST_PARTS;
}

size_t ordpar_radau_sums(const ordpar_ode *ode, const ordpar_stages *stages) {
    const ordpar_pieces *p = &ode->pieces;
    const size_t state = (stages->s + 1) * p->state_sums,
                 solve = (stages->pairs + 1) * p->solve_sums;
    return ordpar_whole_lines(largest(largest(state, solve), p->jacobian_sums) + 1);
}

size_t ordpar_radau_longest(const ordpar_ode *ode) {
    size_t longest = 0;
    for (size_t piece = 0; piece < ode->pieces.count; piece++)
        longest = largest(longest, ode->pieces.place(ode->context, piece).count);
    return ordpar_whole_lines(longest);
}

static void do_part(void *context, size_t part, size_t member) {
    const pass *p = context;
    const ordpar_radau_method *m = p->method;
    const ordpar_pieces *pieces = &m->ode.pieces;
    const size_t end = (part + 1) * pieces->count / m->parts;
    double *sums = m->sums + part * m->most_sums;
    memset(sums, 0, p->sums * sizeof *sums);
    for (size_t k = part * pieces->count / m->parts; k < end; k++)
        p->task(m, member, k, pieces->place(m->ode.context, k), sums);
}

/* Returns the sums of all pieces. */
static double *each_piece(const ordpar_radau_method *m, piece_task task, size_t sums) {
    ordpar_team_run(m->ode.pieces.team, m->parts, do_part, &(pass){m, task, sums});
    for (size_t part = 1; part < m->parts; part++)
        ordpar_add_scaled(sums, 1, m->sums + part * m->most_sums, true, m->sums);
    return m->sums;
}

/* The stages of a piece stand together, `stride` numbers apart. */
static double *stages_of(const ordpar_radau_method *m, double *array, size_t piece) {
    return array + piece * m->stages.s * m->stride;
}

/* What members have for one piece: of all stages, and of a state. Stages that are read stay as they
 * are, so that nobody writes them back to memory. */
static double *own_stages(const ordpar_radau_method *m, size_t member) {
    return m->own + member * (m->stages.s + 1) * m->stride;
}

static double *own_state(const ordpar_radau_method *m, size_t member) {
    return own_stages(m, member) + m->stages.s * m->stride;
}

static void add_sums(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                     double *sums) {
    m->ode.pieces.add_state(m->ode.context, member, piece, m->y + at.first, sums);
}

void ordpar_radau_know(ordpar_radau_method *m) {
    const size_t count = m->ode.pieces.state_sums;
    memcpy(m->of_y, each_piece(m, add_sums, count), count * sizeof *m->of_y);
}

/* Adds to sums[s] those of the stages. */
static void add_stages(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                       double *sums) {
    const ordpar_pieces *p = &m->ode.pieces;
    double *state = own_state(m, member);
    const double *z = stages_of(m, m->z, piece);
    for (size_t i = 0; i < m->stages.s; i++, z += m->stride) {
        ordpar_combine(at.count, 1, m->y + at.first, 1, z, false, state);
        p->add_state(m->ode.context, member, piece, state, sums + i * p->state_sums);
    }
}

/* z <- its polynomial, of the step before or of one that was too long, or 0; the state that the
 * Jacobian is taken at. */
static void predict(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                    double *sums) {
    const size_t s = m->stages.s, stride = m->stride, count = ordpar_whole_lines(at.count);
    double *z = stages_of(m, m->z, piece), *state = m->work + at.first;
    if (m->z_length > 0)
        ordpar_stages_mix(s, s, count, stride, m->predict, z, NULL, z);
    for (size_t i = 0; i < s && m->z_length == 0; i++)
        memset(z + i * stride, 0, count * sizeof *z);
    ordpar_stages_mix(1, s, count, stride, m->at_jacobian, z, m->y + at.first, state);
    add_stages(m, member, piece, at, sums);
    m->ode.pieces.add_state(m->ode.context, member, piece, state,
                            sums + s * m->ode.pieces.state_sums);
}

void ordpar_radau_predict(ordpar_radau_method *m) {
    const size_t count = (m->stages.s + 1) * m->ode.pieces.state_sums;
    memcpy(m->of_stages, each_piece(m, predict, count), count * sizeof *m->of_stages);
}

static void add_jacobian(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                         double *sums) {
    m->ode.pieces.add_jacobian(m->ode.context, member, piece, m->work + at.first, sums);
}

int ordpar_radau_setup(ordpar_radau_method *m, double alpha) {
    const ordpar_pieces *p = &m->ode.pieces;
    const int failed =
        p->begin_setup(m->ode.context, alpha, m->of_stages + m->stages.s * p->state_sums,
                       m->length / m->stages.real, m->stages.pairs, m->gamma);
    return failed ? failed
                  : p->end_setup(m->ode.context, each_piece(m, add_jacobian, p->jacobian_sums));
}

/* Real and imaginary part of what is solved for gamma_k, among the stages of a piece. */
static ordpar_split part_of(const ordpar_radau_method *m, size_t k, double *stages) {
    double *re = stages + (k ? 2 * k - 1 : 0) * m->stride;
    return (ordpar_split){re, k ? re + m->stride : NULL};
}

/* f <- the residual of the stages in their eigenbasis; the sums of the solves. */
static void reside(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                   double *sums) {
    const ordpar_pieces *p = &m->ode.pieces;
    const size_t s = m->stages.s, stride = m->stride;
    double *state = own_state(m, member), *f = stages_of(m, m->f, piece);
    const double *z = stages_of(m, m->z, piece);
    for (size_t i = 0; i < s; i++) {
        ordpar_combine(at.count, 1, m->y + at.first, 1, z + i * stride, false, state);
        p->rate(m->ode.context, member, piece, i, state, f + i * stride);
    }
    ordpar_stages_residual(s, ordpar_whole_lines(at.count), stride, m->inverse, m->D, z, f);
    for (size_t k = 0; k <= m->stages.pairs; k++) {
        p->add_solve(m->ode.context, member, piece, k, part_of(m, k, f), sums + k * p->solve_sums);
    }
}

/* The solves, and z with their correction; the last sum is its square. */
static void correct(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                    double *sums) {
    const ordpar_pieces *p = &m->ode.pieces;
    const size_t s = m->stages.s;
    double *f = stages_of(m, m->f, piece), *solved = own_stages(m, member);
    for (size_t i = 0; i < s; i++)
        memset(solved + i * m->stride + at.count, 0,
               (ordpar_whole_lines(at.count) - at.count) * sizeof *solved);
    for (size_t k = 0; k <= m->stages.pairs; k++) {
        p->solve(m->ode.context, member, piece, k, part_of(m, k, f), part_of(m, k, solved));
    }
    sums[s * p->state_sums] +=
        ordpar_stages_update(s, ordpar_whole_lines(at.count), m->stride, m->stages.T, solved,
                             m->weights + at.first, stages_of(m, m->z, piece));
    add_stages(m, member, piece, at, sums);
}

double ordpar_radau_correct(ordpar_radau_method *m) {
    const ordpar_pieces *p = &m->ode.pieces;
    const size_t s = m->stages.s, pairs = m->stages.pairs, count = s * p->state_sums;
    double *sums = each_piece(m, reside, (pairs + 1) * p->solve_sums);
    for (size_t k = 0; k <= pairs; k++)
        p->couple(m->ode.context, k, sums + k * p->solve_sums);
    sums = each_piece(m, correct, count + 1);
    memcpy(m->of_stages, sums, count * sizeof *sums);
    return sqrt(sums[count] / (double)(s * m->ode.size));
}

/* work <- what the embedded method differs by; the sums of its solve. */
static void differ(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                   double *sums) {
    double *x = m->work + at.first;
    ordpar_stages_mix(1, m->stages.s, ordpar_whole_lines(at.count), m->stride, m->stages.error,
                      stages_of(m, m->z, piece), NULL, x);
    ordpar_add_scaled(at.count, m->length / m->stages.real, m->start_rate + at.first, true, x);
    m->ode.pieces.add_solve(m->ode.context, member, piece, 0, (ordpar_split){x, NULL}, sums);
}

static void add_error(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                      double *sums) {
    double *x = m->work + at.first;
    const ordpar_split both = {x, NULL};
    m->ode.pieces.solve(m->ode.context, member, piece, 0, both, both);
    *sums += ordpar_weighted_square(at.count, x, m->weights + at.first);
}

double ordpar_radau_error(ordpar_radau_method *m) {
    const ordpar_pieces *p = &m->ode.pieces;
    p->couple(m->ode.context, 0, each_piece(m, differ, p->solve_sums));
    return sqrt(*each_piece(m, add_error, 1) / (double)m->ode.size);
}

/* start_rate <- the rate at y */
static void start_rate(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                       double *sums) {
    (void)sums;
    m->ode.pieces.rate(m->ode.context, member, piece, m->stages.s, m->y + at.first,
                       m->start_rate + at.first);
}

int ordpar_radau_start_rate(ordpar_radau_method *m) {
    const int failed = m->ode.pieces.set_rate(m->ode.context, m->stages.s, m->begin, m->of_y);
    if (!failed)
        each_piece(m, start_rate, 0);
    return failed;
}

/* Nothing is known better than the rounding of how it moves: what starts from 0 has no tolerance
 * of its own. What is stiff returns without moving so far, if pushed off by a rounding: it has at
 * most that of a move by `most` times its size. weights <- min(weights, 1 / (rounding move)) */
ORDPAR_VECTORISED_VOID(static, relax,
                       (size_t n, double length, const double *rate, const double *y,
                        double *weights),
                       (n, length, rate, y, weights)) {
    const double rounding = 4 * DBL_EPSILON, most = 1e4;
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        const double move = length * fabs(rate[k]), limit = most * fabs(y[k]);
        const double size = rounding * (limit > 0 && limit < move ? limit : move);
        weights[k] = weights[k] * size > 1 ? 1 / size : weights[k];
    }
}

void ordpar_radau_relax(ordpar_radau_method *m, double length) {
    relax(m->ode.size, length, m->start_rate, m->y, m->weights);
}

static void move(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                 double *sums) {
    const double *end = stages_of(m, m->z, piece) + (m->stages.s - 1) * m->stride;
    (void)member, (void)sums;
    ordpar_add_scaled(at.count, 1, end, true, m->y + at.first);
}

void ordpar_radau_move(ordpar_radau_method *m) {
    const size_t count = m->ode.pieces.state_sums;
    each_piece(m, move, 0);
    memcpy(m->of_y, m->of_stages + (m->stages.s - 1) * count, count * sizeof *m->of_y);
}

static void interpolate(const ordpar_radau_method *m, size_t member, size_t piece, ordpar_range at,
                        double *sums) {
    (void)member, (void)sums;
    ordpar_stages_mix(1, m->stages.s, ordpar_whole_lines(at.count), m->stride, m->interpolate,
                      stages_of(m, m->z, piece), m->y + at.first, m->interpolated + at.first);
}

void ordpar_radau_at(ordpar_radau_method *m, double tau, double *y) {
    ordpar_stages_weights(&m->stages, tau, m->interpolate);
    m->interpolated = y;
    each_piece(m, interpolate, 0);
}
