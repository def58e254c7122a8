// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow.h"

#include "blocks.h"
#include "flow_vectors.h"
#include "kernels.h"

#include <stdlib.h>
#include <string.h>

/* Blocks in a chunk: so many that its overlaps take this many numbers, but not too few for the
 * matrix products to be efficient. Measured (bench/). */
enum { CHUNK_NUMBERS = 2048, CHUNK_LEAST = 64 };

static size_t choose_chunk_size(size_t S, size_t L) {
    const size_t wanted = CHUNK_NUMBERS / S > CHUNK_LEAST ? CHUNK_NUMBERS / S : CHUNK_LEAST;
    const size_t size = ordpar_whole_lines(wanted);
    return size < L ? size : L;
}

ordpar_chunk ordpar_flow_next(const ordpar_flow *flow, ordpar_chunk chunk) {
    const size_t first = chunk.first + chunk.count, left = flow->L - first;
    return (ordpar_chunk){first, left < flow->chunk_size ? left : flow->chunk_size};
}

/* Between [component][block] over all blocks and the same in one chunk. */
static void gather(size_t components, size_t L, ordpar_chunk chunk, const double *all,
                   double *part) {
    for (size_t k = 0; k < components; k++)
        memcpy(part + k * chunk.count, all + k * L + chunk.first, chunk.count * sizeof *part);
}

static void scatter(size_t components, size_t L, ordpar_chunk chunk, const double *part,
                    double *all) {
    for (size_t k = 0; k < components; k++)
        memcpy(all + k * L + chunk.first, part + k * chunk.count, chunk.count * sizeof *part);
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

/* The arrays of a flow behind the four of the spectrum, in one allocation. */
static bool allocate(ordpar_flow *f) {
    const size_t K = f->K, M = f->M, L = f->L, chunk = f->chunk_size;
    const size_t t = M * M * L, B = M * f->D * L, norm = f->D ? L : 0, full = K * K * chunk;
    double *all =
        ordpar_aligned_array(4 * L + t + B + norm + full + K * larger(larger(K, M), f->D) * chunk);
    if (!all)
        return false;
    f->lambda = all;
    f->rate = all + L;
    f->noise = all + 2 * L;
    f->decay = all + 3 * L;
    f->t = all + 4 * L;
    f->B = f->t + t;
    f->B_norm = f->B + B;
    f->full = f->B_norm + norm;
    f->half = f->full + full;
    return true;
}

static ordpar_status init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                          size_t trained_blocks, size_t D, ordpar_flow *flow, ordpar_error *err) {
    const size_t K = network->K, M = network->M, L = spectrum->L;
    const size_t P = ordpar_order_parameter_count(K, M), S = D ? K * D : P;
    *flow = (ordpar_flow){.K = K,
                          .M = M,
                          .L = L,
                          .P = P,
                          .D = D,
                          .S = S,
                          .outputs = network->training.eta_v > 0 ? K : 0,
                          .chunk_size = choose_chunk_size(S, L),
                          .eta = network->eta,
                          .decays = network->training.weight_decay > 0};
    if (!allocate(flow)) {
        *flow = (ordpar_flow){0};
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    }
    for (size_t b = 0; b < L; b++) {
        flow->lambda[b] = spectrum->lambda[b];
        flow->rate[b] = b < trained_blocks ? network->eta * spectrum->lambda[b] : 0;
        flow->noise[b] = network->eta * spectrum->p[b] * flow->rate[b];
        flow->decay[b] = b < trained_blocks ? network->training.weight_decay : 0;
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_flow_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               size_t trained_blocks, const double *t, ordpar_flow *flow,
                               ordpar_error *err) {
    const size_t M = network->M;
    const ordpar_status status = init(spectrum, network, trained_blocks, 0, flow, err);
    if (status)
        return status;
    ORDPAR_EACH_CHUNK (c, flow)
        gather(M * M, flow->L, c, t, flow->t + M * M * c.first);
    return ORDPAR_OK;
}

ordpar_status ordpar_flow_init_vectors(const ordpar_spectrum *spectrum,
                                       const ordpar_network *network, size_t trained_blocks,
                                       const ordpar_factors *factors, ordpar_flow *flow,
                                       ordpar_error *err) {
    const size_t M = network->M, D = factors->D;
    const ordpar_status status = init(spectrum, network, trained_blocks, D, flow, err);
    if (status)
        return status;
    ORDPAR_EACH_CHUNK (c, flow) {
        gather(M * D, flow->L, c, factors->B, flow->B + M * D * c.first);
        ordpar_vectors_set_teacher(flow, c);
    }
    return ORDPAR_OK;
}

void ordpar_flow_clear(ordpar_flow *flow) {
    free(flow->lambda);
    *flow = (ordpar_flow){0};
}

size_t ordpar_flow_size(const ordpar_flow *flow) {
    return flow->S * flow->L + flow->outputs;
}

/* [4.5] dr = eta lambda ( A t - G r ); [4.7] dJ = eta lambda ( A B - G J ) */
static void apply_r(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                    const double *r, double *dr) {
    const size_t K = flow->K, M = flow->M, n = chunk.count, columns = flow->D ? flow->D : M;
    const double *target = (flow->D ? flow->B : flow->t) + M * columns * chunk.first;
    const size_t row = columns * n;
    ordpar_left_multiply(false, K, M, row, 1, co->A, M, target, row, false, dr, row);
    ordpar_left_multiply(false, K, K, row, -1, co->G, K, r, row, true, dr, row);
    for (size_t component = 0; component < K * columns; component++)
        ordpar_multiply(n, flow->rate + chunk.first, dr + component * n);
}

/* [4.6] dq = eta lambda ( A r^T - G q + transpose ) + eta^2 p lambda F */
static void apply_q(const ordpar_flow *flow, const ordpar_coefficients *co, ordpar_chunk chunk,
                    const double *r, const double *q, double *dq) {
    const size_t K = flow->K, M = flow->M, n = chunk.count;
    const double *rate = flow->rate + chunk.first, *noise = flow->noise + chunk.first;
    ordpar_unpack(K, n, q, flow->full);
    ordpar_multiply_transpose(K, M, n, co->A, r, flow->half);
    ordpar_left_multiply(false, K, K, K * n, -1, co->G, K, flow->full, K * n, true, flow->half,
                         K * n);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++) {
            double *out = dq + ordpar_packed_index(K, i, j) * n;
            ordpar_add_pair(n, 1, rate, flow->half + (i * K + j) * n, flow->half + (j * K + i) * n,
                            false, out);
            if (co->F[i * K + j] != 0)
                ordpar_add_scaled(n, co->F[i * K + j], noise, true, out);
        }
}

