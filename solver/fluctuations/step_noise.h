// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * How one step of SGD scatters: covariances of what it does to the overlaps [19.1]. Internal to
 * solver/.
 */
#ifndef ORDPAR_STEP_NOISE_H
#define ORDPAR_STEP_NOISE_H

#include "solver/motion/flow.h"
#include "solver/state/overlaps.h"

/**
 * With c_i = -eta v_i d g'(x_i) a step changes r^b_in by u = c_i y^b_n and q^b_ij by
 * c_i x^b_j + c_j x^b_i + p_b lambda_b c_i c_j, times 1/N. In the order of a block's S numbers
 * (state.h), Cov(u^b, u^b') = [b = b'] own_b + W_b kernel W_b'^T, W_b [S][R], R = K n + K(K+1)/2.
 * Vectors are [S][L].
 */
typedef struct {
    size_t K, M, n, S, L, R;
    double *gram;   /* [n*n][L] lambda_b times the Gram matrices; 0 in frozen blocks */
    double *weight; /* [L] p_b lambda_b; 0 in frozen blocks */
    double *kernel; /* [R*R] */
    double *F;      /* [K*K] E[c_i c_j] */
    double *curve;  /* [K*K][n*n] E[d_a d_b (c_i c_j)] */
    double *work;   /* [4 n^2 + 7 n + n L + R] scratch */
} ordpar_step_noise;

/** Errors: MEMORY. The caller clears it. */
ordpar_status ordpar_step_noise_init(size_t K, size_t M, size_t L, ordpar_step_noise *noise,
                                     ordpar_error *err);
void ordpar_step_noise_clear(ordpar_step_noise *noise);

/**
 * At the state of these overlaps, whose fields have the covariance c[n*n] and whose drifts are
 * coefficients A and G at learning rate 1. The first trained_blocks blocks move. The activation has
 * high averages (high.h). False where a number is not finite.
 */
bool ordpar_step_noise_set(ordpar_step_noise *noise, const ordpar_spectrum *spectrum,
                           const ordpar_network *network, double eta, size_t trained_blocks,
                           const ordpar_overlaps *state, const double *c,
                           const ordpar_coefficients *coefficients);

/** z^T Cov(u) z [19.1] */
double ordpar_step_noise_square(const ordpar_step_noise *noise, const double *z);

/** The rows W[S*L][R] and own[S*S][L]. */
void ordpar_step_noise_rows(const ordpar_step_noise *noise, double *W, double *own);

/** f1 += what 1/N adds to the drift, times N [19.4]. */
void ordpar_step_noise_drift(const ordpar_step_noise *noise, const double *lambda, double *f1);

#endif
