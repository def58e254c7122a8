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
 */
typedef struct {
    size_t K, M, n, S, L, R;
    double *own;    /* [L][S*S] */
    double *W;      /* [L][S*R] */
    double *kernel; /* [R*R] */
    double *f1;     /* [L][S] what 1/N adds to the drift, times N [19.4] */
    double *F;      /* [K*K] E[c_i c_j] */
    double *curve;  /* [K*K][n*n] E[d_a d_b (c_i c_j)] */
    double *gram;   /* [n*n] scratch */
    double *work;   /* [3 n^2 + 4 n] scratch */
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

#endif
