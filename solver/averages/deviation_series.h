// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a pair of students whose activation is a mixture adds to the squared error in deviation
 * coordinates, for eight covariances side by side, in units of 2/pi: the second difference of
 * [2.12] without a difference of large numbers [10.7]. Internal to deviation_*.c.
 */
#ifndef ORDPAR_DEVIATION_SERIES_H
#define ORDPAR_DEVIATION_SERIES_H

#include "solver/averages/mixture_internal.h"

/** A student x and its teacher y in eight covariances. All variances are in units of scale^2, the
 * larger of the two. */
typedef struct {
    double scale[ORDPAR_MIXTURE_LANES];
    double square_x[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];   /* beta_p^2 of x */
    double square_y[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];   /* and of y */
    double gap[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];        /* their difference */
    double power[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];      /* a_p beta_p^(2m+1) of y */
    double rise[ORDPAR_MIXTURE_MOST][ORDPAR_MIXTURE_LANES];       /* that of x less that of y */
    double S[(ORDPAR_MIXTURE_ORDERS + 1) * ORDPAR_MIXTURE_LANES]; /* [m][lane] S_m of y */
    double D[(ORDPAR_MIXTURE_ORDERS + 1) * ORDPAR_MIXTURE_LANES]; /* that of x less that of y */
    size_t orders, terms;                    /* that S has so far; of the mixture */
    double bound[ORDPAR_MIXTURE_CHUNKS + 1]; /* of both from the chunk's beginning on */
    double largest;                          /* of beta_p^2 */
} ordpar_deviation_field;

/** The covariances of two students and their teachers, as in ordpar_pair_deviation. */
typedef struct {
    double T[ORDPAR_MIXTURE_LANES], E[ORDPAR_MIXTURE_LANES];
    double Omega[2][ORDPAR_MIXTURE_LANES];
} ordpar_deviation_lanes;

/** The second difference, and its derivatives by T, E and Omega, by Q_ii with T_ii kept (two) and
 * by T_ii with Q_ii - T_ii kept (two). */
typedef struct {
    double value[ORDPAR_MIXTURE_LANES], by_T[ORDPAR_MIXTURE_LANES], by_E[ORDPAR_MIXTURE_LANES];
    double by_Omega[2][ORDPAR_MIXTURE_LANES], by_Q[2][ORDPAR_MIXTURE_LANES],
        by_t[2][ORDPAR_MIXTURE_LANES];
} ordpar_deviation_difference;

/** Begins the sums of a student with the variances T of its teacher and Q = T + grown. */
void ordpar_deviation_field_set(ordpar_deviation_field *field, const ordpar_mixture *g,
                                const double T[ORDPAR_MIXTURE_LANES],
                                const double grown[ORDPAR_MIXTURE_LANES]);

/** Goes on with the sums of all students until each has as many as the pairs of them need. */
void ordpar_deviation_fields_finish(size_t K, ordpar_deviation_field *field);

/** The pair (a, b); false where fields are so large that the series is too long. */
bool ordpar_deviation_series(const ordpar_deviation_field *a, const ordpar_deviation_field *b,
                             const ordpar_deviation_lanes *c, bool slopes,
                             ordpar_deviation_difference *out);

#endif
