// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Closed forms of the linear network [6.1]-[6.7]: one student unit J learns one teacher unit B.
 * Networks with more units reduce to this one (solver/motion/linear_reduction.h).
 *
 * All take a spectrum, of which the first trained_blocks blocks are trained, and the start
 * initial_error[L] = E[(J_k - B_k)^2] per component of a block; they write eps_g[count] for the
 * times alpha[count], each finite and >= 0, in any order. eta: finite, >= 0.
 * Errors of each: INVALID (a value out of range, or a product of two overflows), MEMORY.
 */
#ifndef ORDPAR_LINEAR_H
#define ORDPAR_LINEAR_H

#include "base/declarations.h"
#include "base/status.h"
#include "spectra/forms/linear_critical.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** Most eigenvalues that the exact solutions take: they cost the square of it. */
enum { ORDPAR_LINEAR_MAX_EXACT = 200000 };

/**
 * All orders in eta [6.1], as N -> infinity at fixed L. Needs eta < ordpar_linear_critical_eta:
 * INVALID otherwise. DIVERGED where it overflows, NUMERICAL where arguments are out of double
 * precision's reach. label_noise: standard deviation, >= 0. Relative error: some 1e-14 plus the
 * rounding of the exponents, however far eps_g has decayed and however near eta is to the critical
 * one.
 */
ordpar_status ordpar_linear_exact(const ordpar_spectrum *spectrum, double eta, double label_noise,
                                  size_t trained_blocks, const double *initial_error,
                                  const double *alpha, size_t count, double *eps_g,
                                  ordpar_error *err);

/** Lowest order in eta [6.2], without label noise (which is of the next order). */
ordpar_status ordpar_linear_small_eta(const ordpar_spectrum *spectrum, double eta,
                                      size_t trained_blocks, const double *initial_error,
                                      const double *alpha, size_t count, double *eps_g,
                                      ordpar_error *err);

/** sum p_b lambda_b initial_error_b / 2 over the blocks that are not trained: the small-eta floor.
 */
double ordpar_linear_frozen_error(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                  const double *initial_error);

ORDPAR_DECLARATIONS_END

#endif
