// SPDX-License-Identifier: GPL-3.0-or-later
/* The students' correlations near a saddle. */
#include "solver/state/saddle.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>

/* The correlations of the students in s->gram, [K][K], those that are tied left out; their number.
 */
static lapack_int set_correlations(ordpar_saddle *s, const double *c) {
    const size_t K = s->network->K, n = K + s->network->M;
    lapack_int count = 0;
    for (size_t i = 0; i < K; i++) {
        if (s->symmetry->first[i] != i || !(c[i * n + i] > 0))
            continue;
        lapack_int row = 0;
        for (size_t j = 0; j <= i; j++)
            if (s->symmetry->first[j] == j && c[j * n + j] > 0)
                s->gram[(size_t)count * K + (size_t)row++] =
                    c[i * n + j] / sqrt(c[i * n + i] * c[j * n + j]);
        count++;
    }
    return count;
}

/* Their eigenvalues in ascending order, NULL if there are none; vectors: in place of the
 * correlations. */
static const double *eigenvalues(ordpar_saddle *s, lapack_int count, bool vectors) {
    const size_t K = s->network->K;
    double *values = s->gram + K * K, *work = values + K;
    return count >= 2 &&
                   LAPACKE_dsyev_work(LAPACK_COL_MAJOR, vectors ? 'V' : 'N', 'U', count, s->gram,
                                      (lapack_int)K, values, work, 3 * (lapack_int)K) == 0
               ? values
               : NULL;
}

double ordpar_saddle_least_student(ordpar_saddle *saddle, const double *c) {
    const double *values = eigenvalues(saddle, set_correlations(saddle, c), false);
    return values ? fmax(DBL_EPSILON, values[0]) : 1;
}

/* Whether two students that are not tied have nearly a correlation of 1 or -1. */
static bool nearly_coincide(const ordpar_saddle *s, const double *c) {
    const size_t K = s->network->K, n = K + s->network->M;
    const double near = 1 - 1e-6;
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < i; j++)
            if (s->symmetry->first[i] != s->symmetry->first[j] &&
                c[i * n + j] * c[i * n + j] > near * (c[i * n + i] * c[j * n + j]))
                return true;
    return false;
}

/* Adds to the covariance what its correlations' eigenvalue k lacks. */
static void raise(ordpar_saddle *s, size_t k, double lacks, double *c) {
    const size_t K = s->network->K, n = K + s->network->M;
    const double *vector = s->gram + k * K;
    double *size = s->gram + K * K + K; /* what the eigenvalues needed */
    for (size_t i = 0; i < K; i++)
        size[i] = sqrt(fmax(0, c[i * n + i]));
    for (size_t i = 0, a = 0; i < K; i++) {
        if (s->symmetry->first[i] != i || !(size[i] > 0))
            continue;
        for (size_t j = 0, b = 0; j <= i; j++)
            if (s->symmetry->first[j] == j && size[j] > 0) {
                c[i * n + j] += lacks * vector[a] * vector[b++] * (size[i] * size[j]);
                c[j * n + i] = c[i * n + j];
            }
        a++;
    }
}

/* True if an eigenvalue of the correlations was below 16 epsilon: it is raised to that. */
static bool raise_all(ordpar_saddle *s, double *c) {
    bool raised = false;
    const size_t count = (size_t)set_correlations(s, c);
    const double *values = eigenvalues(s, (lapack_int)count, true);
    for (size_t k = 0; values && k < count; k++)
        if (values[k] < 16 * DBL_EPSILON) {
            raise(s, k, 16 * DBL_EPSILON - values[k], c);
            raised = true;
        }
    return raised;
}

/* [5.14] */
void ordpar_saddle_keep_apart(ordpar_saddle *saddle, double *c) {
    const ordpar_network *net = saddle->network; /* NULL: coordinates without saddles */
    if (!net || net->small_eta || net->label_noise == 0 || net->activation->needs_variance ||
        net->activation->parity == 1 || !(saddle->raised || nearly_coincide(saddle, c)))
        return;
    saddle->raised |= raise_all(saddle, c);
}

/* The least of 1 - abs(correlation) over pairs, 0 if rounding has made it less. */
static double least_difference(const ordpar_saddle *s, size_t count) {
    const size_t K = s->network->K;
    double least = 1;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            least = fmin(least, 1 - fabs(s->gram[a * K + b]));
    return fmax(0, least);
}

bool ordpar_saddle_is_possible(ordpar_saddle *saddle, const double *c) {
    const size_t K = saddle->network->K;
    const double rounding = 1e-13, part = 0.01;
    if (!nearly_coincide(saddle, c))
        return true;
    const lapack_int count = set_correlations(saddle, c);
    const double slack = rounding + part * least_difference(saddle, (size_t)count);
    for (size_t a = 0; a < (size_t)count; a++)
        saddle->gram[a * (K + 1)] += slack;
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', count, saddle->gram, (lapack_int)K) == 0;
}

/* [5.16] */
void ordpar_saddle_make_possible(ordpar_saddle *saddle, double *c, ordpar_overlaps *state) {
    const size_t K = state->K, n = K + state->M, L = state->L;
    for (size_t b = 0; b < L; b++) {
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++)
                c[i * n + j] = state->q[(i * K + j) * L + b];
        if (!nearly_coincide(saddle, c) || !raise_all(saddle, c))
            continue;
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++)
                state->q[(i * K + j) * L + b] = c[i * n + j];
    }
}
