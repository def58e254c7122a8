// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/simulate/run_error.h"

#include "solver/motion/task_sums.h"
#include "solver/state/matching.h"
#include "solver/steps/coordinates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above this the overlaps give eps_g to twelve digits; below, specialised students are close enough
 * to their teachers for the deviations to be as good. */
static const double shallow = 1e-4;

bool ordpar_run_gauge_init(const ordpar_plan *plan, ordpar_run_gauge *gauge) {
    const size_t n = plan->units;
    *gauge =
        (ordpar_run_gauge){.averages = ordpar_coefficient_work_create(plan->simulation.network),
                           .c = malloc((2 * n * n + plan->heads) * sizeof *gauge->c),
                           .teacher_of = malloc(plan->K * sizeof *gauge->teacher_of)};
    if (!gauge->averages || !gauge->c || !gauge->teacher_of)
        return false;
    gauge->deviations = gauge->c + n * n;
    gauge->tasks = gauge->deviations + n * n;
    if (!ordpar_matching_is_possible(plan->simulation.network))
        return true;
    gauge->rows = malloc(n * plan->stride * sizeof *gauge->rows);
    return gauge->rows;
}

void ordpar_run_gauge_clear(ordpar_run_gauge *gauge) {
    ordpar_coefficient_work_free(gauge->averages);
    free(gauge->c);
    free(gauge->teacher_of);
    free(gauge->rows);
    *gauge = (ordpar_run_gauge){0};
}

static void subtract_teachers(const ordpar_plan *plan, const double *rows,
                              ordpar_run_gauge *gauge) {
    const size_t K = plan->K, stride = plan->stride;
    for (size_t i = 0; i < K; i++) {
        const double *student = rows + i * stride;
        const double *teacher = rows + (K + gauge->teacher_of[i]) * stride;
        for (size_t k = 0; k < stride; k++)
            gauge->rows[i * stride + k] = student[k] - teacher[k];
        memcpy(gauge->rows + (K + i) * stride, teacher, stride * sizeof *teacher);
    }
}

/* [17.1] */
static double task_errors(const ordpar_plan *plan, void *state, ordpar_run_gauge *gauge) {
    const double *v = ordpar_run_outputs(plan, state);
    double sum = 0;
    for (size_t k = 0; k < plan->heads; k++) {
        const ordpar_network one = ordpar_task_enter(plan->simulation.network, k, gauge->averages);
        ordpar_coefficient_work_set_outputs(gauge->averages, plan->K, v + k * plan->width);
        const double eps_g = ordpar_generalization_error(&one, gauge->c, gauge->averages);
        gauge->tasks[k] = eps_g > 0 || isnan(eps_g) ? eps_g : 0;
        sum += gauge->tasks[k];
    }
    return sum / (double)plan->heads;
}

double ordpar_run_error(const ordpar_plan *plan, void *state, const ordpar_run_work *work,
                        ordpar_run_gauge *gauge) {
    const ordpar_network *network = plan->simulation.network;
    const double *rows = ordpar_run_rows(plan, state);
    if (!ordpar_run_covariance(plan, rows, work, gauge->c))
        return 0;
    ordpar_network_add_unlearnable(network, gauge->c);
    if (network->training.tasks.count)
        return task_errors(plan, state, gauge);
    ordpar_coefficient_work_set_outputs(gauge->averages, plan->K, ordpar_run_outputs(plan, state));
    const double eps_g = ordpar_generalization_error(network, gauge->c, gauge->averages);
    if (!gauge->rows || !(eps_g < shallow) ||
        !(ordpar_match_students(network, gauge->c, gauge->teacher_of) < INFINITY))
        return eps_g > 0 || isnan(eps_g) ? eps_g : 0; /* below that it is rounding */
    subtract_teachers(plan, rows, gauge);
    if (!ordpar_run_covariance(plan, gauge->rows, work, gauge->deviations))
        return 0;
    const double deep =
        ordpar_deviation_coordinates.error(network, gauge->deviations, gauge->averages);
    return deep > 0 || isnan(deep) ? deep : 0;
}
