// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/step_noise.h"

#include "solver/averages/high.h"
#include "solver/motion/state.h"
#include "solver/state/network_averages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_step_noise_init(const ordpar_flow *flow, const ordpar_network *network,
                                     ordpar_step_noise *noise, ordpar_error *err) {
    const size_t K = flow->K, M = flow->M, L = flow->L, n = K + M;
    const size_t rows = flow->state->pushes ? n + K : n;
    const size_t R = K * n + K * (K + 1) / 2 + flow->outputs;
    const size_t own = ordpar_activation_work(network->activation, n);
    const size_t work = own > 3 * n * n + 5 * n ? own : 3 * n * n + 5 * n;
    const size_t blocks = L * (rows * rows + 1 + K * rows + rows);
    double *all = calloc(
        blocks + R * (R + 2) + K * (K + n + K * n * n) + rows + n * n + 2 * n + work, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the noise of %zu blocks", L);
    *noise = (ordpar_step_noise){.K = K,
                                 .M = M,
                                 .n = n,
                                 .S = flow->S,
                                 .L = L,
                                 .R = R,
                                 .rows = rows,
                                 .outputs = flow->outputs,
                                 .gram = all};
    noise->batch = network->training.batch > 1 ? (double)network->training.batch : 1;
    noise->weight = all + L * rows * rows;
    noise->kappa = noise->weight + L;
    noise->out = noise->kappa + L * K * rows;
    noise->kernel = noise->out + L * rows;
    noise->mean = noise->kernel + R * R;
    noise->size = noise->mean + R;
    noise->F = noise->size + R;
    noise->drift = noise->F + K * K;
    noise->curve = noise->drift + K * n;
    noise->push = noise->curve + K * K * n * n;
    noise->u = noise->push + rows;
    noise->slope = noise->u + n;
    noise->gradient = noise->slope + n;
    noise->work = noise->gradient + n * n;
    return ORDPAR_OK;
}

void ordpar_step_noise_clear(ordpar_step_noise *noise) {
    free(noise->gram);
    *noise = (ordpar_step_noise){0};
}

/* One task: how often it comes, and which trained outputs are its own. */
typedef struct {
    const ordpar_network *net;
    ordpar_high_fields f;
    const ordpar_high_averages *high;
    double share;
    size_t head;
} task;

static bool is_stopped(const ordpar_step_noise *s) {
    return s->stop && *s->stop;
}

static size_t pair_row(const ordpar_step_noise *s, size_t i, size_t j) {
    return s->K * s->n + ordpar_packed_index(s->K, i < j ? i : j, i < j ? j : i);
}

static size_t output_row(const ordpar_step_noise *s, const task *t, size_t i) {
    return s->R - s->outputs + t->head * s->K + i;
}

static void add_both(ordpar_step_noise *s, size_t row, size_t column, double part) {
    s->kernel[row * s->R + column] += part;
    if (row != column)
        s->kernel[column * s->R + row] += part;
}

/* E[c_i c_j], and its second derivatives by the fields: twice the gradient by c. */
static void add_second(ordpar_step_noise *s, const task *t) {
    const size_t K = s->K, n = s->n;
    const ordpar_activation *g = t->net->activation;
    const ordpar_high_fields *f = &t->f;
    double *curve = s->gradient;
    for (size_t i = 0; i < K && !is_stopped(s); i++)
        for (size_t j = 0; j < K; j++) {
            const double scale = t->share * t->net->v[i] * t->net->v[j];
            double *sum = s->curve + (i * K + j) * n * n;
            const ordpar_pair_average dg =
                g->dg_dg(g, f->c[i * n + i], f->c[i * n + j], f->c[j * n + j]);
            const double square = g->squared_error_dg_dg(g, n, f->c, f->u, i, j, curve, s->work);
            s->F[i * K + j] += scale * (square + f->s2 * dg.value);
            curve[i * n + i] += f->s2 * dg.d_aa;
            curve[j * n + j] += f->s2 * dg.d_bb;
            curve[i * n + j] += f->s2 * dg.d_ab / 2;
            curve[j * n + i] += f->s2 * dg.d_ab / 2;
            for (size_t a = 0; a < n * n; a++)
                sum[a] += 2 * scale * curve[a];
        }
}

/* What c_i, with the direction of a field, has to do with the products c_j c_k. */
static void add_third(ordpar_step_noise *s, const task *t) {
    const size_t K = s->K, n = s->n;
    const double *v = t->net->v;
    double *slope = s->slope;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K && !is_stopped(s); j++)
            for (size_t k = j; k < K; k++) {
                const ordpar_high_product cubed = {3, 0, 3, {i, j, k}};
                t->high->slope(&t->f, &cubed, slope, s->work);
                for (size_t e = 0; e < n; e++)
                    add_both(s, i * n + e, pair_row(s, j, k),
                             -t->share * v[i] * v[j] * v[k] * slope[e]);
            }
}

