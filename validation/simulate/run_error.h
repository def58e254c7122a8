// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The generalization error of a run. From the overlaps of J and B it cancels to an absolute 1e-16;
 * once every student stands beside a teacher of its own it is taken from W = J - B instead [10.4],
 * and keeps its relative accuracy as deep as the vectors do. Internal to validation/.
 */
#ifndef ORDPAR_RUN_ERROR_H
#define ORDPAR_RUN_ERROR_H

#include "solver/motion/coefficients.h"
#include "validation/simulate/run.h"

/** A thread's scratch. */
typedef struct {
    ordpar_coefficient_work *averages;
    double *c;          /* [units][units] covariance of the local fields: students, then teachers */
    double *deviations; /* [units][units] of (w, y), y in the students' order */
    double *rows;       /* [units][stride] W = J - B, then B, in this order */
    size_t *teacher_of; /* [K] */
    double *tasks;      /* [tasks] the eps_g of each */
} ordpar_run_gauge;

/** False if out of memory; cleared in every case. */
bool ordpar_run_gauge_init(const ordpar_plan *plan, ordpar_run_gauge *gauge);
void ordpar_run_gauge_clear(ordpar_run_gauge *gauge);

/** eps_g of the run, never negative; gauge->c receives the covariance of its fields. With tasks it
 * is the mean of gauge->tasks. */
double ordpar_run_error(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                        ordpar_run_gauge *gauge);

#endif
