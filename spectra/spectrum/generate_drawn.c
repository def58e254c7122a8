// SPDX-License-Identifier: GPL-3.0-or-later
/* Spectra of drawn matrices. */
#include "spectra/spectrum/generate.h"

#include "base/linear_algebra.h"
#include "base/long_call.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Inputs xi and a target y, jointly Gaussian, either as linear maps of latent variables of variance
 * 1, xi = A^T z and y = h.z, or as their covariances.
 */
typedef struct {
    size_t N, rows;
    double *A;      /* [rows][N]; or the covariance [N][N] of the inputs */
    double *h;      /* [rows]; or E[xi y] [N]; |h|^2 or E[y^2] is 1. Zeros: no target */
    double *lambda; /* [N] out: the eigenvalues of A^T A, in any order */
    double *g;      /* [N] out: the target's part in each eigenvector; their squares and T_perp sum
                       to 1 */
    double unlearnable; /* out: T_perp */
} joint;

static size_t examples(const ordpar_generator *g, int64_t N) {
    return (size_t)fmax(1, round((double)N / g->ratio));
}

static size_t rows_of(const ordpar_generator *g, int64_t N) {
    return g->kind == ORDPAR_GENERATE_DRAWN ? examples(g, N) : g->count;
}

double ordpar_generator_bytes(const ordpar_generator *g, int64_t N, int64_t L) {
    const double n = (double)N;
    if (g->kind < ORDPAR_GENERATE_DRAWN)
        return 128 * (double)L;
    const double rows = (double)rows_of(g, N);
    return sizeof(double) * (n * rows + (g->map ? 3 * n * n : 0) + 16 * (n + rows));
}

static bool allocate(joint *j, size_t size, size_t length) {
    j->A = malloc(size * sizeof *j->A);
    j->h = calloc(length, sizeof *j->h);
    j->lambda = calloc(2 * j->N, sizeof *j->lambda);
    j->g = j->lambda ? j->lambda + j->N : NULL;
    return j->A && j->h && j->lambda;
}

static void clear(joint *j) {
    free(j->A);
    free(j->h);
    free(j->lambda);
}

/* [15.22] from the singular values of A, which is used up: small eigenvalues keep their digits. */
static ordpar_status by_singular_values(joint *j, ordpar_error *err) {
    const lapack_int N = (lapack_int)j->N, rows = (lapack_int)j->rows;
    const size_t count = j->N < j->rows ? j->N : j->rows;
    double *s = malloc(2 * count * sizeof *s), unused;
    if (!s)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu singular values", count);
    const lapack_int info = LAPACKE_dgesvd(LAPACK_COL_MAJOR, 'N', 'O', N, rows, j->A, N, s, &unused,
                                           1, &unused, 1, s + count);
    if (info) {
        free(s);
        return ordpar_fail(err, ORDPAR_NUMERICAL, "the singular values did not converge (%d)",
                           (int)info);
    }
    const double rounding = (double)(j->N > j->rows ? j->N : j->rows) * DBL_EPSILON;
    for (size_t k = 0; k < count && s[k] > rounding * s[0]; k++) {
        j->lambda[k] = s[k] * s[k];
        j->g[k] = cblas_ddot(rows, j->A + k, N, j->h, 1);
        cblas_daxpy(rows, -j->g[k], j->A + k, N, j->h, 1);
    }
    const double rest = cblas_dnrm2(rows, j->h, 1);
    j->unlearnable = rest > rounding ? rest * rest : 0;
    free(s);
    return ORDPAR_OK;
}

/* [15.22] from the covariance, which is used up. */
static ordpar_status by_eigenvalues(joint *j, ordpar_error *err) {
    const lapack_int N = (lapack_int)j->N;
    ordpar_long_call_begin();
    const lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', N, j->A, N, j->lambda);
    ordpar_long_call_end();
    if (info)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "the eigenvalues did not converge (dsyevd: %d)",
                           (int)info);
    const double rounding = ((double)N + 32) * DBL_EPSILON;
    j->unlearnable = 1;
    for (size_t k = 0; k < j->N; k++) {
        if (j->lambda[k] <= rounding * j->lambda[N - 1]) {
            j->lambda[k] = 0;
            continue;
        }
        j->g[k] = cblas_ddot(N, j->A + k * j->N, 1, j->h, 1) / sqrt(j->lambda[k]);
        j->unlearnable -= j->g[k] * j->g[k];
    }
    if (j->unlearnable < rounding)
        j->unlearnable = 0;
    return ORDPAR_OK;
}

/* Scaled to the trace N where there is a target; eigenvalues 0 are one block. */
static ordpar_status finish(joint *j, bool teaches, ordpar_generated *made, ordpar_error *err) {
    const double n = (double)j->N;
    double sum = 0, *c = calloc(j->N, sizeof *c);
    int64_t *multiplicity = calloc(j->N, sizeof *multiplicity);
    size_t L = 0;
    ordpar_status status = ORDPAR_OK;
    if (!c || !multiplicity)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", j->N);
    for (size_t k = 0; k < j->N; k++)
        sum += j->lambda[k];
    for (size_t k = 0; k < j->N && !status; k++)
        if (j->lambda[k] > 0) {
            multiplicity[L] = 1;
            j->lambda[L] = j->lambda[k] * (teaches ? n / sum : 1);
            c[L] = n * j->g[k] * j->g[k] / j->lambda[L];
            L++;
        }
    if (!status && L < j->N) {
        multiplicity[L] = (int64_t)(j->N - L);
        j->lambda[L] = c[L] = 0;
        L++;
    }
    if (!status)
        status = ordpar_spectrum_with_teacher(L, j->lambda, multiplicity, teaches ? c : NULL,
                                              &made->spectrum, err);
    made->teaches = teaches;
    made->unlearnable = j->unlearnable;
    free(c);
    free(multiplicity);
    return status;
}

