// SPDX-License-Identifier: GPL-3.0-or-later
/* Integration in arbitrary precision: references, both bases, and the double path's promise. */
#include "base/csv.h"
#include "curve_support.h"
#include "precision/mp_map.h"
#include "precision/real.h"
#include "precision/system.h"
#include "precision/taylor.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_mp_model named_model(const char *name) {
    static const char *const noisy_v[] = {"0.7", "0.4"}, *const noisy_w[] = {"1.1"},
                             *const small_v[] = {"0.9"}, *const small_w[] = {"0.5", "0.8"};
    if (strcmp(name, "isotropic") == 0)
        return base_model(1);
    ordpar_mp_model model = base_model(2);
    const bool small = strcmp(name, "small") == 0;
    model.eta = "0.3";
    model.sigma_J = "0.5";
    model.K = small ? 1 : 2;
    model.M = small ? 2 : 1;
    model.v = small ? small_v : noisy_v;
    model.w = small ? small_w : noisy_w;
    model.small_eta = small;
    model.label_noise = small ? "0" : "0.2";
    return model;
}

static ordpar_status check_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    int *rows = context;
    const ordpar_mp_model model = named_model(row->fields[0]);
    const ordpar_mp_grid grid = {row->fields[1], row->fields[1], 1, false, NULL};
    const ordpar_mp_options options = {.digits = 28};
    char expected[64];
    mpfr_t value;
    mpfr_init2(value, 200);
    cr_assert(ordpar_real_parse(row->fields[2], value));
    ordpar_real_format(value, 28, expected);
    mpfr_clear(value);
    for (int basis = ORDPAR_MP_MOMENTS; basis <= ORDPAR_MP_BLOCKS; basis++) {
        ordpar_mp_result result;
        const ordpar_status status =
            ordpar_mp_curve(&model, &grid, (ordpar_mp_representation)basis, &options, &result, err);
        if (status)
            return status;
        cr_expect_str_eq(ordpar_mp_text(&result, 1), expected, "%s at %s, basis %d: %s not %s",
                         row->fields[0], row->fields[1], basis, ordpar_mp_text(&result, 1),
                         expected);
        ordpar_mp_result_clear(&result);
    }
    ++*rows;
    return ORDPAR_OK;
}

Test(mp_curve, every_digit_of_the_references) {
    ordpar_error err;
    int rows = 0;
    check_ok(ordpar_csv_read(TEST_REFERENCE_DIR "/mp_curves.csv", NULL, 3, check_row, &rows, &err),
             &err);
    cr_expect_eq(rows, 9, "%d rows", rows);
    mpfr_free_cache();
}

/* The exact exponentials know nothing of moments, nor of steps. */
Test(mp_curve, linear_moments_blocks_and_exponentials_agree) {
    static const char *const v[] = {"0.7", "-0.4"}, *const w[] = {"1.1", "0.2", "0.3"};
    const ordpar_mp_grid grid = {"0.01", "50", 6, true, NULL};
    ordpar_mp_model model = base_model(6);
    model.linear = true;
    model.M = 3;
    model.v = v;
    model.w = w;
    model.label_noise = "0.25";
    check_same("representations", &model, &grid, ORDPAR_MP_EXPONENTIAL, ORDPAR_MP_MOMENTS, 25);
    check_same("representations", &model, &grid, ORDPAR_MP_EXPONENTIAL, ORDPAR_MP_BLOCKS, 25);
    model.small_eta = true;
    check_same("representations", &model, &grid, ORDPAR_MP_EXPONENTIAL, ORDPAR_MP_MOMENTS, 25);
    model.small_eta = false;
    model.trained_blocks = 3; /* the frozen ones act as noise */
    check_same("representations", &model, &grid, ORDPAR_MP_EXPONENTIAL, ORDPAR_MP_BLOCKS, 25);
    model.trained_blocks = 0;
    check_same("representations", &model, &grid, ORDPAR_MP_EXPONENTIAL, ORDPAR_MP_BLOCKS, 25);
}

/* A student so large that asin's argument is 1 to more digits than are asked for. */
Test(mp_curve, large_students_cost_digits_only) {
    const ordpar_mp_grid grid = {"0", "0.01", 2, false, NULL};
    ordpar_mp_model model = base_model(2);
    model.sigma_J = "1e30";
    check_same("representations", &model, &grid, ORDPAR_MP_MOMENTS, ORDPAR_MP_BLOCKS, 25);
}

Test(mp_curve, erf_moments_and_blocks_agree) {
    const ordpar_mp_grid grid = {"0", "1", 3, false, NULL};
    ordpar_mp_model model = base_model(4);
    model.K = 3;
    check_same("representations", &model, &grid, ORDPAR_MP_MOMENTS, ORDPAR_MP_BLOCKS, 25);
}

/* A dense grid, a grid of its last row alone, and a grid far beyond one step: the same numbers. */
Test(mp_curve, rows_do_not_depend_on_the_grid) {
    const ordpar_mp_model model = base_model(2);
    const ordpar_mp_options options = {.digits = 25};
    const ordpar_mp_grid dense = {"0", "4", 41, false, NULL}, last = {"4", "4", 1, false, NULL};
    ordpar_mp_result a, b;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&model, &dense, ORDPAR_MP_MOMENTS, &options, &a, &err), &err);
    check_ok(ordpar_mp_curve(&model, &last, ORDPAR_MP_MOMENTS, &options, &b, &err), &err);
    cr_expect_str_eq(ordpar_mp_text(&a, 81), ordpar_mp_text(&b, 1));
    cr_expect_str_eq(ordpar_mp_text(&a, 80), "4.000000000000000000000000e+00");
    ordpar_mp_result_clear(&a);
    ordpar_mp_result_clear(&b);
}

