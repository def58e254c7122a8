// SPDX-License-Identifier: GPL-3.0-or-later
#include "validation/data/principal.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "base/long_call.h"
#include "base/team.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Examples taken together, and edge of the covariance's tiles, which the threads share out. */
enum { BATCH = 1024, TILE = 256 };

typedef struct {
    ordpar_dataset *data;
    const ordpar_principal_options *options;
    size_t dim;
    uint64_t rows;
    double *batch; /* [BATCH][dim] */
    double *mean;  /* [dim] of the examples so far */
    double *step;  /* [dim] from it to the mean of a batch */
    double *sum;   /* [dim] scratch */
    double *S;     /* [dim][dim] sum of products of deviations from the mean; lower triangle */
    double *first; /* [dim] the first example */
    ordpar_team *team;
    bool differ; /* some example is not the first one again */
} accumulation;

double ordpar_principal_bytes(size_t dim) {
    const double d = (double)dim;
    return sizeof(double) * d * (2 * d + BATCH + 64);
}

static ordpar_status allocate(accumulation *a, ordpar_error *err) {
    const size_t dim = a->dim;
    a->batch = malloc(BATCH * dim * sizeof *a->batch);
    a->mean = calloc(4 * dim, sizeof *a->mean);
    a->S = calloc(dim * dim, sizeof *a->S);
    if (!a->batch || !a->mean || !a->S)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for a covariance of %zu components",
                           dim);
    a->step = a->mean + dim;
    a->sum = a->mean + 2 * dim;
    a->first = a->mean + 3 * dim;
    return ORDPAR_OK;
}

static void compare(accumulation *a, size_t count) {
    if (a->rows == 0)
        memcpy(a->first, a->batch, a->dim * sizeof *a->first);
    for (size_t s = 0; s < count && !a->differ; s++)
        for (size_t k = 0; k < a->dim; k++)
            a->differ = a->differ || a->batch[s * a->dim + k] != a->first[k];
}

/* Takes the batch's mean out of it and adds it to step. */
static void subtract_mean(accumulation *a, size_t count) {
    memset(a->sum, 0, a->dim * sizeof *a->sum);
    for (size_t s = 0; s < count; s++)
        cblas_daxpy((int)a->dim, 1 / (double)count, a->batch + s * a->dim, 1, a->sum, 1);
    for (size_t s = 0; s < count; s++)
        cblas_daxpy((int)a->dim, -1, a->sum, 1, a->batch + s * a->dim, 1);
    cblas_daxpy((int)a->dim, 1, a->sum, 1, a->step, 1);
}

/*
 * The batch less its own mean; the difference of its mean from that of the examples before adds a
 * product of its own (Chan, Golub & LeVeque), so that nothing cancels however the mean drifts.
 */
static void centre_batch(accumulation *a, size_t count) {
    const int dim = (int)a->dim;
    const double before = (double)a->rows, n = (double)count, part = n / (before + n);
    for (size_t k = 0; k < a->dim; k++)
        a->step[k] = -a->mean[k];
    subtract_mean(a, count);
    subtract_mean(a, count); /* the rounding of the first */
    if (a->rows > 0)
        cblas_dsyr(CblasRowMajor, CblasLower, dim, before * part, a->step, 1, a->S, dim);
    cblas_daxpy(dim, part, a->step, 1, a->mean, 1);
}

static void add_tile(const accumulation *a, size_t count, size_t row, size_t column) {
    const size_t dim = a->dim;
    const int n = (int)dim, height = (int)(dim - row < TILE ? dim - row : TILE),
              width = (int)(dim - column < TILE ? dim - column : TILE);
    double *S = a->S + row * dim + column;
    if (row == column)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, height, (int)count, 1, a->batch + row, n,
                    1, S, n);
    else
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, height, width, (int)count, 1,
                    a->batch + row, n, a->batch + column, n, 1, S, n);
}

typedef struct {
    const accumulation *a;
    size_t count, tiles;
} batch;

static void add_one_tile(void *context, size_t t, size_t member) {
    const batch *b = context;
    (void)member;
    if (t % b->tiles <= t / b->tiles)
        add_tile(b->a, b->count, t / b->tiles * TILE, t % b->tiles * TILE);
}

