// SPDX-License-Identifier: GPL-3.0-or-later
/* Models by the names of options: the same numbers as the rooms below, and every refusal. The
 * Python module's tests compare all of it with the command line. */
#include "data_support.h"
#include "model_support.h"
#include "spectra/forms/erf_plateau.h"
#include "spectra/forms/frontier.h"
#include "spectra/spectrum/spread.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Test(model, texts_are_those_given_or_the_defaults) {
    ordpar_error err;
    ordpar_model *model = make();
    cr_assert_str_eq(ordpar_model_text(model, "eta"), "0.1");
    set(model, "eta", 0.25);
    check_ok(ordpar_model_set_text(model, "K", "3e0", &err), &err);
    cr_assert_str_eq(ordpar_model_text(model, "eta"), "0.25");
    cr_assert_str_eq(ordpar_model_text(model, "student-units"), "3e0");
    cr_assert_str_eq(ordpar_model_text(model, "train-output"), "no");
    cr_assert_null(ordpar_model_text(model, "spectrum"));
    cr_assert_null(ordpar_model_text(model, "nothing"));
    ordpar_model_free(model);
}

Test(model, curve_is_that_of_the_solver) {
    const double alpha[3] = {0, 10, 30}, orders[1] = {1};
    double direct[3], named[3], moments[3 * 16], q[4 * 4], r[4 * 4], t[4 * 4];
    ordpar_error err;
    test_model m = make_model(2, 2, 64, 4, 1, 0.3, 0.01, "erf", 1);
    ordpar_network_clear(&m.network); /* the paper's output weights, no noise */
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_erf, 0.3, &m.network, &err), &err);
    ordpar_overlaps_clear(&m.start);
    check_ok(ordpar_overlaps_start(&m.spectrum, 2, 2, ORDPAR_INIT_SAMPLED, ORDPAR_TEACHER_SAMPLED,
                                   0.01, 5, 1, &m.start, &err),
             &err);
    integrate_curve(&m, alpha, 3, ORDPAR_DEFAULT_RTOL, direct);

    ordpar_model *model = make();
    set(model, "input-dim", 64);
    set(model, "eigenvalues", 4);
    set(model, "eta", 0.3);
    set(model, "seed", 5);
    check_ok(ordpar_model_curve(model, 3, alpha, named, 1, orders, moments, NULL, q, r, t, &err),
             &err);
    for (size_t k = 0; k < 3; k++)
        CHECK_CLOSE(named[k], direct[k], 0, 1, "row %zu", k);
    double c[16];
    check_ok(ordpar_overlaps_moment(&m.start, &m.spectrum, 1, c, &err), &err);
    for (size_t k = 0; k < 16; k++)
        CHECK_CLOSE(moments[2 * 16 + k], c[k], 0, 1, "moment %zu", k);
    cr_assert_eq(memcmp(r, m.start.r, sizeof r), 0);

    /* It goes on from its end, given as arrays, in whose place no seed has a meaning. */
    check_ok(ordpar_model_set_overlaps(model, 2, 2, 4, q, r, t, &err), &err);
    cr_assert_eq(
        ordpar_model_curve(model, 1, alpha, named, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
        ORDPAR_INVALID);
    cr_assert(strstr(err.message, "overlaps: it takes the place of seed"), "%s", err.message);
    check_ok(ordpar_model_set(model, "seed", 0, NULL, &err), &err);
    check_ok(
        ordpar_model_curve(model, 1, alpha, named, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
        &err);
    CHECK_CLOSE(named[0], direct[2], TOL_SUM, direct[2], "at the end");
    ordpar_model_free(model);
    clear_model(&m);
}

/* Output weights of 0 leave half the variance of the teacher's outputs, what is hidden adds to it.
 */
Test(model, overlaps_have_outputs_and_hidden_parts_beside_them) {
    const double one[4] = {1, 0, 0, 1}, none[4] = {0}, v[2] = {0, 0}, p[4] = {1, 0, 0, 2},
                 skew[4] = {1, 0.5, 0, 1}, bad[2] = {0, NAN}, alpha[1] = {0},
                 expected[3] = {1, 0.5, 1.25};
    double eps_g;
    ordpar_error err;
    ordpar_model *model = make(), *copy;
    set_text(model, "activation", "linear");
    set(model, "eigenvalues", 1);
    cr_assert_eq(ordpar_model_set_overlaps_beside(model, 1, v, p, &err), ORDPAR_INVALID);
    check_ok(ordpar_model_set_overlaps(model, 2, 2, 1, one, none, one, &err), &err);
    cr_assert_eq(ordpar_model_set_overlaps_beside(model, 1, bad, p, &err), ORDPAR_INVALID);
    cr_assert_str_eq(err.message, "overlaps: v[0][1][0] must be finite, got nan");
    cr_assert_eq(ordpar_model_set_overlaps_beside(model, 1, v, skew, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_overlaps_beside(model, 65, v, NULL, &err), ORDPAR_INVALID);
    for (size_t k = 0; k < 3; k++) {
        check_ok(
            ordpar_model_set_overlaps_beside(model, 1, k > 0 ? v : NULL, k > 1 ? p : NULL, &err),
            &err);
        check_ok(ordpar_model_copy(model, &copy, &err), &err);
        check_ok(
            ordpar_model_curve(copy, 1, alpha, &eps_g, 0, NULL, NULL, NULL, NULL, NULL, NULL, &err),
            &err);
        CHECK_CLOSE(eps_g, expected[k], TOL_EXACT, 1, "with %zu of them", k);
        ordpar_model_free(copy);
    }
    ordpar_model_free(model);
}

/* The setting runs: each start drawn and integrated one after the other, then sorted by hand. */
Test(model, curves_of_many_starts) {
    enum { RUNS = 5, ROWS = 2 };
    const double alpha[ROWS] = {0, 20};
    const uint64_t teacher = 9;
    double eps_g[RUNS][ROWS];
    ordpar_error err;
    test_model m = make_model(2, 2, 64, 4, 1, 0.3, 0.01, "erf", 1);
    ordpar_network_clear(&m.network); /* the paper's output weights, no noise */
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_erf, 0.3, &m.network, &err), &err);
    for (size_t r = 0; r < RUNS; r++) {
        ordpar_overlaps_clear(&m.start);
        check_ok(ordpar_overlaps_start_taught(&m.spectrum, 2, 2, ORDPAR_INIT_SAMPLED,
                                              ORDPAR_TEACHER_SAMPLED, 0.01, 5, r + 1, &teacher,
                                              &m.start, &err),
                 &err);
        integrate_curve(&m, alpha, ROWS, ORDPAR_DEFAULT_RTOL, eps_g[r]);
    }
    ordpar_model *model = make();
    set(model, "input-dim", 64);
    set(model, "eigenvalues", 4);
    set(model, "eta", 0.3);
    set(model, "seed", 5);
    set(model, "teacher-seed", (double)teacher);
    set(model, "runs", RUNS);
    check_ok(ordpar_model_set(model, "alpha", ROWS, alpha, &err), &err);
    ordpar_table *t, *end;
    check_ok(ordpar_model_curve_table(model, &t, &end, &err), &err);
    cr_assert_null(end);
    cr_assert_eq(ordpar_table_n_columns(t), 6);
    for (size_t k = 0; k < ROWS; k++) {
        const double *row = ordpar_table_values(t) + 6 * k;
        double mean = 0, square = 0, x[RUNS];
        for (size_t r = 0; r < RUNS; r++) {
            size_t at = r;
            mean += eps_g[r][k] / RUNS;
            for (; at > 0 && x[at - 1] > eps_g[r][k]; at--)
                x[at] = x[at - 1];
            x[at] = eps_g[r][k];
        }
        for (size_t r = 0; r < RUNS; r++)
            square += (x[r] - mean) * (x[r] - mean) / (RUNS - 1);
        /* of five values 5 % lie below 0.8 x[0] + 0.2 x[1] */
        const double expected[6] = {
            alpha[k], mean, sqrt(square), 0.8 * x[0] + 0.2 * x[1], x[2], 0.2 * x[3] + 0.8 * x[4]};
        for (size_t c = 0; c < 6; c++)
            CHECK_CLOSE(row[c], expected[c], TOL_SUM, mean, "row %zu, column %zu", k, c);
    }
    ordpar_table_free(t);
    ordpar_model_free(model);
    clear_model(&m);
}

