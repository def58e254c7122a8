// SPDX-License-Identifier: GPL-3.0-or-later
/* The statistics of comparisons: by hand, and calibrated on curves that agree by construction. */
#include "simulation_support.h"
#include "validation/compare/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <string.h>

Test(statistics, summary_by_hand) {
    const double values[] = {1, 2, 4, 9};
    const ordpar_summary s = ordpar_summarize(values, 4);
    CHECK_CLOSE(s.mean, 4, TOL_EXACT, 4, "mean");
    CHECK_CLOSE(s.standard_error, sqrt(38. / 3 / 4), TOL_EXACT, 2, "standard error");
    cr_assert(s.min == 1 && s.max == 9);
    cr_assert(isnan(ordpar_summarize(values, 1).standard_error));
}

/* The largest of independent z of few runs, drawn: near 1 of 20 pass. */
Test(statistics, threshold_is_that_of_a_t) {
    enum { ROWS = 5, RUNS = 4, TRIALS = 4000 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    const double threshold = ordpar_compare_threshold(ROWS, RUNS);
    size_t above = 0;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        double largest = 0;
        for (size_t k = 0; k < ROWS; k++) {
            double values[RUNS];
            for (size_t r = 0; r < RUNS; r++)
                values[r] = gsl_ran_gaussian(rng, 1);
            const ordpar_summary s = ordpar_summarize(values, RUNS);
            largest = fmax(largest, fabs(s.mean / s.standard_error));
        }
        above += largest > threshold;
    }
    gsl_rng_free(rng);
    const double expected = 0.05 * TRIALS;
    cr_assert(fabs((double)above - expected) < 4 * sqrt(0.95 * expected), "%zu of %d", above,
              TRIALS);
    CHECK_CLOSE(ordpar_compare_threshold(1, 1000000), 1.95996, 1e-4, 1, "of a normal number");
}

/* The squares of what runs differ by would be 0, or infinite. */
Test(statistics, tiny_and_huge_values_have_an_error) {
    const double unit[] = {1e-240, 1e-308, 1e200, 1e300};
    for (size_t k = 0; k < 4; k++) {
        double values[] = {unit[k], 2 * unit[k], 3 * unit[k]};
        const double sd = ordpar_scatter_of(values, 3).standard_deviation;
        CHECK_CLOSE(sd / unit[k], 1, 1e-12, 1, "values of %g", unit[k]);
    }
}

Test(statistics, rows_by_hand) {
    const double values[] = {1, 2, 4, 9}, own[] = {0.5, 1.5, 3, 10}, one[] = {3};
    double differences[4];
    const ordpar_comparison a = ordpar_compare_row(4, values, 4, own, 1e-7, 0, differences);
    CHECK_CLOSE(a.theory, 3.75, TOL_EXACT, 4, "theory");
    CHECK_CLOSE(a.mean, 4, TOL_EXACT, 4, "mean");
    /* differences 0.5, 0.5, 1, -1: mean 0.25, sum of squares around it 2.25 */
    CHECK_CLOSE(a.standard_error, sqrt(2.25 / 3 / 4), TOL_EXACT, 1, "standard error");
    CHECK_CLOSE(a.z, 0.25 / sqrt(2.25 / 3 / 4), TOL_EXACT, 1, "z");
    const ordpar_comparison b = ordpar_compare_row(4, values, 1, one, 1e-7, 0, differences);
    CHECK_CLOSE(b.z, 1 / sqrt(38. / 3 / 4), TOL_EXACT, 1, "z against one curve");
    const double same[] = {3, 3, 3 + 1e-12};
    cr_assert_eq(ordpar_compare_row(3, same, 1, one, 1e-7, 0, differences).z, 0);
    const double off[] = {4, 4, 4};
    cr_assert(isinf(ordpar_compare_row(3, off, 1, one, 1e-7, 0, differences).z));
    cr_assert(isnan(ordpar_compare_row(1, values, 1, one, 1e-7, 0, differences).z));
}

/* Rounding on both sides is agreement, on one side it is not. */
Test(statistics, rows_below_the_floor_agree) {
    const double theory = 3e-16, values[] = {-1e-16, -2e-16, -1e-16},
                 large[] = {1e-14, 1.1e-14, 1e-14};
    double differences[3];
    cr_assert(ordpar_compare_row(3, values, 1, &theory, 1e-7, 0, differences).z < -6);
    cr_assert_eq(ordpar_compare_row(3, values, 1, &theory, 1e-7, 1e-15, differences).z, 0);
    cr_assert(ordpar_compare_row(3, large, 1, &theory, 1e-7, 1e-15, differences).z > 6);
    cr_assert(ordpar_compare_row(3, values, 1, large, 1e-7, 1e-15, differences).z < -6);
}

enum { ROWS = 30, MAX_RUNS = 40 };

/* Curves that agree with the theory 1, whose rows correlate as rho^|k-l|. */
static ordpar_agreement simulate_agreement(const gsl_rng *rng, size_t runs, double rho,
                                           double shift) {
    static double differences[ROWS * MAX_RUNS], values[ROWS][MAX_RUNS];
    ordpar_comparison rows[ROWS];
    const double one = 1;
    for (size_t r = 0; r < runs; r++) {
        double x = gsl_ran_gaussian_ziggurat(rng, 1);
        for (size_t k = 0; k < ROWS; k++) {
            x = rho * x + sqrt(1 - rho * rho) * gsl_ran_gaussian_ziggurat(rng, 1);
            values[k][r] = 1 + (double)(k + 1) * (x + shift);
        }
    }
    for (size_t k = 0; k < ROWS; k++)
        rows[k] = ordpar_compare_row(runs, values[k], 1, &one, 1e-9, 0, differences + k * runs);
    ordpar_agreement a;
    ordpar_error err;
    check_ok(ordpar_compare_all(ROWS, runs, rows, differences, &a, &err), &err);
    cr_assert_eq(a.rows, ROWS);
    return a;
}

