// SPDX-License-Identifier: GPL-3.0-or-later
/* What an integration has found of its own accuracy. */
#include "model/curve.h"
#include "model/curve_state.h"
#include "model/phase.h"

#include <math.h>

void ordpar_curve_tolerances_note(const ordpar_model *model, const ordpar_parts *parts,
                                  ordpar_table *t) {
    const ordpar_promises p = ordpar_curve_promises(model);
    if (parts->network.training.batch_fraction > 0) /* a map */
        return;
    if (p.rtol > model->value.rtol || p.atol > model->value.atol)
        ordpar_table_note(t, "tolerances",
                          "rtol = %g, atol = %g from alpha = %.10g on; before, and so the promises "
                          "on eps_g: rtol = %g, atol = %g",
                          model->value.rtol, model->value.atol, parts->start_alpha, p.rtol, p.atol);
    else
        ordpar_table_note(t, "tolerances", "rtol = %g, atol = %g (promises on eps_g)", p.rtol,
                          p.atol);
}

void ordpar_curve_ties_note(size_t students, size_t teachers, ordpar_table *t) {
    if (students || teachers)
        ordpar_table_note(t, "symmetry",
                          "%zu students start the same as others, %zu teachers are not told apart: "
                          "the equations keep them so for ever; runs at finite N keep students "
                          "that have the very same weights, no others",
                          students, teachers);
}

void ordpar_curve_limit_facts(const ordpar_model *model, const ordpar_integrate_stats *stats,
                              ordpar_table *t) {
    const double limit = stats->rounding_limit, promised = 10 * ordpar_curve_promises(model).rtol;
    ordpar_curve_ties_note(stats->tied_students, stats->tied_teachers, t);
    if (limit > promised)
        ordpar_table_fact(t, "limit", limit,
                          "a saddle amplifies rounding to a relative error of eps_g up to about "
                          "%.1g, more than the promised %.1g%s",
                          limit, promised,
                          limit < 0.5 ? "" : ": rounding chooses when eps_g falls");
}

/* parts->start is where the curve ended; the teacher's fields are those of the whole run. */
static void averages_fact(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const double promised = 10 * ordpar_curve_promises(model).rtol;
    ordpar_average_errors errors;
    if (ordpar_overlaps_average_errors(&parts->start, &parts->spectrum, &parts->network, &errors,
                                       NULL) ||
        fmax(errors.gg, errors.dg_dg) <= promised)
        return;
    ordpar_table_fact(t, "averages", errors.gg,
                      "by quadrature, which for fields of this variance is off by a relative %.1g "
                      "in eps_g and %.1g in the rates, more than the promised %.1g",
                      errors.gg, errors.dg_dg, promised);
}

/* The absolute error of eps_g, of overlaps that cancel. */
static void note_noise(const ordpar_model *model, const ordpar_network *network,
                       const ordpar_integrate_stats *stats, ordpar_table *t) {
    const bool missing =
        network->K == network->M && !network->teacher_activation && !network->activation->deviation;
    const double noise = fmax(stats->noise, 10 * ordpar_curve_promises(model).atol);
    if (noise > 10 * model->value.atol)
        ordpar_table_fact(t, "coordinates", noise, "overlaps: eps_g below %.1g is noise", noise);
    else
        ordpar_table_note(t, "coordinates", "overlaps: eps_g below 10 atol is noise%s%s%s",
                          missing ? "; there are no deviation coordinates for " : "",
                          missing ? network->activation->name : "", missing ? " units" : "");
}

static void deviations_fact(const ordpar_model *model, const ordpar_integrate_stats *stats,
                            ordpar_table *t) {
    const double from = stats->deviations_from, error = stats->deviations_error;
    if (error >= 1)
        ordpar_table_fact(t, "coordinates", from,
                          "deviations from the teacher from alpha = %.6g on, of overlaps in which "
                          "eps_g is rounding there: it is no better later",
                          from);
    else if (error > 10 * model->value.rtol)
        ordpar_table_fact(t, "coordinates", from,
                          "deviations from the teacher from alpha = %.6g on, of overlaps that hold "
                          "eps_g to a relative %.1g there: it is no better later",
                          from, error);
    else if (stats->depth_error >= 1)
        ordpar_table_fact(t, "coordinates", from,
                          "deviations from the teacher from alpha = %.6g on; by the last row eps_g "
                          "is rounding, as students of which only a sum is learned, or nothing, do "
                          "not come near it",
                          from);
    else if (stats->depth_error > 10 * model->value.rtol)
        ordpar_table_fact(t, "coordinates", from,
                          "deviations from the teacher from alpha = %.6g on: eps_g is right "
                          "relatively there, however small, to about %.1g by the last row",
                          from, stats->depth_error);
    else
        ordpar_table_fact(t, "coordinates", from,
                          "deviations from the teacher from alpha = %.6g on: eps_g is right "
                          "relatively there, however small",
                          from);
}

void ordpar_curve_facts(const ordpar_model *model, const ordpar_parts *parts,
                        const ordpar_integrate_stats *stats, ordpar_table *t) {
    ordpar_activation_range_fact(parts, false, t);
    if (parts->network.training.batch_fraction > 0) {
        ordpar_table_fact(t, "steps", (double)stats->steps,
                          "%ld of the exact map; a row's are the whole number nearest to alpha",
                          stats->steps);
        ordpar_curve_limit_facts(model, stats, t);
        return;
    }
    ordpar_table_fact(t, "integrator", (double)stats->steps,
                      "%ld steps%s, %ld right-hand sides, %ld Newton iterations, %ld setups",
                      stats->steps, stats->by_radau ? " of Radau IIA" : "", stats->rhs,
                      stats->newton_iterations, stats->setups);
    averages_fact(model, parts, t);
    ordpar_phase_facts(model, parts, t);
    if (stats->deviations_from < INFINITY)
        deviations_fact(model, stats, t);
    else
        note_noise(model, &parts->network, stats, t);
    ordpar_curve_limit_facts(model, stats, t);
}

void ordpar_curve_runs_facts(const ordpar_model *model, const ordpar_parts *parts,
                             const ordpar_integrate_stats *stats, ordpar_table *t) {
    if (stats->deviations_from < INFINITY)
        ordpar_table_fact(t, "coordinates", stats->deviations_from,
                          "the first of the curves goes on in deviations from the teacher at alpha "
                          "= %.6g: its eps_g is right relatively from there on",
                          stats->deviations_from);
    else if (parts->network.training.batch_fraction == 0)
        note_noise(model, &parts->network, stats, t);
    ordpar_curve_limit_facts(model, stats, t);
}
