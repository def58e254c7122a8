// SPDX-License-Identifier: GPL-3.0-or-later
/* Closed forms of the erf network that are sums over the spectrum. */
#include "spectra/forms/erf_asymptotic.h"
#include "spectra/forms/erf_plateau.h"
#include "support.h"

#include <math.h>
#include <string.h>

Test(erf, plateau_has_its_isotropic_values) {
    for (size_t M = 1; M < 30; M++) {
        const double m = (double)M;
        const ordpar_erf_plateau p = ordpar_erf_plateau_at(M, 1 / sqrt(m), 1);
        CHECK_CLOSE(p.Q, 1 / (2 * m - 1), TOL_EXACT, p.Q, "Q, M %zu", M);
        CHECK_CLOSE(p.R, 1 / sqrt(m * (2 * m - 1)), TOL_EXACT, p.R, "R, M %zu", M);
        CHECK_CLOSE(p.eps_g, 1. / 6 - m / M_PI * asin(1 / (2 * m)), TOL_TIGHT, 1, "eps_g, M %zu",
                    M);
        const double tau = M_PI * 5 / (2 * 0.3 * m) * sqrt(2 * m - 1) * pow(2 * m + 1, 1.5) / 1.7;
        const double rate = ordpar_erf_escape_rate(M, sqrt(m) / 5, 1 / sqrt(m), 0.3, 1, 1.7);
        CHECK_CLOSE(rate * tau, 1, TOL_TIGHT, 1, "tau, K 5, M %zu", M);
    }
}

/* T^3 (1 - 1/M^2)/6 - .. for small T; in between, long double holds the difference. */
Test(erf, plateau_has_its_digits_at_any_trace) {
    for (size_t M = 1; M < 5; M++)
        for (double T = 1e-100; T < 1e15; T *= 3.7) {
            const double m = (double)M, w = 1 / sqrt(m), x = T / (1 + T);
            const double leading = x * x * x * (1 - 1 / (m * m)) / 6 / M_PI,
                         next = 0.45 * x * x * (1 + 1 / (m * m));
            const long double y = T / (1 + (long double)T), c = atanl(T / sqrtl(1 + 2.0L * T));
            const double difference = (double)((c - m * asinl(y / m)) / acosl(-1.0L));
            const ordpar_erf_plateau at = ordpar_erf_plateau_at(M, w, T);
            const double expected = T < 1e-3 ? leading * (1 + next) : difference;
            if (M > 1)
                CHECK_CLOSE(at.eps_g, expected, 1e-11, expected, "M %zu, T %g", M, T);
            else
                cr_assert_eq(at.eps_g * (T < 1), 0, "M 1, T %g", T);
            CHECK_CLOSE(at.Q * (m / T + (m - 1)), 1, TOL_TIGHT, 1, "Q, M %zu, T %g", M, T);
        }
}

Test(erf, escape_time_grows_as_M_squared_over_L) {
    const size_t M = 400;
    const double L = 1e4, T2 = L * ordpar_power_law_second_moment_limit(1);
    const double rate = ordpar_erf_escape_rate(M, 1 / 20., 1 / 20., 0.1, 1, T2);
    CHECK_CLOSE(1 / rate, 2 * M_PI * (double)(M * M) / (0.1 * T2), 1e-2, 1 / rate, "M 400");
    CHECK_CLOSE(ordpar_power_law_second_moment_limit(1), 0.4, TOL_TIGHT, 1,
                "6/5 zeta(4)/zeta(2)^2");
}

static ordpar_erf_site site(size_t M, double T) {
    return (ordpar_erf_site){M, 1 / sqrt((double)M), T, T};
}

