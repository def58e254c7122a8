// SPDX-License-Identifier: GPL-3.0-or-later
/** The closure of the hierarchy of moments [9.3] and what it costs in digits. Internal to
 * precision/.
 */
#ifndef ORDPAR_PRECISION_HIERARCHY_H
#define ORDPAR_PRECISION_HIERARCHY_H

#include "precision/problem.h"

/** Copies the distinct eigenvalues, in decreasing order, to the front of lambda[L]; how many. */
size_t ordpar_mp_distinct(const ordpar_mp_eigen *eigen, mpfr_t *lambda);

/** prod_b (x - lambda_b) = x^L + sum_p c_p x^p: the coefficients c[L] for lambda[L]. */
void ordpar_mp_minimal_polynomial(size_t L, mpfr_t *lambda, mpfr_t *c);

/** The same from a spectrum. Errors: MEMORY, INVALID. */
ordpar_status ordpar_mp_spectrum_condition(const ordpar_mp_spectrum *spectrum,
                                           double *log10_condition, ordpar_error *err);

/** moments[orders] = sum_b lambda_b^p x_b, p = 0..orders-1 [3.2], of one component x[L]. */
void ordpar_mp_moments(const ordpar_mp_eigen *eigen, mpfr_t *x, size_t orders, size_t stride,
                       mpfr_t *moments);

#endif
