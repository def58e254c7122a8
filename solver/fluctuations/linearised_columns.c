// SPDX-License-Identifier: GPL-3.0-or-later
/* Steps of many vectors backwards: what the adjoints of a curve's rows take their time for. A few
 * blocks of a few vectors at a time stay in registers, and a solution's sums over blocks are made
 * as it is written. */
#include "solver/fluctuations/linearised.h"

#include "base/kernels.h"
#include "base/vectorise.h"

#include <math.h>
#include <string.h>

/* Blocks at a time; vectors at a time; blocks whose matrices stay in the cache. */
enum { LANES = ORDPAR_LINEARISED_LANES, COLUMNS = 4, CHUNK = 64, AHEAD = 2 * LANES };

typedef double lanes __attribute__((vector_size(8 * LANES)));

/* Of one solve. */
typedef struct {
    const ordpar_linearised *l;
    double part;
    const double *m;  /* [columns][G], what is known of all blocks; NULL: sums alone */
    double *x, *sums; /* columns of size; [columns][G][LANES] of the solution's answer^T x */
    double *in, *out; /* [S][COLUMNS][LANES] scratch */
} pass;

/* count numbers of an array, and zeros. */
#define LOAD(to, from, count)                                                                      \
    do {                                                                                           \
        (to) = (lanes){0};                                                                         \
        memcpy(&(to), from, (count) * sizeof(double));                                             \
    } while (0)

/* sums += answer^T x of one group of blocks; x[S][COLUMNS]. */
static inline __attribute__((always_inline)) void add_sums(const pass *p, size_t b, size_t column,
                                                           const size_t columns, const double *x) {
    const ordpar_linearised *l = p->l;
    const size_t S = l->S, G = l->G;
    const double *answer = ordpar_linearised_tile(l, b) + S * S * LANES;
    for (size_t k = 0; k < G; k++) {
        lanes sum[COLUMNS], a, v;
        double *to = p->sums + (column * G + k) * LANES;
        for (size_t c = 0; c < columns; c++)
            LOAD(sum[c], to + c * G * LANES, LANES);
        for (size_t i = 0; i < S; i++) {
            LOAD(a, answer + (i * G + k) * LANES, LANES);
            for (size_t c = 0; c < columns; c++) {
                LOAD(v, x + (i * COLUMNS + c) * LANES, LANES);
                sum[c] += a * v;
            }
        }
        for (size_t c = 0; c < columns; c++)
            memcpy(to + c * G * LANES, &sum[c], sizeof(lanes));
    }
}

/* in = x + g lambda m of one group of blocks. */
static inline __attribute__((always_inline)) void take(const pass *p, size_t b, size_t count,
                                                       size_t column, const size_t columns) {
    const ordpar_linearised *l = p->l;
    lanes lambda, v;
    LOAD(lambda, l->spectrum->lambda + b, count);
    for (size_t j = 0; j < l->S; j++)
        for (size_t c = 0; c < columns; c++) {
            const double *x = p->x + (column + c) * l->size + j * l->L + b;
            __builtin_prefetch(x + (b + AHEAD < l->L ? AHEAD : 0));
            LOAD(v, x, count);
            if (p->m && j < l->P)
                v += lambda * (l->g * p->m[(column + c) * l->G + j]);
            memcpy(p->in + (j * COLUMNS + c) * LANES, &v, sizeof v);
        }
}

