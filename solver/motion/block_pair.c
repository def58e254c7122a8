// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/block_pair.h"

void ordpar_block_pair_damp(ordpar_block_pair *p, ordpar_chunk c) {
    const ordpar_flow *flow = p->re.flow;
    for (size_t k = 0; k < flow->K; k++)
        ordpar_split_damping(c.count, creal(p->gamma), cimag(p->gamma), p->re.g[k],
                             flow->rate + c.first, 1, flow->decay + c.first,
                             ordpar_split_at(p->w1, flow->K * c.first + k * c.count));
}

void ordpar_block_pair_sum_r(ordpar_block_pair *p, ordpar_chunk c) {
    ordpar_block_solve im = p->im;
    im.r = p->re.r;
    ordpar_block_solve_sum_r(&p->re, c);
    ordpar_block_solve_sum_r(&im, c);
}
