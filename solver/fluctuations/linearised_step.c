// SPDX-License-Identifier: GPL-3.0-or-later
/* [5.1] Steps of what obeys the equations of motion near a state: 1 - g J by Woodbury. */
#include "solver/fluctuations/linearised.h"

#include "base/kernels.h"
#include "base/vectorise.h"

#include <math.h>
#include <string.h>

/* Blocks whose matrices stay in the cache while all vectors pass. */
enum { CHUNK = 128 };

static bool invert(size_t S, double *matrix, lapack_int *pivots) {
    const lapack_int n = (lapack_int)S;
    return LAPACKE_dgetrf(LAPACK_ROW_MAJOR, n, n, matrix, n, pivots) == 0 &&
           LAPACKE_dgetri(LAPACK_ROW_MAJOR, n, matrix, n, pivots) == 0;
}

/* [count blocks] A <- 1/A, without pivots: 1 - g J_b is positive definite in the right units unless
 * a mode grows by more than a step can follow. */
ORDPAR_VECTORISED_VOID(static, invert_blocks, (size_t S, size_t L, size_t count, double *A),
                       (S, L, count, A)) {
    double pivot[CHUNK], factor[CHUNK];
    for (size_t p = 0; p < S; p++) {
        for (size_t b = 0; b < count; b++) {
            pivot[b] = 1 / A[(p * S + p) * L + b];
            A[(p * S + p) * L + b] = 1;
        }
        for (size_t j = 0; j < S; j++)
            for (size_t b = 0; b < count; b++)
                A[(p * S + j) * L + b] *= pivot[b];
        for (size_t i = 0; i < S; i++) {
            if (i == p)
                continue;
            for (size_t b = 0; b < count; b++) {
                factor[b] = A[(i * S + p) * L + b];
                A[(i * S + p) * L + b] = 0;
            }
            for (size_t j = 0; j < S; j++)
                for (size_t b = 0; b < count; b++)
                    A[(i * S + j) * L + b] -= factor[b] * A[(p * S + j) * L + b];
        }
    }
}

/* [count blocks] out = A x, or A^T x, of S x S. */
ORDPAR_VECTORISED_VOID(static, multiply,
                       (size_t S, size_t L, size_t count, bool transposed, const double *A,
                        const double *x, double *restrict out),
                       (S, L, count, transposed, A, x, out)) {
    const size_t across = transposed ? S : 1, down = transposed ? 1 : S;
    for (size_t i = 0; i < S; i++) {
        double *to = out + i * L;
        for (size_t b = 0; b < count; b++)
            to[b] = A[i * down * L + b] * x[b];
        for (size_t j = 1; j < S; j++) {
            const double *a = A + (i * down + j * across) * L, *in = x + j * L;
            for (size_t b = 0; b < count; b++)
                to[b] += a[b] * in[b];
        }
    }
}

/* [count blocks] a column of A U, which has G of them. */
ORDPAR_VECTORISED_VOID(static, multiply_column,
                       (size_t S, size_t G, size_t L, size_t count, const double *A,
                        const double *U, double *restrict out),
                       (S, G, L, count, A, U, out)) {
    for (size_t i = 0; i < S; i++) {
        double *to = out + i * G * L;
        for (size_t b = 0; b < count; b++)
            to[b] = A[i * S * L + b] * U[b];
        for (size_t j = 1; j < S; j++)
            for (size_t b = 0; b < count; b++)
                to[b] += A[(i * S + j) * L + b] * U[j * G * L + b];
    }
}

static size_t chunk_at(const ordpar_linearised *l, size_t first) {
    return l->L - first < CHUNK ? l->L - first : CHUNK;
}

/* 1 - g (S A U, H), inverted. */
static bool set_cap(ordpar_linearised *l) {
    const size_t P = l->P, G = l->G, L = l->L;
    bool good = true;
    for (size_t k = 0; k < G * G; k++) {
        const double part =
            k < P * G ? ordpar_dot(L, l->spectrum->lambda, l->answer + k * L) : l->H[k - P * G];
        l->cap[k] = (k % (G + 1) == 0) - l->g * part;
        good = good && isfinite(l->cap[k]);
    }
    return good && invert(G, l->cap, l->pivots);
}

ordpar_status ordpar_linearised_prepare(ordpar_linearised *l, double h, ordpar_error *err) {
    const size_t S = l->S, G = l->G, L = l->L;
    l->g = (1 - M_SQRT1_2) * h;
    for (size_t k = 0; k < S * S; k++)
        for (size_t b = 0; b < L; b++)
            l->inverse[k * L + b] = (k % (S + 1) == 0) - l->g * l->J[k * L + b];
    for (size_t b = 0; b < L; b += CHUNK) {
        const size_t count = chunk_at(l, b);
        invert_blocks(S, L, count, l->inverse + b);
        for (size_t p = 0; p < G; p++)
            multiply_column(S, G, L, count, l->inverse + b, l->U + p * L + b,
                            l->answer + p * L + b);
    }
    return set_cap(l) ? ORDPAR_OK
                      : ordpar_fail(err, ORDPAR_NUMERICAL, "a step of %.3g has no inverse", h);
}

size_t ordpar_linearised_step_scratch(const ordpar_linearised *l, size_t columns) {
    return columns * (l->size + l->G) + l->G;
}

/* [count blocks] out = w + part (w - x) with w = out + A m, for one m[G]. */
ORDPAR_VECTORISED_VOID(static, spread,
                       (size_t S, size_t G, size_t L, size_t count, const double *A,
                        const double *m, const double *x, double part, double *restrict out),
                       (S, G, L, count, A, m, x, part, out)) {
    for (size_t i = 0; i < S; i++) {
        double *to = out + i * L;
        for (size_t j = 0; j < G; j++)
            for (size_t b = 0; b < count; b++)
                to[b] += A[(i * G + j) * L + b] * m[j];
        for (size_t b = 0; b < count; b++)
            to[b] += part * (to[b] - x[i * L + b]);
    }
}

