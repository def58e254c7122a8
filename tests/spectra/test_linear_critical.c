// SPDX-License-Identifier: GPL-3.0-or-later
/* The linear network near its critical learning rates: against one eigenvalue's closed solution,
 * the dense matrix of one step, the recursion made step by step, and known limits. */
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_critical.h"
#include "spectra/forms/linear_finite_n.h"
#include "support.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

static ordpar_spectrum power_law(int64_t N, int64_t L, double beta) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(N, L, beta, &s, &err), &err);
    return s;
}

/* exact(0) is the start, whatever cancels. */
Test(linear_critical, exact_has_its_start_however_near_eta_is) {
    const int64_t sizes[] = {1, 3, 8, 64};
    for (size_t k = 0; k < 4; k++)
        for (double distance = 1e-2; distance > 1e-15; distance /= 10) {
            ordpar_spectrum s = power_law(192, sizes[k], 0.7);
            double error[64], eps_g;
            const double eta = ordpar_linear_critical_eta(&s, s.L) * (1 - distance), alpha = 0;
            for (size_t b = 0; b < s.L; b++)
                error[b] = 1.0001;
            ordpar_error err;
            check_ok(ordpar_linear_exact(&s, eta, 0, s.L, error, &alpha, 1, &eps_g, &err), &err);
            const double start = ordpar_linear_frozen_error(&s, 0, error);
            CHECK_CLOSE(eps_g, start, TOL_SUM, start, "L %zu, distance %g", s.L, distance);
            ordpar_spectrum_clear(&s);
        }
}

/* One eigenvalue 1: eps_g = (x/2) exp(-eta (2 - eta) alpha) + (s^2/2) r/(1-r) (1 - the same). */
Test(linear_critical, exact_keeps_its_digits_at_any_distance) {
    ordpar_spectrum s = power_law(64, 1, 1);
    const double error = 1.3, noise = 0.2;
    for (double distance = 0.5; distance > 4e-16; distance /= 2) {
        const double eta = 2 - distance, rate = eta * distance;
        const double alpha[] = {0, 0.1 / rate, 1 / rate, 30 / rate};
        double plain[4], noisy[4];
        ordpar_error err;
        check_ok(ordpar_linear_exact(&s, eta, 0, 1, &error, alpha, 4, plain, &err), &err);
        check_ok(ordpar_linear_exact(&s, eta, noise, 1, &error, alpha, 4, noisy, &err), &err);
        for (size_t j = 0; j < 4; j++) {
            const double decay = error / 2 * exp(-rate * alpha[j]),
                         driven = -noise * noise / 2 * eta / distance * expm1(-rate * alpha[j]);
            CHECK_CLOSE(plain[j], decay, TOL_SUM, decay, "distance %g", distance);
            CHECK_CLOSE(noisy[j], decay + driven, TOL_SUM, decay + driven, "distance %g", distance);
        }
        CHECK_CLOSE(ordpar_linear_margin(&s, 1, eta), distance / 2, TOL_EXACT, distance, "margin");
        const double end = noise * noise / 2 * eta / distance;
        CHECK_CLOSE(ordpar_linear_floor(&s, eta, noise, 1, &error), end, TOL_TIGHT, end, "floor");
    }
    ordpar_spectrum_clear(&s);
}

/* Two components of eigenvalues 1 +- a: 1 - r is a ratio of short polynomials. */
Test(linear_critical, margin_has_its_digits) {
    const double lambda[] = {1.5, 0.5};
    const int64_t n[] = {1, 1};
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_from_arrays(2, lambda, n, &s, &err), &err);
    /* (eta/4) (1.5/(1 - .75 eta) + .5/(1 - .25 eta)) = 1: 6 eta^2 - 24 eta + 16 = 0 */
    const long double critical = 2 - 2 / sqrtl(3);
    CHECK_CLOSE(ordpar_linear_critical_eta_finite_n(&s, 2), (double)critical, TOL_EXACT, 1,
                "eta_c(N)");
    for (double distance = 0.5; distance > 1e-16; distance /= 3) {
        const double eta = (double)(critical * (1 - distance));
        const long double e = eta, denominator = (1 - .75L * e) * (1 - .25L * e);
        const long double other = 2 + 2 / sqrtl(3); /* 1 - r = .375 (e - e_c)(e - e_other)/.. */
        const double margin = (double)(.375L * (critical - e) * (other - e) / denominator);
        CHECK_CLOSE(ordpar_linear_margin_finite_n(&s, 2, eta), margin, 1e-3 * DBL_EPSILON,
                    margin / 1e-3 + 1, "distance %g", distance);
        CHECK_CLOSE(ordpar_linear_ratio_finite_n(&s, 2, eta), 1 - margin, TOL_EXACT, 1, "r_N");
    }
    cr_assert_eq(ordpar_linear_ratio_finite_n(&s, 2, 1.5), INFINITY);
    cr_assert_eq(ordpar_linear_critical_eta_finite_n(&s, 0), INFINITY);
    ordpar_spectrum_clear(&s);
}

