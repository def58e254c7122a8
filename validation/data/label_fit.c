// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/label_fit.h"

#include "base/factor.h"
#include "base/floating_point.h"
#include "base/team.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_status allocate(size_t rank, ordpar_label_sums *s, ordpar_error *err) {
    *s = (ordpar_label_sums){.rank = rank};
    for (size_t half = 0; half < 2; half++) {
        s->G[half] = calloc(rank * rank, sizeof *s->G[half]);
        s->b[half] = calloc(rank, sizeof *s->b[half]);
    }
    if (s->G[0] && s->G[1] && s->b[0] && s->b[1])
        return ORDPAR_OK;
    ordpar_label_sums_clear(s);
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for sums over %zu directions", rank);
}

void ordpar_label_sums_clear(ordpar_label_sums *s) {
    for (size_t half = 0; half < 2; half++) {
        free(s->G[half]);
        free(s->b[half]);
    }
    *s = (ordpar_label_sums){0};
}

/* Whether each half has twice as many examples as directions: fewer make its coefficients useless.
 */
static bool suffice(const ordpar_label_sums *s) {
    return s->count[0] >= 2 * s->rank + 2 && s->count[1] >= 2 * s->rank + 2;
}

/* Adds factor times the sums over rows of x, count of them, in units of x. */
static void add(size_t rank, size_t count, double factor, const double *x, size_t stride,
                const double *y, size_t y_stride, double *G, double *b) {
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)rank, (int)count, factor, x,
                (int)stride, 1, G, (int)rank);
    cblas_dgemv(CblasRowMajor, CblasTrans, (int)count, (int)rank, factor, x, (int)stride, y,
                (int)y_stride, 1, b, 1);
}

static void to_unit_variance(const double *scale, size_t rank, double *G, double *b) {
    for (size_t k = 0; k < rank; k++) {
        b[k] *= scale[k];
        for (size_t l = 0; l <= k; l++)
            G[k * rank + l] *= scale[k] * scale[l];
    }
}

typedef struct {
    const ordpar_labelled *data;
    ordpar_label_sums *sums;
} halving;

/* Examples between two looks at the stop. */
enum { AT_ONCE = 2048 };

static void sum_half(void *context, size_t half, size_t member) {
    const halving *h = context;
    const ordpar_labelled *d = h->data;
    ordpar_label_sums *s = h->sums;
    (void)member;
    s->count[half] = (d->n + 1 - half) / 2;
    for (size_t first = 0; first < s->count[half] && !(d->stop && *d->stop); first += AT_ONCE) {
        const size_t left = s->count[half] - first, at = half + 2 * first;
        add(s->rank, left < AT_ONCE ? left : AT_ONCE, 1, d->x + at * d->stride, 2 * d->stride,
            d->y + at, 2, s->G[half], s->b[half]);
    }
    to_unit_variance(d->scale, s->rank, s->G[half], s->b[half]);
}

ordpar_status ordpar_label_sums_init(const ordpar_labelled *data, int threads,
                                     ordpar_label_sums *sums, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_status status = allocate(data->rank, sums, err);
    if (status)
        return status;
    ordpar_parallel(ordpar_threads(threads), 2, sum_half, &(halving){data, sums});
    if ((status = ordpar_labelled_goes_on(data, err)))
        ordpar_label_sums_clear(sums);
    return status;
}

enum { BATCH = 512 };

/* Takes the examples of one half among without[count] out of its sums. */
static void take_out(const ordpar_labelled *data, size_t half, size_t count,
                     const uint32_t *without, double *rows, double *G, double *b, size_t *left) {
    const size_t rank = data->rank;
    double *y = rows + BATCH * rank;
    for (size_t at = 0; at < count;) {
        size_t filled = 0;
        for (; at < count && filled < BATCH; at++) {
            if (without[at] % 2 != half)
                continue;
            const double *x = data->x + without[at] * data->stride;
            for (size_t k = 0; k < rank; k++)
                rows[filled * rank + k] = x[k] * data->scale[k];
            y[filled++] = data->y[without[at]];
        }
        if (filled)
            add(rank, filled, -1, rows, rank, y, 1, G, b);
        *left -= filled;
    }
}

ordpar_status ordpar_label_sums_without(const ordpar_label_sums *all, const ordpar_labelled *data,
                                        size_t count, const uint32_t *without,
                                        ordpar_label_sums *sums, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t rank = all->rank;
    double *rows = malloc(BATCH * (rank + 1) * sizeof *rows);
    const ordpar_status status =
        rows ? allocate(rank, sums, err)
             : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a batch of examples");
    for (size_t half = 0; half < 2 && !status; half++) {
        memcpy(sums->G[half], all->G[half], rank * rank * sizeof *rows);
        memcpy(sums->b[half], all->b[half], rank * sizeof *rows);
        sums->count[half] = all->count[half];
        take_out(data, half, count, without, rows, sums->G[half], sums->b[half],
                 &sums->count[half]);
    }
    free(rows);
    return status;
}

/* [15.33] */
ordpar_status ordpar_label_coefficients(const ordpar_label_sums *sums, double *beta,
                                        ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t rank = sums->rank;
    const lapack_int n = (lapack_int)rank;
    if (!suffice(sums))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the coefficients of %zu directions need two halves of %zu examples at "
                           "least, there are %zu and %zu: keep fewer components",
                           rank, 2 * rank + 2, sums->count[0], sums->count[1]);
    double *factor = malloc(rank * rank * sizeof *factor);
    if (!factor)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu directions", rank);
    lapack_int info = 0;
    for (size_t half = 0; half < 2 && !info; half++) {
        memcpy(factor, sums->G[half], rank * rank * sizeof *factor);
        memcpy(beta + half * rank, sums->b[half], rank * sizeof *beta);
        info = ordpar_factor_cholesky(LAPACK_ROW_MAJOR, 'L', n, factor);
        if (!info)
            info = LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', n, 1, factor, n, beta + half * rank, 1);
    }
    free(factor);
    return info == 0 ? ORDPAR_OK
                     : ordpar_fail(err, ORDPAR_INVALID,
                                   "half of the examples are linearly dependent in %zu directions: "
                                   "keep fewer components",
                                   rank);
}

size_t ordpar_label_pool(size_t count, const double *signal, double *pooled) {
    size_t groups = 0;
    size_t *begin = malloc((count + 1) * sizeof *begin);
    if (!begin)
        return 0;
    for (size_t k = 0; k < count;
         k++) { /* pooled[g]: the sum of group g, which begins at begin[g] */
        begin[groups] = k;
        pooled[groups++] = signal[k];
        while (groups > 1 && (pooled[groups - 1] < 0 || pooled[groups - 2] < 0)) {
            pooled[groups - 2] += pooled[groups - 1];
            groups--;
        }
    }
    begin[groups] = count;
    if (groups == 1 && pooled[0] < 0)
        pooled[0] = 0;
    for (size_t g = groups; g-- > 0;) { /* from the end: begin[g] >= g, so that no sum is lost */
        double above = 0;
        for (size_t k = begin[g]; k < begin[g + 1]; k++)
            above += fmax(signal[k], 0);
        const double factor = above > 0 ? pooled[g] / above : 0;
        for (size_t k = begin[g + 1]; k-- > begin[g];)
            pooled[k] = factor * fmax(signal[k], 0);
    }
    free(begin);
    return groups;
}
