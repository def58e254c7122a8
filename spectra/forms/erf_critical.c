// SPDX-License-Identifier: GPL-3.0-or-later
/* eta_c of a given teacher, whose fields may have any covariance. [7.19] */
#include "base/floating_point.h"
#include "base/largest_root.h"
#include "base/linear_algebra.h"
#include "spectra/forms/erf_asymptotic.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In units of v^2 2/pi for C, and of its square for F. Symmetric M x M matrices are their
 * coordinates in the orthonormal basis (e_i e_j^T + e_j e_i^T) / norm, i <= j, where F is a matrix;
 * among the eigenvectors of C, e -> C e + e C is diagonal. */
typedef struct {
    size_t M, pairs;
    const double *T;     /* [M*M] */
    double *C, *own;     /* [M*M], its eigenvectors as rows in the end; [M] its eigenvalues */
    double *noise;       /* [pairs*pairs] upper triangle: F */
    double *decay;       /* [M*M] (own_a + own_b)^(-1/2) */
    double *e, *product; /* [M*M] */
    double *x, *y;       /* [pairs] */
} problem;

/* Of i <= j: the pairs of a unit with those after it stand in a row. */
static size_t pair(const problem *p, size_t i, size_t j) {
    return i * (2 * p->M - i - 1) / 2 + j;
}

/* A coordinate over the matrix's number. */
static double scale(size_t i, size_t j) {
    return i == j ? 1 : M_SQRT2;
}

static double count_numbers(size_t M) {
    const double m = (double)M, pairs = m * (m + 1) / 2;
    return pairs * (pairs + 2) + m * (4 * m + 1);
}

double ordpar_erf_critical_room(size_t M) {
    return count_numbers(M) + ordpar_largest_root_room(M * M);
}

/* Room for all, in one piece. */
static ordpar_status make_room(problem *p, ordpar_error *err) {
    const size_t M = p->M, n = p->pairs;
    const double numbers = count_numbers(M);
    p->noise = numbers < 1e15 ? malloc((size_t)numbers * sizeof *p->noise) : NULL;
    if (!p->noise)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the pairs of %zu units", M);
    p->x = p->noise + n * n;
    p->y = p->x + n;
    p->C = p->y + n;
    p->decay = p->C + M * M;
    p->e = p->decay + M * M;
    p->product = p->e + M * M;
    p->own = p->product + M * M;
    return ORDPAR_OK;
}

/* E[prod exp(-y^2/2)] of up to four units in ascending order: det(1 + T)^(-1/2) of their fields.
 * Those that are the same count as one of so many times the variance, as the difference of 1
 * between them is lost beside a large one. */
static double mean(const problem *p, size_t count, const size_t *unit) {
    double rows[4][4], times[4], product = 1;
    size_t of[4], n = 0;
    for (size_t k = 0; k < count; k++)
        if (n > 0 && of[n - 1] == unit[k])
            times[n - 1]++;
        else {
            times[n] = 1;
            of[n++] = unit[k];
        }
    for (size_t i = 0; i < n; i++) {
        double root = 1;
        for (size_t j = i; j < n; j++) {
            double number = sqrt(times[i] * times[j]) * p->T[of[i] * p->M + of[j]];
            for (size_t k = 0; k < i; k++)
                number -= rows[k][i] * rows[k][j];
            if (j == i)
                product *= root = sqrt(1 + fmax(number, 0));
            rows[i][j] = number / root;
        }
    }
    return 1 / product;
}