/* One group of blocks of some columns: w = (1 - g J_b)^-T in, x = w + part (w - x). */
static inline __attribute__((always_inline)) void solve_group(const pass *p, size_t b, size_t count,
                                                              size_t column, const size_t columns) {
    const ordpar_linearised *l = p->l;
    const size_t S = l->S, L = l->L;
    const double *inverse = ordpar_linearised_tile(l, b);
    take(p, b, count, column, columns);
    if (!p->m) {
        add_sums(p, b, column, columns, p->in);
        return;
    }
    for (size_t i = 0; i < S; i++) {
        lanes w[COLUMNS] = {{0}}, a, v;
        for (size_t j = 0; j < S; j++) {
            LOAD(a, inverse + (j * S + i) * LANES, LANES);
            for (size_t c = 0; c < columns; c++) {
                LOAD(v, p->in + (j * COLUMNS + c) * LANES, LANES);
                w[c] += a * v;
            }
        }
        for (size_t c = 0; c < columns; c++) {
            double *x = p->x + (column + c) * l->size + i * L + b;
            LOAD(v, x, count);
            w[c] += p->part * (w[c] - v);
            memcpy(x, &w[c], count * sizeof *x);
            memcpy(p->out + (i * COLUMNS + c) * LANES, &w[c], sizeof(lanes));
        }
    }
    if (p->sums)
        add_sums(p, b, column, columns, p->out);
}

/* Blocks first .. first + count - 1 of the columns. */
ORDPAR_VECTORISED_VOID(static, solve_chunk,
                       (const pass *p, size_t first, size_t count, size_t column, size_t columns),
                       (p, first, count, column, columns)) {
    size_t b = first;
    for (; b + LANES <= first + count; b += LANES)
        switch (columns) {
        case 1:
            solve_group(p, b, LANES, column, 1);
            break;
        case 2:
            solve_group(p, b, LANES, column, 2);
            break;
        case 3:
            solve_group(p, b, LANES, column, 3);
            break;
        default:
            solve_group(p, b, LANES, column, COLUMNS);
        }
    for (size_t c = 0; c < columns && b < first + count; c++)
        solve_group(p, b, first + count - b, column + c, 1);
}

static void solve_all(const pass *p, size_t columns) {
    const size_t L = p->l->L;
    for (size_t b = 0; b < L; b += CHUNK)
        for (size_t c = 0; c < columns; c += COLUMNS)
            solve_chunk(p, b, L - b < CHUNK ? L - b : CHUNK, c,
                        columns - c < COLUMNS ? columns - c : COLUMNS);
}

/* m = cap^T (sums + H^T v) of one column; v becomes the outputs' part of the solution. */
static void close_loop(const pass *p, const double *sums, double *v, double *work, double *m) {
    const ordpar_linearised *l = p->l;
    const size_t G = l->G;
    for (size_t k = 0; k < G; k++) {
        work[k] = 0;
        for (size_t b = 0; b < LANES; b++)
            work[k] += sums[k * LANES + b];
        for (size_t j = 0; j < l->outputs; j++)
            work[k] += v[j] * l->H[j * G + k];
    }
    for (size_t i = 0; i < G; i++) {
        m[i] = 0;
        for (size_t j = 0; j < G; j++)
            m[i] += l->cap[j * G + i] * work[j];
    }
    for (size_t j = 0; j < l->outputs; j++)
        v[j] += (1 + p->part) * l->g * m[l->P + j];
}

size_t ordpar_linearised_back_scratch(const ordpar_linearised *l, size_t columns) {
    return columns * l->G * (1 + LANES) + 2 * l->S * COLUMNS * LANES + l->G;
}

/* w = (1 - g J^T)^-1 x and x <- w + part (w - x), part of the first solve (1 - 2g)/g. */
void ordpar_linearised_step_back(const ordpar_linearised *l, size_t columns, double *x,
                                 double *scratch) {
    const size_t G = l->G;
    double *m = scratch, *work = m + columns * G, *sums = work + G;
    double *in = sums + columns * G * LANES, *out = in + l->S * COLUMNS * LANES;
    pass p = {l, 0, NULL, x, sums, in, out};
    memset(sums, 0, columns * G * LANES * sizeof *sums);
    solve_all(&p, columns);
    for (int second = 0; second < 2; second++) {
        p.m = m;
        p.part = second ? 0 : (M_SQRT2 - 1) / (1 - M_SQRT1_2);
        for (size_t c = 0; c < columns; c++)
            close_loop(&p, sums + c * G * LANES, x + c * l->size + l->S * l->L, work, m + c * G);
        memset(sums, 0, columns * G * LANES * sizeof *sums);
        p.sums = second ? NULL : sums;
        solve_all(&p, columns);
    }
}