/* F(e) by its definition: sum over k, l with the multiplicities counted one by one. */
static double noise_element(size_t M, double T, double v, size_t i, size_t j, double d, double n) {
    double sum = 0;
    for (size_t k = 0; k < M; k++)
        for (size_t l = 0; l < M; l++) {
            double average = 4 / (M_PI * M_PI);
            for (size_t unit = 0; unit < M; unit++) {
                const int count = (unit == i) + (unit == j) + (unit == k) + (unit == l);
                average /= sqrt(1 + count * T);
            }
            sum += average * (k == l ? d : n);
        }
    return pow(v, 4) * sum;
}

Test(erf, noise_operator_matches_its_definition) {
    for (size_t M = 1; M < 8; M++)
        for (int trial = 0; trial < 3; trial++) {
            ordpar_erf_site s = site(M, 0.5 + trial);
            const double plus = 1.3, minus = M > 1 ? 0.4 : 1.3, m = (double)M;
            const double d = (plus + (m - 1) * minus) / m, n = (plus - minus) / m;
            double F[2][2];
            ordpar_erf_site_noise(&s, F);
            const double diagonal = noise_element(M, s.T, s.v, 0, 0, d, n);
            const double other = M > 1 ? noise_element(M, s.T, s.v, 0, 1, d, n) : 0;
            const double expected = diagonal + (m - 1) * other;
            CHECK_CLOSE(F[0][0] * plus + F[0][1] * minus, expected, TOL_TIGHT, expected,
                        "plus, M %zu", M);
            if (M > 1)
                CHECK_CLOSE(F[1][0] * plus + F[1][1] * minus, diagonal - other, TOL_TIGHT, expected,
                            "minus, M %zu", M);
        }
}

/* Of an element of [7.7] the part of the diagonal or off-diagonal element of e, in long double. */
static void long_noise(long double m, long double T, long double F[3]) {
    const long double a = 1 / sqrtl(1 + 4 * T), b = 1 / (1 + 2 * T),
                      c = 1 / sqrtl((1 + 3 * T) * (1 + T)), e = 1 / ((1 + T) * (1 + T)),
                      d = e / sqrtl(1 + 2 * T) * (1 + T);
    const long double dd = a + (m - 1) * b, nd = 2 * c + (m - 2) * d,
                      nn = 2 * b + (m - 2) * (4 * d + (m - 3) * e);
    F[0] = (dd + 2 * (m - 1) * nd + (m - 1) * nn) / m;
    F[1] = (dd + (m - 2) * nd - nn) / m;
    F[2] = ((m - 1) * dd - 2 * (m - 1) * nd + nn) / m;
}

/* For small T they begin with T^2 and T^4; in between, long double holds the differences. */
Test(erf, noise_and_rates_have_their_digits_at_any_trace) {
    for (size_t M = 2; M < 9; M++)
        for (double T = 1e-30; T < 1e3; T *= 3.7) {
            const ordpar_erf_site s = site(M, T);
            const double m = (double)M, k = 2 / M_PI / m;
            const bool small = T < 2e-2;
            const long double y = T, root = sqrtl(1 + 2 * y);
            const ordpar_erf_rates c = ordpar_erf_site_rates(&s);
            long double expected[3];
            double F[2][2];
            long_noise(m, T, expected);
            if (small) {
                expected[1] = m * T * T / 2;
                expected[2] = (m * m / 4 + 13 * m / 4 - 3) / m * T * T * T * T;
            }
            ordpar_erf_site_noise(&s, F);
            const double near = small ? 100 * T + 1e-14 : 1e-9;
            CHECK_CLOSE(F[0][0] / (k * k), (double)expected[0], 1e-13, m * m, "M %zu, T %g", M, T);
            CHECK_CLOSE(F[1][0] / (double)(k * k * expected[1]), 1, near, 1, "M %zu, T %g", M, T);
            CHECK_CLOSE(F[0][1], (m - 1) * F[1][0], TOL_EXACT, F[0][1], "M %zu, T %g", M, T);
            CHECK_CLOSE(F[1][1] / (double)(k * k * expected[2]), 1, near, 1, "M %zu, T %g", M, T);
            CHECK_CLOSE(c.minus / (double)(k * (small ? y * y / 2 : 1 / root - 1 / (1 + y))), 1,
                        small ? 3 * T + 1e-14 : 1e-13, 1, "M %zu, T %g", M, T);
            if (small)
                CHECK_CLOSE(ordpar_erf_critical_eta(&s) * s.trace / M_PI, 1, 10 * T + 1e-14, 1,
                            "M %zu, T %g", M, T);
        }
}

