// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activations that are a ramp, smoothed unless s is infinite, and bumps,
 *     g(x) = E_n (x + n/s)_+ + sum_k b_k exp(-s_k^2 x^2/2),  n ~ N(0, 1):
 * their averages are moments of Gaussian fields on orthants, under tilts [12.16], [12.17]. Internal
 * to solver/.
 */
#ifndef ORDPAR_RAMP_H
#define ORDPAR_RAMP_H

#include "solver/averages/polynomial.h"
#include "solver/averages/quadrature.h"
#include "solver/averages/two_activations.h"

enum { ORDPAR_RAMP_MOST = 24 /* bumps */ };

typedef struct ordpar_ramp {
    double s; /* > 0; infinite: not smoothed */
    size_t bumps;
    const double *height, *width; /* [bumps] b_k and s_k > 0 */
    /* averages of two fields are by quadrature where that is faster: at standard deviations up to
     * the strip of this; NULL: never */
    const ordpar_smooth_function *smooth;
    /* the first terms of g's series, which four fields of at most this variance take: there ramp
     * and bumps cancel; NULL: never */
    const ordpar_polynomial *series;
    double small;
} ordpar_ramp;

/** The averages of the derivatives of orders (first, second) = (0, 0), (1, 1) or (2, 0) of two
 * smoothed ramps, with their derivatives. */
ordpar_pair_average ordpar_ramps_pair(const ordpar_ramp *g, const ordpar_ramp *h, int first,
                                      int second, double c_aa, double c_ab, double c_bb);

/** Adds E[g^(k)] of a field of this variance to mean[k], k < ORDPAR_MEANS (polynomial.h). */
void ordpar_ramp_add_means(const ordpar_ramp *g, double variance, double *mean);

/** As ordpar_mixed_squared_error_dg_dg where g is a ramp and h one or a polynomial, or, if g is not
 * smoothed, a polynomial; work: n*n + 6*n doubles. */
double ordpar_ramps_squared_error_dg_dg(const ordpar_fields *fields, const double *c,
                                        const double *u, size_t i, size_t j, double *gradient,
                                        double *work);

/** E[g g], E[g' g'] and E[g'' g] of self->ramp with their derivatives, for any variances and
 * correlation. */
ordpar_pair_average ordpar_ramp_gg(const ordpar_activation *self, double c_aa, double c_ab,
                                   double c_bb);
ordpar_pair_average ordpar_ramp_dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                      double c_bb);
ordpar_pair_average ordpar_ramp_ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                      double c_bb);

/** Scratch of these, if there are many bumps. */
size_t ordpar_ramp_work(size_t n);

/** As ordpar_noise_function; work: ordpar_ramp_work(n), or with few bumps n*n + 6*n. */
double ordpar_ramp_squared_error_dg_dg(const ordpar_activation *self, size_t n, const double *c,
                                       const double *u, size_t i, size_t j, double *gradient,
                                       double *work);

#endif
