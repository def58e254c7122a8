// SPDX-License-Identifier: GPL-3.0-or-later
/* [5.1] Steps of what obeys the equations of motion near a state: 1 - g J by Woodbury. */
#include "solver/fluctuations/linearised.h"

#include "base/factor.h"
#include "base/kernels.h"
#include "base/vectorise.h"

#include <math.h>
#include <string.h>

enum { LANES = ORDPAR_LINEARISED_LANES };

static bool invert(size_t n, double *matrix, lapack_int *pivots) {
    const lapack_int size = (lapack_int)n;
    return ordpar_factor_lu(LAPACK_ROW_MAJOR, size, matrix, pivots) == 0 &&
           LAPACKE_dgetri(LAPACK_ROW_MAJOR, size, matrix, size, pivots) == 0;
}

/* [S*S][LANES] A <- 1/A, without pivots: 1 - g J_b is positive definite in the right units unless a
 * mode grows by more than a step can follow. */
static inline __attribute__((always_inline)) void invert_blocks(size_t S, double *A) {
    double pivot[LANES], factor[LANES];
    for (size_t p = 0; p < S; p++) {
        for (size_t b = 0; b < LANES; b++) {
            pivot[b] = 1 / A[(p * S + p) * LANES + b];
            A[(p * S + p) * LANES + b] = 1;
        }
        for (size_t j = 0; j < S; j++)
            for (size_t b = 0; b < LANES; b++)
                A[(p * S + j) * LANES + b] *= pivot[b];
        for (size_t i = 0; i < S; i++) {
            if (i == p)
                continue;
            for (size_t b = 0; b < LANES; b++) {
                factor[b] = A[(i * S + p) * LANES + b];
                A[(i * S + p) * LANES + b] = 0;
            }
            for (size_t j = 0; j < S; j++)
                for (size_t b = 0; b < LANES; b++)
                    A[(i * S + j) * LANES + b] -= factor[b] * A[(p * S + j) * LANES + b];
        }
    }
}

/* The tile of blocks first .. first + count - 1, count at most LANES: beyond them it is of J = 0.
 */
ORDPAR_VECTORISED_VOID(static, set_tile,
                       (const ordpar_linearised *l, size_t first, size_t count, double *tile),
                       (l, first, count, tile)) {
    const size_t S = l->S, G = l->G, L = l->L;
    double *answer = tile + S * S * LANES, u[LANES] = {0};
    for (size_t k = 0; k < S * S; k++) {
        memcpy(u, l->J + k * L + first, count * sizeof *u);
        for (size_t b = 0; b < LANES; b++)
            tile[k * LANES + b] = (k % (S + 1) == 0) - l->g * u[b];
    }
    invert_blocks(S, tile);
    memset(answer, 0, S * G * LANES * sizeof *answer);
    for (size_t j = 0; j < S; j++)
        for (size_t p = 0; p < G; p++) {
            memcpy(u, l->U + (j * G + p) * L + first, count * sizeof *u);
            for (size_t i = 0; i < S; i++)
                for (size_t b = 0; b < LANES; b++)
                    answer[(i * G + p) * LANES + b] += tile[(i * S + j) * LANES + b] * u[b];
        }
    memset(u, 0, sizeof u);
    memcpy(u, l->spectrum->lambda + first, count * sizeof *u);
    for (size_t k = 0; k < l->P * G; k++)
        for (size_t b = 0; b < LANES; b++)
            l->cap[k] -= l->g * u[b] * answer[k * LANES + b];
}

/* Tiles, and the inverse of cap = 1 - g (S A U, H). */
ordpar_status ordpar_linearised_prepare(ordpar_linearised *l, double h, ordpar_error *err) {
    const size_t P = l->P, G = l->G, L = l->L;
    bool good = true;
    l->g = (1 - M_SQRT1_2) * h;
    for (size_t k = 0; k < G * G; k++)
        l->cap[k] = (k % (G + 1) == 0) - (k < P * G ? 0 : l->g * l->H[k - P * G]);
    for (size_t b = 0; b < L; b += LANES)
        set_tile(l, b, L - b < LANES ? L - b : LANES, ordpar_linearised_tile(l, b));
    for (size_t k = 0; k < G * G; k++)
        good = good && isfinite(l->cap[k]);
    good = good && invert(G, l->cap, l->pivots);
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_NUMERICAL, "a step of %.3g has no inverse", h);
}

