// SPDX-License-Identifier: GPL-3.0-or-later
/* Closed forms against references found by other routes, and at two precisions. */
#include "base/csv.h"
#include "precision/mp_closed_form.h"
#include "precision/mp_curve.h"
#include "precision/real.h"
#include "spectra/forms/erf_plateau.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ordpar_mp_model base_model(size_t L) {
    return (ordpar_mp_model){.spectrum = {.L = L, .N = 4 * (int64_t)L, .beta = "0.7"},
                             .trained_blocks = L,
                             .linear = true,
                             .K = 2,
                             .M = 3,
                             .eta = "0.9",
                             .sigma_J = "0.2",
                             .label_noise = "0.3"};
}

/* Significant digits of a number as text. */
static long count_digits(const char *text) {
    long count = 0;
    for (; *text && *text != 'e'; text++)
        count += *text >= '0' && *text <= '9';
    return count;
}

enum { FORM, EIGENVALUES, BETA, K_, M_, ETA, SIGMA_J, NOISE, TRAINED, ALPHA, QUANTITY, VALUE };

/* The column of a quantity. */
static size_t column_of(const char *columns, const char *quantity) {
    size_t column = 0;
    const char *at = strstr(columns, quantity);
    cr_assert(at, "no column %s in %s", quantity, columns);
    for (; columns < at; columns++)
        column += *columns == ',';
    return column;
}

static ordpar_status check_row(const ordpar_csv_row *row, void *context, ordpar_error *err) {
    const char *const *f = row->fields;
    int *rows = context;
    ordpar_mp_closed_form_id id;
    const ordpar_mp_closed_form_entry *entry = ordpar_mp_closed_form_find(f[FORM], &id);
    cr_assert(entry, "no closed form %s", f[FORM]);
    ordpar_mp_model model = base_model((size_t)atoi(f[EIGENVALUES]));
    model.spectrum.beta = f[BETA];
    model.linear = id <= ORDPAR_MP_FEATURES;
    model.K = (size_t)atoi(f[K_]);
    model.M = (size_t)atoi(f[M_]);
    model.eta = f[ETA];
    model.sigma_J = f[SIGMA_J];
    model.label_noise = f[NOISE];
    model.trained_blocks = (size_t)atoi(f[TRAINED]);
    model.small_eta = id == ORDPAR_MP_FEATURES;
    const ordpar_mp_grid grid = {f[ALPHA], f[ALPHA], 1, false, NULL};
    const ordpar_mp_options options = {.digits = count_digits(f[VALUE])};
    ordpar_mp_result result;
    const ordpar_status status = ordpar_mp_closed_form(id, &model, &grid, &options, &result, err);
    if (status)
        return status;
    mpfr_t expected;
    mpfr_init2(expected, ordpar_bits_for_digits(options.digits + 20));
    char *text = malloc(ordpar_real_width(options.digits));
    cr_assert(ordpar_real_parse(f[VALUE], expected));
    ordpar_real_format(expected, options.digits, text);
    const char *actual = ordpar_mp_text(&result, column_of(entry->columns, f[QUANTITY]));
    cr_expect_str_eq(actual, text, "%s, line %zu, %s at alpha = %s:\n%s, expected\n%s", f[FORM],
                     row->line, f[QUANTITY], f[ALPHA], actual, text);
    free(text);
    mpfr_clear(expected);
    ordpar_mp_result_clear(&result);
    ++*rows;
    return ORDPAR_OK;
}

Test(closed_form, every_digit_of_the_references) {
    ordpar_error err;
    int rows = 0;
    check_ok(ordpar_csv_read(TEST_REFERENCE_DIR "/mp_closed_forms.csv", NULL, 12, check_row, &rows,
                             &err),
             &err);
    cr_expect_eq(rows, 34, "%d rows", rows);
    mpfr_free_cache();
}

