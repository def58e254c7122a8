// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * [5.13] Wide networks: the capacitance matrix of P ~ K^2 rows is never formed. In the eigenbasis
 * of G its product with a vector costs K^2 (K + M), whatever L is, and as it is close to 1 GMRES
 * needs two or three. F's derivatives, of second order in eta, are kept while fields hardly change.
 */
#include "base/kernels.h"
#include "solver/steps/gmres.h"
#include "solver/steps/newton_internal.h"

#include <string.h>

/* Far below what Newton's iteration leaves. */
static const double tolerance = 1e-8;

/* Change of the covariances up to which F's derivatives are kept: what they lack then is a
 * hundredth of what is of second order in eta. */
static const double least_move = 0.01;

bool ordpar_newton_wide_has_moved(ordpar_newton *newton, const double *c) {
    const size_t units = newton->K + newton->M;
    double *at = newton->c_of_F;
    bool moved = false;
    for (size_t a = 0; a < units && !moved; a++)
        for (size_t b = 0; b <= a && !moved; b++) {
            const double scale = (1 + c[a * units + a]) * (1 + c[b * units + b]);
            const double change = c[a * units + b] - at[a * units + b];
            moved = !(change * change <= least_move * least_move * scale);
        }
    if (moved)
        memcpy(at, c, units * units * sizeof *at);
    return moved;
}

/* A solve reads them some ten times: half the bytes are half the time. What they lack then, 6e-8,
 * is far below what the kept ones do. */
void ordpar_newton_wide_differentiate_F(ordpar_newton *newton, const double *c,
                                        ordpar_coefficient_work *work) {
    const size_t rows = newton->K * (newton->K + 1) / 2, count = rows * newton->P;
    const double *of_F = newton->jacobian;
    newton->coordinates->differentiate_F(newton->network, c, work, newton->jacobian);
    for (size_t k = 0; k < count; k++) { /* each falls on numbers that have been read */
        const float single = (float)of_F[k];
        memcpy(newton->rows_of_F + k, &single, sizeof single);
    }
}

typedef struct {
    const ordpar_newton *newton;
    double factor;
    const double *m;
    double *F;
} product;

/* Rows of F_ij, j <= i, and with it those of i' = K - 1 - i: as many for each item. */
static void multiply_rows(void *context, size_t item, size_t member) {
    const product *p = context;
    const size_t K = p->newton->K, P = p->newton->P, both[] = {item, K - 1 - item};
    (void)member;
    for (size_t k = 0; k < (both[0] == both[1] ? 1 : 2); k++) {
        const size_t i = both[k];
        const float *row = p->newton->rows_of_F + i * (i + 1) / 2 * P;
        for (size_t j = 0; j <= i; j++, row += P)
            p->F[i * K + j] = p->F[j * K + i] = p->factor * ordpar_dot_single(P, row, p->m);
    }
}

/* factor times the change of A, G and F with m[P], which is overwritten, into blocks.change. */
static void direct(ordpar_newton *n, double factor, double *m) {
    const size_t K = n->K, first = K * n->M + K * K;
    ordpar_coefficients *change = &n->blocks.change;
    if (n->network->small_eta)
        memset(change->F, 0, K * K * sizeof *change->F);
    else
        ordpar_wide_parts_do(n->parts, (K + 1) / 2, multiply_rows,
                             &(product){n, factor * n->factor * n->factor, m, change->F});
    n->coordinates->along(&n->pairs, m, change->A, change->G);
    for (size_t k = 0; k < first; k++) /* G follows A */
        change->A[k] *= factor * n->factor;
}

