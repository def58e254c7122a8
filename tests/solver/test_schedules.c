// SPDX-License-Identifier: GPL-3.0-or-later
/* Schedules in words [13.4], and their integrals [13.6] against quadrature. */
#include "support.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

typedef struct {
    const ordpar_schedule *schedule;
} integrand;

static double eta_at(double alpha, void *context) {
    return ordpar_schedule_eta(((integrand *)context)->schedule, 0.7, alpha);
}

/* From kink to kink. */
static double quadrature(const ordpar_schedule *schedule, double end) {
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(200);
    integrand context = {schedule};
    gsl_function f = {eta_at, &context};
    double sum = 0;
    for (double at = 0; at < end;) {
        const double to = fmin(end, ordpar_schedule_next_kink(schedule, at));
        double part, error;
        gsl_integration_qags(&f, at, to, 0, 1e-12, 200, work, &part, &error);
        sum += part;
        at = to;
    }
    gsl_integration_workspace_free(work);
    return sum;
}

typedef struct {
    char text[40];
    double alpha[5], eta[5]; /* of a base rate 0.7 */
} form;

static const form forms[] = {
    {"constant", {0, 1, 2, 3, 4}, {0.7, 0.7, 0.7, 0.7, 0.7}},
    {"power:0.5:10", {0, 30, 80, 150, 990}, {0.7, 0.35, 0.7 / 3, 0.175, 0.07}},
    {"power:1:10", {0, 10, 30, 90, 990}, {0.7, 0.35, 0.175, 0.07, 0.007}},
    {"cosine:30", {0, 10, 15, 20, 30}, {0.7, 0.525, 0.35, 0.175, 0}},
    {"cosine:30:0.2", {0, 15, 20, 30, 40}, {0.7, 0.42, 0.28, 0.14, 0.14}},
    {"linear:10", {0, 1, 5, 10, 11}, {0.7, 0.63, 0.35, 0, 0}},
    {"wsd:10:20:40", {0, 5, 15, 30, 50}, {0, 0.35, 0.7, 0.35, 0}},
    {"wsd:0:0:10", {0, 1, 5, 10, 11}, {0.7, 0.63, 0.35, 0, 0}},
    {"wsd:10:10:10", {0, 5, 9, 10, 11}, {0, 0.35, 0.63, 0, 0}},
    {"steps:10=0.1,20=0.01,30=2", {0, 9, 10, 20, 30}, {0.7, 0.7, 0.07, 0.007, 1.4}},
    {"steps:0=0.5", {0, 1, 2, 3, 4}, {0.35, 0.35, 0.35, 0.35, 0.35}},
};

Test(schedules, have_their_values_and_integrals) {
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        ordpar_schedule schedule;
        ordpar_error err;
        cr_assert(ordpar_schedule_is_form(forms[k].text));
        check_ok(ordpar_schedule_parse(forms[k].text, &schedule, &err), &err);
        for (size_t p = 0; p < 5; p++) {
            const double alpha = forms[k].alpha[p];
            CHECK_CLOSE(ordpar_schedule_eta(&schedule, 0.7, alpha), forms[k].eta[p], TOL_TIGHT, 1,
                        "%s at %g", forms[k].text, alpha);
            CHECK_CLOSE(ordpar_schedule_integral(&schedule, 0.7, alpha),
                        quadrature(&schedule, alpha), TOL_SUM, 1 + alpha, "%s to %g", forms[k].text,
                        alpha);
        }
        ordpar_schedule_clear(&schedule);
    }
}

/* alpha / alpha_0 overflows: the power law itself remains. */
Test(schedules, begin_at_any_alpha_0) {
    static const double gamma[] = {0, 0.5, 1, 2};
    for (size_t k = 0; k < sizeof gamma / sizeof *gamma; k++) {
        const double a = 1e-310, alpha = 10, power = 1 - gamma[k];
        const ordpar_schedule s = {.kind = ORDPAR_SCHEDULE_POWER, .gamma = gamma[k], .alpha_0 = a};
        const double eta = pow(a, gamma[k]) * pow(alpha, -gamma[k]);
        const double integral = power > 0   ? pow(a, gamma[k]) * pow(alpha, power) / power
                                : power < 0 ? a / -power
                                            : a * (log(alpha) - log(a));
        CHECK_CLOSE(ordpar_schedule_eta(&s, 1, alpha), eta, 1e-10, eta, "gamma = %g", gamma[k]);
        CHECK_CLOSE(ordpar_schedule_integral(&s, 1, alpha), integral, 1e-10, integral,
                    "integral, gamma = %g", gamma[k]);
    }
}

/* Nothing may follow the last number, and a word is no number wherever it stands. */
Test(schedules, have_no_more_than_their_numbers) {
    static const char *const bad[] = {
        "constant:1",    "power:0.5",     "power:x:3",   "power:0.5:x",   "power:0.5:3:x",
        "power:1:2:3",   "power:0.5:3:",  "cosine",      "cosine:x",      "cosine:30:x",
        "cosine:30:0:x", "cosine:30:0:1", "linear",      "linear:10:x",   "linear:10:1",
        "wsd:1:2",       "wsd:1:2:x",     "wsd:1:2:3:x", "wsd:1:2:3:4",   "wsd:1:2:3:4:5",
        "steps",         "steps:1",       "steps:1=x",   "steps:x=1",     "steps:1=2,",
        "steps:1=2,x",   "steps:2=1,2=1", "steps:1=2=3", "wsd:1:2:3:4:x", "power:-1:3"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        ordpar_schedule schedule = {0};
        ordpar_error err;
        cr_expect_eq(ordpar_schedule_parse(bad[k], &schedule, &err), ORDPAR_INVALID, "%s", bad[k]);
        ordpar_schedule_clear(&schedule);
    }
}

