// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/network_averages.h"

#include "base/floating_point.h"

#include <math.h>
#include <string.h>

ordpar_status ordpar_network_set_teacher_activation(ordpar_network *network,
                                                    const ordpar_activation *activation,
                                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_activation *g = network->activation;
    if (activation && !ordpar_activations_mix(g, activation))
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "averages of %s students with %s teachers are not known: a teacher may be "
            "of the student's family (erf, tanh, sigmoid; gelu, softplus, silu) or "
            "a polynomial",
            g->name, activation->name);
    network->teacher_activation = activation == g ? NULL : activation;
    return ORDPAR_OK;
}

double ordpar_network_outputs_size(const ordpar_network *network, const double *c) {
    const size_t K = network->K, n = K + network->M;
    double largest = 0;
    for (size_t head = 0; head < ordpar_network_heads(network); head++) {
        const ordpar_network one = ordpar_network_of_task(network, head);
        double sum = 0;
        for (size_t a = 0; a < n; a++) {
            const double size = sqrt(fabs(ordpar_network_gg(network, c, a, a).value));
            const double gross = ordpar_activation_gross(ordpar_network_activation(network, a));
            sum += fabs(a < K ? one.v[a] : one.w[a - K]) * fmax(size, gross);
        }
        largest = fmax(largest, sum);
    }
    return largest;
}

double ordpar_network_teacher_error(const ordpar_network *network, const double *c) {
    const size_t K = network->K, n = K + network->M;
    const double *w = network->w;
    double sum = 0;
    for (size_t a = K; a < n; a++)
        for (size_t b = K; b < n; b++)
            sum += w[a - K] * w[b - K] * ordpar_network_gg(network, c, a, b).value / 2;
    return sum;
}

double ordpar_network_squared_error(const ordpar_network *network, const double *c, const double *u,
                                    double *gradient) {
    const size_t K = network->K, n = K + network->M;
    double sum = 0;
    if (!network->teacher_activation)
        return ordpar_activation_squared_error(network->activation, n, c, u, gradient);
    if (gradient)
        memset(gradient, 0, n * n * sizeof *gradient);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++)
            sum += ordpar_squared_error_add(n, (a == b ? 1 : 2) * u[a] * u[b],
                                            ordpar_network_gg(network, c, a, b), a, b, gradient);
    return sum;
}

double ordpar_network_squared_error_dg_dg(const ordpar_network *network, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work) {
    const ordpar_activation *g = network->activation, *h = network->teacher_activation;
    const size_t K = network->K, n = K + network->M;
    return h ? ordpar_mixed_squared_error_dg_dg(g, h, K, n, c, u, i, j, gradient, work)
             : g->squared_error_dg_dg(g, n, c, u, i, j, gradient, work);
}

size_t ordpar_network_work(const ordpar_network *network) {
    const size_t n = network->K + network->M;
    return network->teacher_activation ? ordpar_mixed_work(n)
                                       : ordpar_activation_work(network->activation, n);
}

bool ordpar_network_has(const ordpar_network *network, const ordpar_activation *activation) {
    return network->activation == activation && !network->teacher_activation;
}

bool ordpar_network_has_all_orders(const ordpar_network *network) {
    const ordpar_activation *g = network->activation, *h = network->teacher_activation;
    return h ? ordpar_activations_mix_at_all_orders(g, h) : g->squared_error_dg_dg != NULL;
}

ordpar_status ordpar_network_check_orders(const ordpar_network *network, ordpar_error *err) {
    if (network->small_eta || ordpar_network_has_all_orders(network))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "the averages of order eta^2 are not known for %s students of %s teachers; "
                       "small_eta must be set",
                       network->activation->name,
                       ordpar_network_activation(network, network->K)->name);
}

void ordpar_network_evaluate_students(const ordpar_network *network, size_t count, const double *x,
                                      double *y, double *dy) {
    const ordpar_activation *g = network->activation;
    g->evaluate(g, count, x, y, dy);
}

void ordpar_network_evaluate_teachers(const ordpar_network *network, size_t count, const double *x,
                                      double *y) {
    const ordpar_activation *g = ordpar_network_activation(network, network->K);
    g->evaluate(g, count, x, y, NULL);
}
