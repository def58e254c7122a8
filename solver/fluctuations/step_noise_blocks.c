// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.1] What the noise of a step has to do with each block. */
#include "solver/fluctuations/step_noise.h"

#include "base/kernels.h"
#include "base/vectorise.h"

#include <string.h>

/* z . u as sum_ia kappa_ia c_i z_a + ..: the component of z that has kappa_ia, and how often. */
static size_t component_of(const ordpar_step_noise *s, size_t i, size_t a, double *factor) {
    *factor = a == i ? 2 : 1;
    return a < s->K ? s->K * s->M + ordpar_packed_index(s->K, i < a ? i : a, i < a ? a : i)
                    : i * s->M + a - s->K;
}

/* out[n][L] = row i of kappa times the Gram matrices. */
ORDPAR_VECTORISED_VOID(static, times_gram,
                       (const ordpar_step_noise *s, size_t i, const double *z, double *out),
                       (s, i, z, out)) {
    memset(out, 0, s->n * s->L * sizeof *out);
    for (size_t a = 0; a < s->n; a++) {
        double factor;
        const double *kappa = z + component_of(s, i, a, &factor) * s->L;
        for (size_t e = 0; e < s->n; e++) {
            const double *gram = s->gram + (a * s->n + e) * s->L;
            double *to = out + e * s->L;
            for (size_t b = 0; b < s->L; b++)
                to[b] += factor * kappa[b] * gram[b];
        }
    }
}

double ordpar_step_noise_square(const ordpar_step_noise *s, const double *z) {
    const size_t K = s->K, n = s->n, R = s->R, L = s->L;
    double *out = s->work, *global = s->work + n * L, sum = 0;
    for (size_t i = 0; i < K; i++) {
        times_gram(s, i, z, out);
        for (size_t e = 0; e < n; e++) {
            double all = 0;
            for (size_t b = 0; b < L; b++)
                all += out[e * L + b];
            global[i * n + e] = all;
            for (size_t j = 0; j < K; j++) {
                double factor;
                const double *kappa = z + component_of(s, j, e, &factor) * L;
                sum += s->F[i * K + j] * factor * ordpar_dot(L, out + e * L, kappa);
            }
        }
    }
    for (size_t k = 0; k < K * (K + 1) / 2; k++)
        global[K * n + k] = ordpar_dot(L, s->weight, z + (K * s->M + k) * L);
    for (size_t r = 0; r < R; r++)
        for (size_t k = 0; k < R; k++)
            sum += global[r] * s->kernel[r * R + k] * global[k];
    return sum;
}

/* A component of u^b as terms c_i z_a: one of r, two of q. */
typedef struct {
    size_t count, i[2], a[2];
} terms;

static terms terms_of(const ordpar_step_noise *s, size_t component) {
    const size_t K = s->K, M = s->M;
    if (component < K * M)
        return (terms){1, {component / M, 0}, {K + component % M, 0}};
    size_t i = 0;
    for (component -= K * M; component >= K - i; i++)
        component -= K - i;
    return (terms){2, {i, i + component}, {i + component, i}};
}

void ordpar_step_noise_rows(const ordpar_step_noise *s, double *W, double *own) {
    const size_t K = s->K, n = s->n, S = s->S, R = s->R, L = s->L;
    memset(W, 0, S * L * R * sizeof *W);
    memset(own, 0, S * S * L * sizeof *own);
    for (size_t k = 0; k < S; k++) {
        const terms x = terms_of(s, k);
        for (size_t b = 0; b < L; b++) {
            double *row = W + (k * L + b) * R;
            for (size_t t = 0; t < x.count; t++)
                for (size_t e = 0; e < n; e++)
                    row[x.i[t] * n + e] += s->gram[(x.a[t] * n + e) * L + b];
            if (x.count == 2)
                row[K * n + k - K * s->M] = s->weight[b];
        }
        for (size_t l = 0; l < S; l++) {
            const terms y = terms_of(s, l);
            for (size_t t = 0; t < x.count; t++)
                for (size_t r = 0; r < y.count; r++)
                    ordpar_add_scaled(L, s->F[x.i[t] * K + y.i[r]],
                                      s->gram + (x.a[t] * n + y.a[r]) * L, true,
                                      own + (k * S + l) * L);
        }
    }
}

void ordpar_step_noise_drift(const ordpar_step_noise *s, const double *lambda, double *f1) {
    const size_t K = s->K, n = s->n, L = s->L;
    for (size_t k = K * s->M; k < s->S; k++) {
        const terms x = terms_of(s, k);
        const double *curve = s->curve + (x.i[0] * K + x.i[1]) * n * n;
        for (size_t e = 0; e < n * n; e++) /* |xi_b|^2 and c_i c_j */
            for (size_t b = 0; b < L; b++)
                f1[k * L + b] += lambda[b] * curve[e] * s->gram[e * L + b];
    }
}