static void add_fourth(ordpar_step_noise *s, const task *t) {
    const size_t K = s->K;
    const double *v = t->net->v;
    for (size_t a = 0; a < K; a++)
        for (size_t b = a; b < K; b++)
            for (size_t j = 0; j < K && !is_stopped(s); j++)
                for (size_t k = j; k < K; k++) {
                    if (pair_row(s, a, b) > pair_row(s, j, k))
                        continue;
                    const ordpar_high_product fourth = {4, 0, 4, {a, b, j, k}};
                    add_both(s, pair_row(s, a, b), pair_row(s, j, k),
                             t->share * v[a] * v[b] * v[j] * v[k] *
                                 t->high->mean(&t->f, &fourth, s->work));
                }
}

/* [19.8] What trained outputs have to do with the rest and each other. */
static void add_outputs(ordpar_step_noise *s, const task *t) {
    const size_t K = s->K, n = s->n;
    const double *v = t->net->v, eta_v = t->net->training.eta_v;
    double *slope = s->slope;
    for (size_t i = 0; i < K && !is_stopped(s); i++) {
        const size_t row = output_row(s, t, i);
        for (size_t j = 0; j < K; j++) {
            const ordpar_high_product second = {2, 1, 1, {i, j}}, both = {2, 2, 0, {i, j}};
            t->high->slope(&t->f, &second, slope, s->work);
            for (size_t e = 0; e < n; e++)
                add_both(s, j * n + e, row, t->share * eta_v * v[j] * slope[e]);
            if (j >= i)
                add_both(s, row, output_row(s, t, j),
                         t->share * eta_v * eta_v * t->high->mean(&t->f, &both, s->work));
            for (size_t k = j; k < K; k++) {
                const ordpar_high_product third = {3, 1, 2, {i, j, k}};
                add_both(s, pair_row(s, j, k), row,
                         -t->share * eta_v * v[j] * v[k] * t->high->mean(&t->f, &third, s->work));
            }
        }
    }
}

/* Covariances from what tasks have added up, of the mean over the examples of a step. */
static void subtract_means(ordpar_step_noise *s, const double *outputs) {
    const size_t K = s->K, n = s->n, R = s->R;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            for (size_t e = 0; e < n * n; e++)
                s->kernel[(i * n + e / n) * R + j * n + e % n] += s->curve[(i * K + j) * n * n + e];
    memcpy(s->mean, s->drift, K * n * sizeof *s->mean);
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            s->mean[pair_row(s, i, j)] = s->F[i * K + j];
    for (size_t k = 0; k < s->outputs; k++)
        s->mean[R - s->outputs + k] = outputs[k];
    for (size_t r = 0; r < R; r++)
        for (size_t k = 0; k < R; k++)
            s->kernel[r * R + k] = (s->kernel[r * R + k] - s->mean[r] * s->mean[k]) / s->batch;
    for (size_t k = 0; k < K * K; k++)
        s->F[k] /= s->batch;
}

