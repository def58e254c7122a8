// SPDX-License-Identifier: GPL-3.0-or-later
#include "precision/mp_map.h"

#include "base/floating_point.h"
#include "precision/exponential.h"
#include "precision/mp_curve.h"
#include "precision/range.h"
#include "precision/real.h"
#include "precision/taylor.h"

#include <math.h>
#include <stdlib.h>

/* Working digits beyond the condition number, so that some are right; what a result needs to spare
 */
enum { AMPLE = 20, GUARD_DIGITS = 6, DOUBLE_BITS = 53 };

double ordpar_mp_relative_error(double x, const char *y) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    mpfr_t exact, difference;
    mpfr_inits2(256, exact, difference, (mpfr_ptr)NULL);
    double error = NAN;
    if (ordpar_real_parse(y, exact)) {
        mpfr_d_sub(difference, x, exact, RND);
        mpfr_div(difference, difference, exact, RND);
        error = mpfr_zero_p(exact) ? (x == 0 ? 0 : INFINITY) : mpfr_get_d(difference, RND);
    }
    mpfr_clears(exact, difference, (mpfr_ptr)NULL);
    return error;
}

/* Largest relative error of one run of the hierarchy with so many digits: its log10. */
static ordpar_status measure(const ordpar_mp_model *model, const ordpar_mp_grid *grid, long digits,
                             const ordpar_mp_options *options, double *log10_error,
                             ordpar_error *err) {
    const mpfr_prec_t bits = ordpar_bits_for_digits(digits);
    ordpar_reals values = {0};
    ordpar_mp_problem problem = {0};
    long steps;
    ordpar_status status = ordpar_reals_init(2 * grid->count, bits, &values, err);
    mpfr_t *exact = values.x, *moments = exact + grid->count;
    if (!status)
        status = ordpar_mp_problem_init(model, bits, &problem, err);
    if (!status)
        status = ordpar_mp_exponential(&problem, grid, options, exact, 1, err);
    if (!status)
        status = ordpar_mp_taylor(&problem, ORDPAR_MP_MOMENTS, grid, digits, options, moments, 1,
                                  &steps, err);
    double largest = -INFINITY;
    for (size_t k = 0; k < grid->count && !status; k++) {
        mpfr_sub(moments[k], moments[k], exact[k], RND);
        largest = fmax(largest, ordpar_real_log10(moments[k]) - ordpar_real_log10(exact[k]));
    }
    if (!status)
        *log10_error = largest;
    ordpar_mp_problem_clear(&problem);
    ordpar_reals_clear(&values);
    mpfr_free_cache();
    return status;
}

static ordpar_status double_error(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                                  const ordpar_mp_options *options, double *error,
                                  ordpar_error *err) {
    ordpar_mp_options few = *options;
    few.digits = 20;
    ordpar_mp_result exact = {0};
    double *eps_g = malloc(grid->count * sizeof *eps_g), largest = 0;
    ordpar_status status =
        eps_g ? ORDPAR_OK
              : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", grid->count);
    if (!status)
        status = ordpar_mp_curve(model, grid, ORDPAR_MP_EXPONENTIAL, &few, &exact, err);
    if (!status)
        status =
            ordpar_mp_curve_at(model, grid, ORDPAR_MP_MOMENTS, DOUBLE_BITS, options, eps_g, err);
    for (size_t k = 0; k < grid->count && !status; k++) {
        const double one = ordpar_mp_relative_error(eps_g[k], ordpar_mp_text(&exact, 2 * k + 1));
        largest = isfinite(one) ? fmax(largest, fabs(one)) : INFINITY;
    }
    if (!status)
        *error = largest;
    ordpar_mp_result_clear(&exact);
    free(eps_g);
    return status;
}

ordpar_status ordpar_mp_map(const ordpar_mp_model *model, const ordpar_mp_grid *grid,
                            const ordpar_mp_options *options, ordpar_mp_map_row *row,
                            ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ORDPAR_MP_RANGE;
    ordpar_mp_map_row made;
    double log10_error;
    ordpar_status status = ordpar_mp_options_check(options, err);
    if (!status) /* checks the model too */
        status = double_error(model, grid, options, &made.double_error, err);
    if (!status)
        status = ordpar_mp_closure_condition(&model->spectrum, &made.log10_condition, err);
    if (status)
        return status;
    const long ample = AMPLE + (long)ceil(made.log10_condition);
    if ((status = measure(model, grid, ample, options, &log10_error, err)))
        return status;
    made.digits_lost = fmax(0, (double)ample + log10_error);
    made.bits =
        (long)ordpar_bits_for_digits(options->digits + GUARD_DIGITS + (long)ceil(made.digits_lost));
    *row = made;
    return ORDPAR_OK;
}
