// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/overlaps.h"

#include "solver/state/network_averages.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

ordpar_status ordpar_overlaps_init(size_t K, size_t M, size_t L, ordpar_overlaps *overlaps,
                                   ordpar_error *err) {
    const double units = (double)K + (double)M;
    if (units * units * (double)L > (double)(PTRDIFF_MAX / sizeof(double)))
        return ordpar_fail(err, ORDPAR_MEMORY,
                           "no memory holds the overlaps of %zu + %zu units in %zu blocks", K, M,
                           L);
    ordpar_overlaps made = {.K = K,
                            .M = M,
                            .L = L,
                            .heads = 1,
                            .q = calloc(K * K * L, sizeof(double)),
                            .r = calloc(K * M * L, sizeof(double)),
                            .t = calloc(M * M * L, sizeof(double))};
    if (made.q && made.r && made.t) {
        *overlaps = made;
        return ORDPAR_OK;
    }
    ordpar_overlaps_clear(&made);
    return ordpar_fail(err, ORDPAR_MEMORY,
                       "out of memory for the overlaps of %zu + %zu units in %zu blocks", K, M, L);
}

ordpar_status ordpar_overlaps_check(const ordpar_overlaps *overlaps,
                                    const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    ordpar_error *err) {
    const size_t K = network ? network->K : overlaps->K, M = network ? network->M : overlaps->M;
    return overlaps->K == K && overlaps->M == M && overlaps->L == spectrum->L
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "the overlaps have K = %zu, M = %zu, L = %zu, network and spectrum "
                             "have %zu, %zu, %zu",
                             overlaps->K, overlaps->M, overlaps->L, K, M, spectrum->L);
}

void ordpar_overlaps_clear(ordpar_overlaps *overlaps) {
    if (!overlaps)
        return;
    free(overlaps->q);
    free(overlaps->r);
    free(overlaps->t);
    free(overlaps->v);
    free(overlaps->p);
    free(overlaps->push);
    *overlaps = (ordpar_overlaps){0};
}

void ordpar_overlaps_copy(const ordpar_overlaps *from, ordpar_overlaps *to) {
    const size_t K = from->K, M = from->M, L = from->L;
    memcpy(to->q, from->q, K * K * L * sizeof(double));
    memcpy(to->r, from->r, K * M * L * sizeof(double));
    memcpy(to->t, from->t, M * M * L * sizeof(double));
    if (from->v && to->v && from->heads == to->heads)
        memcpy(to->v, from->v, to->heads * K * sizeof(double));
    if (from->p && to->p)
        memcpy(to->p, from->p, M * M * sizeof(double));
    if (from->push && to->push)
        memcpy(to->push, from->push, ordpar_overlaps_push_count(from) * sizeof(double));
}