Test(erf, critical_eta_has_its_known_values) {
    const double known[] = {4.0558, 4.61366, 4.86202, 4.99757}; /* docs/equations.md [7.8] */
    for (size_t M = 1; M <= 4; M++) {
        const ordpar_erf_site s = site(M, 1);
        CHECK_CLOSE(ordpar_erf_critical_eta(&s), known[M - 1], 1e-5, 5, "M %zu", M);
    }
    const ordpar_erf_site one = site(1, 1);
    CHECK_CLOSE(ordpar_erf_critical_eta(&one), M_PI * sqrt(5. / 3), TOL_TIGHT, 4, "M 1");
}

/* A multiple of 1 is the closed form, and where it all but is one its neighbour. */
Test(erf, critical_eta_of_a_teacher_of_equal_units_is_the_closed_form) {
    for (size_t M = 2; M <= 5; M++)
        for (double T = 0.01; T < 100; T *= 3.1) {
            double covariance[25] = {0}, exact, near;
            ordpar_error err;
            for (size_t n = 0; n < M; n++)
                covariance[n * M + n] = T;
            check_ok(ordpar_erf_critical_eta_of(M, 0.7, covariance, 1.3, &exact, &err), &err);
            covariance[1] = covariance[M] = 1e-14 * T;
            check_ok(ordpar_erf_critical_eta_of(M, 0.7, covariance, 1.3, &near, &err), &err);
            cr_assert_eq(exact, ordpar_erf_critical_eta(&(ordpar_erf_site){M, 0.7, T, 1.3}));
            CHECK_CLOSE(near, exact, 1e-13 * (1 + 1 / (T * T)), exact, "M %zu, T %g", M, T);
        }
}

/* det(1 + T) of fields of the units u[4]. */
static double determinant(const double *T, size_t M, const size_t *u) {
    double A[16], det = 1;
    for (size_t i = 0; i < 16; i++)
        A[i] = (i % 5 == 0) + T[u[i / 4] * M + u[i % 4]];
    for (size_t k = 0; k < 4; k++) {
        det *= A[5 * k];
        for (size_t i = k + 1; i < 4; i++)
            for (size_t j = 4; j-- > k;)
                A[4 * i + j] -= A[4 * i + k] / A[5 * k] * A[4 * k + j];
    }
    return det;
}

/* At eta_c the e that F makes is what decays, C e + e C = eta_c v^2 2/pi F(e): solved for e by
 * Jacobi's rounds, and F by all of its terms. */