static void add_batch(accumulation *a, size_t count) {
    const size_t dim = a->dim, tiles = (dim + TILE - 1) / TILE;
    centre_batch(a, count);
    batch b = {a, count, tiles};
    ordpar_team_run(a->team, tiles * tiles, add_one_tile, &b);
    a->rows += count;
}

static ordpar_status accumulate(accumulation *a, ordpar_error *err) {
    const double total = (double)ordpar_dataset_rows(a->data);
    size_t count;
    ordpar_dataset_rewind(a->data);
    do {
        const ordpar_status status = ordpar_dataset_read(a->data, BATCH, a->batch, &count, err);
        if (status)
            return status;
        if (count > 0) {
            compare(a, count);
            add_batch(a, count);
        }
        if (a->options->progress)
            a->options->progress(a->options->context, (double)a->rows / total);
        if (a->options->stop && *a->options->stop)
            return ordpar_fail(err, ORDPAR_INTERRUPTED, "interrupted after %llu examples",
                               (unsigned long long)a->rows);
    } while (count > 0);
    ordpar_dataset_rewind(a->data);
    if (a->rows < 2)
        return ordpar_fail(err, ORDPAR_INVALID, "a covariance needs at least 2 examples, got %llu",
                           (unsigned long long)a->rows);
    return ORDPAR_OK;
}

/* S becomes the covariance. */
static void finish(accumulation *a) {
    for (size_t k = 0; k < a->dim; k++)
        cblas_dscal((int)k + 1, 1 / (double)a->rows, a->S + k * a->dim, 1);
}

/* Largest first; each vector's largest component positive, so that signs do not depend on LAPACK.
 */
static void arrange(ordpar_principal *p, const double *values, const double *vectors) {
    const double largest = fmax(values[p->N - 1], 0);
    double kept = 0;
    for (size_t k = 0; k < p->N; k++) {
        const size_t from = p->N - 1 - k;
        const bool noise = values[from] <= (double)(p->dim + 32) * DBL_EPSILON * largest;
        p->lambda[k] = noise ? 0 : values[from];
        kept += p->lambda[k];
        memcpy(p->basis + k * p->dim, vectors + from * p->dim, p->dim * sizeof(double));
    }
    const double scale = (double)p->N / kept;
    for (size_t k = 0; k < p->N; k++) {
        double *vector = p->basis + k * p->dim;
        const double sign = vector[cblas_idamax((int)p->dim, vector, 1)] < 0 ? -1 : 1;
        p->lambda[k] *= scale;
        cblas_dscal((int)p->dim, sign * sqrt(scale), vector, 1);
    }
    p->kept = kept;
}

/* Below it squares of the examples' numbers lose digits, or are 0. */
static const double least_variance = 1e-280;

static ordpar_status check_variance(const accumulation *a, double trace, ordpar_error *err) {
    if (!a->differ)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "all %llu examples are equal: their covariance is 0",
                           (unsigned long long)a->rows);
    if (trace >= least_variance)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "the examples differ, but their variance, %g, is below %g, where squares "
                       "underflow: multiply the data by a constant (the spectrum is scaled to the "
                       "trace N anyway)",
                       trace, least_variance);
}

static ordpar_status diagonalise(accumulation *a, ordpar_principal *p, ordpar_error *err) {
    const lapack_int n = (lapack_int)p->dim, N = (lapack_int)p->N;
    double trace = 0;
    for (size_t k = 0; k < p->dim; k++)
        trace += a->S[k * p->dim + k];
    const ordpar_status variance = check_variance(a, trace, err);
    if (variance)
        return variance;
    double *values = malloc(p->dim * sizeof *values);
    double *vectors = malloc(p->dim * p->N * sizeof *vectors);
    lapack_int *support = malloc(2 * p->dim * sizeof *support), found = 0, info = 0;
    ordpar_status status = ORDPAR_OK;
    if (!values || !vectors || !support)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvectors", p->N);
    else {
        ordpar_long_call_begin();
        info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', 'I', 'U', n, a->S, n, 0, 0, n - N + 1, n, 0,
                              &found, values, vectors, n, support);
        ordpar_long_call_end();
    }
    if (!status && (info || found != N))
        status = ordpar_fail(err, ORDPAR_NUMERICAL,
                             "the eigenvalues of the covariance did not converge (dsyevr: %d)",
                             (int)info);
    if (!status) {
        arrange(p, values, vectors);
        p->kept /= trace;
    }
    free(values);
    free(vectors);
    free(support);
    return status;
}

