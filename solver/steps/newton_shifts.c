// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/newton_shifts.h"

#include "base/factor.h"
#include "base/kernels.h"
#include "solver/steps/newton_internal.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double complex gamma;
    ordpar_split w1, w2;         /* as in ordpar_block_pair */
    ordpar_split change;         /* [KM + 2KK] of A, G and F, one after the other */
    ordpar_split m;              /* [Q] */
    double complex *capacitance; /* [Q][Q] its LU factors, as in newton.c */
    lapack_int *pivots;          /* [Q] */
} shift;

/* A thread's view of the blocks, with scratch of its own. */
typedef struct {
    ordpar_flow flow;
    ordpar_block_solve re, im;
} hand;

struct ordpar_newton_shifts {
    ordpar_newton *newton;
    size_t most, members, count; /* of shifts, threads, shifts that are set up */
    size_t own;                  /* numbers of a member's scratch */
    shift *shift;                /* [most] */
    double *scratch;             /* [members][own] */
    ordpar_split coupling;       /* [Q][Q] S (1 - gamma D)^-1 U */
    double complex *x;           /* [Q] */
    double *storage;
    double complex *matrices;
    lapack_int *pivots;
};

bool ordpar_newton_shifts_exist(const ordpar_state *state) {
    return state->add_solution_pair != NULL;
}

static ordpar_split take_split(double *base, size_t *offset, size_t count) {
    double *re = ordpar_take(base, offset, count);
    return (ordpar_split){re, ordpar_take(base, offset, count)};
}

/* Of the flow, of real and imaginary parts, and a matrix. */
static size_t scratch_of(const ordpar_newton *n) {
    const size_t units = n->K + n->M;
    ordpar_block_solve s = n->blocks;
    return ordpar_whole_lines(ordpar_flow_scratch(n->flow)) +
           2 * ordpar_block_solve_set_scratch(&s, NULL) + ordpar_whole_lines(units * units);
}

