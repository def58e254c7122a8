// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/pair_derivatives.h"

#include "solver/motion/coefficients_internal.h"
#include "solver/state/network_averages.h"

size_t ordpar_pair_derivatives_size(size_t K, size_t M) {
    const size_t n = K + M;
    return 3 * (K * M + K * K + K * n) + n * n;
}

void ordpar_pair_derivatives_place(size_t K, size_t M, double *storage,
                                   ordpar_pair_derivatives *pairs) {
    double *C = storage + 3 * K * M, *h = C + 3 * K * K;
    *pairs = (ordpar_pair_derivatives){
        .K = K, .M = M, .A = storage, .C = C, .h = h, .dc = h + 3 * K * (K + M)};
}

static void put(double factor, ordpar_pair_average average, double *of) {
    of[0] = factor * average.d_aa;
    of[1] = factor * average.d_ab;
    of[2] = factor * average.d_bb;
}

void ordpar_pair_derivatives_set(const ordpar_network *net, const double *c,
                                 const ordpar_coefficient_work *work,
                                 ordpar_pair_derivatives *pairs) {
    const size_t K = net->K, M = net->M, n = K + M;
    for (size_t i = 0; i < K; i++) {
        const double v = net->v[i];
        for (size_t a = K; a < n; a++)
            put(v * net->w[a - K], ordpar_network_dg_dg(net, c, i, a),
                pairs->A + 3 * (i * M + a - K));
        for (size_t j = 0; j <= i; j++)
            put(v * net->v[j], ordpar_network_dg_dg(net, c, i, j), pairs->C + 3 * (i * K + j));
        for (size_t a = 0; a < n; a++)
            put(v * work->u[a], ordpar_network_ddg_g(net, c, i, a), pairs->h + 3 * (i * n + a));
    }
}

static inline double along(const double *of, double d_aa, double d_ab, double d_bb) {
    return of[0] * d_aa + of[1] * d_ab + of[2] * d_bb;
}

void ordpar_pair_derivatives_apply(const ordpar_pair_derivatives *p, const double *m, double *dA,
                                   double *dG) {
    const size_t K = p->K, M = p->M, n = K + M;
    double *dc = p->dc;
    ordpar_covariance_set(K, M, m, dc);
    for (size_t i = 0; i < K; i++) {
        const double *row = dc + i * n, own = row[i];
        for (size_t k = 0; k < M; k++)
            dA[i * M + k] = along(p->A + 3 * (i * M + k), own, row[K + k], 0);
        for (size_t j = 0; j <= i; j++)
            dG[i * K + j] = dG[j * K + i] =
                along(p->C + 3 * (i * K + j), own, row[j], dc[j * n + j]);
        for (size_t a = 0; a < n; a++)
            dG[i * K + i] += along(p->h + 3 * (i * n + a), own, row[a], dc[a * n + a]);
    }
}
