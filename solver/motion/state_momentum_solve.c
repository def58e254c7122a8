// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Implicit steps with momentum [13.8]. In the eigenbasis of G, with A and G held fixed, (J, P)_k
 * moves by the 2 x 2 matrix M_k = ((-eta lambda g_k - kappa, -e), (lambda g_k, -c)). So r and u are
 * solved with two by two, and with X_kl = ((q, s_kl), (s_lk, p)), A_k = 1/2 - gamma M_k,
 *
 *     A_k X + X A_l^T = Y  has the solution  N X = A_k Y + Y adj(A_l^T),
 *     N = (tr A_k + tr A_l) A_k + det A_l - det A_k  (Cayley and Hamilton).
 */
#include "solver/motion/state_momentum.h"

#include "base/kernels.h"
#include "base/vectorise.h"
#include "solver/motion/blocks.h"
#include "solver/motion/state_overlaps.h"

#include <string.h>

/* What of a pair (k, l) does not depend on the block. */
typedef struct {
    double gamma, eta, f, d; /* A = ((1/2 + gamma (eta rate g + kappa), f), (-gamma rate g, d)) */
    double nu;               /* w1 det(1 - gamma M) */
    double g_k, g_l;
} pair;

static pair make_pair(const ordpar_block_solve *s, size_t k, size_t l) {
    const double gamma = s->gamma, f = gamma * s->push.e, d = 0.5 + gamma * s->push.c;
    return (pair){gamma, s->push.eta, f, d, s->push.eta * (0.5 + d) + f, s->g[k], s->g[l]};
}

/* w1 = first number of (1 - gamma M_k)^-1 (eta, -1) */
ORDPAR_VECTORISED_VOID(static, damp,
                       (size_t n, const pair *p, const double *rate, const double *decay,
                        double *w1),
                       (n, p, rate, decay, w1)) {
    const double gamma = p->gamma, eta = p->eta, f = p->f, d = 0.5 + p->d, g = p->g_k, nu = p->nu;
#pragma omp simd
    for (size_t b = 0; b < n; b++)
        w1[b] = nu / ((1 + gamma * (eta * rate[b] * g + decay[b])) * d + f * gamma * rate[b] * g);
}

void ordpar_momentum_set_weights(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K;
    for (size_t k = 0; k < K; k++) {
        const pair p = make_pair(s, k, k);
        damp(c.count, &p, s->flow->rate + c.first, s->flow->decay + c.first,
             s->w1 + K * c.first + k * c.count);
    }
}

/* (r, u) <- (1 - gamma M_k)^-1 (r, u) */
ORDPAR_VECTORISED_VOID(static, solve_vector,
                       (size_t n, const pair *p, const double *rate, const double *decay,
                        const double *w1, double *r, double *u),
                       (n, p, rate, decay, w1, r, u)) {
    const double gamma = p->gamma, eta = p->eta, f = p->f, d = 0.5 + p->d, g = p->g_k;
    const double scale = 1 / p->nu;
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double x = r[b], y = u[b], h = gamma * rate[b] * g, w = w1[b] * scale;
        r[b] = w * (d * x - f * y);
        u[b] = w * (h * x + (1 + eta * h + gamma * decay[b]) * y);
    }
}

/* What a change of row k of A or G makes of q_kl: J by way of q and r, P by way of s and u, R by
 * way of the changes of r and u; F what the noise makes of it. */
ORDPAR_VECTORISED_VOID(static, weigh_pair,
                       (size_t n, const pair *p, const double *rate, const double *decay,
                        const double *w1, const double *lambda_rate, double *J, double *P,
                        double *R, double *F),
                       (n, p, rate, decay, w1, lambda_rate, J, P, R, F)) {
    const double gamma = p->gamma, eta = p->eta, f = p->f, d = p->d, gk = p->g_k, gl = p->g_l;
    const double to_second = -1 / p->nu;
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double hk = -gamma * rate[b] * gk, hl = -gamma * rate[b] * gl;
        const double own = 0.5 + gamma * decay[b], ak = own - eta * hk, al = own - eta * hl;
        const double S = ak + al + 2 * d, D = d * (al - ak) - f * (hl - hk);
        const double N11 = S * ak + D, N12 = S * f, N21 = S * hk, N22 = S * d + D;
        const double scale = 1 / (N11 * N22 - N12 * N21);
        const double c11 = scale * (N22 * (ak + d) - N12 * hk), c12 = -scale * N22 * f;
        const double c21 = scale * (N22 * f - 2 * d * N12), c22 = scale * N12 * f;
        const double first = w1[b], second = to_second * first * (0.5 + own);
        J[b] = lambda_rate[b] * (eta * c11 - c21);
        P[b] = lambda_rate[b] * (eta * c12 - c22);
        R[b] = lambda_rate[b] * gamma * rate[b] *
               (first * (eta * c11 - c12) + second * (eta * c21 - c22));
        F[b] = eta * eta * c11 - eta * (c12 + c21) + c22;
    }
}

