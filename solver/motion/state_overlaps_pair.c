// SPDX-License-Identifier: GPL-3.0-or-later
/* Implicit steps of overlaps with a complex gamma [5.17]: state_overlaps_solve.c for pairs. */
#include "solver/motion/state_overlaps.h"

#include "base/kernels.h"
#include "solver/motion/blocks.h"

#include <string.h>

void ordpar_overlaps_set_weights_pair(ordpar_block_pair *p, ordpar_chunk c) {
    const ordpar_flow *flow = p->re.flow;
    const size_t K = flow->K;
    ordpar_block_pair_damp(p, c);
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++)
            ordpar_split_damping(c.count, creal(p->gamma), cimag(p->gamma), p->re.g[k] + p->re.g[l],
                                 flow->rate + c.first, 2, flow->decay + c.first,
                                 ordpar_split_at(p->w2, K * K * c.first + (k * K + l) * c.count));
}

static void weigh_q_direct(ordpar_block_solve *s, ordpar_chunk c, size_t l, const double *w2) {
    const size_t K = s->flow->K;
    const double *row = w2 + K * K * c.first + l * K * c.count;
    for (size_t k = 0; k < K; k++) {
        ordpar_block_solve_weigh(s, c, row + k * c.count, s->weights + k * c.count);
        s->phi[l * K + k] += ordpar_dot(c.count, s->lambda_noise + c.first, row + k * c.count);
    }
}

static void weigh_q_by_r(ordpar_block_pair *p, ordpar_chunk c) {
    const size_t K = p->re.flow->K;
    const double *rate = p->re.flow->rate + c.first;
    const ordpar_split weights = {p->re.weights, p->im.weights};
    ordpar_split_multiply(K * c.count, ordpar_split_at(p->w1, K * c.first), weights);
    ordpar_split_scale(K * c.count, creal(p->gamma), cimag(p->gamma), weights);
    for (size_t k = 0; k < K; k++) {
        ordpar_multiply(c.count, rate, weights.re + k * c.count);
        ordpar_multiply(c.count, rate, weights.im + k * c.count);
    }
}

static void add(ordpar_block_solve *s, ordpar_chunk c, size_t l, const double *of_A,
                const double *of_G) {
    const size_t K = s->flow->K, M = s->flow->M;
    ordpar_block_solve_add(s, c, M, of_A, s->Aq + l * K * M);
    ordpar_block_solve_add(s, c, K, of_G, s->Gq + l * K * K);
}

static void add_both(ordpar_block_pair *p, ordpar_chunk c, size_t l, const double *of_A,
                     const double *of_G) {
    const size_t K = p->re.flow->K, M = p->re.flow->M;
    add(&p->re, c, l, of_A + l * M * c.count, of_G + l * K * c.count);
    add(&p->im, c, l, of_A + l * M * c.count, of_G + l * K * c.count);
}

void ordpar_overlaps_sum_pair(ordpar_block_pair *p, ordpar_chunk c) {
    ordpar_block_solve *s = &p->re;
    ordpar_block_pair_sum_r(p, c);
    for (size_t l = 0; l < s->flow->K; l++) {
        weigh_q_direct(s, c, l, p->w2.re);
        weigh_q_direct(&p->im, c, l, p->w2.im);
        add_both(p, c, l, s->r, s->q);
        weigh_q_by_r(p, c);
        add_both(p, c, l, s->tA, s->z);
    }
}

/* [5.2] (1 - gamma D)^-1 x for a chunk, in the eigenbasis of G, into r and q of the pair. */
static void solve_rotated(ordpar_block_pair *p, ordpar_chunk c, ordpar_split x) {
    ordpar_block_solve *re = &p->re, *im = &p->im;
    const size_t K = re->flow->K, M = re->flow->M, n = c.count;
    const ordpar_split r = {re->r, im->r}, q = {re->q, im->q}, z = {re->z, im->z};
    ordpar_overlaps_rotate(re, c, x.re);
    ordpar_overlaps_rotate(im, c, x.im);
    for (size_t k = 0; k < K; k++)
        for (size_t m = 0; m < M; m++)
            ordpar_split_multiply(n, ordpar_split_at(p->w1, K * c.first + k * n),
                                  ordpar_split_at(r, (k * M + m) * n));
    ordpar_multiply_transpose(K, M, n, re->A_rotated, r.re, z.re);
    ordpar_multiply_transpose(K, M, n, re->A_rotated, r.im, z.im);
    for (size_t k = 0; k < K; k++)
        for (size_t l = 0; l < K; l++)
            ordpar_split_add_pair(n, creal(p->gamma), cimag(p->gamma), re->flow->rate + c.first,
                                  ordpar_split_at(z, (k * K + l) * n),
                                  ordpar_split_at(z, (l * K + k) * n),
                                  ordpar_split_at(q, (k * K + l) * n));
    ordpar_split_multiply(K * K * n, ordpar_split_at(p->w2, K * K * c.first), q);
}

void ordpar_overlaps_solve_pair(ordpar_block_pair *p, ordpar_chunk c, ordpar_split x,
                                ordpar_split out) {
    solve_rotated(p, c, x);
    ordpar_block_solve_rotate_back(&p->re, c.count, p->re.r, p->re.q, p->re.s, out.re);
    ordpar_block_solve_rotate_back(&p->im, c.count, p->im.r, p->im.q, p->im.s, out.im);
}

void ordpar_overlaps_add_solution_pair(ordpar_block_pair *p, ordpar_chunk c, ordpar_split x,
                                       ordpar_split sums) {
    solve_rotated(p, c, x);
    ordpar_block_solve_add_moment(&p->re, c, sums.re);
    ordpar_block_solve_add_moment(&p->im, c, sums.im);
}
