// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Averages of the fields z = (x, y) of a network, covariance c[n*n], n = K + M: the first K have
 * the student's activation, the others the teacher's. Internal to the project.
 */
#ifndef ORDPAR_NETWORK_AVERAGES_H
#define ORDPAR_NETWORK_AVERAGES_H

#include "solver/averages/mixed.h"
#include "solver/state/network.h"

/** That of field a. */
static inline const ordpar_activation *ordpar_network_activation(const ordpar_network *network,
                                                                 size_t a) {
    return a < network->K || !network->teacher_activation ? network->activation
                                                          : network->teacher_activation;
}

/** Defines one of E[g_a(z_a) g_b(z_b)], E[g_a' g_b'] and E[g_a'' g_b]. */
#define ORDPAR_DEFINE_NETWORK_PAIR(pair)                                                           \
    static inline ordpar_pair_average ordpar_network_##pair(const ordpar_network *network,         \
                                                            const double *c, size_t a, size_t b) { \
        const ordpar_activation *g = network->activation;                                          \
        const size_t n = network->K + network->M;                                                  \
        const double c_aa = c[a * n + a], c_ab = c[a * n + b], c_bb = c[b * n + b];                \
        if (!network->teacher_activation)                                                          \
            return g->pair(g, c_aa, c_ab, c_bb);                                                   \
        return ordpar_mixed_##pair(ordpar_network_activation(network, a),                          \
                                   ordpar_network_activation(network, b), c_aa, c_ab, c_bb);       \
    }

ORDPAR_DEFINE_NETWORK_PAIR(gg)
ORDPAR_DEFINE_NETWORK_PAIR(dg_dg)
ORDPAR_DEFINE_NETWORK_PAIR(ddg_g)

/** Refuses activations whose averages of order eta^2 are not known, unless small_eta leaves them
 * out. Errors: INVALID. */
ordpar_status ordpar_network_check_orders(const ordpar_network *network, ordpar_error *err);

/** What the sum of |output| times the size of g is at most over the tasks, of students and teachers
 * both: eps_g is a difference of squares of that. */
double ordpar_network_outputs_size(const ordpar_network *network, const double *c);

/** eps_g without students, of the weights w. */
double ordpar_network_teacher_error(const ordpar_network *network, const double *c);

/** As ordpar_activation_squared_error. */
double ordpar_network_squared_error(const ordpar_network *network, const double *c, const double *u,
                                    double *gradient);

/** As ordpar_noise_function, of students i and j; work: ordpar_network_work(network) doubles. */
double ordpar_network_squared_error_dg_dg(const ordpar_network *network, const double *c,
                                          const double *u, size_t i, size_t j, double *gradient,
                                          double *work);
size_t ordpar_network_work(const ordpar_network *network);

/** g(z) of count fields of students and, if dy is not NULL, g'(z); and of teachers. */
void ordpar_network_evaluate_students(const ordpar_network *network, size_t count, const double *x,
                                      double *y, double *dy);
void ordpar_network_evaluate_teachers(const ordpar_network *network, size_t count, const double *x,
                                      double *y);

#endif
