// SPDX-License-Identifier: GPL-3.0-or-later
#include "newton_internal.h"

#include "blocks.h"
#include "kernels.h"
#include "trained_outputs.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* The derivatives of A, G, F and of the outputs' flow. */
static void differentiate(ordpar_newton *n, const double *c, ordpar_coefficient_work *work) {
    n->coordinates->jacobian(n->network, c, work, n->jacobian);
    if (n->flow->outputs) {
        ordpar_outputs_add_columns(n->network, c, work, n->jacobian);
        ordpar_outputs_jacobian(n->network, c, work, n->dv);
    }
}

/* V becomes its eigenvectors, in columns. Nothing is allocated that could fail in mid-run. */
static bool diagonalise(ordpar_newton *n) {
    const size_t K = n->K;
    for (size_t k = 0; k < K * K; k++)
        if (!isfinite(n->V[k]))
            return false;
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)K, n->V, (lapack_int)K, n->g,
                           n->eigen_work, (lapack_int)(EIGEN_WORK * K)))
        return false;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++) {
            const double swapped = n->V[i * K + j];
            n->V[i * K + j] = n->V[j * K + i];
            n->V[j * K + i] = swapped;
        }
    return true;
}

/* A, G, F at c, their derivatives, and G = V diag(g) V^T. */
static bool set_coefficients(ordpar_newton *n, const double *c, ordpar_coefficient_work *work) {
    const size_t K = n->K, M = n->M;
    const double factor = n->network->eta / n->flow->eta;
    if (!n->coordinates->evaluate(n->network, c, work, &n->at))
        return false;
    differentiate(n, c, work);
    if (factor != 1) {
        ordpar_coefficients_scale(K, M, 1, factor, n->at.A);
        ordpar_coefficients_scale(K, M, n->Q, factor, n->jacobian);
    }
    memcpy(n->V, n->at.G, K * K * sizeof *n->V);
    if (K == 1) {
        n->g[0] = n->V[0];
        n->V[0] = 1;
    } else if (!diagonalise(n))
        return false;
    ordpar_left_multiply(true, K, K, M, 1, n->V, K, n->at.A, M, false, n->A_rotated, M);
    return true;
}

/* [5.2] The inverse diagonal of 1 - gamma D in the eigenbasis of G. */
static void set_weights(ordpar_newton *n, ordpar_chunk c) {
    const size_t K = n->K;
    const double *rate = n->flow->rate + c.first, *decay = n->flow->decay + c.first;
    double *w1 = n->w1 + K * c.first, *w2 = n->w2 + K * K * c.first;
    for (size_t k = 0; k < K; k++) {
        ordpar_damping(c.count, n->gamma * n->g[k], rate, n->gamma, decay, w1 + k * c.count);
        for (size_t l = 0; l < K && !n->flow->D; l++)
            ordpar_damping(c.count, n->gamma * (n->g[k] + n->g[l]), rate, 2 * n->gamma, decay,
                           w2 + (k * K + l) * c.count);
    }
}

/* The state of a chunk in the eigenbasis of G, into n->r and n->q. */
static void rotate_state(ordpar_newton *n, ordpar_chunk c, const double *y) {
    const size_t K = n->K, M = n->M, count = c.count;
    ordpar_left_multiply(true, K, K, M * count, 1, n->V, K, y, M * count, false, n->r, M * count);
    ordpar_unpack(K, count, y + K * M * count, n->q);
    ordpar_congruence(false, K, count, n->V, n->q, n->s);
}

void ordpar_newton_add_block_sums(const ordpar_newton *n, ordpar_chunk c, size_t columns,
                                  const double *x, double *out) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n->K, (int)columns, (int)c.count, 1,
                n->weights, (int)c.count, x, (int)c.count, 1, out, (int)columns);
}

/* The weights of sums over blocks: lambda rate times a damping. */
static void weigh(const ordpar_newton *n, ordpar_chunk c, const double *damping, double *weights) {
    memcpy(weights, n->lambda_rate + c.first, c.count * sizeof *weights);
    ordpar_multiply(c.count, damping, weights);
}

