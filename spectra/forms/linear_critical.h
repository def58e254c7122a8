// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Where the noise of SGD makes a linear network diverge, and what it adds below that: for
 * N -> infinity at fixed L [6.4], [6.7], and in discrete steps at this N [6.11]-[6.13]. The two
 * differ where eta lambda_1 / N is not small: L of order N is not a limit of the first.
 *
 * All take a spectrum, of which the first trained_blocks blocks are trained, and the learning rate
 * eta (finite, >= 0) of the one unit that the network acts as: eta sum_i v_i^2
 * (ordpar_linear_effective_eta). Frozen blocks act as label noise.
 */
#ifndef ORDPAR_LINEAR_CRITICAL_H
#define ORDPAR_LINEAR_CRITICAL_H

#include "base/declarations.h"
#include "spectra/spectrum/spectrum.h"

#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** eta_c = 2 / sum p_b lambda_b over the trained blocks [6.4]; infinite if none is trained. */
double ordpar_linear_critical_eta(const ordpar_spectrum *spectrum, size_t trained_blocks);

/**
 * 1 - eta/eta_c [6.4], negative above eta_c; its relative error is some 1e-16 however near eta is
 * to eta_c. For label noise the floor, and in the window of a power law the curve, is divided by
 * it.
 */
double ordpar_linear_margin(const ordpar_spectrum *spectrum, size_t trained_blocks, double eta);

/**
 * r_N = (eta / 2N) sum_k lambda_k / (1 - eta lambda_k / N) over the trained components [6.11], what
 * takes the place of eta/eta_c in discrete steps at this N. Infinite if eta lambda_1 >= N.
 */
double ordpar_linear_ratio_finite_n(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                    double eta);

/** 1 - r_N as accurately as ordpar_linear_margin; minus infinity if eta lambda_1 >= N. */
double ordpar_linear_margin_finite_n(const ordpar_spectrum *spectrum, size_t trained_blocks,
                                     double eta);

/**
 * eta_c(N): the eta at which r_N = 1 [6.12], between 0 and the smaller of eta_c and N/lambda_1;
 * infinite if none is trained. Above it the mean over runs grows without end, made by rare runs.
 */
double ordpar_linear_critical_eta_finite_n(const ordpar_spectrum *spectrum, size_t trained_blocks);

/**
 * The value that ordpar_linear_exact tends to [6.7]: (frozen error + label_noise^2 r / 2) / (1 - r)
 * with r = eta/eta_c < 1; initial_error[L] per component of a block, as ordpar_linear_exact has it.
 */
double ordpar_linear_floor(const ordpar_spectrum *spectrum, double eta, double label_noise,
                           size_t trained_blocks, const double *initial_error);

/** The value that ordpar_linear_finite_n tends to [6.13]: ordpar_linear_floor with r_N < 1 for r.
 */
double ordpar_linear_floor_finite_n(const ordpar_spectrum *spectrum, double eta, double label_noise,
                                    size_t trained_blocks, const double *initial_error);

ORDPAR_DECLARATIONS_END

#endif
