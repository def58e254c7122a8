// SPDX-License-Identifier: GPL-3.0-or-later
/* Deep in the exponential phase, where double precision has no digit left. */
#include "precision/mp_closed_form.h"
#include "precision/mp_curve.h"
#include "precision/real.h"
#include "support.h"

#include <math.h>

static ordpar_mp_model near_teacher(size_t M) {
    return (ordpar_mp_model){.spectrum = {.L = 1, .N = 64, .beta = "1"},
                             .trained_blocks = 1,
                             .near_teacher = true,
                             .K = M,
                             .M = M,
                             .eta = "1",
                             .sigma_J = "0.01",
                             .label_noise = "0"};
}

/* log of eps_g(stop)/eps_g(start), over stop - start */
static double measured_rate(const ordpar_mp_model *model, const char *start, const char *stop,
                            double *log10_last) {
    const ordpar_mp_grid grid = {start, stop, 2, false, NULL};
    const ordpar_mp_options options = {.digits = 15};
    ordpar_mp_result result;
    ordpar_error err;
    check_ok(ordpar_mp_curve(model, &grid, ORDPAR_MP_MOMENTS, &options, &result, &err), &err);
    mpfr_t first, last, length;
    mpfr_inits2(128, first, last, length, (mpfr_ptr)NULL);
    ordpar_real_parse(ordpar_mp_text(&result, 1), first);
    ordpar_real_parse(ordpar_mp_text(&result, 3), last);
    *log10_last = ordpar_real_log10(last);
    mpfr_div(first, last, first, RND);
    mpfr_log(first, first, RND);
    ordpar_real_parse(stop, length);
    ordpar_real_parse(start, last);
    mpfr_sub(length, length, last, RND);
    mpfr_div(first, first, length, RND);
    const double rate = mpfr_get_d(first, RND);
    mpfr_clears(first, last, length, (mpfr_ptr)NULL);
    ordpar_mp_result_clear(&result);
    return rate;
}

/* K = M = 1, all orders in eta, where W_i . W_j decays slowest: -2 eta c (1 - eta/eta_c) [7.7],
 * c = 2/(pi sqrt 3), eta_c = pi sqrt(5/3). */
Test(deep, rate_at_1e_minus_100, NUMBERS_ALONE) {
    ordpar_mp_model model = near_teacher(1);
    model.eta = "3.2";
    const double pi = acos(-1), c = 2 / (pi * sqrt(3)), eta_c = pi * sqrt(5. / 3);
    const double expected = -2 * 3.2 * c * (1 - 3.2 / eta_c);
    double depth;
    const double rate = measured_rate(&model, "450", "455", &depth);
    cr_expect_lt(depth, -100, "eps_g reached 1e%.1f", depth);
    CHECK_CLOSE(rate, expected, TOL_SUM, fabs(expected), "K = M = 1 at 1e%.0f", depth);
}

/* At a small eta the overlap W . B is the slowest: it relaxes at the rate eta c/3 and enters
 * squared. */
Test(deep, rate_of_the_overlap_with_the_teacher) {
    const ordpar_mp_model model = near_teacher(1);
    const double pi = acos(-1), expected = -4 / (3 * pi * sqrt(3));
    double depth;
    const double rate = measured_rate(&model, "190", "195", &depth);
    cr_expect_lt(depth, -18, "eps_g reached 1e%.1f", depth);
    CHECK_CLOSE(rate, expected, TOL_SUM, fabs(expected), "K = M = 1 at 1e%.0f", depth);
}

/* The closed form is linear in W: at sigma_W = 1e-50 it is exact to 1e-90. */
Test(deep, the_curve_of_two_units_is_the_closed_form) {
    ordpar_mp_model model = near_teacher(2);
    model.spectrum.L = model.trained_blocks = 2;
    model.small_eta = true;
    model.sigma_J = "1e-50";
    const ordpar_mp_grid grid = {"0", "20", 3, false, NULL};
    const ordpar_mp_options options = {.digits = 25};
    ordpar_mp_result curve, closed;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&model, &grid, ORDPAR_MP_BLOCKS, &options, &curve, &err), &err);
    check_ok(ordpar_mp_closed_form(ORDPAR_MP_ASYMPTOTIC, &model, &grid, &options, &closed, &err),
             &err);
    for (size_t k = 0; k < curve.count; k++)
        cr_expect_str_eq(ordpar_mp_text(&curve, k), ordpar_mp_text(&closed, k), "%s and %s",
                         ordpar_mp_text(&curve, k), ordpar_mp_text(&closed, k));
    cr_expect(atof(ordpar_mp_text(&closed, 5)) < 1e-100, "eps_g only %s",
              ordpar_mp_text(&closed, 5));
    ordpar_mp_result_clear(&curve);
    ordpar_mp_result_clear(&closed);
}
