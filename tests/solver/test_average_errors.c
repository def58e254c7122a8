// SPDX-License-Identifier: GPL-3.0-or-later
/* What the library says of its averages by quadrature, against what they are off by. */
#include "solver/averages/activation.h"
#include "support.h"

#include <math.h>

/* eps_g of one student and one teacher with the covariance T (0.25 0.1; 0.1 1). */
static double error_of(const ordpar_activation *activation, double T) {
    const double c[4] = {0.25 * T, 0.1 * T, 0.1 * T, T}, u[2] = {1, -1};
    return ordpar_activation_squared_error(activation, 2, c, u, NULL) / 2;
}

/* tanh: values of a plane rule of 2e-4 steps, and acos(0.2) 2/pi for T to infinity. */
Test(average_errors, tanh_says_by_how_much_it_is_off) {
    const struct {
        double T, eps_g;
    } known[] = {
        {2500, 0.8479935642673}, {1e4, 0.859871484871}, {1e6, 0.870614921784}, {1e20, 0.87181167}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        const double off = fabs(error_of(&ordpar_activation_tanh, known[k].T) / known[k].eps_g - 1);
        const double said =
            ordpar_activation_average_errors(&ordpar_activation_tanh, known[k].T).gg;
        cr_assert(off < 4 * said && said < 20 * off, "T %g: off by %g, says %g", known[k].T, off,
                  said);
    }
}

/* E[g'^2] of one field: by its own finer rule in long double. */
static double finer(const ordpar_activation *activation, double sd) {
    long double sum = 0;
    const long double h = 0.02L / sd < 0.02L ? 0.02L / sd : 0.02L;
    for (long k = (long)(-9 / h); k <= (long)(9 / h); k++) {
        const long double x = (long double)k * h, d = activation->dg((double)(sd * x));
        sum += h / sqrtl(2 * acosl(-1)) * expl(-x * x / 2) * d * d;
    }
    return (double)sum;
}

Test(average_errors, are_those_of_equal_fields) {
    const ordpar_activation *const all[] = {&ordpar_activation_tanh, &ordpar_activation_gelu,
                                            &ordpar_activation_softplus};
    const double safe[] = {12, 16, 25}; /* docs/activations.md */
    for (size_t k = 0; k < 3; k++) {
        const double small = safe[k] * safe[k];
        for (double variance = 1e-6; variance <= small; variance *= 10) {
            const ordpar_average_errors e = ordpar_activation_average_errors(all[k], variance);
            cr_assert(e.gg < 1e-12 && e.dg_dg < 1e-11, "%s, variance %g: %g, %g", all[k]->name,
                      variance, e.gg, e.dg_dg);
        }
        for (double sd = 2 * safe[k]; sd < 2000; sd *= 3) {
            const double v = sd * sd, value = finer(all[k], sd);
            const double off = fabs(all[k]->dg_dg(v, v, v).value / value - 1);
            const ordpar_average_errors e = ordpar_activation_average_errors(all[k], v);
            CHECK_CLOSE(e.dg_dg, off, 0.01, off + 1e-10, "%s, sd %g", all[k]->name, sd);
        }
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
    check_ok(ordpar_overlaps_average_errors(&m.start, &m.spectrum, &m.network, &e, &err), &err);
    cr_assert_eq(e.gg, ordpar_activation_average_errors(&ordpar_activation_tanh, largest).gg);
    cr_assert(e.gg > 1e-7 && largest > 1000, "%g at %g", e.gg, largest);
    clear_model(&m);
}
