// SPDX-License-Identifier: GPL-3.0-or-later
/** Sums of exponentials over a spectrum, the form that most closed forms take. */
#ifndef ORDPAR_EXP_SUM_H
#define ORDPAR_EXP_SUM_H

#include "base/declarations.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * out[j] = sum_b weight_b exp(-rate_b t_j) for b = 0..n-1, j = 0..count-1 [6.2].
 * rate: decreasing, finite, of any sign. t: finite, >= 0. weight: finite, of any sign; for weights
 * of one sign the relative error is that of the arguments rate_b t_j plus some 1e-15, at any depth:
 * a sum underflows only where its value does. Growing terms may overflow to infinity.
 */
void ordpar_exp_sum(size_t n, const double *weight, const double *rate, size_t count,
                    const double *t, double *out);

ORDPAR_DECLARATIONS_END

#endif
