// SPDX-License-Identifier: GPL-3.0-or-later
/* The compute-optimal N_l against all N_l tried one by one, its exponent against differences, its
 * power law against the sum over a long spectrum. */
#include "spectra/forms/frontier.h"
#include "spectra/forms/linear.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>

/* eps_g of the small-eta closed form with the first trained components trained, C = alpha N_l. */
static double error_at(const ordpar_spectrum *s, double eta, const double *error, int64_t trained,
                       double compute) {
    ordpar_error err;
    size_t blocks;
    double split_error[65], eps_g;
    const double alpha = compute / (double)trained;
    ordpar_spectrum split = split_with(s, trained, error, split_error, &blocks);
    check_ok(ordpar_linear_small_eta(&split, eta, blocks, split_error, &alpha, 1, &eps_g, &err),
             &err);
    ordpar_spectrum_clear(&split);
    return eps_g;
}

static double least_of_all(const ordpar_spectrum *s, double eta, const double *error,
                           double compute, int64_t *trained, size_t *minima) {
    double least = INFINITY, before = INFINITY;
    bool falls = true;
    *minima = 0;
    for (int64_t n = 1; n <= (int64_t)s->N; n++) {
        const double eps_g = error_at(s, eta, error, n, compute);
        if (eps_g < least) {
            least = eps_g;
            *trained = n;
        }
        if (falls && eps_g > before * (1 + 1e-12)) {
            falls = false;
            ++*minima;
        } else if (!falls && eps_g < before * (1 - 1e-12))
            falls = true;
        before = eps_g;
    }
    *minima += falls;
    return least;
}

static ordpar_spectrum random_spectrum(ordpar_random *stream, double *error) {
    ordpar_error err;
    ordpar_spectrum s;
    double lambda[64];
    int64_t n[64];
    const size_t L = 1 + (size_t)uniform(stream, 0, 20);
    for (size_t b = 0; b < L; b++) {
        lambda[b] = exp(uniform(stream, -8, 0)) + (b == 0);
        n[b] = 1 + (int64_t)uniform(stream, 0, 30);
        error[b] = uniform(stream, 0, 2);
    }
    if (uniform(stream, 0, 1) < 0.5)
        for (size_t b = 0; b < L; b++)
            error[b] = 1.5;
    check_ok(ordpar_spectrum_from_arrays(L, lambda, n, &s, &err), &err);
    return s;
}

Test(frontier, is_the_least_of_all_numbers_of_features) {
    enum { COMPUTES = 7 };
    size_t several = 0;
    for (unsigned long k = 0; k < 60; k++) {
        ordpar_random stream = test_stream(k);
        double error[64], compute[COMPUTES];
        ordpar_error err;
        ordpar_frontier_point point[COMPUTES];
        ordpar_spectrum s = random_spectrum(&stream, error);
        log_grid(1e-2, 1e6, COMPUTES, compute);
        check_ok(ordpar_linear_frontier(&s, 0.3, error, compute, COMPUTES, point, &err), &err);
        for (size_t j = 0; j < COMPUTES; j++) {
            int64_t trained = 0;
            size_t minima;
            const double least = least_of_all(&s, 0.3, error, compute[j], &trained, &minima);
            several += minima > 1;
            CHECK_CLOSE(point[j].eps_g, least, TOL_SUM, least, "spectrum %lu, C = %g", k,
                        compute[j]);
            CHECK_CLOSE(error_at(&s, 0.3, error, (int64_t)point[j].trained, compute[j]), least,
                        TOL_SUM, least, "spectrum %lu, C = %g: N_l = %g, expected %lld", k,
                        compute[j], point[j].trained, (long long)trained);
        }
        ordpar_spectrum_clear(&s);
    }
    cr_assert(several > 10, "only %zu of the cases have more than one minimum", several);
}

