// SPDX-License-Identifier: GPL-3.0-or-later
/* The compute-optimal N_l at all orders in eta: against all N_l tried one by one through the closed
 * form of curves, against the lowest order, and the laws of both phases against it. */
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* linear-exact with the first `trained` components trained; infinite at or above eta_c. */
static double error_at(const ordpar_spectrum *s, double eta, double noise, const double *error,
                       int64_t trained, double alpha) {
    ordpar_error err;
    size_t blocks;
    double split_error[33], eps_g = INFINITY;
    ordpar_spectrum split = split_with(s, trained, error, split_error, &blocks);
    if (eta < ordpar_linear_critical_eta(&split, blocks))
        check_ok(
            ordpar_linear_exact(&split, eta, noise, blocks, split_error, &alpha, 1, &eps_g, &err),
            &err);
    ordpar_spectrum_clear(&split);
    return eps_g;
}

static ordpar_spectrum random_spectrum(ordpar_random *stream, double *error) {
    ordpar_error err;
    ordpar_spectrum s;
    double lambda[32];
    int64_t n[32];
    const size_t L = 1 + (size_t)uniform(stream, 0, 12);
    for (size_t b = 0; b < L; b++) {
        lambda[b] = exp(uniform(stream, -8, 0)) + (b == 0);
        n[b] = 1 + (int64_t)uniform(stream, 0, 6);
        error[b] = uniform(stream, 0, 2);
    }
    check_ok(ordpar_spectrum_from_arrays(L, lambda, n, &s, &err), &err);
    return s;
}

/* Also with label noise, and where eta is above the critical one of many features. */
Test(frontier_orders, is_the_least_of_all_numbers_of_features) {
    enum { COMPUTES = 6, SPECTRA = 30 };
    size_t unstable = 0;
    for (unsigned long k = 0; k < SPECTRA; k++) {
        ordpar_random stream = test_stream(k);
        double error[32], compute[COMPUTES], first;
        const double noise = k % 3 ? 0 : 0.3;
        ordpar_error err;
        ordpar_frontier_point point[COMPUTES];
        ordpar_spectrum s = random_spectrum(&stream, error);
        first = 2 * s.N / s.lambda[0];
        const double eta =
            fmin((k % 2 ? 1.3 : 0.4) * ordpar_linear_critical_eta(&s, s.L), 0.9 * first);
        log_grid(1e-1, 1e5, COMPUTES, compute);
        check_ok(ordpar_linear_frontier_all_orders(&s, eta, noise, error, compute, COMPUTES, NULL,
                                                   point, &err),
                 &err);
        unstable += eta > ordpar_linear_critical_eta(&s, s.L);
        for (size_t j = 0; j < COMPUTES; j++) {
            double least = INFINITY;
            for (int64_t n = 1; n <= (int64_t)s.N; n++)
                least = fmin(least, error_at(&s, eta, noise, error, n, compute[j] / (double)n));
            CHECK_CLOSE(point[j].eps_g, least, TOL_SUM, least, "spectrum %lu, C = %g", k,
                        compute[j]);
            CHECK_CLOSE(error_at(&s, eta, noise, error, (int64_t)point[j].trained, point[j].alpha),
                        least, TOL_SUM, least, "spectrum %lu, C = %g: N_l = %g", k, compute[j],
                        point[j].trained);
            cr_assert(point[j].alpha == compute[j] / point[j].trained);
        }
        ordpar_spectrum_clear(&s);
    }
    cr_assert(unstable > 3 && unstable < SPECTRA, "%zu", unstable);
}

