// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Averages of two Gaussian fields for any smooth activation, by quadrature in the plane [12.13].
 * Internal to solver/.
 */
#ifndef ORDPAR_QUADRATURE_H
#define ORDPAR_QUADRATURE_H

#include "solver/averages/activation.h"

/** A smooth activation: g and its first four derivatives are bounded, or grow like a power. */
typedef struct ordpar_smooth_function {
    /** The derivatives of the orders 0 .. highest <= 4 of count numbers: d[order][k] at x[k]. */
    void (*derivatives)(int highest, size_t count, const double *x, double *const *d);
    /** Half-width of the strip about the real axis where g is analytic and moderate; finite. */
    double strip;
} ordpar_smooth_function;

/**
 * E[g g], E[g' g'] and E[g'' g] of self->smooth with their derivatives. Absolute accuracy some
 * 1e-14 times the size of the integrand, for any correlation, also of coinciding fields, as long as
 * the standard deviations are below 8 times the strip; beyond, the number of nodes stays what it is
 * there and the accuracy falls. Cost grows as the square of the standard deviation.
 */
ordpar_pair_average ordpar_quadrature_gg(const ordpar_activation *self, double c_aa, double c_ab,
                                         double c_bb);
ordpar_pair_average ordpar_quadrature_dg_dg(const ordpar_activation *self, double c_aa, double c_ab,
                                            double c_bb);
ordpar_pair_average ordpar_quadrature_ddg_g(const ordpar_activation *self, double c_aa, double c_ab,
                                            double c_bb);

/** The same of a function that is no activation's smooth. */
ordpar_pair_average ordpar_smooth_gg(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                     double c_bb);
ordpar_pair_average ordpar_smooth_dg_dg(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                        double c_bb);
ordpar_pair_average ordpar_smooth_ddg_g(const ordpar_smooth_function *g, double c_aa, double c_ab,
                                        double c_bb);

#endif
