// SPDX-License-Identifier: GPL-3.0-or-later
#include "symmetry.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Above the rounding of a long run, and with no effect on eps_g that a promise could show. */
static const double near = 1e-8;

static bool same(const double *x, const double *y, size_t L) {
    return memcmp(x, y, L * sizeof *x) == 0;
}

static bool exchange_changes_nothing(const ordpar_network *network, const ordpar_overlaps *o,
                                     size_t i, size_t j) {
    const size_t K = o->K, M = o->M, L = o->L;
    bool equal = network->v[i] == network->v[j] &&
                 same(o->q + (i * K + i) * L, o->q + (j * K + j) * L, L) &&
                 same(o->r + i * M * L, o->r + j * M * L, M * L);
    for (size_t k = 0; k < K && equal; k++)
        equal = k == i || k == j || same(o->q + (i * K + k) * L, o->q + (j * K + k) * L, L);
    return equal;
}

size_t ordpar_same_students(const ordpar_network *network, const ordpar_overlaps *start) {
    size_t pairs = 0;
    for (size_t i = 0; i < start->K; i++)
        for (size_t j = 0; j < i; j++)
            pairs += exchange_changes_nothing(network, start, i, j);
    return pairs;
}

size_t ordpar_near_students(size_t K, size_t M, const double *c) {
    const size_t n = K + M;
    size_t pairs = 0;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++) {
            double distance = 0;
            for (size_t k = K; k < n; k++)
                distance = fmax(distance, fabs(c[i * n + k] - c[j * n + k]));
            pairs += distance <= near;
        }
    return pairs;
}