Test(model, plateau_by_closed_form_and_fixed_point) {
    const double weights[2] = {M_SQRT1_2, M_SQRT1_2 * (1 + 1e-12)};
    double closed[3], fixed[3];
    ordpar_error err;
    ordpar_model *model = make();
    set(model, "small-eta", 1);
    check_ok(ordpar_model_closed_form(model, "plateau", 0, NULL, closed, &err), &err);
    const ordpar_erf_plateau at = ordpar_erf_plateau_at(2, M_SQRT1_2, 1);
    CHECK_CLOSE(closed[2], at.eps_g, TOL_TIGHT, at.eps_g, "closed form");
    /* Unequal weights, by very little, are solved for. */
    check_ok(ordpar_model_set(model, "teacher-output", 2, weights, &err), &err);
    check_ok(ordpar_model_closed_form(model, "plateau", 0, NULL, fixed, &err), &err);
    for (size_t k = 0; k < 3; k++)
        CHECK_CLOSE(fixed[k], closed[k], 1e-9, closed[k], "column %zu", k);
    ordpar_model_free(model);
}

Test(model, frontier_of_a_spread_spectrum) {
    enum { COUNT = 3, COLUMNS = 4 };
    const double compute[COUNT] = {1, 300, 1e5}, one[8] = {2, 2, 2, 2, 2, 2, 2, 2};
    double values[COUNT * COLUMNS], lambda[8], n[8];
    ordpar_frontier_point points[COUNT];
    ordpar_spectrum s;
    ordpar_error err;
    size_t L;
    check_ok(ordpar_spectrum_power_law(64, 4, 1, &s, &err), &err);
    check_ok(ordpar_spectrum_spread(&s, 0.2, 2, &err), &err);
    ordpar_model *model = make();
    set(model, "input-dim", 64);
    set(model, "eigenvalues", 4);
    set(model, "spread", 0.2);
    set(model, "spread-parts", 2);
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    cr_assert_eq(L, 8);
    check_ok(ordpar_model_spectrum(model, lambda, n, &err), &err);
    cr_assert_eq(memcmp(lambda, s.lambda, sizeof lambda), 0);
    /* K = M = 1 from J of variance 1: E[(J - B)^2] = 2 */
    set(model, "student-units", 1);
    set(model, "teacher-units", 1);
    set(model, "sigma-j", 1);
    set(model, "eta", 0.3);
    check_ok(ordpar_model_closed_form(model, "frontier", COUNT, compute, values, &err), &err);
    check_ok(ordpar_linear_frontier(&s, 0.3, one, compute, COUNT, points, &err), &err);
    for (size_t k = 0; k < COUNT; k++) {
        const double expected[COLUMNS] = {points[k].trained, points[k].alpha, points[k].eps_g,
                                          points[k].exponent};
        for (size_t c = 0; c < COLUMNS; c++)
            CHECK_CLOSE(values[k * COLUMNS + c], expected[c], TOL_EXACT, fabs(expected[c]),
                        "row %zu, column %zu", k, c);
    }
    cr_assert_str_eq(ordpar_model_closed_form_rows("frontier"), "compute");
    cr_assert_str_eq(ordpar_model_closed_form_rows("features"), "alpha");
    cr_assert_null(ordpar_model_closed_form_rows("plateau"));
    ordpar_model_free(model);
    ordpar_spectrum_clear(&s);
}

