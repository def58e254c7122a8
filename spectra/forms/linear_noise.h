// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Label noise that drives each block by a variance of its own (spectrum->noise), for a linear unit:
 * its curve is that of one noise for all from another start [15.32]. Internal to spectra/.
 */
#ifndef ORDPAR_LINEAR_NOISE_H
#define ORDPAR_LINEAR_NOISE_H

#include "base/declarations.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * The standard deviation of the one noise, of weights p_b lambda_b / (1 - step lambda_b) over the
 * trained blocks; label_noise where spectrum->noise is NULL. step: 0 in continuous time, eta/N in
 * steps, such that step lambda_b < 1 in all of them.
 */
double ordpar_linear_even_noise(const ordpar_spectrum *spectrum, size_t trained_blocks, double step,
                                double label_noise);

/**
 * The other start, which may be negative in a block, in memory that the caller frees: initial_error
 * [L] itself where spectrum->noise is NULL. eta as in linear.h, even_noise from above. NULL: out of
 * memory.
 */
double *ordpar_linear_even_start(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                 double step, double eta, double even_noise,
                                 const double *initial_error);

ORDPAR_DECLARATIONS_END

#endif
