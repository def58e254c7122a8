// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activations that are polynomials, sum_m a_m x^m, and averages of products with one [2.13],
 * [2.14]. Internal to solver/.
 */
#ifndef ORDPAR_POLYNOMIAL_H
#define ORDPAR_POLYNOMIAL_H

#include "solver/averages/activation.h"

enum {
    ORDPAR_POLYNOMIAL_MOST = 5, /* degree */
    ORDPAR_MEANS = 10           /* E[f^(k)], k < this: what averages of two fields are made of */
};

typedef struct ordpar_polynomial {
    double a[ORDPAR_POLYNOMIAL_MOST + 1];
} ordpar_polynomial;

/** Adds E[p^(k)] of a field of this variance to mean[k], k < ORDPAR_MEANS. */
void ordpar_polynomial_add_means(const ordpar_polynomial *p, double variance,
                                 double mean[ORDPAR_MEANS]);

/**
 * [2.13] E[f^(first)(a) h^(second)(b)] with its derivatives from the means F and H, of which those
 * from ORDPAR_POLYNOMIAL_MOST + 1 on vanish for one of them; first + second <= 2.
 */
ordpar_pair_average ordpar_means_pair(const double F[ORDPAR_MEANS], const double H[ORDPAR_MEANS],
                                      int first, int second, double c_ab);

/** [2.15] As ordpar_mixed_squared_error_dg_dg, of polynomials; needs no work. */
double ordpar_polynomials_squared_error_dg_dg(const ordpar_polynomial *g,
                                              const ordpar_polynomial *h, size_t K, size_t n,
                                              const double *c, const double *u, size_t i, size_t j,
                                              double *gradient);

#endif
