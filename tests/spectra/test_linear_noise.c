// SPDX-License-Identifier: GPL-3.0-or-later
/* Noise that differs from block to block: the recursion step by step, and small steps of the
 * equation of motion. */
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_finite_n.h"
#include "support.h"

#include <math.h>

enum { L = 9 };

typedef struct {
    ordpar_spectrum s;
    double eta, error[L];
    size_t trained;
    bool coupled;
} own_noise;

static own_noise random_case(ordpar_random *stream, double largest, bool coupled) {
    double lambda[L], noise[L], coupling[L * L];
    int64_t n[L];
    own_noise c = {.coupled = coupled};
    ordpar_error err;
    for (size_t k = 0; k < L * L; k++)
        coupling[k] = uniform(stream, -0.1, 0.1);
    for (size_t b = 0; b < L; b++) {
        lambda[b] = exp(uniform(stream, -4, 0));
        n[b] = 1 + (int64_t)uniform(stream, 0, 4);
        noise[b] = uniform(stream, 0, 3);
        c.error[b] = uniform(stream, 0, 2);
    }
    check_ok(ordpar_spectrum_from_arrays(L, lambda, n, &c.s, &err), &err);
    check_ok(ordpar_spectrum_set_noise(&c.s, noise, c.coupled ? coupling : NULL, &err), &err);
    c.trained = uniform(stream, 0, 1) < 0.5 ? L : 5;
    c.eta = uniform(stream, 0.05, largest) * ordpar_linear_critical_eta_finite_n(&c.s, c.trained);
    return c;
}

/* [15.36], at this N */
static long double noise_of(const own_noise *c, size_t b, long step) {
    const ordpar_spectrum *s = &c->s;
    long double noise = s->noise[b];
    for (size_t j = 0; s->coupling && j < L; j++) {
        const long double x = j < c->trained ? c->eta * s->lambda[j] / s->N : 0;
        noise += s->coupling[b * L + j] * powl(1 - x, (long double)step);
    }
    return noise;
}

/* parts: so many parts that a step is made in; 0: as it is, in N steps to a unit of alpha. */
static double by_steps(const own_noise *c, double alpha, long parts) {
    const ordpar_spectrum *s = &c->s;
    const long double eta = c->eta, N = s->N;
    const long count = lround(alpha * s->N) * (parts ? parts : 1);
    long double e[L], S = 0;
    for (size_t b = 0; b < L; b++)
        e[b] = c->error[b];
    for (long step = 0; step <= count; step++) {
        S = 0;
        for (size_t b = 0; b < L; b++)
            S += s->p[b] * s->lambda[b] * e[b];
        for (size_t b = 0; b < c->trained && step < count; b++) {
            const long double x = eta * s->lambda[b] / N;
            const long double drift = parts ? -2 * x : -2 * x + 2 * x * x;
            e[b] += (drift * e[b] + eta * x * (S + noise_of(c, b, step))) /
                    (parts ? (long double)parts : 1);
        }
    }
    return (double)(S / 2);
}

/* [15.31], [15.32] */
Test(linear_noise, finite_n_matches_the_recursion_step_by_step) {
    ordpar_random stream = test_stream(1531);
    for (int trial = 0; trial < 30; trial++) {
        own_noise c = random_case(&stream, 1.2, false);
        const double alpha[] = {0, 1 / c.s.N, 3 / c.s.N, 2, 30};
        double eps_g[5];
        ordpar_error err;
        check_ok(ordpar_linear_finite_n(&c.s, c.eta, 77, c.trained, c.error, alpha, 5, eps_g, &err),
                 &err);
        for (size_t j = 0; j < 5; j++) {
            const double expected = by_steps(&c, alpha[j], 0);
            CHECK_CLOSE(eps_g[j], expected, 1e-11, expected, "trial %d, alpha %g", trial, alpha[j]);
        }
        ordpar_spectrum_clear(&c.s);
    }
}

