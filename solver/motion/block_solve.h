// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What implicit steps know of single blocks: 1 - gamma D, where D acts within blocks with A and G
 * held fixed, and the sums over blocks that the rest is made of [5.2]-[5.4], [5.7]. newton.c fills
 * it, the states (state.h) work on it. Internal to solver/.
 */
#ifndef ORDPAR_BLOCK_SOLVE_H
#define ORDPAR_BLOCK_SOLVE_H

#include "solver/motion/flow.h"

/* Arrays with L blocks are laid out in chunks, as the flow's state is; scratch is for one chunk. */
typedef struct {
    const ordpar_flow *flow;
    double gamma;
    ordpar_push push;           /* of the setup */
    ordpar_coefficients at;     /* A, G, F at the state of the setup */
    ordpar_coefficients change; /* a direction of them, or a gradient */
    double *V, *g;              /* G = V diag(g) V^T */
    double *A_rotated;          /* [K][M] V^T A */
    double *y;                  /* [S*L] the state of the setup */
    double *y_rotated;          /* [S*L] V^T J of it; vectors only, of wide networks in its place */
    double *w1;                 /* [K*L] 1 / (1 + gamma rate g_k) */
    double *w2;                 /* [K*K*L] 1 / (1 + gamma rate (g_k + g_l)); overlaps only */
    double *lambda_rate;        /* [L] */
    double *lambda_noise;       /* [L] */
    double *T1, *R1;            /* [K][M][M], [K][K][M] block sums, [5.3] */
    double *Aq, *Gq;            /* [K][K][M], [K][K][K] block sums, [5.4] */
    double *phi;                /* [K][K] block sums of the noise */
    double *r, *q;              /* [K][M][n], [K][K][n] scratch: in the eigenbasis of G */
    double *z, *s;              /* [K][K][n] scratch */
    double *x;                  /* [S][n] scratch: vectors in the eigenbasis of G */
    double *tA;                 /* [K][M][n] scratch */
    double *weights;            /* [K][n] scratch */
    double *dy;                 /* [S][n] scratch */
} ordpar_block_solve;

/** out[K][columns] += weights[K][n] x[columns][n]^T: sums over the blocks of a chunk. */
void ordpar_block_solve_add(const ordpar_block_solve *solve, ordpar_chunk chunk, size_t columns,
                            const double *x, double *out);

/** The weights of sums over a chunk: lambda rate times a damping[n]. */
void ordpar_block_solve_weigh(const ordpar_block_solve *solve, ordpar_chunk chunk,
                              const double *damping, double *weights);

/** [5.2] Sets w1 for a chunk. */
void ordpar_block_solve_damp(ordpar_block_solve *solve, ordpar_chunk chunk);

/** [5.3] Adds the sums over a chunk that turn a change of A and G into the order-1 change of r,
 * from solve->r; leaves their weights in solve->weights. */
void ordpar_block_solve_sum_r(ordpar_block_solve *solve, ordpar_chunk chunk);

/** Into the eigenbasis, for any number of columns: changes of A[K][M][columns], G[K][K][columns]
 * and F, which may be NULL. work: [K][K][columns]. */
void ordpar_block_solve_rotate(const ordpar_block_solve *solve, size_t columns,
                               const ordpar_coefficients *change, ordpar_coefficients *rotated,
                               double *work);

/** [5.3, 5.4] S (1 - gamma D)^-1 of what rotated changes of A, G and F (or NULL) do, from the block
 * sums: r[K][M][columns] and q[K][K][columns] in the eigenbasis. work: [K][K][columns]. */
void ordpar_block_solve_couple(const ordpar_block_solve *solve, size_t columns,
                               const ordpar_coefficients *rotated, double *r, double *q,
                               double *work);

/** Out of the eigenbasis, for any number of columns: r[K][M][columns], q[K][K][columns] into
 * x[P][columns]; q is overwritten, work is as large. */
void ordpar_block_solve_rotate_back(const ordpar_block_solve *solve, size_t columns,
                                    const double *r, double *q, double *work, double *x);

/** sums[KM + KK] += sum_b lambda_b of solve->r and, after it, solve->q. */
void ordpar_block_solve_add_moment(const ordpar_block_solve *solve, ordpar_chunk chunk,
                                   double *sums);

/** m[P] of the sums of all chunks, which are overwritten, out of the eigenbasis. */
void ordpar_block_solve_moment_back(ordpar_block_solve *solve, double *sums, double *m);

/** Numbers of the sums over blocks T1, R1, Aq, Gq and phi; places them one after the other. */
size_t ordpar_block_solve_sums(const ordpar_flow *flow);
void ordpar_block_solve_set_sums(ordpar_block_solve *solve, double *sums);

/** Places the scratch, from r to dy; returns its numbers, and with a NULL base only counts them. */
size_t ordpar_block_solve_set_scratch(ordpar_block_solve *solve, double *base);

#endif