static ordpar_status compute(accumulation *a, ordpar_principal *principal, ordpar_error *err) {
    ordpar_status status;
    if ((status = allocate(a, err)) || (status = accumulate(a, err)))
        return status;
    finish(a);
    ordpar_principal p = {
        .dim = a->dim, .N = a->options->N ? a->options->N : a->dim, .rows = a->rows};
    p.mean = malloc(p.dim * sizeof *p.mean);
    p.lambda = malloc(p.N * sizeof *p.lambda);
    p.basis = malloc(p.N * p.dim * sizeof *p.basis);
    if (!p.mean || !p.lambda || !p.basis)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu components", p.N);
    else
        status = diagonalise(a, &p, err);
    if (status) {
        ordpar_principal_clear(&p);
        return status;
    }
    memcpy(p.mean, a->mean, p.dim * sizeof *p.mean);
    *principal = p;
    return ORDPAR_OK;
}

ordpar_status ordpar_principal_init(ordpar_dataset *dataset,
                                    const ordpar_principal_options *options,
                                    ordpar_principal *principal, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t dim = ordpar_dataset_dim(dataset);
    if (options->N > dim)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the examples have %zu components, %zu cannot be kept", dim, options->N);
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (status)
        return status;
    accumulation a = {.data = dataset,
                      .options = options,
                      .dim = dim,
                      .team = ordpar_team_create(ordpar_threads(options->threads))};
    status = compute(&a, principal, err);
    ordpar_team_free(a.team);
    free(a.batch);
    free(a.mean);
    free(a.S);
    return status;
}

void ordpar_principal_clear(ordpar_principal *p) {
    if (!p)
        return;
    free(p->mean);
    free(p->lambda);
    free(p->basis);
    *p = (ordpar_principal){0};
}

ordpar_status ordpar_principal_spectrum(const ordpar_principal *p, ordpar_spectrum *spectrum,
                                        ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    int64_t *ones = malloc(p->N * sizeof *ones);
    if (!ones)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", p->N);
    for (size_t k = 0; k < p->N; k++)
        ones[k] = 1;
    const ordpar_status status = ordpar_spectrum_from_arrays(p->N, p->lambda, ones, spectrum, err);
    free(ones);
    return status;
}

void ordpar_principal_rotate(const ordpar_principal *p, size_t count, double *examples, double *x,
                             size_t stride) {
    ORDPAR_FLOATING_POINT;
    for (size_t s = 0; s < count; s++)
        cblas_daxpy((int)p->dim, -1, p->mean, 1, examples + s * p->dim, 1);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)count, (int)p->N, (int)p->dim,
                1 / sqrt((double)p->N), examples, (int)p->dim, p->basis, (int)p->dim, 0, x,
                (int)stride);
}

/* Entries that mirror each other may differ by the rounding of what computed them, also in half
 * precision: no examples do so by chance. */
static bool is_covariance(size_t dim, const double *X) {
    const double rounding = 1e-3;
    double trace = 0;
    size_t row, column;
    for (size_t k = 0; k < dim; k++) {
        if (!(X[k * dim + k] >= 0))
            return false;
        trace += X[k * dim + k];
    }
    return trace > 0 && ordpar_covariance_is_symmetric(dim, X, rounding, &row, &column);
}

static ordpar_status read_square(ordpar_dataset *dataset, size_t dim, double *X, size_t *rows,
                                 ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    *rows = 0;
    ordpar_dataset_rewind(dataset);
    for (size_t got = 1; !status && got > 0 && *rows < dim;) {
        status = ordpar_dataset_read(dataset, dim - *rows, X + *rows * dim, &got, err);
        *rows += status ? 0 : got;
    }
    ordpar_dataset_rewind(dataset);
    return status;
}

ordpar_status ordpar_dataset_is_covariance(ordpar_dataset *dataset, bool *covariance,
                                           ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    const size_t dim = ordpar_dataset_dim(dataset);
    *covariance = false;
    if (dim < 2 || !ordpar_dataset_is_matrix(dataset) || ordpar_dataset_rows(dataset) != dim)
        return ORDPAR_OK;
    size_t rows;
    double *X = malloc(dim * dim * sizeof *X);
    if (!X)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu examples", dim);
    const ordpar_status status = read_square(dataset, dim, X, &rows, err);
    if (!status)
        *covariance = rows == dim && is_covariance(dim, X);
    free(X);
    return status;
}
