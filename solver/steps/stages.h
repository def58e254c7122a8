// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Radau IIA [5.18]: collocation at s nodes on [0, 1], the last of them 1. The polynomial p, of
 * degree s, is held by the increments z_i = p(c_i) - p(0), which stand `stride` numbers apart, a
 * multiple of ORDPAR_STAGE_LANES, zeros at the end. Internal to solver/.
 */
#ifndef ORDPAR_STAGES_H
#define ORDPAR_STAGES_H

#include "base/split_complex.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

enum { ORDPAR_MOST_STAGES = 9, ORDPAR_MOST_PAIRS = 4, ORDPAR_STAGE_LANES = 8 };

typedef struct {
    size_t s, pairs;                                   /* odd, and (s - 1)/2 */
    double c[ORDPAR_MOST_STAGES];                      /* ascending */
    double D[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES]; /* [s][s] p'(c_i) = sum_j D_ij z_j */
    /* D T = T Lambda: one real column, and of each pair the real and the imaginary part u + i v,
     * which Lambda multiplies by the pair's eigenvalue. Rows of the inverse in the same order. */
    double T[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES];
    double inverse[ORDPAR_MOST_STAGES * ORDPAR_MOST_STAGES];
    double real;
    double complex pair[ORDPAR_MOST_PAIRS];
    double error[ORDPAR_MOST_STAGES]; /* h f(0)/real + sum_i error_i z_i: the difference to the
                                         embedded method of order s */
} ordpar_stages;

/** s: 3, 5, 7 or 9. False if it has no eigenvalues, or there is no memory. */
bool ordpar_stages_init(size_t s, ordpar_stages *stages);

/** weights[s] of the increments in p(tau) - p(0). */
void ordpar_stages_weights(const ordpar_stages *stages, double tau, double *weights);

/** Of `count` numbers of each stage, whole lanes, the first of which z, f, w, base, weights and out
 * begin at: out_i = base + sum_j A_ij z_j for i < rows, A[rows][s], out_i also `stride` apart; base
 * may be NULL: 0. out may be z. */
void ordpar_stages_mix(size_t rows, size_t s, size_t count, size_t stride, const double *A,
                       const double *z, const double *base, double *out);

/** f <- inverse (f - D z), of s rows. */
void ordpar_stages_residual(size_t s, size_t count, size_t stride, const double *inverse,
                            const double *D, const double *z, double *f);

/** z += T w; returns sum_ik ((T w)_ik weights_k)^2 */
double ordpar_stages_update(size_t s, size_t count, size_t stride, const double *T, const double *w,
                            const double *weights, double *z);

#endif
