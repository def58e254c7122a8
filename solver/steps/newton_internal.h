// SPDX-License-Identifier: GPL-3.0-or-later
/** What newton.c, newton_transposed.c and newton_storage.c share. */
#ifndef ORDPAR_NEWTON_INTERNAL_H
#define ORDPAR_NEWTON_INTERNAL_H

#include "solver/steps/newton.h"

#include "solver/motion/pair_derivatives.h"
#include "solver/motion/state.h"

#include <lapacke.h>

enum { EIGEN_WORK = 34 }; /* numbers for each unit that LAPACK works with, in blocks of 32 */

struct ordpar_newton {
    const ordpar_flow *flow;
    const ordpar_network *network;
    const ordpar_coordinates *coordinates;
    size_t K, M, L, P;
    size_t Q; /* P and the trained outputs: what couples the blocks */
    ordpar_block_solve blocks;
    double unit;     /* of the order-1 q, in that of r */
    double *storage; /* one allocation behind all the arrays, those of `blocks` too */

    double *jacobian;      /* [KM + 2KK][Q] d(A, G, F)/d(m, v) */
    float *rows_of_F;      /* [K(K+1)/2][P] wide: dF/dm in place of it, where its numbers were */
    double *eigen_work;    /* [EIGEN_WORK * K] of LAPACK */
    double *dv;            /* [Q - P][Q] d(dv/dalpha)/d(m, v) */
    double *dA, *dG, *dF;  /* [K][M][Q], [K][K][Q] x 2: rotated columns */
    double *out_r, *out_q; /* [K][M][Q], [K][K][Q] */
    double *wide;          /* [K][K][Q] scratch */
    double *capacitance;   /* [Q][Q] */
    double *m;             /* [Q] */

    double *tied; /* [(K+M)^2] scratch; NULL: solves do not average over units that are tied */
    ordpar_wide_parts *parts; /* wide */
    bool is_wide;  /* of the arrays from jacobian on there are then one column, and these */
    double factor; /* of the coefficients at the setup */
    ordpar_pair_derivatives pairs;
    double *krylov; /* of ordpar_gmres */
    double *c_of_F; /* [(K+M)^2] the covariance that F's derivatives are of; first that of none */

    lapack_int *pivots; /* [Q] */
};

/** The parts of a setup: A, G, F and their derivatives at the covariance c; then, with the sums
 * over blocks at the state in blocks.y, the capacitance matrix. */
bool ordpar_newton_begin(ordpar_newton *newton, const double *c, ordpar_coefficient_work *work);
bool ordpar_newton_factorise(ordpar_newton *newton);

/** The parts of a solve but for the sums over blocks that it begins with: what makes of them, which
 * are overwritten, and of outputs[Q - P] the change of A, G and F and the solution's own outputs,
 * m[P ..]; then out = (1 - gamma D)^-1 (x + U m) for a chunk, where x and out begin, by way of x +
 * U m in solve->dy. */
void ordpar_newton_couple(ordpar_newton *newton, double *sums, const double *outputs);
void ordpar_newton_add_change(const ordpar_block_solve *solve, ordpar_chunk chunk, const double *x);
void ordpar_newton_finish(ordpar_block_solve *solve, ordpar_chunk chunk, const double *x,
                          double *out);

/** m[Q] <- factor m in the components of q. */
void ordpar_newton_scale_q(const ordpar_newton *newton, double *m, double factor);

/** [5.11] Where units are tied and `tied` is there: m[Q] becomes symmetric. The averages are taken
 * at means over a class, so that what differs within it moves nothing. */
void ordpar_newton_average(const ordpar_newton *newton, double *m);

/** Whether the covariance c[(K+M)^2] of the fields is no longer nearly that of F's derivatives; it
 * is from now on. */
bool ordpar_newton_wide_has_moved(ordpar_newton *newton, const double *c);

/** F's derivatives at c, in single precision. */
void ordpar_newton_wide_differentiate_F(ordpar_newton *newton, const double *c,
                                        ordpar_coefficient_work *work);

/** The sums over blocks of a setup, and a whole solve. */
void ordpar_newton_wide_sum(ordpar_newton *newton);
void ordpar_newton_wide_solve(ordpar_newton *newton, double *x);

#endif
