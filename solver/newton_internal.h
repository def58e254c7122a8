// SPDX-License-Identifier: GPL-3.0-or-later
/** What newton.c and newton_storage.c share. */
#ifndef ORDPAR_NEWTON_INTERNAL_H
#define ORDPAR_NEWTON_INTERNAL_H

#include "newton.h"

#include <lapacke.h>

enum { EIGEN_WORK = 34 }; /* numbers for each unit that LAPACK works with, in blocks of 32 */

/* Arrays with L blocks are laid out in chunks, as the flow's state is; scratch is for one chunk. */
struct ordpar_newton {
    const ordpar_flow *flow;
    const ordpar_network *network;
    const ordpar_coordinates *coordinates;
    size_t K, M, L, P;
    size_t Q; /* P and the trained outputs: what couples the blocks */
    double gamma;
    double unit;     /* of the order-1 q, in that of r */
    double *storage; /* one allocation behind all the arrays below */

    ordpar_coefficients at;     /* A, G, F at the state of the setup */
    ordpar_coefficients change; /* dA, dG, dF along a direction dm */
    double *jacobian;           /* [KM + 2KK][Q] d(A, G, F)/d(m, v) */
    double *V, *g;              /* G = V diag(g) V^T */
    double *eigen_work;         /* [EIGEN_WORK * K] of LAPACK */
    double *A_rotated;          /* [K][M] V^T A */
    double *y;                  /* [S*L] the state of the setup */
    double *w1;                 /* [K*L] 1 / (1 + gamma rate g_k) */
    double *w2;                 /* [K*K*L] 1 / (1 + gamma rate (g_k + g_l)); overlaps only */
    double *lambda_rate;        /* [L] */
    double *lambda_noise;       /* [L] */
    double *r, *q;              /* [K][M][n], [K][K][n] scratch: in the eigenbasis of G */
    double *z, *s;              /* [K][K][n] scratch */
    double *x;                  /* [K][D][n] scratch: vectors in the eigenbasis of G */
    double *tA;                 /* [K][M][n] scratch */
    double *weights;            /* [K][n] scratch */
    double *dy;                 /* [S][n] scratch */
    double *dv;                 /* [Q - P][Q] d(dv/dalpha)/d(m, v) */
    double *T1, *R1;            /* [K][M][M], [K][K][M] block sums, [5.3] */
    double *Aq, *Gq;            /* [K][K][M], [K][K][K] block sums, [5.4] */
    double *phi;                /* [K][K] block sums of the noise */
    double *dA, *dG, *dF;       /* [K][M][Q], [K][K][Q] x 2: rotated columns */
    double *out_r, *out_q;      /* [K][M][Q], [K][K][Q] */
    double *wide;               /* [K][K][Q] scratch */
    double *capacitance;        /* [Q][Q] */
    double *m;                  /* [Q] */
    lapack_int *pivots;         /* [Q] */
};

/** out[K][columns] += weights[K][n] x[columns][n]^T: sums over the blocks of a chunk. */
void ordpar_newton_add_block_sums(const ordpar_newton *newton, ordpar_chunk chunk, size_t columns,
                                  const double *x, double *out);

/** [5.3] Adds the sums over a chunk that turn a change of A and G into the order-1 change of r,
 * from n->r; leaves their weights in n->weights. */
void ordpar_newton_sum_r(ordpar_newton *newton, ordpar_chunk chunk);

/** What newton_vectors.c does where the state is vectors [5.7]: all block sums at the state of the
 * setup; x <- (1 - gamma D)^-1 x for a chunk, where x begins; m = S (1 - gamma D)^-1 x. */
void ordpar_newton_sum_vectors(ordpar_newton *newton, ordpar_chunk chunk);
void ordpar_newton_solve_vectors(ordpar_newton *newton, ordpar_chunk chunk, const double *x,
                                 double *out);
void ordpar_newton_sum_vector_solution(ordpar_newton *newton, const double *x, double *m);

#endif
