// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * E[g(a) g(b)] of a mixture for eight covariances side by side, in units of 2/pi and without the
 * constant. By [2.12]: with r = c_ab/sqrt(c_aa c_bb) and beta_p^2 = s_p^2 c/(1 + s_p^2 c),
 *     sum_pq a_p a_q asin(r beta_p beta_q) = sum_m c_m r^(2m+1) S_m(a) S_m(b),
 *     S_m = sum_p a_p beta_p^(2m+1),
 * c_m the coefficients of asin; by the sum over pairs of terms where fields are so large that this
 * takes too many m. Internal to mixture*.c.
 */
#ifndef ORDPAR_MIXTURE_INTERNAL_H
#define ORDPAR_MIXTURE_INTERNAL_H

#include "solver/averages/long_number.h"
#include "solver/averages/mixture_tilts.h"
#include "solver/averages/polynomial.h"

enum {
    ORDPAR_MIXTURE_CHUNK = 8,   /* between tests of the end */
    ORDPAR_MIXTURE_CHUNKS = 32, /* of the longest series */
    ORDPAR_MIXTURE_ORDERS = ORDPAR_MIXTURE_CHUNK * ORDPAR_MIXTURE_CHUNKS
};

/** A field in eight covariances, and its sums S_m. */
typedef struct {
    double variance[ORDPAR_MIXTURE_LANES];
    double scale[ORDPAR_MIXTURE_LANES]; /* sqrt(c) or, where that is 0, what is as good */
    double square[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];     /* beta_p^2 */
    double power[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];      /* a_p beta_p^(2m+1) */
    double S[(ORDPAR_MIXTURE_ORDERS + 1) * ORDPAR_MIXTURE_LANES]; /* [m][lane] */
    size_t orders, terms; /* that S has so far; of the mixture */
    /* what S_m is at most from the chunk's beginning on, in all lanes */
    double bound[ORDPAR_MIXTURE_CHUNKS + 1];
    double largest; /* of beta_p^2 */
} ordpar_mixture_field;

typedef struct {
    double value[ORDPAR_MIXTURE_LANES], d_aa[ORDPAR_MIXTURE_LANES], d_ab[ORDPAR_MIXTURE_LANES],
        d_bb[ORDPAR_MIXTURE_LANES];
} ordpar_mixture_lanes;

enum { ORDPAR_MIXTURE_MEANS = ORDPAR_POLYNOMIAL_MOST + 3 };

/** E[g^(k)] of a field in eight covariances: of its polynomial part, with the constant, and of the
 * sum of erfs. */
typedef struct {
    double p[ORDPAR_MIXTURE_MEANS][ORDPAR_MIXTURE_LANES],
        e[ORDPAR_MIXTURE_MEANS][ORDPAR_MIXTURE_LANES];
} ordpar_mixture_means;

/** g or p may be NULL. */
void ordpar_mixture_means_set(ordpar_mixture_means *means, const ordpar_mixture *g,
                              const ordpar_polynomial *p,
                              const double variance[ORDPAR_MIXTURE_LANES]);

/** Adds what polynomials have to do with E[g(a) h(b)], in units of 2/pi, with the derivatives
 * [2.13]. */
void ordpar_mixture_means_add(const ordpar_mixture_means *a, const ordpar_mixture_means *b,
                              const double c_ab[ORDPAR_MIXTURE_LANES], ordpar_mixture_lanes *out);

/** Begins the sums of a field of these variances. */
void ordpar_mixture_field_set(ordpar_mixture_field *field, const ordpar_mixture *g,
                              const double variance[ORDPAR_MIXTURE_LANES]);

/** Goes on with the sums of all fields until each has as many as the pairs of them need. */
void ordpar_mixture_fields_finish(size_t n, ordpar_mixture_field *field);

/** The averages of two fields with the covariances c_ab; the derivatives where wanted. */
void ordpar_mixture_lanes_gg(const ordpar_mixture *g, const ordpar_mixture *h,
                             const ordpar_mixture_field *a, const ordpar_mixture_field *b,
                             const double c_ab[ORDPAR_MIXTURE_LANES], bool slopes,
                             ordpar_mixture_lanes *out);

#endif
