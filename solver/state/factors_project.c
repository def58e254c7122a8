// SPDX-License-Identifier: GPL-3.0-or-later
/* [4.9] What of the students lies along the teachers, block by block. */
#include "solver/state/factors.h"

#include "solver/state/gram_factor.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a block: the teachers' vectors F[M][columns], students' J[K][M] of which columns are used, and
 * room for the library. */
typedef struct {
    double *gram, *F, *A, *J;
    lapack_int *pivot;
} room;

/* Overlaps that vectors have are met to rounding, which sums of products of M numbers enlarge. */
static const double tolerance = 1e-12;

static size_t components(const ordpar_overlaps *o, const ordpar_spectrum *spectrum, size_t b) {
    return spectrum->n[b] < (double)o->M ? (size_t)spectrum->n[b] : o->M;
}

/* J F^T = r, which has a solution where r is that of vectors. */
static bool solve(const ordpar_overlaps *o, size_t b, size_t columns, const room *at) {
    const size_t K = o->K, M = o->M, L = o->L;
    lapack_int rank;
    for (size_t m = 0; m < M; m++)
        for (size_t d = 0; d < columns; d++)
            at->A[d * M + m] = at->F[m * columns + d];
    for (size_t k = 0; k < K * M; k++)
        at->J[k] = o->r[k * L + b];
    memset(at->pivot, 0, columns * sizeof *at->pivot);
    return LAPACKE_dgelsy(LAPACK_COL_MAJOR, (lapack_int)M, (lapack_int)columns, (lapack_int)K,
                          at->A, (lapack_int)M, at->J, (lapack_int)M, at->pivot, 1e-15, &rank) == 0;
}

/* Whether J has these overlaps with the teachers, and is not longer than the students. */
static bool is_projection(const ordpar_overlaps *o, size_t b, size_t columns, const room *at) {
    const size_t K = o->K, M = o->M, L = o->L;
    for (size_t i = 0; i < K; i++) {
        const double *J = at->J + i * M, own = o->q[(i * K + i) * L + b];
        double square = 0;
        for (size_t d = 0; d < columns; d++)
            square += J[d] * J[d];
        if (!(square <= own * (1 + tolerance)))
            return false;
        for (size_t m = 0; m < M; m++) {
            const double *B = at->F + m * columns;
            double r = o->r[(i * M + m) * L + b], norm = 0;
            for (size_t d = 0; d < columns; d++) {
                r -= J[d] * B[d];
                norm += B[d] * B[d];
            }
            if (!(fabs(r) <= tolerance * sqrt(own) * sqrt(norm)))
                return false;
        }
    }
    return true;
}

static ordpar_status fill_block(const ordpar_overlaps *o, const ordpar_spectrum *spectrum, size_t b,
                                const room *at, ordpar_factors *f, ordpar_error *err) {
    const size_t K = o->K, M = o->M, L = o->L, D = f->D;
    size_t columns = components(o, spectrum, b);
    for (size_t k = 0; k < M * M; k++)
        at->gram[k] = o->t[k * L + b];
    ordpar_status status = ordpar_gram_factor(M, at->gram, columns, at->F, err);
    if (status == ORDPAR_INVALID && columns < D)
        status = ordpar_gram_factor(M, at->gram, columns = D, at->F, err);
    if (!status)
        status = ordpar_gram_lower(M, columns, at->F, err);
    if (status)
        return status;
    if (!solve(o, b, columns, at))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", K + M);
    if (!is_projection(o, b, columns, at))
        return ordpar_fail(err, ORDPAR_INVALID, "no vectors have the overlaps of block %zu", b + 1);
    for (size_t d = 0; d < columns; d++) {
        for (size_t i = 0; i < K; i++)
            f->J[(i * D + d) * L + b] = at->J[i * M + d];
        for (size_t m = 0; m < M; m++)
            f->B[(m * D + d) * L + b] = at->F[m * columns + d];
    }
    return ORDPAR_OK;
}

static bool make_room(size_t K, size_t M, room *at) {
    double *all = malloc((3 * M * M + K * M) * sizeof *all);
    *at = (room){all, all + M * M, all + 2 * M * M, all + 3 * M * M, malloc(M * sizeof *at->pivot)};
    return all && at->pivot;
}

/* With D coordinates at most. */
static ordpar_status fill(const ordpar_overlaps *o, const ordpar_spectrum *spectrum, size_t D,
                          ordpar_factors *factors, ordpar_error *err) {
    ordpar_factors made;
    room at;
    ordpar_status status = ordpar_factors_allocate(o->K, o->M, o->L, D, &made, err);
    if (status)
        return status;
    if (!make_room(o->K, o->M, &at))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", o->K + o->M);
    for (size_t b = 0; b < o->L && !status; b++)
        status = fill_block(o, spectrum, b, &at, &made, err);
    free(at.gram);
    free(at.pivot);
    if (status)
        ordpar_factors_clear(&made);
    else
        *factors = made;
    return status;
}

ordpar_status ordpar_factors_project(const ordpar_overlaps *overlaps,
                                     const ordpar_spectrum *spectrum, ordpar_factors *factors,
                                     ordpar_error *err) {
    size_t D = 1;
    for (size_t b = 0; b < overlaps->L; b++) {
        const size_t own = components(overlaps, spectrum, b);
        D = own > D ? own : D;
    }
    const ordpar_status status = fill(overlaps, spectrum, D, factors, err);
    return status == ORDPAR_INVALID && D < overlaps->M
               ? fill(overlaps, spectrum, overlaps->M, factors, err)
               : status;
}
