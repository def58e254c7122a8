// SPDX-License-Identifier: GPL-3.0-or-later
/* Spectra from arrays in NumPy's files: eigenvalues, or a covariance matrix. */
#include "spectra/spectrum/spectrum_read.h"

#include "base/linear_algebra.h"
#include "base/long_call.h"
#include "base/npy_file.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Largest covariance matrix that is diagonalised: as of data sets. */
enum { MAX_MATRIX = 16384 };

static ordpar_status from_values(const char *path, size_t count, const double *lambda,
                                 ordpar_spectrum *spectrum, ordpar_error *err) {
    const double rounding = ordpar_spectrum_negative_rounding(count, lambda);
    for (size_t k = 0; k < count; k++)
        if (!isfinite(lambda[k]) || lambda[k] < -rounding)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: eigenvalue %zu must be finite and >= 0, got %g", path, k + 1,
                               lambda[k]);
    int64_t *ones = malloc(count * sizeof *ones);
    if (!ones)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", count);
    for (size_t k = 0; k < count; k++)
        ones[k] = 1;
    const ordpar_status status = ordpar_spectrum_from_arrays(count, lambda, ones, spectrum, err);
    free(ones);
    return status;
}

/* Entries that mirror each other may differ by the rounding of what computed them, mostly in single
 * precision, whatever the array's own; both halves count. */
static ordpar_status symmetrise(const ordpar_npy_file *npy, size_t N, double *S,
                                ordpar_error *err) {
    const double tolerance = npy->npy.kind == 'f' && npy->npy.size == 2 ? 4e-3 : 1e-5;
    size_t i, j;
    if (!ordpar_covariance_is_symmetric(N, S, tolerance, &i, &j)) {
        const double here = S[i * N + j], there = S[j * N + i];
        if (!isfinite(here) || !isfinite(there))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: entry [%zu][%zu] must be finite",
                               npy->path, i, j);
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: a covariance matrix must be symmetric, but [%zu][%zu] is %.9g and "
                           "[%zu][%zu] is %.9g",
                           npy->path, i, j, here, j, i, there);
    }
    for (i = 0; i < N; i++)
        for (j = 0; j < i; j++)
            S[i * N + j] = S[j * N + i] = 0.5 * S[i * N + j] + 0.5 * S[j * N + i];
    return ORDPAR_OK;
}

/* S[N][N] is used up; its eigenvalues come out. */
static ordpar_status diagonalise(const char *path, size_t N, double *S, double *lambda,
                                 ordpar_error *err) {
    const lapack_int n = (lapack_int)N;
    ordpar_long_call_begin();
    const lapack_int info =
        LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'U', n, S, n, lambda); /* ascending */
    ordpar_long_call_end();
    if (info)
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "%s: the eigenvalues did not converge (dsyevd: %d)", path, (int)info);
    const double rounding = ordpar_spectrum_rounding(N, lambda);
    if (!(lambda[0] >= -ordpar_spectrum_negative_rounding(N, lambda)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: a covariance matrix has no negative eigenvalues, this one has %g",
                           path, lambda[0]);
    for (size_t k = 0; k < N && lambda[k] <= rounding; k++)
        lambda[k] = 0;
    return ORDPAR_OK;
}

static ordpar_status read_matrix(ordpar_npy_file *npy, double *S, ordpar_spectrum *spectrum,
                                 ordpar_error *err) {
    const size_t N = npy->npy.rows;
    double *lambda = malloc(N * sizeof *lambda);
    ordpar_status status = symmetrise(npy, N, S, err);
    if (!status && !lambda)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", N);
    if (!status)
        status = diagonalise(npy->path, N, S, lambda, err);
    if (!status)
        status = from_values(npy->path, N, lambda, spectrum, err);
    free(lambda);
    return status;
}

/* One axis, or a column or a row of two. */
static bool is_vector(const ordpar_npy *a) {
    return a->n_axes == 1 || (a->n_axes == 2 && (a->rows == 1) != (a->dim == 1));
}

static ordpar_status check_shape(const ordpar_npy_file *npy, ordpar_error *err) {
    const ordpar_npy *a = &npy->npy;
    const bool square = a->n_axes == 2 && a->rows == a->dim;
    if ((is_vector(a) && a->rows <= ORDPAR_MAX_EIGENVALUES / a->dim) ||
        (square && a->rows <= MAX_MATRIX))
        return ORDPAR_OK;
    char shape[ORDPAR_NPY_SHAPE_SIZE];
    ordpar_npy_shape(a, shape);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%s: a spectrum is an array of eigenvalues, or a covariance matrix of at "
                       "most %d rows, got the shape %s",
                       npy->path, MAX_MATRIX, shape);
}

ordpar_status ordpar_spectrum_read_array(const char *path, ordpar_spectrum *spectrum,
                                         ordpar_error *err) {
    ordpar_npy_file npy;
    ordpar_status status = ordpar_npy_file_open(path, NULL, &npy, err);
    if (status)
        return status;
    double *values = NULL;
    const size_t rows = npy.npy.rows;
    if (!(status = check_shape(&npy, err)) &&
        !(status = is_vector(&npy.npy) ? ORDPAR_OK : ordpar_linear_algebra_begin(err)) &&
        !(values = malloc(rows * npy.npy.dim * sizeof *values)))
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %s", path);
    if (!status)
        status = ordpar_npy_file_read(&npy, rows, values, err);
    if (!status)
        status = is_vector(&npy.npy) ? from_values(path, rows * npy.npy.dim, values, spectrum, err)
                                     : read_matrix(&npy, values, spectrum, err);
    free(values);
    ordpar_npy_file_close(&npy);
    return status;
}
