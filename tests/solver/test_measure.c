// SPDX-License-Identifier: GPL-3.0-or-later
/* Measuring curves whose plateau, rate and exponent are known. */
#include "measure.h"
#include "plateau.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 500 };

/* Falls from 1 to 0.1, stays until about 1000, falls as a power law. */
static double with_plateau(double alpha) {
    return 0.9 / (1 + alpha * alpha) + 0.1 / sqrt(1 + pow(alpha / 1000, 4));
}

static bool found_growth(size_t count, const double *alpha, const double *x, double begin,
                         double end, ordpar_slope_measure *m) {
    ordpar_error err;
    check_ok(ordpar_measure_growth(count, alpha, x, begin, end, m, &err), &err);
    return m->rows > 0;
}

static bool found_exponent(size_t count, const double *alpha, const double *eps_g, double begin,
                           double end, ordpar_slope_measure *m) {
    ordpar_error err;
    check_ok(ordpar_measure_exponent(count, alpha, eps_g, begin, end, m, &err), &err);
    return m->rows > 0;
}

Test(measure, finds_the_plateau) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_plateau_measure p;
    log_grid(0.01, 1e6, ROWS, alpha);
    for (size_t k = 0; k < ROWS; k++)
        eps_g[k] = with_plateau(alpha[k]);
    cr_assert(ordpar_measure_plateau(ROWS, alpha, eps_g, &p));
    CHECK_CLOSE(p.height, 0.1, 1e-3, 0.1, "height");
    /* 0.9/(1 + a^2) = 0.01, and (a/1000)^4 = 1/0.81 - 1, up to the grid's interpolation */
    CHECK_CLOSE(p.entry, sqrt(89), 0.01, p.entry, "entry");
    CHECK_CLOSE(p.exit, 1000 * pow(1 / 0.81 - 1, 0.25), 0.01, p.exit, "exit");
}

Test(measure, finds_no_plateau_where_there_is_none) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_plateau_measure p = {.height = 7};
    log_grid(0.01, 1e6, ROWS, alpha);
    for (int kind = 0; kind < 4; kind++) {
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = kind == 0   ? pow(1 + alpha[k], -0.5)    /* a power law, */
                       : kind == 1 ? exp(-alpha[k] / 1e4)       /* an exponential, */
                       : kind == 2 ? 0.9 / (1 + alpha[k]) + 0.1 /* a curve that ends on a floor, */
                                   : fmax(exp(-alpha[k]), 1e-17 * (double)(k % 7)); /* rounding */
        cr_assert_not(ordpar_measure_plateau(ROWS, alpha, eps_g, &p), "kind %d", kind);
        cr_assert_eq(p.height, 7);
    }
    cr_assert_not(ordpar_measure_plateau(2, alpha, eps_g, &p));
    cr_assert_not(ordpar_measure_plateau(0, alpha, eps_g, &p));
}

Test(measure, growth_is_that_of_the_exponential_stretch) {
    double alpha[ROWS], x[ROWS];
    ordpar_slope_measure m;
    for (size_t k = 0; k < ROWS; k++) {
        alpha[k] = 2.0 * (double)k;
        const double grown = 1e-9 * exp(0.03 * alpha[k]);
        x[k] = 1e-7 * exp(-0.05 * alpha[k]) + grown / (1 + grown); /* decays, grows, saturates */
    }
    cr_assert(found_growth(ROWS, alpha, x, 0, 1000, &m));
    CHECK_CLOSE(m.slope, 0.03, 1e-4, 0.03, "rate, fitted from %g to %g", m.begin, m.end);
    cr_assert(m.slope_stderr < 1e-5 && m.begin > 100 && m.end < 700);
    for (size_t k = 0; k < ROWS; k++)
        x[k] = exp(-alpha[k]);
    cr_assert_not(found_growth(ROWS, alpha, x, 0, 1000, &m));
    for (size_t k = 0; k < ROWS; k++)
        x[k] = 1 + alpha[k];
    cr_assert_not(found_growth(ROWS, alpha, x, 0, 1000, &m));
    cr_assert_not(found_growth(ROWS, alpha, x, 2000, 3000, &m));
}

/* The standard error is that of the noise put in. */
Test(measure, exponent_and_its_standard_error) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_slope_measure m;
    ordpar_random stream = test_stream(341);
    int inside = 0;
    log_grid(0.1, 1e4, ROWS, alpha);
    for (int trial = 0; trial < 200; trial++) {
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = 3 * pow(alpha[k], -0.4) * exp(uniform(&stream, -0.1, 0.1));
        cr_assert(found_exponent(ROWS, alpha, eps_g, 1, 1000, &m));
        inside += fabs(m.slope + 0.4) < m.slope_stderr;
    }
    /* 68.3 % of 200 and 4 standard deviations */
    cr_assert(abs(inside - 137) < 27, "%d of 200 within one standard error", inside);
    cr_assert(m.begin >= 1 && m.end <= 1000);
    cr_assert_not(found_exponent(ROWS, alpha, eps_g, 1e5, 1e6, &m));
}

Test(measure, specialisation_takes_out_rows_and_columns) {
    const double symmetric[6] = {1, 2, 3, 2, 3, 4}, special[4] = {1, 0, 0, 1};
    CHECK_CLOSE(ordpar_specialisation(2, 3, symmetric), 0, TOL_EXACT, 1, "rows plus columns");
    CHECK_CLOSE(ordpar_specialisation(2, 2, special), 1, TOL_EXACT, 1, "sqrt(M - 1)");
}
