// SPDX-License-Identifier: GPL-3.0-or-later
/* What the library says of its averages by quadrature, against what they are off by. */
#include "solver/averages/quadrature.h"
#include "support.h"

#include <math.h>

static void evaluate(const ordpar_activation *self, size_t count, const double *x, double *y,
                     double *dy) {
    (void)self;
    for (size_t k = 0; k < count; k++) {
        y[k] = tanh(x[k]);
        if (dy)
            dy[k] = 1 - y[k] * y[k];
    }
}

static void derivatives(int highest, size_t count, const double *x, double *const *d) {
    (void)highest;
    for (size_t k = 0; k < count; k++) {
        const double t = tanh(x[k]), s = 1 - t * t;
        d[0][k] = t;
        d[1][k] = s;
        d[2][k] = -2 * t * s;
        d[3][k] = (6 * t * t - 2) * s;
        d[4][k] = (16 - 24 * t * t) * t * s;
    }
}

static const ordpar_smooth_function smooth = {derivatives, M_PI / 2};

/* tanh without its closed averages. */
static const ordpar_activation by_quadrature = {.name = "by quadrature",
                                                .evaluate = evaluate,
                                                .parity = -1,
                                                .gg = ordpar_quadrature_gg,
                                                .dg_dg = ordpar_quadrature_dg_dg,
                                                .ddg_g = ordpar_quadrature_ddg_g,
                                                .smooth = &smooth};

/* eps_g of one student and one teacher with the covariance T (0.25 0.1; 0.1 1). */
static double error_of(const ordpar_activation *activation, double T) {
    const double c[4] = {0.25 * T, 0.1 * T, 0.1 * T, T}, u[2] = {1, -1};
    return ordpar_activation_squared_error(activation, 2, c, u, NULL) / 2;
}

/* tanh: values of a plane rule of 2e-4 steps; T = 1e6 and infinity by expansion about sgn, of which
 * tanh is the average over a noise of variance pi^2/12. */
Test(average_errors, quadrature_says_by_how_much_it_is_off) {
    const struct {
        double T, eps_g;
    } known[] = {{2500, 0.8479935642673},
                 {1e4, 0.859871484871},
                 {1e6, 0.870615008134},
                 {1e20, 0.87181156618237}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        const double off = fabs(error_of(&by_quadrature, known[k].T) / known[k].eps_g - 1);
        const double said = ordpar_activation_average_errors(&by_quadrature, known[k].T).gg;
        CHECK_CLOSE(error_of(&ordpar_activation_tanh, known[k].T), known[k].eps_g, 1e-8, 1,
                    "closed, T %g", known[k].T);
        cr_assert(off < 4 * said && said < 20 * off, "T %g: off by %g, says %g", known[k].T, off,
                  said);
    }
}

/* E[g'^2] of one field: by its own finer rule in long double. */
static double finer(const ordpar_activation *activation, double sd) {
    long double sum = 0;
    const long double h = 0.02L / sd < 0.02L ? 0.02L / sd : 0.02L;
    for (long k = (long)(-9 / h); k <= (long)(9 / h); k++) {
        const long double x = (long double)k * h,
                          d = ordpar_activation_slope(activation, (double)(sd * x));
        sum += h / sqrtl(2 * acosl(-1)) * expl(-x * x / 2) * d * d;
    }
    return (double)sum;
}

Test(average_errors, are_those_of_equal_fields) {
    const double safe = 12; /* standard deviations */
    for (double variance = 1e-6; variance <= safe * safe; variance *= 10) {
        const ordpar_average_errors e = ordpar_activation_average_errors(&by_quadrature, variance);
        cr_assert(e.gg < 1e-12 && e.dg_dg < 1e-11, "variance %g: %g, %g", variance, e.gg, e.dg_dg);
    }
    for (double sd = 2 * safe; sd < 2000; sd *= 3) {
        const double v = sd * sd, value = finer(&by_quadrature, sd);
        const double off = fabs(by_quadrature.dg_dg(&by_quadrature, v, v, v).value / value - 1);
        const ordpar_average_errors e = ordpar_activation_average_errors(&by_quadrature, v);
        CHECK_CLOSE(e.dg_dg, off, 0.01, off + 1e-10, "sd %g", sd);
        CHECK_CLOSE(ordpar_activation_tanh.dg_dg(&ordpar_activation_tanh, v, v, v).value, value,
                    1e-9, value, "closed, sd %g", sd);
    }
    const ordpar_average_errors none =
        ordpar_activation_average_errors(&ordpar_activation_erf, 1e9);
    cr_assert(none.gg == 0 && none.dg_dg == 0);
}

Test(average_errors, of_overlaps_are_those_of_the_largest_field) {
    test_model m = make_model(2, 2, 64, 2, 1, 0.1, 50, "tanh", 3);
    ordpar_average_errors e;
    ordpar_error err;
    double c[16], largest = 0;
    check_ok(ordpar_overlaps_moment(&m.start, &m.spectrum, 1, c, &err), &err);
    for (size_t a = 0; a < 4; a++)
        largest = fmax(largest, c[5 * a]);
    m.network.activation = &by_quadrature;
    check_ok(ordpar_overlaps_average_errors(&m.start, &m.spectrum, &m.network, &e, &err), &err);
    cr_assert_eq(e.gg, ordpar_activation_average_errors(&by_quadrature, largest).gg);
    cr_assert(e.gg > 1e-7 && largest > 1000, "%g at %g", e.gg, largest);
    clear_model(&m);
}