/* m += A^T x, summed over blocks. */
ORDPAR_VECTORISED_VOID(static, gather,
                       (size_t S, size_t G, size_t L, size_t count, const double *A,
                        const double *x, double *m),
                       (S, G, L, count, A, x, m)) {
    for (size_t j = 0; j < G; j++) {
        double sum = 0;
        for (size_t i = 0; i < S; i++)
#pragma omp simd reduction(+ : sum)
            for (size_t b = 0; b < count; b++)
                sum += A[(i * G + j) * L + b] * x[i * L + b];
        m[j] += sum;
    }
}

/* m <- cap m, or its transpose. */
static void close_loop(const ordpar_linearised *l, bool transposed, double *m, double *work) {
    const size_t G = l->G;
    memcpy(work, m, G * sizeof *m);
    memset(m, 0, G * sizeof *m);
    for (size_t i = 0; i < G; i++)
        for (size_t j = 0; j < G; j++)
            m[i] += l->cap[transposed ? j * G + i : i * G + j] * work[j];
}

/* w = (1 - g J)^-1 x, and y = w + part (w - x); m: G numbers for each vector and G. */
static void solve(const ordpar_linearised *l, size_t columns, const double *x, double part,
                  double *y, double *m) {
    const size_t S = l->S, G = l->G, L = l->L, size = l->size;
    memset(m, 0, columns * G * sizeof *m);
    for (size_t b = 0; b < L; b += CHUNK)
        for (size_t c = 0; c < columns; c++) {
            double *out = y + c * size + b;
            const size_t count = chunk_at(l, b);
            multiply(S, L, count, false, l->inverse + b, x + c * size + b, out);
            for (size_t k = 0; k < l->P; k++)
                m[c * G + k] += ordpar_dot(count, l->spectrum->lambda + b, out + k * L);
        }
    for (size_t c = 0; c < columns; c++) {
        double *g = m + c * G, *v = y + c * size + S * L;
        memcpy(g + l->P, x + c * size + S * L, l->outputs * sizeof *g);
        close_loop(l, false, g, m + columns * G);
        for (size_t k = 0; k < l->outputs; k++)
            v[k] = g[l->P + k] + part * (g[l->P + k] - x[c * size + S * L + k]);
        for (size_t k = 0; k < G; k++)
            g[k] *= l->g;
    }
    for (size_t b = 0; b < L; b += CHUNK)
        for (size_t c = 0; c < columns; c++)
            spread(S, G, L, chunk_at(l, b), l->answer + b, m + c * G, x + c * size + b, part,
                   y + c * size + b);
}

/* x += factor lambda_b m, of what m is the sum of. */
static void add_sums(const ordpar_linearised *l, size_t first, size_t count, double factor,
                     const double *m, double *x) {
    for (size_t k = 0; k < l->P; k++)
        ordpar_add_scaled(count, factor * m[k], l->spectrum->lambda + first, true, x + k * l->L);
}

/* The blocks of the same with J^T, once m is known; x changes. */
static void finish_transposed(const ordpar_linearised *l, size_t columns, double *x, double part,
                              double *y, const double *m) {
    const size_t S = l->S, L = l->L;
    for (size_t b = 0; b < L; b += CHUNK)
        for (size_t c = 0; c < columns; c++) {
            const size_t count = chunk_at(l, b);
            double *in = x + c * l->size + b, *out = y + c * l->size + b;
            add_sums(l, b, count, l->g, m + c * l->G, in);
            multiply(S, L, count, true, l->inverse + b, in, out);
            if (part == 0)
                continue;
            for (size_t k = 0; k < S; k++)
                ordpar_combine(count, 1 + part, out + k * L, -part, in + k * L, false, out + k * L);
            add_sums(l, b, count, part * l->g, m + c * l->G, out);
        }
}

static void solve_transposed(const ordpar_linearised *l, size_t columns, double *x, double part,
                             double *y, double *m) {
    const size_t S = l->S, G = l->G, L = l->L, size = l->size;
    memset(m, 0, columns * G * sizeof *m);
    for (size_t b = 0; b < L; b += CHUNK)
        for (size_t c = 0; c < columns; c++)
            gather(S, G, L, chunk_at(l, b), l->answer + b, x + c * size + b, m + c * G);
    for (size_t c = 0; c < columns; c++) {
        const double *v = x + c * size + S * L;
        double *g = m + c * G, *w = y + c * size + S * L;
        for (size_t k = 0; k < l->outputs; k++)
            ordpar_add_scaled(G, v[k], l->H + k * G, true, g);
        close_loop(l, true, g, m + columns * G);
        for (size_t k = 0; k < l->outputs; k++) {
            const double solved = v[k] + l->g * g[l->P + k];
            w[k] = solved + part * (solved - v[k]);
        }
    }
    finish_transposed(l, columns, x, part, y, m);
}

/* With w = (1 - g J)^-1 x, h J w = (w - x) h/g. */
void ordpar_linearised_step(const ordpar_linearised *l, bool transposed, size_t columns, double *x,
                            double *scratch) {
    const double part = (M_SQRT2 - 1) / (1 - M_SQRT1_2); /* (1 - 2g)/g, of h = 1 */
    double *y = scratch, *m = scratch + columns * l->size;
    if (transposed) {
        solve_transposed(l, columns, x, part, y, m);
        solve_transposed(l, columns, y, 0, x, m);
    } else {
        solve(l, columns, x, part, y, m);
        solve(l, columns, y, 0, x, m);
    }
}
