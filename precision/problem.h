// SPDX-License-Identifier: GPL-3.0-or-later
/** A model as numbers of one working precision, and its spectrum. Internal to precision/. */
#ifndef ORDPAR_PRECISION_PROBLEM_H
#define ORDPAR_PRECISION_PROBLEM_H

#include "precision/mp_model.h"
#include "precision/real.h"

/** Eigenspaces in decreasing order of the eigenvalue; lambda_b, p_b, and teacher weights c_b. */
typedef struct {
    size_t L;
    ordpar_reals numbers;
    mpfr_t *lambda, *p, *c; /* [L] */
} ordpar_mp_eigen;

/** Reads a spectrum. Errors: MEMORY, INVALID. The caller clears *eigen. */
ordpar_status ordpar_mp_eigen_init(const ordpar_mp_spectrum *spectrum, mpfr_prec_t bits,
                                   ordpar_mp_eigen *eigen, ordpar_error *err);
void ordpar_mp_eigen_clear(ordpar_mp_eigen *eigen);

/** tr Sigma^power / N = sum_b p_b lambda_b^power. */
void ordpar_mp_trace(const ordpar_mp_eigen *eigen, unsigned long power, mpfr_t trace);

/** T^(power) = sum_b p_b lambda_b^power c_b [15.2]. */
void ordpar_mp_teacher_trace(const ordpar_mp_eigen *eigen, unsigned long power, mpfr_t trace);

/** Matrices are [(i*columns + j)*L + b]. */
typedef struct {
    const ordpar_mp_model *model;
    ordpar_mp_eigen eigen;
    ordpar_reals numbers;
    mpfr_t *u;       /* [K+M] output weights: v, then -w */
    mpfr_t *q, *r;   /* [K*K*L], [K*M*L] the start */
    mpfr_t *t;       /* [M*M*L] */
    mpfr_t *eta;     /* [1] */
    mpfr_t *noise2;  /* [1] s^2 */
    mpfr_t *hidden;  /* [M*M] T_perp [15.6]; 0: none */
    mpfr_t *hidden2; /* [1] sum_nm w_n w_m T_perp_nm */
} ordpar_mp_problem;

/** Errors: MEMORY. The caller clears *problem; the model has been checked. */
ordpar_status ordpar_mp_problem_init(const ordpar_mp_model *model, mpfr_prec_t bits,
                                     ordpar_mp_problem *problem, ordpar_error *err);
void ordpar_mp_problem_clear(ordpar_mp_problem *problem);

/** Row k of the grid. */
void ordpar_mp_grid_value(const ordpar_mp_grid *grid, size_t k, mpfr_t alpha);

/** The time of row k [13.6]: alpha, or the integral of the schedule up to it. */
void ordpar_mp_grid_time(const ordpar_mp_grid *grid, const char *schedule, size_t k, mpfr_t alpha);

#endif