Test(erf, critical_eta_of_a_teacher_is_where_noise_and_decay_balance) {
    enum { M = 3 };
    const double T[9] = {0.8, 0.3, -0.2, 0.3, 1.7, 0.1, -0.2, 0.1, 0.4}, v = 0.6, trace = 1.3;
    const double k = 2 / M_PI * v * v;
    double e[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, C[9], eta_c, ratio = 0;
    ordpar_error err;
    check_ok(ordpar_erf_critical_eta_of(M, v, T, trace, &eta_c, &err), &err);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++)
            C[i * M + j] = k / sqrt((1 + T[4 * i]) * (1 + T[4 * j]) - T[i * M + j] * T[i * M + j]);
    for (size_t i = 0; i < M; i++)
        C[4 * i] = k / sqrt(1 + 2 * T[4 * i]);
    for (int round = 0; round < 60; round++) {
        double F[9] = {0}, x[9] = {0}, sum = 0;
        for (size_t u = 0; u < M * M * M * M; u++) {
            const size_t unit[4] = {u % M, u / M % M, u / M / M % M, u / M / M / M};
            F[unit[0] * M + unit[1]] +=
                k * k * e[unit[2] * M + unit[3]] / sqrt(determinant(T, M, unit));
        }
        for (int sweep = 0; sweep < 400; sweep++) /* C x + x C = F */
            for (size_t i = 0; i < M; i++)
                for (size_t j = 0; j < M; j++) {
                    double rest = F[i * M + j];
                    for (size_t l = 0; l < M; l++)
                        rest -= (l != i) * C[i * M + l] * x[l * M + j] +
                                (l != j) * x[i * M + l] * C[l * M + j];
                    x[i * M + j] = rest / (C[4 * i] + C[4 * j]);
                }
        for (size_t i = 0; i < M * M; i++)
            sum += x[i] * x[i];
        ratio = sqrt(sum);
        for (size_t i = 0; i < M * M; i++)
            e[i] = x[i] / ratio;
    }
    CHECK_CLOSE(eta_c * ratio * trace, 1, TOL_TIGHT, 1, "eta_c %.17g", eta_c);
}

Test(erf, critical_eta_of_teachers_that_rounding_hides_is_refused) {
    static const double alike[4] = {1, 1, 1, 1}, opposite[4] = {2, -2, -2, 2},
                        small[4] = {1e-5, 0, 0, 2e-5}, none[4] = {0};
    static const double *const all[] = {alike, opposite, small, none};
    for (size_t k = 0; k < 4; k++) {
        double eta_c;
        ordpar_error err;
        cr_assert_eq(ordpar_erf_critical_eta_of(2, 1, all[k], 1, &eta_c, &err), ORDPAR_NUMERICAL);
        cr_assert(strstr(err.message, "units of the teacher are alike"), "%s", err.message);
    }
}

/* The spectrum enters only by its trace: the linearised operator's largest eigenvalue is 0 there.
 */
Test(erf, critical_eta_depends_on_the_trace_alone) {
    ordpar_random stream = test_stream(321);
    for (int trial = 0; trial < 30; trial++) {
        double lambda[20];
        int64_t n[20];
        const size_t L = 1 + (size_t)uniform(&stream, 0, 19), M = 1 + (size_t)trial % 6;
        for (size_t b = 0; b < L; b++) {
            lambda[b] = exp(uniform(&stream, -5, 2));
            n[b] = 1 + (int64_t)uniform(&stream, 0, 50);
        }
        ordpar_error err;
        ordpar_spectrum s;
        check_ok(ordpar_spectrum_from_arrays(L, lambda, n, &s, &err), &err);
        const ordpar_erf_site at = site(M, ordpar_spectrum_moment(&s, 1));
        const double eta = ordpar_erf_critical_eta(&at);
        const double scale = eta * s.lambda[L - 1] * ordpar_erf_site_rates(&at).plus;
        CHECK_CLOSE(ordpar_erf_asymptotic_rate(&s, &at, eta), 0, 1e-10, scale + 1e-3,
                    "L %zu, M %zu", L, M);
        cr_assert(ordpar_erf_asymptotic_rate(&s, &at, 0.99 * eta) < 0);
        cr_assert(ordpar_erf_asymptotic_rate(&s, &at, 1.01 * eta) > 0);
        ordpar_spectrum_clear(&s);
    }
}

static void curve(const ordpar_spectrum *s, const ordpar_erf_site *at, double eta, double noise,
                  size_t count, const double *alpha, double *eps_g) {
    ordpar_error err;
    check_ok(ordpar_erf_asymptotic(s, at, eta, 1e-3, noise, alpha, count, eps_g, &err), &err);
}

/* For one eigenvalue the operator is 2 x 2: its exponential, by eigenvalues, is the second route.
 */
