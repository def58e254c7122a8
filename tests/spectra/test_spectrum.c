// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectra/spectrum/spread.h"
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_zeta.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ordpar_spectrum power_law(int64_t N, int64_t L, double beta) {
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_power_law(N, L, beta, &s, &err), &err);
    return s;
}

Test(spectrum, power_law_has_trace_N_and_its_exponent) {
    const double betas[] = {0.01, 0.5, 1, 3};
    for (size_t k = 0; k < 4; k++)
        for (int64_t L = 1; L <= 4096; L *= 8) {
            ordpar_spectrum s = power_law(8192, L, betas[k]);
            CHECK_CLOSE(ordpar_spectrum_moment(&s, 1), 1, TOL_SUM, 1, "trace, beta %g, L %lld",
                        betas[k], (long long)L);
            for (size_t b = 0; b < s.L; b++)
                CHECK_CLOSE(s.lambda[b], s.lambda[0] * pow((double)(b + 1), -(1 + betas[k])),
                            TOL_TIGHT, s.lambda[b], "eigenvalue %zu", b + 1);
            cr_assert_eq(s.n[0], (double)(8192 / L));
            ordpar_spectrum_clear(&s);
        }
}

/* tr Sigma^2 / N -> L zeta(2 + 2 beta) / zeta(1 + beta)^2 for large L */
Test(spectrum, second_moment_has_its_large_L_limit) {
    ordpar_spectrum s = power_law(1 << 20, 1 << 20, 1);
    const double zeta = gsl_sf_zeta(2);
    const double limit = (double)s.L * gsl_sf_zeta(4) / (zeta * zeta);
    CHECK_CLOSE(ordpar_spectrum_moment(&s, 2), limit, 1e-5, limit, "second moment");
    ordpar_spectrum_clear(&s);
}

Test(spectrum, normalised_has_trace_N_at_any_scale) {
    const double lambda[3] = {4, 1, 0}, scales[] = {1e-307, 1e-12, 1, 1e6, 4e307};
    const int64_t n[3] = {1, 2, 3};
    for (size_t k = 0; k < 5; k++) {
        ordpar_error err;
        ordpar_spectrum s;
        const double scaled[3] = {lambda[0] * scales[k], lambda[1] * scales[k], 0};
        check_ok(ordpar_spectrum_from_arrays(3, scaled, n, &s, &err), &err);
        ordpar_spectrum_normalise(&s);
        for (size_t b = 0; b < 3; b++) /* tr = 6 scale */
            CHECK_CLOSE(s.lambda[b], lambda[b], TOL_TIGHT, lambda[b], "scale %g", scales[k]);
        ordpar_spectrum_clear(&s);
    }
}

