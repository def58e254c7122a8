// SPDX-License-Identifier: GPL-3.0-or-later
/* Deep in the exponential phase, where double precision has no digit left. */
#include "mp_closed_form.h"
#include "mp_curve.h"
#include "real.h"
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
    const ordpar_mp_grid grid = {start, stop, 2, false};
    const ordpar_mp_options options = {.digits = 20};
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

/* K = M = 1, all orders in eta: -2 eta c (1 - eta/eta_c), c = 2/(pi sqrt 3), eta_c = pi sqrt(5/3)
 */
Test(deep, rate_of_one_unit_at_1e_minus_100) {
    const ordpar_mp_model model = near_teacher(1);
    const double pi = acos(-1), expected = -4 / (pi * sqrt(3)) * (1 - sqrt(3. / 5) / pi);
    double depth;
    const double rate = measured_rate(&model, "395", "410", &depth);
    cr_expect_lt(depth, -100, "eps_g reached 1e%.1f", depth);
    CHECK_CLOSE(rate, expected, TOL_SUM, fabs(expected), "K = M = 1 at 1e%.0f", depth);
}

/* K = M = 2, small eta: -2 eta c_-, c_- = (2/(2 pi)) (1/sqrt 3 - 1/2), after c_+ has decayed */
Test(deep, rate_of_two_units_is_that_of_the_slow_mode) {
    ordpar_mp_model model = near_teacher(2);
    model.small_eta = true;
    model.eta = "5";
    const double pi = acos(-1), expected = -10 / pi * (1 / sqrt(3.) - 0.5);
    double depth;
    const double rate = measured_rate(&model, "250", "260", &depth);
    cr_expect_lt(depth, -25, "eps_g reached 1e%.1f", depth);
    CHECK_CLOSE(rate, expected, TOL_SUM, fabs(expected), "K = M = 2 at 1e%.0f", depth);
}
