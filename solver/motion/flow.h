// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion [4.5, 4.6] of all blocks for given coefficients A, G, F, with the decay
 * [13.2]. They are linear in the coefficients, but for the decay, and, for fixed coefficients, in
 * the state; the Newton solver uses both facts. Internal to solver/.
 *
 * The rates hold the learning rate eta of the flow's network. Another one, of a schedule, comes in
 * by way of the coefficients: ordpar_coefficients_scale.
 *
 * What the state of a block is, a table of operations says (state.h): its overlaps r and q or, at
 * lowest order in eta, its student vectors J_b themselves.
 *
 * The integrator's state y is laid out in chunks of blocks that fit the cache: the chunk that
 * begins at block b0 and has n blocks starts at y[S*b0], component first, block last, blocks
 * counted from b0. Trained output weights v[K] stand after the blocks, at y[S*L]; they are not the
 * flow's (trained_outputs.h).
 */
#ifndef ORDPAR_FLOW_H
#define ORDPAR_FLOW_H

#include "solver/motion/coefficients.h"

typedef struct ordpar_state ordpar_state;
typedef struct ordpar_symmetry ordpar_symmetry;

/** Momentum at the present alpha [13.7]: its rates hold eta = 1. */
typedef struct {
    double eta, c, e;
} ordpar_push;

typedef struct {
    const ordpar_state *state; /* what a block's numbers are */
    size_t K, M, L, P;
    size_t D;       /* coordinates of a vector; 0 where the state has no vectors */
    size_t S;       /* numbers of a block in y */
    size_t outputs; /* output weights that are trained: K, K for each task, or 0 */
    size_t chunk_size;
    double eta;       /* that of the rates */
    ordpar_push push; /* what a state with momentum takes in place of it */
    bool decays;      /* weight decay is not 0, or there is momentum */
    double *lambda;   /* [L] */
    double *rate;     /* [L] eta lambda_b; 0 in frozen blocks */
    double *noise;    /* [L] eta^2 p_b lambda_b / B [13.9]; 0 in frozen blocks */
    double *excess;   /* [L] noise times what the labels' own noise in b [15.31] is above that in F,
                         at the present alpha; NULL: nothing */
    double *own;      /* [L] that noise less that in F, when all is learned */
    const double *coupling; /* [L][L] the spectrum's [15.36], by reference; NULL: none */
    double *unlearned;      /* [L] scratch */
    double sum_v2;          /* sum_i v_i^2 */
    double factor;          /* ordpar_flow_factor of the present alpha, for it */
    double *decay;          /* [L] kappa; 0 in frozen blocks */
    double *t;              /* [M*M*L] in chunks, like y: t[M*M*b0 + (n*M + m)*n_blocks + b] */
    double *B;              /* [M*D*L] the teacher's vectors, in chunks */
    size_t D_B;             /* coordinates of them, the first, that are not all 0 */
    bool triangular;        /* teacher m has none beyond coordinate m */
    bool many_units;        /* products of vectors are made in registers (base/products.h) */
    double *B_norm;         /* [L] the largest norm of one of them */
    double *full;           /* [K*K*chunk_size] scratch: q unpacked */
    const ordpar_symmetry *symmetry; /* by reference: what the state keeps exactly; or NULL */
    double *half; /* [K*max(K,M,D)*chunk_size] scratch: A r^T - G q, before symmetrising; products
                     of vectors */
    double *sums; /* [KM + KK] scratch */
} ordpar_flow;

/** Blocks first .. first + count - 1. */
typedef struct {
    size_t first, count;
} ordpar_chunk;

/** The chunk that follows, or the first one for {0, 0}; count is 0 after the last. */
ordpar_chunk ordpar_flow_next(const ordpar_flow *flow, ordpar_chunk chunk);

/** How many there are, and one of them by its number. */
size_t ordpar_flow_chunks(const ordpar_flow *flow);
ordpar_chunk ordpar_flow_chunk(const ordpar_flow *flow, size_t number);

/** Loops over all chunks of a flow. */
#define ORDPAR_EACH_CHUNK(chunk, flow)                                                             \
    for (ordpar_chunk chunk = ordpar_flow_next(flow, (ordpar_chunk){0, 0}); chunk.count;           \
         chunk = ordpar_flow_next(flow, chunk))

void ordpar_flow_clear(ordpar_flow *flow);

/** What coefficients of learning rate 1 are multiplied with for the rate eta, F with its square. */
double ordpar_flow_factor(const ordpar_flow *flow, double eta);

/** [15.36] The noise at the integral of eta up to the present alpha. */
void ordpar_flow_set_noise(ordpar_flow *flow, double integral);

/** Number of components of y: S * L, and the trained outputs. */
size_t ordpar_flow_size(const ordpar_flow *flow);

/** KM + KK, the numbers that sums over blocks are made of. */
size_t ordpar_flow_sums(const ordpar_flow *flow);

/** Numbers of scratch; places it. A copy with scratch of its own may be used at the same time. */
size_t ordpar_flow_scratch(const ordpar_flow *flow);
void ordpar_flow_set_scratch(ordpar_flow *flow, double *scratch);

/** dx = eta lambda_b ( A target - G x ), [4.5] and [4.7], for a chunk's target[M][columns][n] and
 * x[K][columns][n]; all but the first `used` columns of target are 0. */
void ordpar_flow_drive(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       ordpar_chunk chunk, size_t columns, size_t used, const double *target,
                       const double *x, double *dx);

/** out = A target - G x of the same. */
void ordpar_flow_combine(const ordpar_flow *flow, const double *A, const double *G,
                         ordpar_chunk chunk, size_t columns, size_t used, const double *target,
                         const double *x, double *out);

/** dx -= times kappa x [13.2] for count components of a chunk. */
void ordpar_flow_decay(const ordpar_flow *flow, ordpar_chunk chunk, size_t count, double times,
                       const double *x, double *dx);

/** Between arrays [component][L] of all blocks and the same of one chunk. */
void ordpar_chunk_gather(const ordpar_flow *flow, ordpar_chunk chunk, size_t components,
                         const double *all, double *part);
void ordpar_chunk_scatter(const ordpar_flow *flow, ordpar_chunk chunk, size_t components,
                          const double *part, double *all);

#endif