/* Slopes of an error are as large as they look; products of it cancel from those of its terms. */
static void set_sizes(ordpar_step_noise *s, const ordpar_network *network, const double *c) {
    const size_t K = s->K;
    const double largest = network->label_noise + ordpar_network_outputs_size(network, c);
    for (size_t r = 0; r < s->R; r++)
        s->size[r] = sqrt(fabs(s->kernel[r * (s->R + 1)]));
    for (size_t i = 0; i < K; i++)
        for (size_t j = i; j < K; j++)
            s->size[pair_row(s, i, j)] = fabs(network->v[i] * network->v[j]) * largest * largest;
    for (size_t k = s->R - s->outputs; k < s->R; k++)
        s->size[k] = fabs(network->training.eta_v) * largest;
}

/* [19.8] */
static void set_averages(ordpar_step_noise *s, const ordpar_network *network, const double *c,
                         const ordpar_coefficients *co, const double *outputs) {
    const size_t K = s->K, M = s->M, n = s->n;
    double *u = s->u;
    memset(s->kernel, 0, s->R * s->R * sizeof *s->kernel);
    memset(s->F, 0, K * K * sizeof *s->F);
    memset(s->curve, 0, K * K * n * n * sizeof *s->curve);
    for (size_t i = 0; i < K; i++)
        for (size_t e = 0; e < n; e++)
            s->drift[i * n + e] = e < K ? -co->G[i * K + e] : co->A[i * M + e - K];
    for (size_t head = 0; head < ordpar_network_heads(network); head++) {
        const ordpar_network one = ordpar_network_of_task(network, head);
        const task t = {&one,
                        {n, c, u, network->label_noise * network->label_noise},
                        ordpar_high_averages_of(network->activation),
                        ordpar_network_task_probability(network, head),
                        head};
        if (t.share == 0)
            continue;
        ordpar_network_outputs(&one, u);
        add_second(s, &t);
        add_third(s, &t);
        add_fourth(s, &t);
        if (s->outputs)
            add_outputs(s, &t);
    }
    subtract_means(s, outputs);
    set_sizes(s, network, c);
}

/* The overlaps of two vectors of a block, [L]. */
static const double *overlap(const ordpar_step_noise *s, const ordpar_overlaps *o, size_t a,
                             size_t b) {
    const size_t K = s->K, M = s->M, n = s->n, L = s->L;
    if (a > b) {
        const size_t kept = a;
        a = b;
        b = kept;
    }
    if (b < K)
        return o->q + (a * K + b) * L;
    if (b < n)
        return a < K ? o->r + (a * M + b - K) * L : o->t + ((a - K) * M + b - K) * L;
    const size_t s_first = K * M, p_first = s_first + K * K;
    const size_t component = a < K   ? s_first + a * K + b - n
                             : a < n ? (b - n) * M + a - K
                                     : p_first + (a - n) * K + b - n;
    return o->push + component * L;
}

static void set_blocks(ordpar_step_noise *s, const ordpar_spectrum *spectrum, size_t trained_blocks,
                       const ordpar_overlaps *o) {
    const size_t L = s->L;
    for (size_t b = 0; b < L; b++)
        s->weight[b] = b < trained_blocks ? spectrum->p[b] * spectrum->lambda[b] / s->batch : 0;
    for (size_t a = 0; a < s->rows; a++)
        for (size_t e = 0; e < s->rows; e++) {
            const double *x = overlap(s, o, a, e);
            for (size_t b = 0; b < L; b++)
                s->gram[(a * s->rows + e) * L + b] =
                    b < trained_blocks ? spectrum->lambda[b] * x[b] : 0;
        }
}

bool ordpar_step_noise_set(ordpar_step_noise *noise, const ordpar_spectrum *spectrum,
                           const ordpar_network *network, size_t trained_blocks,
                           const ordpar_overlaps *state, const double *c,
                           const ordpar_coefficients *coefficients, const double *outputs) {
    ordpar_step_noise *s = noise;
    for (size_t a = 0; a < s->rows; a++)
        s->push[a] = a < s->K ? network->eta : a < s->n ? 0 : -1;
    set_averages(s, network, c, coefficients, outputs);
    set_blocks(s, spectrum, trained_blocks, state);
    double sum = 0;
    for (size_t k = 0; k < s->R * s->R; k++)
        sum += s->kernel[k];
    return isfinite(sum);
}
