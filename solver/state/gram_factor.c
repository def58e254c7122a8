// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/gram_factor.h"

#include "base/long_call.h"

#include <gsl/gsl_randist.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounding of overlaps that come from a file, or whose block is small, stays far below this. */
static const double reconstruction_tolerance = 1e-8, exact_tolerance = 1e-12;

/* The square of a smaller norm is inexact or 0, while products with other norms are not. */
static const double least_size = 1e-150;

/* C = S scaled to unit diagonal; size[a] = sqrt(S_aa), or 0 for a unit as good as absent. */
static void scale_rows(size_t n, const double *S, double *C, double *size) {
    for (size_t a = 0; a < n; a++)
        size[a] = S[a * n + a] > least_size * least_size ? sqrt(S[a * n + a]) : 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const double scale = size[a] * size[b];
            C[a * n + b] = scale > 0 ? S[a * n + b] / size[a] / size[b] : 0;
        }
    for (size_t a = 0; a < n; a++) /* a pivot among equals is not rounding's to choose */
        C[a * n + a] = size[a] > 0;
}

static bool reconstructs(size_t n, const double *S, size_t columns, const double *F,
                         const double *size, double within) {
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = -S[a * n + b];
            for (size_t d = 0; d < columns; d++)
                sum += F[a * columns + d] * F[b * columns + d];
            const double tolerance = size[a] > 0 && size[b] > 0 ? within : 1;
            if (!(fabs(sum) <= tolerance * fmax(size[a], least_size) * fmax(size[b], least_size)))
                return false;
        }
    return true;
}

static ordpar_status factor(size_t n, const double *S, size_t columns, double within, double *F,
                            ordpar_error *err) {
    double *C = malloc((n * n + n) * sizeof *C), *size = C + n * n;
    lapack_int *pivot = malloc(n * sizeof *pivot), rank = 0;
    if (!C || !pivot) {
        free(C);
        free(pivot);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    }
    scale_rows(n, S, C, size);
    /* by columns, upper, is by rows, lower */
    const lapack_int info =
        LAPACKE_dpstrf(LAPACK_COL_MAJOR, 'U', (lapack_int)n, C, (lapack_int)n, pivot, &rank, -1);
    memset(F, 0, n * columns * sizeof *F);
    for (size_t r = 0; r < n && info >= 0; r++) {
        const size_t a = (size_t)pivot[r] - 1;
        for (size_t d = 0; d <= r && d < columns && d < (size_t)rank; d++)
            F[a * columns + d] = size[a] * C[r * n + d];
    }
    const bool good = info >= 0 && reconstructs(n, S, columns, F, size, within);
    free(C);
    free(pivot);
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_INVALID,
                              "no vectors of %zu components have these overlaps", columns);
}

ordpar_status ordpar_gram_factor(size_t n, const double *S, size_t columns, double *F,
                                 ordpar_error *err) {
    return factor(n, S, columns, reconstruction_tolerance, F, err);
}

ordpar_status ordpar_gram_factor_exactly(size_t n, const double *S, size_t columns, double *F,
                                         ordpar_error *err) {
    return factor(n, S, columns, exact_tolerance, F, err);
}

ordpar_status ordpar_gram_lower(size_t n, size_t columns, double *F, ordpar_error *err) {
    double *tau = malloc(columns * sizeof *tau);
    /* F by rows is F^T by columns: F^T = Q R, F = R^T Q^T */
    if (!tau || LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (lapack_int)columns, (lapack_int)n, F,
                               (lapack_int)columns, tau)) {
        free(tau);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu units", n);
    }
    for (size_t a = 0; a < n; a++)
        for (size_t d = a + 1; d < columns; d++)
            F[a * columns + d] = 0;
    free(tau);
    return ORDPAR_OK;
}

/* Makes the rows of Q orthonormal; tau[n] is scratch. */
static bool orthonormalise(lapack_int rows, lapack_int n, double *Q, double *tau) {
    const bool is_long = (double)rows * n * n > 1e9; /* a second */
    if (is_long)
        ordpar_long_call_begin();
    const bool good = !LAPACKE_dgeqrf(LAPACK_COL_MAJOR, rows, n, Q, rows, tau) &&
                      !LAPACKE_dorgqr(LAPACK_COL_MAJOR, rows, n, n, Q, rows, tau);
    if (is_long)
        ordpar_long_call_end();
    return good;
}

ordpar_status ordpar_gram_frame(ordpar_random *stream, size_t columns, size_t length, double *Q,
                                ordpar_error *err) {
    const gsl_rng rng = ordpar_random_gsl(stream);
    const lapack_int rows = (lapack_int)length, n = (lapack_int)columns;
    double *tau = malloc(columns * sizeof *tau);
    for (size_t k = 0; k < columns * length; k++)
        Q[k] = gsl_ran_gaussian_ziggurat(&rng, 1);
    const bool good = tau && orthonormalise(rows, n, Q, tau);
    free(tau);
    return good ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_MEMORY,
                              "out of memory for a frame of %zu vectors in "
                              "%zu dimensions",
                              columns, length);
}
