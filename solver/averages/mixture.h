// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activations that are mixtures of erfs, g(x) = constant + sum_k a_k erf(s_k x / sqrt 2): all their
 * averages are sums over the terms of those of erf [2.7]-[2.10]. Internal to solver/.
 */
#ifndef ORDPAR_MIXTURE_H
#define ORDPAR_MIXTURE_H

#include "solver/averages/activation.h"

enum { ORDPAR_MIXTURE_MOST = 24 /* terms */ };

typedef struct {
    size_t terms; /* <= ORDPAR_MIXTURE_MOST */
    double constant;
    const double *a, *s; /* [terms] s_k > 0 */
} ordpar_mixture;

/** E[g g], E[g' g'] and E[g'' g] with their derivatives, for any variances and correlation. */
ordpar_pair_average ordpar_mixture_gg(const ordpar_mixture *g, double c_aa, double c_ab,
                                      double c_bb);
ordpar_pair_average ordpar_mixture_dg_dg(const ordpar_mixture *g, double c_aa, double c_ab,
                                         double c_bb);
ordpar_pair_average ordpar_mixture_ddg_g(const ordpar_mixture *g, double c_aa, double c_ab,
                                         double c_bb);

/** As ordpar_noise_function; work: ordpar_mixture_work(n) doubles. */
double ordpar_mixture_squared_error_dg_dg(const ordpar_mixture *g, size_t n, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work);
size_t ordpar_mixture_work(size_t n);

/** Defines gg, dg_dg, ddg_g and squared_error_dg_dg, as ordpar_activation has them. */
#define ORDPAR_DEFINE_MIXTURE(mixture)                                                             \
    static ordpar_pair_average gg(double c_aa, double c_ab, double c_bb) {                         \
        return ordpar_mixture_gg(&(mixture), c_aa, c_ab, c_bb);                                    \
    }                                                                                              \
    static ordpar_pair_average dg_dg(double c_aa, double c_ab, double c_bb) {                      \
        return ordpar_mixture_dg_dg(&(mixture), c_aa, c_ab, c_bb);                                 \
    }                                                                                              \
    static ordpar_pair_average ddg_g(double c_aa, double c_ab, double c_bb) {                      \
        return ordpar_mixture_ddg_g(&(mixture), c_aa, c_ab, c_bb);                                 \
    }                                                                                              \
    static double squared_error_dg_dg(size_t n, const double *c, const double *u, size_t i,        \
                                      size_t j, double *gradient, double *work) {                  \
        return ordpar_mixture_squared_error_dg_dg(&(mixture), n, c, u, i, j, gradient, work);      \
    }

#endif