Test(spectrum, power_law_refuses_what_is_out_of_range) {
    static const struct {
        int64_t N, L;
        double beta;
        char message[32];
    } cases[] = {
        {0, 1, 1, "got 0"},       {-5, 1, 1, "got -5"},       {INT64_MAX, 1, 1, "N must be"},
        {10, 0, 1, "got 0"},      {10, 20, 1, "got 20"},      {10, 3, 1, "L = 3, N = 10"},
        {10, 5, 0, "got 0"},      {10, 5, -1, "got -1"},      {10, 5, NAN, "got nan"},
        {10, 5, INFINITY, "inf"}, {10, 10, 1e3, "underflows"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_error err = {""};
        ordpar_spectrum s = {0};
        cr_assert_eq(ordpar_spectrum_power_law(cases[k].N, cases[k].L, cases[k].beta, &s, &err),
                     ORDPAR_INVALID, "case %zu", k);
        cr_assert(strstr(err.message, cases[k].message), "'%s' not in '%s'", cases[k].message,
                  err.message);
        cr_assert_null(s.lambda);
    }
}

Test(spectrum, arrays_are_sorted_and_checked) {
    const double lambda[] = {1, 3, 0, 2};
    const int64_t n[] = {10, 20, 30, 40}, zero[] = {1, 0, 1, 1};
    const double negative[] = {1, -1}, none[] = {0, 0};
    ordpar_error err;
    ordpar_spectrum s;
    check_ok(ordpar_spectrum_from_arrays(4, lambda, n, &s, &err), &err);
    cr_assert_eq(s.lambda[0], 3);
    cr_assert_eq(s.n[0], 20);
    cr_assert_eq(s.lambda[3], 0);
    cr_assert_eq(s.N, 100);
    CHECK_CLOSE(ordpar_spectrum_moment(&s, 1), (10 + 60 + 80) / 100.0, TOL_EXACT, 1, "trace");
    ordpar_spectrum_clear(&s);
    cr_assert_eq(ordpar_spectrum_from_arrays(4, lambda, zero, &s, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_from_arrays(2, negative, n, &s, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_from_arrays(2, none, n, &s, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_from_arrays(0, none, n, &s, &err), ORDPAR_INVALID);
}

Test(spectrum, splitting_keeps_all_moments) {
    ordpar_error err;
    for (int64_t leading = 0; leading <= 24; leading++) {
        ordpar_spectrum s = power_law(24, 4, 1);
        size_t blocks;
        const double before = ordpar_spectrum_moment(&s, 2);
        check_ok(ordpar_spectrum_split(&s, leading, &blocks, &err), &err);
        double components = 0;
        for (size_t b = 0; b < blocks; b++)
            components += s.n[b];
        cr_assert_eq(components, (double)leading);
        cr_assert_eq(s.L, leading % 6 == 0 ? 4u : 5u);
        CHECK_CLOSE(ordpar_spectrum_moment(&s, 2), before, TOL_TIGHT, before, "N_l = %lld",
                    (long long)leading);
        cr_assert_eq(ordpar_spectrum_split(&s, 25, &blocks, &err), ORDPAR_INVALID);
        cr_assert_eq(ordpar_spectrum_split(&s, -1, &blocks, &err), ORDPAR_INVALID);
        ordpar_spectrum_clear(&s);
    }
}

Test(spectrum, fit_finds_an_exact_exponent) {
    ordpar_error err;
    ordpar_beta_fit fit;
    ordpar_spectrum s = power_law(1000, 1000, 0.37);
    check_ok(ordpar_spectrum_fit_beta(&s, 5, 800, &fit, &err), &err);
    CHECK_CLOSE(fit.beta, 0.37, TOL_LOOSE, 1, "beta");
    cr_assert(fit.beta_stderr < 1e-12);
    cr_assert_eq(ordpar_spectrum_fit_beta(&s, 0, 10, &fit, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_fit_beta(&s, 5, 6, &fit, &err), ORDPAR_INVALID);
    cr_assert_eq(ordpar_spectrum_fit_beta(&s, 5, 1001, &fit, &err), ORDPAR_INVALID);
    ordpar_spectrum_clear(&s);
}

/* The estimate lies within its standard error of the truth as often as a normal variable does. */
Test(spectrum, standard_error_of_the_fit_is_honest) {
    enum { TRIALS = 400, RANKS = 60 };
    ordpar_random stream = test_stream(60);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    const double beta = 0.8;
    int within = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        ordpar_error err;
        ordpar_spectrum s = power_law(RANKS, RANKS, beta);
        ordpar_beta_fit fit;
        for (size_t b = 0; b < s.L; b++)
            s.lambda[b] *= exp(gsl_ran_gaussian_ziggurat(&rng, 0.2));
        check_ok(ordpar_spectrum_fit_beta(&s, 1, RANKS, &fit, &err), &err);
        within += fabs(fit.beta - beta) < fit.beta_stderr;
        ordpar_spectrum_clear(&s);
    }
    CHECK_CLOSE(within / (double)TRIALS, 0.683, 4 * sqrt(0.683 * 0.317 / TRIALS), 1,
                "share within");
}

/* log lambda = -2 log l + residuals that a line cannot take up. */
Test(spectrum, residual_of_the_fit_is_its_root_mean_square) {
    ordpar_spectrum s = power_law(5, 5, 1);
    double x[5], dot = 0, squares = 0, mean = 0, expected = 0,
                 residual[5] = {0.1, -0.2, 0.05, 0.2, -0.15};
    for (int l = 0; l < 5; l++)
        mean += (x[l] = log(l + 1)) / 5;
    for (int l = 0; l < 5; l++) {
        dot += (x[l] - mean) * residual[l];
        squares += (x[l] - mean) * (x[l] - mean);
    }
    for (int l = 0; l < 5; l++) {
        residual[l] -= (x[l] - mean) * dot / squares; /* their mean is 0 */
        s.lambda[l] *= exp(residual[l]);
        expected += residual[l] * residual[l] / 5;
    }
    ordpar_error err;
    ordpar_beta_fit fit;
    check_ok(ordpar_spectrum_fit_beta(&s, 1, 5, &fit, &err), &err);
    CHECK_CLOSE(fit.beta, 1, TOL_LOOSE, 1, "beta");
    CHECK_CLOSE(fit.log_residual, sqrt(expected), TOL_LOOSE, 1, "residual");
    CHECK_CLOSE(fit.beta_stderr, sqrt(expected * 5 / 3 / squares), TOL_LOOSE, 1, "error");
    ordpar_spectrum_clear(&s);
}

/* The covariance of Gaussian examples, its eigenvalues decreasing. */
static void sample_eigenvalues(const gsl_rng *rng, size_t dim, size_t examples,
                               const double *lambda, double *out) {
    double *S = calloc(dim * dim, sizeof *S), *x = malloc(dim * sizeof *x);
    for (size_t s = 0; s < examples; s++) {
        for (size_t k = 0; k < dim; k++)
            x[k] = sqrt(lambda[k]) * gsl_ran_gaussian_ziggurat(rng, 1);
        for (size_t k = 0; k < dim; k++)
            for (size_t l = 0; l <= k; l++)
                S[k * dim + l] += x[k] * x[l] / (double)examples;
    }
    double ascending[64];
    cr_assert_eq(LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'L', (int)dim, S, (int)dim, ascending), 0);
    for (size_t k = 0; k < dim; k++)
        out[k] = ascending[dim - 1 - k];
    free(S);
    free(x);
}

Test(spectrum, few_examples_bend_the_fit_as_predicted) {
    enum { DIM = 40, TRIALS = 60 };
    ordpar_random stream = test_stream(61);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    const double betas[] = {0.3, 1};
    for (int b = 0; b < 2; b++)
        for (size_t last = DIM / 2; last <= DIM; last += DIM / 2) {
            ordpar_error err;
            ordpar_spectrum s = power_law(DIM, DIM, betas[b]),
                            drawn = power_law(DIM, DIM, betas[b]);
            ordpar_beta_fit fit, exact;
            double sum = 0, squares = 0;
            check_ok(ordpar_spectrum_fit_beta(&s, 1, last, &exact, &err), &err);
            for (int trial = 0; trial < TRIALS; trial++) {
                sample_eigenvalues(&rng, DIM, 20 * DIM, s.lambda, drawn.lambda);
                check_ok(ordpar_spectrum_fit_beta(&drawn, 1, last, &fit, &err), &err);
                sum += (fit.beta - betas[b]) / TRIALS;
                squares += pow(fit.beta - betas[b], 2) / TRIALS;
            }
            const double error = sqrt((squares - sum * sum) / TRIALS);
            const double bias = ordpar_beta_fit_bias(&exact, DIM, 20 * DIM);
            cr_assert(fabs(sum - bias) < 4 * error + 0.1 * bias,
                      "beta %g, to rank %zu: %g(%g), predicted %g", betas[b], last, sum, error,
                      bias);
            cr_assert(last < DIM || bias > 0.015, "%g", bias);
            ordpar_spectrum_clear(&s);
            ordpar_spectrum_clear(&drawn);
        }
}

/* beta = 1, continuous ranks: -(l/2) log((N+l)/(N-l)), up to the ends of the sum. */
Test(spectrum, bias_of_the_fit_has_its_continuum) {
    enum { DIM = 4000 };
    const ordpar_beta_fit fit = {.first = 1, .last = DIM / 2, .beta = 1};
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (int l = 1; l <= DIM / 2; l++) {
        const double u = log(l), v = -(l / 2.) * log((DIM + l) / (DIM - l + 0.5));
        n++, x += u, y += v, xx += u * u, xy += u * v;
    }
    const double expected = -(xy - x * y / n) / (xx - x * x / n) / 1e5;
    CHECK_CLOSE(ordpar_beta_fit_bias(&fit, DIM, 1e5), expected, 0.05, expected, "bias");
}

/* Writes bytes to a file of this process and reads it as a spectrum. */
static ordpar_status read_bytes(const char *suffix, const void *bytes, size_t size,
                                ordpar_spectrum *s, ordpar_error *err) {
    char path[64];
    snprintf(path, sizeof path, "test_spectrum_%ld%s", (long)getpid(), suffix);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    fwrite(bytes, 1, size, file);
    fclose(file);
    const ordpar_status status = ordpar_spectrum_read(path, s, err);
    unlink(path);
    return status;
}

static ordpar_status read_text(const char *text, ordpar_spectrum *s, ordpar_error *err) {
    return read_bytes(".csv", text, strlen(text), s, err);
}

Test(spectrum, tables_need_no_more_than_their_numbers) {
    static const char *const same[] = {
        "eigenvalue,multiplicity\n3,1\n0.5,1\n2,1\n",
        "eigenvalue\n3\n0.5\n2\n",
        "3\n0.5\n2\n",
        "# measured\n\n3\n0.5\n2",
        "rank,eigenvalue\n1,3\n2,0.5\n3,2\n",
        "\"eigenvalue\",\"multiplicity\"\n\"3\",\"1\"\n0.5,1\n2,1\n"};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        ordpar_spectrum s;
        ordpar_error err = {""};
        check_ok(read_text(same[k], &s, &err), &err);
        cr_assert(s.L == 3 && s.N == 3 && s.lambda[0] == 3 && s.lambda[1] == 2 &&
                      s.lambda[2] == 0.5,
                  "%s", same[k]);
        ordpar_spectrum_clear(&s);
    }
}

/* The weights follow their eigenvalues, through the cut and into parts. */
Test(spectrum, teacher_weights_stay_with_their_eigenvalues) {
    ordpar_spectrum s;
    ordpar_error err = {""};
    size_t trained;
    check_ok(read_text("teacher,eigenvalue,multiplicity\n0.5,1,4\n2,3,6\n0,2,4\n", &s, &err), &err);
    cr_assert(s.c[0] == 2 && s.c[1] == 0 && s.c[2] == 0.5 && !ordpar_spectrum_is_plain(&s));
    const double T = (6 * 3 * 2 + 4 * 0.5) / 14;
    CHECK_CLOSE(ordpar_spectrum_teacher_moment(&s, 1), T, TOL_EXACT, T, "T");
    check_ok(ordpar_spectrum_split(&s, 8, &trained, &err), &err);
    cr_assert(s.L == 4 && trained == 2 && s.c[1] == 0 && s.c[2] == 0 && s.c[3] == 0.5);
    check_ok(ordpar_spectrum_spread(&s, 0.1, 2, &err), &err);
    cr_assert(s.L == 8 && s.c[1] == 2 && s.c[5] == 0 && s.c[7] == 0.5);
    CHECK_CLOSE(ordpar_spectrum_teacher_moment(&s, 1), T, TOL_TIGHT, T, "T, spread");
    cr_assert_eq(ordpar_spectrum_set_teacher_decay(&s, 1e4, &err), ORDPAR_INVALID);
    ordpar_spectrum_clear(&s);
}

Test(spectrum, tables_are_refused_by_what_is_wrong) {
    static const struct {
        const char *text, *message;
    } cases[] = {{"eigenvalue,multiplicity,teacher\n1,2,-1\n", "(teacher): must be >= 0, got '-1'"},
                 {"eigenvalue,n\n1,2\n", "must have a column 'multiplicity'"},
                 {"3,1\n2,1\n", "line 1: numbers without a header must stand one a line"},
                 {"3\n-1e-4\n1\n-1e-15\n", "line 2, column 1 (eigenvalue): must be >= 0, got"},
                 {"3\n2,1\n", "line 2: must have 1 columns, got 2"},
                 {"3\n-2\n", "line 2, column 1 (eigenvalue): must be >= 0, got '-2'"},
                 {"eigenvalue;multiplicity\n10,5;100\n", "separated by semicolons"},
                 {"eigenvalue,multiplicity\r10,100\r", "carriage return alone"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_spectrum s;
        ordpar_error err = {""};
        cr_assert_eq(read_text(cases[k].text, &s, &err), ORDPAR_PARSE, "%s", cases[k].text);
        cr_assert(strstr(err.message, cases[k].message), "%s", err.message);
    }
}

static ordpar_status read_array(const char *shape, const double *values, size_t count,
                                ordpar_spectrum *s, ordpar_error *err) {
    unsigned char bytes[1024];
    memset(bytes, ' ', 128);
    memcpy(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
    const int length = snprintf((char *)bytes + 10, 118,
                                "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
    bytes[10 + length] = ' ';
    bytes[127] = '\n';
    memcpy(bytes + 128, values, count * sizeof *values);
    return read_bytes(".npy", bytes, 128 + count * sizeof *values, s, err);
}

/* The eigenvalues of [[2, 1, 0], [1, 2, 0], [0, 0, 5]] are 5, 3, 1. */
Test(spectrum, arrays_are_eigenvalues_or_a_covariance) {
    const double values[] = {1, 5, 3}, matrix[] = {2, 1, 0, 1, 2, 0, 0, 0, 5};
    const double singular[] = {1, 1, 1, 1}, crooked[] = {1, 0.5, 0.4, 1}, negative[] = {1, 2, 2, 1};
    ordpar_spectrum s;
    ordpar_error err = {""};
    const char *const lists[] = {"(3,)", "(3, 1)", "(1, 3)"};
    for (size_t k = 0; k < 3; k++) {
        check_ok(read_array(lists[k], values, 3, &s, &err), &err);
        cr_assert(s.L == 3 && s.N == 3 && s.lambda[0] == 5 && s.lambda[1] == 3 && s.lambda[2] == 1);
        ordpar_spectrum_clear(&s);
    }
    check_ok(read_array("(3, 3)", matrix, 9, &s, &err), &err);
    for (int b = 0; b < 3; b++)
        CHECK_CLOSE(s.lambda[b], 5 - 2 * b, TOL_TIGHT, 5, "eigenvalue %d", b);
    ordpar_spectrum_clear(&s);
    check_ok(read_array("(2, 2)", singular, 4, &s, &err), &err);
    cr_assert_eq(s.lambda[1], 0);
    ordpar_spectrum_clear(&s);
    cr_assert_eq(read_array("(2, 2)", crooked, 4, &s, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "must be symmetric, but [1][0] is 0.4"), "%s", err.message);
    cr_assert_eq(read_array("(2, 2)", negative, 4, &s, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "no negative eigenvalues, this one has -1"), "%s", err.message);
    cr_assert_eq(read_array("(2, 3)", matrix, 6, &s, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "got the shape (2, 3)"), "%s", err.message);
}
