// SPDX-License-Identifier: GPL-3.0-or-later
/* Right digits by repetition. */
#include "precision/refine.h"
#include "support.h"

#include <math.h>
#include <string.h>

/* 1/3 with an error that leaves `lost` digits fewer than the working ones; or what goes wrong. */
typedef struct {
    long lost;
    const char *exact;    /* instead of 1/3 */
    bool noise;           /* no digit ever agrees */
    long fail_above;      /* working digits where it fails; 0: never */
    long numerical_below; /* working digits that it cannot do with */
    int runs;
} source;

static ordpar_status produce(void *context, long digits, mpfr_t *values, ordpar_error *err) {
    source *s = context;
    s->runs++;
    if (s->fail_above && digits > s->fail_above)
        return ordpar_fail(err, ORDPAR_INTERRUPTED, "stopped at %ld", digits);
    if (digits < s->numerical_below)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "no value at %ld digits", digits);
    mpfr_t error;
    mpfr_init2(error, 64);
    mpfr_set_si(error, s->lost - digits, RND);
    mpfr_exp10(error, error, RND);
    if (s->exact)
        ordpar_real_parse(s->exact, values[0]);
    else
        mpfr_set_ui(values[0], 1, RND), mpfr_div_ui(values[0], values[0], 3, RND);
    if (s->lost)
        mpfr_add(values[0], values[0], error, RND);
    if (s->noise)
        mpfr_set_si(values[0], digits, RND);
    mpfr_clear(error);
    return ORDPAR_OK;
}

static ordpar_status run(source *s, long digits, double guess, ordpar_mp_result *result,
                         ordpar_error *err) {
    const ordpar_mp_options options = {.digits = digits};
    return ordpar_mp_refine(produce, s, 1, guess, &options, result, err);
}

Test(refine, finds_the_digits_that_a_computation_loses) {
    for (long lost = 1; lost < 200; lost += 33) {
        ordpar_error err;
        ordpar_mp_result result;
        source s = {.lost = lost};
        check_ok(run(&s, 20, 0, &result, &err), &err);
        cr_expect_str_eq(ordpar_mp_text(&result, 0), "3.3333333333333333333e-01", "lost %ld: %s",
                         lost, ordpar_mp_text(&result, 0));
        cr_expect_lt(result.log10_bound, -21, "lost %ld: bound %g", lost, result.log10_bound);
        cr_expect_geq(result.working_digits, 21 + lost);
        ordpar_mp_result_clear(&result);
    }
}

Test(refine, two_runs_are_enough_with_a_good_guess) {
    ordpar_error err;
    ordpar_mp_result result;
    source s = {.lost = 31};
    check_ok(run(&s, 20, 31, &result, &err), &err);
    cr_expect_eq(s.runs, 2, "%d runs", s.runs);
    ordpar_mp_result_clear(&result);
}

Test(refine, tries_more_digits_where_rounding_leaves_a_domain) {
    ordpar_error err;
    ordpar_mp_result result;
    source s = {.lost = 1, .numerical_below = 150}, never = {.numerical_below = 100000};
    check_ok(run(&s, 20, 0, &result, &err), &err);
    cr_expect_str_eq(ordpar_mp_text(&result, 0), "3.3333333333333333333e-01");
    ordpar_mp_result_clear(&result);
    cr_expect_eq(run(&never, 20, 0, &result, &err), ORDPAR_NUMERICAL);
    cr_expect(strstr(err.message, "no value at"), "%s", err.message);
}

Test(refine, goes_on_until_rounding_is_certain) {
    ordpar_error err;
    ordpar_mp_result result; /* five digits: 1.00005 less a little, only seen at 40 digits */
    source s = {.lost = 1, .exact = "1.00004999999999999999999999999999999999"};
    check_ok(run(&s, 5, 0, &result, &err), &err);
    cr_expect_str_eq(ordpar_mp_text(&result, 0), "1.0000e+00", "%s", ordpar_mp_text(&result, 0));
    ordpar_mp_result_clear(&result);
}

Test(refine, exact_halves_and_zeros_end) {
    const char *const exact[] = {"0.25", "0", "1"};
    for (size_t k = 0; k < 3; k++) {
        ordpar_error err;
        ordpar_mp_result result;
        source s = {.exact = exact[k]};
        check_ok(run(&s, 1, 0, &result, &err), &err);
        cr_expect_eq(s.runs, 2);
        ordpar_mp_result_clear(&result);
    }
}

Test(refine, failures_leave_the_result_untouched) {
    const ordpar_mp_result before = {.count = 77};
    ordpar_mp_result result = before;
    ordpar_error err;
    source noise = {.noise = true};
    cr_expect_eq(run(&noise, 20, 0, &result, &err), ORDPAR_NUMERICAL);
    cr_expect(strstr(err.message, "working digits"), "%s", err.message);
    source first = {.fail_above = 1}, second = {.fail_above = 30};
    cr_expect_eq(run(&first, 20, 0, &result, &err), ORDPAR_INTERRUPTED);
    cr_expect_eq(run(&second, 20, 0, &result, &err), ORDPAR_INTERRUPTED);
    cr_expect_eq(memcmp(&result, &before, sizeof result), 0);
}
