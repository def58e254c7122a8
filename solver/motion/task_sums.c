// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/task_sums.h"

#include "solver/motion/coefficients_internal.h"

#include <math.h>
#include <string.h>

ordpar_network ordpar_task_enter(const ordpar_network *network, size_t task,
                                 ordpar_coefficient_work *work) {
    const ordpar_network one = ordpar_network_of_task(network, task);
    ordpar_network_outputs(&one, work->u);
    ordpar_coefficient_work_set_outputs(work, one.K, one.v);
    return one;
}

static void add(size_t count, double factor, const double *part, double *sum) {
    for (size_t k = 0; k < count; k++)
        sum[k] += factor * part[k];
}

/* [17.1] */
bool ordpar_task_sums_evaluate(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, ordpar_coefficients *out) {
    const size_t K = network->K, M = network->M, count = K * M + 2 * K * K;
    ordpar_coefficients part = {work->part, work->part + K * M, work->part + K * M + K * K};
    memset(out->A, 0, count * sizeof *out->A);
    for (size_t k = 0; k < network->training.tasks.count; k++) {
        const double p = ordpar_network_task_probability(network, k);
        if (p == 0)
            continue;
        const ordpar_network one = ordpar_task_enter(network, k, work);
        if (!ordpar_coefficients_evaluate(&one, c, work, &part))
            return false;
        add(count, p, part.A, out->A);
    }
    return true;
}

void ordpar_task_sums_jacobian(const ordpar_network *network, const double *c,
                               ordpar_coefficient_work *work, double *jacobian) {
    const size_t K = network->K, M = network->M;
    const size_t count = (K * M + 2 * K * K) * ordpar_order_parameter_count(K, M);
    memset(jacobian, 0, count * sizeof *jacobian);
    for (size_t k = 0; k < network->training.tasks.count; k++) {
        const double p = ordpar_network_task_probability(network, k);
        if (p == 0)
            continue;
        const ordpar_network one = ordpar_task_enter(network, k, work);
        ordpar_coefficients_jacobian(&one, c, work, work->part);
        add(count, p, work->part, jacobian);
    }
}

static double error_of(const ordpar_network *network, size_t task, const double *c,
                       ordpar_coefficient_work *work) {
    const ordpar_network one = ordpar_task_enter(network, task, work);
    return ordpar_generalization_error(&one, c, work);
}

double ordpar_task_sums_error(const ordpar_network *network, const double *c,
                              ordpar_coefficient_work *work) {
    const size_t count = network->training.tasks.count;
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += error_of(network, k, c, work);
    return sum / (double)count;
}

double ordpar_task_sums_least_error(const ordpar_network *network, const double *c,
                                    ordpar_coefficient_work *work) {
    double least = INFINITY;
    for (size_t k = 0; k < network->training.tasks.count; k++)
        least = fmin(least, fabs(error_of(network, k, c, work)));
    return least;
}
