// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/linearised.h"

#include "base/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t coefficient_count(const ordpar_linearised *l) {
    return l->K * l->M + 2 * l->K * l->K;
}

ordpar_status ordpar_linearised_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     size_t trained_blocks, const ordpar_overlaps *start,
                                     ordpar_linearised *l, ordpar_error *err) {
    const size_t K = network->K, M = network->M, n = K + M, L = spectrum->L;
    const size_t S = ordpar_order_parameter_count(K, M);
    *l = (ordpar_linearised){.spectrum = spectrum,
                             .network = network,
                             .K = K,
                             .M = M,
                             .n = n,
                             .S = S,
                             .L = L,
                             .trained_blocks = trained_blocks};
    ordpar_status status;
    if ((status = ordpar_flow_init(spectrum, network, &ordpar_state_overlaps, trained_blocks,
                                   &(ordpar_flow_start){.overlaps = start}, &l->flow, err)) ||
        (status = ordpar_coefficients_init(K, M, &l->co, err)) ||
        (status = ordpar_coefficients_init(K, M, &l->one, err)) ||
        (status = ordpar_step_noise_init(K, M, L, &l->noise, err)))
        return status;
    const size_t width = ordpar_whole_lines(S * L);
    const size_t small = n * n + coefficient_count(l) * S + S * S;
    l->work = ordpar_coefficient_work_create(network);
    l->y = ordpar_aligned_array(2 * width);
    l->c = calloc(small + S * L * (1 + 4 * S), sizeof *l->c);
    l->pivots = malloc(S * sizeof *l->pivots);
    if (!l->work || !l->y || !l->c || !l->pivots)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the Jacobian of %zu blocks", L);
    l->dy = l->y + width;
    l->slopes = l->c + n * n;
    l->cap = l->slopes + coefficient_count(l) * S;
    l->rate = l->c + small;
    l->J = l->rate + S * L;
    l->U = l->J + S * S * L;
    l->inverse = l->U + S * S * L;
    l->answer = l->inverse + S * S * L;
    return ORDPAR_OK;
}

void ordpar_linearised_clear(ordpar_linearised *l) {
    ordpar_flow_clear(&l->flow);
    ordpar_coefficients_clear(&l->co);
    ordpar_coefficients_clear(&l->one);
    ordpar_step_noise_clear(&l->noise);
    ordpar_coefficient_work_free(l->work);
    free(l->y);
    free(l->c);
    free(l->pivots);
    *l = (ordpar_linearised){0};
}

/* out[k * stride][b] += factor dy of component k of block b: the flow's order to that of [S][L]. */
static void add_out(const ordpar_linearised *l, double factor, size_t stride, double *out) {
    const size_t S = l->S;
    ORDPAR_EACH_CHUNK (chunk, &l->flow)
        for (size_t k = 0; k < S; k++)
            ordpar_add_scaled(chunk.count, factor, l->dy + S * chunk.first + k * chunk.count, true,
                              out + k * stride * l->L + chunk.first);
}

/* y = 1 in component k of every block, 0 else. */
static void set_unit(ordpar_linearised *l, size_t k) {
    memset(l->y, 0, l->S * l->L * sizeof *l->y);
    ORDPAR_EACH_CHUNK (chunk, &l->flow)
        for (size_t b = 0; b < chunk.count; b++)
            l->y[l->S * chunk.first + k * chunk.count + b] = 1;
}

/* The coefficients count as of the learning rate eta. */
static void apply(ordpar_linearised *l, const double *coefficients, size_t stride, bool with_F) {
    const size_t count = coefficient_count(l), F = l->K * l->M + l->K * l->K;
    for (size_t k = 0; k < count; k++)
        l->one.A[k] = coefficients && (with_F || k < F) ? coefficients[k * stride] : 0;
    ordpar_coefficients_scale(l->K, l->M, 1, ordpar_flow_factor(&l->flow, l->eta), l->one.A);
    ordpar_flow_apply(&l->flow, &l->one, l->y, l->dy);
}

void ordpar_linearised_apply(ordpar_linearised *l, const double *coefficients, size_t stride,
                             double factor, double *out) {
    apply(l, coefficients, stride, true);
    add_out(l, factor, 1, out);
}

/* The flow is linear in the coefficients but for the decay, and for fixed ones in the state. */
static void set_jacobian(ordpar_linearised *l, const ordpar_overlaps *state) {
    const size_t S = l->S, size = S * l->L;
    memset(l->rate, 0, size * (1 + 2 * S) * sizeof *l->rate);
    ordpar_flow_pack(&l->flow, &(ordpar_flow_start){.overlaps = state}, l->y);
    apply(l, l->co.A, 1, true);
    add_out(l, 1, 1, l->rate);
    for (size_t p = 0; p < S; p++) {
        apply(l, l->slopes + p, S, true);
        add_out(l, 1, S, l->U + p * l->L);
    }
    apply(l, NULL, 0, false);
    for (size_t p = 0; p < S && l->flow.decays; p++)
        add_out(l, -1, S, l->U + p * l->L);
    for (size_t k = 0; k < S; k++) {
        set_unit(l, k);
        apply(l, l->co.A, 1, false);
        add_out(l, 1, S, l->J + k * l->L);
    }
    memset(l->y, 0, size * sizeof *l->y);
    apply(l, l->co.A, 1, false);
    for (size_t k = 0; k < S; k++)
        add_out(l, -1, S, l->J + k * l->L);
}

ordpar_status ordpar_linearised_set(ordpar_linearised *l, const ordpar_overlaps *state,
                                    double alpha, ordpar_error *err) {
    const ordpar_network *net = l->network;
    ordpar_overlaps_fields(state, l->spectrum, net, l->c);
    l->eta = ordpar_schedule_eta(&net->training.schedule, net->eta, alpha);
    if (!ordpar_coefficients_evaluate(net, l->c, l->work, &l->co))
        return ordpar_fail(err, ORDPAR_NUMERICAL, "no Gaussian averages at alpha = %.6g", alpha);
    ordpar_coefficients_jacobian(net, l->c, l->work, l->slopes);
    set_jacobian(l, state);
    if (!ordpar_step_noise_set(&l->noise, l->spectrum, net, l->eta, l->trained_blocks, state, l->c,
                               &l->co))
        return ordpar_fail(err, ORDPAR_NUMERICAL, "the noise is not finite at alpha = %.6g", alpha);
    return ORDPAR_OK;
}

void ordpar_linearised_error(const ordpar_linearised *l, double *gradient, double *hessian) {
    const size_t K = l->K, M = l->M, S = l->S;
    for (size_t p = 0; p < S; p++) {
        const bool of_r = p < K * M;
        size_t i = 0, j = p - K * M;
        for (; !of_r && j >= K - i; i++)
            j -= K - i;
        const size_t row = of_r ? p : K * M + i * K + i + j;
        const double factor = of_r ? -1 : j == 0 ? 0.5 : 1;
        gradient[p] = factor * l->co.A[row]; /* A, then G, in one array */
        for (size_t k = 0; hessian && k < S; k++)
            hessian[p * S + k] = factor * l->slopes[row * S + k];
    }
}

void ordpar_linearised_moment(const ordpar_linearised *l, const double *x, double *m) {
    for (size_t k = 0; k < l->S; k++)
        m[k] = ordpar_dot(l->L, l->spectrum->lambda, x + k * l->L);
}