Test(frontier, finds_the_number_itself_on_a_power_law) {
    enum { COMPUTES = 25 };
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_frontier_point point[COMPUTES];
    double compute[COMPUTES], error[64];
    check_ok(ordpar_spectrum_power_law(64, 64, 0.7, &s, &err), &err);
    for (size_t b = 0; b < 64; b++)
        error[b] = 1;
    log_grid(0.1, 1e5, COMPUTES, compute);
    check_ok(ordpar_linear_frontier(&s, 0.1, error, compute, COMPUTES, point, &err), &err);
    for (size_t j = 0; j < COMPUTES; j++) {
        int64_t trained = 0;
        size_t minima;
        least_of_all(&s, 0.1, error, compute[j], &trained, &minima);
        cr_assert(point[j].trained == (double)trained, "C = %g: N_l = %g, expected %lld",
                  compute[j], point[j].trained, (long long)trained);
        cr_assert(point[j].alpha == compute[j] / (double)trained);
    }
    cr_assert(point[0].trained == 1 && point[COMPUTES - 1].trained == 64);
    ordpar_spectrum_clear(&s);
}

Test(frontier, exponent_is_the_slope_of_the_frontier) {
    ordpar_error err;
    ordpar_spectrum s;
    double error[256];
    check_ok(ordpar_spectrum_power_law(256, 256, 1, &s, &err), &err);
    for (size_t b = 0; b < 256; b++)
        error[b] = 1;
    for (double C = 0.5; C < 1e5; C *= 3) {
        const double h = 1e-5, compute[3] = {C, C * exp(-h), C * exp(h)};
        ordpar_frontier_point point[3];
        check_ok(ordpar_linear_frontier(&s, 0.2, error, compute, 3, point, &err), &err);
        cr_assert(point[1].trained == point[2].trained, "C = %g is near a jump of N_l", C);
        CHECK_CLOSE(point[0].exponent, log(point[2].eps_g / point[1].eps_g) / (2 * h),
                    TOL_DIFFERENCE, 1, "C = %g", C);
    }
    ordpar_spectrum_clear(&s);
}

/* Also of a decaying teacher, whose initial error falls as l^-zeta [15.3]. */
Test(frontier, tends_to_its_power_law) {
    const struct {
        double beta, eta, amplitude, trained; /* tolerances: sums are not integrals, by 1 / N_l */
        double zeta;
    } cases[] = {{0.3, 0.1, 2e-4, 2e-3, 0}, {1, 0.1, 2e-4, 2e-3, 0}, {2.5, 1, 1e-3, 4e-3, 0},
                 {1, 0.1, 1e-3, 4e-3, 1},   {1, 0.1, 3e-3, 4e-3, 4}, {0.5, 0.1, 3e-4, 4e-3, -0.2}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        enum { N = 1 << 18 };
        ordpar_error err;
        ordpar_spectrum s;
        ordpar_power_law power;
        ordpar_frontier_point point;
        double *error = malloc(N * sizeof *error);
        check_ok(ordpar_spectrum_power_law(N, N, cases[k].beta, &s, &err), &err);
        check_ok(ordpar_power_law_init(N, cases[k].beta, &power, &err), &err);
        for (size_t b = 0; b < N; b++)
            error[b] = 1.5 * pow((double)(b + 1), -cases[k].zeta);
        power.zeta = cases[k].zeta;
        const ordpar_frontier_law law =
            ordpar_linear_frontier_law(&power, N, cases[k].eta, error[0]);
        const double C = law.begin * pow(3000, 2 + cases[k].beta); /* N_l near 3000 */
        check_ok(ordpar_linear_frontier(&s, cases[k].eta, error, &C, 1, &point, &err), &err);
        const double trained = law.trained_amplitude * pow(C, law.trained_exponent);
        const double eps_g = law.amplitude * pow(C, law.exponent) - law.tail;
        CHECK_CLOSE(point.trained, trained, cases[k].trained, trained, "N_l, beta = %g",
                    cases[k].beta);
        CHECK_CLOSE(point.eps_g, eps_g, cases[k].amplitude, eps_g, "eps_g, beta = %g",
                    cases[k].beta);
        CHECK_CLOSE(2 * cases[k].eta * s.lambda[(size_t)point.trained - 1] * point.alpha, law.depth,
                    3 * cases[k].trained, law.depth, "depth, beta = %g", cases[k].beta);
        ordpar_spectrum_clear(&s);
        free(error);
    }
}