void ordpar_newton_sum_r(ordpar_newton *n, ordpar_chunk c) {
    const size_t K = n->K, M = n->M;
    for (size_t k = 0; k < K; k++)
        weigh(n, c, n->w1 + K * c.first + k * c.count, n->weights + k * c.count);
    ordpar_newton_add_block_sums(n, c, M * M, n->flow->t + M * M * c.first, n->T1);
    ordpar_newton_add_block_sums(n, c, K * M, n->r, n->R1);
}

/* The weights of [5.4] for the row l: first those of the direct terms, then of those by way of r.
 */
static void weigh_q_direct(ordpar_newton *n, ordpar_chunk c, size_t l) {
    const size_t K = n->K;
    const double *w2 = n->w2 + K * K * c.first + l * K * c.count;
    for (size_t k = 0; k < K; k++) {
        weigh(n, c, w2 + k * c.count, n->weights + k * c.count);
        n->phi[l * K + k] += ordpar_dot(c.count, n->lambda_noise + c.first, w2 + k * c.count);
    }
}

static void weigh_q_by_r(ordpar_newton *n, ordpar_chunk c) {
    for (size_t k = 0; k < n->K; k++) {
        double *weights = n->weights + k * c.count;
        ordpar_multiply(c.count, n->w1 + n->K * c.first + k * c.count, weights);
        ordpar_multiply(c.count, n->flow->rate + c.first, weights);
        ordpar_add_scaled(c.count, n->gamma, weights, false, weights);
    }
}

/* [5.4] The same for q: directly, and by way of the change of r, which drives q through A r^T. */
static void sum_q(ordpar_newton *n, ordpar_chunk c) {
    const size_t K = n->K, M = n->M, count = c.count;
    const double *t = n->flow->t + M * M * c.first;
    ordpar_left_multiply(false, K, M, M * count, 1, n->A_rotated, M, t, M * count, false, n->tA,
                         M * count);
    ordpar_multiply_transpose(K, M, count, n->A_rotated, n->r, n->z);
    for (size_t l = 0; l < K; l++) {
        weigh_q_direct(n, c, l);
        ordpar_newton_add_block_sums(n, c, M, n->r + l * M * count, n->Aq + l * K * M);
        ordpar_newton_add_block_sums(n, c, K, n->q + l * K * count, n->Gq + l * K * K);
        weigh_q_by_r(n, c);
        ordpar_newton_add_block_sums(n, c, M, n->tA + l * M * count, n->Aq + l * K * M);
        ordpar_newton_add_block_sums(n, c, K, n->z + l * K * count, n->Gq + l * K * K);
    }
}

static void sum_blocks(ordpar_newton *n) {
    const size_t K = n->K, M = n->M;
    memset(n->T1, 0, K * M * M * sizeof *n->T1);
    memset(n->R1, 0, K * K * M * sizeof *n->R1);
    memset(n->Aq, 0, K * K * M * sizeof *n->Aq);
    memset(n->Gq, 0, K * K * K * sizeof *n->Gq);
    memset(n->phi, 0, K * K * sizeof *n->phi);
    ORDPAR_EACH_CHUNK (c, n->flow) {
        set_weights(n, c);
        if (n->flow->D) {
            ordpar_newton_sum_vectors(n, c);
            continue;
        }
        rotate_state(n, c, n->y + n->P * c.first);
        ordpar_newton_sum_r(n, c);
        sum_q(n, c);
    }
}

/* The derivatives of A, G and F, all columns, in the eigenbasis of G. */
static void rotate_jacobian(ordpar_newton *n) {
    const size_t K = n->K, M = n->M, Q = n->Q;
    const double *dG = n->jacobian + K * M * Q, *dF = dG + K * K * Q;
    ordpar_left_multiply(true, K, K, M * Q, 1, n->V, K, n->jacobian, M * Q, false, n->dA, M * Q);
    memcpy(n->dG, dG, K * K * Q * sizeof *dG);
    ordpar_congruence(false, K, Q, n->V, n->dG, n->wide);
    if (n->network->small_eta)
        return;
    memcpy(n->dF, dF, K * K * Q * sizeof *dF);
    ordpar_congruence(false, K, Q, n->V, n->dF, n->wide);
}

