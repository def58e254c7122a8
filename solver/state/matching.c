// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/matching.h"

#include <float.h>
#include <math.h>

/* Weights that differ by rounding are meant to be the same: sqrt(M)/K and 1/sqrt(M) for K = M. */
static bool same_weight(double v, double w) {
    return fabs(v - w) <= 4 * DBL_EPSILON * fabs(w);
}

/* [13.2] With decay the teacher is no fixed point, trained outputs leave those of the teacher, and
 * what inputs do not show of it [15.6] no student follows. With momentum, and in the map of large
 * batches, the state has no deviations. Of several tasks [17.1] no teacher is the only one. */
static bool teacher_attracts(const ordpar_network *network) {
    return network->K == network->M && !network->teacher_activation &&
           network->activation->deviation && network->training.weight_decay == 0 &&
           network->training.eta_v == 0 && network->training.momentum.weight == 0 &&
           network->training.batch_fraction == 0 && network->training.tasks.count == 0 &&
           !network->unlearnable;
}

bool ordpar_matching_is_possible(const ordpar_network *network) {
    if (!teacher_attracts(network))
        return false;
    for (size_t n = 0; n < network->M; n++) {
        size_t students = 0, teachers = 0;
        for (size_t k = 0; k < network->K; k++) {
            students += same_weight(network->v[k], network->w[n]);
            teachers += same_weight(network->w[k], network->w[n]);
        }
        if (students != teachers)
            return false;
    }
    return true;
}

bool ordpar_matching_fits(const ordpar_network *network, const size_t *teacher_of) {
    if (!teacher_attracts(network))
        return false;
    for (size_t i = 0; i < network->K; i++) {
        const size_t n = teacher_of ? teacher_of[i] : i;
        if (n >= network->K || !same_weight(network->v[i], network->w[n]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (teacher_of && teacher_of[j] == n)
                return false;
    }
    return true;
}

static double distance(size_t n, const double *c, size_t x, size_t y) {
    return (c[x * n + x] - 2 * c[x * n + y] + c[y * n + y]) / c[y * n + y];
}

double ordpar_match_students(const ordpar_network *network, const double *c, size_t *teacher_of) {
    const size_t K = network->K, n = 2 * K;
    double largest = 0;
    for (size_t i = 0; i < K; i++) {
        double least = INFINITY;
        for (size_t k = 0; k < K; k++)
            if (distance(n, c, i, K + k) < least) {
                least = distance(n, c, i, K + k);
                teacher_of[i] = k;
            }
        if (!(least < INFINITY) || !same_weight(network->v[i], network->w[teacher_of[i]]))
            return INFINITY;
        for (size_t j = 0; j < i; j++)
            if (teacher_of[j] == teacher_of[i])
                return INFINITY;
        largest = fmax(largest, least);
    }
    return largest;
}