/* [15.36]; linear between some steps */
Test(linear_noise, coupled_noise_matches_the_recursion) {
    ordpar_random stream = test_stream(1534);
    for (int trial = 0; trial < 20; trial++) {
        own_noise c = random_case(&stream, 0.9, true);
        const double alpha[] = {30, 0, 1 / c.s.N, 3 / c.s.N, 2};
        double eps_g[5], late = 3000, end;
        ordpar_error err;
        check_ok(ordpar_linear_finite_n(&c.s, c.eta, 77, c.trained, c.error, alpha, 5, eps_g, &err),
                 &err);
        for (size_t j = 0; j < 5; j++) {
            const double expected = by_steps(&c, alpha[j], 0);
            CHECK_CLOSE(eps_g[j], expected, 3e-6, expected, "trial %d, alpha %g", trial, alpha[j]);
        }
        check_ok(ordpar_linear_finite_n(&c.s, c.eta, 0, c.trained, c.error, &late, 1, &end, &err),
                 &err);
        CHECK_CLOSE(ordpar_linear_floor_finite_n(&c.s, c.eta, 0, c.trained, c.error), end, 1e-8,
                    end, "floor, trial %d", trial);
        late = 1e15;
        cr_assert_eq(
            ordpar_linear_finite_n(&c.s, c.eta, 0, c.trained, c.error, &late, 1, &end, &err),
            ORDPAR_INVALID);
        cr_assert_eq(ordpar_linear_exact(&c.s, c.eta, 0, c.trained, c.error, &late, 1, &end, &err),
                     ORDPAR_INVALID);
        ordpar_spectrum_clear(&c.s);
    }
}

/* Euler's steps are off by their length: two lengths tell the limit. */
Test(linear_noise, exact_matches_small_steps) {
    ordpar_random stream = test_stream(1532);
    for (int trial = 0; trial < 10; trial++) {
        own_noise c = random_case(&stream, 0.6, false);
        const double alpha = 3;
        double eps_g;
        ordpar_error err;
        check_ok(ordpar_linear_exact(&c.s, c.eta, 0, c.trained, c.error, &alpha, 1, &eps_g, &err),
                 &err);
        const double expected = 2 * by_steps(&c, alpha, 4000) - by_steps(&c, alpha, 2000);
        CHECK_CLOSE(eps_g, expected, 1e-6, expected, "trial %d", trial);
        ordpar_spectrum_clear(&c.s);
    }
}

Test(linear_noise, ends_at_the_floors) {
    ordpar_random stream = test_stream(1533);
    for (int trial = 0; trial < 20; trial++) {
        own_noise c = random_case(&stream, 0.9, false);
        const double late = 1e200;
        double end;
        ordpar_error err;
        check_ok(ordpar_linear_finite_n(&c.s, c.eta, 0, c.trained, c.error, &late, 1, &end, &err),
                 &err);
        CHECK_CLOSE(ordpar_linear_floor_finite_n(&c.s, c.eta, 0, c.trained, c.error), end,
                    TOL_SUM * 64, end, "at this N, trial %d", trial);
        check_ok(ordpar_linear_exact(&c.s, c.eta, 0, c.trained, c.error, &late, 1, &end, &err),
                 &err);
        CHECK_CLOSE(ordpar_linear_floor(&c.s, c.eta, 0, c.trained, c.error), end, TOL_SUM * 64, end,
                    "trial %d", trial);
        ordpar_spectrum_clear(&c.s);
    }
}

Test(linear_noise, refuses_what_is_no_variance_and_stays_in_a_cut_block) {
    const double good[] = {0.5, 0.25}, bad[] = {0.5, -1};
    ordpar_spectrum s;
    ordpar_error err;
    size_t blocks;
    check_ok(ordpar_spectrum_power_law(8, 2, 1, &s, &err), &err);
    cr_assert_eq(ordpar_spectrum_set_noise(&s, bad, NULL, &err), ORDPAR_INVALID);
    cr_assert_null(s.noise);
    check_ok(ordpar_spectrum_set_noise(&s, good, NULL, &err), &err);
    check_ok(ordpar_spectrum_split(&s, 6, &blocks, &err), &err);
    cr_assert_eq(s.L, 3);
    cr_assert(s.noise[0] == 0.5 && s.noise[1] == 0.25 && s.noise[2] == 0.25);
    const double error[] = {1, 1, 1}, alpha = 1;
    double eps_g;
    cr_assert_eq(ordpar_linear_finite_n(&s, 8 / s.lambda[0], 0, 3, error, &alpha, 1, &eps_g, &err),
                 ORDPAR_INVALID);
    ordpar_spectrum_clear(&s);
}