/* The covariance of examples, [examples][N]. */
static void draw_examples(const ordpar_generate_options *o, joint *j) {
    ordpar_generate_normals(o->seed, 0, j->N * j->rows, j->A);
    for (size_t v = 0; v < j->rows; v++)
        cblas_dscal((int)j->N, 1 / sqrt((double)j->rows), j->A + v * j->N, 1);
}

/* xi = W^T x, x_j of variance j^-(1+beta), y ~ sum_j j^(-zeta/2) x_j [15.23]. */
static bool draw_features(const ordpar_generate_options *o, joint *j) {
    ordpar_generate_normals(o->seed, 0, j->N * j->rows, j->A);
    for (size_t v = 0; v < j->rows; v++) {
        const double rank = (double)(v + 1);
        cblas_dscal((int)j->N, pow(rank, -(1 + o->beta) / 2), j->A + v * j->N, 1);
        j->h[v] = pow(rank, -(1 + o->beta + o->zeta) / 2);
    }
    const double norm = cblas_dnrm2((int)j->rows, j->h, 1);
    cblas_dscal((int)j->rows, 1 / norm, j->h, 1);
    return isfinite(norm);
}

/* Rows [N][D] of length 1, and a target's direction h of length 1. */
static void draw_manifold(uint64_t seed, size_t N, size_t D, double *F, double *h) {
    ordpar_generate_normals(seed, 0, N * D, F);
    ordpar_generate_normals(seed, 1, D, h);
    for (size_t i = 0; i < N; i++)
        cblas_dscal((int)D, 1 / cblas_dnrm2((int)D, F + i * D, 1), F + i * D, 1);
    cblas_dscal((int)D, 1 / cblas_dnrm2((int)D, h, 1), h, 1);
}

/* Covariance of f(u) and f(u'), divided by their variance, where u and u' have the correlation rho
 * [15.24]; and E[f(u) u] by the standard deviation of f(u). */
static double covariance(char map, double rho) {
    const double pi = acos(-1.0);
    return map == 's'   ? 2 / pi * asin(rho)
           : map == 'e' ? 6 / pi * asin(rho / 2)
                        : (sqrt((1 - rho) * (1 + rho)) + rho * (pi - acos(rho)) - 1) / (pi - 1);
}

static double slope(char map) {
    const double pi = acos(-1.0);
    return map == 's' ? sqrt(2 / pi) : map == 'e' ? sqrt(3 / pi) : sqrt(pi / (2 * (pi - 1)));
}

/* A becomes the covariance of f(F c), h the covariances of f(F c) and w c. */
static void map_manifold(const double *F, const double *w, size_t D, char map, joint *j) {
    const int N = (int)j->N, columns = (int)D;
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, N, columns, 1, F, columns, 0, j->A, N);
    for (size_t i = 0; i < j->N; i++)
        for (size_t k = 0; k <= i; k++) {
            double *at = j->A + i * j->N + k;
            const bool parallel = i == k || fabs(*at) > 1 - 8 * DBL_EPSILON; /* D = 1 */
            *at = covariance(map, parallel ? copysign(1, *at) : *at);
        }
    cblas_dgemv(CblasRowMajor, CblasNoTrans, N, columns, slope(map), F, columns, w, 1, 0, j->h, 1);
}

static ordpar_status hidden_manifold(const ordpar_generator *g, const ordpar_generate_options *o,
                                     joint *j, ordpar_error *err) {
    const size_t D = g->count;
    double *F = malloc((j->N + 1) * D * sizeof *F), *w = F ? F + j->N * D : NULL;
    const bool linear = g->map[0] == 'i';
    if (!F || !allocate(j, j->N * (linear ? D : j->N), linear ? D : j->N)) {
        free(F);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu components", j->N);
    }
    draw_manifold(o->seed, j->N, D, F, w);
    if (linear) {
        for (size_t i = 0; i < j->N; i++)
            cblas_dcopy((int)D, F + i * D, 1, j->A + i, (int)j->N);
        memcpy(j->h, w, D * sizeof *w);
    } else
        map_manifold(F, w, D, g->map[0], j);
    free(F);
    return linear ? by_singular_values(j, err) : by_eigenvalues(j, err);
}

/* The linear ones. */
static ordpar_status linear_map(const ordpar_generator *g, const ordpar_generate_options *o,
                                joint *j, ordpar_error *err) {
    if (!allocate(j, j->N * j->rows, j->rows))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu x %zu numbers", j->rows,
                           j->N);
    if (g->kind == ORDPAR_GENERATE_DRAWN)
        draw_examples(o, j);
    else if (!draw_features(o, j))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the target's weights on %zu latent variables leave the range of "
                           "numbers, got teacher-decay = %g",
                           j->rows, o->zeta);
    return by_singular_values(j, err);
}

ordpar_status ordpar_generate_drawn(const ordpar_generator *g, const ordpar_generate_options *o,
                                    ordpar_generated *generated, ordpar_error *err) {
    if (o->N < 1 || o->N > ORDPAR_MAX_GENERATED)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "input-dim must be at most %d where a matrix is drawn, got %lld",
                           ORDPAR_MAX_GENERATED, (long long)o->N);
    joint j = {.N = (size_t)o->N, .rows = rows_of(g, o->N)};
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (!status)
        status = g->kind == ORDPAR_GENERATE_HIDDEN_MANIFOLD ? hidden_manifold(g, o, &j, err)
                                                            : linear_map(g, o, &j, err);
    if (!status)
        status = finish(&j, g->kind != ORDPAR_GENERATE_DRAWN, generated, err);
    clear(&j);
    return status;
}
