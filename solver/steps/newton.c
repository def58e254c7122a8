// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/newton_internal.h"

#include "base/factor.h"
#include "base/kernels.h"
#include "solver/motion/blocks.h"
#include "solver/motion/trained_outputs.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* The derivatives of A, G, F and of the outputs' flow, at this factor of the coefficients. */
static void differentiate(ordpar_newton *n, const double *c, double factor,
                          ordpar_coefficient_work *work) {
    if (n->is_wide) {
        n->factor = factor;
        n->coordinates->pairs(n->network, c, work, &n->pairs);
        if (!n->network->small_eta && ordpar_newton_wide_has_moved(n, c))
            ordpar_newton_wide_differentiate_F(n, c, work);
        return;
    }
    n->coordinates->jacobian(n->network, c, work, n->jacobian);
    if (n->flow->outputs) {
        ordpar_outputs_add_columns(n->network, c, work, n->jacobian);
        ordpar_outputs_jacobian(n->network, c, work, n->dv);
    }
    if (factor != 1)
        ordpar_coefficients_scale(n->K, n->M, n->Q, factor, n->jacobian);
}

/* V becomes its eigenvectors, in columns. Nothing is allocated that could fail in mid-run. */
static bool diagonalise(size_t K, double *V, double *g, double *work) {
    for (size_t k = 0; k < K * K; k++)
        if (!isfinite(V[k]))
            return false;
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)K, V, (lapack_int)K, g, work,
                           (lapack_int)(EIGEN_WORK * K)))
        return false;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++) {
            const double swapped = V[i * K + j];
            V[i * K + j] = V[j * K + i];
            V[j * K + i] = swapped;
        }
    return true;
}

/* A, G, F at c, their derivatives, and G = V diag(g) V^T. */
static bool set_coefficients(ordpar_newton *n, const double *c, ordpar_coefficient_work *work) {
    const size_t K = n->K, M = n->M;
    const double factor = ordpar_flow_factor(n->flow, n->network->eta);
    ordpar_block_solve *s = &n->blocks;
    if (!n->coordinates->evaluate(n->network, c, work, &s->at))
        return false;
    differentiate(n, c, factor, work);
    if (factor != 1)
        ordpar_coefficients_scale(K, M, 1, factor, s->at.A);
    memcpy(s->V, s->at.G, K * K * sizeof *s->V);
    if (K == 1) {
        s->g[0] = s->V[0];
        s->V[0] = 1;
    } else if (!diagonalise(K, s->V, s->g, n->eigen_work))
        return false;
    ordpar_left_multiply(true, K, K, M, 1, s->V, K, s->at.A, M, false, s->A_rotated, M);
    return true;
}

static void sum_blocks(ordpar_newton *n) {
    ordpar_block_solve *s = &n->blocks;
    if (n->is_wide) {
        ordpar_newton_wide_sum(n);
        return;
    }
    memset(s->T1, 0, ordpar_block_solve_sums(s->flow) * sizeof *s->T1); /* the others follow */
    ORDPAR_EACH_CHUNK (c, s->flow) {
        s->flow->state->set_weights(s, c);
        s->flow->state->sum(s, c);
    }
}

/* S (1 - gamma D)^-1 U, all columns, in the eigenbasis of G. */
static void couple(ordpar_newton *n) {
    const size_t KM = n->K * n->M, KK = n->K * n->K, Q = n->Q;
    double *F = n->network->small_eta ? NULL : n->jacobian + (KM + KK) * Q;
    const ordpar_coefficients change = {n->jacobian, n->jacobian + KM * Q, F};
    ordpar_coefficients rotated = {n->dA, n->dG, F ? n->dF : NULL};
    ordpar_block_solve_rotate(&n->blocks, Q, &change, &rotated, n->wide);
    ordpar_block_solve_couple(&n->blocks, Q, &rotated, n->out_r, n->out_q, n->wide);
}

static bool is_q(const ordpar_newton *n, size_t k) {
    return k >= n->K * n->M && k < n->P;
}

/* The matrix with q in its unit: without units of their own the rounding of r would fall on q. */
static void scale_capacitance(ordpar_newton *n) {
    for (size_t row = 0; row < n->Q; row++)
        for (size_t column = 0; column < n->Q; column++)
            if (is_q(n, row) != is_q(n, column))
                n->capacitance[row * n->Q + column] *= is_q(n, row) ? 1 / n->unit : n->unit;
}

void ordpar_newton_scale_q(const ordpar_newton *n, double *m, double factor) {
    for (size_t k = n->K * n->M; k < n->P; k++)
        m[k] *= factor;
}

