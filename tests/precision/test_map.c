// SPDX-License-Identifier: GPL-3.0-or-later
/* What the closure of the hierarchy costs, and that double precision cannot pay it. */
#include "precision/mp_curve.h"
#include "precision/mp_map.h"
#include "support.h"

#include <math.h>

static ordpar_mp_model linear_model(size_t L, const char *beta) {
    return (ordpar_mp_model){.spectrum = {.L = L, .N = (int64_t)L, .beta = beta},
                             .trained_blocks = L,
                             .linear = true,
                             .K = 1,
                             .M = 1,
                             .eta = "0.1",
                             .sigma_J = "0.1",
                             .label_noise = "0"};
}

Test(map, condition_numbers_of_the_power_law) {
    static const size_t L[] = {4, 8, 12, 16, 20, 24, 32};
    static const double half[] = {3.0, 9.7, 18.0, 27.1, 36.8, 47.1, 68.9},
                        one[] = {3.1, 10.9, 20.6, 31.4, 43.1, 55.5, 82.0};
    for (size_t k = 0; k < 7; k++) {
        double condition;
        ordpar_error err;
        ordpar_mp_model model = linear_model(L[k], "0.5");
        check_ok(ordpar_mp_closure_condition(&model.spectrum, &condition, &err), &err);
        CHECK_CLOSE(condition, half[k], 0.051, 1, "L = %zu, beta = 0.5", L[k]);
        model = linear_model(L[k], "1");
        check_ok(ordpar_mp_closure_condition(&model.spectrum, &condition, &err), &err);
        CHECK_CLOSE(condition, one[k], 0.051, 1, "L = %zu, beta = 1", L[k]);
    }
}

/* V = [1 1; 2 1]: ||V|| = 3, V^-1 = [-1 1; 2 -1]: 3 */
Test(map, condition_number_by_hand) {
    const char *const lambda[] = {"2", "1"};
    const ordpar_mp_spectrum spectrum = {.L = 2, .N = 2, .lambda = lambda};
    double condition;
    ordpar_error err;
    check_ok(ordpar_mp_closure_condition(&spectrum, &condition, &err), &err);
    CHECK_CLOSE(condition, log10(9), TOL_TIGHT, 1, "eigenvalues 2, 1");
    /* rows 1, 1 and 1/2, 1/4: the norm is that of order 0; inverse 4 (-1/4, 1; 1/2, -1) */
    const char *const small[] = {"0.5", "0.25"};
    const ordpar_mp_spectrum below_one = {.L = 2, .N = 2, .lambda = small};
    check_ok(ordpar_mp_closure_condition(&below_one, &condition, &err), &err);
    CHECK_CLOSE(condition, log10(2 * 6), TOL_TIGHT, 1, "eigenvalues 1/2, 1/4");
}

/* Largest relative error of eps_g in 53 bits over the grid. */
static double error_in_double(size_t L, ordpar_mp_representation representation) {
    const ordpar_mp_model model = linear_model(L, "1");
    const ordpar_mp_grid grid = {"0", "20", 11, false, NULL};
    const ordpar_mp_options options = {.digits = 20};
    double eps_g[11], largest = 0;
    ordpar_mp_result exact;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&model, &grid, ORDPAR_MP_EXPONENTIAL, &options, &exact, &err), &err);
    check_ok(ordpar_mp_curve_at(&model, &grid, representation, 53, &options, eps_g, &err), &err);
    for (size_t k = 0; k < 11; k++)
        largest = fmax(largest,
                       fabs(ordpar_mp_relative_error(eps_g[k], ordpar_mp_text(&exact, 2 * k + 1))));
    ordpar_mp_result_clear(&exact);
    return largest;
}

Test(map, the_hierarchy_fails_in_double_where_blocks_hold) {
    cr_expect_lt(error_in_double(4, ORDPAR_MP_MOMENTS), 1e-13);
    const double at_8 = error_in_double(8, ORDPAR_MP_MOMENTS);
    cr_expect(at_8 > 1e-13 && at_8 < 1e-8, "L = 8: %g", at_8);
    for (size_t L = 20; L <= 32; L += 4) {
        const double moments = error_in_double(L, ORDPAR_MP_MOMENTS),
                     blocks = error_in_double(L, ORDPAR_MP_BLOCKS);
        cr_expect_gt(moments, 0.1, "L = %zu: moments have digits: %g", L, moments);
        cr_expect_lt(blocks, 1e-12, "L = %zu: blocks lost digits: %g", L, blocks);
    }
}

/* The double path itself, on the same start. */
Test(map, the_double_path_holds_at_L_24) {
    double alpha[3] = {0, 10, 20}, eps_g[3], moments[3];
    test_model m = make_model(1, 1, 1024 * 24, 24, 1, 0.1, 0.1, "linear", 3);
    ordpar_mp_model model = linear_model(24, "1");
    model.q = m.start.q;
    model.r = m.start.r;
    model.t = m.start.t;
    const ordpar_mp_grid grid = {"0", "20", 3, false, NULL};
    const ordpar_mp_options options = {.digits = 20};
    ordpar_mp_result exact;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&model, &grid, ORDPAR_MP_EXPONENTIAL, &options, &exact, &err), &err);
    check_ok(ordpar_mp_curve_at(&model, &grid, ORDPAR_MP_MOMENTS, 53, &options, moments, &err),
             &err);
    integrate_curve(&m, alpha, 3, 1e-10, eps_g);
    cr_expect_lt(fabs(ordpar_mp_relative_error(eps_g[2], ordpar_mp_text(&exact, 5))), 1e-9);
    cr_expect_gt(fabs(ordpar_mp_relative_error(moments[2], ordpar_mp_text(&exact, 5))), 1);
    ordpar_mp_result_clear(&exact);
    clear_model(&m);
}

Test(map, rows_are_consistent) {
    const ordpar_mp_grid grid = {"0", "20", 5, false, NULL};
    const ordpar_mp_options options = {.digits = 30};
    double lost = 0;
    for (size_t L = 4; L <= 16; L += 4) {
        const ordpar_mp_model model = linear_model(L, "1");
        ordpar_mp_map_row row;
        ordpar_error err;
        check_ok(ordpar_mp_map(&model, &grid, &options, &row, &err), &err);
        cr_expect_gt(row.digits_lost, lost, "L = %zu: %g", L, row.digits_lost);
        cr_expect_lt(row.digits_lost, row.log10_condition, "L = %zu: %g", L, row.digits_lost);
        cr_expect_gt(row.bits, (long)(3.3219 * (30 + row.digits_lost)));
        lost = row.digits_lost;
    }
}

Test(map, is_for_linear_models) {
    const ordpar_mp_grid grid = {"0", "20", 5, false, NULL};
    const ordpar_mp_options options = {.digits = 30};
    ordpar_mp_model model = linear_model(4, "1");
    model.linear = false;
    ordpar_mp_map_row row;
    ordpar_error err;
    cr_expect_eq(ordpar_mp_map(&model, &grid, &options, &row, &err), ORDPAR_INVALID);
}
