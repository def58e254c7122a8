// SPDX-License-Identifier: GPL-3.0-or-later
/* Taylor series on a tape against the functions themselves; tabulated exponentials; reals. */
#include "precision/exp_table.h"
#include "precision/real.h"
#include "precision/tape.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum { BITS = 256, ORDER = 40 };

/* |a - b| <= 2^-bits |b| */
static void check_near(const mpfr_t a, const mpfr_t b, double bits, const char *what) {
    mpfr_t difference;
    mpfr_init2(difference, mpfr_get_prec(b));
    mpfr_sub(difference, a, b, RND);
    const double error = ordpar_real_log10(difference) - ordpar_real_log10(b);
    mpfr_clear(difference);
    cr_assert(error <= -bits * log10(2), "%s: relative error 1e%.1f", what, error);
}

/* The series of node at h = 1/64 */
static void evaluate(const ordpar_tape *tape, ordpar_node node, mpfr_t value) {
    const mpfr_t *x = (const mpfr_t *)ordpar_tape_series(tape, node);
    mpfr_set_zero(value, 1);
    for (size_t n = ORDER + 1; n-- > 0;) {
        mpfr_div_2ui(value, value, 6, RND);
        mpfr_add(value, value, x[n], RND);
    }
}

typedef struct {
    ordpar_tape tape;
    mpfr_t constant;
    ordpar_node a, b, c, sum, difference, product, square, scaled, root, arc;
} recorded;

static void record(recorded *r) {
    ordpar_error err;
    ordpar_tape *t = &r->tape;
    ordpar_tape_init(ORDER, t);
    mpfr_init2(r->constant, BITS);
    mpfr_set_ui(r->constant, 1, RND);
    r->a = ordpar_tape_state(t);
    r->b = ordpar_tape_state(t);
    r->c = ordpar_tape_constant(t, r->constant);
    r->sum = ordpar_tape_add(t, r->a, r->b);
    r->difference = ordpar_tape_sub(t, r->a, r->b);
    r->product = ordpar_tape_mul(t, r->a, r->b);
    r->square = ordpar_tape_mul(t, r->a, r->a);
    r->scaled = ordpar_tape_mul(t, ordpar_tape_add(t, r->c, r->c), r->b);
    r->root = ordpar_tape_rsqrt(t, ordpar_tape_add(t, r->c, r->square));
    const ordpar_node rest = ordpar_tape_sub(t, r->c, r->square);
    r->arc = ordpar_tape_asin(t, r->a, ordpar_tape_rsqrt(t, rest));
    check_ok(ordpar_tape_allocate(t, BITS, &err), &err);
    for (size_t n = 0; n <= ORDER; n++) { /* bounded coefficients: terms fall as 64^-n */
        mpfr_set_d(ordpar_tape_series(t, r->a)[n], 0.4 * cos(3. * (double)n), RND);
        mpfr_set_d(ordpar_tape_series(t, r->b)[n], 0.5 + sin(2. * (double)n), RND);
    }
    for (size_t n = 0; n <= ORDER; n++)
        ordpar_tape_evaluate(t, n);
}

Test(series, every_operation_is_that_of_the_functions) {
    recorded r;
    record(&r);
    mpfr_t a, b, expected, actual;
    mpfr_inits2(BITS, a, b, expected, actual, (mpfr_ptr)NULL);
    evaluate(&r.tape, r.a, a);
    evaluate(&r.tape, r.b, b);
    const double bits = 225; /* of 64^-40 = 2^-240, times coefficients that grow a little */
    mpfr_add(expected, a, b, RND);
    evaluate(&r.tape, r.sum, actual);
    check_near(actual, expected, bits, "sum");
    mpfr_sub(expected, a, b, RND);
    evaluate(&r.tape, r.difference, actual);
    check_near(actual, expected, bits, "difference");
    mpfr_mul(expected, a, b, RND);
    evaluate(&r.tape, r.product, actual);
    check_near(actual, expected, bits, "product");
    mpfr_sqr(expected, a, RND);
    evaluate(&r.tape, r.square, actual);
    check_near(actual, expected, bits, "square");
    mpfr_add_ui(expected, expected, 1, RND);
    mpfr_rec_sqrt(expected, expected, RND);
    evaluate(&r.tape, r.root, actual);
    check_near(actual, expected, bits, "reciprocal root");
    mpfr_asin(expected, a, RND);
    evaluate(&r.tape, r.arc, actual);
    check_near(actual, expected, bits, "asin");
    mpfr_mul_ui(expected, b, 2, RND);
    evaluate(&r.tape, r.scaled, actual);
    check_near(actual, expected, bits, "constant factor");
    mpfr_clears(a, b, expected, actual, r.constant, (mpfr_ptr)NULL);
    ordpar_tape_clear(&r.tape);
    mpfr_free_cache();
}

Test(series, tabulated_exponentials_are_exponentials) {
    const mpfr_prec_t bits = 2000;
    const char *const x[] = {"0", "-1e-30", "-0.3", "-1", "-7.77", "-62.9", "-63.5", "-1e5", "2.5"};
    ordpar_exp_table table;
    ordpar_error err;
    check_ok(ordpar_exp_table_init(bits, 1000, &table, &err), &err);
    cr_assert(table.terms, "no table was made");
    mpfr_t value, expected;
    mpfr_inits2(bits, value, expected, (mpfr_ptr)NULL);
    for (size_t k = 0; k < sizeof x / sizeof *x; k++) {
        cr_assert(ordpar_real_parse(x[k], value));
        mpfr_exp(expected, value, RND);
        ordpar_exp_table_evaluate(&table, value, value);
        check_near(value, expected, (double)bits - 3, x[k]);
    }
    mpfr_clears(value, expected, (mpfr_ptr)NULL);
    ordpar_exp_table_clear(&table);
    mpfr_free_cache();
}

Test(real, text_must_be_one_finite_decimal) {
    mpfr_t value;
    mpfr_init2(value, 64);
    const char *const bad[] = {"",     "x",  "1x", "nan", "inf",
                               "0x10", "1e", "1 ", "--1", "1e9999999999999999999"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        cr_expect(!ordpar_real_parse(bad[k], value), "'%s' was taken", bad[k]);
    cr_expect(ordpar_real_parse("-1.5e-3", value));
    cr_expect_eq(mpfr_get_d(value, RND), -1.5e-3);
    mpfr_clear(value);
    mpfr_free_cache();
}

Test(real, text_has_so_many_digits) {
    mpfr_t value;
    char text[64];
    mpfr_init2(value, 200);
    cr_assert(ordpar_real_parse("0.1", value));
    ordpar_real_format(value, 30, text);
    cr_expect_str_eq(text, "1.00000000000000000000000000000e-01");
    ordpar_real_format(value, 1, text);
    cr_expect_str_eq(text, "1e-01");
    mpfr_clear(value);
    mpfr_free_cache();
}
