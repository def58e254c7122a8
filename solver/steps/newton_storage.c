// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/newton_internal.h"

#include "base/kernels.h"
#include "solver/steps/gmres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = 150 /* order parameters from where on products win over matrices: bench/wide.sh */ };

/* rotated: the state in the eigenbasis takes the place of the state itself. */
static size_t lay_out_blocks(ordpar_block_solve *s, bool rotated, double *base) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, M = flow->M, L = flow->L, S = flow->S;
    const size_t C = K * M + 2 * K * K;
    size_t o = 0;
    double *vector = ordpar_take(base, &o, 2 * C);
    s->at = (ordpar_coefficients){vector, vector + K * M, vector + K * M + K * K};
    s->change = (ordpar_coefficients){vector + C, vector + C + K * M, vector + C + K * M + K * K};
    s->V = ordpar_take(base, &o, K * K);
    s->g = ordpar_take(base, &o, K);
    s->A_rotated = ordpar_take(base, &o, K * M);
    s->y = ordpar_take(base, &o, S * L);
    s->y_rotated = rotated ? s->y : ordpar_take(base, &o, flow->D > 0 ? S * L : 0);
    s->w1 = ordpar_take(base, &o, K * L);
    s->w2 = ordpar_take(base, &o, flow->state->weights(K) * L);
    s->lambda_rate = ordpar_take(base, &o, L);
    s->lambda_noise = ordpar_take(base, &o, L);
    o += ordpar_block_solve_set_scratch(s, base ? base + o : NULL);
    double *sums = ordpar_take(base, &o, ordpar_block_solve_sums(flow));
    if (base)
        ordpar_block_solve_set_sums(s, sums);
    return o;
}

static size_t lay_out(ordpar_newton *n, double *base) {
    const size_t K = n->K, M = n->M, P = n->P, Q = n->Q, columns = n->is_wide ? 1 : Q;
    const bool rotated = n->is_wide && n->flow->state->finish_rotated;
    size_t o = lay_out_blocks(&n->blocks, rotated, base);
    n->eigen_work = ordpar_take(base, &o, EIGEN_WORK * K);
    n->dA = ordpar_take(base, &o, K * M * columns);
    n->dG = ordpar_take(base, &o, K * K * columns);
    n->out_r = ordpar_take(base, &o, K * M * columns);
    n->out_q = ordpar_take(base, &o, K * K * columns);
    n->wide = ordpar_take(base, &o, K * K * columns);
    n->m = ordpar_take(base, &o, Q);
    if (n->is_wide) {
        double *pairs = ordpar_take(base, &o, ordpar_pair_derivatives_size(K, M));
        if (base)
            ordpar_pair_derivatives_place(K, M, pairs, &n->pairs);
        n->krylov = ordpar_take(base, &o, ordpar_gmres_size(P));
        if (!n->network->small_eta) {
            n->jacobian = ordpar_take(base, &o, K * (K + 1) / 2 * P);
            n->rows_of_F = (float *)n->jacobian;
            n->dF = ordpar_take(base, &o, K * K);
            n->c_of_F = ordpar_take(base, &o, (K + M) * (K + M));
        }
        return o;
    }
    n->jacobian = ordpar_take(base, &o, (K * M + 2 * K * K) * Q);
    n->dF = ordpar_take(base, &o, K * K * Q);
    n->dv = ordpar_take(base, &o, (Q - P) * Q);
    n->capacitance = ordpar_take(base, &o, Q * Q);
    return o;
}

bool ordpar_newton_may_be_wide(const ordpar_network *network) {
    const size_t P = ordpar_order_parameter_count(network->K, network->M);
    return P >= WIDE && network->training.eta_v == 0 && !network->training.tasks.count;
}

double ordpar_newton_bytes(const ordpar_state *state, const ordpar_network *network, size_t L,
                           bool wide) {
    const size_t heads = ordpar_network_heads(network);
    const double k = (double)network->K, m = (double)network->M, l = (double)L;
    const double P = k * m + k * (k + 1) / 2,
                 Q = P + (network->training.eta_v > 0 ? (double)heads * k : 0);
    const double block = (double)(state->numbers(network->K, network->M, network->K + network->M) +
                                  state->weights(network->K));
    const double blocks = l * (block + k + 2) + k * (m * m + 2 * k * m + k * k);
    const double matrices = Q * (3 * k * m + 6 * k * k + Q + (Q - P));
    const double F = network->small_eta ? 0 : k * (k + 1) / 2 * P;
    return 8 * (blocks + (wide ? F + (ORDPAR_GMRES_MOST + 2) * P : matrices));
}

ordpar_newton *ordpar_newton_create(const ordpar_flow *flow, const ordpar_network *network,
                                    const ordpar_coordinates *coordinates, bool wide) {
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
    n->is_wide = wide;
    n->storage = ordpar_aligned_array(lay_out(n, NULL));
    n->pivots = calloc(n->Q, sizeof *n->pivots);
    n->parts = wide ? ordpar_wide_parts_create(flow) : NULL;
    if (!n->storage || !n->pivots || (wide && !n->parts)) {
        ordpar_newton_free(n);
        return NULL;
    }
    lay_out(n, n->storage);
    if (n->c_of_F)
        n->c_of_F[0] = NAN;
    for (size_t b = 0; b < n->L; b++) {
        n->blocks.lambda_rate[b] = flow->lambda[b] * flow->rate[b];
        n->blocks.lambda_noise[b] = flow->lambda[b] * flow->noise[b];
    }
    return n;
}

void ordpar_newton_free(ordpar_newton *newton) {
    if (!newton)
        return;
    ordpar_wide_parts_free(newton->parts);
    free(newton->storage);
    free(newton->pivots);
    free(newton);
}

ordpar_wide_parts *ordpar_newton_parts(const ordpar_newton *newton) {
    return newton->parts;
}
