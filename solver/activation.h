// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Activation functions g and their Gaussian averages [2.x in docs/equations.md].
 *
 * An activation is one constant table; to add one, write its file and enter it in activation.c.
 * Fields are jointly Gaussian with mean zero; c_ab is the covariance of fields a and b.
 */
#ifndef ORDPAR_ACTIVATION_H
#define ORDPAR_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

/** An average of two fields with its derivatives with respect to c_aa, c_ab and c_bb. */
typedef struct {
    double value, d_aa, d_ab, d_bb;
} ordpar_pair_average;

/** Takes (c_aa, c_ab, c_bb); coinciding fields are c_aa = c_ab = c_bb. */
typedef ordpar_pair_average (*ordpar_pair_function)(double c_aa, double c_ab, double c_bb);

/**
 * E[(sum_a u_a g(z_a))^2 g'(z_i) g'(z_j)] for n fields with covariance c[n*n] (row-major,
 * symmetric) and coefficients u[n]. gradient: NULL, or [n*n], receives the symmetric matrix Gamma
 * with d value = sum_ab Gamma_ab dc_ab (the sum over all ordered pairs). work: scratch of n*n + 4*n
 * doubles.
 */
typedef double (*ordpar_noise_function)(size_t n, const double *c, const double *u, size_t i,
                                        size_t j, double *gradient, double *work);

typedef struct {
    const char *name;
    double (*g)(double x);
    double (*dg)(double x);     /**< g' */
    ordpar_pair_function gg;    /**< E[g(a) g(b)] */
    ordpar_pair_function dg_dg; /**< E[g'(a) g'(b)] */
    ordpar_pair_function ddg_g; /**< E[g''(a) g(b)] */
    ordpar_noise_function squared_error_dg_dg;
} ordpar_activation;

extern const ordpar_activation ordpar_activation_linear;
extern const ordpar_activation ordpar_activation_erf;

/** The activation of that name, or NULL. */
const ordpar_activation *ordpar_activation_find(const char *name);

/** Number index (from 0) of the known activations, NULL past the last. */
const ordpar_activation *ordpar_activation_at(size_t index);

/**
 * E[(sum_a u_a g(z_a))^2] = sum_ab u_a u_b E[g(z_a) g(z_b)] [2.5], with the gradient as above (or
 * NULL). The generalization error is half of it, with u = (v, -w).
 */
double ordpar_activation_squared_error(const ordpar_activation *activation, size_t n,
                                       const double *c, const double *u, double *gradient);

#endif