static ordpar_status replace(double **array, size_t count, const double *values,
                             ordpar_error *err) {
    double *copy = values ? malloc(count * sizeof *copy) : NULL;
    if (values && !copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", count);
    if (copy)
        memcpy(copy, values, count * sizeof *copy);
    free(*array);
    *array = copy;
    return ORDPAR_OK;
}

ordpar_status ordpar_overlaps_set_outputs(ordpar_overlaps *overlaps, const double *v,
                                          ordpar_error *err) {
    return replace(&overlaps->v, overlaps->heads * overlaps->K, v, err);
}

ordpar_status ordpar_overlaps_set_unlearnable(ordpar_overlaps *overlaps, const double *covariance,
                                              ordpar_error *err) {
    return replace(&overlaps->p, overlaps->M * overlaps->M, covariance, err);
}

ordpar_status ordpar_overlaps_clone(const ordpar_overlaps *overlaps, ordpar_overlaps *clone,
                                    ordpar_error *err) {
    ordpar_status status = ordpar_overlaps_init(overlaps->K, overlaps->M, overlaps->L, clone, err);
    if (status)
        return status;
    clone->heads = overlaps->heads;
    if ((status = ordpar_overlaps_set_outputs(clone, overlaps->v, err)) ||
        (status = ordpar_overlaps_set_unlearnable(clone, overlaps->p, err)))
        ordpar_overlaps_clear(clone);
    else
        ordpar_overlaps_copy(overlaps, clone);
    return status;
}

size_t ordpar_overlaps_push_count(const ordpar_overlaps *overlaps) {
    return overlaps->K * (overlaps->M + 2 * overlaps->K) * overlaps->L;
}

ordpar_status ordpar_overlaps_set_push(ordpar_overlaps *overlaps, const double *push,
                                       ordpar_error *err) {
    const size_t count = ordpar_overlaps_push_count(overlaps);
    if (push)
        return replace(&overlaps->push, count, push, err);
    double *zeros = calloc(count, sizeof *zeros);
    if (!zeros)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", count);
    free(overlaps->push);
    overlaps->push = zeros;
    return ORDPAR_OK;
}

static double weighted_sum(size_t L, const double *weights, const double *x) {
    double sum = 0;
    for (size_t b = L; b-- > 0;)
        sum += weights[b] * x[b];
    return sum;
}

/* [3.2], for given weights lambda_b^p */
static void moment(const ordpar_overlaps *o, const double *weights, double *c) {
    const size_t K = o->K, M = o->M, L = o->L, n = K + M;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < K; j++)
            c[i * n + j] = weighted_sum(L, weights, o->q + (i * K + j) * L);
        for (size_t k = 0; k < M; k++)
            c[i * n + K + k] = c[(K + k) * n + i] =
                weighted_sum(L, weights, o->r + (i * M + k) * L);
    }
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++)
            c[(K + k) * n + K + l] = weighted_sum(L, weights, o->t + (k * M + l) * L);
}

ordpar_status ordpar_overlaps_moment(const ordpar_overlaps *overlaps,
                                     const ordpar_spectrum *spectrum, double p, double *c,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const ordpar_status checked = ordpar_overlaps_check(overlaps, spectrum, NULL, err);
    if (checked)
        return checked;
    double *weights = malloc(overlaps->L * sizeof *weights);
    if (!weights)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu weights", overlaps->L);
    for (size_t b = 0; b < overlaps->L; b++)
        weights[b] = p == 1 ? spectrum->lambda[b] : pow(spectrum->lambda[b], p);
    moment(overlaps, weights, c);
    free(weights);
    return ORDPAR_OK;
}

void ordpar_overlaps_fields(const ordpar_overlaps *overlaps, const ordpar_spectrum *spectrum,
                            const ordpar_network *network, double *c) {
    ORDPAR_FLOATING_POINT;
    moment(overlaps, spectrum->lambda, c);
    ordpar_network_add_unlearnable(network, c);
}

ordpar_status ordpar_overlaps_error(const ordpar_overlaps *overlaps,
                                    const ordpar_spectrum *spectrum, const ordpar_network *network,
                                    double *eps_g, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status checked = ordpar_network_check(network, err);
    if (!checked)
        checked = ordpar_overlaps_check(overlaps, spectrum, network, err);
    if (checked)
        return checked;
    const size_t n = overlaps->K + overlaps->M;
    double *c = malloc((n * n + n) * sizeof *c), *u = c + n * n;
    if (!c)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    ordpar_overlaps_fields(overlaps, spectrum, network, c);
    ordpar_network_outputs(network, u);
    *eps_g = ordpar_network_squared_error(network, c, u, NULL) / 2;
    free(c);
    return ORDPAR_OK;
}

