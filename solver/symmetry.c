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

static bool students_are_same(const ordpar_network *network, const ordpar_overlaps *o, size_t i,
                              size_t j) {
    const size_t K = o->K, M = o->M, L = o->L;
    bool equal = network->v[i] == network->v[j] &&
                 same(o->q + (i * K + i) * L, o->q + (j * K + j) * L, L) &&
                 same(o->r + i * M * L, o->r + j * M * L, M * L);
    for (size_t k = 0; k < K && equal; k++)
        equal = k == i || k == j || same(o->q + (i * K + k) * L, o->q + (j * K + k) * L, L);
    return equal;
}

static bool teachers_are_same(const ordpar_network *network, const ordpar_overlaps *o, size_t n,
                              size_t m) {
    const size_t K = o->K, M = o->M, L = o->L;
    bool equal =
        network->w[n] == network->w[m] && same(o->t + (n * M + n) * L, o->t + (m * M + m) * L, L);
    for (size_t k = 0; k < M && equal; k++)
        equal = k == n || k == m || same(o->t + (n * M + k) * L, o->t + (m * M + k) * L, L);
    for (size_t i = 0; i < K && equal; i++)
        equal = same(o->r + (i * M + n) * L, o->r + (i * M + m) * L, L);
    return equal;
}

size_t ordpar_same_units(const ordpar_network *network, const ordpar_overlaps *start) {
    size_t pairs = 0;
    for (size_t i = 0; i < start->K; i++)
        for (size_t j = 0; j < i; j++)
            pairs += students_are_same(network, start, i, j);
    for (size_t n = 0; n < start->M; n++)
        for (size_t m = 0; m < n; m++)
            pairs += teachers_are_same(network, start, n, m);
    return pairs;
}

/* Pairs among the units first.. before end whose overlaps with the other kind are nearly equal. */
static size_t near_pairs(size_t n, const double *c, size_t first, size_t end) {
    size_t pairs = 0;
    for (size_t i = first; i < end; i++)
        for (size_t j = first; j < i; j++) {
            double distance = 0;
            for (size_t k = first ? 0 : end; k < (first ? first : n); k++)
                distance = fmax(distance, fabs(c[i * n + k] - c[j * n + k]));
            pairs += distance <= near;
        }
    return pairs;
}

size_t ordpar_near_units(size_t K, size_t M, const double *c) {
    return near_pairs(K + M, c, 0, K) + near_pairs(K + M, c, K, K + M);
}