Test(schedules, jump_from_the_value_before) {
    ordpar_schedule schedule;
    ordpar_error err;
    check_ok(ordpar_schedule_parse("steps:10=0.1,20=0.01", &schedule, &err), &err);
    cr_assert_eq(ordpar_schedule_eta_before(&schedule, 0.7, 10), 0.7);
    CHECK_CLOSE(ordpar_schedule_eta_before(&schedule, 0.7, 20), 0.07, TOL_EXACT, 1, "second");
    cr_assert_eq(ordpar_schedule_next_kink(&schedule, 0), 10);
    cr_assert_eq(ordpar_schedule_next_kink(&schedule, 10), 20);
    cr_assert(isinf(ordpar_schedule_next_kink(&schedule, 20)));
    ordpar_schedule_clear(&schedule);
}

/* A step of the learning rate is two runs, one after the other. */
Test(schedules, steps_are_runs_one_after_the_other) {
    const double at[] = {25, 60};
    double whole[2], first[1], second[1];
    ordpar_error err;
    test_model a = make_model(2, 2, 300, 3, 1, 0.7, 0.3, "erf", 5);
    test_model b = make_model(2, 2, 300, 3, 1, 0.7, 0.3, "erf", 5);
    check_ok(ordpar_schedule_parse("steps:25=0.3", &a.network.training.schedule, &err), &err);
    integrate_curve(&a, at, 2, 1e-9, whole);
    integrate_curve(&b, at, 1, 1e-9, first);
    b.network.eta *= 0.3;
    integrate_curve(&b, (const double[]){35}, 1, 1e-9, second);
    CHECK_CLOSE(whole[0], first[0], 1e-8, first[0], "to the step");
    CHECK_CLOSE(whole[1], second[0], 1e-8, second[0], "after the step");
    clear_model(&a);
    clear_model(&b);
}

/* eps' = -(2 eta - eta^2) eps + eta^2 s^2 / 2 of one linear unit and one eigenvalue [6.1], eta =
 * rise (alpha - from): fourth-order steps. */
static double of_a_rising_rate(double rise, double s, double until) {
    const size_t steps = 20000;
    const double h = until / (double)steps;
    double eps = 0;
    for (size_t k = 0; k < steps; k++) {
        double slope[4];
        for (int i = 0; i < 4; i++) {
            const double eta = rise * h * ((double)k + (double[]){0, 0.5, 0.5, 1}[i]);
            const double at = i ? eps + h * (i == 3 ? 1 : 0.5) * slope[i - 1] : eps;
            slope[i] = (eta * eta - 2 * eta) * at + eta * eta * s * s / 2;
        }
        eps += h / 6 * (slope[0] + 2 * slope[1] + 2 * slope[2] + slope[3]);
    }
    return eps;
}

/* From eps_g = 0 on, whose derivatives are 0, too: from the start, or from a row at a kink and from
 * one that the steps are at before the rows. */
Test(schedules, raise_noise_from_nothing) {
    static const double from[] = {0, 5}, rise[] = {0.3, 1e-12}, s = 0.5;
    static const double at[] = {0, 1, 2, 3, 4, 4.5, 5, 6, 7};
    enum { COUNT = sizeof at / sizeof *at };
    for (int k = 0; k < 8; k++) {
        const double begin = from[k % 2], slope = rise[k / 2 % 2];
        double eps_g[COUNT];
        ordpar_error err;
        test_model m = make_model(1, 1, 64, 1, 1, 1, 0.1, "linear", 3);
        m.network.label_noise = s;
        *m.start.q = *m.start.r = *m.start.t;
        ordpar_schedule rising = {.kind = ORDPAR_SCHEDULE_TABLE, .count = 3};
        rising.alpha = (double[]){0, begin, begin + 10};
        rising.eta = (double[]){0, 0, 10 * slope};
        rising.count -= begin == 0;
        rising.alpha += begin == 0;
        rising.eta += begin == 0;
        m.network.training.schedule = rising;
        const ordpar_integrate_options options = {.rtol = 1e-9,
                                                  .trained_blocks = 1,
                                                  .observer = keep_curve,
                                                  .context = eps_g,
                                                  .integrator = k < 4 ? ORDPAR_INTEGRATOR_CVODE
                                                                      : ORDPAR_INTEGRATOR_RADAU};
        check_ok(
            ordpar_integrate(&m.spectrum, &m.network, &m.start, at, COUNT, &options, NULL, &err),
            &err);
        for (size_t row = 0; row < COUNT; row++) {
            const double right = of_a_rising_rate(slope, s, fmax(at[row] - begin, 0));
            CHECK_CLOSE(eps_g[row], right, 1e-8, right, "from %g by %g, at %g", begin, slope,
                        at[row]);
        }
        m.network.training.schedule = (ordpar_schedule){0};
        clear_model(&m);
    }
}
