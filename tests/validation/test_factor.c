// SPDX-License-Identifier: GPL-3.0-or-later
/* Factors of Gram matrices and their rank-one changes, against the matrices themselves. */
#include "solver/state/gram_factor.h"
#include "support.h"
#include "validation/simulate/triangle.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

enum { N_MAX = 12 };

static double row_product(const double *F, size_t columns, size_t stride, size_t a, size_t b) {
    double sum = 0;
    for (size_t d = 0; d < columns; d++)
        sum += F[a * stride + d] * F[b * stride + d];
    return sum;
}

/* Rows of very different length, as students at the start and teachers are. */
static void scale(size_t n, double *S) {
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            S[a * n + b] *= (a % 2 ? 1e-6 : 1) * (b % 2 ? 1e-6 : 1);
}

Test(factor, reconstructs_any_rank) {
    ordpar_random stream = test_stream(1);
    for (size_t n = 1; n <= N_MAX; n++)
        for (size_t rank = 1; rank <= n; rank++) {
            double S[N_MAX * N_MAX], F[N_MAX * N_MAX];
            ordpar_error err;
            random_covariance(&stream, n, rank, S);
            scale(n, S);
            check_ok(ordpar_gram_factor(n, S, rank, F, &err), &err);
            for (int lower = 0; lower < 2; lower++) {
                for (size_t a = 0; a < n; a++)
                    for (size_t b = 0; b < n; b++)
                        CHECK_CLOSE(row_product(F, rank, rank, a, b), S[a * n + b], TOL_LOOSE,
                                    sqrt(S[a * n + a] * S[b * n + b]), "n %zu, rank %zu, %zu, %zu",
                                    n, rank, a, b);
                check_ok(ordpar_gram_lower(n, rank, F, &err), &err);
            }
            for (size_t a = 0; a < n; a++)
                for (size_t d = a + 1; d < rank; d++)
                    cr_assert_eq(F[a * rank + d], 0);
        }
}

Test(factor, refuses_too_high_a_rank) {
    ordpar_random stream = test_stream(2);
    double S[16], F[16];
    ordpar_error err;
    random_covariance(&stream, 4, 3, S);
    cr_assert_eq(ordpar_gram_factor(4, S, 2, F, &err), ORDPAR_INVALID);
    check_ok(ordpar_gram_factor(4, S, 3, F, &err), &err);
    S[0] = -1;
    cr_assert_eq(ordpar_gram_factor(4, S, 4, F, &err), ORDPAR_INVALID);
    S[0] = S[5] = NAN;
    cr_assert_eq(ordpar_gram_factor(4, S, 4, F, &err), ORDPAR_INVALID);
    const double zero[16] = {0};
    check_ok(ordpar_gram_factor(4, zero, 4, F, &err), &err);
    cr_assert_eq(F[0], 0);
}

Test(factor, frames_are_orthonormal) {
    enum { LENGTH = 50 };
    double Q[N_MAX * LENGTH];
    ordpar_error err;
    ordpar_random stream = test_stream(3);
    for (size_t columns = 1; columns <= N_MAX; columns++)
        for (size_t length = columns; length <= LENGTH; length += 7) {
            check_ok(ordpar_gram_frame(&stream, columns, length, Q, &err), &err);
            for (size_t a = 0; a < columns; a++)
                for (size_t b = 0; b < columns; b++)
                    CHECK_CLOSE(row_product(Q, length, length, a, b), a == b, TOL_TIGHT, 1,
                                "%zu in %zu", columns, length);
        }
}

/* [Lc, 0] + factor c w^T, written out. */
static void direct_update(size_t K, const double *Lc, const double *w, double factor,
                          const double *c, double *gram) {
    double X[N_MAX * (N_MAX + 1)] = {0};
    for (size_t i = 0; i < K; i++)
        for (size_t k = 0; k <= K; k++)
            X[i * (K + 1) + k] = (k < K ? Lc[i * K + k] : 0) + factor * c[i] * w[k];
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++)
            gram[i * K + j] = row_product(X, K + 1, K + 1, i, j);
}

Test(factor, triangle_update_has_the_right_gram_matrix) {
    ordpar_random stream = test_stream(4);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    for (size_t K = 1; K <= N_MAX; K++)
        for (int repetition = 0; repetition < 20; repetition++) {
            double Lc[N_MAX * N_MAX] = {0}, c[N_MAX], w[N_MAX + 1], gram[N_MAX * N_MAX];
            double scratch[5 * (N_MAX + 1)];
            for (size_t i = 0; i < K; i++) {
                c[i] = repetition == 0 ? 0 : gsl_ran_gaussian_ziggurat(&rng, 1);
                for (size_t k = 0; k <= i && repetition % 3; k++)
                    Lc[i * K + k] = gsl_ran_gaussian_ziggurat(&rng, 1);
            }
            for (size_t k = 0; k <= K; k++)
                w[k] = repetition == 1 ? 0 : gsl_ran_gaussian_ziggurat(&rng, 3);
            direct_update(K, Lc, w, 0.7, c, gram);
            ordpar_triangle_update(K, Lc, K, w, 0.7, c, scratch);
            for (size_t i = 0; i < K; i++)
                for (size_t j = 0; j < K; j++) {
                    if (j > i)
                        cr_assert_eq(Lc[i * K + j], 0);
                    CHECK_CLOSE(row_product(Lc, K, K, i, j), gram[i * K + j], TOL_TIGHT,
                                1 + sqrt(gram[i * K + i] * gram[j * K + j]), "K %zu, %d", K,
                                repetition);
                }
        }
}
