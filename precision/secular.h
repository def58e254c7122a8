// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Roots of the secular equation [9.5]
 *     f(x) = 1 - kappa sum_j g2_j / (lambda_j - x) = 0,   lambda_0 > .. > lambda_{m-1}, kappa, g2_j
 * > 0: root k lies below lambda_k and above lambda_{k+1}, the last below all. Internal to
 * precision/.
 */
#ifndef ORDPAR_PRECISION_SECULAR_H
#define ORDPAR_PRECISION_SECULAR_H

#include "precision/real.h"

typedef struct {
    size_t m;
    mpfr_t *lambda, *g2; /* [m] */
    mpfr_srcptr kappa;
} ordpar_mp_secular;

/**
 * Root k = lambda_origin + offset: *origin is the nearer of the neighbouring poles, so that the
 * offset keeps its relative precision (that of offset's number).
 */
void ordpar_mp_secular_root(const ordpar_mp_secular *secular, size_t k, size_t *origin,
                            mpfr_t offset);

#endif
