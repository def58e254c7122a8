// SPDX-License-Identifier: GPL-3.0-or-later
/** What the two kinds of coordinates share (coefficients.c, deviation.c). Internal to solver/. */
#ifndef ORDPAR_COEFFICIENTS_INTERNAL_H
#define ORDPAR_COEFFICIENTS_INTERNAL_H

#include "base/team.h"
#include "solver/motion/coefficients.h"
#include "solver/state/symmetry.h"

struct ordpar_coefficient_work {
    double *u;                       /* [n] = (v, -w) */
    double *gradient;                /* [n*n] */
    double *scratch;                 /* of averages of four fields, for each member of the team */
    size_t scratch_size;             /* of one member */
    ordpar_team *team;               /* of many units at all orders, that share out F; or NULL */
    double *part;                    /* [(K*M + 2*K*K) * P] of one task; NULL: there are no tasks */
    const ordpar_symmetry *symmetry; /* NULL, or that whose twins count as one field */
    const volatile sig_atomic_t *stop; /* or NULL */
};

/** Whether what the work is for is wanted no more. */
bool ordpar_coefficient_work_stopped(const ordpar_coefficient_work *work);

/** F_ij; scratch as in the work above. */
typedef double (*ordpar_noise_of_pair)(const ordpar_network *network, const double *c,
                                       const double *u, size_t i, size_t j, double *scratch);

/** F[K*K] of all pairs but those with a twin in twins (or NULL), the same for any number of
 * threads.
 */
void ordpar_noise_fill(const ordpar_network *network, const double *c,
                       const ordpar_coefficient_work *work, const ordpar_symmetry *twins,
                       ordpar_noise_of_pair of_pair, double *F);

/** The team that is worth its while for F of a network, or NULL. */
ordpar_team *ordpar_noise_team(const ordpar_network *network);

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