void ordpar_flow_apply_chunk(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                             ordpar_chunk chunk, const double *y, double *dy) {
    const size_t offset = flow->K * flow->M * chunk.count;
    apply_r(flow, coefficients, chunk, y, dy);
    if (!flow->D)
        apply_q(flow, coefficients, chunk, y, y + offset, dy + offset);
}

/* [13.2] dr -= kappa r, dq -= 2 kappa q, or dJ -= kappa J */
static void add_decay(const ordpar_flow *flow, ordpar_chunk chunk, const double *y, double *dy) {
    const size_t n = chunk.count, once = flow->D ? flow->S : flow->K * flow->M;
    for (size_t k = 0; k < flow->S; k++)
        ordpar_add_pair(n, k < once ? -0.5 : -1, flow->decay + chunk.first, y + k * n, y + k * n,
                        true, dy + k * n);
}

void ordpar_flow_apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       const double *y, double *dy) {
    ORDPAR_EACH_CHUNK (c, flow) {
        const double *part = y + flow->S * c.first;
        ordpar_flow_apply_chunk(flow, coefficients, c, part, dy + flow->S * c.first);
        if (flow->decays)
            add_decay(flow, c, part, dy + flow->S * c.first);
    }
}

void ordpar_flow_moment(const ordpar_flow *flow, const double *y, double *m) {
    if (flow->D) {
        ordpar_vectors_moment(flow, y, m);
        return;
    }
    memset(m, 0, flow->P * sizeof *m);
    ORDPAR_EACH_CHUNK (c, flow)
        for (size_t k = 0; k < flow->P; k++)
            m[k] +=
                ordpar_dot(c.count, flow->lambda + c.first, y + flow->P * c.first + k * c.count);
}

static void fill_weights(ordpar_chunk chunk, double unit, const double *tolerance, double *out) {
    for (size_t b = 0; b < chunk.count; b++)
        out[b] = 1 / (unit * tolerance[chunk.first + b]);
}

void ordpar_flow_weigh(const ordpar_flow *flow, const double *unit, const double *r_tolerance,
                       const double *q_tolerance, double *weights) {
    const size_t K = flow->K, M = flow->M;
    ORDPAR_EACH_CHUNK (c, flow) {
        double *r = weights + flow->S * c.first, *q = r + K * M * c.count;
        for (size_t i = 0; i < K; i++) {
            const double own = unit ? unit[i] : 1;
            fill_weights(c, own, r_tolerance, r + i * M * c.count);
            for (size_t k = 1; k < M; k++)
                memcpy(r + (i * M + k) * c.count, r + i * M * c.count, c.count * sizeof *r);
            for (size_t j = i; j < K; j++)
                fill_weights(c, unit ? own * unit[j] : 1, q_tolerance,
                             q + ordpar_packed_index(K, i, j) * c.count);
        }
    }
}

void ordpar_flow_pack(const ordpar_flow *flow, const ordpar_overlaps *overlaps, double *y) {
    const size_t K = flow->K, M = flow->M, L = flow->L;
    ORDPAR_EACH_CHUNK (c, flow) {
        double *part = y + flow->P * c.first, *q = part + K * M * c.count;
        gather(K * M, L, c, overlaps->r, part);
        gather(K * K, L, c, overlaps->q, flow->full);
        ordpar_pack(K, c.count, flow->full, q);
    }
}

void ordpar_flow_pack_vectors(const ordpar_flow *flow, const ordpar_factors *factors, double *y) {
    ORDPAR_EACH_CHUNK (c, flow)
        gather(flow->S, flow->L, c, factors->J, y + flow->S * c.first);
}

void ordpar_flow_unpack_vectors(const ordpar_flow *flow, const double *y, ordpar_factors *factors) {
    const size_t MD = flow->M * flow->D;
    ORDPAR_EACH_CHUNK (c, flow) {
        scatter(flow->S, flow->L, c, y + flow->S * c.first, factors->J);
        scatter(MD, flow->L, c, flow->B + MD * c.first, factors->B);
    }
}

void ordpar_flow_unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    const size_t K = flow->K, M = flow->M, L = flow->L;
    ORDPAR_EACH_CHUNK (c, flow) {
        const double *part = y + flow->S * c.first, *r = part;
        if (flow->D) {
            ordpar_vectors_products(flow, c, part, flow->half, flow->full);
            r = flow->half;
        } else
            ordpar_unpack(K, c.count, part + K * M * c.count, flow->full);
        scatter(K * M, L, c, r, overlaps->r);
        scatter(K * K, L, c, flow->full, overlaps->q);
    }
}