/* The mean start of a linear network: Taylor steps and the closed form have the same digits, which
 * begin with those of double precision; 0.1 is one tenth, as a double and as text. */
Test(model, digits_by_steps_and_closed_form) {
    enum { DIGITS = 25, ROWS = 3, WIDTH = 80 };
    char steps[ROWS][2][WIDTH], form[ROWS][2][WIDTH];
    double eps_g[ROWS];
    const double alpha[ROWS] = {0, 1, 2};
    ordpar_error err;
    ordpar_model *model = make();
    set(model, "digits", DIGITS);
    const size_t width = ordpar_model_width(model);
    cr_assert(width > DIGITS + 7 && width <= WIDTH, "%zu", width);
    char *text = (char *)steps, *other = (char *)form;
    set_text(model, "activation", "linear");
    set_text(model, "init", "mean");
    set_text(model, "teacher", "mean");
    set_text(model, "representation", "blocks");
    set_text(model, "student-output", "0.5,0.30000000000000000000000001");
    set_text(model, "spectrum", "/nonexistent");
    cr_assert_eq(ordpar_model_precision(model, "0", "2", ROWS, 0, text, &err), ORDPAR_IO);
    const double lambda[2] = {0.7, 1.9};
    const int64_t n[2] = {12, 4};
    check_ok(ordpar_model_set_spectrum(model, 2, lambda, n, &err), &err);
    set(model, "eta", 0.1);
    check_ok(ordpar_model_precision(model, "0", "2", ROWS, 0, text, &err), &err);
    set_text(model, "eta", "0.1");
    check_ok(ordpar_model_closed_form_digits(model, "linear-exact", "0", "2", ROWS, 0, other, &err),
             &err);
    check_ok(ordpar_model_closed_form(model, "linear-exact", ROWS, alpha, eps_g, &err), &err);
    for (size_t k = 0; k < 2 * ROWS; k++) {
        const char *here = text + k * width;
        cr_assert_str_eq(here, other + k * width, "number %zu", k);
        cr_assert_eq(strcspn(here, "e"), DIGITS + 1, "%s", here);
        const double value = k % 2 ? eps_g[k / 2] : alpha[k / 2];
        CHECK_CLOSE(strtod(here, NULL), value, TOL_SUM, value, "number %zu", k);
    }
    ordpar_model_free(model);
}

