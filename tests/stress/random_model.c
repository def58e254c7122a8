// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_model.h"

#include "random_draw.h"
#include "solver/averages/mixed.h"
#include "solver/motion/linear_reduction.h"
#include "spectra/forms/linear.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(random_model *m, const char *format, ...) {
    const size_t used = strlen(m->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(m->text + used, sizeof m->text - used, format, arguments);
    va_end(arguments);
}

static ordpar_status draw_spectrum(uint64_t *state, bool large, random_model *m,
                                   ordpar_error *err) {
    static const int64_t sizes[] = {1, 1, 2, 4, 8, 16, 64, 256};
    const int64_t L = (int64_t)draw_whole(state, 1, large ? 6 : 64);
    const int64_t N = large ? L * (2400 / L) : L * sizes[draw_whole(state, 0, 7)];
    const double beta = draw_log_uniform(state, 0.1, 3);
    tell(m, " -N %lld -L %lld --beta %.4g", (long long)N, (long long)L, beta);
    ordpar_status status = ordpar_spectrum_power_law(N, L, beta, &m->spectrum, err);
    m->simulation.trained_blocks = m->spectrum.L;
    if (status || !draw_chance(state, 0.15))
        return status;
    const int64_t trained = (int64_t)draw_whole(state, 1, (size_t)N);
    tell(m, " --trainable %lld", (long long)trained);
    return ordpar_spectrum_split(&m->spectrum, trained, &m->simulation.trained_blocks, err);
}

static void draw_weights(uint64_t *state, const char *option, size_t count, double *weights,
                         random_model *m) {
    if (!draw_chance(state, 0.4))
        return;
    for (size_t k = 0; k < count; k++) {
        weights[k] =
            draw_rounded(draw_uniform(state, 0.2, 1.5) * (draw_chance(state, 0.3) ? -1 : 1));
        tell(m, k ? ",%.4g" : option, weights[k]);
    }
}

/* At all orders. */
static bool is_fast(const ordpar_activation *activation) {
    return activation->squared_error_dg_dg && activation != &ordpar_activation_softplus &&
           activation != &ordpar_activation_silu;
}

/* Most models are of the paper's activations, whose averages are also the cheapest. Simulations
 * have the terms of order eta^2, so their theory must know them too. */
static const ordpar_activation *draw_activation(uint64_t *state, bool large) {
    if (draw_chance(state, 0.7))
        return draw_chance(state, 0.3) ? &ordpar_activation_linear : &ordpar_activation_erf;
    const ordpar_activation *activation;
    size_t activations = 0;
    while (ordpar_activation_at(activations))
        activations++;
    do
        activation = ordpar_activation_at(draw_next(state) % activations);
    while (large && !is_fast(activation));
    return activation;
}

/* Sometimes the teacher has another one, by numbers that are not those of the rest. */
static ordpar_status draw_teacher_activation(uint64_t state, random_model *m, ordpar_error *err) {
    const ordpar_activation *g = m->network.activation, *h;
    if (!draw_chance(&state, 0.25))
        return ORDPAR_OK;
    do
        h = draw_activation(&state, false);
    while (!ordpar_activations_mix_at_all_orders(g, h));
    if (h != g)
        tell(m, " --teacher-activation %s", h->name);
    return ordpar_network_set_teacher_activation(&m->network, h, err);
}

