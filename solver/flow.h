// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion [4.5, 4.6] of all blocks for given coefficients A, G, F, with the decay
 * [13.2]. They are linear in the coefficients, but for the decay, and, for fixed coefficients, in
 * the state; the Newton solver uses both facts. Internal to solver/.
 *
 * The rates hold the learning rate eta of the flow's network. Another one, of a schedule, comes in
 * by way of the coefficients: ordpar_coefficients_scale.
 *
 * The state of a block is its overlaps r and q or, at lowest order in eta, its student vectors J_b
 * themselves, in the D coordinates of factors.h [4.7].
 *
 * The integrator's state y is laid out in chunks of blocks that fit the cache: the chunk that
 * begins at block b0 and has n blocks starts at y[S*b0]. Overlaps: S = P = K*M + K*(K+1)/2, first
 * r[(i*M + j)*n + b], then q packed, [(ordpar_packed_index(K, i, j))*n + b] for i <= j, b counted
 * from b0. Vectors: S = K*D, J[(i*D + d)*n + b]. Trained output weights v[K] stand after the
 * blocks, at y[S*L]; they are not the flow's (trained_outputs.h).
 */
#ifndef ORDPAR_FLOW_H
#define ORDPAR_FLOW_H

#include "coefficients.h"
#include "factors.h"
#include "overlaps.h"

typedef struct {
    size_t K, M, L, P;
    size_t D;       /* coordinates of a vector; 0: the state is overlaps */
    size_t S;       /* numbers of a block in y */
    size_t outputs; /* output weights that are trained: K or 0 */
    size_t chunk_size;
    double eta;     /* that of the rates */
    bool decays;    /* weight decay is not 0 */
    double *lambda; /* [L] */
    double *rate;   /* [L] eta lambda_b; 0 in frozen blocks */
    double *noise;  /* [L] eta^2 p_b lambda_b; 0 in frozen blocks */
    double *decay;  /* [L] kappa; 0 in frozen blocks */
    double *t;      /* [M*M*L] in chunks, like y: t[M*M*b0 + (n*M + m)*n_blocks + b] */
    double *B;      /* [M*D*L] the teacher's vectors, in chunks */
    double *B_norm; /* [L] the largest norm of one of them; if D */
    double *full;   /* [K*K*chunk_size] scratch: q unpacked */
    double *half;   /* [K*max(K,M,D)*chunk_size] scratch: A r^T - G q, before symmetrising; products
                       of vectors */
} ordpar_flow;

/** Blocks first .. first + count - 1. */
typedef struct {
    size_t first, count;
} ordpar_chunk;

/** The chunk that follows, or the first one for {0, 0}; count is 0 after the last. */
ordpar_chunk ordpar_flow_next(const ordpar_flow *flow, ordpar_chunk chunk);

/** Loops over all chunks of a flow. */
#define ORDPAR_EACH_CHUNK(chunk, flow)                                                             \
    for (ordpar_chunk chunk = ordpar_flow_next(flow, (ordpar_chunk){0, 0}); chunk.count;           \
         chunk = ordpar_flow_next(flow, chunk))

/** The first trained_blocks blocks are trained. Errors: MEMORY. The caller clears *flow. */
ordpar_status ordpar_flow_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                               size_t trained_blocks, const double *t, ordpar_flow *flow,
                               ordpar_error *err);

/** The same with vectors as the state; those of the teacher are copied, t is their overlaps. */
ordpar_status ordpar_flow_init_vectors(const ordpar_spectrum *spectrum,
                                       const ordpar_network *network, size_t trained_blocks,
                                       const ordpar_factors *factors, ordpar_flow *flow,
                                       ordpar_error *err);
void ordpar_flow_clear(ordpar_flow *flow);

/** Number of components of y: S * L, and the trained outputs. */
size_t ordpar_flow_size(const ordpar_flow *flow);

/** Writes dy/dalpha of one chunk, without decay: y and dy begin there. */
void ordpar_flow_apply_chunk(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                             ordpar_chunk chunk, const double *y, double *dy);

/** Writes dy/dalpha of all blocks. */
void ordpar_flow_apply(const ordpar_flow *flow, const ordpar_coefficients *coefficients,
                       const double *y, double *dy);

/** m = sum_b lambda_b y_b [3.2], the order-1 parameters. */
void ordpar_flow_moment(const ordpar_flow *flow, const double *y, double *m);

/** Writes the inverse of each block's tolerances of r and q to their components, those of student i
 * in units of unit[i] (NULL: 1). Overlaps alone. */
void ordpar_flow_weigh(const ordpar_flow *flow, const double *unit, const double *r_tolerance,
                       const double *q_tolerance, double *weights);

/** Between public overlaps and y; with vectors as the state only from y. */
void ordpar_flow_pack(const ordpar_flow *flow, const ordpar_overlaps *overlaps, double *y);
void ordpar_flow_unpack(const ordpar_flow *flow, const double *y, ordpar_overlaps *overlaps);

/** Between vectors and y; unpacking writes those of the teacher, too. */
void ordpar_flow_pack_vectors(const ordpar_flow *flow, const ordpar_factors *factors, double *y);
void ordpar_flow_unpack_vectors(const ordpar_flow *flow, const double *y, ordpar_factors *factors);

#endif