/* [5.1] capacitance = 1 - gamma S (1 - gamma D)^-1 U, factorised; [13.3] its further rows. */
static bool factorise(ordpar_newton *n) {
    const size_t P = n->P, Q = n->Q;
    ordpar_block_solve_rotate_back(&n->blocks, Q, n->out_r, n->out_q, n->wide, n->capacitance);
    memcpy(n->capacitance + P * Q, n->dv, (Q - P) * Q * sizeof *n->dv);
    for (size_t k = 0; k < Q * Q; k++)
        n->capacitance[k] *= -n->blocks.gamma;
    for (size_t k = 0; k < Q; k++)
        n->capacitance[k * Q + k] += 1;
    scale_capacitance(n);
    /* Row-major rows are LAPACK's columns: the transpose is factorised, and solved as such. */
    return ordpar_factor_lu(LAPACK_COL_MAJOR, (lapack_int)Q, n->capacitance, n->pivots) == 0;
}

void ordpar_newton_average(const ordpar_newton *n, double *m) {
    const size_t K = n->K, M = n->M, units = K + M;
    double *c = n->tied;
    if (!c || !n->flow->symmetry)
        return;
    memset(c, 0, units * units * sizeof *c);
    ordpar_covariance_set(K, M, m, c);
    ordpar_symmetry_average(n->flow->symmetry, c);
    for (size_t i = 0; i < K; i++) {
        memcpy(m + i * M, c + i * units + K, M * sizeof *m);
        for (size_t j = i; j < K; j++)
            m[K * M + ordpar_packed_index(K, i, j)] = c[i * units + j];
    }
}

bool ordpar_newton_begin(ordpar_newton *newton, const double *c, ordpar_coefficient_work *work) {
    newton->blocks.push = newton->flow->push;
    newton->unit = newton->coordinates->unit(newton->network, c);
    return set_coefficients(newton, c, work);
}

bool ordpar_newton_differentiate(ordpar_newton *newton, const double *y, const double *c,
                                 ordpar_coefficient_work *work) {
    memcpy(newton->blocks.y, y, newton->flow->S * newton->L * sizeof *y);
    return ordpar_newton_begin(newton, c, work);
}

bool ordpar_newton_factorise(ordpar_newton *newton) {
    couple(newton);
    return factorise(newton);
}

bool ordpar_newton_setup(ordpar_newton *newton, double gamma, const double *y, const double *c,
                         ordpar_coefficient_work *work) {
    newton->blocks.gamma = gamma;
    if (!ordpar_newton_differentiate(newton, y, c, work))
        return false;
    sum_blocks(newton);
    return newton->is_wide || ordpar_newton_factorise(newton);
}

/* m <- (1 - gamma S (1 - gamma D)^-1 U)^-1 m */
static void solve_capacitance(ordpar_newton *n) {
    ordpar_newton_scale_q(n, n->m, 1 / n->unit);
    LAPACKE_dgetrs(LAPACK_COL_MAJOR, 'T', (lapack_int)n->Q, 1, n->capacitance, (lapack_int)n->Q,
                   n->pivots, n->m, (lapack_int)n->Q);
    ordpar_newton_scale_q(n, n->m, n->unit);
}

/* The change of A, G and F with m, times gamma; m is overwritten. */
static void direct(ordpar_newton *n) {
    const size_t Q = n->Q, rows = n->K * n->M + 2 * n->K * n->K;
    ordpar_block_solve *s = &n->blocks;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)rows, (int)Q, s->gamma, n->jacobian, (int)Q, n->m,
                1, 0, s->change.A, 1);
}

void ordpar_newton_couple(ordpar_newton *newton, double *sums, const double *outputs) {
    newton->flow->state->set_solution_moment(&newton->blocks, sums, newton->m);
    ordpar_newton_average(newton, newton->m);
    memcpy(newton->m + newton->P, outputs, newton->flow->outputs * sizeof *outputs);
    solve_capacitance(newton);
    direct(newton);
}

/* x <- (1 - gamma D)^-1 (x + gamma U m) for a chunk. */
void ordpar_newton_add_change(const ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const ordpar_flow *flow = s->flow;
    flow->state->apply(flow, &s->change, c, s->y + flow->S * c.first, s->dy);
    ordpar_add_scaled(flow->S * c.count, 1, x, true, s->dy);
}

void ordpar_newton_finish(ordpar_block_solve *s, ordpar_chunk c, const double *x, double *out) {
    ordpar_newton_add_change(s, c, x);
    s->flow->state->solve(s, c, s->dy, out);
}

void ordpar_newton_solve(ordpar_newton *newton, double *x) {
    const ordpar_flow *flow = newton->flow;
    const size_t v = flow->S * newton->L;
    ordpar_block_solve *s = &newton->blocks;
    double *sums = s->change.A; /* and G, which follows it */
    if (newton->is_wide) {
        ordpar_newton_wide_solve(newton, x);
        return;
    }
    memset(sums, 0, ordpar_flow_sums(flow) * sizeof *sums);
    ORDPAR_EACH_CHUNK (c, flow)
        flow->state->add_solution(s, c, x + flow->S * c.first, sums);
    ordpar_newton_couple(newton, sums, x + v);
    memcpy(x + v, newton->m + newton->P, flow->outputs * sizeof *x);
    ORDPAR_EACH_CHUNK (c, flow)
        ordpar_newton_finish(s, c, x + flow->S * c.first, x + flow->S * c.first);
}
