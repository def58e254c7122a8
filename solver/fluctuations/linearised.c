// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/linearised.h"

#include "base/kernels.h"
#include "solver/motion/trained_outputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t coefficient_count(const ordpar_linearised *l) {
    return l->K * l->M + 2 * l->K * l->K;
}

/* Parts of one array, of which the first is c. */
static ordpar_status allocate(ordpar_linearised *l, ordpar_error *err) {
    const size_t S = l->S, G = l->G, L = l->L, n = l->n, heads = ordpar_network_heads(&l->now);
    const size_t v = heads * l->K, slopes = coefficient_count(l) * G,
                 width = ordpar_whole_lines(S * L);
    l->work = ordpar_coefficient_work_create(l->network);
    l->y = ordpar_aligned_array(2 * width);
    l->c = calloc(n * n + v + slopes + l->outputs * G + G * G + l->size + S * (S + G) * L,
                  sizeof *l->c);
    l->tiles = ordpar_aligned_array((L + ORDPAR_LINEARISED_LANES) * S * (S + G));
    l->pivots = malloc(G * sizeof *l->pivots);
    if (!l->work || !l->y || !l->c || !l->tiles || !l->pivots)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the Jacobian of %zu blocks", L);
    l->dy = l->y + width;
    l->now.v = l->c + n * n;
    memcpy(l->now.v, l->network->v, v * sizeof *l->now.v);
    l->slopes = l->now.v + v;
    l->H = l->slopes + slopes;
    l->cap = l->H + l->outputs * G;
    l->rate = l->cap + G * G;
    l->J = l->rate + l->size;
    l->U = l->J + S * S * L;
    return ORDPAR_OK;
}

ordpar_status ordpar_linearised_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     size_t trained_blocks, const ordpar_overlaps *start,
                                     ordpar_linearised *l, ordpar_error *err) {
    const size_t K = network->K, M = network->M;
    *l = (ordpar_linearised){.spectrum = spectrum,
                             .network = network,
                             .now = *network,
                             .K = K,
                             .M = M,
                             .n = K + M,
                             .L = spectrum->L,
                             .trained_blocks = trained_blocks};
    ordpar_status status;
    if ((status = ordpar_flow_init(spectrum, network, ordpar_state_for(network), trained_blocks,
                                   &(ordpar_flow_start){.overlaps = start}, &l->flow, err)) ||
        (status = ordpar_coefficients_init(K, M, &l->co, err)) ||
        (status = ordpar_coefficients_init(K, M, &l->one, err)) ||
        (status = ordpar_step_noise_init(&l->flow, network, &l->noise, err)))
        return status;
    l->S = l->flow.S;
    l->P = l->flow.P;
    l->outputs = l->flow.outputs;
    l->G = l->P + l->outputs;
    l->size = ordpar_flow_size(&l->flow);
    return allocate(l, err);
}

void ordpar_linearised_clear(ordpar_linearised *l) {
    ordpar_flow_clear(&l->flow);
    ordpar_coefficients_clear(&l->co);
    ordpar_coefficients_clear(&l->one);
    ordpar_step_noise_clear(&l->noise);
    ordpar_coefficient_work_free(l->work);
    free(l->y);
    free(l->c);
    free(l->tiles);
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
    ordpar_coefficients_scale(l->K, l->M, 1, ordpar_flow_factor(&l->flow, l->now.eta), l->one.A);
    ordpar_flow_apply(&l->flow, &l->one, l->y, l->dy);
}

void ordpar_linearised_apply(ordpar_linearised *l, const double *coefficients, size_t stride,
                             double factor, double *out) {
    apply(l, coefficients, stride, true);
    add_out(l, factor, 1, out);
}

/* The flow is linear in the coefficients but for the decay, and for fixed ones in the state. */
static void set_jacobian(ordpar_linearised *l, const ordpar_overlaps *state) {
    const size_t S = l->S, G = l->G, L = l->L;
    memset(l->rate, 0, l->size * sizeof *l->rate);
    memset(l->J, 0, S * S * L * sizeof *l->J);
    memset(l->U, 0, S * G * L * sizeof *l->U);
    ordpar_flow_pack(&l->flow, &(ordpar_flow_start){.overlaps = state}, l->y);
    apply(l, l->co.A, 1, true);
    add_out(l, 1, 1, l->rate);
    for (size_t p = 0; p < G; p++) {
        apply(l, l->slopes + p, G, true);
        add_out(l, 1, G, l->U + p * L);
    }
    if (l->flow.decays)
        apply(l, NULL, 0, false);
    for (size_t p = 0; p < G && l->flow.decays; p++)
        add_out(l, -1, G, l->U + p * L);
    for (size_t k = 0; k < S; k++) {
        set_unit(l, k);
        apply(l, l->co.A, 1, false);
        add_out(l, 1, S, l->J + k * L);
    }
    memset(l->y, 0, S * L * sizeof *l->y);
    apply(l, l->co.A, 1, false);
    for (size_t k = 0; k < S; k++)
        add_out(l, -1, S, l->J + k * L);
}