/* [5.13] out = (1 - gamma S (1 - gamma D)^-1 U) m, with q in units of r */
static void multiply(void *context, double *m, double *out) {
    ordpar_newton *n = context;
    ordpar_block_solve *s = &n->blocks;
    const bool has_F = !n->network->small_eta;
    memcpy(n->m, m, n->P * sizeof *m);
    ordpar_newton_scale_q(n, m, n->unit);
    direct(n, s->gamma, m);
    const ordpar_coefficients change = {s->change.A, s->change.G, has_F ? s->change.F : NULL};
    ordpar_coefficients rotated = {n->dA, n->dG, has_F ? n->dF : NULL};
    ordpar_block_solve_rotate(s, 1, &change, &rotated, n->wide);
    ordpar_block_solve_couple(s, 1, &rotated, n->out_r, n->out_q, n->wide);
    ordpar_block_solve_rotate_back(s, 1, n->out_r, n->out_q, n->wide, out);
    ordpar_newton_scale_q(n, out, 1 / n->unit);
    for (size_t k = 0; k < n->P; k++)
        out[k] = n->m[k] - out[k];
}

/* A member's own. */
static ordpar_block_solve lend(const ordpar_newton *n, const ordpar_flow *flow, double *scratch) {
    ordpar_block_solve s = n->blocks;
    s.flow = flow;
    ordpar_block_solve_set_scratch(&s, scratch);
    return s;
}

static void sum(void *context, ordpar_flow *flow, double *scratch, ordpar_chunk c, double *sums) {
    ordpar_block_solve s = lend(context, flow, scratch);
    ordpar_block_solve_set_sums(&s, sums);
    flow->state->set_weights(&s, c);
    flow->state->sum(&s, c);
}

void ordpar_newton_wide_sum(ordpar_newton *newton) {
    ordpar_wide_parts_run(newton->parts, sum, newton, ordpar_block_solve_sums(newton->flow),
                          newton->blocks.T1);
}

typedef struct {
    ordpar_newton *newton;
    double *x;
    ordpar_coefficients rotated;
} solution;

static void add_solution(void *context, ordpar_flow *flow, double *scratch, ordpar_chunk c,
                         double *sums) {
    const solution *to = context;
    ordpar_block_solve s = lend(to->newton, flow, scratch);
    double *x = to->x + flow->S * c.first;
    if (flow->state->add_solution_rotated)
        flow->state->add_solution_rotated(&s, c, x, sums);
    else
        flow->state->add_solution(&s, c, x, sums);
}

static void finish(void *context, ordpar_flow *flow, double *scratch, ordpar_chunk c,
                   double *sums) {
    const solution *to = context;
    ordpar_block_solve s = lend(to->newton, flow, scratch);
    double *x = to->x + flow->S * c.first;
    (void)sums;
    if (flow->state->finish_rotated)
        flow->state->finish_rotated(&s, c, &to->rotated, x);
    else
        ordpar_newton_finish(&s, c, x, x);
}

/* The change of A, G and F with m, in the eigenbasis where the state wants it there. */
static void change_coefficients(ordpar_newton *n, ordpar_coefficients *rotated) {
    ordpar_block_solve *s = &n->blocks;
    const bool has_F = !n->network->small_eta;
    const ordpar_coefficients change = {s->change.A, s->change.G, has_F ? s->change.F : NULL};
    *rotated = (ordpar_coefficients){n->dA, n->dG, has_F ? n->dF : NULL};
    direct(n, s->gamma, n->m);
    if (n->flow->state->finish_rotated)
        ordpar_block_solve_rotate(s, 1, &change, rotated, n->wide);
}

void ordpar_newton_wide_solve(ordpar_newton *newton, double *x) {
    ordpar_newton *n = newton;
    double *sums = n->blocks.change.A; /* and G, which follows it */
    solution to = {.newton = n, .x = x};
    ordpar_wide_parts_run(n->parts, add_solution, &to, ordpar_flow_sums(n->flow), sums);
    n->flow->state->set_solution_moment(&n->blocks, sums, n->m);
    ordpar_newton_scale_q(n, n->m, 1 / n->unit);
    ordpar_gmres(n->P, multiply, n, tolerance, n->krylov, n->m);
    ordpar_newton_scale_q(n, n->m, n->unit);
    change_coefficients(n, &to.rotated);
    ordpar_wide_parts_run(n->parts, finish, &to, 0, NULL);
}
