// SPDX-License-Identifier: GPL-3.0-or-later
/** The linear network at finite N, step by step, averaged over the inputs [6.5]: exact. */
#ifndef ORDPAR_LINEAR_FINITE_N_H
#define ORDPAR_LINEAR_FINITE_N_H

#include "base/declarations.h"
#include "base/status.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/**
 * eps_g[count] after the whole number of steps nearest to alpha N, for each alpha[count] (finite,
 * >= 0, in any order). initial_error[L]: E[(J_k - B_k)^2] per component of block b; the first
 * trained_blocks blocks are trained; label_noise: standard deviation, >= 0; eta >= 0.
 * The steps are not made one by one: the recursion's matrix is diagonal plus rank one and its
 * powers follow from its eigenvalues, at a cost of L^2 once and L for each alpha. Errors: INVALID,
 * MEMORY; DIVERGED if a value overflows (eta too large), naming its alpha.
 */
ordpar_status ordpar_linear_finite_n(const ordpar_spectrum *spectrum, double eta,
                                     double label_noise, size_t trained_blocks,
                                     const double *initial_error, const double *alpha, size_t count,
                                     double *eps_g, ordpar_error *err);

ORDPAR_DECLARATIONS_END

#endif