Test(model, digits_refusals) {
    char text[4096];
    ordpar_error err;
    ordpar_model *model = make();
    cr_assert_eq(ordpar_model_set_text(model, "eta", "0x1p-3", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_text(model, "eta", "-1", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_text(model, "eta", "", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_text(model, "student-output", "1,,2", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_precision(model, "2", "1", 2, 0, text, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_precision(model, "0", "1", 2, 1, text, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_precision(model, "0", "x", 2, 0, text, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_closed_form_digits(model, "features", NULL, NULL, 1, 0, text, &err),
                 ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_closed_form_digits(model, "frontier", "0", "1", 2, 0, text, &err),
                 ORDPAR_INVALID);
    set(model, "weight-decay", 0.1);
    cr_assert_eq(ordpar_model_precision(model, "0", "1", 2, 0, text, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "weight-decay"), "%s", err.message);
    ordpar_model_free(model);
}

static void refused(ordpar_model *model, const char *option, double value, const char *part) {
    ordpar_error err = {""};
    cr_assert_eq(ordpar_model_set(model, option, 1, &value, &err), ORDPAR_INVALID, "%s = %g",
                 option, value);
    cr_assert(strstr(err.message, option) && strstr(err.message, part), "%s", err.message);
}

Test(model, refusals) {
    ordpar_model *model = make();
    ordpar_error err;
    double values[3] = {1, NAN, 2}, eps_g;
    refused(model, "eta", NAN, "nan");
    refused(model, "eta", INFINITY, "inf");
    refused(model, "eta", 0, "got '0'");
    refused(model, "student-units", 2.5, "2.5");
    refused(model, "student-units", 1e300, "1e+300");
    refused(model, "eigenvalues", -1, "-1");
    refused(model, "seed", -1, "-1");
    refused(model, "moments", 1.5, "'1.5'");
    refused(model, "alpha", -1, "'-1'");
    refused(model, "schedule", 1, "takes no numbers");
    refused(model, "nonsense", 1, "not the name of a setting");
    cr_assert_eq(ordpar_model_set(model, "eta", 2, values, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set(model, "student-output", 3, values, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_text(model, "init", "nowhere", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_text(model, "activation", "", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_set_text(model, "spectrum", "", &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_closed_form(model, "nonsense", 1, values, &eps_g, &err),
                 ORDPAR_INVALID);
    cr_assert_null(ordpar_model_closed_form_columns("nonsense"));
    cr_assert_eq(ordpar_model_closed_form(model, "linear-exact", 1, values + 1, &eps_g, &err),
                 ORDPAR_INVALID);
    const char *const files[1] = {"/nonexistent"};
    size_t L;
    cr_assert_eq(ordpar_model_read_data(model, 0, files, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_read_data(model, 1, files, &err), ORDPAR_IO);
    check_ok(ordpar_model_blocks(model, &L, &err), &err);
    set(model, "spread-parts", 3);
    cr_assert_eq(ordpar_model_blocks(model, &L, &err), ORDPAR_INVALID);
    check_ok(ordpar_model_set_text(model, "spectrum", "/nonexistent", &err), &err);
    cr_assert_eq(ordpar_model_read_data(model, 1, files, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_model_blocks(model, &L, &err), ORDPAR_IO);
    ordpar_model_free(model);
    ordpar_model_free(NULL);
}
