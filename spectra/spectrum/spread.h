// SPDX-License-Identifier: GPL-3.0-or-later
/** Nearly degenerate spectra [1.4]. */
#ifndef ORDPAR_SPREAD_H
#define ORDPAR_SPREAD_H

#include "spectra/spectrum/spectrum.h"

/** Most parts that a block is cut into. */
enum { ORDPAR_MAX_SPREAD_PARTS = 1 << 20 };

/**
 * Spreads the eigenvalue of each block uniformly over lambda_b (1 - spread) .. lambda_b (1 +
 * spread): the block becomes min(parts, n_b) blocks of multiplicities as even as possible, each at
 * the mean of its share. The trace stays; tr Sigma^2 / N becomes sum_b p_b lambda_b^2 (1 +
 * spread^2 / 3 (1 - 1/parts^2)) where parts divides n_b. The parts keep the
 * block's teacher weight. Eigenvalues come out in decreasing order
 * (blocks may overlap). spread 0 leaves the spectrum as it is, bit for bit.
 * Ranges: 0 <= spread < 1, 1 <= parts <= ORDPAR_MAX_SPREAD_PARTS, some n_b > 1 unless spread is 0.
 * Errors: INVALID, MEMORY; *spectrum is then as it was.
 */
ordpar_status ordpar_spectrum_spread(ordpar_spectrum *spectrum, double spread, size_t parts,
                                     ordpar_error *err);

#endif
