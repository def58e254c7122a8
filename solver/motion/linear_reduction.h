// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A linear network of any size as one student unit J* = sum_i v_i J_i that learns one teacher unit
 * B* = sum_n w_n B_n at the learning rate eta sum_i v_i^2 [6.10]: what spectra/forms/linear.h
 * takes.
 */
#ifndef ORDPAR_LINEAR_REDUCTION_H
#define ORDPAR_LINEAR_REDUCTION_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/network.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

ORDPAR_DECLARATIONS_BEGIN

/** eta sum_i v_i^2. */
double ordpar_linear_effective_eta(const ordpar_network *network);

/**
 * E[(J*_k - B*_k)^2] per component, averaged over the random starts and teachers [6.10]:
 * sigma_J^2 sum v_i^2 + sum w_n^2, or sum (v_i - w_i)^2 instead of sum w_n^2 near the teacher.
 * Errors: INVALID (near the teacher with K != M).
 */
ordpar_status ordpar_linear_mean_error(const ordpar_network *network, ordpar_init init,
                                       double sigma_J, double *initial_error, ordpar_error *err);

/** The same for given overlaps, per component of each block: initial_error[L]. */
void ordpar_linear_start_error(const ordpar_network *network, const ordpar_spectrum *spectrum,
                               const ordpar_overlaps *start, double *initial_error);

ORDPAR_DECLARATIONS_END

#endif
