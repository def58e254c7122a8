// SPDX-License-Identifier: GPL-3.0-or-later
#include "saddle_model.h"

#include "random_draw.h"
#include "solver/motion/linear_reduction.h"
#include "spectra/forms/linear.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_UNITS = 4, MOST_SOURCES = 3 * MOST_UNITS };

static const char *const kind_names[SADDLE_KINDS] = {
    "equal", "mirrored", "parallel", "zero", "small", "outputs", "teachers", "teacher", "weights"};

static void tell(saddle_model *m, const char *format, ...) {
    const size_t used = strlen(m->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(m->text + used, sizeof m->text - used, format, arguments);
    va_end(arguments);
}

static double normal(uint64_t *state) {
    const double u = 1 - draw_uniform(state, 0, 1), x = draw_uniform(state, 0, 2 * M_PI);
    return sqrt(-2 * log(u)) * cos(x);
}

static double sign(uint64_t *state) {
    return draw_chance(state, 0.5) ? 1 : -1;
}

static ordpar_status draw_spectrum(uint64_t *state, saddle_model *m, ordpar_error *err) {
    const int64_t L = (int64_t)draw_whole(state, 1, 6);
    const int64_t N = L * (int64_t)pow(10, (double)draw_whole(state, 2, 12));
    const double beta = draw_log_uniform(state, 0.1, 2);
    tell(m, " -N %lld -L %lld --beta %.4g", (long long)N, (long long)L, beta);
    return ordpar_spectrum_power_law(N, L, beta, &m->spectrum, err);
}

static const ordpar_activation *draw_activation(uint64_t *state) {
    const double x = draw_uniform(state, 0, 1);
    return x < 0.45   ? &ordpar_activation_erf
           : x < 0.55 ? &ordpar_activation_linear
           : x < 0.7  ? &ordpar_activation_quadratic
           : x < 0.85 ? &ordpar_activation_relu
           : x < 0.92 ? &ordpar_activation_tanh
                      : &ordpar_activation_gelu;
}

static void draw_outputs(uint64_t *state, saddle_model *m) {
    ordpar_network *net = &m->network;
    const bool odd = ordpar_activation_value(net->activation, 1) ==
                     -ordpar_activation_value(net->activation, -1);
    const double size = m->kind == SADDLE_WEIGHTS ? draw_log_uniform(state, 1e-3, 1e4) : 1;
    const bool equal = m->kind == SADDLE_TEACHERS || draw_chance(state, 0.5);
    for (size_t n = 0; n < net->M; n++)
        net->w[n] *= size * (equal ? 1 : draw_uniform(state, 0.5, 1.5));
    for (size_t i = 0; i < net->K; i++) {
        net->v[i] *= size;
        if (m->kind == SADDLE_WEIGHTS && draw_chance(state, 0.5))
            net->v[i] *= draw_uniform(state, 0.3, 2);
        if (m->kind == SADDLE_OUTPUTS)
            net->v[i] = m->distance * normal(state);
    }
    if (m->kind == SADDLE_MIRRORED && odd)
        net->v[1] = -net->v[0];
}

static ordpar_status draw_network(uint64_t *state, saddle_model *m, ordpar_error *err) {
    const size_t least = m->kind <= SADDLE_PARALLEL ? 2 : 1;
    const size_t K = draw_whole(state, least, MOST_UNITS);
    const size_t M = m->kind == SADDLE_TEACHERS ? draw_whole(state, 2, MOST_UNITS)
                     : draw_chance(state, 0.5)  ? K
                                                : draw_whole(state, 1, MOST_UNITS);
    const ordpar_activation *activation = draw_activation(state);
    const ordpar_status status = ordpar_network_init(K, M, activation, 1, &m->network, err);
    if (status)
        return status;
    /* relu has no derivative at 0 */
    if (activation->needs_variance && m->distance == 0 &&
        (m->kind == SADDLE_ZERO || m->kind == SADDLE_SMALL))
        m->distance = 1e-9;
    draw_outputs(state, m);
    const double fraction = draw_log_uniform(state, 0.02, 0.4);
    ordpar_network likely = m->network;
    double outputs[MOST_UNITS];
    for (size_t i = 0; i < K; i++)
        outputs[i] = m->kind == SADDLE_OUTPUTS ? 1 / sqrt((double)K) : m->network.v[i];
    likely.v = outputs;
    m->network.eta = fraction * ordpar_linear_critical_eta(&m->spectrum, m->spectrum.L) /
                     ordpar_linear_effective_eta(&likely);
    if (activation == &ordpar_activation_quadratic)
        m->network.eta *= 0.1;
    m->network.small_eta = !activation->squared_error_dg_dg || draw_chance(state, 0.4);
    if (draw_chance(state, 0.3))
        m->network.label_noise =
            draw_log_uniform(state, 0.01, 0.5) * fabs(m->network.w[0]) * sqrt((double)M);
    if (m->kind == SADDLE_OUTPUTS)
        m->network.training.eta_v = m->network.eta * draw_log_uniform(state, 0.1, 3);
    const double end = draw_log_uniform(state, 3, 1000) / fraction;
    for (size_t k = 0; k < SADDLE_ROWS; k++)
        m->alpha[k] = end * pow(10, -3 * (1 - (double)(k + 1) / SADDLE_ROWS));
    tell(m, " at %.4g, %s K=%zu M=%zu eta=%.4g%s noise=%.3g v=%.4g.. w=%.4g.. end=%.4g",
         m->distance, activation->name, K, M, m->network.eta,
         m->network.small_eta ? " small-eta" : "", m->network.label_noise, m->network.v[0],
         m->network.w[0], end);
    return ORDPAR_OK;
}

/* The students as combinations of `sources` vectors, the last M of them the teachers. */
static void draw_students(uint64_t *state, const saddle_model *m, size_t sources,
                          double (*T)[MOST_SOURCES]) {
    const size_t K = m->network.K, M = m->network.M;
    const double size = draw_log_uniform(state, 0.05, 1), d = m->distance;
    const double teachers = draw_chance(state, 0.5) ? draw_uniform(state, 0.1, 1) : 0;
    for (size_t i = 0; i < K; i++) {
        const double common = normal(state);
        for (size_t a = 0; a < sources; a++) {
            const bool teacher = a >= sources - M;
            T[i][a] = size * (teacher ? teachers : 1 / sqrt((double)K)) *
                      (teacher && m->kind == SADDLE_TEACHERS ? common : normal(state));
        }
    }
    double from[MOST_SOURCES] = {0};
    if (m->kind <= SADDLE_PARALLEL) {
        const double scale = m->kind == SADDLE_EQUAL ? 1
                             : m->kind == SADDLE_MIRRORED
                                 ? -1
                                 : sign(state) * draw_uniform(state, 0.3, 2);
        for (size_t a = 0; a < sources; a++)
            from[a] = scale * T[0][a];
        memcpy(T[1], from, sizeof from);
    } else if (m->kind == SADDLE_ZERO)
        memset(T[0], 0, sizeof T[0]);
    else if (m->kind == SADDLE_SMALL)
        memset(T, 0, K * sizeof *T);
    else if (m->kind == SADDLE_AT_TEACHER) {
        memset(T[0], 0, sizeof T[0]);
        T[0][sources - 1] = sign(state);
    }
    const size_t first = m->kind <= SADDLE_PARALLEL ? 1 : 0;
    const size_t end = m->kind == SADDLE_SMALL || m->kind == SADDLE_TEACHERS ? K : first + 1;
    for (size_t i = first; i < end && m->kind != SADDLE_OUTPUTS && m->kind != SADDLE_WEIGHTS; i++)
        for (size_t a = 0; a < sources; a++)
            T[i][a] += d * normal(state);
}

/* The overlaps of the students that combine the sources as T says, block by block. */
static void combine(const ordpar_overlaps *from, double (*T)[MOST_SOURCES], ordpar_overlaps *to) {
    const size_t K = to->K, M = to->M, L = to->L, n = from->K + M;
    for (size_t b = 0; b < L; b++) {
        double gram[MOST_SOURCES * MOST_SOURCES], half[MOST_UNITS][MOST_SOURCES] = {{0}};
        ordpar_overlaps_gram(from, b, gram);
        for (size_t i = 0; i < K; i++)
            for (size_t a = 0; a < n; a++)
                for (size_t c = 0; c < n; c++)
                    half[i][a] += T[i][c] * gram[c * n + a];
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++) {
                double sum = 0;
                for (size_t a = 0; a < n; a++)
                    sum += i <= j ? half[i][a] * T[j][a] : half[j][a] * T[i][a];
                to->q[(i * K + j) * L + b] = sum;
            }
        for (size_t i = 0; i < K; i++)
            for (size_t m = 0; m < M; m++)
                to->r[(i * M + m) * L + b] = half[i][n - M + m];
    }
    memcpy(to->t, from->t, M * M * L * sizeof *to->t);
}

