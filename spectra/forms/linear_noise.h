// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Label noise that drives each block by a variance of its own (spectrum->noise), for a linear unit:
 * its curve is that of one noise for all from another start [15.32]. Internal to spectra/.
 */
#ifndef ORDPAR_LINEAR_NOISE_H
#define ORDPAR_LINEAR_NOISE_H

#include "base/declarations.h"
#include "spectra/forms/linear_modes.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * The standard deviation of the one noise, in the end where it changes with what is learned
 * (spectrum->coupling), of weights p_b lambda_b / (1 - step lambda_b) over the
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

/** Most steps times blocks of what follows. */
#define ORDPAR_LINEAR_MOST_STEPS 1e11

/**
 * [6.5] step by step, for noise that changes with what is learned [15.36]; the input is checked.
 * The noise is that of some steps, 64 to each e-fold, and linear between them: a relative 3e-5 of
 * its change at most. Errors: INVALID (too many steps), MEMORY, DIVERGED.
 */
ordpar_status ordpar_linear_by_steps(const ordpar_linear_input *input, double *eps_g,
                                     ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
