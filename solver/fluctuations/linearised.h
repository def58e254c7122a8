// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion near a state: Jacobian and noise, and short steps of what obeys them.
 * Vectors have a block's numbers, in the order of state.h, as [S][L], then the trained outputs:
 * `size` of them. Blocks know of each other by g = (m, v), the order-1 parameters and the outputs,
 * G numbers. Internal to solver/.
 */
#ifndef ORDPAR_LINEARISED_H
#define ORDPAR_LINEARISED_H

#include "solver/fluctuations/step_noise.h"
#include "solver/motion/state.h"

#include <lapacke.h>

enum { ORDPAR_LINEARISED_LANES = 8 };

/** Of the overlaps of one network at all orders in eta. */
typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    ordpar_network now; /* with the present learning rate, tasks and, in own memory, outputs */
    size_t K, M, n, S, P, L, outputs, G, size, trained_blocks;
    ordpar_flow flow;
    ordpar_coefficient_work *work;
    ordpar_coefficients co, one; /* at learning rate 1; a derivative */
    ordpar_step_noise noise;
    double *c;          /* [n*n] covariance of the fields */
    double *slopes;     /* [(2 K^2 + K M)][G] derivatives of the coefficients, at learning rate 1 */
    double *H;          /* [outputs][G] those of dv/dalpha */
    double *y, *dy;     /* [S*L] in the flow's order */
    double *rate;       /* [size] dx/dalpha */
    double *J, *U;      /* [S*S][L], [S*G][L]: J x = J_b x_b + U_b g, then H g */
    double *tiles;      /* for LANES blocks each [S*S][LANES] the inverses of 1 - g J_b, then
                           [S*G][LANES] those times U_b: what a step reads lies together */
    double *cap;        /* [G*G] inverse of the capacitance matrix */
    double g;           /* of the step */
    lapack_int *pivots; /* [G] */
} ordpar_linearised;

/** Single steps of all orders in eta, of whatever training but batches that are fractions of N.
 * Errors: INVALID, MEMORY. The caller clears it in every case. */
ordpar_status ordpar_linearised_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     size_t trained_blocks, const ordpar_overlaps *start,
                                     ordpar_linearised *l, ordpar_error *err);
void ordpar_linearised_clear(ordpar_linearised *l);

/** At a state, with v where outputs are trained and P where there is momentum, and an alpha: rate,
 * J, U, H, noise. Errors: NUMERICAL, INTERRUPTED by noise.stop. */
ordpar_status ordpar_linearised_set(ordpar_linearised *l, const ordpar_overlaps *state,
                                    double alpha, ordpar_error *err);

/** out[size] = the rate at that state, but at another alpha of the same tasks. */
void ordpar_linearised_rate_at(ordpar_linearised *l, const ordpar_overlaps *state, double alpha,
                               double *out);

/** The gradient[G] of eps_g by g there, and hessian[G*G]; may be NULL. curve: of tasks 0 is the
 * mean, above it that one's eps_g. With tasks l must be set anew before anything else. */
void ordpar_linearised_error(ordpar_linearised *l, size_t curve, double *gradient, double *hessian);

/** The tile that begins at block b, a multiple of LANES. */
static inline double *ordpar_linearised_tile(const ordpar_linearised *l, size_t b) {
    return l->tiles + b * l->S * (l->S + l->G);
}

/** Prepares steps of h. Errors: NUMERICAL. */
ordpar_status ordpar_linearised_prepare(ordpar_linearised *l, double h, ordpar_error *err);

/** Numbers of scratch for steps, and for a step back of so many vectors. */
size_t ordpar_linearised_step_scratch(const ordpar_linearised *l);
size_t ordpar_linearised_back_scratch(const ordpar_linearised *l, size_t columns);

/** x <- R(h J) x, and back R(h J)^T x, R(z) = (1 + (1 - 2g) z)/(1 - g z)^2, g = 1 - 1/sqrt 2: exp(h
 * J) to second order, and damped where h J is large. x[columns] are vectors, one behind the other.
 */
void ordpar_linearised_step(const ordpar_linearised *l, size_t columns, double *x, double *scratch);
void ordpar_linearised_step_back(const ordpar_linearised *l, size_t columns, double *x,
                                 double *scratch);

/** out[S][L] += factor times what these coefficients (in one array, at that stride, at learning
 * rate 1; NULL: zeros) make of l->y, decay included. */
void ordpar_linearised_apply(ordpar_linearised *l, const double *coefficients, size_t stride,
                             double factor, double *out);

/** [19.4] out[size] = half of the second derivative of the rate on the covariance Sigma of x with
 * V[G][size], the covariances of x with g, and C[G][G], those of g, at the state of the last set.
 * Errors: MEMORY. */
ordpar_status ordpar_linearised_curvature(ordpar_linearised *l, const ordpar_overlaps *state,
                                          const double *V, const double *C, double *out,
                                          ordpar_error *err);

/** g[G] of x. */
void ordpar_linearised_sums(const ordpar_linearised *l, const double *x, double *g);

/** Takes over the outputs v[outputs]; none: nothing happens. */
void ordpar_linearised_set_outputs(ordpar_linearised *l, const double *v);

#endif
