// SPDX-License-Identifier: GPL-3.0-or-later
/* eta_c of given teachers [7.19] beside all roots of the matrices written out. */
#include "spectra/forms/erf_asymptotic.h"
#include "support.h"

#include <gsl/gsl_randist.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

/* det(1 + T)^(-1/2) of four units, or two, by elimination. */
static double mean(const double *T, size_t M, size_t count, const size_t *u) {
    double A[4][4], det = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            A[i][j] = (i == j) + T[u[i] * M + u[j]];
    for (size_t k = 0; k < count; k++) {
        det *= A[k][k];
        for (size_t i = k + 1; i < count; i++)
            for (size_t j = count; j-- > k;)
                A[i][j] -= A[i][k] / A[k][k] * A[k][j];
    }
    return 1 / sqrt(det);
}

/* The symmetric eigenvalue problem F e = root (C e + e C) of all pairs. */
static double critical_eta(size_t M, double v, const double *T, double trace) {
    const size_t n = M * (M + 1) / 2;
    size_t(*pair)[2] = malloc(n * sizeof *pair);
    double *F = malloc(n * n * sizeof *F), *D = malloc(n * n * sizeof *D);
    double *roots = malloc(n * sizeof *roots);
    for (size_t i = 0, k = 0; i < M; i++)
        for (size_t j = i; j < M; j++, k++)
            pair[k][0] = i, pair[k][1] = j;
    for (size_t x = 0; x < n; x++)
        for (size_t y = 0; y < n; y++) {
            const size_t u[4] = {pair[x][0], pair[x][1], pair[y][0], pair[y][1]};
            const double norm = sqrt((1. + (u[0] == u[1])) * (1. + (u[2] == u[3])));
            double decay = 0;
            for (size_t k = 0; k < 4; k++)
                if (u[k / 2] == u[2 + k % 2])
                    decay += mean(T, M, 2, (size_t[]){u[1 - k / 2], u[3 - k % 2]});
            F[x * n + y] = 2 / norm * mean(T, M, 4, u);
            D[x * n + y] = decay / norm;
        }
    const lapack_int rows = (lapack_int)n;
    cr_assert_eq(LAPACKE_dsygv(LAPACK_ROW_MAJOR, 1, 'N', 'U', rows, F, rows, D, rows, roots), 0);
    const double radius = roots[n - 1];
    free(pair);
    free(F);
    free(D);
    free(roots);
    return 1 / (2 / M_PI * v * v * radius * trace);
}

typedef enum { DRAWN, ALIKE, OPPOSITE, UNEQUAL, KINDS } kind;

/* Covariances of fields of weights of `inputs` normals: T[M*M]. */
static void draw_teacher(kind which, size_t M, double variance, ordpar_random *stream, double *T) {
    const size_t inputs = M + 2;
    gsl_rng normal = ordpar_random_gsl(stream);
    double *B = malloc(M * inputs * sizeof *B);
    for (size_t k = 0; k < M * inputs; k++)
        B[k] = gsl_ran_gaussian(&normal, 1);
    for (size_t m = 0; m < M; m++)
        for (size_t k = 0; k < inputs; k++) {
            const double other = B[m / 2 * 2 * inputs + k], own = B[m * inputs + k];
            if (m % 2 && which == ALIKE)
                B[m * inputs + k] = other + 3e-4 * own;
            else if (m % 2 && which == OPPOSITE)
                B[m * inputs + k] = -other + 1e-3 * own;
            else if (which == UNEQUAL)
                B[m * inputs + k] *= pow(10, 2 * (double)m / (double)M - 0.5);
        }
    for (size_t m = 0; m < M; m++)
        for (size_t n = 0; n < M; n++) {
            double sum = 0;
            for (size_t k = 0; k < inputs; k++)
                sum += B[m * inputs + k] * B[n * inputs + k];
            T[m * M + n] = variance * sum / (double)inputs;
        }
    free(B);
}

Test(erf_critical, eta_of_any_teacher_is_that_of_all_roots) {
    ordpar_random stream = test_stream(719);
    const double v = 0.7, trace = 1.3;
    for (size_t M = 2; M <= 14; M += 1 + M / 4)
        for (kind which = DRAWN; which < KINDS; which++)
            for (double variance = 5; variance < 1000; variance *= 9) {
                double *T = malloc(M * M * sizeof *T), eta_c;
                ordpar_error err;
                draw_teacher(which, M, variance, &stream, T);
                check_ok(ordpar_erf_critical_eta_of(M, v, T, trace, &eta_c, &err), &err);
                CHECK_CLOSE(eta_c, critical_eta(M, v, T, trace), TOL_SUM, eta_c,
                            "M %zu, kind %d, variance %g", M, (int)which, variance);
                free(T);
            }
}

/* Two pairs that are all but alike, whose students hardly decay apart. */
Test(erf_critical, eta_of_units_that_are_nearly_alike_keeps_its_digits) {
    enum { M = 4 };
    static const double T[4] = {5, 1, 1, 3}, apart[4] = {2, 0.5, 0.5, 1};
    const double distance = 3e-8;
    double covariance[M * M], eta_c;
    ordpar_error err;
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++)
            covariance[i * M + j] =
                T[i % 2 * 2 + j % 2] + (i > 1 && j > 1) * distance * apart[i % 2 * 2 + j % 2];
    check_ok(ordpar_erf_critical_eta_of(M, 0.7, covariance, 1.3, &eta_c, &err), &err);
    CHECK_CLOSE(eta_c, critical_eta(M, 0.7, covariance, 1.3), TOL_SUM, eta_c, "%.17g", eta_c);
}

/* At large variances, too, where those of a unit with itself are alike to rounding. */
Test(erf_critical, eta_has_its_digits_at_any_variance) {
    for (size_t M = 2; M <= 5; M++)
        for (double T = 1; T < 1e18; T *= 31) {
            double *covariance = calloc(M * M, sizeof *covariance), eta_c;
            ordpar_error err;
            for (size_t n = 0; n < M; n++)
                covariance[n * M + n] = T * (n ? 1 : 1 + 4 * DBL_EPSILON);
            check_ok(ordpar_erf_critical_eta_of(M, 0.7, covariance, 1.3, &eta_c, &err), &err);
            CHECK_CLOSE(eta_c, ordpar_erf_critical_eta(&(ordpar_erf_site){M, 0.7, T, 1.3}), TOL_SUM,
                        eta_c, "M %zu, T %g", M, T);
            free(covariance);
        }
}

/* By all roots these would take a minute. */
Test(erf_critical, eta_of_many_units_does_not_depend_on_their_order) {
    enum { M = 72 };
    ordpar_random stream = test_stream(720);
    double *T = malloc(M * M * sizeof *T), eta_c, other;
    ordpar_error err;
    draw_teacher(DRAWN, M, 1, &stream, T);
    check_ok(ordpar_erf_critical_eta_of(M, 1, T, 1, &eta_c, &err), &err);
    for (size_t i = 0; i < M / 2; i++)
        for (size_t j = 0; j < M; j++) {
            const double held = T[i * M + j];
            T[i * M + j] = T[(M - 1 - i) * M + (M - 1 - j)];
            T[(M - 1 - i) * M + (M - 1 - j)] = held;
        }
    check_ok(ordpar_erf_critical_eta_of(M, 1, T, 1, &other, &err), &err);
    CHECK_CLOSE(other, eta_c, TOL_SUM, eta_c, "M %d", M);
    free(T);
}
