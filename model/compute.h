// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The computations of a model: each fills a table with columns, rows and facts (the standard ones
 * of ordpar_parts_facts first). The table is cleared by the caller in every case. Internal;
 * programs call ordpar_model_compute.
 */
#ifndef ORDPAR_COMPUTE_H
#define ORDPAR_COMPUTE_H

#include "model/curve_state.h"
#include "solver/steps/integrate.h"
#include "validation/compare/statistics.h"

/** index, eigenvalue, multiplicity; facts: moments, fitted exponent. fit: the latter, last = 0
 * where there is none; may be NULL. */
ordpar_status ordpar_compute_spectrum(const ordpar_model *model, ordpar_table *t,
                                      ordpar_beta_fit *fit, ordpar_error *err);

/** Whether a failure leaves the rows before it, as `keep-partial` asks for: an interruption, what
 * diverges, and where the equations end. */
bool ordpar_keeps_rows(const ordpar_model *model, ordpar_status status);

/**
 * alpha, eps_g, order parameters of the setting `moments`. end: receives where the curve ends,
 * zeroed before, cleared by the caller; may be NULL. With the setting `report` facts of what was
 * measured. With the rows that are complete where ordpar_keeps_rows; IO with all
 * rows where the run ended and its checkpoint could not be saved. With the setting `runs` the
 * columns of ordpar_curve_runs, and end stays empty.
 */
ordpar_status ordpar_compute_curve(const ordpar_model *model, ordpar_table *t,
                                   ordpar_curve_state *end, ordpar_error *err);

/** A closed form, in double precision or, where the setting `digits` was given, in decimals. */
ordpar_status ordpar_compute_closed_form(const ordpar_model *model, const char *name,
                                         ordpar_table *t, ordpar_error *err);

/** alpha, mean, stderr, min, max, runs, and with `each` run_1 ..; a failure with the rows
 * that are complete where ordpar_keeps_rows. */
ordpar_status ordpar_compute_simulate(const ordpar_model *model, ordpar_table *t,
                                      ordpar_error *err);

/** What a simulation has not: lowest order in eta. */
ordpar_status ordpar_simulate_check(const ordpar_model *model, ordpar_error *err);

/** alpha, theory, mean, stderr, z; facts: verdict. DISAGREES, with the table, beyond `max-z`,
 * also where no row has a z; the runs' failures as there. */
ordpar_status ordpar_compute_compare(const ordpar_model *model, ordpar_table *t, ordpar_error *err);

/** what: "curve", "check" or "map". DISAGREES, with the table, beyond `max-error`. */
ordpar_status ordpar_compute_precision(const ordpar_model *model, const char *what, ordpar_table *t,
                                       ordpar_error *err);

/**
 * Measures a curve (columns alpha, eps_g, and R1_i_n for the escape rate): a row of texts and
 * numbers a quantity: quantity, measured, stderr, predicted, begin, end. model: its predictions;
 * NULL: none.
 */
ordpar_status ordpar_compute_report(const ordpar_model *model, const ordpar_table *curve,
                                    ordpar_table *t, ordpar_error *err);

/**
 * The learning rate that makes eps_g at `until` least: alpha, eta, what the setting `schedule`
 * reads. Facts: eps_g, and the best of simple kinds. t->line is eps_g on the way.
 */
ordpar_status ordpar_compute_optimum(const ordpar_model *model, ordpar_table *t, ordpar_error *err);

/* model/point.c: what a sweep computes at each point */

typedef enum { ORDPAR_JOB_CURVE, ORDPAR_JOB_SIMULATE, ORDPAR_JOB_COMPARE } ordpar_job;

enum { ORDPAR_POINT_CELLS = 24 };

/** The names of a job's numbers, with commas. */
const char *ordpar_point_columns(ordpar_job job);

/** The numbers of a curve's point, in one row. */
ordpar_status ordpar_compute_point(const ordpar_model *model, ordpar_table *t, ordpar_error *err);

/** Checks a point's model without computing. facts: NULL, or receives what the job's output says of
 * the model before it has results. */
ordpar_status ordpar_point_check(const ordpar_model *model, ordpar_job job, ordpar_table *facts,
                                 ordpar_error *err);

/**
 * The job's numbers, in the order of its columns. eps_g[count of alpha] of a curve, which the
 * caller frees; may be NULL, and *eps_g stays NULL for other jobs. missing receives why numbers of
 * a curve are NAN, where they are looked for; may be NULL.
 */
ordpar_status ordpar_point_compute(const ordpar_model *model, ordpar_job job,
                                   double cells[ORDPAR_POINT_CELLS], double **eps_g,
                                   char missing[ORDPAR_MESSAGE_SIZE], ordpar_error *err);

/** How costly a point is, in units of nothing. */
double ordpar_point_cost(const ordpar_model *model, ordpar_job job);

#endif
