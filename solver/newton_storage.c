// SPDX-License-Identifier: GPL-3.0-or-later
#include "newton_internal.h"

#include "blocks.h"
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

/* Walks over the arrays; with a NULL base it only counts. */
static double *take(double *base, size_t *offset, size_t count) {
    double *place = base ? base + *offset : NULL;
    *offset += ordpar_whole_lines(count);
    return place;
}

static size_t lay_out(ordpar_newton *n, double *base) {
    const size_t K = n->K, M = n->M, L = n->L, P = n->P, Q = n->Q, C = K * M + 2 * K * K;
    const size_t chunk = n->flow->chunk_size, S = n->flow->S, vectors = n->flow->D ? S : 0;
    size_t o = 0;
    double *vector = take(base, &o, 2 * C);
    n->at = (ordpar_coefficients){vector, vector + K * M, vector + K * M + K * K};
    n->change = (ordpar_coefficients){vector + C, vector + C + K * M, vector + C + K * M + K * K};
    n->jacobian = take(base, &o, C * Q);
    n->V = take(base, &o, K * K);
    n->eigen_work = take(base, &o, EIGEN_WORK * K);
    n->g = take(base, &o, K);
    n->A_rotated = take(base, &o, K * M);
    n->y = take(base, &o, S * L);
    n->w1 = take(base, &o, K * L);
    n->w2 = take(base, &o, vectors ? 0 : K * K * L);
    n->lambda_rate = take(base, &o, L);
    n->lambda_noise = take(base, &o, L);
    n->r = take(base, &o, K * M * chunk);
    n->q = take(base, &o, K * K * chunk);
    n->z = take(base, &o, K * K * chunk);
    n->s = take(base, &o, K * K * chunk);
    n->x = take(base, &o, vectors * chunk);
    n->tA = take(base, &o, K * M * chunk);
    n->weights = take(base, &o, K * chunk);
    n->dy = take(base, &o, S * chunk);
    n->dv = take(base, &o, (Q - P) * Q);
    n->T1 = take(base, &o, K * M * M);
    n->R1 = take(base, &o, K * K * M);
    n->Aq = take(base, &o, K * K * M);
    n->Gq = take(base, &o, K * K * K);
    n->phi = take(base, &o, K * K);
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

double ordpar_newton_bytes(size_t K, size_t M, size_t L, bool small_eta) {
    const double k = (double)K, m = (double)M, l = (double)L;
    const double P = k * m + k * (k + 1) / 2, Q = P + k, columns = 3 * k * m + 6 * k * k + Q + k;
    const double block = small_eta ? k * (k + m) : P + k * k;
    return 8 * (l * (block + k + 2) + Q * columns + k * (m * m + 2 * k * m + k * k));
}

ordpar_newton *ordpar_newton_create(const ordpar_flow *flow, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates) {
    ordpar_newton *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->flow = flow;
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
        n->lambda_rate[b] = flow->lambda[b] * flow->rate[b];
        n->lambda_noise[b] = flow->lambda[b] * flow->noise[b];
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
