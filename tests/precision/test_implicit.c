// SPDX-License-Identifier: GPL-3.0-or-later
/* Implicit steps: the collocation itself, and the same digits as Taylor series and exponentials. */
#include "curve_support.h"
#include "precision/radau.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum { BITS = 200, STAGES = 7 };

/* D maps the values of x^n, n <= s, to those of its derivative; the interpolation returns x^n. */
Test(implicit, collocation_is_exact_for_polynomials) {
    ordpar_radau r;
    ordpar_error err;
    check_ok(ordpar_radau_init(STAGES, BITS, &r, &err), &err);
    mpfr_t x[STAGES], l[STAGES], sum, expected, tau;
    mpfr_inits2(BITS, sum, expected, tau, (mpfr_ptr)NULL);
    for (size_t j = 0; j < STAGES; j++)
        mpfr_inits2(BITS, x[j], l[j], (mpfr_ptr)NULL);
    cr_expect(mpfr_cmp_ui(r.node[STAGES], 1) == 0 && mpfr_zero_p(r.node[0]));
    mpfr_set_d(tau, 0.37, RND);
    ordpar_radau_interpolate(&r, tau, l);
    for (unsigned long n = 1; n <= STAGES; n++) {
        for (size_t j = 0; j < STAGES; j++)
            mpfr_pow_ui(x[j], r.node[j + 1], n, RND);
        for (size_t i = 0; i <= STAGES; i++) { /* row STAGES: the interpolation */
            mpfr_set_zero(sum, 1);
            for (size_t j = 0; j < STAGES; j++) {
                mpfr_mul(expected, i < STAGES ? r.D[i * STAGES + j] : l[j], x[j], RND);
                mpfr_add(sum, sum, expected, RND);
            }
            mpfr_pow_ui(expected, i < STAGES ? r.node[i + 1] : tau, i < STAGES ? n - 1 : n, RND);
            mpfr_mul_ui(expected, expected, i < STAGES ? n : 1, RND);
            mpfr_sub(sum, sum, expected, RND);
            cr_expect_lt(mpfr_get_d(sum, RND) * copysign(1, mpfr_get_d(sum, RND)), 1e-55,
                         "x^%lu, row %zu", n, i);
        }
    }
    for (size_t j = 0; j < STAGES; j++)
        mpfr_clears(x[j], l[j], (mpfr_ptr)NULL);
    mpfr_clears(sum, expected, tau, (mpfr_ptr)NULL);
    ordpar_radau_clear(&r);
}

/* Nodes 1/3 and 1. */
Test(implicit, two_stages_by_hand) {
    ordpar_radau r;
    ordpar_error err;
    check_ok(ordpar_radau_init(2, BITS, &r, &err), &err);
    const double expected[] = {1.5, 0.5, -4.5, 2.5};
    CHECK_CLOSE(mpfr_get_d(r.node[1], RND), 1. / 3, TOL_EXACT, 1, "first node");
    for (size_t k = 0; k < 4; k++)
        CHECK_CLOSE(mpfr_get_d(r.D[k], RND), expected[k], TOL_EXACT, 1, "D, entry %zu", k);
    ordpar_radau_clear(&r);
}

Test(implicit, erf_has_the_digits_of_taylor_series) {
    static const char *const v[] = {"0.7", "-0.4", "0.9"}, *const w[] = {"1.1"};
    const ordpar_mp_grid grid = {"0", "4", 3, false, NULL};
    ordpar_mp_model model = base_model(3);
    check_same("mean start", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_BLOCKS, 20);
    model.trained_blocks = 2;
    check_same("frozen block", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_BLOCKS, 20);
    model.K = 3;
    model.M = 1;
    model.v = v;
    model.w = w;
    model.label_noise = "0.25";
    check_same("K = 3, M = 1, noise", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_BLOCKS, 20);
    model = base_model(1);
    model.small_eta = true;
    check_same("L = 1, small eta", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_BLOCKS, 20);
}

/* With eigenvalues that are equal, and that are 0. */
Test(implicit, linear_has_the_digits_of_exponentials) {
    static const char *const lambda[] = {"2.5", "0.5", "0.5", "0"};
    const ordpar_mp_grid grid = {"0.01", "50", 4, true, NULL};
    ordpar_mp_model model = base_model(4);
    model.linear = true;
    model.M = 3;
    model.label_noise = "0.25";
    check_same("power law", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_EXPONENTIAL, 20);
    model.spectrum.lambda = lambda;
    check_same("given eigenvalues", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_EXPONENTIAL, 20);
    model.trained_blocks = 1;
    check_same("one block trained", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_EXPONENTIAL, 20);
    model.trained_blocks = 0;
    check_same("nothing trained", &model, &grid, ORDPAR_MP_IMPLICIT, ORDPAR_MP_EXPONENTIAL, 20);
}

/* 64 eigenvalues over 3.6 decades: Taylor series resolve the fastest, in thousands of steps. */
Test(implicit, steps_have_the_length_of_what_still_moves) {
    const ordpar_mp_grid grid = {"10", "1000", 2, true, NULL};
    ordpar_mp_model model = base_model(64);
    model.linear = true;
    const ordpar_mp_options options = {.digits = 8};
    ordpar_mp_result implicit, exact;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&model, &grid, ORDPAR_MP_IMPLICIT, &options, &implicit, &err), &err);
    check_ok(ordpar_mp_curve(&model, &grid, ORDPAR_MP_EXPONENTIAL, &options, &exact, &err), &err);
    for (size_t k = 0; k < exact.count; k++)
        cr_expect_str_eq(ordpar_mp_text(&implicit, k), ordpar_mp_text(&exact, k), "%s and %s",
                         ordpar_mp_text(&implicit, k), ordpar_mp_text(&exact, k));
    cr_expect(implicit.steps < 100, "%ld steps", implicit.steps);
    ordpar_mp_result_clear(&implicit);
    ordpar_mp_result_clear(&exact);
}
