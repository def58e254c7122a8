// SPDX-License-Identifier: GPL-3.0-or-later
/* Sums of exponentials against the same in long double with the C library's exp. */
#include "spectra/forms/exp_sum.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>

static double plain(size_t n, const double *weight, const double *rate, double t) {
    long double sum = 0;
    for (size_t b = 0; b < n; b++)
        sum += (long double)weight[b] * expl(-(long double)rate[b] * (long double)t);
    return (double)sum;
}

static int decreasing(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

Test(exp_sum, matches_the_sum_in_long_double) {
    enum { SIZE = 3000 };
    static double weight[SIZE], rate[SIZE];
    ordpar_random stream = test_stream(301);
    for (int trial = 0; trial < 40; trial++) {
        const size_t n = 1 + (size_t)uniform(&stream, 0, trial % 2 ? 10 : SIZE - 1);
        for (size_t b = 0; b < n; b++) {
            weight[b] = exp(uniform(&stream, -30, 3));
            rate[b] = exp(uniform(&stream, -20, 5));
        }
        qsort(rate, n, sizeof *rate, decreasing);
        for (int k = 0; k < 12; k++) {
            const double t = k ? exp(uniform(&stream, -10, 20)) : 0;
            double sum;
            ordpar_exp_sum(n, weight, rate, 1, &t, &sum);
            const double expected = plain(n, weight, rate, t);
            /* the arguments' own rounding, at the depth of the slowest term */
            const double scale = expected * (1 + rate[n - 1] * t);
            if (expected > 1e-300)
                CHECK_CLOSE(sum, expected, TOL_EXACT * 4, scale, "n = %zu, t = %g", n, t);
        }
    }
}

Test(exp_sum, each_term_is_right_to_two_units_in_the_last_place) {
    for (int k = 0; k < 200000; k++) {
        const double weight[2] = {1, DBL_MIN}, rate[2] = {600.0 * k / 200000, 0}, t = 1;
        double sum;
        ordpar_exp_sum(2, weight, rate, 1, &t, &sum);
        const double expected = (double)expl(-(long double)rate[0]);
        CHECK_CLOSE(sum, expected, DBL_EPSILON, expected, "exp(-%g)", rate[0]);
    }
}

Test(exp_sum, underflows_only_where_the_value_does) {
    const double weight[3] = {1, 1e200, 0}, rate[3] = {2, 1, 0};
    const double t[] = {1000, 1190, 1300, 1e300};
    double sum[4];
    ordpar_exp_sum(3, weight, rate, 4, t, sum);
    for (int k = 0; k < 2; k++) {
        const double expected = (double)(1e200L * expl(-(long double)t[k]));
        CHECK_CLOSE(sum[k], expected, 1e-12, expected, "t = %g", t[k]);
    }
    cr_assert_eq(sum[2], 0);
    cr_assert_eq(sum[3], 0);
}

Test(exp_sum, growing_terms_overflow_to_infinity) {
    const double weight[2] = {1, 2}, rate[2] = {1, -1}, t[] = {10, 1e5};
    double sum[2];
    ordpar_exp_sum(2, weight, rate, 2, t, sum);
    CHECK_CLOSE(sum[0], exp(-10) + 2 * exp(10), TOL_TIGHT, exp(10), "t = 10");
    cr_assert(isinf(sum[1]));
    ordpar_exp_sum(0, weight, rate, 2, t, sum);
    cr_assert_eq(sum[0], 0);
}