Test(erf, all_orders_match_the_two_by_two_exponential) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(1, 1, 1, &s, &err), &err);
    const ordpar_erf_site at = site(3, 1);
    const ordpar_erf_rates c = ordpar_erf_site_rates(&at);
    double F[2][2], alpha[12], actual[12];
    ordpar_erf_site_noise(&at, F);
    log_grid(0.01, 1e6, 12, alpha);
    const double etas[] = {0.001, 0.1, 1, 3, 4.8, 4.8615}; /* eta_c = 4.8620 */
    for (size_t k = 0; k < sizeof etas / sizeof *etas; k++) {
        const double eta = etas[k];
        const double a = -2 * eta * c.plus + eta * eta * F[0][0], b = eta * eta * F[0][1],
                     d = eta * eta * F[1][0], e = -2 * eta * c.minus + eta * eta * F[1][1];
        const double middle = (a + e) / 2, half = sqrt((a - e) * (a - e) / 4 + b * d);
        curve(&s, &at, eta, 0, 12, alpha, actual);
        for (size_t j = 0; j < 12; j++) {
            /* exp(A t) = e^(middle t) (cosh(half t) + (A - middle) sinh(half t)/half) */
            const double up = exp((middle + half) * alpha[j]),
                         down = exp((middle - half) * alpha[j]);
            const double even = (up + down) / 2, odd = (up - down) / (2 * half);
            const double plus = even + odd * (a - middle + b),
                         minus = even + odd * (d + e - middle);
            const double expected = 1e-6 / 2 * (c.plus * plus + 2 * c.minus * minus);
            if (expected > 1e-300)
                CHECK_CLOSE(actual[j], expected, 1e-10, expected, "eta %g, alpha %g", eta,
                            alpha[j]);
        }
    }
    ordpar_spectrum_clear(&s);
}

Test(erf, all_orders_tend_to_small_eta_at_any_depth) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(256, 256, 1, &s, &err), &err);
    const double eta = 1e-12;
    double alpha[13], all[13], small[13];
    for (size_t M = 1; M < 5; M += 2) {
        const ordpar_erf_site at = site(M, 1);
        log_grid(0.01 / eta, 1e8 / eta, 13, alpha);
        curve(&s, &at, eta, 0, 13, alpha, all);
        check_ok(ordpar_erf_asymptotic_small_eta(&s, &at, eta, 1e-3, alpha, 13, small, &err), &err);
        for (size_t j = 0; j < 13; j++)
            CHECK_CLOSE(all[j], small[j], 1e-10, small[j] + 1e-310, "M %zu, alpha %g", M, alpha[j]);
    }
    ordpar_spectrum_clear(&s);
}

/* With label noise the curve ends where E = (eta T/2) C^-1 (F E + s^2 C). */
Test(erf, label_noise_sets_a_floor) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(64, 64, 0.5, &s, &err), &err);
    const ordpar_erf_site at = site(2, 1);
    const ordpar_erf_rates c = ordpar_erf_site_rates(&at);
    const double eta = 1.5, noise = 0.1, alpha = 1e7;
    double F[2][2], plus = 0, minus = 0, actual;
    ordpar_erf_site_noise(&at, F);
    for (int k = 0; k < 400; k++) { /* a contraction below eta_c */
        const double p = eta / 2 * ((F[0][0] * plus + F[0][1] * minus) / c.plus + noise * noise);
        minus = eta / 2 * ((F[1][0] * plus + F[1][1] * minus) / c.minus + noise * noise);
        plus = p;
    }
    curve(&s, &at, eta, noise, 1, &alpha, &actual);
    const double expected = (c.plus * plus + c.minus * minus) / 2;
    CHECK_CLOSE(actual, expected, 1e-9, expected, "floor");
    ordpar_spectrum_clear(&s);
}