/* [13.8] X_kl <- the solution, with what r and u make of it: J, P are A r^T, A u^T */
ORDPAR_VECTORISED_VOID(static, solve_pair,
                       (size_t n, const pair *p, const double *rate, const double *decay,
                        const double *Jkl, const double *Jlk, const double *Pkl, const double *Plk,
                        double *q, double *skl, double *slk, double *pkl),
                       (n, p, rate, decay, Jkl, Jlk, Pkl, Plk, q, skl, slk, pkl)) {
    const double gamma = p->gamma, eta = p->eta, f = p->f, d = p->d, gk = p->g_k, gl = p->g_l;
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double h = gamma * rate[b], hk = -h * gk, hl = -h * gl;
        const double own = 0.5 + gamma * decay[b], ak = own - eta * hk, al = own - eta * hl;
        const double S = ak + al + 2 * d, D = d * (al - ak) - f * (hl - hk);
        const double N11 = S * ak + D, N12 = S * f, N21 = S * hk, N22 = S * d + D;
        const double scale = 1 / (N11 * N22 - N12 * N21);
        const double y11 = q[b] + h * eta * (Jkl[b] + Jlk[b]);
        const double y12 = skl[b] + h * (eta * Pkl[b] - Jlk[b]);
        const double y21 = slk[b] + h * (eta * Plk[b] - Jkl[b]);
        const double y22 = pkl[b] - h * (Pkl[b] + Plk[b]);
        const double z11 = (ak + d) * y11 + f * (y21 - y12);
        const double z21 = hk * y11 + 2 * d * y21 - f * y22;
        const double z12 = (ak + al) * y12 + f * y22 - hl * y11;
        const double z22 = hk * y12 + (d + al) * y22 - hl * y21;
        q[b] = scale * (N22 * z11 - N12 * z21);
        skl[b] = scale * (N22 * z12 - N12 * z22);
        slk[b] = scale * (N11 * z21 - N21 * z11);
        pkl[b] = scale * (N11 * z22 - N21 * z12);
    }
}

/* Where u, s and p of a chunk stand in the eigenbasis, beside s->r and s->q. */
typedef struct {
    double *u, *s, *p;
} rotated;

static rotated places(const ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, KM = K * s->flow->M;
    return (rotated){s->x, s->x + KM * c.count, s->x + (KM + K * K) * c.count};
}

/* x of a chunk in the eigenbasis of G. */
static rotated rotate(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, M = s->flow->M, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(s->flow, n);
    const rotated to = places(s, c);
    ordpar_left_multiply(true, K, K, M * n, 1, s->V, K, x, M * n, false, s->r, M * n);
    ordpar_left_multiply(true, K, K, M * n, 1, s->V, K, x + at.u, M * n, false, to.u, M * n);
    ordpar_unpack(K, n, x + at.q, s->q);
    memcpy(to.s, x + at.s, K * K * n * sizeof *x);
    ordpar_unpack(K, n, x + at.p, to.p);
    ordpar_congruence(false, K, n, s->V, s->q, s->s);
    ordpar_congruence(false, K, n, s->V, to.s, s->s);
    ordpar_congruence(false, K, n, s->V, to.p, s->s);
    return to;
}

/* The weights of row l, by k: of J into s->weights, of P and R behind one another into s->w2. */
static void weigh_row(ordpar_block_solve *s, ordpar_chunk c, size_t l) {
    const size_t K = s->flow->K, n = c.count;
    double *P = s->w2, *R = P + K * n, *F = R + K * n;
    for (size_t k = 0; k < K; k++) {
        const pair p = make_pair(s, k, l);
        weigh_pair(n, &p, s->flow->rate + c.first, s->flow->decay + c.first,
                   s->w1 + K * c.first + k * n, s->lambda_rate + c.first, s->weights + k * n,
                   P + k * n, R + k * n, F);
        s->phi[l * K + k] += ordpar_dot(n, s->lambda_noise + c.first, F);
    }
}

/* Adds the sums of one kind of weights over targets[M] of A and sources[K] of G. */
static void add(ordpar_block_solve *s, ordpar_chunk c, size_t l, const double *weights,
                const double *targets, const double *sources) {
    const size_t K = s->flow->K, M = s->flow->M;
    if (weights != s->weights)
        memcpy(s->weights, weights, K * c.count * sizeof *weights);
    ordpar_block_solve_add(s, c, M, targets, s->Aq + l * K * M);
    ordpar_block_solve_add(s, c, K, sources, s->Gq + l * K * K);
}

