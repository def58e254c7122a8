// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Averages of the third and fourth power of the error: what the fluctuations of one step of SGD are
 * made of. Internal to solver/.
 */
#ifndef ORDPAR_HIGH_H
#define ORDPAR_HIGH_H

#include "solver/averages/activation.h"

/** d = sum_a u_a g(z_a) + noise of variance s2, for n fields z of covariance c[n*n]. */
typedef struct {
    size_t n;
    const double *c, *u;
    double s2;
} ordpar_high_fields;

typedef struct {
    size_t most_fields; /* n may not be larger; 0: any */
    /** slope[a] = E[d/dz_a (d^3 g'_i g'_j g'_k)], units[3] = i, j, k; work: 3 n^2 + 5 n. */
    void (*cubed)(const ordpar_high_fields *f, const size_t units[3], double *slope, double *work);
    /** E[d^4 g'_i g'_j g'_k g'_l]; work: 3 n^2 + 5 n. */
    double (*fourth)(const ordpar_high_fields *f, const size_t units[4], double *work);
} ordpar_high_averages;

extern const ordpar_high_averages ordpar_high_quadratic, ordpar_high_relu;

/** Those of an activation, NULL where they are not known: linear, erf, quadratic and relu have
 * them. */
const ordpar_high_averages *ordpar_high_averages_of(const ordpar_activation *activation);

#endif
