// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.4] What bends the equations of motion, averaged over a covariance. */
#include "solver/fluctuations/linearised.h"

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

/* The sum over p of the change that the covariance C[:, p] makes of the derivatives by p; central
 * differences of what is known exactly. */
static void bend(ordpar_linearised *l, const double *C, double *bent, double *work) {
    const size_t S = l->S, n = l->n, count = l->K * l->M + 2 * l->K * l->K;
    double *c = work, *m = c + n * n, *slopes = m + S;
    memset(bent, 0, count * sizeof *bent);
    for (size_t p = 0; p < S; p++)
        for (int side = -1; side <= 1; side += 2) {
            memcpy(c, l->c, n * n * sizeof *c);
            for (size_t i = 0; i < l->K; i++) {
                for (size_t k = 0; k < l->M; k++)
                    m[i * l->M + k] = c[i * n + l->K + k];
                for (size_t j = i; j < l->K; j++)
                    m[l->K * l->M + ordpar_packed_index(l->K, i, j)] = c[i * n + j];
            }
            const double step = step_of(l, p);
            m[p] += side * step;
            ordpar_covariance_set(l->K, l->M, m, c);
            ordpar_coefficients_jacobian(l->network, c, l->work, slopes);
            for (size_t k = 0; k < count; k++)
                for (size_t r = 0; r < S; r++)
                    bent[k] += side * slopes[k * S + r] * C[r * S + p] / (2 * step);
        }
}

ordpar_status ordpar_linearised_curvature(ordpar_linearised *l, const ordpar_overlaps *state,
                                          const double *V, const double *C, double *out,
                                          ordpar_error *err) {
    const size_t S = l->S, count = l->K * l->M + 2 * l->K * l->K;
    double *bent = malloc((count * (1 + S) + l->n * l->n + S) * sizeof *bent);
    if (!bent)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", l->K);
    memset(out, 0, S * l->L * sizeof *out);
    for (size_t p = 0; p < S; p++) {
        put_in(l, V + p * S * l->L);
        ordpar_linearised_apply(l, l->slopes + p, S, 1, out);
        ordpar_linearised_apply(l, NULL, 0, -1, out);
        memset(l->y, 0, S * l->L * sizeof *l->y);
        ordpar_linearised_apply(l, l->slopes + p, S, -1, out);
    }
    bend(l, C, bent, bent + count);
    ordpar_flow_pack(&l->flow, &(ordpar_flow_start){.overlaps = state}, l->y);
    ordpar_linearised_apply(l, bent, 1, 0.5, out);
    ordpar_linearised_apply(l, NULL, 0, -0.5, out);
    free(bent);
    return ORDPAR_OK;
}
