// SPDX-License-Identifier: GPL-3.0-or-later
/** The power laws of a curve where the teacher decays [15.4]. Internal. */
#ifndef ORDPAR_PHASE_H
#define ORDPAR_PHASE_H

#include "model/closed_forms.h"

/** The power law that the curve of a model follows: zeta of the teacher, or 0 where the start
 * leaves nothing of it to learn. False where it has none: zeta <= -beta. */
bool ordpar_phase_law(const ordpar_model *model, const ordpar_network *network,
                      ordpar_power_law *law);

/** Says which phase the law is in; nothing where zeta is 0. */
void ordpar_phase_fact(const ordpar_power_law *law, bool all_orders, ordpar_table *t);

/** The same of a curve of linear units, or of erf units with K = M, and the rank beyond which what
 * the student starts with is more than what it has to learn; nothing where there is no such law. */
void ordpar_phase_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t);

/**
 * f->t->window of a decaying teacher, and facts about it: of the part that it leaves to learn, or
 * of SGD's own noise where that is less steep, up to where what the student starts with takes over.
 * margin: 1 - eta/eta_c, 1 - r_N, or 1 at lowest order.
 */
void ordpar_phase_window(ordpar_form *f, const ordpar_power_law *law, const ordpar_one_unit *unit,
                         double margin);

/** Whether theory knows that eps_g goes to 0 without noise: erf units whose students can be the
 * teachers, with their output weights, and linear ones, below the critical eta. */
bool ordpar_phase_decays(const ordpar_model *model, const ordpar_parts *parts);

/** The variance of the teacher's fields, on average over its units: of that of parts->start, or the
 * self-averaging one where no start was made. */
double ordpar_phase_variance(const ordpar_parts *parts);

/** eta_c of erf units of equal output weights, K = M, of the teacher of parts->start, or the
 * self-averaging one where no start was made [7.8, 7.19]. Errors: INVALID, MEMORY, NUMERICAL. */
ordpar_status ordpar_phase_critical_eta(const ordpar_model *model, const ordpar_parts *parts,
                                        double *eta_c, ordpar_error *err);

#endif
