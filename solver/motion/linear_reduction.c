// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/motion/linear_reduction.h"

#include "base/floating_point.h"

#include <math.h>

static double sum_squares(size_t n, const double *x) {
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += x[k] * x[k];
    return sum;
}

double ordpar_linear_effective_eta(const ordpar_network *network) {
    ORDPAR_FLOATING_POINT;
    return network->eta * sum_squares(network->K, network->v);
}

/* [15.7] */
double ordpar_linear_unlearnable(const ordpar_network *network) {
    ORDPAR_FLOATING_POINT;
    const size_t M = network->M;
    double sum = 0;
    for (size_t k = 0; network->unlearnable && k < M * M; k++)
        sum += network->w[k / M] * network->w[k % M] * network->unlearnable[k];
    return fmax(sum, 0);
}

double ordpar_linear_noise(const ordpar_network *network) {
    ORDPAR_FLOATING_POINT;
    const double s = network->label_noise;
    return network->unlearnable ? sqrt(s * s + ordpar_linear_unlearnable(network)) : s;
}

ordpar_status ordpar_linear_mean_error(const ordpar_network *network, ordpar_init init,
                                       double sigma_J, double *initial_error, ordpar_error *err) {
    ordpar_linear_start start;
    const ordpar_status status = ordpar_linear_mean_start(network, init, sigma_J, &start, err);
    if (!status)
        *initial_error = start.student + start.teacher;
    return status;
}

ordpar_status ordpar_linear_mean_start(const ordpar_network *network, ordpar_init init,
                                       double sigma_J, ordpar_linear_start *start,
                                       ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_status checked = ordpar_network_check(network, err);
    if (checked)
        return checked;
    double difference = sum_squares(network->M, network->w);
    if (init == ORDPAR_INIT_NEAR_TEACHER) {
        if (network->K != network->M)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "a start near the teacher needs K = M, got K = %zu, M = %zu",
                               network->K, network->M);
        difference = 0;
        for (size_t i = 0; i < network->K; i++)
            difference += pow(network->v[i] - network->w[i], 2);
    }
    *start =
        (ordpar_linear_start){sigma_J * sigma_J * sum_squares(network->K, network->v), difference};
    return ORDPAR_OK;
}

void ordpar_linear_start_error(const ordpar_network *network, const ordpar_spectrum *spectrum,
                               const ordpar_overlaps *start, double *initial_error) {
    ORDPAR_FLOATING_POINT;
    const size_t K = start->K, M = start->M, L = start->L;
    for (size_t b = 0; b < L; b++) {
        double sum = 0;
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++)
                sum += network->v[i] * network->v[j] * start->q[(i * K + j) * L + b];
        for (size_t i = 0; i < K; i++)
            for (size_t n = 0; n < M; n++)
                sum -= 2 * network->v[i] * network->w[n] * start->r[(i * M + n) * L + b];
        for (size_t n = 0; n < M; n++)
            for (size_t m = 0; m < M; m++)
                sum += network->w[n] * network->w[m] * start->t[(n * M + m) * L + b];
        initial_error[b] = fmax(sum, 0) / spectrum->p[b];
    }
}

/* Near the teacher J = B + sigma_J noise: its mean has the teacher's own overlaps in all. */
static void add_teacher(ordpar_overlaps *o) {
    const size_t M = o->M, L = o->L;
    for (size_t k = 0; k < M * M * L; k++) {
        o->r[k] = o->t[k];
        o->q[k] += o->t[k];
    }
}

ordpar_status ordpar_linear_taught_error(const ordpar_network *network,
                                         const ordpar_spectrum *spectrum, ordpar_init init,
                                         double sigma_J, uint64_t teacher_seed,
                                         double *initial_error, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_linear_start of_all;
    ordpar_overlaps mean = {0};
    ordpar_status status = ordpar_linear_mean_start(network, init, sigma_J, &of_all, err);
    if (!status)
        status = ordpar_overlaps_start_taught(spectrum, network->K, network->M, ORDPAR_INIT_MEAN,
                                              ORDPAR_TEACHER_SAMPLED, sigma_J, teacher_seed, 1,
                                              &teacher_seed, &mean, err);
    if (status)
        return status;
    if (init == ORDPAR_INIT_NEAR_TEACHER)
        add_teacher(&mean);
    ordpar_linear_start_error(network, spectrum, &mean, initial_error);
    ordpar_overlaps_clear(&mean);
    return ORDPAR_OK;
}
