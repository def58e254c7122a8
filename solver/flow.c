// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow.h"

#include "blocks.h"
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_flow_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               size_t trained_blocks, const double *t, ordpar_flow *flow,
                               ordpar_error *err) {
    const size_t K = network->K, M = network->M, L = spectrum->L;
    double *all = calloc((3 + M * M + 2 * K * K) * L, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    *flow = (ordpar_flow){.K = K,
                          .M = M,
                          .L = L,
                          .lambda = all,
                          .rate = all + L,
                          .noise = all + 2 * L,
                          .t = all + 3 * L,
                          .full = all + (3 + M * M) * L,
                          .half = all + (3 + M * M + K * K) * L};
    for (size_t b = 0; b < L; b++) {
        flow->lambda[b] = spectrum->lambda[b];
        flow->rate[b] = b < trained_blocks ? network->eta * spectrum->lambda[b] : 0;
        flow->noise[b] = network->eta * spectrum->p[b] * flow->rate[b];
    }
    memcpy(flow->t, t, M * M * L * sizeof *t);
    return ORDPAR_OK;
}

void ordpar_flow_clear(ordpar_flow *flow) {
    free(flow->lambda);
    *flow = (ordpar_flow){0};
}

size_t ordpar_flow_size(const ordpar_flow *flow) {
    return ordpar_order_parameter_count(flow->K, flow->M) * flow->L;
}

/* [4.5] dr = eta lambda ( A t - G r ) */
static void apply_r(const ordpar_flow *flow, const ordpar_coefficients *co, const double *r,
                    double *dr) {
    const size_t K = flow->K, M = flow->M, L = flow->L;
    ordpar_left_multiply(false, K, M, M * L, 1, co->A, M, flow->t, M * L, false, dr, M * L);
    ordpar_left_multiply(false, K, K, M * L, -1, co->G, K, r, M * L, true, dr, M * L);
    for (size_t component = 0; component < K * M; component++)
        ordpar_multiply(L, flow->rate, dr + component * L);
}

/* [4.6] dq = eta lambda ( A r^T - G q + transpose ) + eta^2 p lambda F */
static void apply_q(const ordpar_flow *flow, const ordpar_coefficients *co, const double *r,
                    const double *q, double *dq) {
    const size_t K = flow->K, M = flow->M, L = flow->L;
    ordpar_unpack(K, L, q, flow->full);
    ordpar_multiply_transpose(K, M, L, co->A, r, flow->half);
    ordpar_left_multiply(false, K, K, K * L, -1, co->G, K, flow->full, K * L, true, flow->half,
                         K * L);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++) {
            const double *ij = flow->half + (i * K + j) * L, *ji = flow->half + (j * K + i) * L;
            double *out = dq + ordpar_packed_index(K, i, j) * L;
            ordpar_add_pair(L, 1, flow->rate, ij, ji, false, out);
            if (co->F[i * K + j] != 0)
                ordpar_add_scaled(L, co->F[i * K + j], flow->noise, true, out);
        }
}

void ordpar_flow_apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       const double *y, double *dy) {
    const size_t offset = flow->K * flow->M * flow->L;
    apply_r(flow, coefficients, y, dy);
    apply_q(flow, coefficients, y, y + offset, dy + offset);
}

void ordpar_flow_moment(const ordpar_flow *flow, const double *y, double *m) {
    const size_t L = flow->L, P = ordpar_order_parameter_count(flow->K, flow->M);
    for (size_t k = 0; k < P; k++)
        m[k] = ordpar_dot(L, flow->lambda, y + k * L);
}

void ordpar_flow_pack(const ordpar_flow *flow, const ordpar_overlaps *overlaps, double *y) {
    const size_t offset = flow->K * flow->M * flow->L;
    memcpy(y, overlaps->r, offset * sizeof *y);
    ordpar_pack(flow->K, flow->L, overlaps->q, y + offset);
}

void ordpar_flow_unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    const size_t offset = flow->K * flow->M * flow->L;
    memcpy(overlaps->r, y, offset * sizeof *y);
    ordpar_unpack(flow->K, flow->L, y + offset, overlaps->q);
}
