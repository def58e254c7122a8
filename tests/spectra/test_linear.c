// SPDX-License-Identifier: GPL-3.0-or-later
/* Closed forms of the linear network: against dense eigenproblems, step-by-step recursions,
 * positive matrix exponentials in long double, and each other. */
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_finite_n.h"
#include "support.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_spectrum make_spectrum(size_t L, const double *lambda, const int64_t *n) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_from_arrays(L, lambda, n, &s, &err), &err);
    return s;
}

static ordpar_spectrum random_spectrum(ordpar_random *stream, size_t L) {
    double lambda[64];
    int64_t n[64];
    for (size_t b = 0; b < L; b++) {
        lambda[b] = exp(uniform(stream, -6, 0));
        n[b] = 1 + (int64_t)uniform(stream, 0, 9);
        if (b > 1 && uniform(stream, 0, 1) < 0.2)
            lambda[b] = lambda[b - 1]; /* equal eigenvalues, or nearly */
        else if (b > 1 && uniform(stream, 0, 1) < 0.2)
            lambda[b] = lambda[b - 1] * (1 + 1e-13);
    }
    if (uniform(stream, 0, 1) < 0.3)
        lambda[0] = 0;
    return make_spectrum(L, lambda, n);
}

/* One unit, with everything that may be chosen. */
typedef struct {
    ordpar_spectrum s;
    double eta, noise;
    size_t trained;
    double error[64];
} linear_case;

static linear_case random_case(ordpar_random *stream, bool uniform_start) {
    const size_t L = 1 + (size_t)uniform(stream, 0, 29);
    linear_case c = {.s = random_spectrum(stream, L < 3 ? 3 : L)};
    c.trained = c.s.L;
    if (uniform(stream, 0, 1) < 0.4)
        c.trained = 1 + (size_t)uniform(stream, 0, (double)c.s.L - 1);
    c.noise = uniform(stream, 0, 1) < 0.5 ? 0 : uniform(stream, 0, 1);
    c.eta = uniform(stream, 0.001, 0.999) * ordpar_linear_critical_eta(&c.s, c.trained);
    for (size_t b = 0; b < c.s.L; b++)
        c.error[b] = uniform_start ? 1.5 : uniform(stream, 0, 3);
    return c;
}

/*
 * eps_g from the dense symmetric eigenproblem, by LAPACK: u' = A u + f with u_b = e_b / sqrt p_b.
 * discrete: A + 1 is the matrix of one step at finite N.
 */
static double dense(const linear_case *c, bool discrete, double time) {
    const size_t n = c->trained;
    const ordpar_spectrum *s = &c->s;
    static double A[64 * 64], mu[64];
    double frozen = 0, coupling = c->eta / (discrete ? sqrt(s->N) : 1);
    for (size_t b = n; b < s->L; b++)
        frozen += s->p[b] * s->lambda[b] * c->error[b] / 2;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double x = c->eta * s->lambda[i] / (discrete ? s->N : 1);
            A[i * n + j] = pow(coupling, 2) * s->lambda[i] * s->lambda[j] * sqrt(s->p[i] * s->p[j]);
            if (i == j)
                A[i * n + j] -= discrete ? 2 * x - 2 * x * x : 2 * x;
        }
    cr_assert_eq(LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'V', 'U', (int)n, A, (int)n, mu), 0);
    double sum = frozen;
    for (size_t k = 0; k < n; k++) {
        double out = 0, start = 0;
        for (size_t b = 0; b < n; b++) {
            out += A[b * n + k] * s->lambda[b] * sqrt(s->p[b]) / 2;
            start += A[b * n + k] * sqrt(s->p[b]) * c->error[b];
        }
        const double drive = pow(coupling, 2) * 2 * out * (c->noise * c->noise + 2 * frozen);
        const double rate = discrete ? log1p(mu[k]) : mu[k];
        const double growth = fabs(mu[k]) < 1e-13 ? time : expm1(rate * time) / mu[k];
        sum += out * (start * exp(rate * time) + drive * growth);
    }
    return sum;
}