static ordpar_status draw_network(uint64_t *state, bool large, random_model *m, ordpar_error *err) {
    const ordpar_activation *activation = draw_activation(state, large);
    const size_t K = draw_whole(state, 1, large ? 4 : 6);
    const size_t M = draw_chance(state, 0.5) ? K : draw_whole(state, 1, large ? 4 : 6);
    tell(m, " --activation %s -K %zu -M %zu", activation->name, K, M);
    ordpar_status status = ordpar_network_init(K, M, activation, 1, &m->network, err);
    if (!status)
        status = draw_teacher_activation(*state, m, err);
    if (status)
        return status;
    draw_weights(state, " --student-output %.4g", K, m->network.v, m);
    draw_weights(state, " --teacher-output %.4g", M, m->network.w, m);
    /* erf is critical near twice the learning rate that a linear network is [6.4, 7.8] */
    const double limit = ordpar_linear_critical_eta(&m->spectrum, m->simulation.trained_blocks) /
                         ordpar_linear_effective_eta(&m->network) *
                         (activation == &ordpar_activation_erf ? 2 : 1);
    m->network.eta = draw_rounded(limit * draw_log_uniform(state, 0.01, large ? 0.5 : 0.97));
    tell(m, " --eta %.4g", m->network.eta);
    if (draw_chance(state, 0.4)) {
        m->network.label_noise = draw_log_uniform(state, 0.01, 0.5);
        tell(m, " --label-noise %.4g", m->network.label_noise);
    }
    if (!is_fast(activation) || (!large && draw_chance(state, 0.3))) {
        m->network.small_eta = true;
        tell(m, " --small-eta");
    }
    return ORDPAR_OK;
}

static void draw_start(uint64_t *state, bool large, random_model *m) {
    static const char *const inits[] = {"sampled", "mean", "near-teacher"};
    ordpar_simulation *s = &m->simulation;
    const size_t K = m->network.K, M = m->network.M;
    double least = INFINITY;
    for (size_t b = 0; b < m->spectrum.L; b++)
        least = fmin(least, m->spectrum.n[b]);
    s->init = (ordpar_init)draw_whole(state, 0, K == M ? 2 : 1);
    if (s->init == ORDPAR_INIT_MEAN && least < (double)(K + M))
        s->init =
            ORDPAR_INIT_SAMPLED; /* a simulation has no such vectors, and no block this rank */
    s->teacher = least >= (double)(K + M) && draw_chance(state, 0.3) ? ORDPAR_TEACHER_MEAN
                                                                     : ORDPAR_TEACHER_SAMPLED;
    s->sigma_J = draw_log_uniform(state, large ? 0.1 : 1e-3, 1.5);
    s->seed = draw_next(state) % 1000000;
    tell(m, " --init %s --teacher %s --sigma-j %.4g --seed %llu", inits[s->init],
         s->teacher == ORDPAR_TEACHER_MEAN ? "mean" : "sampled", s->sigma_J,
         (unsigned long long)s->seed);
}

static void draw_grid(uint64_t *state, bool large, random_model *m) {
    const double start = 0.1, stop = large ? 6 : draw_log_uniform(state, 3, 3000);
    tell(m, " --alpha %.4g:%.4g:%d:log", start, stop, MODEL_ROWS);
    for (size_t k = 0; k < MODEL_ROWS; k++)
        m->alpha[k] = start * pow(stop / start, (double)k / (MODEL_ROWS - 1));
    m->alpha[MODEL_ROWS - 1] = stop;
}

ordpar_status random_model_create(uint64_t seed, uint64_t index, bool large, random_model *m,
                                  ordpar_error *err) {
    uint64_t state = seed ^ index * UINT64_C(0xd1342543de82ef95) ^ (large ? UINT64_C(1) << 63 : 0);
    (void)draw_next(&state);
    *m = (random_model){.text = "ordpar curve"};
    ordpar_status status = draw_spectrum(&state, large, m, err);
    if (!status)
        status = draw_network(&state, large, m, err);
    if (status)
        return status;
    m->simulation.spectrum = &m->spectrum;
    m->simulation.network = &m->network;
    m->simulation.method = ORDPAR_METHOD_OVERLAP;
    draw_start(&state, large, m);
    draw_grid(&state, large, m);
    return ORDPAR_OK;
}

void random_model_clear(random_model *m) {
    ordpar_spectrum_clear(&m->spectrum);
    ordpar_network_clear(&m->network);
}