void ordpar_momentum_sum(ordpar_block_solve *s, ordpar_chunk c) {
    const size_t K = s->flow->K, M = s->flow->M, n = c.count;
    const rotated x = rotate(s, c, s->y + s->flow->S * c.first);
    double *transposed = s->s; /* of s */
    ordpar_block_solve_sum_r(s, c);
    ordpar_left_multiply(false, K, M, M * n, 1, s->A_rotated, M, s->flow->t + M * M * c.first,
                         M * n, false, s->tA, M * n);
    ordpar_multiply_transpose(K, M, n, s->A_rotated, s->r, s->z);
    for (size_t j = 0; j < K; j++)
        for (size_t l = 0; l < K; l++)
            memcpy(transposed + (l * K + j) * n, x.s + (j * K + l) * n, n * sizeof *x.s);
    for (size_t l = 0; l < K; l++) {
        weigh_row(s, c, l);
        add(s, c, l, s->weights, s->r + l * M * n, s->q + l * K * n);
        add(s, c, l, s->w2, x.u + l * M * n, transposed + l * K * n);
        add(s, c, l, s->w2 + K * n, s->tA + l * M * n, s->z + l * K * n);
    }
}

/* (1 - gamma D)^-1 x for a chunk, in the eigenbasis of G. */
static rotated solve_rotated(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, M = s->flow->M, n = c.count;
    const double *rate = s->flow->rate + c.first, *decay = s->flow->decay + c.first;
    const rotated to = rotate(s, c, x);
    for (size_t k = 0; k < K; k++)
        for (size_t m = 0; m < M; m++) {
            const pair p = make_pair(s, k, k);
            solve_vector(n, &p, rate, decay, s->w1 + K * c.first + k * n, s->r + (k * M + m) * n,
                         to.u + (k * M + m) * n);
        }
    double *J = s->z, *P = s->s;
    ordpar_multiply_transpose(K, M, n, s->A_rotated, s->r, J);
    ordpar_multiply_transpose(K, M, n, s->A_rotated, to.u, P);
    for (size_t k = 0; k < K; k++)
        for (size_t l = k; l < K; l++) {
            const pair p = make_pair(s, k, l);
            const size_t kl = (k * K + l) * n, lk = (l * K + k) * n;
            solve_pair(n, &p, rate, decay, J + kl, J + lk, P + kl, P + lk, s->q + kl, to.s + kl,
                       to.s + lk, to.p + kl);
            if (k == l)
                continue;
            memcpy(s->q + lk, s->q + kl, n * sizeof *x);
            memcpy(to.p + lk, to.p + kl, n * sizeof *x);
        }
    return to;
}

void ordpar_momentum_solve(ordpar_block_solve *s, ordpar_chunk c, const double *x, double *out) {
    const size_t K = s->flow->K, M = s->flow->M, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(s->flow, n);
    const rotated from = solve_rotated(s, c, x);
    ordpar_block_solve_rotate_back(s, n, s->r, s->q, s->s, out);
    ordpar_left_multiply(false, K, K, M * n, 1, s->V, K, from.u, M * n, false, out + at.u, M * n);
    ordpar_congruence(true, K, n, s->V, from.s, s->s);
    memcpy(out + at.s, from.s, K * K * n * sizeof *out);
    ordpar_congruence(true, K, n, s->V, from.p, s->s);
    ordpar_pack(K, n, from.p, out + at.p);
}

void ordpar_momentum_add_solution(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                  double *sums) {
    solve_rotated(s, c, x);
    ordpar_block_solve_add_moment(s, c, sums);
}

/* [5.9] (r, u) <- (1 - gamma M_k)^-T (r, u) */
ORDPAR_VECTORISED_VOID(static, solve_vector_transposed,
                       (size_t n, const pair *p, const double *rate, const double *decay,
                        const double *w1, double *r, double *u),
                       (n, p, rate, decay, w1, r, u)) {
    const double gamma = p->gamma, eta = p->eta, f = p->f, d = 0.5 + p->d, g = p->g_k;
    const double scale = 1 / p->nu;
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double x = r[b], y = u[b], h = gamma * rate[b] * g, w = w1[b] * scale;
        r[b] = w * (d * x + h * y);
        u[b] = w * ((1 + eta * h + gamma * decay[b]) * y - f * x);
    }
}

/* A_k^T X + X A_l = Y: N^T X = A_k^T Y + Y adj(A_l). A product with s_kl and s_lk counts half in
 * each. */
