// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The equations of motion near a state: Jacobian and noise, and short steps of what obeys them.
 * Vectors are [S][L], a block's numbers in the order of state.h, matrices [S*S][L]. Internal to
 * solver/.
 */
#ifndef ORDPAR_LINEARISED_H
#define ORDPAR_LINEARISED_H

#include "solver/fluctuations/step_noise.h"
#include "solver/motion/state.h"

#include <lapacke.h>

/** Of the overlaps of one network at all orders in eta. */
typedef struct {
    const ordpar_spectrum *spectrum;
    const ordpar_network *network;
    size_t K, M, n, S, L, trained_blocks;
    ordpar_flow flow;
    ordpar_coefficient_work *work;
    ordpar_coefficients co, one; /* at learning rate 1; a derivative */
    ordpar_step_noise noise;
    double eta;         /* at the state */
    double *c;          /* [n*n] covariance of the fields */
    double *slopes;     /* [(2 K^2 + K M)][S] derivatives of the coefficients, at learning rate 1 */
    double *y, *dy;     /* [S*L] in the flow's order */
    double *rate;       /* dx/dalpha */
    double *J, *U;      /* J v = J_b v_b + U_b sum lambda v */
    double *inverse;    /* of 1 - g J_b .. */
    double *answer;     /* .. and that times U_b */
    double *cap;        /* [S*S] inverse of the capacitance matrix */
    double g;           /* of the step */
    lapack_int *pivots; /* [S] */
} ordpar_linearised;

/** Plain SGD, also with a schedule, decay and frozen blocks. Errors: INVALID, MEMORY. The caller
 * clears it in every case. */
ordpar_status ordpar_linearised_init(const ordpar_spectrum *spectrum, const ordpar_network *network,
                                     size_t trained_blocks, const ordpar_overlaps *start,
                                     ordpar_linearised *l, ordpar_error *err);
void ordpar_linearised_clear(ordpar_linearised *l);

/** At a state and an alpha: rate, J, U, noise. Errors: NUMERICAL. */
ordpar_status ordpar_linearised_set(ordpar_linearised *l, const ordpar_overlaps *state,
                                    double alpha, ordpar_error *err);

/** The gradient of eps_g by the order-1 parameters m[S] there, and hessian[S*S]; may be NULL. */
void ordpar_linearised_error(const ordpar_linearised *l, double *gradient, double *hessian);

/** Prepares steps of h. Errors: NUMERICAL. */
ordpar_status ordpar_linearised_prepare(ordpar_linearised *l, double h, ordpar_error *err);

/** Numbers of scratch for a step of so many vectors. */
size_t ordpar_linearised_step_scratch(const ordpar_linearised *l, size_t columns);

/** x <- R(h J) x or R(h J)^T x, R(z) = (1 + (1 - 2g) z)/(1 - g z)^2, g = 1 - 1/sqrt 2: exp(h J) to
 * second order, and damped where h J is large. x[columns] are vectors, one behind the other. */
void ordpar_linearised_step(const ordpar_linearised *l, bool transposed, size_t columns, double *x,
                            double *scratch);

/** out[S][L] += factor times what these coefficients (in one array, at that stride, at learning
 * rate 1; NULL: zeros) make of l->y, decay included. */
void ordpar_linearised_apply(ordpar_linearised *l, const double *coefficients, size_t stride,
                             double factor, double *out);

/** [19.4] out = half of the second derivative of the flow on the covariance Sigma of the overlaps
 * with the S vectors V = Sigma S^T and C[S][S] = S V, at the state of the last set. Errors: MEMORY.
 */
ordpar_status ordpar_linearised_curvature(ordpar_linearised *l, const ordpar_overlaps *state,
                                          const double *V, const double *C, double *out,
                                          ordpar_error *err);

/** sum_b lambda_b x_b. */
void ordpar_linearised_moment(const ordpar_linearised *l, const double *x, double *m);

#endif
