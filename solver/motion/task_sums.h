// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The coefficients of the equations of motion of several tasks [17.1]: means over the tasks with
 * their present probabilities. What depends on a network alone sees each task by a view of the
 * network. Internal to solver/.
 */
#ifndef ORDPAR_TASK_SUMS_H
#define ORDPAR_TASK_SUMS_H

#include "solver/motion/coefficients.h"

/** The view of a task, whose outputs the work takes over. */
ordpar_network ordpar_task_enter(const ordpar_network *network, size_t task,
                                 ordpar_coefficient_work *work);

/** As ordpar_coefficients_evaluate, ordpar_coefficients_jacobian and, of the mean over the tasks,
 * ordpar_generalization_error, of a network with tasks. */
bool ordpar_task_sums_evaluate(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, ordpar_coefficients *out);
void ordpar_task_sums_jacobian(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, double *jacobian);
double ordpar_task_sums_error(const ordpar_network *network, const double *c,
                              ordpar_coefficient_work *work);

/** eps_g of the task that has the least. */
double ordpar_task_sums_least_error(const ordpar_network *network, const double *c,
                                    ordpar_coefficient_work *work);

#endif
