// SPDX-License-Identifier: GPL-3.0-or-later
/* Implicit steps of vectors with a complex gamma [5.17]: state_vectors_solve.c for pairs. */
#include "solver/motion/state_vectors.h"

#include "solver/motion/blocks.h"

#include <string.h>

void ordpar_vectors_sum_pair(ordpar_block_pair *p, ordpar_chunk c) {
    ordpar_block_solve *s = &p->re;
    const size_t K = s->flow->K, M = s->flow->M;
    ordpar_block_solve *const parts[] = {s, &p->im};
    ordpar_block_pair_sum_r(p, c);
    for (size_t part = 0; part < 2; part++)
        for (size_t l = 0; l < K; l++) {
            ordpar_block_solve *to = parts[part];
            ordpar_block_solve_add(to, c, K, s->q + l * K * c.count, to->Gq + l * K * K);
            for (size_t k = 0; k < K; k++)
                memcpy(to->Aq + (l * K + k) * M, to->R1 + (k * K + l) * M, M * sizeof *to->Aq);
        }
}

/* (1 - gamma D)^-1 x for a chunk, in the eigenbasis of G, into x of the pair. [5.7] */
static void solve_rotated(ordpar_block_pair *p, ordpar_chunk c, ordpar_split x) {
    const size_t K = p->re.flow->K, D = p->re.flow->D, n = c.count;
    const ordpar_split to = {p->re.x, p->im.x};
    ordpar_vectors_rotate(&p->re, c, x.re);
    ordpar_vectors_rotate(&p->im, c, x.im);
    for (size_t k = 0; k < K; k++)
        for (size_t d = 0; d < D; d++)
            ordpar_split_multiply(n, ordpar_split_at(p->w1, K * c.first + k * n),
                                  ordpar_split_at(to, (k * D + d) * n));
}

void ordpar_vectors_solve_pair(ordpar_block_pair *p, ordpar_chunk c, ordpar_split x,
                               ordpar_split out) {
    const size_t K = p->re.flow->K, row = p->re.flow->D * c.count;
    solve_rotated(p, c, x);
    ordpar_left_multiply(false, K, K, row, 1, p->re.V, K, p->re.x, row, false, out.re, row);
    ordpar_left_multiply(false, K, K, row, 1, p->im.V, K, p->im.x, row, false, out.im, row);
}

void ordpar_vectors_add_solution_pair(ordpar_block_pair *p, ordpar_chunk c, ordpar_split x,
                                      ordpar_split sums) {
    const ordpar_flow *flow = p->re.flow;
    const size_t KM = flow->K * flow->M;
    const double *y = p->re.y_rotated + flow->S * c.first;
    solve_rotated(p, c, x);
    ordpar_vectors_add_products(flow, c, p->re.x, y, false, sums.re, sums.re + KM);
    ordpar_vectors_add_products(flow, c, p->im.x, y, false, sums.im, sums.im + KM);
}
