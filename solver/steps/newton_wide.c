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

/* F of both triangles, times factor, from the rows of one. */
static void direct_F(const ordpar_newton *n, double factor, const double *m, double *F) {
    const size_t K = n->K;
    const float *row = n->rows_of_F;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j <= i; j++, row += n->P)
            F[i * K + j] = F[j * K + i] = factor * ordpar_dot_single(n->P, row, m);
}

void ordpar_newton_wide_direct(ordpar_newton *newton, double factor, double *m) {
    ordpar_newton *n = newton;
    const size_t first = n->K * n->M + n->K * n->K;
    ordpar_coefficients *change = &n->blocks.change;
    if (n->network->small_eta)
        memset(change->F, 0, n->K * n->K * sizeof *change->F);
    else
        direct_F(n, factor * n->factor * n->factor, m, change->F);
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
    ordpar_newton_wide_direct(n, s->gamma, m);
    const ordpar_coefficients change = {s->change.A, s->change.G, has_F ? s->change.F : NULL};
    ordpar_coefficients rotated = {n->dA, n->dG, has_F ? n->dF : NULL};
    ordpar_block_solve_rotate(s, 1, &change, &rotated, n->wide);
    ordpar_block_solve_couple(s, 1, &rotated, n->out_r, n->out_q, n->wide);
    ordpar_block_solve_rotate_back(s, 1, n->out_r, n->out_q, n->wide, out);
    ordpar_newton_scale_q(n, out, 1 / n->unit);
    for (size_t k = 0; k < n->P; k++)
        out[k] = n->m[k] - out[k];
}

void ordpar_newton_wide_finish(ordpar_newton *newton, double *x) {
    ordpar_block_solve *s = &newton->blocks;
    const bool has_F = !newton->network->small_eta;
    const ordpar_coefficients change = {s->change.A, s->change.G, has_F ? s->change.F : NULL};
    ordpar_coefficients rotated = {newton->dA, newton->dG, has_F ? newton->dF : NULL};
    ordpar_newton_wide_direct(newton, s->gamma, newton->m);
    ordpar_block_solve_rotate(s, 1, &change, &rotated, newton->wide);
    ORDPAR_EACH_CHUNK (c, newton->flow)
        newton->flow->state->finish_rotated(s, c, &rotated, x + newton->flow->S * c.first);
}

void ordpar_newton_wide_solve(ordpar_newton *newton) {
    ordpar_gmres(newton->P, multiply, newton, tolerance, newton->krylov, newton->m);
}
