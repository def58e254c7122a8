// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.4] What bends the equations of motion, averaged over a covariance. */
#include "solver/fluctuations/linearised.h"

#include "solver/motion/trained_outputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* x[S][L] into the flow's order. */
static void put_in(ordpar_linearised *l, const double *x) {
    const size_t S = l->S;
    ORDPAR_EACH_CHUNK (chunk, &l->flow)
        for (size_t k = 0; k < S; k++)
            memcpy(l->y + S * chunk.first + k * chunk.count, x + k * l->L + chunk.first,
                   chunk.count * sizeof *x);
}

/* Short against what averages change on: 1, or the size of the fields. */
static double step_of(const ordpar_linearised *l, size_t p) {
    const size_t n = l->n, K = l->K, M = l->M;
    size_t i = p / M, j = K + p % M;
    if (p >= K * M)
        for (i = 0, j = p - K * M; j >= K - i; i++)
            j -= K - i;
    j += p >= K * M ? i : 0;
    const double size = sqrt(l->c[i * n + i] * l->c[j * n + j]);
    return 1e-5 * (l->network->activation->needs_variance ? size : 1);
}

/* Moves g by `step` in component p, from what it is at the state. */
static double set_at(ordpar_linearised *l, const double *at, size_t p, double step, double *c) {
    const size_t n = l->n;
    double *m = c + n * n, *v = m + l->P;
    memcpy(c, l->c, n * n * sizeof *c);
    for (size_t i = 0; i < l->K; i++) {
        for (size_t k = 0; k < l->M; k++)
            m[i * l->M + k] = c[i * n + l->K + k];
        for (size_t j = i; j < l->K; j++)
            m[l->K * l->M + ordpar_packed_index(l->K, i, j)] = c[i * n + j];
    }
    for (size_t k = 0; k < l->outputs; k++)
        v[k] = at[k];
    m[p] += step;
    ordpar_covariance_set(l->K, l->M, m, c);
    ordpar_linearised_set_outputs(l, v);
    return step;
}

/* bent[coefficients, outputs]: the sum over p of the change that the covariance C[:, p] makes of
 * the derivatives by p; central differences of what is known exactly. */
static void bend(ordpar_linearised *l, const double *v, const double *C, double *bent,
                 double *work) {
    const size_t G = l->G, count = l->K * l->M + 2 * l->K * l->K;
    double *slopes = work, *H = slopes + count * G, *c = H + l->outputs * G;
    memset(bent, 0, (count + l->outputs) * sizeof *bent);
    for (size_t p = 0; p < G; p++)
        for (int side = -1; side <= 1; side += 2) {
            const double step = set_at(l, v, p, side * (p < l->P ? step_of(l, p) : 1e-5), c);
            ordpar_coefficients_jacobian(&l->now, c, l->work, slopes);
            if (l->outputs) {
                ordpar_outputs_add_columns(&l->now, c, l->work, slopes);
                ordpar_outputs_jacobian(&l->now, c, l->work, H);
            }
            for (size_t k = 0; k < count + l->outputs; k++)
                for (size_t r = 0; r < G; r++)
                    bent[k] += slopes[k * G + r] * C[r * G + p] / (2 * step);
        }
    ordpar_linearised_set_outputs(l, v);
}

ordpar_status ordpar_linearised_curvature(ordpar_linearised *l, const ordpar_overlaps *state,
                                          const double *V, const double *C, double *out,
                                          ordpar_error *err) {
    const size_t S = l->S, G = l->G, L = l->L, count = l->K * l->M + 2 * l->K * l->K;
    double *bent = malloc(((count + l->outputs) * (1 + G) + l->n * l->n + G) * sizeof *bent);
    if (!bent)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", l->K);
    memset(out, 0, l->size * sizeof *out);
    for (size_t p = 0; p < G; p++) {
        put_in(l, V + p * l->size);
        ordpar_linearised_apply(l, l->slopes + p, G, 1, out);
        ordpar_linearised_apply(l, NULL, 0, -1, out);
        memset(l->y, 0, S * L * sizeof *l->y);
        ordpar_linearised_apply(l, l->slopes + p, G, -1, out);
    }
    bend(l, state->v, C, bent, bent + count + l->outputs);
    ordpar_flow_pack(&l->flow, &(ordpar_flow_start){.overlaps = state}, l->y);
    ordpar_linearised_apply(l, bent, 1, 0.5, out);
    ordpar_linearised_apply(l, NULL, 0, -0.5, out);
    for (size_t k = 0; k < l->outputs; k++)
        out[S * L + k] = bent[count + k] / 2;
    free(bent);
    return ORDPAR_OK;
}