static ordpar_status draw_start(uint64_t *state, saddle_model *m, ordpar_error *err) {
    const size_t K = m->network.K, M = m->network.M, sources = 2 * K + M;
    const bool mean = m->kind == SADDLE_TEACHERS || draw_chance(state, 0.3);
    ordpar_overlaps from = {0};
    double T[MOST_UNITS][MOST_SOURCES];
    ordpar_status status =
        ordpar_overlaps_start(&m->spectrum, 2 * K, M, mean ? ORDPAR_INIT_MEAN : ORDPAR_INIT_SAMPLED,
                              mean ? ORDPAR_TEACHER_MEAN : ORDPAR_TEACHER_SAMPLED, 1,
                              draw_next(state) % 1000000, 1, &from, err);
    if (!status)
        status = ordpar_overlaps_init(K, M, m->spectrum.L, &m->start, err);
    if (!status) {
        draw_students(state, m, sources, T);
        combine(&from, T, &m->start);
    }
    ordpar_overlaps_clear(&from);
    return status;
}

ordpar_status saddle_model_create(uint64_t seed, uint64_t index, saddle_model *m,
                                  ordpar_error *err) {
    uint64_t state = seed ^ index * UINT64_C(0xd1342543de82ef95) ^ UINT64_C(1) << 62;
    (void)draw_next(&state);
    *m = (saddle_model){.kind = (saddle_kind)(index % SADDLE_KINDS)};
    m->distance = draw_chance(&state, 0.15) ? 0 : draw_log_uniform(&state, 1e-15, 1e-3);
    tell(m, "%s:", kind_names[m->kind]);
    ordpar_status status = draw_spectrum(&state, m, err);
    if (!status)
        status = draw_network(&state, m, err);
    return status ? status : draw_start(&state, m, err);
}

void saddle_model_clear(saddle_model *m) {
    ordpar_spectrum_clear(&m->spectrum);
    ordpar_network_clear(&m->network);
    ordpar_overlaps_clear(&m->start);
}
