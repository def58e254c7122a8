// SPDX-License-Identifier: GPL-3.0-or-later
/** What given overlaps have that settings say otherwise. Internal. */
#ifndef ORDPAR_START_FACTS_H
#define ORDPAR_START_FACTS_H

#include "base/status.h"
#include "model/model_internal.h"
#include "model/parts.h"
#include "model/table.h"
#include "solver/state/overlaps.h"
#include "spectra/spectrum/spectrum.h"

/** Refuses a teacher-decay that is not that of the overlaps given beside it, beyond what a draw
 * scatters. Errors: INVALID. */
ordpar_status ordpar_teacher_slope_check(const ordpar_model *model, const ordpar_spectrum *spectrum,
                                         const ordpar_overlaps *start, ordpar_error *err);

/** Whether the teacher of parts->start decays as predictions of a power law take it to, where it
 * was given. */
bool ordpar_teacher_slope_fits(const ordpar_model *model, const ordpar_parts *parts);

/** Notes, and warns, that given overlaps are of a run with other eigenvalues, multiplicities or
 * activations, as their file says. t: NULL where there are no notes. */
void ordpar_start_run_fact(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t);

/** Notes: that, and the decay of their teacher, where one is given or there is one that is not; the
 * order of their blocks, where that of the eigenvalues was another; output weights that are not
 * those of tasks. */
void ordpar_start_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t);

#endif
