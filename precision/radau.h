// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Collocation at the nodes of Radau IIA [9.8]: the polynomial p of degree s on [0, 1] with p(0)
 * given and p'(c_i) equal to the right-hand side at c_i. Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_RADAU_H
#define ORDPAR_PRECISION_RADAU_H

#include "precision/real.h"

#include <complex.h>

typedef struct {
    size_t s;
    ordpar_reals numbers;
    mpfr_t *node;      /* [s+1] 0, c_1 < .. < c_s = 1 */
    mpfr_t *weight;    /* [s+1] barycentric: 1 / prod_(k != j) (node_j - node_k) */
    mpfr_t *D;         /* [s*s] by rows: p'(c_i) = sum_j D_ij (p(c_j) - p(0)) */
    double complex *U; /* [s*s] by columns: D = U T U^H, T upper triangular */
    double complex *T; /* [s*s] by columns */
} ordpar_radau;

/** Errors: MEMORY, NUMERICAL. Clear it in every case. */
ordpar_status ordpar_radau_init(size_t s, mpfr_prec_t bits, ordpar_radau *radau, ordpar_error *err);
void ordpar_radau_clear(ordpar_radau *radau);

/** Weights of p(c_j) - p(0) in p(tau) - p(0): l[s], for tau in [0, 1]. */
void ordpar_radau_interpolate(const ordpar_radau *radau, const mpfr_t tau, mpfr_t *l);

/** log2 of the leading coefficient of the Legendre polynomial of degree s on [0, 1]. */
double ordpar_radau_log2_leading(size_t s);

#endif
