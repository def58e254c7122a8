// SPDX-License-Identifier: GPL-3.0-or-later
/** The continuum form of small-eta learning curves on a power law [6.8], and its scaling window. */
#ifndef ORDPAR_LINEAR_CONTINUUM_H
#define ORDPAR_LINEAR_CONTINUUM_H

#include "base/declarations.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

ORDPAR_DECLARATIONS_BEGIN

/** A power-law spectrum lambda_l = lambda_plus / l^(1+beta), l = 1..L, all multiplicities equal. */
typedef struct {
    double lambda_plus; /**< > 0 */
    double L;           /**< >= 1 */
    double beta;        /**< > 0 */
} ordpar_power_law;

/**
 * The power law with trace N [1.1]: lambda_plus = L / sum_l l^-(1+beta), at a cost that does not
 * depend on L. Ranges: L >= 1, beta > 0 and finite. Errors: INVALID.
 */
ordpar_status ordpar_power_law_init(int64_t L, double beta, ordpar_power_law *law,
                                    ordpar_error *err);

/**
 * eps_g[count] = (initial_error / 2L) integral over l from 1 to L of lambda(l) exp(-2 eta lambda(l)
 * alpha), by incomplete gamma functions [6.8], for alpha[count] (finite, >= 0, any order), eta >= 0
 * and initial_error >= 0, both finite. Relative error some 1e-14; underflows only where the value
 * does. Errors: INVALID.
 */
ordpar_status ordpar_linear_continuum(const ordpar_power_law *law, double eta, double initial_error,
                                      const double *alpha, size_t count, double *eps_g,
                                      ordpar_error *err);

/** Between begin and end the curve is close to amplitude * alpha^slope [6.9]. */
typedef struct {
    double begin;     /**< 1 / (2 eta lambda_plus) */
    double end;       /**< L^(1+beta) / (2 eta lambda_plus) */
    double slope;     /**< -beta / (1 + beta) */
    double amplitude; /**< its limit for L -> infinity */
} ordpar_scaling_window;

/** The window of the law's small-eta curve [6.9]. */
ordpar_scaling_window ordpar_linear_window(const ordpar_power_law *law, double eta,
                                           double initial_error);

/** The middle half of a window in the logarithm, where slopes are measured. */
ordpar_scaling_window ordpar_window_middle(const ordpar_scaling_window *window);

/**
 * The small-eta error (initial_error / 2L) sum over l > L of lambda(l) that a power law without end
 * would have beyond L, where those modes have not moved [6.14]. A finite curve falls faster than
 * alpha^slope because it lacks this constant; with it added the slope is that of the window.
 */
double ordpar_linear_tail(const ordpar_power_law *law, double initial_error);

/**
 * An estimate of the error of the components that are not trained, where N = L and the `trained`
 * largest are (1 <= trained <= L), the sum over l taken as an integral [6.6].
 */
double ordpar_linear_floor_estimate(const ordpar_power_law *law, double trained,
                                    double initial_error);

ORDPAR_DECLARATIONS_END

#endif
