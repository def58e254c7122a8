// SPDX-License-Identifier: GPL-3.0-or-later
/** What the two kinds of coordinates share (coefficients.c, deviation.c). Internal to solver/. */
#ifndef ORDPAR_COEFFICIENTS_INTERNAL_H
#define ORDPAR_COEFFICIENTS_INTERNAL_H

#include "solver/motion/coefficients.h"
#include "solver/state/symmetry.h"

struct ordpar_coefficient_work {
    double *u;                       /* [n] = (v, -w) */
    double *gradient;                /* [n*n] */
    double *scratch;                 /* [n*n + 6n] */
    double *part;                    /* [(K*M + 2*K*K) * P] of one task; NULL: there are no tasks */
    const ordpar_symmetry *symmetry; /* NULL, or that whose twins count as one field */
};

/** Adds factor times the derivatives of a pair average of student i and field a to a row. */
void ordpar_row_add_pair(const ordpar_network *network, size_t i, size_t a, double factor,
                         ordpar_pair_average average, double *row);

/** Adds factor times a symmetric gradient [n*n] in the covariance of all fields to a row. */
void ordpar_row_add_gradient(const ordpar_network *network, double factor, const double *gradient,
                             double *row);

/** Turns the rows [K(K+1)/2][P] of F_ij, j <= i, into those [K*K][P] of all, in place. */
void ordpar_rows_of_both_triangles(size_t K, size_t P, double *rows);

/** Where the row of F_ij stands among those of j <= i. */
static inline size_t ordpar_lower_index(size_t i, size_t j) {
    return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
}

bool ordpar_coefficients_are_finite(const ordpar_network *network,
                                    const ordpar_coefficients *coefficients);

#endif