ORDPAR_VECTORISED_VOID(static, solve_pair_transposed,
                       (size_t n, const pair *p, const double *rate, const double *decay, double *q,
                        double *skl, double *slk, double *pkl),
                       (n, p, rate, decay, q, skl, slk, pkl)) {
    const double gamma = p->gamma, eta = p->eta, f = p->f, d = p->d, gk = p->g_k, gl = p->g_l;
#pragma omp simd
    for (size_t b = 0; b < n; b++) {
        const double hk = -gamma * rate[b] * gk, hl = -gamma * rate[b] * gl;
        const double own = 0.5 + gamma * decay[b], ak = own - eta * hk, al = own - eta * hl;
        const double S = ak + al + 2 * d, D = d * (al - ak) - f * (hl - hk);
        const double N11 = S * ak + D, N12 = S * f, N21 = S * hk, N22 = S * d + D;
        const double scale = 1 / (N11 * N22 - N12 * N21);
        const double y11 = q[b], y12 = skl[b] / 2, y21 = slk[b] / 2, y22 = pkl[b];
        const double z11 = (ak + d) * y11 + hk * y21 - hl * y12;
        const double z21 = f * y11 + 2 * d * y21 - hl * y22;
        const double z12 = (ak + al) * y12 + hk * y22 - f * y11;
        const double z22 = f * y12 + (d + al) * y22 - f * y21;
        q[b] = scale * (N22 * z11 - N21 * z21);
        skl[b] = 2 * scale * (N22 * z12 - N21 * z22);
        slk[b] = 2 * scale * (N11 * z21 - N12 * z11);
        pkl[b] = scale * (N11 * z22 - N12 * z12);
    }
}

/* What the solved q, s and p give back to r and u, by way of A. */
static void couple_transposed(ordpar_block_solve *s, ordpar_chunk c, const rotated *x) {
    const size_t K = s->flow->K, KM = K * s->flow->M, n = c.count;
    const double eta = s->push.eta;
    double *H = s->s;
    ordpar_combine(K * K * n, 2 * eta, s->q, -1, x->s, false, H);
    ordpar_overlaps_multiply_by_A(s->flow, n, s->gamma, H, s->A_rotated, false, s->tA);
    for (size_t k = 0; k < KM; k++)
        ordpar_multiply_add(n, s->flow->rate + c.first, s->tA + k * n, true, s->r + k * n);
    for (size_t k = 0; k < K * K; k++)
        ordpar_combine(n, -2, x->p + k * n, eta, x->s + (k % K * K + k / K) * n, false, H + k * n);
    ordpar_overlaps_multiply_by_A(s->flow, n, s->gamma, H, s->A_rotated, false, s->tA);
    for (size_t k = 0; k < KM; k++)
        ordpar_multiply_add(n, s->flow->rate + c.first, s->tA + k * n, true, x->u + k * n);
}

/* The symmetric matrices of x in the eigenbasis. */
static rotated rotate_gradient(ordpar_block_solve *s, ordpar_chunk c, const double *x) {
    const size_t K = s->flow->K, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(s->flow, n);
    const rotated to = rotate(s, c, x);
    ordpar_unpack_gradient(K, n, x + at.q, s->q);
    ordpar_unpack_gradient(K, n, x + at.p, to.p);
    ordpar_congruence(false, K, n, s->V, s->q, s->s);
    ordpar_congruence(false, K, n, s->V, to.p, s->s);
    return to;
}

void ordpar_momentum_solve_transposed(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                      double *out) {
    const size_t K = s->flow->K, M = s->flow->M, n = c.count;
    const double *rate = s->flow->rate + c.first, *decay = s->flow->decay + c.first;
    const ordpar_momentum_layout at = ordpar_momentum_places(s->flow, n);
    const rotated to = rotate_gradient(s, c, x);
    for (size_t k = 0; k < K; k++)
        for (size_t l = k; l < K; l++) {
            const pair p = make_pair(s, k, l);
            const size_t kl = (k * K + l) * n, lk = (l * K + k) * n;
            solve_pair_transposed(n, &p, rate, decay, s->q + kl, to.s + kl, to.s + lk, to.p + kl);
            memmove(s->q + lk, s->q + kl, n * sizeof *x);
            memmove(to.p + lk, to.p + kl, n * sizeof *x);
        }
    couple_transposed(s, c, &to);
    for (size_t k = 0; k < K * M; k++) {
        const pair p = make_pair(s, k / M, k / M);
        solve_vector_transposed(n, &p, rate, decay, s->w1 + K * c.first + k / M * n, s->r + k * n,
                                to.u + k * n);
    }
    ordpar_left_multiply(false, K, K, M * n, 1, s->V, K, s->r, M * n, false, out, M * n);
    ordpar_left_multiply(false, K, K, M * n, 1, s->V, K, to.u, M * n, false, out + at.u, M * n);
    ordpar_congruence(true, K, n, s->V, s->q, s->s);
    ordpar_congruence(true, K, n, s->V, to.s, s->s);
    ordpar_congruence(true, K, n, s->V, to.p, s->s);
    ordpar_pack_gradient(K, n, s->q, out + at.q);
    memcpy(out + at.s, to.s, K * K * n * sizeof *out);
    ordpar_pack_gradient(K, n, to.p, out + at.p);
}