/* From 0 to 1e300: the start, underflow to 0, or the floor. */
Test(erf, all_orders_reach_the_ends_of_the_range) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(32, 32, 1, &s, &err), &err);
    const ordpar_erf_site at = site(2, 1);
    const double alpha[] = {0, 1e-300, 1e-20, 1e9, 1e300};
    double plain[5], noisy[5];
    curve(&s, &at, 1.5, 0, 5, alpha, plain);
    curve(&s, &at, 1.5, 0.1, 5, alpha, noisy);
    for (size_t j = 1; j < 3; j++) {
        CHECK_CLOSE(plain[j], plain[0], 1e-9, plain[0], "alpha %g", alpha[j]);
        CHECK_CLOSE(noisy[j], plain[0], 1e-9, plain[0], "alpha %g, noise", alpha[j]);
    }
    cr_assert_eq(plain[3], 0);
    cr_assert_eq(plain[4], 0);
    cr_assert(noisy[3] > 1e-5);
    CHECK_CLOSE(noisy[4], noisy[3], 1e-12, noisy[3], "the floor");
    ordpar_spectrum_clear(&s);
}

Test(erf, continuum_agrees_with_the_sum_in_the_window) {
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_power_law law;
    check_ok(ordpar_spectrum_power_law(1 << 14, 1 << 14, 1, &s, &err), &err);
    check_ok(ordpar_power_law_init(1 << 14, 1, &law, &err), &err);
    const ordpar_erf_site at = site(3, 1);
    const double alpha = 10;
    double sum, integral;
    check_ok(ordpar_erf_asymptotic_small_eta(&s, &at, 0.1, 1e-2, &alpha, 1, &sum, &err), &err);
    check_ok(ordpar_erf_asymptotic_continuum(&law, &at, 0.1, 1e-2, &alpha, 1, &integral, &err),
             &err);
    CHECK_CLOSE(sum, integral, 1e-3, sum, "alpha 10");
    ordpar_spectrum_clear(&s);
}

Test(erf, asymptotic_refuses_what_is_out_of_range) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(4, 4, 1, &s, &err), &err);
    const ordpar_erf_site at = site(2, 1), bad = {2, NAN, 1, 1};
    const double alpha = 1;
    double out = 7;
    cr_assert_eq(ordpar_erf_asymptotic(&s, &at, 4.62, 1, 0, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "4.61366, got 4.62"), "%s", err.message);
    cr_assert_eq(ordpar_erf_asymptotic(&s, &bad, 1, 1, 0, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_erf_asymptotic(&s, &at, 1, 1, NAN, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_erf_asymptotic_small_eta(&s, &at, 0, 1, &alpha, 1, &out, &err),
                 ORDPAR_INVALID);
    cr_assert_eq(out, 7);
    ordpar_spectrum_clear(&s);
}

/* The slower mode enters the power law last and the faster leaves it first; M = 1 has one mode. */
Test(erf, window_is_where_both_modes_show_the_power_law) {
    ordpar_error err;
    ordpar_power_law law;
    check_ok(ordpar_power_law_init(4096, 1, &law, &err), &err);
    for (size_t M = 1; M <= 3; M++) {
        const ordpar_erf_site at = site(M, 1);
        const ordpar_erf_rates c = ordpar_erf_site_rates(&at);
        const double slowest = M > 1 ? c.minus : c.plus;
        const ordpar_scaling_window window = ordpar_erf_window(&law, &at, 0.2);
        CHECK_CLOSE(window.begin * 2 * 0.2 * law.lambda_plus * slowest, 1, TOL_SUM, 1, "M = %zu",
                    M);
        CHECK_CLOSE(window.end * 2 * 0.2 * law.lambda_plus * c.plus, pow(law.L, 2), TOL_SUM,
                    pow(law.L, 2), "M = %zu", M);
        CHECK_CLOSE(window.slope, -0.5, TOL_SUM, 1, "M = %zu", M);
    }
}
