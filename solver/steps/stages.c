// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/stages.h"

#include "base/factor.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { MOST = ORDPAR_MOST_STAGES };

/* P_n(x) of Legendre and its derivative, |x| < 1. */
static void legendre(size_t n, double x, double *value, double *slope) {
    double before = 1, last = x;
    for (size_t k = 1; k < n; k++) {
        const double next = ((double)(2 * k + 1) * x * last - (double)k * before) / (double)(k + 1);
        before = last;
        last = next;
    }
    *value = last;
    *slope = (double)n * (x * last - before) / (x * x - 1);
}

/* The zeros of P_(s-1) - P_s, 1 among them, moved to [0, 1]. */
static void set_nodes(ordpar_stages *r) {
    enum { NEWTON_STEPS = 20 };
    const size_t s = r->s;
    for (size_t i = 0; i + 1 < s; i++) {
        double x = cos(2 * M_PI * (double)(s - 1 - i) / (double)(2 * s - 1));
        for (int k = 0; k < NEWTON_STEPS; k++) {
            double p, dp, q, dq;
            legendre(s - 1, x, &p, &dp);
            legendre(s, x, &q, &dq);
            x -= (p - q) / (dp - dq);
        }
        r->c[i] = (1 + x) / 2;
    }
    r->c[s - 1] = 1;
}

static double node(const ordpar_stages *r, size_t k) {
    return k ? r->c[k - 1] : 0;
}

/* From the barycentric weights of the nodes 0, c. */
static void set_derivative(ordpar_stages *r) {
    const size_t s = r->s;
    double weight[MOST + 1];
    for (size_t j = 0; j <= s; j++) {
        weight[j] = 1;
        for (size_t k = 0; k <= s; k++)
            if (k != j)
                weight[j] /= node(r, j) - node(r, k);
    }
    for (size_t i = 1; i <= s; i++) {
        double own = 0;
        for (size_t j = 0; j <= s; j++) {
            if (j == i)
                continue;
            const double entry = weight[j] / weight[i] / (node(r, i) - node(r, j));
            own -= entry;
            if (j)
                r->D[(i - 1) * s + j - 1] = entry;
        }
        r->D[(i - 1) * s + i - 1] = own;
    }
}

static bool invert(size_t s, double *matrix) {
    lapack_int pivots[MOST];
    const lapack_int n = (lapack_int)s;
    return !ordpar_factor_lu(LAPACK_ROW_MAJOR, n, matrix, pivots) &&
           !LAPACKE_dgetri(LAPACK_ROW_MAJOR, n, matrix, n, pivots);
}

static bool set_eigenvectors(ordpar_stages *r) {
    const size_t s = r->s;
    const lapack_int n = (lapack_int)s;
    double work[MOST * MOST], vectors[MOST * MOST], re[MOST], im[MOST];
    memcpy(work, r->D, sizeof work);
    if (LAPACKE_dgeev(LAPACK_ROW_MAJOR, 'N', 'V', n, work, n, re, im, NULL, 1, vectors, n))
        return false;
    size_t pairs = 0;
    for (size_t k = 0; k < s; k++) {
        const bool real = im[k] == 0;
        const size_t column = real ? 0 : 1 + 2 * pairs;
        if (!real && pairs == r->pairs)
            return false;
        for (size_t i = 0; i < s; i++) {
            r->T[i * s + column] = vectors[i * s + k];
            if (!real)
                r->T[i * s + column + 1] = vectors[i * s + k + 1];
        }
        if (real) {
            r->real = re[k];
        } else {
            r->pair[pairs++] = ORDPAR_COMPLEX(re[k], -im[k]);
            k++;
        }
    }
    memcpy(r->inverse, r->T, sizeof r->inverse);
    return pairs == r->pairs && invert(s, r->inverse);
}

/* The embedded quadrature has the weight 1/real at 0 and order s. */
static bool set_error(ordpar_stages *r) {
    const size_t s = r->s;
    double A[MOST * MOST], powers[MOST * MOST], embedded[MOST];
    lapack_int pivots[MOST];
    for (size_t k = 0; k < s; k++) {
        for (size_t i = 0; i < s; i++)
            powers[k * s + i] = pow(r->c[i], (double)k);
        embedded[k] = 1 / (double)(k + 1) - (k ? 0 : 1 / r->real);
    }
    memcpy(A, r->D, sizeof A);
    const lapack_int n = (lapack_int)s;
    if (ordpar_factor_lu(LAPACK_ROW_MAJOR, n, powers, pivots) ||
        LAPACKE_dgetrs(LAPACK_ROW_MAJOR, 'N', n, 1, powers, n, pivots, embedded, 1) ||
        !invert(s, A))
        return false;
    for (size_t j = 0; j < s; j++) {
        r->error[j] = 0;
        for (size_t i = 0; i < s; i++)
            r->error[j] += (embedded[i] - A[(s - 1) * s + i]) * r->D[i * s + j];
    }
    return true;
}

bool ordpar_stages_init(size_t s, ordpar_stages *stages) {
    *stages = (ordpar_stages){.s = s, .pairs = (s - 1) / 2};
    set_nodes(stages);
    set_derivative(stages);
    return set_eigenvectors(stages) && set_error(stages);
}

void ordpar_stages_weights(const ordpar_stages *stages, double tau, double *weights) {
    for (size_t j = 1; j <= stages->s; j++) {
        weights[j - 1] = 1;
        for (size_t k = 0; k <= stages->s; k++)
            if (k != j)
                weights[j - 1] *= (tau - node(stages, k)) / (node(stages, j) - node(stages, k));
    }
}