static size_t lay_out(ordpar_newton_shifts *t, double *base) {
    const ordpar_newton *n = t->newton;
    const size_t K = n->K, Q = n->Q, weights = n->flow->state->weights(K);
    size_t o = 0;
    t->scratch = ordpar_take(base, &o, t->members * t->own);
    t->coupling = take_split(base, &o, Q * Q);
    t->newton->tied = ordpar_take(base, &o, (K + n->M) * (K + n->M));
    for (size_t k = 0; k < t->most; k++) {
        t->shift[k].w1 = take_split(base, &o, K * n->L);
        t->shift[k].w2 = take_split(base, &o, weights * n->L);
        t->shift[k].change = take_split(base, &o, K * (n->M + 2 * K));
        t->shift[k].m = take_split(base, &o, Q);
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

ordpar_newton_shifts *ordpar_newton_shifts_create(ordpar_newton *newton, size_t most,
                                                  size_t members) {
    const size_t Q = newton->Q;
    ordpar_newton_shifts *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->newton = newton;
    t->most = most;
    t->members = members;
    t->own = scratch_of(newton);
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

ordpar_flow ordpar_newton_shifts_flow(const ordpar_newton_shifts *shifts, size_t member) {
    ordpar_flow flow = *shifts->newton->flow;
    ordpar_flow_set_scratch(&flow, shifts->scratch + member * shifts->own);
    return flow;
}

double *ordpar_newton_shifts_scratch(const ordpar_newton_shifts *shifts, size_t member) {
    const size_t units = shifts->newton->K + shifts->newton->M;
    return shifts->scratch + (member + 1) * shifts->own - ordpar_whole_lines(units * units);
}

static void lend(const ordpar_newton_shifts *t, size_t member, hand *h) {
    double *scratch =
        t->scratch + member * t->own + ordpar_whole_lines(ordpar_flow_scratch(t->newton->flow));
    h->flow = ordpar_newton_shifts_flow(t, member);
    h->re = t->newton->blocks;
    h->re.flow = &h->flow;
    scratch += ordpar_block_solve_set_scratch(&h->re, scratch);
    h->im = h->re;
    ordpar_block_solve_set_scratch(&h->im, scratch);
}

static ordpar_coefficients parts_of(const ordpar_newton *n, double *change) {
    const size_t KM = n->K * n->M;
    return (ordpar_coefficients){change, change + KM, change + KM + n->K * n->K};
}

static ordpar_block_pair pair_of(const ordpar_newton_shifts *t, const hand *h, const shift *at) {
    ordpar_block_pair pair = {
        .re = h->re, .im = h->im, .gamma = at->gamma, .w1 = at->w1, .w2 = at->w2};
    pair.re.w1 = at->w1.re;
    pair.im.w1 = at->w1.im;
    pair.re.change = parts_of(t->newton, at->change.re);
    pair.im.change = parts_of(t->newton, at->change.im);
    return pair;
}

size_t ordpar_newton_shifts_setup_sums(const ordpar_newton_shifts *shifts) {
    return (1 + 2 * shifts->most) * ordpar_block_solve_sums(shifts->newton->flow);
}

bool ordpar_newton_shifts_begin(ordpar_newton_shifts *shifts, double gamma, size_t count,
                                const double complex *gammas, const double *c,
                                ordpar_coefficient_work *work) {
    shifts->count = count;
    for (size_t k = 0; k < count; k++)
        shifts->shift[k].gamma = gammas[k];
    shifts->newton->blocks.gamma = gamma;
    return ordpar_newton_begin(shifts->newton, c, work);
}

void ordpar_newton_shifts_sum(const ordpar_newton_shifts *shifts, size_t member, ordpar_chunk chunk,
                              const double *y, double *sums) {
    const ordpar_newton *n = shifts->newton;
    const ordpar_state *state = n->flow->state;
    const size_t S = n->flow->S, count = ordpar_block_solve_sums(n->flow);
    hand h;
    lend(shifts, member, &h);
    memcpy(n->blocks.y + S * chunk.first, y, S * chunk.count * sizeof *y);
    ordpar_block_solve_set_sums(&h.re, sums);
    state->set_weights(&h.re, chunk);
    state->sum(&h.re, chunk);
    for (size_t k = 0; k < shifts->count; k++) {
        ordpar_block_pair pair = pair_of(shifts, &h, &shifts->shift[k]);
        ordpar_block_solve_set_sums(&pair.re, sums + (1 + 2 * k) * count);
        ordpar_block_solve_set_sums(&pair.im, sums + (2 + 2 * k) * count);
        state->set_weights_pair(&pair, chunk);
        state->sum_pair(&pair, chunk);
    }
}

/* S (1 - gamma D)^-1 U from the sums of one part; newton.c has left the rotated changes. */
static void couple(const ordpar_newton *n, const double *sums, double *coupling) {
    ordpar_block_solve part = n->blocks;
    const ordpar_coefficients rotated = {n->dA, n->dG, n->network->small_eta ? NULL : n->dF};
    memcpy(part.T1, sums, ordpar_block_solve_sums(n->flow) * sizeof *sums); /* the others follow */
    ordpar_block_solve_couple(&part, n->Q, &rotated, n->out_r, n->out_q, n->wide);
    ordpar_block_solve_rotate_back(&part, n->Q, n->out_r, n->out_q, n->wide, coupling);
}

/* The unit of row or column k. */
static double unit_of(const ordpar_newton *n, size_t k) {
    return k >= n->K * n->M && k < n->P ? n->unit : 1;
}

/* [5.17] The capacitance matrix of 5.1, with q in its unit, factorised. */
static bool factorise(ordpar_newton_shifts *t, shift *at, const double *re, const double *im) {
    const ordpar_newton *n = t->newton;
    const size_t P = n->P, Q = n->Q;
    couple(n, re, t->coupling.re);
    couple(n, im, t->coupling.im);
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
    return ordpar_factor_complex_lu(LAPACK_COL_MAJOR, (lapack_int)Q, at->capacitance, at->pivots) ==
           0;
}

bool ordpar_newton_shifts_factorise(ordpar_newton_shifts *shifts, const double *sums) {
    ordpar_newton *n = shifts->newton;
    const size_t count = ordpar_block_solve_sums(n->flow);
    memcpy(n->blocks.T1, sums, count * sizeof *sums);
    if (!ordpar_newton_factorise(n))
        return false;
    for (size_t k = 0; k < shifts->count; k++) {
        const double *re = sums + (1 + 2 * k) * count;
        if (!factorise(shifts, &shifts->shift[k], re, re + count))
            return false;
    }
    return true;
}

/* Of one part of a system: those of blocks, and the trained outputs. */
static size_t part_sums(const ordpar_newton *n) {
    return ordpar_flow_sums(n->flow) + n->flow->outputs;
}

size_t ordpar_newton_shifts_solve_sums(const ordpar_newton_shifts *shifts) {
    return 2 * part_sums(shifts->newton);
}

static bool is_last(const ordpar_newton *n, ordpar_chunk chunk) {
    return chunk.first + chunk.count == n->L;
}

void ordpar_newton_shifts_add(const ordpar_newton_shifts *shifts, size_t member, ordpar_chunk chunk,
                              size_t k, ordpar_split x, double *sums) {
    const ordpar_newton *n = shifts->newton;
    const ordpar_state *state = n->flow->state;
    const size_t blocks = ordpar_flow_sums(n->flow), end = n->flow->S * chunk.count;
    const ordpar_split to = {sums, sums + part_sums(n)};
    hand h;
    lend(shifts, member, &h);
    if (k) {
        ordpar_block_pair pair = pair_of(shifts, &h, &shifts->shift[k - 1]);
        state->add_solution_pair(&pair, chunk, x, to);
    } else
        state->add_solution(&h.re, chunk, x.re, to.re);
    for (size_t i = 0; i < n->flow->outputs && is_last(n, chunk); i++) {
        to.re[blocks + i] = x.re[end + i];
        to.im[blocks + i] = k ? x.im[end + i] : 0;
    }
}

/* m <- (1 - gamma S (1 - gamma D)^-1 U)^-1 m */
static void solve_capacitance(ordpar_newton_shifts *t, const shift *at) {
    const ordpar_newton *n = t->newton;
    const lapack_int Q = (lapack_int)n->Q;
    for (size_t k = 0; k < n->Q; k++)
        t->x[k] = ORDPAR_COMPLEX(at->m.re[k], at->m.im[k]) / unit_of(n, k);
    LAPACKE_zgetrs(LAPACK_COL_MAJOR, 'T', Q, 1, at->capacitance, Q, at->pivots, t->x, Q);
    for (size_t k = 0; k < n->Q; k++) {
        at->m.re[k] = creal(t->x[k]) * unit_of(n, k);
        at->m.im[k] = cimag(t->x[k]) * unit_of(n, k);
    }
}

/* The change of A, G and F with m, times gamma. */
static void direct(const ordpar_newton *n, const shift *at) {
    const int rows = (int)(n->K * n->M + 2 * n->K * n->K), Q = (int)n->Q;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, Q, 1, n->jacobian, Q, at->m.re, 1, 0,
                at->change.re, 1);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, Q, 1, n->jacobian, Q, at->m.im, 1, 0,
                at->change.im, 1);
    ordpar_split_scale((size_t)rows, creal(at->gamma), cimag(at->gamma), at->change);
}

void ordpar_newton_shifts_couple(ordpar_newton_shifts *shifts, size_t k, double *sums) {
    ordpar_newton *n = shifts->newton;
    const size_t blocks = ordpar_flow_sums(n->flow), outputs = n->flow->outputs;
    if (k == 0) {
        ordpar_newton_couple(n, sums, sums + blocks);
        return;
    }
    const shift *at = &shifts->shift[k - 1];
    double *const parts[] = {at->m.re, at->m.im};
    ordpar_block_solve s = n->blocks;
    s.change.F = n->wide; /* scratch */
    for (size_t part = 0; part < 2; part++, sums += part_sums(n)) {
        n->flow->state->set_solution_moment(&s, sums, parts[part]);
        ordpar_newton_average(n, parts[part]);
        memcpy(parts[part] + n->P, sums + blocks, outputs * sizeof *sums);
    }
    solve_capacitance(shifts, at);
    direct(n, at);
}

void ordpar_newton_shifts_finish(const ordpar_newton_shifts *shifts, size_t member,
                                 ordpar_chunk chunk, size_t k, ordpar_split x, ordpar_split out) {
    const ordpar_newton *n = shifts->newton;
    const size_t end = n->flow->S * chunk.count, P = n->P,
                 bytes = is_last(n, chunk) ? n->flow->outputs * sizeof(double) : 0;
    hand h;
    lend(shifts, member, &h);
    if (k == 0) {
        ordpar_newton_finish(&h.re, chunk, x.re, out.re);
        memcpy(out.re + end, n->m + P, bytes);
        return;
    }
    const shift *at = &shifts->shift[k - 1];
    ordpar_block_pair pair = pair_of(shifts, &h, at);
    ordpar_newton_add_change(&pair.re, chunk, x.re);
    ordpar_newton_add_change(&pair.im, chunk, x.im);
    n->flow->state->solve_pair(&pair, chunk, (ordpar_split){pair.re.dy, pair.im.dy}, out);
    memcpy(out.re + end, at->m.re + P, bytes);
    memcpy(out.im + end, at->m.im + P, bytes);
}