Test(frontier, takes_extremes_and_refuses_nonsense) {
    ordpar_error err;
    ordpar_spectrum s;
    const double error[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double compute[3] = {0, 1e300, 1};
    ordpar_frontier_point point[3];
    check_ok(ordpar_spectrum_power_law(INT64_C(1) << 49, 16, 1, &s, &err), &err);
    check_ok(ordpar_linear_frontier(&s, 0.1, error, compute, 3, point, &err), &err);
    cr_assert(point[0].trained == 1 && point[0].exponent == 0);
    CHECK_CLOSE(point[0].eps_g, 0.5, TOL_TIGHT, 1, "C = 0");
    cr_assert(point[1].trained == s.N && point[1].eps_g == 0 && isnan(point[1].exponent));
    cr_assert(point[2].trained >= 1 && point[2].eps_g < 0.5 + TOL_TIGHT);
    const double bad[] = {-1, NAN, INFINITY};
    for (size_t k = 0; k < 3; k++)
        cr_assert(ordpar_linear_frontier(&s, 0.1, error, &bad[k], 1, point, &err) ==
                  ORDPAR_INVALID);
    cr_assert(ordpar_linear_frontier(&s, 1e308, error, compute, 1, point, &err) == ORDPAR_INVALID);
    cr_assert(ordpar_linear_frontier(&s, -1, error, compute, 1, point, &err) == ORDPAR_INVALID);
    ordpar_spectrum_clear(&s);
}

/* [14.1] in long double, within blocks of n components each. */
static long double error_within(const ordpar_spectrum *s, double eta, double compute, double n) {
    long double sum = 0, first = 0;
    for (size_t b = 0; b < s->L; b++) {
        const long double weight = (long double)s->lambda[b] / s->N, /* 2 eps_g of a component */
            trained = fminl(fmaxl(n - first, 0), s->n[b]);
        sum += weight * (trained * expl(-2 * (long double)eta * s->lambda[b] * compute / n) +
                         (s->n[b] - trained));
        first += s->n[b];
    }
    return sum / 2;
}

/* Where eps_g is so flat that a million components make 1e-10, the least is found all the same. */
Test(frontier, finds_the_least_where_it_is_flat) {
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_frontier_point point;
    check_ok(ordpar_spectrum_power_law(64000000, 64, 0.3, &s, &err), &err);
    double error[64];
    for (size_t b = 0; b < 64; b++)
        error[b] = 1;
    for (double compute = 1e6; compute < 1e10; compute *= 3.7) {
        check_ok(ordpar_linear_frontier(&s, 0.1, error, &compute, 1, &point, &err), &err);
        const long double found = error_within(&s, 0.1, compute, point.trained);
        for (double step = 1; step < 1e7; step *= 1.3)
            for (int sign = -1; sign <= 1; sign += 2) {
                const double n = point.trained + sign * floor(step);
                if (n >= 1 && n <= s.N)
                    cr_assert(error_within(&s, 0.1, compute, n) >= found * (1 - 2e-15L),
                              "C = %g: N_l = %.0f is above %.0f by %Lg", compute, point.trained, n,
                              1 - error_within(&s, 0.1, compute, n) / found);
            }
    }
    ordpar_spectrum_clear(&s);
}

/* Without any time all N_l are the same; the smallest counts, whatever was best before. */
Test(frontier, of_equal_numbers_the_smallest) {
    const double lambda = 1, error = 2, compute[] = {50, 0, 1e6, 0};
    const int64_t n = 8;
    ordpar_error err;
    ordpar_spectrum s;
    ordpar_frontier_point point[4];
    check_ok(ordpar_spectrum_from_arrays(1, &lambda, &n, &s, &err), &err);
    check_ok(ordpar_linear_frontier(&s, 0.3, &error, compute, 4, point, &err), &err);
    cr_assert(point[0].trained > 1 && point[2].trained > 1);
    cr_assert(point[1].trained == 1 && point[3].trained == 1, "%g, %g", point[1].trained,
              point[3].trained);
    ordpar_spectrum_clear(&s);
}
