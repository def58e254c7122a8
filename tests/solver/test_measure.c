// SPDX-License-Identifier: GPL-3.0-or-later
/* Measuring curves whose plateau, rate and exponent are known. */
#include "solver/plateau/measure.h"
#include "solver/plateau/plateau.h"
#include "solver/plateau/smooth.h"
#include "support.h"

#include <gsl/gsl_randist.h>
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

static bool found_plateau_of(double height, size_t count, const double *alpha, const double *eps_g,
                             ordpar_plateau_measure *p) {
    ordpar_error err;
    bool found = false;
    check_ok(ordpar_measure_plateau(count, alpha, eps_g, height, &found, p, &err), &err);
    return found;
}

static bool found_plateau(size_t count, const double *alpha, const double *eps_g,
                          ordpar_plateau_measure *p) {
    return found_plateau_of(NAN, count, alpha, eps_g, p);
}

static bool found_power_law(size_t count, const double *alpha, const double *eps_g, double begin,
                            double end, ordpar_slope_measure *m) {
    ordpar_error err;
    check_ok(ordpar_measure_power_law(count, alpha, eps_g, begin, end, m, &err), &err);
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
    cr_assert(found_plateau(ROWS, alpha, eps_g, &p));
    CHECK_CLOSE(p.height, 0.1, 1e-3, 0.1, "height");
    /* 0.9/(1 + a^2) = 0.01, and (a/1000)^4 = 1/0.81 - 1, up to the grid's interpolation */
    CHECK_CLOSE(p.entry, sqrt(89), 0.01, p.entry, "entry");
    CHECK_CLOSE(p.exit, 1000 * pow(1 / 0.81 - 1, 0.25), 0.01, p.exit, "exit");
}

/* Rows that begin on it show its exit, where its height is known from elsewhere; the start, which
 * rests on a logarithmic grid too, is none. */
Test(measure, a_plateau_on_which_the_rows_begin) {
    double alpha[ROWS], eps_g[ROWS];
    const double exit = 1000 * pow(1 / 0.81 - 1, 0.25);
    for (double from = 20; from < 500; from *= 2) {
        ordpar_plateau_measure p;
        log_grid(from, 1e6, ROWS, alpha);
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = with_plateau(alpha[k]);
        cr_assert(!found_plateau(ROWS, alpha, eps_g, &p), "from %g", from);
        cr_assert(!found_plateau_of(0.13, ROWS, alpha, eps_g, &p), "another, from %g", from);
        cr_assert(found_plateau_of(0.102, ROWS, alpha, eps_g, &p), "from %g", from);
        CHECK_CLOSE(p.height, 0.1, 0.01, 0.1, "height");
        CHECK_CLOSE(p.exit, exit, 0.02, exit, "exit");
        cr_assert(isnan(p.entry));
    }
    log_grid(0.01, 1e6, ROWS, alpha);
    for (size_t k = 0; k < ROWS; k++)
        eps_g[k] = 1 / (1 + alpha[k]);
    cr_assert(!found_plateau_of(0.1, ROWS, alpha, eps_g, &(ordpar_plateau_measure){0}));
}

/* With 8 % of noise in each row, far above what curves lose until the next. */
/* Rows that end before eps_g is 0.9 of the plateau's height know no exit; its flank, which is
 * higher, would have one. */
Test(measure, a_plateau_ends_within_the_rows_or_is_none) {
    double alpha[ROWS], eps_g[ROWS], ends[] = {500, 620, 660, 690, 720, 1000};
    for (size_t end = 0; end < sizeof ends / sizeof *ends; end++) {
        ordpar_plateau_measure p;
        log_grid(0.01, ends[end], ROWS, alpha);
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = with_plateau(alpha[k]);
        const double exit = 1000 * pow(1 / 0.81 - 1, 0.25); /* 696 */
        const bool found = found_plateau(ROWS, alpha, eps_g, &p);
        cr_assert_eq(found, ends[end] > exit, "rows to %g", ends[end]);
        if (found)
            CHECK_CLOSE(p.exit, exit, 0.01, exit, "exit, rows to %g", ends[end]);
    }
}

