// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Whether a start computes the teacher's function exactly: eps_g is then 0, of which no number of
 * working digits is ever certain. Internal to precision/.
 */
#ifndef ORDPAR_PRECISION_EXACT_START_H
#define ORDPAR_PRECISION_EXACT_START_H

#include "precision/mp_model.h"

/**
 * True if the fields of students and teachers fall into classes of equal (or opposite: g is odd)
 * fields whose output weights sum to zero, or, for linear units, if sum v J = sum w B in every
 * block, for the numbers as they are written. *moves: whether label noise makes the state leave
 * such a start. Errors: MEMORY.
 */
ordpar_status ordpar_mp_start_is_exact(const ordpar_mp_model *model, bool *exact, bool *moves,
                                       ordpar_error *err);

/** Digits by which the students of a start near the teacher agree with it: lost in eps_g. */
double ordpar_mp_start_depth(const ordpar_mp_model *model);

#endif
