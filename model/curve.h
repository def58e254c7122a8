// SPDX-License-Identifier: GPL-3.0-or-later
/** The curves of a model. Internal. */
#ifndef ORDPAR_CURVE_H
#define ORDPAR_CURVE_H

#include "model/compute.h"

/** Who is shown a curve: as of ordpar_integrate. */
typedef struct {
    ordpar_curve_observer observer;
    ordpar_status (*visit)(void *context, double alpha, const ordpar_overlaps *state,
                           ordpar_error *err); /* may be NULL */
    void *context;
} ordpar_curve_watch;

/** Refuses a grid that begins before the run that it goes on from ends. Errors: INVALID. */
ordpar_status ordpar_curve_check_begin(const ordpar_model *model, double alpha, ordpar_error *err);

/**
 * Integrates the equations of motion from parts->start on the grid alpha[count]; it becomes the
 * final state, with the trained outputs. parts->deviations are those of what watch is shown.
 * Errors: those of watch; INVALID (a grid that begins before the start).
 */
ordpar_status ordpar_curve_integrate(const ordpar_model *model, ordpar_parts *parts, size_t count,
                                     const double *alpha, const ordpar_curve_watch *watch,
                                     ordpar_integrate_stats *stats, ordpar_error *err);

/** What an integration has found of its accuracy, as facts; parts->start is where it ended. */
void ordpar_curve_facts(const ordpar_model *model, const ordpar_parts *parts,
                        const ordpar_integrate_stats *stats, ordpar_table *t);

/** What is promised of eps_g, where steps are integrated. */
void ordpar_curve_tolerances_note(const ordpar_model *model, const ordpar_parts *parts,
                                  ordpar_table *t);

/** Notes units that start alike, if there are any. */
void ordpar_curve_ties_note(size_t students, size_t teachers, ordpar_table *t);

/** The facts of them that are of saddles: what starts alike, and what rounding can have made. */
void ordpar_curve_limit_facts(const ordpar_model *model, const ordpar_integrate_stats *stats,
                              ordpar_table *t);

/** The same of many curves, with where their eps_g is noise. */
void ordpar_curve_runs_facts(const ordpar_model *model, const ordpar_parts *parts,
                             const ordpar_integrate_stats *stats, ordpar_table *t);

/** Refuses a seed beside a given start, where it has no effect. */
ordpar_status ordpar_curve_check(const ordpar_model *model, ordpar_error *err);

/** ordpar_curve_integrate on the model's grid, of count values: trace[3][count] receives alpha,
 * eps_g and the specialisation (plateau.h). */
ordpar_status ordpar_curve_trace(const ordpar_model *model, ordpar_parts *parts, double *trace,
                                 ordpar_integrate_stats *stats, ordpar_error *err);

/** The setting `runs`: alpha, eps_g (the mean), sd_starts, q05, q50, q95 of the curves from the
 * starts of that many simulated runs. Errors: INVALID (what belongs to one curve; nothing drawn).
 */
ordpar_status ordpar_curve_runs(const ordpar_model *model, ordpar_table *t, ordpar_error *err);

#endif
