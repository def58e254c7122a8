// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fluctuations/step_noise.h"

#include "solver/averages/high.h"
#include "solver/state/network_averages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_step_noise_init(size_t K, size_t M, size_t L, ordpar_step_noise *noise,
                                     ordpar_error *err) {
    const size_t n = K + M, S = ordpar_order_parameter_count(K, M), R = K * n + K * (K + 1) / 2;
    double *all = calloc(
        L * (n * n + n + 1) + R * (R + 1) + K * K * (1 + n * n) + 4 * n * n + 7 * n, sizeof *all);
    if (!all)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the noise of %zu blocks", L);
    *noise = (ordpar_step_noise){.K = K, .M = M, .n = n, .S = S, .L = L, .R = R, .gram = all};
    noise->weight = all + L * n * n;
    noise->kernel = noise->weight + L;
    noise->F = noise->kernel + R * R;
    noise->curve = noise->F + K * K;
    noise->work = noise->curve + K * K * n * n;
    return ORDPAR_OK;
}

void ordpar_step_noise_clear(ordpar_step_noise *noise) {
    free(noise->gram);
    *noise = (ordpar_step_noise){0};
}

/* E[c_i c_j], and its second derivatives by the fields: twice the gradient by c. */
static void set_second(ordpar_step_noise *s, const ordpar_network *net, double eta,
                       const ordpar_high_fields *f) {
    const size_t K = s->K, n = s->n;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            const double scale = eta * eta * net->v[i] * net->v[j];
            double *curve = s->curve + (i * K + j) * n * n;
            const ordpar_pair_average dg = ordpar_network_dg_dg(net, f->c, i, j);
            s->F[i * K + j] =
                scale * (ordpar_network_squared_error_dg_dg(net, f->c, f->u, i, j, curve, s->work) +
                         f->s2 * dg.value);
            curve[i * n + i] += f->s2 * dg.d_aa;
            curve[j * n + j] += f->s2 * dg.d_bb;
            curve[i * n + j] += f->s2 * dg.d_ab / 2;
            curve[j * n + i] += f->s2 * dg.d_ab / 2;
            for (size_t a = 0; a < n * n; a++)
                curve[a] *= 2 * scale;
        }
}

/* E[d_e c_i]: the drift of J_i. */
static double first(const ordpar_step_noise *s, const ordpar_coefficients *co, double eta, size_t i,
                    size_t e) {
    return e < s->K ? -eta * co->G[i * s->K + e] : eta * co->A[i * s->M + e - s->K];
}

static void set_linear_kernel(ordpar_step_noise *s, const ordpar_coefficients *co, double eta) {
    const size_t K = s->K, n = s->n;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            for (size_t e = 0; e < n; e++)
                for (size_t g = 0; g < n; g++)
                    s->kernel[(i * n + e) * s->R + j * n + g] =
                        s->curve[((i * K + j) * n + e) * n + g] -
                        first(s, co, eta, i, e) * first(s, co, eta, j, g);
}

/* What the products c_i c_j have to do with the rest. */
static void set_square_kernel(ordpar_step_noise *s, const ordpar_network *net, double eta,
                              const ordpar_coefficients *co, const ordpar_high_fields *f) {
    const ordpar_high_averages *high = ordpar_high_averages_of(net->activation);
    const size_t K = s->K, n = s->n, R = s->R, first_pair = K * n;
    double *slope = s->work + 4 * n * n + 6 * n;
    const double *v = net->v;
    for (size_t j = 0; j < K; j++)
        for (size_t k = j; k < K; k++) {
            const size_t pair = first_pair + ordpar_packed_index(K, j, k);
            for (size_t i = 0; i < K; i++) {
                high->cubed(f, (size_t[]){i, j, k}, slope, s->work);
                for (size_t e = 0; e < n; e++)
                    s->kernel[(i * n + e) * R + pair] = s->kernel[pair * R + i * n + e] =
                        -eta * eta * eta * v[i] * v[j] * v[k] * slope[e] -
                        first(s, co, eta, i, e) * s->F[j * K + k];
            }
            for (size_t a = 0; a < K; a++)
                for (size_t b = a; b < K; b++)
                    s->kernel[pair * R + first_pair + ordpar_packed_index(K, a, b)] =
                        pow(eta, 4) * v[a] * v[b] * v[j] * v[k] *
                            high->fourth(f, (size_t[]){a, b, j, k}, s->work) -
                        s->F[a * K + b] * s->F[j * K + k];
        }
}

static void set_blocks(ordpar_step_noise *s, const ordpar_spectrum *spectrum, size_t trained_blocks,
                       const ordpar_overlaps *o) {
    const size_t K = s->K, M = s->M, n = s->n, L = s->L;
    for (size_t b = 0; b < L; b++)
        s->weight[b] = b < trained_blocks ? spectrum->p[b] * spectrum->lambda[b] : 0;
    for (size_t a = 0; a < n; a++)
        for (size_t e = 0; e < n; e++) {
            const double *x = a < K && e < K ? o->q + (a * K + e) * L
                              : a < K        ? o->r + (a * M + e - K) * L
                              : e < K        ? o->r + (e * M + a - K) * L
                                             : o->t + ((a - K) * M + e - K) * L;
            for (size_t b = 0; b < L; b++)
                s->gram[(a * n + e) * L + b] = b < trained_blocks ? spectrum->lambda[b] * x[b] : 0;
        }
}

bool ordpar_step_noise_set(ordpar_step_noise *noise, const ordpar_spectrum *spectrum,
                           const ordpar_network *network, double eta, size_t trained_blocks,
                           const ordpar_overlaps *state, const double *c,
                           const ordpar_coefficients *coefficients) {
    ordpar_step_noise *s = noise;
    const size_t n = s->n;
    double *u = s->work + 4 * n * n + 5 * n;
    for (size_t a = 0; a < n; a++)
        u[a] = a < s->K ? network->v[a] : -network->w[a - s->K];
    const ordpar_high_fields f = {n, c, u, network->label_noise * network->label_noise};
    set_second(s, network, eta, &f);
    set_linear_kernel(s, coefficients, eta);
    set_square_kernel(s, network, eta, coefficients, &f);
    set_blocks(s, spectrum, trained_blocks, state);
    double sum = 0;
    for (size_t k = 0; k < s->R * s->R; k++)
        sum += s->kernel[k];
    return isfinite(sum);
}
