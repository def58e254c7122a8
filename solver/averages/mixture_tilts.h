// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Weights that are sums of Gaussians of two fields z_i and z_j, as g'(z_i) g'(z_j) of a mixture.
 * Each pair (k, l) of terms of the two factors tilts the covariance, to [2.11]
 *     c~ = (c + s_k^2 c^i + s_l^2 c^j + s_k^2 s_l^2 c^ij) / D,
 * with the minors c^i_ab = c_ii c_ab - c_ia c_ib and c^ij_ab of the fields (i, j, a | i, j, b),
 * which are made once. Eight such pairs stand side by side in the lanes of a vector. Internal to
 * solver/.
 */
#ifndef ORDPAR_MIXTURE_TILTS_H
#define ORDPAR_MIXTURE_TILTS_H

#include "solver/averages/mixture.h"

enum { ORDPAR_MIXTURE_LANES = 8 };

/** A factor: sum_k height_k exp(-square_k z^2/2). */
typedef struct {
    size_t count;
    double height[ORDPAR_MIXTURE_MOST + 1], square[ORDPAR_MIXTURE_MOST + 1];
} ordpar_gaussian_terms;

/** The minors of all fields with the weight's two, and what becomes of their derivatives. */
typedef struct {
    const ordpar_gaussian_terms *first, *second; /* of z_i and z_j; if i = j they are the same */
    size_t n, i, j;
    const double *c;
    double *by_i, *by_j, *by_ij; /* [n*n] c^i, c^j, c^ij */
    double det;                  /* c_ii c_jj - c_ij^2 */
    double *slope;               /* NULL, or [4][n*n]: by c, c^i, c^j and c^ij */
    double slope_i, slope_j, slope_det;
    double *rows; /* [2*n] scratch */
} ordpar_mixture_weight;

/** Eight pairs of terms (k, l). */
typedef struct {
    double k[ORDPAR_MIXTURE_LANES], l[ORDPAR_MIXTURE_LANES]; /* s_k^2, s_l^2 */
    double inverse[ORDPAR_MIXTURE_LANES];                    /* 1/D */
    double weight[ORDPAR_MIXTURE_LANES]; /* of the factors; 0: nobody is in the lane */
} ordpar_mixture_tilts;

/** Numbers of scratch for a weight of n fields. */
#define ORDPAR_MIXTURE_WEIGHT_WORK(n) (7 * (n) * (n) + 2 * (n))

/** g' of a mixture, with its slope. */
void ordpar_mixture_slope_terms(const ordpar_activation *g, ordpar_gaussian_terms *terms);

/** Sets the weight for n fields of covariance c; all that is pointed to lives as long as it. */
void ordpar_mixture_weight_set(ordpar_mixture_weight *f, const ordpar_gaussian_terms *first,
                               const ordpar_gaussian_terms *second, size_t n, const double *c,
                               size_t i, size_t j, bool slopes, double *work);

/** Fills the lanes with pairs from number *next on; those of one field are counted twice. Returns
 * how many; 0: there are no more. */
size_t ordpar_mixture_tilts_next(const ordpar_mixture_weight *f, size_t *next,
                                 ordpar_mixture_tilts *t);

/** [2.11] c~_ab, in all lanes. */
void ordpar_mixture_tilted(const ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t a,
                           size_t b, double out[ORDPAR_MIXTURE_LANES]);

/** Adds by dc~_ab, lane by lane, to the derivatives by the minors. */
void ordpar_mixture_add_slope(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t, size_t a,
                              size_t b, const double by[ORDPAR_MIXTURE_LANES]);

/** The sum of the weights times average; turned is sum_ab (weight daverage/dc~_ab) c~_ab. */
double ordpar_mixture_tilts_sum(ordpar_mixture_weight *f, const ordpar_mixture_tilts *t,
                                const double average[ORDPAR_MIXTURE_LANES],
                                const double turned[ORDPAR_MIXTURE_LANES]);

/** The derivatives by c as a symmetric matrix [n*n]. */
void ordpar_mixture_weight_pull_back(ordpar_mixture_weight *f, double *gradient);

#endif
