// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/state.h"

#include "base/kernels.h"

#include <string.h>

const ordpar_state *ordpar_state_for(const ordpar_network *network) {
    if (network->training.momentum.weight > 0)
        return &ordpar_state_momentum;
    return network->small_eta ? &ordpar_state_vectors : &ordpar_state_overlaps;
}

/* Blocks in a chunk: so many that its overlaps take this many numbers, but not too few for the
 * matrix products to be efficient, of which those of large blocks need fewer. Measured (bench/). */
enum { CHUNK_NUMBERS = 2048, CHUNK_LEAST = 64, CHUNK_LEAST_LARGE = 32, LARGE = 150 };

static size_t choose_chunk_size(size_t S, size_t L) {
    const size_t least = S < LARGE ? CHUNK_LEAST : CHUNK_LEAST_LARGE;
    const size_t wanted = CHUNK_NUMBERS / S > least ? CHUNK_NUMBERS / S : least;
    const size_t size = ordpar_whole_lines(wanted);
    return size < L ? size : L;
}

/* The arrays of a flow, in one allocation. */
static bool allocate(ordpar_flow *f) {
    const size_t M = f->M, L = f->L;
    const size_t t = M * M * L, B = M * f->D * L;
    double *all = ordpar_aligned_array(8 * L + t + B + ordpar_flow_scratch(f));
    if (!all)
        return false;
    f->lambda = all;
    f->rate = all + L;
    f->noise = all + 2 * L;
    f->decay = all + 3 * L;
    f->B_norm = all + 4 * L;
    f->excess = all + 5 * L;
    f->own = all + 6 * L;
    f->unlearned = all + 7 * L;
    f->t = all + 8 * L;
    f->B = f->t + t;
    ordpar_flow_set_scratch(f, f->B + B);
    return true;
}

/* [15.31]; under decay the mean does not end at the teacher, and the coupling is left out */
static void set_noise(const ordpar_spectrum *spectrum, const ordpar_network *network,
                      ordpar_flow *flow) {
    if (!spectrum->noise) {
        flow->excess = NULL;
        return;
    }
    for (size_t b = 0; b < flow->L; b++)
        flow->own[b] = spectrum->noise[b] - network->label_noise * network->label_noise;
    if (network->training.weight_decay == 0)
        flow->coupling = spectrum->coupling;
    for (size_t i = 0; i < flow->K; i++)
        flow->sum_v2 += network->v[i] * network->v[i];
    ordpar_flow_set_noise(flow, 0);
}

ordpar_status ordpar_flow_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               const ordpar_state *state, size_t trained_blocks,
                               ordpar_flow_start *start, ordpar_flow *flow, ordpar_error *err) {
    const size_t K = network->K, M = network->M, L = spectrum->L;
    const ordpar_status status = state->prepare(spectrum, start, err);
    if (status)
        return status;
    const size_t D = start->factors.D, S = state->numbers(K, M, D);
    *flow = (ordpar_flow){.state = state,
                          .K = K,
                          .M = M,
                          .L = L,
                          .P = ordpar_order_parameter_count(K, M),
                          .D = D,
                          .S = S,
                          .outputs =
                              network->training.eta_v > 0 ? ordpar_network_heads(network) * K : 0,
                          .chunk_size = choose_chunk_size(S, L),
                          .eta = state->pushes ? 1 : network->eta,
                          .factor = 1,
                          .push = {.eta = network->eta},
                          .decays = network->training.weight_decay > 0 || state->pushes};
    if (!allocate(flow)) {
        *flow = (ordpar_flow){0};
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu blocks", L);
    }
    const double batch = network->training.batch > 1 ? (double)network->training.batch : 1;
    for (size_t b = 0; b < L; b++) {
        flow->lambda[b] = spectrum->lambda[b];
        flow->rate[b] = b < trained_blocks ? flow->eta * spectrum->lambda[b] : 0;
        flow->noise[b] = flow->eta * spectrum->p[b] * flow->rate[b] / batch;
        flow->decay[b] = b < trained_blocks ? network->training.weight_decay : 0;
    }
    set_noise(spectrum, network, flow);
    state->set_teacher(start, flow);
    return ORDPAR_OK;
}

void ordpar_flow_apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       const double *y, double *dy) {
    ORDPAR_EACH_CHUNK (c, flow) {
        const double *part = y + flow->S * c.first;
        flow->state->apply(flow, coefficients, c, part, dy + flow->S * c.first);
        if (flow->decays)
            flow->state->decay(flow, c, part, dy + flow->S * c.first);
    }
}

void ordpar_flow_moment(const ordpar_flow *flow, const double *y, double *m) {
    memset(flow->sums, 0, ordpar_flow_sums(flow) * sizeof *flow->sums);
    ORDPAR_EACH_CHUNK (c, flow)
        flow->state->add_moment(flow, c, y + flow->S * c.first, flow->sums);
    flow->state->set_moment(flow, flow->sums, m);
}

void ordpar_flow_pack(const ordpar_flow *flow, const ordpar_flow_start *start, double *y) {
    flow->state->pack(flow, start, y);
}

void ordpar_flow_unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps) {
    flow->state->unpack(flow, y, overlaps);
}