Test(linear, exact_matches_the_dense_eigenproblem) {
    ordpar_random stream = test_stream(311);
    for (int trial = 0; trial < 60; trial++) {
        linear_case c = random_case(&stream, trial % 2);
        double alpha[8], eps_g[8];
        ordpar_error err;
        for (size_t j = 0; j < 8; j++)
            alpha[j] = j ? exp(uniform(&stream, -5, 8)) / c.eta : 0;
        check_ok(
            ordpar_linear_exact(&c.s, c.eta, c.noise, c.trained, c.error, alpha, 8, eps_g, &err),
            &err);
        for (size_t j = 0; j < 8; j++)
            CHECK_CLOSE(eps_g[j], dense(&c, false, alpha[j]), 1e-12, eps_g[0] + c.noise,
                        "trial %d, L = %zu, trained %zu, eta %g, alpha %g", trial, c.s.L, c.trained,
                        c.eta, alpha[j]);
        ordpar_spectrum_clear(&c.s);
    }
}

/*
 * Relative accuracy at any depth: e = exp(A alpha) e0 with A + c >= 0, so that the power series and
 * the squarings of exp((A + c) alpha / 2^m) add positive numbers only.
 */
static long double positive_exponential(const linear_case *c, double alpha) {
    enum { MAX = 8 };
    const size_t L = c->s.L;
    long double A[MAX][MAX], E[MAX][MAX] = {{0}}, term[MAX][MAX], next[MAX][MAX] = {0};
    const long double shift = 2 * (long double)c->eta * c->s.lambda[0];
    int squarings = 0;
    long double step = alpha;
    for (; step * shift > 0.5L; squarings++)
        step /= 2;
    for (size_t i = 0; i < L; i++)
        for (size_t j = 0; j < L; j++) {
            A[i][j] = (long double)c->eta * c->eta * c->s.p[i] * c->s.lambda[i] * c->s.lambda[j];
            if (i == j) /* shift - 2 eta lambda, without rounding where it is 0 */
                A[i][j] += 2 * (long double)c->eta * ((long double)c->s.lambda[0] - c->s.lambda[i]);
            term[i][j] = E[i][j] = i == j;
        }
    for (int order = 1; order < 40; order++) {
        for (size_t i = 0; i < L; i++)
            for (size_t j = 0; j < L; j++) {
                next[i][j] = 0;
                for (size_t k = 0; k < L; k++)
                    next[i][j] += term[i][k] * A[k][j] * step / order;
            }
        memcpy(term, next, sizeof term);
        for (size_t i = 0; i < L; i++)
            for (size_t j = 0; j < L; j++)
                E[i][j] += term[i][j];
    }
    for (size_t i = 0; i < L; i++)
        for (size_t j = 0; j < L; j++)
            E[i][j] *= expl(-shift * step);
    for (; squarings > 0; squarings--) {
        for (size_t i = 0; i < L; i++)
            for (size_t j = 0; j < L; j++) {
                next[i][j] = 0;
                for (size_t k = 0; k < L; k++)
                    next[i][j] += E[i][k] * E[k][j];
            }
        memcpy(E, next, sizeof E);
    }
    long double sum = 0;
    for (size_t i = 0; i < L; i++)
        for (size_t j = 0; j < L; j++)
            sum += c->s.lambda[i] / 2 * E[i][j] * c->s.p[j] * c->error[j];
    return sum;
}

Test(linear, exact_keeps_twelve_digits_over_two_hundred_decades) {
    const struct {
        int64_t L;
        double beta, eta;
    } cases[] = {{1, 1, 1.2},    {2, 1, 0.3},  {4, 1, 1},         {8, 0.2, 1.9},
                 {8, 0.2, 0.01}, {6, 0.05, 1}, {8, 0.2, 1.999998}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        linear_case c = {.eta = cases[k].eta};
        ordpar_error err;
        check_ok(ordpar_spectrum_power_law(cases[k].L, cases[k].L, cases[k].beta, &c.s, &err),
                 &err);
        for (size_t b = 0; b < c.s.L; b++)
            c.error[b] = 2;
        const double slowest = 2 * c.eta * c.s.lambda[c.s.L - 1];
        for (int decades = 0; decades <= 280; decades += 20) {
            const double alpha = decades * log(10) / slowest;
            double eps_g;
            check_ok(ordpar_linear_exact(&c.s, c.eta, 0, c.s.L, c.error, &alpha, 1, &eps_g, &err),
                     &err);
            const double expected = (double)positive_exponential(&c, alpha);
            CHECK_CLOSE(eps_g, expected, 1e-12, expected, "case %zu, eps_g = %g", k, expected);
            if (decades == 280)
                cr_assert(expected < 1e-200 * c.error[0] || cases[k].eta > 1.1,
                          "case %zu decays to %g only", k, expected);
        }
        ordpar_spectrum_clear(&c.s);
    }
}