/* eta -> 0 at the same eta C: the lowest order, from which it differs as eta. */
Test(frontier_orders, becomes_the_lowest) {
    enum { COMPUTES = 9, N = 48 };
    ordpar_error err;
    ordpar_spectrum s;
    double error[N], difference[2];
    check_ok(ordpar_spectrum_power_law(N, N, 0.8, &s, &err), &err);
    for (size_t b = 0; b < N; b++)
        error[b] = 1 + (b % 3 == 0);
    for (int k = 0; k < 2; k++) {
        const double eta = k ? 1e-5 : 1e-4;
        double compute[COMPUTES];
        ordpar_frontier_point all[COMPUTES], lowest[COMPUTES];
        log_grid(0.1 / eta, 1e4 / eta, COMPUTES, compute);
        check_ok(ordpar_linear_frontier_all_orders(&s, eta, 0, error, compute, COMPUTES, NULL, all,
                                                   &err),
                 &err);
        check_ok(ordpar_linear_frontier(&s, eta, error, compute, COMPUTES, lowest, &err), &err);
        difference[k] = 0;
        for (size_t j = 0; j < COMPUTES; j++) {
            cr_assert(all[j].trained == lowest[j].trained, "C = %g", compute[j]);
            CHECK_CLOSE(all[j].exponent, lowest[j].exponent, 30 * eta, 1, "C = %g", compute[j]);
            difference[k] = fmax(difference[k], all[j].eps_g / lowest[j].eps_g - 1);
        }
    }
    CHECK_CLOSE(difference[0] / difference[1], 10, 0.01, 10, "differences %g and %g", difference[0],
                difference[1]);
    ordpar_spectrum_clear(&s);
}

typedef struct {
    ordpar_spectrum s;
    ordpar_power_law law;
    double c, margin, started;
} decaying;

static decaying decaying_teacher(int64_t N, double beta, double zeta, double eta) {
    decaying d;
    ordpar_error err;
    check_ok(ordpar_spectrum_power_law(N, N, beta, &d.s, &err), &err);
    check_ok(ordpar_spectrum_set_teacher_decay(&d.s, zeta, &err), &err);
    check_ok(ordpar_power_law_init(N, beta, &d.law, &err), &err);
    d.law.zeta = zeta;
    d.c = ordpar_power_law_teacher(&d.law);
    d.margin = ordpar_linear_margin(&d.s, (size_t)N, eta);
    d.started = 0;
    for (size_t b = 0; b < (size_t)N; b++)
        d.started += d.s.p[b] * d.s.c[b];
    return d;
}

Test(frontier_orders, exponent_is_the_slope_of_the_frontier) {
    decaying d = decaying_teacher(64, 1, 4, 1);
    ordpar_error err;
    for (double C = 0.02; C < 1e4; C *= 3.1) {
        const double h = 1e-5, compute[3] = {C, C * exp(-h), C * exp(h)};
        ordpar_frontier_point point[3];
        check_ok(
            ordpar_linear_frontier_all_orders(&d.s, 1, 0, d.s.c, compute, 3, NULL, point, &err),
            &err);
        cr_assert(point[1].trained == point[2].trained, "C = %g is near a jump of N_l", C);
        CHECK_CLOSE(point[0].exponent, log(point[2].eps_g / point[1].eps_g) / (2 * h),
                    TOL_DIFFERENCE, 1, "C = %g", C);
    }
    ordpar_spectrum_clear(&d.s);
}

/* [14.3] over 1 - eta/eta_c, where the source limits. */
Test(frontier_orders, tends_to_the_law_of_the_source) {
    const double zetas[] = {0, 0.5, 1};
    for (size_t k = 0; k < 3; k++) {
        enum { N = 400 };
        const double eta = 0.3;
        decaying d = decaying_teacher(N, 1, zetas[k], eta);
        ordpar_error err;
        const ordpar_frontier_law law = ordpar_linear_frontier_law(&d.law, N, eta, d.c / d.margin);
        const double C = law.begin * pow(100, 3); /* N_l near 100 */
        ordpar_frontier_point point;
        check_ok(ordpar_linear_frontier_all_orders(&d.s, eta, 0, d.s.c, &C, 1, NULL, &point, &err),
                 &err);
        const double trained = law.trained_amplitude * pow(C, law.trained_exponent);
        const double eps_g = law.amplitude * pow(C, law.exponent);
        CHECK_CLOSE(point.trained, trained, 0.04, trained, "N_l, zeta = %g", zetas[k]);
        CHECK_CLOSE(point.eps_g + law.tail, eps_g, 0.02, eps_g, "eps_g, zeta = %g", zetas[k]);
        ordpar_spectrum_clear(&d.s);
    }
}

/* [14.6], where noise does; the law of the source is off by factors there. The exponent is the
 * slope of the law, and tends to that of the source as 1 / log C. */