/* S (1 - gamma D)^-1 U, all columns, in the eigenbasis, from the block sums. */
static void couple(ordpar_newton *n) {
    const size_t K = n->K, M = n->M, Q = n->Q;
    for (size_t k = 0; k < K; k++) {
        const double *dA = n->dA + k * M * Q, *dG = n->dG + k * K * Q;
        double *r = n->out_r + k * M * Q, *half = n->wide + k * K * Q;
        ordpar_left_multiply(true, M, M, Q, 1, n->T1 + k * M * M, M, dA, Q, false, r, Q);
        ordpar_left_multiply(true, M, K, Q, -1, n->R1 + k * K * M, M, dG, Q, true, r, Q);
        ordpar_left_multiply(false, K, M, Q, 1, n->Aq + k * M, K * M, dA, Q, false, half, Q);
        ordpar_left_multiply(false, K, K, Q, -1, n->Gq + k * K, K * K, dG, Q, true, half, Q);
    }
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++)
            for (size_t c = 0; c < Q; c++)
                n->out_q[(k * K + l) * Q + c] = n->wide[(k * K + l) * Q + c] +
                                                n->wide[(l * K + k) * Q + c] +
                                                n->phi[k * K + l] * n->dF[(k * K + l) * Q + c];
}

/* Out of the eigenbasis, for any number of columns: r[K][M][columns], q[K][K][columns] into
 * x[P][columns]; q is overwritten. */
static void rotate_back(ordpar_newton *n, size_t columns, const double *r, double *q, double *work,
                        double *x) {
    const size_t K = n->K, M = n->M;
    ordpar_left_multiply(false, K, K, M * columns, 1, n->V, K, r, M * columns, false, x,
                         M * columns);
    ordpar_congruence(true, K, columns, n->V, q, work);
    ordpar_pack(K, columns, q, x + K * M * columns);
}

/*
 * Deviations: q is of second order in W, r of first. Without units of their own the rounding of r
 * would fall on q. A power of two, which rounds nothing.
 */
static double unit_of_q(const ordpar_newton *n, const double *c) {
    double largest = 0;
    for (size_t i = 0; i < n->K && n->coordinates->relative; i++)
        largest = fmax(largest, c[i * (n->K + n->M) + i]);
    return largest > 0 ? ldexp(1, ilogb(largest) / 2) : 1;
}

static bool is_q(const ordpar_newton *n, size_t k) {
    return k >= n->K * n->M && k < n->P;
}

/* The matrix in these units. */
static void scale_capacitance(ordpar_newton *n) {
    for (size_t row = 0; row < n->Q; row++)
        for (size_t column = 0; column < n->Q; column++)
            if (is_q(n, row) != is_q(n, column))
                n->capacitance[row * n->Q + column] *= is_q(n, row) ? 1 / n->unit : n->unit;
}

/* [5.1] capacitance = 1 - gamma S (1 - gamma D)^-1 U, factorised; [13.3] its further rows. */
static bool factorise(ordpar_newton *n) {
    const size_t P = n->P, Q = n->Q;
    rotate_back(n, Q, n->out_r, n->out_q, n->wide, n->capacitance);
    memcpy(n->capacitance + P * Q, n->dv, (Q - P) * Q * sizeof *n->dv);
    for (size_t k = 0; k < Q * Q; k++)
        n->capacitance[k] *= -n->gamma;
    for (size_t k = 0; k < Q; k++)
        n->capacitance[k * Q + k] += 1;
    scale_capacitance(n);
    /* Row-major rows are LAPACK's columns: the transpose is factorised, and solved as such. */
    return LAPACKE_dgetrf(LAPACK_COL_MAJOR, (lapack_int)Q, (lapack_int)Q, n->capacitance,
                          (lapack_int)Q, n->pivots) == 0;
}