Test(linear, exact_tends_to_small_eta) {
    linear_case c = {.eta = 1e-14};
    ordpar_error err;
    check_ok(ordpar_spectrum_power_law(100, 50, 0.7, &c.s, &err), &err);
    double alpha[20], exact[20], small[20];
    for (size_t b = 0; b < c.s.L; b++)
        c.error[b] = 1 + (double)b;
    for (size_t j = 0; j < 20; j++)
        alpha[j] = j ? pow(10, (double)j - 5) / c.eta : 0;
    check_ok(ordpar_linear_exact(&c.s, c.eta, 0, 40, c.error, alpha, 20, exact, &err), &err);
    check_ok(ordpar_linear_small_eta(&c.s, c.eta, 40, c.error, alpha, 20, small, &err), &err);
    for (size_t j = 0; j < 20; j++)
        CHECK_CLOSE(exact[j], small[j], 1e-12, small[j], "alpha %g", alpha[j]);
    ordpar_spectrum_clear(&c.s);
}

/* In the power-law window the exact curve is the small-eta curve times 1/(1 - eta/2). */
Test(linear, window_is_raised_by_the_noise) {
    enum { L = 4000 };
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(L, L, 0.75, &s, &err), &err);
    static double error[L];
    for (size_t b = 0; b < L; b++)
        error[b] = 1;
    const double eta = 1, alpha = 30 / (eta * s.lambda[0]) * 20;
    double exact, small;
    check_ok(ordpar_linear_exact(&s, eta, 0, L, error, &alpha, 1, &exact, &err), &err);
    check_ok(ordpar_linear_small_eta(&s, eta, L, error, &alpha, 1, &small, &err), &err);
    CHECK_CLOSE(exact / small, 1 / (1 - eta / 2), 0.02, 2, "alpha %g", alpha);
    ordpar_spectrum_clear(&s);
}

Test(linear, floor_is_where_the_curve_ends) {
    ordpar_random stream = test_stream(312);
    for (int trial = 0; trial < 20; trial++) {
        linear_case c = random_case(&stream, true);
        c.noise = 0.3;
        ordpar_error err;
        const double alpha = 1e300;
        double end;
        check_ok(
            ordpar_linear_exact(&c.s, c.eta, c.noise, c.trained, c.error, &alpha, 1, &end, &err),
            &err);
        const double floor_ = ordpar_linear_floor(&c.s, c.eta, c.noise, c.trained, c.error);
        CHECK_CLOSE(end, floor_, TOL_SUM * 16, floor_, "trial %d", trial);
        ordpar_spectrum_clear(&c.s);
    }
}

/* The recursion, one step after the other. */
static long double steps(const linear_case *c, long count) {
    const ordpar_spectrum *s = &c->s;
    const long double eta = c->eta, N = s->N;
    long double e[64], S = 0;
    for (size_t b = 0; b < s->L; b++)
        e[b] = c->error[b];
    for (long step = 0; step <= count; step++) {
        S = 0;
        for (size_t b = 0; b < s->L; b++)
            S += s->p[b] * s->lambda[b] * e[b];
        for (size_t b = 0; b < c->trained && step < count; b++) {
            const long double lambda = s->lambda[b];
            e[b] += e[b] * (-2 * eta * lambda / N + 2 * eta * eta * lambda * lambda / (N * N)) +
                    eta * eta * lambda / N * (S + (long double)c->noise * c->noise);
        }
    }
    return S / 2;
}

