// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/newton_shifts.h"

#include "base/kernels.h"
#include "solver/steps/newton_internal.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double complex gamma;
    ordpar_split w1, w2;         /* as in ordpar_block_pair */
    double complex *capacitance; /* [Q][Q] its LU factors, as in newton.c */
    lapack_int *pivots;          /* [Q] */
} shift;

struct ordpar_newton_shifts {
    ordpar_newton *newton;
    size_t most;
    shift *shift;           /* [most] */
    ordpar_block_pair pair; /* that of the shift in use */
    ordpar_split coupling;  /* [Q][Q] S (1 - gamma D)^-1 U */
    ordpar_split m;         /* [Q] */
    double complex *x;      /* [Q] */
    double *storage;
    double complex *matrices;
    lapack_int *pivots;
};

bool ordpar_newton_shifts_exist(const ordpar_state *state) {
    return state->sum_pair != NULL;
}

/* Walks over the arrays; with a NULL base it only counts. */
static double *take(double *base, size_t *offset, size_t count) {
    double *place = base ? base + *offset : NULL;
    *offset += ordpar_whole_lines(count);
    return place;
}

static ordpar_split take_split(double *base, size_t *offset, size_t count) {
    double *re = take(base, offset, count);
    return (ordpar_split){re, take(base, offset, count)};
}

/* What the imaginary parts do not share with the real ones. */
static void lay_out_imaginary(ordpar_block_solve *s, double *base, size_t *o) {
    const ordpar_flow *flow = s->flow;
    const size_t K = flow->K, M = flow->M, chunk = flow->chunk_size;
    double *change = take(base, o, K * M + 2 * K * K);
    s->change = (ordpar_coefficients){change, change + K * M, change + K * M + K * K};
    s->r = take(base, o, K * M * chunk);
    s->q = take(base, o, K * K * chunk);
    s->z = take(base, o, K * K * chunk);
    s->s = take(base, o, K * K * chunk);
    s->x = take(base, o, flow->S * chunk);
    s->weights = take(base, o, K * chunk);
    s->dy = take(base, o, flow->S * chunk);
    s->T1 = take(base, o, K * M * M);
    s->R1 = take(base, o, K * K * M);
    s->Aq = take(base, o, K * K * M);
    s->Gq = take(base, o, K * K * K);
    s->phi = take(base, o, K * K);
}

static size_t lay_out(ordpar_newton_shifts *t, double *base) {
    const ordpar_newton *n = t->newton;
    const size_t K = n->K, Q = n->Q, weights = n->flow->state->weights(K);
    size_t o = 0;
    lay_out_imaginary(&t->pair.im, base, &o);
    t->coupling = take_split(base, &o, Q * Q);
    t->m = take_split(base, &o, Q);
    t->newton->tied = take(base, &o, (K + n->M) * (K + n->M));
    for (size_t k = 0; k < t->most; k++) {
        t->shift[k].w1 = take_split(base, &o, K * n->L);
        t->shift[k].w2 = take_split(base, &o, weights * n->L);
    }
    return o;
}

double ordpar_newton_shifts_bytes(const ordpar_network *network, size_t L, size_t most) {
    const double K = (double)network->K,
                 Q = (double)ordpar_order_parameter_count(network->K, network->M) +
                     (double)ordpar_network_heads(network) * K;
    const double count = (double)most;
    return 16 * ((count + 1) * Q * Q + count * (double)L * (K + K * K));
}

ordpar_newton_shifts *ordpar_newton_shifts_create(ordpar_newton *newton, size_t most) {
    const size_t Q = newton->Q;
    ordpar_newton_shifts *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->newton = newton;
    t->most = most;
    t->pair.re = t->pair.im = newton->blocks;
    t->shift = calloc(most, sizeof *t->shift);
    t->matrices = calloc(most * Q * Q + Q, sizeof *t->matrices);
    t->pivots = calloc(most * Q, sizeof *t->pivots);
    t->storage = t->shift ? ordpar_aligned_array(lay_out(t, NULL)) : NULL;
    if (!t->storage || !t->matrices || !t->pivots) {
        ordpar_newton_shifts_free(t);
        return NULL;
    }
    lay_out(t, t->storage);
    for (size_t k = 0; k < most; k++) {
        t->shift[k].capacitance = t->matrices + k * Q * Q;
        t->shift[k].pivots = t->pivots + k * Q;
    }
    t->x = t->matrices + most * Q * Q;
    return t;
}

void ordpar_newton_shifts_free(ordpar_newton_shifts *shifts) {
    if (!shifts)
        return;
    shifts->newton->tied = NULL;
    free(shifts->shift);
    free(shifts->storage);
    free(shifts->matrices);
    free(shifts->pivots);
    free(shifts);
}

static void use(ordpar_newton_shifts *t, const shift *at) {
    ordpar_block_pair *pair = &t->pair;
    pair->gamma = at->gamma;
    pair->w1 = at->w1;
    pair->w2 = at->w2;
    pair->re.w1 = at->w1.re;
    pair->im.w1 = at->w1.im;
    pair->re.push = pair->im.push = t->newton->blocks.push;
}

/* S (1 - gamma D)^-1 U from the sums of one part; newton.c has left the rotated changes. */
static void couple(const ordpar_newton *n, const ordpar_block_solve *part, double *coupling) {
    const ordpar_coefficients rotated = {n->dA, n->dG, n->network->small_eta ? NULL : n->dF};
    ordpar_block_solve_couple(part, n->Q, &rotated, n->out_r, n->out_q, n->wide);
    ordpar_block_solve_rotate_back(part, n->Q, n->out_r, n->out_q, n->wide, coupling);
}