/* Eigenvalues whose trace rounds: the floor near eta_c by sums in long double. */
Test(linear_critical, exact_knows_the_distance_better_than_its_ratio) {
    const double lambda[] = {1.7, 0.3, 0.1}, error[] = {1, 1, 1}, noise = 0.2, late = 1e300;
    const int64_t n[] = {1, 3, 7};
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_from_arrays(3, lambda, n, &s, &err), &err);
    const long double trace = (1.7 + 3 * (long double)0.3 + 7 * (long double)0.1) / 11;
    for (double distance = 1e-2; distance > 1e-13; distance /= 10) {
        const double eta = (double)(2 / trace * (1 - distance));
        const long double margin = 1 - eta / 2 * trace;
        const double end = (double)(noise * noise / 2 * (1 - margin) / margin);
        double eps_g;
        check_ok(ordpar_linear_exact(&s, eta, noise, 3, error, &late, 1, &eps_g, &err), &err);
        CHECK_CLOSE(eps_g, end, 1e-13 + 1e-18 / distance, end, "distance %g", distance);
    }
    ordpar_spectrum_clear(&s);
}

/* The largest eigenvalue of one step's matrix, less 1. */
static double growth(const ordpar_spectrum *s, size_t n, double eta) {
    static double A[32 * 32], mu[32];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double x = eta * s->lambda[i] / s->N;
            A[i * n + j] = eta * eta / s->N * s->lambda[i] * s->lambda[j] * sqrt(s->p[i] * s->p[j]);
            A[i * n + j] -= i == j ? 2 * x - 2 * x * x : 0;
        }
    cr_assert_eq(LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'U', (int)n, A, (int)n, mu), 0);
    return mu[n - 1];
}

Test(linear_critical, finite_n_is_where_one_step_s_matrix_has_the_eigenvalue_1) {
    ordpar_random stream = test_stream(341);
    for (int trial = 0; trial < 60; trial++) {
        double lambda[32];
        int64_t n[32];
        const size_t L = 1 + (size_t)uniform(&stream, 0, 31);
        for (size_t b = 0; b < L; b++) {
            lambda[b] = exp(uniform(&stream, -6, 1));
            n[b] = 1 + (int64_t)uniform(&stream, 0, trial % 2 ? 2 : 40);
        }
        ordpar_error err;
        ordpar_spectrum s;
        check_ok(ordpar_spectrum_from_arrays(L, lambda, n, &s, &err), &err);
        const size_t trained = 1 + (size_t)uniform(&stream, 0, (double)L - 1e-9);
        const double eta = ordpar_linear_critical_eta_finite_n(&s, trained);
        const double scale = eta * s.lambda[0] / s.N;
        CHECK_CLOSE(growth(&s, trained, eta), 0, TOL_SUM, scale, "L %zu, trained %zu", L, trained);
        cr_assert(growth(&s, trained, 0.99 * eta) < 0);
        cr_assert(growth(&s, trained, 1.01 * eta) > 0);
        ordpar_spectrum_clear(&s);
    }
}

/* docs/equations.md [6.12]; beta = 1, L = N -> infinity: r = (1 - y cot y)/4, y^2 = 6 eta. */
Test(linear_critical, finite_n_has_its_known_values) {
    const struct {
        int64_t N;
        double beta, eta_c, digits;
    } known[] = {{128, 1, 1.0013, 1e-4}, {1024, .25, 1.629, 1e-3}, {1024, 2, .782, 1e-3}};
    for (size_t k = 0; k < 3; k++) {
        ordpar_spectrum s = power_law(known[k].N, known[k].N, known[k].beta);
        CHECK_CLOSE(ordpar_linear_critical_eta_finite_n(&s, s.L), known[k].eta_c, known[k].digits,
                    1, "case %zu", k);
        ordpar_spectrum_clear(&s);
    }
    ordpar_spectrum s = power_law(200000, 200000, 1);
    for (double eta = 0.1; eta < 1.1; eta += 0.1) {
        const double y = sqrt(6 * eta), r = (1 - y / tan(y)) / 4;
        CHECK_CLOSE(ordpar_linear_ratio_finite_n(&s, s.L, eta), r, 1e-4, r, "eta %g", eta);
    }
    CHECK_CLOSE(ordpar_linear_critical_eta_finite_n(&s, s.L), 1.0050, 1e-4, 1, "L = N");
    ordpar_spectrum_clear(&s);
    s = power_law(1000000000000, 4, 1);
    CHECK_CLOSE(ordpar_linear_critical_eta_finite_n(&s, s.L), 2, 1e-11, 2, "L << N");
    ordpar_spectrum_clear(&s);
}