/* Of x[n*n*L]. */
static ordpar_asymmetry symmetrise(char name, size_t n, size_t L, double *x) {
    static const double tolerance = 1e-12;
    for (size_t i = 0; x && i < n; i++)
        for (size_t j = 0; j < i; j++)
            for (size_t b = 0; b < L; b++) {
                double *here = x + (i * n + j) * L + b, *there = x + (j * n + i) * L + b;
                const double length =
                    sqrt(fabs(x[(i * n + i) * L + b])) * sqrt(fabs(x[(j * n + j) * L + b]));
                if (fabs(*here - *there) > tolerance * length)
                    return (ordpar_asymmetry){name, j, i, b, *there, *here};
                if (*here != *there) /* else to the same bits */
                    *here = *there = *there + (*here - *there) / 2;
            }
    return (ordpar_asymmetry){0};
}

ordpar_asymmetry ordpar_overlaps_symmetrise(ordpar_overlaps *o) {
    ordpar_asymmetry found = symmetrise('q', o->K, o->L, o->q);
    if (!found.name)
        found = symmetrise('t', o->M, o->L, o->t);
    return found.name ? found : symmetrise('p', o->M, 1, o->p);
}

void ordpar_overlaps_gram(const ordpar_overlaps *o, size_t b, double *c) {
    const size_t K = o->K, M = o->M, L = o->L, n = K + M;
    for (size_t i = 0; i < K; i++) {
        for (size_t j = 0; j < K; j++)
            c[i * n + j] = o->q[(i * K + j) * L + b];
        for (size_t k = 0; k < M; k++)
            c[i * n + K + k] = c[(K + k) * n + i] = o->r[(i * M + k) * L + b];
    }
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++)
            c[(K + k) * n + K + l] = o->t[(k * M + l) * L + b];
}

static double trace(size_t n, const double *c) {
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        sum += c[a * n + a];
    return sum;
}

/* Scaled to unit diagonal, so that a student of tiny norm counts as much as its teacher; a zero
 * diagonal stays. */
static void scale_to_correlations(size_t n, double *c, double *scale) {
    for (size_t a = 0; a < n; a++)
        scale[a] = c[a * n + a] != 0 ? 1 / sqrt(fabs(c[a * n + a])) : 1;
    for (size_t a = 0; a < n; a++)
        for (size_t d = 0; d < n; d++)
            c[a * n + d] = c[a * n + d] * scale[a] * scale[d];
}

ordpar_status ordpar_overlaps_min_eigenvalue(const ordpar_overlaps *overlaps,
                                             double *min_eigenvalue, size_t *block,
                                             ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t n = overlaps->K + overlaps->M;
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (status)
        return status;
    double *c = malloc((n * n + n) * sizeof *c);
    if (!c)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    double *eigenvalues = c + n * n, least = INFINITY;
    size_t where = 0;
    for (size_t b = 0; b < overlaps->L && !status; b++) {
        ordpar_overlaps_gram(overlaps, b, c);
        scale_to_correlations(n, c, eigenvalues);
        const double size = trace(n, c);
        if (LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'L', (lapack_int)n, c, (lapack_int)n, eigenvalues))
            status =
                ordpar_fail(err, ORDPAR_NUMERICAL,
                            "the eigenvalues of block %zu's Gram matrix were not found", b + 1);
        const double relative = size > 0 ? eigenvalues[0] / size : eigenvalues[0];
        if (relative < least) {
            least = relative;
            where = b;
        }
    }
    free(c);
    if (status)
        return status;
    *min_eigenvalue = least;
    if (block)
        *block = where;
    return ORDPAR_OK;
}

ordpar_status ordpar_overlaps_average_errors(const ordpar_overlaps *overlaps,
                                             const ordpar_spectrum *spectrum,
                                             const ordpar_network *network,
                                             ordpar_average_errors *errors, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t n = overlaps->K + overlaps->M;
    double *c = malloc(n * n * sizeof *c), largest = 0;
    if (!c)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    ordpar_overlaps_fields(overlaps, spectrum, network, c);
    for (size_t a = 0; a < n; a++)
        largest = fmax(largest, c[a * n + a]);
    free(c);
    *errors = ordpar_activation_average_errors(network->activation, largest);
    return ORDPAR_OK;
}