/* The probabilities of agreement are near uniform, also for correlated rows and few runs. */
Test(statistics, probability_is_calibrated) {
    enum { TRIALS = 1000 };
    ordpar_random stream = test_stream(1);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    const double rhos[] = {0, 0.8, 0.99};
    for (size_t runs = 10; runs <= MAX_RUNS; runs += 30)
        for (size_t c = 0; c < 3; c++) {
            double below[2] = {0}, effective = 0;
            for (size_t trial = 0; trial < TRIALS; trial++) {
                const ordpar_agreement a = simulate_agreement(&rng, runs, rhos[c], 0);
                below[0] += a.probability < 0.5;
                below[1] += a.probability < 0.05;
                effective += a.effective_rows / TRIALS;
            }
            cr_assert(below[0] > 0.38 * TRIALS && below[0] < 0.62 * TRIALS,
                      "runs %zu, rho %g: half is %g", runs, rhos[c], below[0] / TRIALS);
            cr_assert(below[1] > 0.015 * TRIALS && below[1] < 0.1 * TRIALS,
                      "runs %zu, rho %g: 0.05 is %g", runs, rhos[c], below[1] / TRIALS);
            if (rhos[c] == 0)
                cr_assert(effective > 0.75 * ROWS, "effective rows: %g", effective);
            else if (rhos[c] > 0.9)
                cr_assert(effective < 4, "effective rows: %g", effective);
        }
}

/* Log-normal numbers of mean 1, correlated from row to row, and their variance times `wrong`. */
static double spread_probability(const gsl_rng *rng, size_t runs, double relative, double wrong) {
    const double s2 = log1p(relative), theory = 1, variance = relative * wrong, rho = 0.8;
    static double differences[ROWS * MAX_RUNS], squares[ROWS * MAX_RUNS];
    ordpar_spread rows[ROWS];
    ordpar_agreement a;
    ordpar_error err;
    for (size_t r = 0; r < runs; r++) {
        double x = gsl_ran_gaussian_ziggurat(rng, 1);
        for (size_t k = 0; k < ROWS; k++) {
            differences[k * runs + r] = exp(sqrt(s2) * x - s2 / 2) - theory;
            x = rho * x + gsl_ran_gaussian_ziggurat(rng, sqrt(1 - rho * rho));
        }
    }
    for (size_t k = 0; k < ROWS; k++)
        rows[k] = ordpar_compare_spread(runs, differences + k * runs, 1, &variance, theory,
                                        squares + k * runs);
    check_ok(ordpar_compare_spreads(ROWS, runs, rows, NULL, squares, &a, &err), &err);
    return a.probability;
}

/* [8.6] A spread that is right is rejected as often as it should be, one that is wrong is seen. */
Test(statistics, spread_is_calibrated) {
    enum { TRIALS = 2000 };
    ordpar_random stream = test_stream(3);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    const double relative[] = {1e-6, 0.002, 0.02};
    for (size_t c = 0; c < 3; c++)
        for (size_t runs = 20; runs <= MAX_RUNS; runs += 20) {
            size_t rejected = 0;
            for (size_t trial = 0; trial < TRIALS; trial++)
                rejected += spread_probability(&rng, runs, relative[c], 1) < 0.01;
            cr_assert(rejected >= 10 && rejected <= 32, "%zu runs, %g: %zu of %d", runs,
                      relative[c], rejected, TRIALS);
        }
    cr_assert(spread_probability(&rng, MAX_RUNS, 0.002, 3) < 1e-4);
    cr_assert(spread_probability(&rng, MAX_RUNS, 0.002, 1. / 3) < 1e-4);
}

Test(statistics, disagreement_is_seen) {
    ordpar_random stream = test_stream(2);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    const ordpar_agreement a = simulate_agreement(&rng, MAX_RUNS, 0.5, 0.8);
    cr_assert(a.largest > 4 && a.probability < 1e-4, "%g, %g", a.largest, a.probability);
}

Test(statistics, few_runs_and_exact_rows) {
    ordpar_comparison rows[] = {{1, 1, 0, 0}, {1, 1.1, 0.05, 2}};
    double differences[] = {0, 0, 0, 0.1, 0.15, 0.05};
    ordpar_agreement a;
    ordpar_error err;
    check_ok(ordpar_compare_all(2, 3, rows, differences, &a, &err), &err);
    cr_assert(a.largest == 2 && a.where == 1 && isnan(a.probability));
    double more[] = {0, 0, 0, 0, 0.1, 0.15, 0.05, 0.1};
    check_ok(ordpar_compare_all(2, 4, rows, more, &a, &err), &err);
    CHECK_CLOSE(a.probability, 2 * gsl_cdf_tdist_Q(2, 3), TOL_LOOSE, 1, "one row is a t-test");
    cr_assert(a.rows == 1 && a.effective_rows == 1);
}

Test(statistics, kolmogorov) {
    CHECK_CLOSE(kolmogorov_tail(1.3580986393225507), 0.05, 1e-9, 1, "0.95 quantile");
    double x[] = {3, 1, 2}, y[] = {10, 20, 30, 40};
    cr_assert_lt(two_sample_probability(x, 3, y, 4), 0.07); /* D = 1 */
}