/* The unit of row or column k. */
static double unit_of(const ordpar_newton *n, size_t k) {
    return k >= n->K * n->M && k < n->P ? n->unit : 1;
}

/* [5.17] The capacitance matrix of 5.1, with q in its unit, factorised. */
static bool factorise(ordpar_newton_shifts *t, shift *at) {
    const ordpar_newton *n = t->newton;
    const size_t P = n->P, Q = n->Q;
    couple(n, &t->pair.re, t->coupling.re);
    couple(n, &t->pair.im, t->coupling.im);
    memcpy(t->coupling.re + P * Q, n->dv, (Q - P) * Q * sizeof *n->dv);
    memset(t->coupling.im + P * Q, 0, (Q - P) * Q * sizeof *n->dv);
    for (size_t row = 0; row < Q; row++)
        for (size_t column = 0; column < Q; column++) {
            const size_t k = row * Q + column;
            const double scale = unit_of(n, column) / unit_of(n, row);
            at->capacitance[k] =
                (row == column) -
                at->gamma * scale * ORDPAR_COMPLEX(t->coupling.re[k], t->coupling.im[k]);
        }
    return LAPACKE_zgetrf(LAPACK_COL_MAJOR, (lapack_int)Q, (lapack_int)Q, at->capacitance,
                          (lapack_int)Q, at->pivots) == 0;
}

bool ordpar_newton_shifts_setup(ordpar_newton_shifts *shifts, size_t count,
                                const double complex *gamma) {
    ordpar_newton_shifts *t = shifts;
    const ordpar_flow *flow = t->newton->flow;
    for (size_t k = 0; k < count; k++) {
        t->shift[k].gamma = gamma[k];
        use(t, &t->shift[k]);
        ordpar_block_solve_clear_sums(&t->pair.re);
        ordpar_block_solve_clear_sums(&t->pair.im);
        ORDPAR_EACH_CHUNK (c, flow) {
            flow->state->set_weights_pair(&t->pair, c);
            flow->state->sum_pair(&t->pair, c);
        }
        if (!factorise(t, &t->shift[k]))
            return false;
    }
    return true;
}

/* m <- (1 - gamma S (1 - gamma D)^-1 U)^-1 m */
static void solve_capacitance(ordpar_newton_shifts *t, const shift *at) {
    const ordpar_newton *n = t->newton;
    const lapack_int Q = (lapack_int)n->Q;
    for (size_t k = 0; k < n->Q; k++)
        t->x[k] = ORDPAR_COMPLEX(t->m.re[k], t->m.im[k]) / unit_of(n, k);
    LAPACKE_zgetrs(LAPACK_COL_MAJOR, 'T', Q, 1, at->capacitance, Q, at->pivots, t->x, Q);
    for (size_t k = 0; k < n->Q; k++) {
        t->m.re[k] = creal(t->x[k]) * unit_of(n, k);
        t->m.im[k] = cimag(t->x[k]) * unit_of(n, k);
    }
}

/* The change of A, G and F with m, times gamma. */
static void direct(ordpar_newton_shifts *t, const shift *at) {
    const ordpar_newton *n = t->newton;
    const int rows = (int)(n->K * n->M + 2 * n->K * n->K), Q = (int)n->Q;
    const ordpar_split change = {t->pair.re.change.A, t->pair.im.change.A};
    cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, Q, 1, n->jacobian, Q, t->m.re, 1, 0, change.re,
                1);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, Q, 1, n->jacobian, Q, t->m.im, 1, 0, change.im,
                1);
    ordpar_split_scale((size_t)rows, creal(at->gamma), cimag(at->gamma), change);
}

static void add_change(const ordpar_block_solve *s, ordpar_chunk c, double *part) {
    s->flow->state->apply(s->flow, &s->change, c, s->y + s->flow->S * c.first, s->dy);
    ordpar_add_scaled(s->flow->S * c.count, 1, s->dy, true, part);
}

void ordpar_newton_shifts_solve(ordpar_newton_shifts *shifts, size_t k, ordpar_split x) {
    ordpar_newton_shifts *t = shifts;
    const ordpar_flow *flow = t->newton->flow;
    const size_t P = t->newton->P, blocks = flow->S * flow->L,
                 outputs = flow->outputs * sizeof(double);
    use(t, &t->shift[k]);
    const ordpar_split sums = {t->pair.re.change.A, t->pair.im.change.A}; /* G follows them */
    memset(sums.re, 0, ordpar_flow_sums(flow) * sizeof *sums.re);
    memset(sums.im, 0, ordpar_flow_sums(flow) * sizeof *sums.im);
    ORDPAR_EACH_CHUNK (c, flow)
        flow->state->add_solution_pair(&t->pair, c, ordpar_split_at(x, flow->S * c.first), sums);
    flow->state->set_solution_moment(&t->pair.re, sums.re, t->m.re);
    flow->state->set_solution_moment(&t->pair.im, sums.im, t->m.im);
    ordpar_newton_average(t->newton, t->m.re);
    ordpar_newton_average(t->newton, t->m.im);
    memcpy(t->m.re + P, x.re + blocks, outputs);
    memcpy(t->m.im + P, x.im + blocks, outputs);
    solve_capacitance(t, &t->shift[k]);
    memcpy(x.re + blocks, t->m.re + P, outputs);
    memcpy(x.im + blocks, t->m.im + P, outputs);
    direct(t, &t->shift[k]);
    ORDPAR_EACH_CHUNK (c, flow) {
        const ordpar_split part = ordpar_split_at(x, flow->S * c.first);
        add_change(&t->pair.re, c, part.re);
        add_change(&t->pair.im, c, part.im);
        flow->state->solve_pair(&t->pair, c, part);
    }
}