Test(linear, finite_n_matches_the_recursion_step_by_step) {
    ordpar_random stream = test_stream(313);
    for (int trial = 0; trial < 40; trial++) {
        linear_case c = random_case(&stream, trial % 2);
        if (trial % 4 == 0) /* eta lambda/N up to above 1: poles in another order, and growth */
            c.eta = c.s.N / c.s.lambda[0] * uniform(&stream, 0.2, 1.3);
        const long counts[] = {0, 1, 2, 7, 50, 400};
        for (size_t j = 0; j < 6; j++) {
            ordpar_error err;
            const double alpha = ((double)counts[j] + 0.3) / c.s.N;
            double eps_g;
            const double expected = (double)steps(&c, counts[j]);
            const ordpar_status status = ordpar_linear_finite_n(&c.s, c.eta, c.noise, c.trained,
                                                                c.error, &alpha, 1, &eps_g, &err);
            if (expected > 1e300) {
                cr_assert_eq(status, ORDPAR_DIVERGED);
                continue;
            }
            check_ok(status, &err);
            CHECK_CLOSE(eps_g, expected, 1e-11, expected, "trial %d, N = %g, L = %zu, eta %g, %ld",
                        trial, c.s.N, c.s.L, c.eta, counts[j]);
        }
        ordpar_spectrum_clear(&c.s);
    }
}

Test(linear, finite_n_tends_to_exact_for_large_n) {
    linear_case c = {.eta = 1.1, .noise = 0.2};
    ordpar_error err;
    check_ok(ordpar_spectrum_power_law(1000000000, 10, 1, &c.s, &err), &err);
    double alpha[10], exact[10], finite[10];
    for (size_t b = 0; b < c.s.L; b++)
        c.error[b] = 2;
    log_grid(0.1, 1000, 10, alpha);
    check_ok(ordpar_linear_exact(&c.s, c.eta, c.noise, 10, c.error, alpha, 10, exact, &err), &err);
    check_ok(ordpar_linear_finite_n(&c.s, c.eta, c.noise, 10, c.error, alpha, 10, finite, &err),
             &err);
    for (size_t j = 0; j < 10; j++)
        CHECK_CLOSE(finite[j], exact[j], 1e-7, exact[j], "alpha %g", alpha[j]);
    ordpar_spectrum_clear(&c.s);
}

Test(linear, refuses_what_is_out_of_range) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(4, 4, 1, &s, &err), &err);
    const double error[4] = {1, 1, 1, 1}, bad_error[4] = {1, NAN, 1, 1}, alpha = 1, bad_alpha = -1;
    double out = 77;
    cr_assert_eq(ordpar_linear_exact(&s, 2, 0, 4, error, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "critical one, 2, got 2"), "%s", err.message);
    cr_assert_eq(ordpar_linear_exact(&s, NAN, 0, 4, error, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_linear_exact(&s, 1, -1, 4, error, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_linear_exact(&s, 1, 0, 5, error, &alpha, 1, &out, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_linear_exact(&s, 1, 0, 4, bad_error, &alpha, 1, &out, &err),
                 ORDPAR_INVALID);
    cr_assert(strstr(err.message, "block 2"), "%s", err.message);
    cr_assert_eq(ordpar_linear_small_eta(&s, 1, 4, error, &bad_alpha, 1, &out, &err),
                 ORDPAR_INVALID);
    const double late = 1e6;
    cr_assert_eq(ordpar_linear_finite_n(&s, 50, 0, 4, error, &late, 1, &out, &err),
                 ORDPAR_DIVERGED);
    cr_assert(strstr(err.message, "alpha = 1e+06"), "%s", err.message);
    cr_assert_eq(out, 77);
    ordpar_spectrum_clear(&s);
}

/* eta = 0, or nothing to train: the error stays. */
Test(linear, nothing_moves_without_training) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(4, 4, 1, &s, &err), &err);
    const double error[4] = {2, 2, 2, 2}, alpha[2] = {0, 1e300};
    double out[2];
    for (int k = 0; k < 4; k++) {
        if (k < 2)
            check_ok(ordpar_linear_exact(&s, k, 0, k ? 0 : 4, error, alpha, 2, out, &err), &err);
        else
            check_ok(
                ordpar_linear_finite_n(&s, k - 2, 0, k > 2 ? 0 : 4, error, alpha, 2, out, &err),
                &err);
        for (int j = 0; j < 2; j++)
            CHECK_CLOSE(out[j], 1, TOL_EXACT, 1, "case %d, alpha %g", k, alpha[j]);
    }
    ordpar_spectrum_clear(&s);
}