void ordpar_linearised_set_outputs(ordpar_linearised *l, const double *v) {
    if (!l->outputs)
        return;
    memcpy(l->now.v, v, l->outputs * sizeof *v);
    ordpar_coefficient_work_set_outputs(l->work, l->K, l->now.v);
}

/* The derivatives of the coefficients and of dv/dalpha by g. */
static void set_slopes(ordpar_linearised *l) {
    ordpar_coefficients_jacobian(&l->now, l->c, l->work, l->slopes);
    if (!l->outputs)
        return;
    ordpar_outputs_add_columns(&l->now, l->c, l->work, l->slopes);
    ordpar_outputs_jacobian(&l->now, l->c, l->work, l->H);
}

static void set_alpha(ordpar_linearised *l, double alpha) {
    const ordpar_training *t = &l->network->training;
    const double N = l->spectrum->N;
    l->now.training.tasks.present = ordpar_tasks_at(&t->tasks, alpha);
    l->now.eta = ordpar_schedule_eta(&t->schedule, l->network->eta, alpha);
    if (l->flow.state->pushes)
        l->flow.push = (ordpar_push){.eta = l->now.eta,
                                     .c = ordpar_momentum_damping(&t->momentum, N, alpha),
                                     .e = ordpar_momentum_weight(&t->momentum, alpha)};
}

void ordpar_linearised_rate_at(ordpar_linearised *l, const ordpar_overlaps *state, double alpha,
                               double *out) {
    set_alpha(l, alpha);
    ordpar_flow_pack(&l->flow, &(ordpar_flow_start){.overlaps = state}, l->y);
    memset(out, 0, l->S * l->L * sizeof *out);
    apply(l, l->co.A, 1, true);
    add_out(l, 1, 1, out);
    memcpy(out + l->S * l->L, l->rate + l->S * l->L, l->outputs * sizeof *out);
}

ordpar_status ordpar_linearised_set(ordpar_linearised *l, const ordpar_overlaps *state,
                                    double alpha, ordpar_error *err) {
    double *outputs = l->rate + l->S * l->L;
    ordpar_overlaps_fields(state, l->spectrum, l->network, l->c);
    ordpar_linearised_set_outputs(l, state->v);
    set_alpha(l, alpha);
    if (!ordpar_coefficients_evaluate(&l->now, l->c, l->work, &l->co))
        return ordpar_fail(err, ORDPAR_NUMERICAL, "no Gaussian averages at alpha = %.6g", alpha);
    set_slopes(l);
    set_jacobian(l, state);
    if (l->outputs)
        ordpar_outputs_flow(&l->now, l->c, l->work, outputs);
    if (!ordpar_step_noise_set(&l->noise, l->spectrum, &l->now, l->trained_blocks, state, l->c,
                               &l->co, outputs))
        return ordpar_fail(err, ORDPAR_NUMERICAL, "the noise is not finite at alpha = %.6g", alpha);
    return l->noise.stop && *l->noise.stop
               ? ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted at alpha = %.6g", alpha)
               : ORDPAR_OK;
}

/* Tasks with probabilities that make their mean eps_g, or one's, what training is of. */
static void enter_curve(ordpar_linearised *l, size_t curve, double *outputs) {
    ordpar_tasks *tasks = &l->now.training.tasks;
    const ordpar_tasks kept = *tasks;
    double probability[ORDPAR_MAX_TASKS];
    for (size_t k = 0; k < tasks->count; k++)
        probability[k] = curve == 0 ? 1 / (double)tasks->count : k + 1 == curve;
    tasks->probability = probability;
    tasks->present = 0;
    ordpar_coefficients_evaluate(&l->now, l->c, l->work, &l->co);
    set_slopes(l);
    if (l->outputs)
        ordpar_outputs_flow(&l->now, l->c, l->work, outputs);
    *tasks = kept;
}

/* [19.3] By m it is A and G, by v the drift of trained outputs. */
void ordpar_linearised_error(ordpar_linearised *l, size_t curve, double *gradient,
                             double *hessian) {
    const size_t K = l->K, M = l->M, P = l->P, G = l->G;
    double *outputs = l->rate + l->S * l->L;
    if (l->now.training.tasks.count)
        enter_curve(l, curve, outputs);
    for (size_t p = 0; p < G; p++) {
        const bool of_r = p < K * M, of_v = p >= P;
        size_t i = 0, j = p - K * M;
        for (; !of_r && !of_v && j >= K - i; i++)
            j -= K - i;
        const size_t row = of_r ? p : K * M + i * K + i + j;
        const double factor = of_v ? -1 / l->network->training.eta_v : of_r ? -1 : j == 0 ? 0.5 : 1;
        const double *slopes = of_v ? l->H + (p - P) * G : l->slopes + row * G;
        gradient[p] = factor * (of_v ? outputs[p - P] : l->co.A[row]); /* A, then G */
        for (size_t k = 0; hessian && k < G; k++)
            hessian[p * G + k] = factor * slopes[k];
    }
}

void ordpar_linearised_sums(const ordpar_linearised *l, const double *x, double *g) {
    for (size_t k = 0; k < l->P; k++)
        g[k] = ordpar_dot(l->L, l->spectrum->lambda, x + k * l->L);
    memcpy(g + l->P, x + l->S * l->L, l->outputs * sizeof *g);
}
