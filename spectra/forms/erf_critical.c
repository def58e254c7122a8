// SPDX-License-Identifier: GPL-3.0-or-later
/* eta_c of a given teacher, whose fields may have any covariance. [7.19] */
#include "base/factor.h"
#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "spectra/forms/erf_asymptotic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In units of v^2 2/pi for C, and of its square for F. Symmetric M x M matrices have the
 * orthonormal basis (e_i e_j^T + e_j e_i^T) / norm, i <= j. */
typedef struct {
    size_t M, pairs;
    const double *T;       /* [M*M] */
    size_t (*pair)[2];     /* [pairs] */
    double *C, *own;       /* [M*M], [M] its eigenvalues */
    double *noise, *decay; /* [pairs*pairs] upper triangles: F, and e -> C e + e C */
    double *roots;         /* [pairs] */
} problem;

static double norm(const size_t pair[2]) {
    return pair[0] == pair[1] ? 2 : M_SQRT2;
}

/* E[prod exp(-y^2/2)] over some units, which may be the same: det(1 + T)^(-1/2) of their fields. */
static double mean(const problem *p, size_t count, const size_t *unit) {
    double A[4][4], root = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            A[i][j] = (i == j) + p->T[unit[i] * p->M + unit[j]];
    for (size_t k = 0; k < count; k++) {
        root *= sqrt(A[k][k]);
        for (size_t i = k + 1; i < count; i++)
            for (size_t j = i; j < count; j++)
                A[i][j] = A[j][i] = A[i][j] - A[k][i] / A[k][k] * A[k][j];
    }
    return 1 / root;
}

/* Room for all, in one piece. */
static ordpar_status make_room(problem *p, ordpar_error *err) {
    const size_t M = p->M, n = p->pairs;
    const double numbers = 2 * (double)n * (double)n;
    p->pair = malloc(n * sizeof *p->pair);
    p->C = numbers < 1e15 ? malloc((M * M + M + 2 * n * n + n) * sizeof *p->C) : NULL;
    if (!p->pair || !p->C)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the pairs of %zu units", M);
    p->own = p->C + M * M;
    p->noise = p->own + M;
    p->decay = p->noise + n * n;
    p->roots = p->decay + n * n;
    for (size_t i = 0, k = 0; i < M; i++)
        for (size_t j = i; j < M; j++, k++) {
            p->pair[k][0] = i;
            p->pair[k][1] = j;
        }
    return ORDPAR_OK;
}

static void fill(problem *p) {
    const size_t M = p->M, n = p->pairs;
    const double *C = p->C;
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++)
            p->C[i * M + j] = mean(p, 2, (size_t[]){i, j});
    for (size_t y = 0; y < n; y++)
        for (size_t x = 0; x <= y; x++) {
            const size_t i = p->pair[x][0], j = p->pair[x][1], k = p->pair[y][0], l = p->pair[y][1];
            const double scale = norm(p->pair[x]) * norm(p->pair[y]);
            p->noise[y * n + x] = 4 / scale * mean(p, 4, (size_t[]){i, j, k, l});
            p->decay[y * n + x] = 2 / scale *
                                  ((j == k) * C[i * M + l] + (j == l) * C[i * M + k] +
                                   (i == k) * C[j * M + l] + (i == l) * C[j * M + k]);
        }
}

/* Units whose students do not decay by themselves: C has an eigenvalue that rounding hides. */
static ordpar_status check_units(problem *p, ordpar_error *err) {
    const double least = 1e-9;
    const lapack_int M = (lapack_int)p->M;
    const lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'U', M, p->C, M, p->own);
    if (info == 0 && p->own[0] > least * p->own[M - 1])
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_NUMERICAL,
                       "no eta_c is found: units of the teacher are alike, or opposite, or their "
                       "fields small, to within rounding");
}

/* The spectral radius of decay^-1 noise. Both are symmetric, and decay is positive. */
static ordpar_status find_radius(problem *p, double *radius, ordpar_error *err) {
    const lapack_int n = (lapack_int)p->pairs;
    lapack_int info = ordpar_factor_cholesky(LAPACK_COL_MAJOR, 'U', n, p->decay);
    if (!info)
        info = LAPACKE_dsygst(LAPACK_COL_MAJOR, 1, 'U', n, p->noise, n, p->decay, n);
    if (!info)
        info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'U', n, p->noise, n, p->roots);
    *radius = info ? NAN : p->roots[n - 1];
    return info == LAPACK_WORK_MEMORY_ERROR
               ? ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the pairs of %zu units", p->M)
           : info ? ordpar_fail(err, ORDPAR_NUMERICAL, "no eta_c is found: LAPACK fails")
                  : ORDPAR_OK;
}

static bool is_isotropic(size_t M, const double *T) {
    for (size_t n = 0; n < M; n++)
        for (size_t m = 0; m < M; m++)
            if (T[n * M + m] != (n == m ? T[0] : 0))
                return false;
    return true;
}

ordpar_status ordpar_erf_critical_eta_of(size_t M, double v, const double *T, double trace,
                                         double *eta_c, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (is_isotropic(M, T) && T[0] > 0) { /* which has its digits at any T */
        *eta_c = ordpar_erf_critical_eta(&(ordpar_erf_site){M, v, T[0], trace});
        return ORDPAR_OK;
    }
    problem p = {.M = M, .pairs = M * (M + 1) / 2, .T = T};
    double radius = NAN;
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (!status && !(status = make_room(&p, err))) {
        fill(&p);
        if (!(status = check_units(&p, err)))
            status = find_radius(&p, &radius, err);
    }
    free(p.pair);
    free(p.C);
    *eta_c = 1 / (2 / M_PI * v * v * radius * trace);
    return status;
}