Test(frontier_orders, tends_to_the_law_of_the_noise) {
    const struct {
        double beta, zeta, eta, tolerance;
    } cases[] = {{1, 3, 1, 0.01}, {1, 4, 0.3, 0.01}, {2, 6, 0.3, 0.02}, {0.5, 4, 1, 0.04}};
    for (size_t k = 0; k < 4; k++) {
        enum { N = 400 };
        const double eta = cases[k].eta;
        decaying d = decaying_teacher(N, cases[k].beta, cases[k].zeta, eta);
        ordpar_error err;
        const ordpar_frontier_law source =
            ordpar_linear_frontier_law(&d.law, N, eta, d.c / d.margin);
        const double C = source.begin * pow(100, 2 + cases[k].beta);
        ordpar_frontier_point point, law[3];
        for (int j = 0; j < 3; j++)
            law[j] = ordpar_linear_frontier_noise_law(&d.law, N, eta, d.c, d.started, d.margin,
                                                      C * (1 + 1e-4 * (j - 1)));
        check_ok(ordpar_linear_frontier_all_orders(&d.s, eta, 0, d.s.c, &C, 1, NULL, &point, &err),
                 &err);
        cr_assert_gt(point.trained, 30);
        CHECK_CLOSE(point.trained, law[1].trained, cases[k].tolerance + 0.5 / point.trained,
                    point.trained, "N_l, case %zu", k);
        CHECK_CLOSE(point.eps_g + source.tail, law[1].eps_g, cases[k].tolerance, law[1].eps_g,
                    "eps_g, case %zu", k);
        CHECK_CLOSE(law[1].exponent, log(law[2].eps_g / law[0].eps_g) / log1p(2e-4), 1e-3, 1,
                    "exponent, case %zu", k);
        cr_assert(source.amplitude * pow(C, source.exponent) < 0.5 * law[1].eps_g, "no power");
        double before = 0;
        for (double far = C; far < 1e30; far *= 1e6) {
            const ordpar_frontier_point p =
                ordpar_linear_frontier_noise_law(&d.law, N, eta, d.c, d.started, d.margin, far);
            cr_assert(p.exponent > source.exponent && p.exponent < before, "C = %g", far);
            before = p.exponent;
        }
        ordpar_spectrum_clear(&d.s);
    }
}

Test(frontier_orders, refuses_nonsense) {
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_frontier_point point;
    const double error[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double compute = 1, bad[] = {-1, NAN, INFINITY};
    check_ok(ordpar_spectrum_power_law(16, 16, 1, &s, &err), &err);
    const volatile sig_atomic_t stop = 1;
    cr_assert_eq(
        ordpar_linear_frontier_all_orders(&s, 0.1, 0, error, &compute, 1, &stop, &point, &err),
        ORDPAR_INTERRUPTED);
    for (size_t k = 0; k < 3; k++) {
        cr_assert(ordpar_linear_frontier_all_orders(&s, 0.1, 0, error, &bad[k], 1, NULL, &point,
                                                    &err) == ORDPAR_INVALID);
        cr_assert(ordpar_linear_frontier_all_orders(&s, 0.1, bad[k], error, &compute, 1, NULL,
                                                    &point, &err) == ORDPAR_INVALID);
    }
    cr_assert(ordpar_linear_frontier_all_orders(&s, 2.1 * 16 / s.lambda[0], 0, error, &compute, 1,
                                                NULL, &point, &err) == ORDPAR_INVALID);
    cr_assert(strstr(err.message, "critical one of a single trained component"), "%s", err.message);
    check_ok(ordpar_linear_frontier_all_orders(&s, 0, 0, error, &compute, 1, NULL, &point, &err),
             &err);
    cr_assert(point.trained == 1 && point.exponent == 0);
    ordpar_spectrum_clear(&s);
    check_ok(ordpar_spectrum_power_law(1 << 28, 16, 1, &s, &err), &err);
    cr_assert(ordpar_linear_frontier_all_orders(&s, 0.1, 0, error, &compute, 1, NULL, &point,
                                                &err) == ORDPAR_INVALID);
    cr_assert(strstr(err.message, "N L^2 up to"), "%s", err.message);
    ordpar_spectrum_clear(&s);
}
