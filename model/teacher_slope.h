// SPDX-License-Identifier: GPL-3.0-or-later
/** The decay of a teacher that overlaps have. Internal. */
#ifndef ORDPAR_TEACHER_SLOPE_H
#define ORDPAR_TEACHER_SLOPE_H

#include "base/status.h"
#include "model/model_internal.h"
#include "model/table.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

/** Refuses a teacher-decay that is not that of the overlaps given beside it, beyond what a draw
 * scatters. Errors: INVALID. */
ordpar_status ordpar_teacher_slope_check(const ordpar_model *model, const ordpar_spectrum *spectrum,
                                         const ordpar_overlaps *start, ordpar_error *err);

/** A note that predictions alone have it; nothing where it is not given beside overlaps. */
void ordpar_teacher_slope_fact(const ordpar_model *model, const ordpar_spectrum *spectrum,
                               const ordpar_overlaps *start, ordpar_table *t);

#endif