/* All forms on models that they take: few digits are the rounded many digits. */
Test(closed_form, few_digits_are_rounded_many_digits) {
    const ordpar_mp_grid grid = {"0.01", "1000", 4, true, NULL};
    for (int k = 0; k < ORDPAR_MP_CLOSED_FORMS; k++) {
        const ordpar_mp_closed_form_id id = (ordpar_mp_closed_form_id)k;
        ordpar_mp_model model = base_model(5);
        model.linear = id <= ORDPAR_MP_FEATURES;
        model.K = model.M;
        ordpar_mp_result few, many;
        ordpar_error err;
        const ordpar_mp_options short_options = {.digits = 17}, long_options = {.digits = 120};
        check_ok(ordpar_mp_closed_form(id, &model, &grid, &short_options, &few, &err), &err);
        check_ok(ordpar_mp_closed_form(id, &model, &grid, &long_options, &many, &err), &err);
        cr_assert_eq(few.count, many.count);
        for (size_t n = 0; n < few.count; n++) {
            mpfr_t value;
            char text[64];
            mpfr_init2(value, 500);
            cr_assert(ordpar_real_parse(ordpar_mp_text(&many, n), value));
            ordpar_real_format(value, 17, text);
            cr_expect_str_eq(ordpar_mp_text(&few, n), text, "form %d, number %zu: %s and %s", k, n,
                             ordpar_mp_text(&few, n), text);
            mpfr_clear(value);
        }
        cr_expect_lt(many.log10_bound, -121);
        ordpar_mp_result_clear(&few);
        ordpar_mp_result_clear(&many);
    }
    mpfr_free_cache();
}

/* Eigenvalues as text, repeated and zero ones among them: as one block less, the zero one gone. */
Test(closed_form, equal_eigenvalues_are_one) {
    const char *const lambda[] = {"2.5", "1.2", "1.2", "0.3", "0"}, *const merged[] = {"2.5", "1.2",
                                                                                       "0.3", "0"};
    const int64_t n[] = {2, 3, 1, 4, 2}, n_merged[] = {2, 4, 4, 2};
    const ordpar_mp_grid grid = {"0", "30", 5, false, NULL};
    const ordpar_mp_options options = {.digits = 40};
    ordpar_mp_model a = base_model(5), b = base_model(4);
    a.spectrum = (ordpar_mp_spectrum){.L = 5, .n = n, .N = 12, .lambda = lambda};
    b.spectrum = (ordpar_mp_spectrum){.L = 4, .n = n_merged, .N = 12, .lambda = merged};
    ordpar_mp_result first, second, moments;
    ordpar_error err;
    check_ok(ordpar_mp_curve(&a, &grid, ORDPAR_MP_EXPONENTIAL, &options, &first, &err), &err);
    check_ok(ordpar_mp_curve(&b, &grid, ORDPAR_MP_EXPONENTIAL, &options, &second, &err), &err);
    check_ok(ordpar_mp_curve(&a, &grid, ORDPAR_MP_MOMENTS, &options, &moments, &err), &err);
    for (size_t k = 0; k < first.count; k++) {
        cr_expect_str_eq(ordpar_mp_text(&first, k), ordpar_mp_text(&second, k));
        cr_expect_str_eq(ordpar_mp_text(&first, k), ordpar_mp_text(&moments, k));
    }
    ordpar_mp_result_clear(&first);
    ordpar_mp_result_clear(&second);
    ordpar_mp_result_clear(&moments);
}

static void expect_refused(ordpar_mp_closed_form_id id, const ordpar_mp_model *model,
                           const char *message) {
    const ordpar_mp_grid grid = {"1", "2", 2, false, NULL};
    const ordpar_mp_options options = {.digits = 20};
    ordpar_mp_result result;
    ordpar_error err = {"no error"};
    cr_expect_eq(ordpar_mp_closed_form(id, model, &grid, &options, &result, &err), ORDPAR_INVALID);
    cr_expect(strstr(err.message, message), "'%s' not in: %s", message, err.message);
}

Test(closed_form, refuses_models_that_it_is_not_for) {
    ordpar_mp_model linear = base_model(4), erf = linear;
    erf.linear = false;
    expect_refused(ORDPAR_MP_PLATEAU, &linear, "closed form for erf networks");
    expect_refused(ORDPAR_MP_LINEAR_EXACT, &erf, "closed form for linear networks");
    expect_refused(ORDPAR_MP_ASYMPTOTIC, &erf, "needs K = M, got K = 2, M = 3");
    expect_refused(ORDPAR_MP_CRITICAL_ETA, &erf, "needs K = M, got K = 2, M = 3");
    const char *const v[] = {"0.5", "0.6"};
    erf.v = v;
    expect_refused(ORDPAR_MP_PLATEAU, &erf, "all equal");
    erf.v = NULL;
    erf.K = 1;
    expect_refused(ORDPAR_MP_ESCAPE, &erf, "can specialise, got K = 1");
    erf.K = 2;
    erf.trained_blocks = 3;
    expect_refused(ORDPAR_MP_PLATEAU, &erf, "needs all 4 blocks trained, got 3");
    linear.trained_blocks = 3;
    expect_refused(ORDPAR_MP_LINEAR_CONTINUUM, &linear, "needs all 4 blocks trained, got 3");
    linear.trained_blocks = 4;
    linear.spectrum.N = INT64_C(400000000000000);
    expect_refused(ORDPAR_MP_LINEAR_FINITE_N, &linear, "takes 3.2e+15 steps");
    linear = base_model(4);
    linear.eta = "0";
    expect_refused(ORDPAR_MP_LINEAR_EXACT, &linear, "eta must be a number > 0, got '0'");
    linear.eta = "0.1x";
    expect_refused(ORDPAR_MP_LINEAR_EXACT, &linear, "got '0.1x'");
    linear = base_model(3);
    const char *const rising[] = {"1", "0.5", "0.6"};
    linear.spectrum.lambda = rising;
    expect_refused(ORDPAR_MP_LINEAR_EXACT, &linear, "must decrease, got 0.6 after 0.5");
    linear = base_model(4);
    linear.spectrum.N = 9;
    expect_refused(ORDPAR_MP_LINEAR_EXACT, &linear, "L must divide N");
}

