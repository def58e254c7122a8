// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/newton_internal.h"

#include "base/kernels.h"

#include <stdlib.h>
#include <string.h>

/* Walks over the arrays; with a NULL base it only counts. */
static double *take(double *base, size_t *offset, size_t count) {
    double *place = base ? base + *offset : NULL;
    *offset += ordpar_whole_lines(count);
    return place;
}

static size_t lay_out_blocks(ordpar_block_solve *s, double *base) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, M = flow->M, L = flow->L, S = flow->S, chunk = flow->chunk_size;
    const size_t C = K * M + 2 * K * K;
    size_t o = 0;
    double *vector = take(base, &o, 2 * C);
    s->at = (ordpar_coefficients){vector, vector + K * M, vector + K * M + K * K};
    s->change = (ordpar_coefficients){vector + C, vector + C + K * M, vector + C + K * M + K * K};
    s->V = take(base, &o, K * K);
    s->g = take(base, &o, K);
    s->A_rotated = take(base, &o, K * M);
    s->y = take(base, &o, S * L);
    s->w1 = take(base, &o, K * L);
    s->w2 = take(base, &o, flow->state->weights(K) * L);
    s->lambda_rate = take(base, &o, L);
    s->lambda_noise = take(base, &o, L);
    s->r = take(base, &o, K * M * chunk);
    s->q = take(base, &o, K * K * chunk);
    s->z = take(base, &o, K * K * chunk);
    s->s = take(base, &o, K * K * chunk);
    s->x = take(base, &o, S * chunk);
    s->tA = take(base, &o, K * M * chunk);
    s->weights = take(base, &o, K * chunk);
    s->dy = take(base, &o, S * chunk);
    s->T1 = take(base, &o, K * M * M);
    s->R1 = take(base, &o, K * K * M);
    s->Aq = take(base, &o, K * K * M);
    s->Gq = take(base, &o, K * K * K);
    s->phi = take(base, &o, K * K);
    return o;
}

static size_t lay_out(ordpar_newton *n, double *base) {
    const size_t K = n->K, M = n->M, P = n->P, Q = n->Q;
    size_t o = lay_out_blocks(&n->blocks, base);
    n->jacobian = take(base, &o, (K * M + 2 * K * K) * Q);
    n->eigen_work = take(base, &o, EIGEN_WORK * K);
    n->dv = take(base, &o, (Q - P) * Q);
    n->dA = take(base, &o, K * M * Q);
    n->dG = take(base, &o, K * K * Q);
    n->dF = take(base, &o, K * K * Q);
    n->out_r = take(base, &o, K * M * Q);
    n->out_q = take(base, &o, K * K * Q);
    n->wide = take(base, &o, K * K * Q);
    n->capacitance = take(base, &o, Q * Q);
    n->m = take(base, &o, Q);
    return o;
}

double ordpar_newton_bytes(const ordpar_state *state, size_t K, size_t M, size_t L, double heads) {
    const double k = (double)K, m = (double)M, l = (double)L;
    const double P = k * m + k * (k + 1) / 2, Q = P + heads * k,
                 columns = 3 * k * m + 6 * k * k + Q + heads * k;
    const double block = (double)(state->numbers(K, M, K + M) + state->weights(K));
    return 8 * (l * (block + k + 2) + Q * columns + k * (m * m + 2 * k * m + k * k));
}

ordpar_newton *ordpar_newton_create(const ordpar_flow *flow, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates) {
    ordpar_newton *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->flow = n->blocks.flow = flow;
    n->network = network;
    n->coordinates = coordinates;
    n->K = flow->K;
    n->M = flow->M;
    n->L = flow->L;
    n->P = ordpar_order_parameter_count(n->K, n->M);
    n->Q = n->P + flow->outputs;
    n->storage = ordpar_aligned_array(lay_out(n, NULL));
    n->pivots = calloc(n->Q, sizeof *n->pivots);
    if (!n->storage || !n->pivots) {
        ordpar_newton_free(n);
        return NULL;
    }
    lay_out(n, n->storage);
    for (size_t b = 0; b < n->L; b++) {
        n->blocks.lambda_rate[b] = flow->lambda[b] * flow->rate[b];
        n->blocks.lambda_noise[b] = flow->lambda[b] * flow->noise[b];
    }
    return n;
}

void ordpar_newton_free(ordpar_newton *newton) {
    if (!newton)
        return;
    free(newton->storage);
    free(newton->pivots);
    free(newton);
}
