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

/** d^power times g of units[0 .. values - 1] times g' of units[values .. values + slopes - 1]. */
typedef struct {
    int power; /* at most 4 */
    size_t values, slopes;
    size_t units[4];
} ordpar_high_product;

typedef struct {
    size_t most_fields; /* n may not be larger; 0: any */
    /** slope[a] = E[d/dz_a product], power + values = 3; work: 3 n^2 + 5 n. */
    void (*slope)(const ordpar_high_fields *f, const ordpar_high_product *p, double *slope,
                  double *work);
    /** E[product], power + values = 4; work: 3 n^2 + 5 n. */
    double (*mean)(const ordpar_high_fields *f, const ordpar_high_product *p, double *work);
} ordpar_high_averages;

extern const ordpar_high_averages ordpar_high_quadratic, ordpar_high_relu;

/** Those of an activation, NULL where they are not known: linear, erf, quadratic and relu have
 * them. */
const ordpar_high_averages *ordpar_high_averages_of(const ordpar_activation *activation);

#endif
