// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * How one step of SGD scatters: covariances of what it does to the overlaps and to trained outputs
 * [19.1, 19.8]. Internal to solver/.
 */
#ifndef ORDPAR_STEP_NOISE_H
#define ORDPAR_STEP_NOISE_H

#include "solver/motion/flow.h"
#include "solver/state/overlaps.h"

#include <signal.h>

/**
 * The vectors of a block are J_1..K, B_1..M and, with momentum, P_1..K: `rows` of them, with the
 * fields z_a. With c_i = -v_i d g'(x_i) an example moves vector a by push_a c_a xi / sqrt N, c_a
 * that of its unit, and so the product of vectors a and b by push_a c_a z_b + push_b c_b z_a +
 * push_a push_b p_b lambda_b c_a c_b, times 1/N. Trained outputs move by o_i = -eta_v d g(x_i),
 * times 1/N, of the example's task. In the order of a block's S numbers (state.h), Cov(u^b, u^b') =
 * [b = b'] own_b + W_b kernel W_b'^T, W_b [S][R], R = K n + K(K+1)/2 + outputs: of c_i with a
 * field's direction, of c_i c_j, and of o. State vectors are [S][L], then the outputs.
 */
typedef struct {
    size_t K, M, n, S, L, R;
    size_t rows;       /* n, with momentum n + K */
    size_t outputs;    /* that are trained */
    double batch;      /* examples a step: kernel and F are of a step */
    double *push;      /* [rows] */
    double *gram;      /* [rows*rows][L] lambda_b times the Gram matrices; 0 in frozen blocks */
    double *weight;    /* [L] p_b lambda_b / batch; 0 in frozen blocks */
    double *kernel;    /* [R*R] */
    double *size;      /* [R] of what kernel is made of, before it cancels */
    double *F;         /* [K*K] E[c_i c_j] / batch */
    double *curve;     /* [K*K][n*n] E[d_a d_b (c_i c_j)] */
    double *drift;     /* [K][n] E[d_a c_i] */
    double *mean;      /* [R] of what kernel is the covariance of */
    double *u, *slope; /* [n] scratch */
    double *gradient;  /* [n*n] likewise */
    double *work;      /* of averages */
    const volatile sig_atomic_t
        *stop;           /* ends what takes long once not 0: K^4 averages; may be NULL */
    double *kappa, *out; /* [K*rows*L], [rows*L] scratch */
} ordpar_step_noise;

/** Of a flow's state. Errors: MEMORY. The caller clears it. */
ordpar_status ordpar_step_noise_init(const ordpar_flow *flow, const ordpar_network *network,
                                     ordpar_step_noise *noise, ordpar_error *err);
void ordpar_step_noise_clear(ordpar_step_noise *noise);

/**
 * At the state of these overlaps, whose fields have the covariance c[n*n] and whose drifts are
 * coefficients A and G at learning rate 1 and outputs[outputs]. The network has the present
 * learning rate, outputs and tasks. The first trained_blocks blocks move. The activation has high
 * averages (high.h). False where a number is not finite.
 */
bool ordpar_step_noise_set(ordpar_step_noise *noise, const ordpar_spectrum *spectrum,
                           const ordpar_network *network, size_t trained_blocks,
                           const ordpar_overlaps *state, const double *c,
                           const ordpar_coefficients *coefficients, const double *outputs);

/** z^T Cov(u) z [19.1]; adds `times` what rounding can make of it to *rounding, which may be NULL.
 */
double ordpar_step_noise_square(const ordpar_step_noise *noise, const double *z, double times,
                                double *rounding);

/** The rows W[S*L + outputs][R] and own[S*S][L]. */
void ordpar_step_noise_rows(const ordpar_step_noise *noise, double *W, double *own);

/** What a step does to the vectors of a block without looking at the example [13.5, 13.7]. */
typedef struct {
    double kappa;     /* decay; of trained blocks */
    ordpar_push push; /* c and e; 0 without momentum */
} ordpar_step_rule;

/** f1[S][L] += what 1/N adds to the drift, times N [19.4, 19.9]. */
void ordpar_step_noise_drift(const ordpar_step_noise *noise, const double *lambda,
                             const ordpar_step_rule *rule, double *f1);

/** The vectors whose product is number k of a block. */
typedef struct {
    size_t a, b;
} ordpar_step_pair;
ordpar_step_pair ordpar_step_pair_of(const ordpar_step_noise *noise, size_t k);

#endif
