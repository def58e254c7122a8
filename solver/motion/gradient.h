// SPDX-License-Identifier: GPL-3.0-or-later
/** The mean gradient and the noise of a step. */
#ifndef ORDPAR_GRADIENT_H
#define ORDPAR_GRADIENT_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

ORDPAR_DECLARATIONS_BEGIN

/**
 * Of the students' weights in the first trained_blocks blocks [13.11]: *rate, a, by which eps_g
 * falls in a unit of alpha at learning rate 1 in its lowest order; *noise_scale, in examples, the
 * batch for which the gradient's variance is the square of its mean, with the label noise. All
 * orders in eta, whatever network->small_eta is: the activation must have squared_error_dg_dg; else
 * *noise_scale is not a number. The output weights are the overlaps' v, if there are any. Errors:
 * MEMORY, NUMERICAL.
 */
ordpar_status ordpar_gradient_measure(const ordpar_overlaps *overlaps,
                                      const ordpar_spectrum *spectrum,
                                      const ordpar_network *network, size_t trained_blocks,
                                      double *rate, double *noise_scale, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
