// SPDX-License-Identifier: GPL-3.0-or-later
/* The transposes of the operations with momentum [5.9], [13.7], [13.8]. With the symmetric X, Y
 * whose products with q and p are those of x, and Z of s, those of overlaps and three more. */
#include "solver/motion/state_momentum.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"
#include "solver/motion/state_overlaps.h"

#include <string.h>

/* out = a x + b y^T of [K][K][n] */
static void combine_transposed(size_t K, size_t n, double a, const double *x, double b,
                               const double *y, double *out) {
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            ordpar_combine(n, a, x + (i * K + j) * n, b, y + (j * K + i) * n, false,
                           out + (i * K + j) * n);
}

static void multiply_rate(const ordpar_flow *flow, ordpar_chunk c, size_t rows, double *x) {
    for (size_t k = 0; k < rows; k++)
        ordpar_multiply(c.count, flow->rate + c.first, x + k * c.count);
}

/* out -= kappa times x */
static void add_decay(const ordpar_flow *flow, ordpar_chunk c, size_t rows, double times,
                      const double *x, double *out) {
    if (flow->decay[0] > 0)
        ordpar_flow_decay(flow, c, rows, times, x, out);
}

/* r: rate (G (x_u - eta x_r) + (2 eta X - Z) A) - kappa x_r, u: rate (eta Z^T - 2 Y) A - e x_r - c
 * x_u */
static void transpose_vectors(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                              const double *Y, double *out) {
    const size_t K = s->flow->K, M = s->flow->M, KM = K * M, KK = K * K, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(s->flow, n);
    const ordpar_push *push = &s->push;
    ordpar_combine(KM * n, -push->eta, x, 1, x + at.u, false, s->tA);
    ordpar_left_multiply(false, K, K, M * n, 1, s->at.G, K, s->tA, M * n, false, out, M * n);
    ordpar_combine(KK * n, 2 * push->eta, s->q, -1, x + at.s, false, s->s);
    ordpar_overlaps_multiply_by_A(s->flow, n, 1, s->s, s->at.A, true, out);
    multiply_rate(s->flow, c, KM, out);
    add_decay(s->flow, c, KM, 1, x, out);
    combine_transposed(K, n, -2, Y, push->eta, x + at.s, s->s);
    ordpar_overlaps_multiply_by_A(s->flow, n, 1, s->s, s->at.A, false, out + at.u);
    multiply_rate(s->flow, c, KM, out + at.u);
    ordpar_combine(KM * n, -push->e, x, -push->c, x + at.u, true, out + at.u);
}

/* q: rate G (Z^T/2 - eta X) and its transpose - 2 kappa X, s: rate G (2 Y - eta Z) - (kappa + c) Z
 * - 2 e X, p: - 2 c Y - e (Z + Z^T)/2 */
void ordpar_momentum_multiply_transposed(ordpar_block_solve *s, ordpar_chunk c, const double *x,
                                         double *out) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, KK = K * K, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    const ordpar_push *push = &s->push;
    const double *Z = x + at.s, *G = s->at.G;
    double *X = s->q, *Y = s->x;
    ordpar_unpack_gradient(K, n, x + at.q, X);
    ordpar_unpack_gradient(K, n, x + at.p, Y);
    transpose_vectors(s, c, x, Y, out);
    ordpar_combine(KK * n, 2, Y, -push->eta, Z, false, s->s);
    ordpar_left_multiply(false, K, K, K * n, 1, G, K, s->s, K * n, false, out + at.s, K * n);
    multiply_rate(flow, c, KK, out + at.s);
    ordpar_combine(KK * n, -push->c, Z, -2 * push->e, X, true, out + at.s);
    add_decay(flow, c, KK, 1, Z, out + at.s);
    combine_transposed(K, n, -push->eta, X, 0.5, Z, s->s);
    ordpar_left_multiply(false, K, K, K * n, 1, G, K, s->s, K * n, false, s->z, K * n);
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            ordpar_add_pair(n, 1, flow->rate + c.first, s->z + (i * K + j) * n,
                            s->z + (j * K + i) * n, false, s->s + (i * K + j) * n);
    add_decay(flow, c, KK, 2, X, s->s);
    ordpar_pack_gradient(K, n, s->s, out + at.q);
    combine_transposed(K, n, -push->e / 2, Z, -push->e / 2, Z, s->s);
    ordpar_add_scaled(KK * n, -2 * push->c, Y, true, s->s);
    ordpar_pack_gradient(K, n, s->s, out + at.p);
}

/* H_ij = rate (a x_ij + b z), of packed x and, or its transpose, z. */
static void set_drive(const ordpar_flow *flow, ordpar_chunk c, double a, const double *packed,
                      double b, const double *z, bool transposed, double *H) {
    const size_t K = flow->K, n = c.count;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const size_t low = i < j ? i : j, high = i + j - low;
            const size_t at = transposed ? j * K + i : i * K + j;
            double *out = H + (i * K + j) * n;
            ordpar_combine(n, i == j ? a : a / 2, packed + ordpar_packed_index(K, low, high) * n, b,
                           z + at * n, false, out);
            ordpar_multiply(n, flow->rate + c.first, out);
        }
}

/* By A: H vectors, by G: - H overlaps, with the students of the columns of H. */
static void add_drive(const ordpar_flow *flow, size_t n, const double *H, const double *vectors,
                      const double *overlaps, ordpar_coefficients *gradient) {
    const size_t K = flow->K, M = flow->M;
    for (size_t j = 0; j < K; j++)
        ordpar_add_products(K, M, n, 1, H + j * n, K * n, vectors + j * M * n, gradient->A);
    ordpar_add_products(K, K, K * n, -1, H, K * n, overlaps, gradient->G);
}

static void add_noise(const ordpar_flow *flow, ordpar_chunk c, const double *x,
                      ordpar_coefficients *gradient) {
    const size_t K = flow->K, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    const double eta = flow->push.eta, *noise = flow->noise + c.first;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const size_t low = i < j ? i : j, packed = ordpar_packed_index(K, low, i + j - low) * n;
            const double part = i == j ? 1 : 0.5;
            gradient->F[i * K + j] += part * (eta * eta * ordpar_dot(n, noise, x + at.q + packed) +
                                              ordpar_dot(n, noise, x + at.p + packed)) -
                                      eta * ordpar_dot(n, noise, x + at.s + (i * K + j) * n);
        }
}

void ordpar_momentum_apply_transposed(const ordpar_flow *flow, ordpar_chunk c, const double *y,
                                      const double *x, ordpar_coefficients *gradient) {
    const size_t K = flow->K, M = flow->M, n = c.count;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, n);
    const double eta = flow->push.eta;
    double *H = flow->half;
    ordpar_combine(K * M * n, eta, x, -1, x + at.u, false, H);
    multiply_rate(flow, c, K * M, H);
    ordpar_add_products(K, M, M * n, 1, H, M * n, flow->t + M * M * c.first, gradient->A);
    ordpar_add_products(K, K, M * n, -1, H, M * n, y, gradient->G);
    ordpar_unpack(K, n, y + at.q, flow->full);
    set_drive(flow, c, 2 * eta, x + at.q, -1, x + at.s, true, H);
    add_drive(flow, n, H, y, flow->full, gradient);
    set_drive(flow, c, -2, x + at.p, eta, x + at.s, false, H);
    add_drive(flow, n, H, y + at.u, y + at.s, gradient);
    add_noise(flow, c, x, gradient);
}
