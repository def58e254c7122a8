// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The average of the squared error of many erf fields under a tilt [2.4, 2.5], all pairs of fields
 * in vectors. The same numbers as pair by pair, but for the last digits. Internal to solver/.
 */
#ifndef ORDPAR_ERF_FIELDS_H
#define ORDPAR_ERF_FIELDS_H

#include "solver/averages/tilt.h"

enum {
    ORDPAR_ERF_MANY_FIELDS = 20 /* from where on the vectors are used: students and teachers of the
                                   smallest wide network, bench/wide.sh */
};

/**
 * E~[(sum_a u_a g(z_a))^2] under the tilt of c[n*n]. gradient: NULL, or [n*n], receives the
 * symmetric derivative by the tilted covariance. work: n*n + 2*n numbers.
 */
double ordpar_erf_tilted_error(const ordpar_tilt *tilt, const double *c, const double *u,
                               double *gradient, double *work);

#endif
