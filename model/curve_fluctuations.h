// SPDX-License-Identifier: GPL-3.0-or-later
/** The setting `fluctuations`. Internal. */
#ifndef ORDPAR_CURVE_FLUCTUATIONS_H
#define ORDPAR_CURVE_FLUCTUATIONS_H

#include "model/parts.h"

/**
 * sd and shift at this N for each row of the grid: (*values)[count][2], which the caller frees, and
 * a fact that says what they are. The shift is NAN where its cost, quadratic in L, is too high.
 * Errors: INVALID (what has no such theory), MEMORY, those of fluctuations.h.
 */
ordpar_status ordpar_curve_fluctuations(const ordpar_model *model, const ordpar_parts *parts,
                                        ordpar_table *t, double **values, ordpar_error *err);

/** Refuses, in a setting's name, parts that have no such theory, with what runs start from, init.
 * Errors: INVALID. */
ordpar_status ordpar_fluctuations_refuse(const char *setting, const ordpar_parts *parts, int init,
                                         ordpar_error *err);

#endif
