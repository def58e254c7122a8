// SPDX-License-Identifier: GPL-3.0-or-later
/** The exact mean of linear one-pass SGD at finite N, step by step [6.5]. */
#ifndef ORDPAR_LINEAR_FINITE_N_H
#define ORDPAR_LINEAR_FINITE_N_H

#include "spectrum.h"
#include "status.h"

#include <stddef.h>

/**
 * [6.5] Mean over the inputs of eps_g for one linear unit learning another, delta = J.xi - B.xi, at
 * alpha[k] N steps (the nearest whole number): eps_g[count].
 * initial_error[L]: E[(J_k - B_k)^2] of each component of block b, which the components of a block
 * share (or have on average); the first trained_blocks blocks are trained. alpha[count]: ascending,
 * >= 0. Errors: INVALID, MEMORY, DIVERGED (the mean is not finite; the message names alpha).
 */
ordpar_status ordpar_linear_finite_n(const ordpar_spectrum *spectrum, double eta,
                                     double label_noise, size_t trained_blocks,
                                     const double *initial_error, const double *alpha, size_t count,
                                     double *eps_g, ordpar_error *err);

#endif