Test(closed_form, refuses_grids_and_digits) {
    const ordpar_mp_model model = base_model(4);
    ordpar_mp_result result;
    ordpar_error err;
    const ordpar_mp_grid falling = {"2", "1", 2, false, NULL},
                         from_zero = {"0", "1", 2, true, NULL}, good = {"1", "1", 1, false, NULL};
    const ordpar_mp_options options = {.digits = 20}, none = {.digits = 0},
                            many = {.digits = ORDPAR_MP_MAX_DIGITS + 1};
    cr_expect_eq(
        ordpar_mp_closed_form(ORDPAR_MP_LINEAR_EXACT, &model, &falling, &options, &result, &err),
        ORDPAR_INVALID);
    cr_expect_eq(
        ordpar_mp_closed_form(ORDPAR_MP_LINEAR_EXACT, &model, &from_zero, &options, &result, &err),
        ORDPAR_INVALID);
    cr_expect_eq(ordpar_mp_closed_form(ORDPAR_MP_LINEAR_EXACT, &model, &good, &none, &result, &err),
                 ORDPAR_INVALID);
    cr_expect_eq(ordpar_mp_closed_form(ORDPAR_MP_LINEAR_EXACT, &model, &good, &many, &result, &err),
                 ORDPAR_INVALID);
}

Test(closed_form, stops_when_asked) {
    const volatile sig_atomic_t stop = 1;
    const ordpar_mp_model model = base_model(4);
    const ordpar_mp_grid grid = {"1", "2", 2, false, NULL};
    const ordpar_mp_options options = {.digits = 20, .stop = &stop};
    const ordpar_mp_closed_form_id forms[] = {ORDPAR_MP_LINEAR_EXACT, ORDPAR_MP_LINEAR_SMALL_ETA,
                                              ORDPAR_MP_LINEAR_FINITE_N,
                                              ORDPAR_MP_LINEAR_CONTINUUM};
    for (size_t k = 0; k < 4; k++) {
        ordpar_mp_result result;
        ordpar_error err;
        cr_expect_eq(ordpar_mp_closed_form(forms[k], &model, &grid, &options, &result, &err),
                     ORDPAR_INTERRUPTED);
    }
}

/* The two homes of the plateau [7.1], down to where its height leaves the doubles. */
Test(closed_form, plateau_agrees_with_double_at_any_trace) {
    static const char *const traces[] = {"1e-100", "1e-60", "1e-12", "1e-6", "1e-3", "0.3",
                                         "1",      "2.5",   "40",    "1e6",  "1e15"};
    for (size_t k = 0; k < sizeof traces / sizeof *traces; k++)
        for (size_t M = 2; M < 5; M++) {
            const int64_t n = 8;
            ordpar_mp_model model = base_model(1);
            model.spectrum = (ordpar_mp_spectrum){.L = 1, .n = &n, .N = 8, .lambda = &traces[k]};
            model.linear = false;
            model.K = model.M = M;
            ordpar_mp_result result;
            ordpar_error err;
            const ordpar_mp_options options = {.digits = 25};
            check_ok(
                ordpar_mp_closed_form(ORDPAR_MP_PLATEAU, &model, NULL, &options, &result, &err),
                &err);
            const ordpar_erf_plateau at =
                ordpar_erf_plateau_at(M, 1 / sqrt((double)M), strtod(traces[k], NULL));
            const double expected[] = {at.Q, at.R, at.eps_g};
            for (size_t c = 0; c < 3; c++) {
                const double value = strtod(ordpar_mp_text(&result, c), NULL);
                CHECK_CLOSE(expected[c], value, TOL_TIGHT, value, "T = %s, M = %zu, column %zu",
                            traces[k], M, c);
            }
            ordpar_mp_result_clear(&result);
        }
}
