// SPDX-License-Identifier: GPL-3.0-or-later
/* What is left of labels, and the errors of what is not. */
#include "validation/data/label_fit.h"

#include "base/factor.h"
#include "base/floating_point.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 512 };

/* Running sums over the examples. */
typedef struct {
    const ordpar_labelled *data;
    const double *beta; /* [rank] least squares over all examples */
    double *z;          /* [BATCH][rank] */
    double *u, *w;      /* [BATCH] linear part; square of the rest */
    double *noise;      /* [rank] */
    double *product;    /* [BATCH][rank] */
    double *coupling;   /* [rank][rank] */
    double T;
    double rest, rest_square, influence_square;
} pass;

static ordpar_status least_squares(const ordpar_label_sums *s, double *beta, ordpar_error *err) {
    const size_t rank = s->rank, size = rank * rank;
    double *G = malloc(size * sizeof *G);
    if (!G)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu directions", rank);
    for (size_t k = 0; k < size; k++)
        G[k] = s->G[0][k] + s->G[1][k];
    for (size_t k = 0; k < rank; k++)
        beta[k] = s->b[0][k] + s->b[1][k];
    const lapack_int n = (lapack_int)rank;
    lapack_int info = ordpar_factor_cholesky(LAPACK_ROW_MAJOR, 'L', n, G);
    if (!info)
        info = LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', n, 1, G, n, beta, 1);
    free(G);
    return info == 0 ? ORDPAR_OK
                     : ordpar_fail(err, ORDPAR_INVALID, "the examples are linearly dependent");
}

/*
 * [15.34] The residual of an example that has a share h in its own fit has the variance (1 - h)
 * times that of the rest. The directions are uncorrelated over all examples, so h = (1 + z.z)/n.
 */
static void take_batch(pass *p, size_t first, size_t count) {
    const ordpar_labelled *d = p->data;
    const size_t rank = d->rank;
    const double n = (double)d->n;
    for (size_t s = 0; s < count; s++)
        for (size_t k = 0; k < rank; k++)
            p->z[s * rank + k] = d->x[(first + s) * d->stride + k] * d->scale[k];
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)count, (int)rank, 1, p->z, (int)rank, p->beta, 1,
                0, p->u, 1);
    for (size_t s = 0; s < count; s++) {
        const double *z = p->z + s * rank, rest = d->y[first + s] - p->u[s];
        const double h = (1 + cblas_ddot((int)rank, z, 1, z, 1)) / n;
        const double influence = p->u[s] * p->u[s] - p->T + 2 * p->u[s] * rest;
        p->w[s] = rest * rest / fmax(1 - h, 1 / n);
        p->rest += p->w[s] / n;
        p->rest_square += p->w[s] * p->w[s] / n;
        p->influence_square += influence * influence / n;
        for (size_t k = 0; k < rank; k++) {
            p->noise[k] += p->w[s] * z[k] * z[k] / n;
            p->product[s * rank + k] = 2 * rest * z[k] * z[k] / n;
        }
    }
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)rank, (int)rank, (int)count, 1,
                p->product, (int)rank, p->z, (int)rank, 1, p->coupling, (int)rank);
}

static void finish(const pass *p, ordpar_label_fit *fit) {
    const double n = (double)fit->n;
    double fourth = 0, sum = 0, weights = 0;
    for (size_t k = 0; k < fit->rank; k++) {
        const double lambda = 1 / (p->data->scale[k] * p->data->scale[k]);
        fourth += fit->noise[k] * fit->noise[k];
        sum += lambda * fit->noise[k];
        weights += lambda;
    }
    for (size_t k = 0; k < fit->rank; k++) /* [15.36] */
        for (size_t j = 0; j < fit->rank; j++)
            fit->coupling[k * fit->rank + j] *= p->beta[j];
    fit->T = p->T; /* [15.35] */
    fit->T_error = sqrt(p->influence_square / n + 4 * fourth / (n * n));
    fit->rest = p->rest;
    fit->rest_error = sqrt(fmax(p->rest_square - p->rest * p->rest, 0) / n);
    fit->mean_noise = sum / weights;
}

static ordpar_status run(const ordpar_labelled *data, const ordpar_label_sums *sums, double *work,
                         ordpar_label_fit *fit, ordpar_error *err) {
    const size_t rank = fit->rank;
    double *beta = work, *halves = work + rank;
    pass p = {.data = data, .beta = beta, .z = work + 3 * rank, .noise = fit->noise};
    p.coupling = fit->coupling;
    p.product = p.z + BATCH * rank;
    p.u = p.product + BATCH * rank;
    p.w = p.u + BATCH;
    ordpar_status status;
    if ((status = ordpar_label_coefficients(sums, halves, err)) ||
        (status = least_squares(sums, beta, err)))
        return status;
    for (size_t k = 0; k < rank; k++) {
        fit->signal[k] = halves[k] * halves[rank + k];
        p.T += fit->signal[k];
    }
    fit->groups = ordpar_label_pool(rank, fit->signal, fit->pooled);
    if (!fit->groups)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu directions", rank);
    for (size_t first = 0; first < data->n && !status; first += BATCH) {
        take_batch(&p, first, data->n - first < BATCH ? data->n - first : BATCH);
        status = ordpar_labelled_goes_on(data, err);
    }
    finish(&p, fit);
    return status;
}

ordpar_status ordpar_label_fit_init(const ordpar_labelled *data, const ordpar_label_sums *sums,
                                    ordpar_label_fit *fit, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t rank = data->rank;
    ordpar_label_fit made = {
        .n = data->n, .rank = rank, .signal = calloc((3 + rank) * rank, sizeof(double))};
    double *work = malloc((3 * rank + BATCH * (2 * rank + 2)) * sizeof *work);
    ordpar_status status = ORDPAR_OK;
    if (made.signal && work) {
        made.pooled = made.signal + rank;
        made.noise = made.pooled + rank;
        made.coupling = made.noise + rank;
        status = run(data, sums, work, &made, err);
    } else
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu directions", rank);
    free(work);
    if (status)
        ordpar_label_fit_clear(&made);
    else
        *fit = made;
    return status;
}

void ordpar_label_fit_clear(ordpar_label_fit *fit) {
    free(fit->signal);
    *fit = (ordpar_label_fit){0};
}
