// SPDX-License-Identifier: GPL-3.0-or-later
/** The continuum form of small-eta learning curves on a power law [6.8], and its scaling window. */
#ifndef ORDPAR_LINEAR_CONTINUUM_H
#define ORDPAR_LINEAR_CONTINUUM_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * A power-law spectrum lambda_l = lambda_plus / l^(1+beta), l = 1..L, all multiplicities equal, and
 * an initial error that falls as initial_error / l^zeta, where the teacher decays [15.3].
 */
typedef struct {
    double lambda_plus; /**< > 0 */
    double L;           /**< >= 1 */
    double beta;        /**< > 0 */
    double zeta;        /**< > -beta; 0: the same initial error everywhere */
} ordpar_power_law;

/**
 * The power law with trace N [1.1]: lambda_plus = L / sum_l l^-(1+beta), zeta = 0, at a cost that
 * does not depend on L. Ranges: L >= 1, beta > 0 and finite. Errors: INVALID.
 */
ordpar_status ordpar_power_law_init(int64_t L, double beta, ordpar_power_law *law,
                                    ordpar_error *err);

/**
 * c of the teacher weights c / l^zeta that make T = 1 on this law [15.1]: L / sum_l lambda_plus
 * l^-(1+beta+zeta), at a cost that does not depend on L. law->zeta > -beta.
 */
double ordpar_power_law_teacher(const ordpar_power_law *law);

/**
 * eps_g[count] = (initial_error / 2L) integral over l from 1 to L of lambda(l) l^-zeta exp(-2 eta
 * lambda(l) alpha), by incomplete gamma functions [6.8], [15.3], for alpha[count] (finite, >= 0,
 * any order), eta >= 0 and initial_error >= 0, both finite. Relative error some 1e-14; underflows
 * only where the value does. Errors: INVALID.
 */
ordpar_status ordpar_linear_continuum(const ordpar_power_law *law, double eta, double initial_error,
                                      const double *alpha, size_t count, double *eps_g,
                                      ordpar_error *err);

/** Between begin and end the curve is close to amplitude * alpha^slope [6.9]. */
typedef struct {
    double begin;     /**< 1 / (2 eta lambda_plus) */
    double end;       /**< L^(1+beta) / (2 eta lambda_plus) */
    double slope;     /**< -(beta + zeta) / (1 + beta) */
    double amplitude; /**< its limit for L -> infinity */
} ordpar_scaling_window;

/** The window of the law's small-eta curve [6.9], [15.3]. */
ordpar_scaling_window ordpar_linear_window(const ordpar_power_law *law, double eta,
                                           double initial_error);

/** The middle half of a window in the logarithm, where slopes are measured. */
ordpar_scaling_window ordpar_window_middle(const ordpar_scaling_window *window);

/**
 * The slope of eps_g on this law [15.4]: -(beta + zeta)/(1 + beta), what is left to learn; or, at
 * all orders in eta, -(2 - 1/(1 + beta)), SGD's own noise, where that is less steep: zeta > 1 +
 * beta.
 */
double ordpar_power_law_slope(const ordpar_power_law *law, bool all_orders);

/** SGD's own noise there is this times the sum over l of l^-2(1+beta) exp(-2 eta lambda(l) alpha)
 * [15.5]; started and margin as below. */
double ordpar_linear_noise_factor(const ordpar_power_law *law, double eta, double started,
                                  double margin);

/**
 * Where SGD's own noise decays more slowly than what it has to learn, zeta > 1 + beta, the window
 * at all orders in eta [15.5]. started = sum_b p_b x_b, x_b the initial error of a component;
 * margin = 1 - eta/eta_c, or 1 - r_N.
 */
ordpar_scaling_window ordpar_linear_noise_window(const ordpar_power_law *law, double eta,
                                                 double started, double margin);

/** What a finite L lacks in that window: the part of l > L, as in ordpar_linear_tail [15.5]. */
double ordpar_linear_noise_tail(const ordpar_power_law *law, double eta, double started,
                                double margin);

/**
 * The small-eta error (initial_error / 2L) sum over l > L of lambda(l) l^-zeta that a power law
 * without end would have beyond L, where those modes have not moved [6.14], [15.3]. A finite curve
 * falls faster than alpha^slope because it lacks this constant; with it added the slope is that of
 * the window.
 */
double ordpar_linear_tail(const ordpar_power_law *law, double initial_error);

/**
 * An estimate of the error of the components that are not trained, where N = L and the `trained`
 * largest are (1 <= trained <= L), the sum over l taken as an integral [6.6], [15.3].
 */
double ordpar_linear_floor_estimate(const ordpar_power_law *law, double trained,
                                    double initial_error);

ORDPAR_DECLARATIONS_END

#endif