Test(measure, exit_of_a_noisy_run_is_that_of_its_curve) {
    enum { RUNS = 200 };
    const double exit = 1000 * pow(1 / 0.81 - 1, 0.25);
    double alpha[ROWS], eps_g[ROWS], sum = 0, squares = 0;
    ordpar_random stream = test_stream(345);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    for (size_t k = 0; k < ROWS; k++)
        alpha[k] = 4 * (double)(k + 1);
    for (size_t r = 0; r < RUNS; r++) {
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = with_plateau(alpha[k]) * (1 + gsl_ran_gaussian(&rng, 0.08));
        const double left = ordpar_measure_exit_of_run(ROWS, alpha, eps_g, 0.1);
        sum += left / RUNS;
        squares += left * left / RUNS;
    }
    const double error = sqrt((squares - sum * sum) / RUNS);
    cr_assert(error < 4, "%g", error);
    CHECK_CLOSE(sum, exit, 4, error, "in standard errors");
    for (size_t k = 0; k < ROWS; k++)
        eps_g[k] = with_plateau(alpha[k]);
    CHECK_CLOSE(ordpar_measure_exit_of_run(ROWS, alpha, eps_g, 0.1), exit, 2, 1, "smooth");
    cr_assert_eq(ordpar_measure_exit_of_run(100, alpha, eps_g, 0.1), INFINITY, "still there");
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
        cr_assert_not(found_plateau(ROWS, alpha, eps_g, &p), "kind %d", kind);
        cr_assert_eq(p.height, 7);
    }
    cr_assert_not(found_plateau(2, alpha, eps_g, &p));
    cr_assert_not(found_plateau(0, alpha, eps_g, &p));
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

/* Rows at the very ends of a window belong to it, four are enough, and eps_g = 0 has no slope. */
Test(measure, a_window_has_the_rows_from_begin_to_end) {
    double alpha[8], x[8], eps_g[8];
    ordpar_slope_measure m;
    for (size_t k = 0; k < 8; k++) {
        alpha[k] = (double)k;
        x[k] = exp(0.4 * alpha[k]);
        eps_g[k] = 1 / (1 + alpha[k]);
    }
    for (size_t last = 3; last < 7; last++) {
        const bool enough = last >= 4;
        cr_assert_eq(found_growth(8, alpha, x, 1, (double)last, &m), enough);
        cr_assert(!enough || (m.rows == last && m.begin == 1 && m.end == (double)last));
        cr_assert_eq(found_exponent(8, alpha, eps_g, 1, (double)last, &m), enough);
        cr_assert(!enough || (m.rows == last && m.begin == 1 && m.end == (double)last));
        cr_assert_eq(found_exponent(8, alpha, eps_g, 0, (double)last, &m), enough);
        cr_assert(!enough || m.rows == last, "the row at alpha = 0 has no logarithm");
    }
    eps_g[6] = 0;
    cr_assert(found_exponent(8, alpha, eps_g, 1, 5, &m));
    cr_assert_not(found_exponent(8, alpha, eps_g, 1, 7, &m));
}

/* Growth by e^0.5 at least; the longer, the better the rates must agree. */
Test(measure, growth_asks_for_a_length) {
    enum { FEW = 41 };
    double alpha[FEW], x[FEW];
    ordpar_slope_measure m;
    const struct {
        double growth, bend; /* log x = growth s (1 + bend s), s = 0..1 */
        size_t least, most;  /* rows */
    } cases[] = {{0.45, 0, 0, 0},       {0.55, 0, FEW, FEW},     {3, 0, FEW, FEW},
                 {1.2, 4e-4, FEW, FEW}, {0.6, 2.4e-3, FEW, FEW}, {0.6, 1, 0, 0},
                 {5, 2e-4, 18, 24}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        for (size_t row = 0; row < FEW; row++) {
            const double s = (double)row / (FEW - 1);
            alpha[row] = 10 * s;
            x[row] = exp(cases[k].growth * s * (1 + cases[k].bend * s));
        }
        (void)found_growth(FEW, alpha, x, 0, INFINITY, &m);
        cr_assert(m.rows >= cases[k].least && m.rows <= cases[k].most, "case %zu: %zu rows", k,
                  m.rows);
    }
}

/* A plateau at 1e-11 of the start is one, at 1e-13 it may be rounding. */
Test(measure, a_plateau_is_above_rounding) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_plateau_measure p;
    log_grid(0.01, 1e6, ROWS, alpha);
    for (int low = 0; low < 2; low++) {
        const double height = low ? 1e-13 : 1e-11;
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = (exp(-alpha[k]) + height) / (1 + pow(alpha[k] / 1e4, 2));
        cr_assert_eq(found_plateau(ROWS, alpha, eps_g, &p), !low, "height %g", height);
    }
}

Test(measure, specialisation_takes_out_rows_and_columns) {
    const double symmetric[6] = {1, 2, 3, 2, 3, 4}, special[4] = {1, 0, 0, 1};
    CHECK_CLOSE(ordpar_specialisation(2, 3, symmetric), 0, TOL_EXACT, 1, "rows plus columns");
    CHECK_CLOSE(ordpar_specialisation(2, 2, special), 1, TOL_EXACT, 1, "sqrt(M - 1)");
}