static void fill(problem *p) {
    const size_t M = p->M, n = p->pairs;
    for (size_t i = 0; i < M; i++)
        for (size_t j = i; j < M; j++) {
            p->C[i * M + j] = p->C[j * M + i] = mean(p, 2, (size_t[]){i, j});
            for (size_t k = j; k < M; k++)
                for (size_t l = k; l < M; l++) {
                    const double four = mean(p, 4, (size_t[]){i, j, k, l});
                    const double a = scale(i, j) * scale(k, l) * four;
                    const double b = scale(i, k) * scale(j, l) * four;
                    const double c = scale(i, l) * scale(j, k) * four;
                    p->noise[pair(p, i, j) * n + pair(p, k, l)] = a;
                    p->noise[pair(p, i, k) * n + pair(p, j, l)] = b;
                    if (i < j) /* else it is the one before, and below the diagonal */
                        p->noise[pair(p, i, l) * n + pair(p, j, k)] = c;
                }
        }
}

/* Units whose students do not decay by themselves: C has an eigenvalue that rounding hides. */
static ordpar_status find_decay(problem *p, ordpar_error *err) {
    const double least = 1e-9;
    const size_t M = p->M;
    const lapack_int rows = (lapack_int)M;
    const lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', rows, p->C, rows, p->own);
    if (info || !(p->own[0] > least * p->own[M - 1]))
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "no eta_c is found: units of the teacher are alike, or opposite, or "
                           "their fields small, to within rounding");
    for (size_t a = 0; a < M; a++)
        for (size_t b = 0; b < M; b++)
            p->decay[a * M + b] = 1 / sqrt(p->own[a] + p->own[b]);
    return ORDPAR_OK;
}

/* e becomes C e C^T or, if back, C^T e C. */
static void rotate(problem *p, bool back) {
    const int M = (int)p->M;
    cblas_dgemm(CblasRowMajor, back ? CblasTrans : CblasNoTrans, CblasNoTrans, M, M, M, 1, p->C, M,
                p->e, M, 0, p->product, M);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, back ? CblasNoTrans : CblasTrans, M, M, M, 1,
                p->product, M, p->C, M, 0, p->e, M);
}

/* D^(-1/2) F D^(-1/2) of a matrix among the eigenvectors of C. */
static void apply(void *context, const double *x, double *y) {
    problem *p = context;
    const size_t M = p->M;
    const int n = (int)p->pairs;
    for (size_t k = 0; k < M * M; k++)
        p->e[k] = p->decay[k] * x[k];
    rotate(p, true);
    for (size_t i = 0, k = 0; i < M; i++)
        for (size_t j = i; j < M; j++)
            p->x[k++] = scale(i, j) * (p->e[i * M + j] + p->e[j * M + i]) / 2;
    cblas_dsymv(CblasRowMajor, CblasUpper, n, 1, p->noise, n, p->x, 1, 0, p->y, 1);
    for (size_t i = 0, k = 0; i < M; i++)
        for (size_t j = i; j < M; j++)
            p->e[i * M + j] = p->e[j * M + i] = p->y[k++] / scale(i, j);
    rotate(p, false);
    for (size_t k = 0; k < M * M; k++)
        y[k] = p->decay[k] * p->e[k];
}

/* The spectral radius of D^-1 F. Both D^-1 and F make non-negative matrices of such, so one of
 * these is its eigenvector, to which D^(1/2) 1 is not orthogonal. */
static ordpar_status find_radius(problem *p, double *radius, ordpar_error *err) {
    const size_t M = p->M;
    double *start = calloc(M * M, sizeof *start);
    if (!start)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the pairs of %zu units", M);
    for (size_t a = 0; a < M; a++)
        start[a * (M + 1)] = 1 / p->decay[a * (M + 1)];
    const ordpar_status status = ordpar_largest_root(M * M, apply, p, start, radius, err);
    free(start);
    return status;
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
    double radius;
    ordpar_status status = ordpar_linear_algebra_begin(err);
    if (!status && !(status = make_room(&p, err))) {
        fill(&p);
        if (!(status = find_decay(&p, err)))
            status = find_radius(&p, &radius, err);
    }
    free(p.noise);
    if (!status)
        *eta_c = 1 / (2 / M_PI * v * v * radius * trace);
    return status;
}
