// SPDX-License-Identifier: GPL-3.0-or-later
/* [19.1] What the noise of a step has to do with each block. */
#include "solver/fluctuations/step_noise.h"

#include "base/kernels.h"
#include "base/vectorise.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Pairs i <= j in the order of ordpar_packed_index. */
static ordpar_step_pair unpack(size_t K, size_t k) {
    size_t i = 0;
    for (; k >= K - i; i++)
        k -= K - i;
    return (ordpar_step_pair){i, i + k};
}

ordpar_step_pair ordpar_step_pair_of(const ordpar_step_noise *s, size_t k) {
    const size_t K = s->K, M = s->M, n = s->n, P = ordpar_order_parameter_count(K, M);
    if (k < K * M)
        return (ordpar_step_pair){k / M, K + k % M};
    if (k < P)
        return unpack(K, k - K * M);
    k -= P;
    if (k < K * M)
        return (ordpar_step_pair){n + k / M, K + k % M};
    k -= K * M;
    if (k < K * K)
        return (ordpar_step_pair){k / K, n + k % K};
    const ordpar_step_pair pair = unpack(K, k - K * K);
    return (ordpar_step_pair){n + pair.a, n + pair.b};
}

/* The unit whose c moves a vector that has a push. */
static size_t unit_of(const ordpar_step_noise *s, size_t a) {
    return a < s->n ? a : a - s->n;
}

static size_t pair_row(const ordpar_step_noise *s, ordpar_step_pair pair) {
    const size_t i = unit_of(s, pair.a), j = unit_of(s, pair.b);
    return s->K * s->n + ordpar_packed_index(s->K, i < j ? i : j, i < j ? j : i);
}

/* A number of a block is moved by push c_i z_a, in one or two terms. */
typedef struct {
    size_t count, i[2], a[2];
    double push[2];
} terms;

static terms terms_of(const ordpar_step_noise *s, size_t k) {
    const ordpar_step_pair pair = ordpar_step_pair_of(s, k);
    terms t = {0};
    for (int side = 0; side < 2; side++) {
        const size_t a = side ? pair.b : pair.a, b = side ? pair.a : pair.b;
        if (s->push[a] == 0 && a >= s->K)
            continue;
        t.i[t.count] = unit_of(s, a);
        t.a[t.count] = b;
        t.push[t.count++] = s->push[a];
    }
    return t;
}

/* kappa[K][rows][L]: z . u = sum_ia c_i kappa_ia z_a + .. */
static void set_kappa(const ordpar_step_noise *s, const double *z) {
    memset(s->kappa, 0, s->K * s->rows * s->L * sizeof *s->kappa);
    for (size_t k = 0; k < s->S; k++) {
        const terms t = terms_of(s, k);
        for (size_t m = 0; m < t.count; m++)
            ordpar_add_scaled(s->L, t.push[m], z + k * s->L, true,
                              s->kappa + (t.i[m] * s->rows + t.a[m]) * s->L);
    }
}

/* out[rows][L] = row i of kappa times the Gram matrices. */
ORDPAR_VECTORISED_VOID(static, times_gram, (const ordpar_step_noise *s, size_t i, double *out),
                       (s, i, out)) {
    memset(out, 0, s->rows * s->L * sizeof *out);
    for (size_t a = 0; a < s->rows; a++) {
        const double *kappa = s->kappa + (i * s->rows + a) * s->L;
        for (size_t e = 0; e < s->rows; e++) {
            const double *gram = s->gram + (a * s->rows + e) * s->L;
            double *to = out + e * s->L;
            for (size_t b = 0; b < s->L; b++)
                to[b] += kappa[b] * gram[b];
        }
    }
}

/* The part of each block alone; global[R] receives W^T z. */
static double square_own(const ordpar_step_noise *s, double *global) {
    const size_t K = s->K, L = s->L;
    double sum = 0;
    for (size_t i = 0; i < K; i++) {
        times_gram(s, i, s->out);
        for (size_t e = 0; e < s->rows; e++) {
            double all = 0;
            for (size_t b = 0; b < L; b++)
                all += s->out[e * L + b];
            if (e < s->n)
                global[i * s->n + e] = all;
            for (size_t j = 0; j < K; j++)
                sum += s->F[i * K + j] *
                       ordpar_dot(L, s->out + e * L, s->kappa + (j * s->rows + e) * L);
        }
    }
    return sum;
}

double ordpar_step_noise_square(const ordpar_step_noise *s, const double *z, double times,
                                double *rounding) {
    const size_t R = s->R, L = s->L;
    double *global = s->mean; /* means are in the kernel */
    set_kappa(s, z);
    memset(global, 0, R * sizeof *global);
    double sum = square_own(s, global);
    for (size_t k = 0; k < s->S; k++) {
        const ordpar_step_pair pair = ordpar_step_pair_of(s, k);
        const double push = s->push[pair.a] * s->push[pair.b];
        if (push != 0)
            global[pair_row(s, pair)] += push * ordpar_dot(L, s->weight, z + k * L);
    }
    for (size_t k = 0; k < s->outputs; k++)
        global[R - s->outputs + k] = z[s->S * L + k];
    double size = 0;
    for (size_t r = 0; r < R; r++) {
        size += fabs(global[r]) * s->size[r];
        for (size_t k = 0; k < R; k++)
            sum += global[r] * s->kernel[r * R + k] * global[k];
    }
    if (rounding)
        *rounding += times * 4 * DBL_EPSILON * size * size;
    return sum;
}

static void set_rows(const ordpar_step_noise *s, size_t k, const terms *x, double *W) {
    const size_t n = s->n, R = s->R, L = s->L;
    const ordpar_step_pair pair = ordpar_step_pair_of(s, k);
    const double push = s->push[pair.a] * s->push[pair.b];
    for (size_t b = 0; b < L; b++) {
        double *row = W + (k * L + b) * R;
        for (size_t t = 0; t < x->count; t++)
            for (size_t e = 0; e < n; e++)
                row[x->i[t] * n + e] += x->push[t] * s->gram[(x->a[t] * s->rows + e) * L + b];
        if (push != 0)
            row[pair_row(s, pair)] += push * s->weight[b];
    }
}

void ordpar_step_noise_rows(const ordpar_step_noise *s, double *W, double *own) {
    const size_t K = s->K, S = s->S, R = s->R, L = s->L;
    memset(W, 0, (S * L + s->outputs) * R * sizeof *W);
    memset(own, 0, S * S * L * sizeof *own);
    for (size_t k = 0; k < S; k++) {
        const terms x = terms_of(s, k);
        set_rows(s, k, &x, W);
        for (size_t l = 0; l < S; l++) {
            const terms y = terms_of(s, l);
            for (size_t t = 0; t < x.count; t++)
                for (size_t r = 0; r < y.count; r++)
                    ordpar_add_scaled(L, x.push[t] * y.push[r] * s->F[x.i[t] * K + y.i[r]],
                                      s->gram + (x.a[t] * s->rows + y.a[r]) * L, true,
                                      own + (k * S + l) * L);
        }
    }
    for (size_t k = 0; k < s->outputs; k++)
        W[(S * L + k) * R + R - s->outputs + k] = 1;
}