/* Each tooth of two slopes has the same level at its middle; 0.2 is no plateau beside 0.4. */
Test(measure, a_plateau_is_three_times_as_flat_as_both_sides) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_plateau_measure p;
    log_grid(1e-3, 1e9, ROWS, alpha);
    const struct {
        double before, after;
        bool plateau;
    } cases[] = {{0.4, 0.8, false}, {0.8, 0.4, false}, {0.4, 0.4, false}, {0.8, 0.8, true}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        for (size_t row = 0; row < ROWS; row++) { /* slope 0.2 from 1e2 to 1e4 */
            const double x = log(alpha[row]), low = log(1e2), high = log(1e4);
            eps_g[row] = exp(-0.2 * x - (cases[k].before - 0.2) * fmin(x - low, 0) -
                             (cases[k].after - 0.2) * fmax(x - high, 0));
        }
        cr_assert_eq(found_plateau(ROWS, alpha, eps_g, &p), cases[k].plateau, "case %zu", k);
    }
}

/* A plateau of height 0.006 from 116 to 1390, with scatter as means of few runs have it. */
Test(measure, scatter_leaves_the_plateau) {
    enum { GRID = 601, TRIALS = 40 };
    double alpha[GRID], eps_g[GRID];
    ordpar_plateau_measure p;
    ordpar_random stream = test_stream(342);
    const gsl_rng rng = ordpar_random_gsl(&stream);
    const double scatters[] = {0, 1e-4, 0.01, 0.02, 0.05};
    for (size_t s = 0; s < sizeof scatters / sizeof *scatters; s++)
        for (int trial = 0; trial < TRIALS; trial++) {
            for (size_t k = 0; k < GRID; k++) {
                alpha[k] = 5.0 * (double)k;
                const double plain =
                    (0.006 + 0.2 * exp(-alpha[k] / 20)) / (1 + exp((alpha[k] - 1500) / 50));
                eps_g[k] = plain * exp(gsl_ran_gaussian_ziggurat(&rng, scatters[s]));
            }
            cr_assert(found_plateau(GRID, alpha, eps_g, &p), "scatter %g", scatters[s]);
            const double allowed = 0.002 + scatters[s];
            CHECK_CLOSE(p.height, 0.006, allowed, 0.006, "height, scatter %g", scatters[s]);
            CHECK_CLOSE(p.exit - p.entry, 1273.8, allowed, 1273.8, "length, scatter %g",
                        scatters[s]);
            CHECK_CLOSE(p.exit, 1390.1, allowed, 1390.1, "exit, scatter %g", scatters[s]);
        }
}

/* An exponential and a floor have no exponent, at whatever end the rows stop. */
Test(measure, no_exponent_where_the_slope_changes) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_slope_measure m;
    ordpar_random stream = test_stream(343);
    for (int kind = 0; kind < 4; kind++)
        for (double stop = 10; stop < 1e3; stop *= 1.7)
            for (int scattered = 0; scattered < 2; scattered++) {
                for (size_t k = 0; k < ROWS; k++) {
                    alpha[k] = stop * (double)k / (ROWS - 1);
                    const double a = alpha[k];
                    eps_g[k] = kind == 0   ? exp(-a / 30)
                               : kind == 1 ? exp(-a / 30) + 1e-6
                               : kind == 2 ? 1e-3 /* a floor does not fall */
                                           : exp(-3 * pow(log(1 + a), 2));
                    eps_g[k] *= exp(uniform(&stream, -0.05, 0.05) * scattered);
                }
                cr_assert_not(found_power_law(ROWS, alpha, eps_g, 1, stop, &m),
                              "kind %d, stop %g, scattered %d: %g from %g to %g", kind, stop,
                              scattered, m.slope, m.begin, m.end);
            }
}

/* alpha^-0.6 between 10 and 1e4, flat before and exponential after. */
Test(measure, the_exponent_comes_with_its_window) {
    double alpha[ROWS], eps_g[ROWS];
    ordpar_slope_measure m;
    ordpar_random stream = test_stream(344);
    log_grid(0.01, 1e6, ROWS, alpha);
    for (double scatter = 0; scatter < 0.2; scatter += 0.09) {
        for (size_t k = 0; k < ROWS; k++)
            eps_g[k] = pow(1 + alpha[k] / 10, -0.6) * exp(-alpha[k] / 1e5) *
                       exp(uniform(&stream, -scatter, scatter));
        cr_assert(found_power_law(ROWS, alpha, eps_g, 0, INFINITY, &m), "scatter %g", scatter);
        CHECK_CLOSE(m.slope, -0.6, 0.03, 1, "scatter %g", scatter);
        cr_assert(fabs(m.slope + 0.6) < 3 * m.slope_stderr, "%g(%g)", m.slope, m.slope_stderr);
        cr_assert(m.begin > 10 && m.begin < 300 && m.end > 2000 && m.end < 1e5, "%g to %g", m.begin,
                  m.end);
        cr_assert_not(found_power_law(ROWS, alpha, eps_g, 3e5, INFINITY, &m));
    }
    cr_assert_not(found_power_law(0, alpha, eps_g, 0, 1, &m));
    cr_assert_not(found_power_law(3, alpha, eps_g, 0, INFINITY, &m));
}

