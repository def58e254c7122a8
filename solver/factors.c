// SPDX-License-Identifier: GPL-3.0-or-later
#include "factors.h"

#include "kernels.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

/* A pivot of the matrix scaled to unit diagonal that is no larger than this, where a block has no
 * more components, is an error of the overlaps: ordpar_overlaps_read accepts as much. */
static const double error_of_overlaps = 1e-9;

typedef struct {
    size_t n;           /* K + M */
    double *gram;       /* [n*n] scaled to unit diagonal, then its factor, column-major */
    double *scale;      /* [n] */
    double *work;       /* [2n] */
    lapack_int *pivots; /* [n] the unit in each row of the factor, from 1 */
} decomposition;

static bool allocate(size_t n, decomposition *d) {
    d->n = n;
    d->gram = malloc((n * n + 3 * n) * sizeof *d->gram);
    d->pivots = malloc(n * sizeof *d->pivots);
    if (!d->gram || !d->pivots)
        return false;
    d->scale = d->gram + n * n;
    d->work = d->scale + n;
    return true;
}

static void release(decomposition *d) {
    free(d->gram);
    free(d->pivots);
}

/* The overlap of units a and c in block b, students first. */
static double overlap(const ordpar_overlaps *o, size_t a, size_t c, size_t b) {
    const size_t K = o->K, M = o->M, L = o->L;
    if (a >= K)
        return c >= K ? o->t[((a - K) * M + c - K) * L + b] : o->r[(c * M + a - K) * L + b];
    return c < K ? o->q[(a * K + c) * L + b] : o->r[(a * M + c - K) * L + b];
}

/* Pivoted Cholesky of one block; returns its rank. */
static size_t decompose(decomposition *d, const ordpar_overlaps *o, size_t b, double components) {
    const size_t n = d->n;
    for (size_t a = 0; a < n; a++)
        d->scale[a] = sqrt(fmax(overlap(o, a, a, b), 0));
    for (size_t a = 0; a < n; a++)
        for (size_t c = 0; c < n; c++)
            d->gram[a * n + c] = d->scale[a] > 0 && d->scale[c] > 0
                                     ? overlap(o, a, c, b) / d->scale[a] / d->scale[c]
                                     : 0;
    lapack_int rank = 0;
    LAPACKE_dpstrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, d->gram, (lapack_int)n, d->pivots,
                        &rank, -1, d->work);
    if ((double)rank > components) {
        const size_t next = (size_t)components;
        const double pivot = d->gram[next * n + next];
        if (pivot * pivot < error_of_overlaps)
            return next;
    }
    return (size_t)rank;
}

static void store(const decomposition *d, size_t rank, size_t K, size_t L, size_t b,
                  ordpar_factors *f) {
    for (size_t row = 0; row < d->n; row++) {
        const size_t unit = (size_t)d->pivots[row] - 1;
        double *x = (unit < K ? f->J + unit * f->D * L : f->B + (unit - K) * f->D * L) + b;
        for (size_t k = 0; k < rank && k <= row; k++)
            x[k * L] = d->scale[unit] * d->gram[k * d->n + row];
    }
}

static ordpar_status out_of_memory(const ordpar_overlaps *o, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the vectors of %zu blocks", o->L);
}

ordpar_status ordpar_factors_init(const ordpar_overlaps *overlaps, const ordpar_spectrum *spectrum,
                                  ordpar_factors *factors, ordpar_error *err) {
    const size_t K = overlaps->K, L = overlaps->L, n = K + overlaps->M;
    ordpar_factors made = {0};
    decomposition d = {0};
    if (!allocate(n, &d)) {
        release(&d);
        return out_of_memory(overlaps, err);
    }
    made.D = 1;
    for (size_t b = 0; b < L; b++) {
        const size_t rank = decompose(&d, overlaps, b, spectrum->n[b]);
        made.D = rank > made.D ? rank : made.D;
    }
    made.J = ordpar_aligned_array(n * made.D * L);
    if (!made.J) {
        release(&d);
        return out_of_memory(overlaps, err);
    }
    made.B = made.J + K * made.D * L;
    for (size_t b = 0; b < L; b++)
        store(&d, decompose(&d, overlaps, b, spectrum->n[b]), K, L, b, &made);
    release(&d);
    *factors = made;
    return ORDPAR_OK;
}

void ordpar_factors_clear(ordpar_factors *factors) {
    free(factors->J);
    *factors = (ordpar_factors){0};
}