/* The double path keeps its promise on sampled starts: 10 rtol against the MPFR moments. */
static void check_promise(long L, double rtol, const char *stop) {
    enum { ROWS = 3 };
    const double last = atof(stop);
    double alpha[ROWS] = {0, last / 2, last}, eps_g[ROWS];
    test_model m = make_model(2, 2, 64 * L, L, 1, 0.5, 0.1, "erf", 5);
    const ordpar_mp_grid grid = {"0", stop, ROWS, false, NULL};
    const ordpar_mp_options options = {.digits = 13};
    ordpar_mp_model model = base_model((size_t)L);
    model.q = m.start.q;
    model.r = m.start.r;
    model.t = m.start.t;
    ordpar_mp_result exact;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&model, &grid, ORDPAR_MP_MOMENTS, &options, &exact, &err), &err);
    integrate_curve(&m, alpha, ROWS, rtol, eps_g);
    for (size_t k = 0; k < ROWS; k++) {
        const double error = ordpar_mp_relative_error(eps_g[k], ordpar_mp_text(&exact, 2 * k + 1));
        cr_expect_leq(fabs(error), 10 * rtol, "L = %ld, rtol %g, row %zu: error %g", L, rtol, k,
                      error);
    }
    ordpar_mp_result_clear(&exact);
    clear_model(&m);
}

Test(mp_curve, double_keeps_its_promise_L2) {
    check_promise(2, 1e-8, "2");
    check_promise(2, 1e-11, "2");
}
Test(mp_curve, double_keeps_its_promise_L4) {
    check_promise(4, 1e-8, "2");
}
Test(mp_curve, double_keeps_its_promise_L8) {
    check_promise(8, 1e-10, "2");
}
Test(mp_curve, double_keeps_its_promise_L16, NUMBERS_ALONE) {
    check_promise(16, 1e-8, "0.25");
}
Test(mp_curve, double_keeps_its_promise_L24, NUMBERS_ALONE) {
    check_promise(24, 1e-8, "0.1");
}

Test(mp_curve, refuses_what_a_representation_cannot_do) {
    const ordpar_mp_grid grid = {"0", "1", 2, false, NULL};
    const ordpar_mp_options options = {.digits = 20};
    ordpar_mp_model model = base_model(4);
    ordpar_mp_result result;
    ordpar_error err;
    cr_expect_eq(ordpar_mp_curve(&model, &grid, ORDPAR_MP_EXPONENTIAL, &options, &result, &err),
                 ORDPAR_INVALID);
    model.trained_blocks = 3;
    cr_expect_eq(ordpar_mp_curve(&model, &grid, ORDPAR_MP_MOMENTS, &options, &result, &err),
                 ORDPAR_INVALID);
    cr_expect(strstr(err.message, "all 4 blocks are trained, got 3"), "%s", err.message);
    const volatile sig_atomic_t stop = 1;
    const ordpar_mp_options stopped = {.digits = 20, .stop = &stop};
    cr_expect_eq(ordpar_mp_curve(&model, &grid, ORDPAR_MP_BLOCKS, &stopped, &result, &err),
                 ORDPAR_INTERRUPTED);
    double q[16] = {-5, -5, -5, -5}, r[16] = {0}; /* no covariance */
    model.K = model.M = 1;
    model.q = q;
    model.r = r;
    cr_expect_eq(ordpar_mp_curve(&model, &grid, ORDPAR_MP_BLOCKS, &options, &result, &err),
                 ORDPAR_NUMERICAL);
    cr_expect(strstr(err.message, "at alpha = 0"), "%s", err.message);
}

/* The estimate that memory is checked by, against what a system takes. */
Test(mp_curve, estimated_memory_is_what_is_allocated) {
    static const size_t cases[][4] = {/* K, M, L, small eta */
                                      {1, 1, 1, 0},
                                      {2, 2, 16, 0},
                                      {4, 3, 8, 0},
                                      {4, 4, 40, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_mp_model model = base_model(cases[k][2]);
        model.K = cases[k][0];
        model.M = cases[k][1];
        model.small_eta = cases[k][3];
        const long digits = 60;
        const mpfr_prec_t bits = ordpar_bits_for_digits(digits);
        ordpar_mp_problem problem;
        ordpar_mp_system s;
        ordpar_error err;
        check_ok(ordpar_mp_problem_init(&model, bits, &problem, &err), &err);
        check_ok(ordpar_mp_system_init(&problem, ORDPAR_MP_MOMENTS, ordpar_mp_taylor_order(digits),
                                       &s, &err),
                 &err);
        const double actual = ordpar_reals_bytes((double)s.tape.series.count, bits);
        const double estimate =
            ordpar_mp_curve_cost(&model, ORDPAR_MP_MOMENTS, (double)digits).bytes;
        cr_expect(estimate > 0.7 * actual && estimate < 2 * actual,
                  "K = %zu, M = %zu, L = %zu: estimated %g, actually %g", model.K, model.M,
                  model.spectrum.L, estimate, actual);
        ordpar_mp_system_clear(&s);
        ordpar_mp_problem_clear(&problem);
    }
    mpfr_free_cache();
}
