// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Averages of fields of which some have the activation g, students, and the others h, teachers
 * [2.13]-[2.15]. Internal to solver/.
 */
#ifndef ORDPAR_MIXED_H
#define ORDPAR_MIXED_H

#include "solver/averages/two_activations.h"

/** True if the averages of two fields are known: where g is h, one of them a polynomial, both sums
 * of erfs, or both smoothed ramps. */
bool ordpar_activations_mix(const ordpar_activation *g, const ordpar_activation *h);

/** True if those of four are known, too. */
bool ordpar_activations_mix_at_all_orders(const ordpar_activation *g, const ordpar_activation *h);

/** E[g(a) h(b)], E[g'(a) h'(b)] and E[g''(a) h(b)], which are known, with their derivatives. */
ordpar_pair_average ordpar_mixed_gg(const ordpar_activation *g, const ordpar_activation *h,
                                    double c_aa, double c_ab, double c_bb);
ordpar_pair_average ordpar_mixed_dg_dg(const ordpar_activation *g, const ordpar_activation *h,
                                       double c_aa, double c_ab, double c_bb);
ordpar_pair_average ordpar_mixed_ddg_g(const ordpar_activation *g, const ordpar_activation *h,
                                       double c_aa, double c_ab, double c_bb);

/** The same of the derivatives of orders (first, second) = (0, 0), (1, 1) or (2, 0), part by part,
 * also where g is h. */
ordpar_pair_average ordpar_parts_pair(const ordpar_activation *g, const ordpar_activation *h,
                                      int first, int second, double c_aa, double c_ab, double c_bb);

/**
 * As ordpar_noise_function: the first K of n fields have g, the others h; i, j < K.
 * work: ordpar_mixed_work(n) doubles.
 */
double ordpar_mixed_squared_error_dg_dg(const ordpar_activation *g, const ordpar_activation *h,
                                        size_t K, size_t n, const double *c, const double *u,
                                        size_t i, size_t j, double *gradient, double *work);
size_t ordpar_mixed_work(size_t n);

#endif
