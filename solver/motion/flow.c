// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/flow.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"
#include "solver/motion/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_chunk ordpar_flow_next(const ordpar_flow *flow, ordpar_chunk chunk) {
    const size_t first = chunk.first + chunk.count, left = flow->L - first;
    return (ordpar_chunk){first, left < flow->chunk_size ? left : flow->chunk_size};
}

size_t ordpar_flow_chunks(const ordpar_flow *flow) {
    return (flow->L + flow->chunk_size - 1) / flow->chunk_size;
}

ordpar_chunk ordpar_flow_chunk(const ordpar_flow *flow, size_t number) {
    return ordpar_flow_next(flow, (ordpar_chunk){number * flow->chunk_size, 0});
}

void ordpar_chunk_gather(const ordpar_flow *flow, ordpar_chunk chunk, size_t components,
                         const double *all, double *part) {
    for (size_t k = 0; k < components; k++)
        memcpy(part + k * chunk.count, all + k * flow->L + chunk.first, chunk.count * sizeof *part);
}

void ordpar_chunk_scatter(const ordpar_flow *flow, ordpar_chunk chunk, size_t components,
                          const double *part, double *all) {
    for (size_t k = 0; k < components; k++)
        memcpy(all + k * flow->L + chunk.first, part + k * chunk.count, chunk.count * sizeof *part);
}

void ordpar_flow_clear(ordpar_flow *flow) {
    free(flow->lambda);
    *flow = (ordpar_flow){0};
}

void ordpar_flow_set_noise(ordpar_flow *flow, double integral) {
    const size_t L = flow->L;
    for (size_t j = 0; flow->coupling && j < L; j++)
        flow->unlearned[j] =
            flow->rate[j] > 0 ? exp(-flow->sum_v2 * flow->lambda[j] * integral) : 1;
    for (size_t b = 0; b < L; b++) {
        double own = flow->own[b];
        if (flow->coupling)
            own += ordpar_dot(L, flow->coupling + b * L, flow->unlearned);
        flow->excess[b] = flow->noise[b] * own;
    }
}

double ordpar_flow_factor(const ordpar_flow *flow, double eta) {
    return flow->state->pushes ? 1 : eta / flow->eta;
}

size_t ordpar_flow_sums(const ordpar_flow *flow) {
    return flow->K * (flow->M + flow->K);
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

size_t ordpar_flow_scratch(const ordpar_flow *flow) {
    const size_t K = flow->K, columns = K + larger(larger(K, flow->M), flow->D);
    return K * columns * flow->chunk_size + ordpar_flow_sums(flow);
}

void ordpar_flow_set_scratch(ordpar_flow *flow, double *scratch) {
    const size_t K = flow->K, widest = larger(larger(K, flow->M), flow->D);
    flow->full = scratch;
    flow->half = flow->full + K * K * flow->chunk_size;
    flow->sums = flow->half + K * widest * flow->chunk_size;
}

size_t ordpar_flow_size(const ordpar_flow *flow) {
    return flow->S * flow->L + flow->outputs;
}

void ordpar_flow_combine(const ordpar_flow *flow, const double *A, const double *G,
                         ordpar_chunk chunk, size_t columns, size_t used, const double *target,
                         const double *x, double *out) {
    const size_t K = flow->K, M = flow->M, row = columns * chunk.count, part = used * chunk.count;
    const bool all = used == columns;
    if (all)
        ordpar_left_multiply(false, K, M, row, 1, A, M, target, row, false, out, row);
    ordpar_left_multiply(false, K, K, row, -1, G, K, x, row, all, out, row);
    if (!all)
        ordpar_left_multiply(false, K, M, part, 1, A, M, target, row, true, out, row);
}

/* [4.5], [4.7] */
void ordpar_flow_drive(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                       size_t columns, size_t used, const double *target, const double *x,
                       double *dx) {
    ordpar_flow_combine(flow, co->A, co->G, chunk, columns, used, target, x, dx);
    for (size_t component = 0; component < flow->K * columns; component++)
        ordpar_multiply(chunk.count, flow->rate + chunk.first, dx + component * chunk.count);
}

/* [13.2] */
void ordpar_flow_decay(const ordpar_flow *flow, ordpar_chunk chunk, size_t count, double times,
                       const double *x, double *dx) {
    const size_t n = chunk.count;
    for (size_t k = 0; k < count; k++)
        ordpar_add_pair(n, -times / 2, flow->decay + chunk.first, x + k * n, x + k * n, true,
                        dx + k * n);
}
