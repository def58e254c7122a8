// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/network.h"

#include "base/floating_point.h"
#include "solver/state/gram_factor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_status check_units(const char *what, size_t count, ordpar_error *err) {
    if (count >= 1 && count <= ORDPAR_MAX_UNITS)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID, "the number of %s units must be from 1 to %d, got %zu",
                       what, ORDPAR_MAX_UNITS, count);
}

static ordpar_status check_weights(const char *what, size_t count, const double *weights,
                                   ordpar_error *err) {
    for (size_t k = 0; k < count; k++)
        if (!isfinite(weights[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "%s output weight %zu must be finite, got %g",
                               what, k + 1, weights[k]);
    return ORDPAR_OK;
}

static ordpar_status check_pointers(const ordpar_network *network, ordpar_error *err) {
    const char *missing = !network->activation ? "activation"
                          : !network->v        ? "array v of output weights"
                                               : "array w of output weights";
    if (network->activation && network->v && network->w)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID, "the network has no %s (NULL; an unknown name?)",
                       missing);
}

ordpar_status ordpar_network_check(const ordpar_network *network, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t heads = ordpar_network_heads(network);
    ordpar_status status;
    if ((status = check_pointers(network, err)) ||
        (status = check_units("student", network->K, err)) ||
        (status = check_units("teacher", network->M, err)) ||
        (status = check_weights("student", heads * network->K, network->v, err)) ||
        (status = check_weights("teacher", heads * network->M, network->w, err)))
        return status;
    if (!(network->eta > 0) || !isfinite(network->eta))
        return ordpar_fail(err, ORDPAR_INVALID, "eta must be positive and finite, got %g",
                           network->eta);
    if (!(network->label_noise >= 0) || !isfinite(network->label_noise))
        return ordpar_fail(err, ORDPAR_INVALID, "the label noise must be >= 0 and finite, got %g",
                           network->label_noise);
    return ordpar_training_check(&network->training, err);
}

ordpar_status ordpar_network_init(size_t K, size_t M, const ordpar_activation *activation,
                                  double eta, ordpar_network *network, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status;
    if ((status = check_units("student", K, err)) || (status = check_units("teacher", M, err)))
        return status;
    if (!activation)
        return ordpar_fail(err, ORDPAR_INVALID, "the activation is not known (NULL)");
    ordpar_network made = {.K = K,
                           .M = M,
                           .activation = activation,
                           .v = malloc(K * sizeof(double)),
                           .w = malloc(M * sizeof(double)),
                           .eta = eta};
    if (!made.v || !made.w) {
        ordpar_network_clear(&made);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu + %zu units", K, M);
    }
    for (size_t i = 0; i < K; i++)
        made.v[i] = sqrt((double)M) / (double)K;
    for (size_t n = 0; n < M; n++)
        made.w[n] = 1 / sqrt((double)M);
    if ((status = ordpar_network_check(&made, err)))
        ordpar_network_clear(&made);
    else
        *network = made;
    return status;
}

static ordpar_status check_unlearnable(size_t M, const double *covariance, ordpar_error *err) {
    ordpar_error reason;
    for (size_t n = 0; n < M; n++)
        for (size_t m = 0; m <= n; m++)
            if (!isfinite(covariance[n * M + m]) || covariance[n * M + m] != covariance[m * M + n])
                return ordpar_fail(err, ORDPAR_INVALID,
                                   "the unlearnable part must be finite and symmetric, got %g and "
                                   "%g for the units %zu and %zu",
                                   covariance[n * M + m], covariance[m * M + n], n + 1, m + 1);
    double *F = malloc(M * M * sizeof *F);
    if (!F)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
    const ordpar_status status = ordpar_gram_factor(M, covariance, M, F, &reason);
    free(F);
    if (status == ORDPAR_INVALID)
        return ordpar_fail(err, status,
                           "the unlearnable part must be a covariance, but is not positive "
                           "semidefinite");
    return status ? ordpar_fail(err, status, "%s", reason.message) : ORDPAR_OK;
}

ordpar_status ordpar_network_set_unlearnable(ordpar_network *network, const double *covariance,
                                             ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t M = network->M;
    double *copy = NULL;
    bool any = false;
    for (size_t k = 0; covariance && k < M * M; k++)
        any = any || covariance[k] != 0;
    if (any) {
        const ordpar_status status = check_unlearnable(M, covariance, err);
        if (status)
            return status;
        if (!(copy = malloc(M * M * sizeof *copy)))
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", M);
        memcpy(copy, covariance, M * M * sizeof *copy);
    }
    free(network->unlearnable);
    network->unlearnable = copy;
    return ORDPAR_OK;
}

/* [15.6] */
void ordpar_network_add_unlearnable(const ordpar_network *network, double *c) {
    const size_t K = network->K, M = network->M;
    if (!network->unlearnable)
        return;
    for (size_t n = 0; n < M; n++)
        for (size_t m = 0; m < M; m++)
            c[(K + n) * (K + M) + K + m] += network->unlearnable[n * M + m];
}

void ordpar_network_outputs(const ordpar_network *network, double *u) {
    for (size_t i = 0; i < network->K; i++)
        u[i] = network->v[i];
    for (size_t n = 0; n < network->M; n++)
        u[network->K + n] = -network->w[n];
}

void ordpar_network_clear(ordpar_network *network) {
    if (!network)
        return;
    free(network->v);
    free(network->w);
    free(network->unlearnable);
    ordpar_schedule_clear(&network->training.schedule);
    ordpar_tasks_clear(&network->training.tasks);
    *network = (ordpar_network){0};
}