Test(measure, specialisation_knows_opposite_teachers) {
    const double w[2] = {1, -1}, R[4] = {1.3, -0.2, 0.2, -1.3}, same[4] = {1.3, 0.2, 0.2, 1.3};
    const double expected = ordpar_specialisation(2, 2, same);
    CHECK_CLOSE(ordpar_specialisation(2, 2, R), 0, TOL_EXACT, 1, "signs not known");
    CHECK_CLOSE(ordpar_specialisation_signed(2, 2, w, R), expected, TOL_EXACT, 1, "by weights");
    CHECK_CLOSE(ordpar_specialisation_signed(2, 2, NULL, R), expected, TOL_EXACT, 1, "by columns");
    CHECK_CLOSE(ordpar_specialisation_signed(2, 2, NULL, same), expected, TOL_EXACT, 1, "plain");
}

/* Rows are added to the rows first..last, the nearest first, until the line is known: its slope, or
 * its value at centre. */
static double walked(const ordpar_smooth_curve *c, size_t first, size_t last, double width,
                     double error, bool level) {
    const double centre = (c->x[first] + c->x[last]) / 2, own = exp(c->y[first]);
    for (;;) {
        double n = 0, x = 0, y = 0, xx = 0, xy = 0;
        for (size_t k = first; k <= last; k++) {
            n++;
            x += c->x[k];
            y += c->y[k];
        }
        x /= n;
        y /= n;
        for (size_t k = first; k <= last; k++) {
            xx += (c->x[k] - x) * (c->x[k] - x);
            xy += (c->x[k] - x) * (c->y[k] - y);
        }
        const double before = first > 0 ? c->x[first - 1] : NAN,
                     after = last + 1 < c->count ? c->x[last + 1] : NAN;
        const double below = isnan(before) ? INFINITY : centre - before,
                     above = isnan(after) ? INFINITY : after - centre;
        if (c->noise <= error * sqrt(level ? n : xx) || !(fmin(below, above) <= width / 2))
            return !level ? xy / xx : n < 3 ? own : exp(y + xy / xx * (centre - x));
        if (below <= above)
            first--;
        else
            last++;
    }
}

/* Lines of more rows than are walked, up to the ends of a stretch; some rows have no logarithm. */
Test(measure, long_lines_are_those_of_a_walk) {
    enum { MANY = 3000 };
    static double alpha[MANY], eps_g[MANY];
    const double decade = 2.302585, factor_2 = 0.693147;
    ordpar_random stream = test_stream(343);
    ordpar_error err;
    for (int linear = 0; linear < 2; linear++) {
        ordpar_smooth_curve c;
        if (!linear)
            log_grid(0.1, 1e4, MANY, alpha);
        for (size_t k = 0; k < MANY; k++) {
            alpha[k] = linear ? (double)k + 1 : alpha[k];
            eps_g[k] = with_plateau(alpha[k]) * exp(uniform(&stream, -0.3, 0.3));
        }
        eps_g[MANY / 2] = 0;
        check_ok(ordpar_smooth_init(MANY, alpha, eps_g, &c, &err), &err);
        for (size_t k = 0; k + 1 < MANY; k += 7) {
            if (k == MANY / 2 || k + 1 == MANY / 2)
                continue;
            const double slope = walked(&c, k, k + 1, decade, 0.05, false),
                         level = walked(&c, k, k, factor_2, 0.01, true);
            CHECK_CLOSE(c.slope[k], slope, TOL_SUM, 1 + fabs(slope), "slope %zu", k);
            CHECK_CLOSE(c.level[k], level, TOL_SUM, level, "level %zu", k);
        }
        ordpar_smooth_clear(&c);
    }
}

/* A million rows that scatter: what is quadratic in them would take minutes. */
Test(measure, a_long_curve_takes_no_longer_for_each_row) {
    const size_t many = SANITIZED ? 300000 : 1000000;
    double *alpha = malloc(2 * many * sizeof *alpha), *eps_g = alpha + many;
    ordpar_random stream = test_stream(344);
    ordpar_plateau_measure p;
    cr_assert_not_null(alpha);
    log_grid(0.01, 1e6, many, alpha);
    for (size_t k = 0; k < many; k++)
        eps_g[k] = with_plateau(alpha[k]) * exp(uniform(&stream, -0.05, 0.05));
    cr_assert(found_plateau(many, alpha, eps_g, &p));
    CHECK_CLOSE(p.height, 0.1, 0.01, 0.1, "height");
    free(alpha);
}