size_t ordpar_linearised_step_scratch(const ordpar_linearised *l) {
    return l->size + 2 * l->G;
}

/* [count blocks] out = inverse x. */
ORDPAR_VECTORISED_VOID(static, multiply,
                       (size_t S, size_t L, size_t count, const double *tile, const double *x,
                        double *restrict out),
                       (S, L, count, tile, x, out)) {
    for (size_t i = 0; i < S; i++) {
        double sum[LANES] = {0};
        for (size_t j = 0; j < S; j++)
            for (size_t b = 0; b < count; b++)
                sum[b] += tile[(i * S + j) * LANES + b] * x[j * L + b];
        memcpy(out + i * L, sum, count * sizeof *out);
    }
}

/* [count blocks] out = w + part (w - x) with w = out + answer m, for one m[G]. */
ORDPAR_VECTORISED_VOID(static, spread,
                       (size_t S, size_t G, size_t L, size_t count, const double *answer,
                        const double *m, const double *x, double part, double *restrict out),
                       (S, G, L, count, answer, m, x, part, out)) {
    for (size_t i = 0; i < S; i++) {
        double *to = out + i * L;
        for (size_t j = 0; j < G; j++)
            for (size_t b = 0; b < count; b++)
                to[b] += answer[(i * G + j) * LANES + b] * m[j];
        for (size_t b = 0; b < count; b++)
            to[b] += part * (to[b] - x[i * L + b]);
    }
}

/* m <- cap m. */
static void close_loop(const ordpar_linearised *l, double *m, double *work) {
    const size_t G = l->G;
    memcpy(work, m, G * sizeof *m);
    memset(m, 0, G * sizeof *m);
    for (size_t i = 0; i < G; i++)
        for (size_t j = 0; j < G; j++)
            m[i] += l->cap[i * G + j] * work[j];
}

/* y = w + part (w - x), w = (1 - g J)^-1 x, of one vector; m: 2 G numbers. */
static void solve(const ordpar_linearised *l, const double *x, double part, double *y, double *m) {
    const size_t S = l->S, G = l->G, L = l->L;
    for (size_t b = 0; b < L; b += LANES)
        multiply(S, L, L - b < LANES ? L - b : LANES, ordpar_linearised_tile(l, b), x + b, y + b);
    for (size_t k = 0; k < l->P; k++)
        m[k] = ordpar_dot(L, l->spectrum->lambda, y + k * L);
    memcpy(m + l->P, x + S * L, l->outputs * sizeof *m);
    close_loop(l, m, m + G);
    for (size_t k = 0; k < l->outputs; k++)
        y[S * L + k] = m[l->P + k] + part * (m[l->P + k] - x[S * L + k]);
    for (size_t k = 0; k < G; k++)
        m[k] *= l->g;
    for (size_t b = 0; b < L; b += LANES)
        spread(S, G, L, L - b < LANES ? L - b : LANES, ordpar_linearised_tile(l, b) + S * S * LANES,
               m, x + b, part, y + b);
}

/* With w = (1 - g J)^-1 x, h J w = (w - x) h/g. */
void ordpar_linearised_step(const ordpar_linearised *l, size_t columns, double *x,
                            double *scratch) {
    const double part = (M_SQRT2 - 1) / (1 - M_SQRT1_2); /* (1 - 2g)/g, of h = 1 */
    for (size_t c = 0; c < columns; c++) {
        double *y = scratch, *m = scratch + l->size;
        solve(l, x + c * l->size, part, y, m);
        solve(l, y, 0, x + c * l->size, m);
    }
}
