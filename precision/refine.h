// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Right digits by repetition: a computation runs at two working precisions, whose difference bounds
 * its error, and again at higher ones until the rounded digits are certain [9.6].
 * Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_REFINE_H
#define ORDPAR_PRECISION_REFINE_H

#include "precision/mp_model.h"
#include "precision/real.h"

/** Computes values[count], zeroed numbers of a precision that holds so many working digits. */
typedef ordpar_status (*ordpar_mp_function)(void *context, long working_digits, mpfr_t *values,
                                            ordpar_error *err);

/**
 * Fills result with count numbers to options->digits right digits. lost: digits that the
 * computation is expected to lose, where to begin.
 * Errors: what function returns; NUMERICAL if the working digits grow past any use; MEMORY. The
 * caller clears *result; it is untouched on failure.
 */
ordpar_status ordpar_mp_refine(ordpar_mp_function function, void *context, size_t count,
                               double lost, const ordpar_mp_options *options,
                               ordpar_mp_result *result, ordpar_error *err);

#endif