bool ordpar_newton_setup(ordpar_newton *newton, double gamma, const double *y, const double *c,
                         ordpar_coefficient_work *work) {
    newton->gamma = gamma;
    newton->unit = unit_of_q(newton, c);
    memcpy(newton->y, y, newton->flow->S * newton->L * sizeof *y);
    if (!set_coefficients(newton, c, work))
        return false;
    sum_blocks(newton);
    rotate_jacobian(newton);
    couple(newton);
    return factorise(newton);
}

/* [5.2] (1 - gamma D)^-1 x for a chunk, in the eigenbasis of G, into n->r and n->q. */
static void solve_chunk(ordpar_newton *n, ordpar_chunk c, const double *x) {
    const size_t K = n->K, M = n->M, count = c.count;
    const double *rate = n->flow->rate + c.first, *w1 = n->w1 + K * c.first;
    rotate_state(n, c, x);
    for (size_t k = 0; k < K; k++)
        for (size_t m = 0; m < M; m++)
            ordpar_multiply(count, w1 + k * count, n->r + (k * M + m) * count);
    ordpar_multiply_transpose(K, M, count, n->A_rotated, n->r, n->z);
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++)
            ordpar_add_pair(count, n->gamma, rate, n->z + (k * K + l) * count,
                            n->z + (l * K + k) * count, true, n->q + (k * K + l) * count);
    ordpar_multiply(K * K * count, n->w2 + K * K * c.first, n->q);
}

/* m = S (1 - gamma D)^-1 x */
static void sum_solution(ordpar_newton *n, const double *x, double *m) {
    const size_t K = n->K, M = n->M;
    double *r = n->change.A, *q = n->change.G, *work = n->change.F;
    memset(r, 0, (K * M + K * K) * sizeof *r); /* q follows r */
    ORDPAR_EACH_CHUNK (c, n->flow) {
        const double *lambda = n->flow->lambda + c.first;
        solve_chunk(n, c, x + n->P * c.first);
        for (size_t k = 0; k < K * M; k++)
            r[k] += ordpar_dot(c.count, lambda, n->r + k * c.count);
        for (size_t k = 0; k < K * K; k++)
            q[k] += ordpar_dot(c.count, lambda, n->q + k * c.count);
    }
    rotate_back(n, 1, r, q, work, m);
}

/* x <- (1 - gamma D)^-1 (x + gamma U m) */
static void solve_coupled(ordpar_newton *n, double *x) {
    const size_t K = n->K, M = n->M, S = n->flow->S, Q = n->Q, rows = K * M + 2 * K * K;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)rows, (int)Q, n->gamma, n->jacobian, (int)Q, n->m,
                1, 0, n->change.A, 1);
    memcpy(x + S * n->L, n->m + n->P, n->flow->outputs * sizeof *x);
    ORDPAR_EACH_CHUNK (c, n->flow) {
        double *part = x + S * c.first;
        ordpar_flow_apply_chunk(n->flow, &n->change, c, n->y + S * c.first, n->dy);
        ordpar_add_scaled(S * c.count, 1, n->dy, true, part);
        if (n->flow->D)
            ordpar_newton_solve_vectors(n, c, part, part);
        else {
            solve_chunk(n, c, part);
            rotate_back(n, c.count, n->r, n->q, n->s, part);
        }
    }
}

void ordpar_newton_solve(ordpar_newton *newton, double *x) {
    ordpar_newton *n = newton;
    const size_t KM = n->K * n->M, P = n->P, S = n->flow->S;
    if (n->flow->D)
        ordpar_newton_sum_vector_solution(n, x, n->m);
    else
        sum_solution(n, x, n->m);
    memcpy(n->m + P, x + S * n->L, n->flow->outputs * sizeof *x);
    for (size_t k = KM; k < P; k++)
        n->m[k] /= n->unit;
    LAPACKE_dgetrs(LAPACK_COL_MAJOR, 'T', (lapack_int)n->Q, 1, n->capacitance, (lapack_int)n->Q,
                   n->pivots, n->m, (lapack_int)n->Q);
    for (size_t k = KM; k < P; k++)
        n->m[k] *= n->unit;
    solve_coupled(n, x);
}
