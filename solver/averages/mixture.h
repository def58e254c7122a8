// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activations that are mixtures of erfs, g(x) = constant + sum_k a_k erf(s_k x / sqrt 2): all their
 * averages are sums over the terms of those of erf [2.7]-[2.10]. Internal to solver/.
 */
#ifndef ORDPAR_MIXTURE_H
#define ORDPAR_MIXTURE_H

#include "solver/averages/two_activations.h"

enum { ORDPAR_MIXTURE_MOST = 24 /* terms */ };

typedef struct ordpar_mixture {
    size_t terms; /* <= ORDPAR_MIXTURE_MOST */
    double constant;
    const double *a, *s; /* [terms] s_k > 0 */
} ordpar_mixture;

/** E[g g], E[g' g'] and E[g'' g] of self->mixture with their derivatives, for any variances and
 * correlation. */
ordpar_pair_average ordpar_mixture_gg(const ordpar_activation *self, double c_aa, double c_ab,
                                      double c_bb);
ordpar_pair_average ordpar_mixture_dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                         double c_bb);
ordpar_pair_average ordpar_mixture_ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                         double c_bb);

/** E[g h], E[g' h'] and E[g'' h], likewise. */
ordpar_pair_average ordpar_mixtures_gg(const ordpar_mixture *g, const ordpar_mixture *h,
                                       double c_aa, double c_ab, double c_bb);
ordpar_pair_average ordpar_mixtures_dg_dg(const ordpar_mixture *g, const ordpar_mixture *h,
                                          double c_aa, double c_ab, double c_bb);
ordpar_pair_average ordpar_mixtures_ddg_g(const ordpar_mixture *g, const ordpar_mixture *h,
                                          double c_aa, double c_ab, double c_bb);

/** As ordpar_noise_function; work: ordpar_mixture_work(n) doubles. */
double ordpar_mixture_squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work);
size_t ordpar_mixture_work(size_t n);
/** What that of ordpar_deviation_mixture takes of n = 2 K fields. */
size_t ordpar_deviation_mixture_work(size_t n);

/** The same where g and h are mixtures and polynomials, g of which is of the first degree at most:
 * fields of either. */
double ordpar_mixtures_squared_error_dg_dg(const ordpar_fields *fields, const double *c,
                                           const double *u, size_t i, size_t j, double *gradient,
                                           double *work);

/** Adds E[g^(k)] of a field of this variance to mean[k], k < ORDPAR_MEANS (polynomial.h). */
void ordpar_mixture_add_means(const ordpar_mixture *g, double variance, double *mean);

#endif
