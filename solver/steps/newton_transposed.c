// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * [5.9] With J = D + U S: J^T x = D^T x + S^T k for k = U^T x, and (1 - gamma J)^-T x =
 * (1 - gamma D)^-T (x + gamma S^T k), where the transpose of the capacitance matrix takes k to
 * U^T (1 - gamma D)^-T x. Trained outputs v are their own order-1 numbers, as in [13.3].
 */
#include "solver/steps/newton_internal.h"

#include <cblas.h>
#include <string.h>

/* m = U^T x, from the gradient of x . dy/dalpha by A, G and F, and v's part of x. */
static void pull_back(ordpar_newton *n, const double *v) {
    const size_t Q = n->Q, outputs = n->flow->outputs, rows = n->K * n->M + 2 * n->K * n->K;
    cblas_dgemv(CblasRowMajor, CblasTrans, (int)rows, (int)Q, 1, n->jacobian, (int)Q,
                n->blocks.change.A, 1, 0, n->m, 1);
    if (outputs)
        cblas_dgemv(CblasRowMajor, CblasTrans, (int)outputs, (int)Q, 1, n->dv, (int)Q, v, 1, 1,
                    n->m, 1);
}

static void clear_gradient(ordpar_newton *n) {
    memset(n->blocks.change.A, 0, (n->K * n->M + 2 * n->K * n->K) * sizeof *n->blocks.change.A);
}

void ordpar_newton_multiply_transposed(ordpar_newton *newton, const double *x, double *out) {
    ordpar_newton *n = newton;
    ordpar_block_solve *s = &n->blocks;
    const ordpar_state *state = n->flow->state;
    const size_t S = n->flow->S, v = S * n->L;
    clear_gradient(n);
    ORDPAR_EACH_CHUNK (c, n->flow)
        state->apply_transposed(n->flow, c, s->y + S * c.first, x + S * c.first, &s->change);
    pull_back(n, x + v);
    ORDPAR_EACH_CHUNK (c, n->flow) {
        state->multiply_transposed(s, c, x + S * c.first, out + S * c.first);
        state->moment_transposed(n->flow, c, s->y + S * c.first, 1, n->m, out + S * c.first);
    }
    memcpy(out + v, n->m + n->P, n->flow->outputs * sizeof *out);
}

/* [5.9] */
void ordpar_newton_solve_transposed(ordpar_newton *newton, double *x) {
    ordpar_newton *n = newton;
    ordpar_block_solve *s = &n->blocks;
    const ordpar_state *state = n->flow->state;
    const size_t S = n->flow->S, v = S * n->L;
    clear_gradient(n);
    ORDPAR_EACH_CHUNK (c, n->flow) {
        state->solve_transposed(s, c, x + S * c.first, s->dy);
        state->apply_transposed(n->flow, c, s->y + S * c.first, s->dy, &s->change);
    }
    pull_back(n, x + v);
    ordpar_newton_scale_q(n, n->m, n->unit);
    LAPACKE_dgetrs(LAPACK_COL_MAJOR, 'N', (lapack_int)n->Q, 1, n->capacitance, (lapack_int)n->Q,
                   n->pivots, n->m, (lapack_int)n->Q);
    ordpar_newton_scale_q(n, n->m, 1 / n->unit);
    ORDPAR_EACH_CHUNK (c, n->flow) {
        double *part = x + S * c.first;
        state->moment_transposed(n->flow, c, s->y + S * c.first, s->gamma, n->m, part);
        state->solve_transposed(s, c, part, part);
    }
    for (size_t i = 0; i < n->flow->outputs; i++)
        x[v + i] += s->gamma * n->m[n->P + i];
}