/* The floor is where the recursion, made step by step, ends; part of the blocks frozen. */
Test(linear_critical, finite_n_floor_is_where_the_steps_end) {
    ordpar_spectrum s = power_law(6, 6, 0.3);
    const double error[] = {1, 2, 1, 3, 1, 2}, noise = 0.3, late = 1e300;
    for (size_t trained = 4; trained <= 6; trained++)
        for (double share = 0.1; share < 1; share += 0.29) {
            const double eta = share * ordpar_linear_critical_eta_finite_n(&s, trained);
            long double e[6], S = 0;
            for (size_t b = 0; b < 6; b++)
                e[b] = error[b];
            for (long step = 0; step < 400000; step++) {
                S = 0;
                for (size_t b = 0; b < 6; b++)
                    S += s.lambda[b] * e[b] / 6;
                for (size_t b = 0; b < trained; b++) {
                    const long double x = eta * s.lambda[b] / 6;
                    e[b] += -2 * x * (1 - x) * e[b] + eta * x * (S + noise * noise);
                }
            }
            const double expected = (double)S / 2;
            double end;
            ordpar_error err;
            CHECK_CLOSE(ordpar_linear_floor_finite_n(&s, eta, noise, trained, error), expected,
                        1e-11, expected, "trained %zu, share %g", trained, share);
            check_ok(ordpar_linear_finite_n(&s, eta, noise, trained, error, &late, 1, &end, &err),
                     &err);
            CHECK_CLOSE(end, expected, 1e-11, expected, "trained %zu, share %g", trained, share);
        }
    ordpar_spectrum_clear(&s);
}

/* At L = N the window lies 1/(1 - r_N) above the small-eta curve, not 1/(1 - eta/eta_c). */
Test(linear_critical, finite_n_window_is_raised_by_r_N) {
    enum { N = 4096 };
    ordpar_spectrum s = power_law(N, N, 1);
    static double error[N];
    for (size_t b = 0; b < N; b++)
        error[b] = 1;
    const double eta = 0.5, alpha = 300;
    double finite, small;
    ordpar_error err;
    check_ok(ordpar_linear_finite_n(&s, eta, 0, N, error, &alpha, 1, &finite, &err), &err);
    check_ok(ordpar_linear_small_eta(&s, eta, N, error, &alpha, 1, &small, &err), &err);
    const double margin = ordpar_linear_margin_finite_n(&s, N, eta);
    CHECK_CLOSE(finite / small, 1 / margin, 0.02, 1 / margin, "window");
    cr_assert(fabs(finite / small - 1 / ordpar_linear_margin(&s, N, eta)) > 0.05 * finite / small,
              "%g: the test cannot tell the two apart", finite / small);
    ordpar_spectrum_clear(&s);
}

/* Noise is of higher order in eta, but adds up however small eta is. */
Test(linear_critical, no_eta_is_too_small_for_the_noise) {
    ordpar_spectrum s = power_law(8, 2, 1);
    const double error[] = {1, 1}, noise = 0.5;
    const double etas[] = {1e-3, 1e-8, 1e-10, 1e-12, 1e-100, 1e-250};
    for (size_t k = 0; k < 6; k++) {
        const double eta = etas[k], alpha = 1e4 / eta;
        double exact, finite;
        ordpar_error err;
        check_ok(ordpar_linear_exact(&s, eta, noise, 2, error, &alpha, 1, &exact, &err), &err);
        check_ok(ordpar_linear_finite_n(&s, eta, noise, 2, error, &alpha, 1, &finite, &err), &err);
        const double end = noise * noise * eta / 4;
        CHECK_CLOSE(exact, end, 1e-3, end, "eta %g", eta);
        CHECK_CLOSE(finite, end, 1e-3, end, "finite N, eta %g", eta);
    }
    ordpar_spectrum_clear(&s);
}

/* The number of steps is the whole number nearest to alpha N. */
Test(linear_critical, finite_n_makes_the_nearest_number_of_steps) {
    ordpar_spectrum s = power_law(8, 1, 1);
    const double error = 1, eta = 0.4, parts[] = {-0.49, -0.3, 0, 0.3, 0.49};
    const double factor = 1 - 2 * eta / 8 + eta * eta * (2. / 64 + 1. / 8);
    for (int step = 1; step < 6; step++)
        for (size_t k = 0; k < 5; k++) {
            const double alpha = (step + parts[k]) / 8, expected = pow(factor, step) / 2;
            double eps_g;
            ordpar_error err;
            check_ok(ordpar_linear_finite_n(&s, eta, 0, 1, &error, &alpha, 1, &eps_g, &err), &err);
            CHECK_CLOSE(eps_g, expected, TOL_SUM, expected, "step %d%+g", step, parts[k]);
        }
    ordpar_spectrum_clear(&s);
}
