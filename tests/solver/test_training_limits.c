// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Trained outputs, weight decay and schedules [13.x]: closed forms, deviation coordinates, steps,
 * and what is refused.
 */
#include "spectra/forms/linear.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum { ROWS = 40 };

/* with a spike that long steps would miss */
static double table_alpha[] = {1, 5, 5.5, 20, 60, 100, 100.1, 100.2},
              table_eta[] = {0.2, 1, 0.3, 0.3, 0.05, 0.05, 6, 0.05};

static const ordpar_schedule table = {
    .kind = ORDPAR_SCHEDULE_TABLE, .count = 8, .alpha = table_alpha, .eta = table_eta};

static const ordpar_schedule power = {.kind = ORDPAR_SCHEDULE_POWER, .gamma = 0.6, .alpha_0 = 30};

/* Frees the model, but not the schedule, which is static here. */
static void clear_training_model(test_model *m) {
    m->network.training.schedule = (ordpar_schedule){0};
    clear_model(m);
}

/* ---- closed forms ---- */

/* One linear unit with decay stops where eta lambda (t - r) = kappa r: ridge regression, and above
 * it what the noise of the steps keeps up, to all orders in eta. */
static double ridge_error(const test_model *m) {
    const double eta = m->network.eta, kappa = m->network.training.weight_decay;
    const double s2 = m->network.label_noise * m->network.label_noise;
    double bias = 0, gain = 0; /* eps_g = bias + gain (2 eps_g + s^2) */
    for (size_t b = 0; b < m->spectrum.L; b++) {
        const double lambda = m->spectrum.lambda[b], x = eta * lambda / (eta * lambda + kappa);
        bias += lambda * m->start.t[b] * (1 - x) * (1 - x) / 2;
        gain += lambda * x * eta * m->spectrum.p[b] / 4;
    }
    return (bias + gain * s2) / (1 - 2 * gain);
}

Test(training, decay_of_a_linear_unit_ends_in_ridge_regression) {
    const double rtol = 1e-9, alpha[] = {1e7};
    for (long L = 1; L <= 64; L *= 8)
        for (int noise = 0; noise < 2; noise++) {
            double eps_g[1];
            test_model m = make_model(1, 1, 4 * L, L, 1, 0.8, 0.5, "linear", 3);
            m.network.label_noise = noise;
            m.network.training.weight_decay = 0.02;
            const double exact = ridge_error(&m);
            integrate_curve(&m, alpha, 1, rtol, eps_g);
            CHECK_CLOSE(eps_g[0], exact, 10 * rtol, exact, "L = %ld, noise %d", L, noise);
            clear_model(&m);
        }
}

/* At small eta only the integral of eta counts: the closed form at another alpha, to any depth. */
Test(training, a_power_schedule_rescales_alpha_at_small_eta) {
    enum { COUNT = 30, BLOCKS = 8 };
    const double rtol = 1e-8, eta = 0.5, gamma = power.gamma, alpha_0 = power.alpha_0;
    double alpha[COUNT], rescaled[COUNT], exact[COUNT], eps_g[COUNT], error[BLOCKS];
    ordpar_error err;
    log_grid(0.1, 3e6, COUNT, alpha);
    for (size_t k = 0; k < COUNT; k++)
        rescaled[k] = alpha_0 / (1 - gamma) * (pow(1 + alpha[k] / alpha_0, 1 - gamma) - 1);
    test_model m = make_model(1, 1, 256, BLOCKS, 1, eta, 0.05, "linear", 3);
    m.network.small_eta = true;
    m.network.training.schedule = power;
    for (size_t b = 0; b < BLOCKS; b++)
        error[b] = (m.start.q[b] - 2 * m.start.r[b] + m.start.t[b]) / m.spectrum.p[b];
    check_ok(ordpar_linear_small_eta(&m.spectrum, eta, BLOCKS, error, rescaled, COUNT, exact, &err),
             &err);
    integrate_curve(&m, alpha, COUNT, rtol, eps_g);
    for (size_t k = 0; k < COUNT; k++)
        CHECK_CLOSE(eps_g[k], exact[k], 10 * rtol, exact[k], "alpha = %g", alpha[k]);
    cr_assert_lt(exact[COUNT - 1], 1e-100, "the case must be deep: %g", exact[COUNT - 1]);
    clear_training_model(&m);
}

/* ---- deviation coordinates, cost ---- */

static ordpar_integrate_stats integrate_with_stats(test_model *m, double rtol, const double *alpha,
                                                   size_t count, double *eps_g) {
    ordpar_integrate_stats stats;
    integrate_both_ways(m, m->spectrum.L, alpha, count, rtol, eps_g, &stats);
    return stats;
}

/* Schedules go with deviation coordinates, to any depth; decay and trained outputs keep out of
 * them, also where eps_g becomes small. */
Test(training, schedules_alone_go_with_deviation_coordinates) {
    const ordpar_training trainings[] = {
        {.schedule = power}, {.schedule = table}, {.eta_v = 0.1}, {.weight_decay = 1e-9}};
    const double rtol = 1e-7;
    for (size_t k = 0; k < 4; k++) {
        double alpha[ROWS], eps_g[2][ROWS];
        ordpar_integrate_stats stats;
        log_grid(0.1, k == 0 ? 1e7 : 5e4, ROWS, alpha);
        for (int tight = 0; tight < 2; tight++) {
            test_model m = make_model(2, 2, 256, 2, 1, 0.5, 0.1, "erf", 1);
            m.network.training = trainings[k];
            stats = integrate_with_stats(&m, tight ? rtol / 1000 : rtol, alpha, ROWS, eps_g[tight]);
            clear_training_model(&m);
        }
        cr_assert_eq(k < 2, stats.deviations_from < INFINITY, "training %zu", k);
        for (size_t row = 0; row < ROWS; row++)
            if (eps_g[1][row] > 1e-280)
                CHECK_CLOSE(eps_g[0][row], eps_g[1][row], 1,
                            fmax(10 * rtol * eps_g[1][row], k < 2 ? 0 : 1e-13),
                            "training %zu, alpha = %g", k, alpha[row]);
        cr_assert_lt(eps_g[1][ROWS - 1], k < 2 ? 1e-20 : 1e-8, "training %zu: %g", k,
                     eps_g[1][ROWS - 1]);
    }
}

static ordpar_integrate_stats count_steps(ordpar_integrator_choice integrator, long L,
                                          const ordpar_training *training) {
    const double alpha[] = {1e4};
    double eps_g[1];
    ordpar_integrate_stats stats;
    ordpar_error err;
    test_model m = make_model(2, 2, 1024, L, 1, 0.5, 0.1, "erf", 1);
    const ordpar_integrate_options options = {.rtol = 1e-8,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = (size_t)L,
                                              .observer = keep_curve,
                                              .context = eps_g,
                                              .integrator = integrator};
    if (training)
        m.network.training = *training;
    check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 1, &options, &stats, &err),
             &err);
    clear_training_model(&m);
    return stats;
}

/* Exact Newton steps: one iteration a step of CVODE, less than four of Radau IIA, and as many steps
 * as without training, at any L. */
Test(training, steps_do_not_suffer, NUMBERS_ALONE) {
    const ordpar_training all = {.eta_v = 0.3, .weight_decay = 1e-4, .schedule = power};
    for (int by = ORDPAR_INTEGRATOR_CVODE; by <= ORDPAR_INTEGRATOR_RADAU; by++)
        for (long L = 4; L <= 1024; L *= 16) {
            const ordpar_integrator_choice integrator = (ordpar_integrator_choice)by;
            const ordpar_integrate_stats plain = count_steps(integrator, L, NULL),
                                         trained = count_steps(integrator, L, &all);
            const double most = by == ORDPAR_INTEGRATOR_RADAU ? 4 : 1.05;
            cr_assert_lt((double)trained.newton_iterations, most * (double)trained.steps,
                         "method %d, L = %ld", by, L);
            cr_assert_lt((double)trained.steps, 1.5 * (double)plain.steps,
                         "method %d, L = %ld: %ld and %ld", by, L, trained.steps, plain.steps);
        }
}

/* ---- what a person can get wrong ---- */

Test(training, an_exploding_curve_is_named_with_its_value) {
    const double alpha[] = {0, 100};
    double eps_g[2];
    ordpar_error err;
    test_model m = make_model(2, 2, 64, 4, 1, 0.5, 0.5, "linear", 1);
    m.network.training.schedule = (ordpar_schedule){.kind = ORDPAR_SCHEDULE_TABLE,
                                                    .count = 2,
                                                    .alpha = (double[]){0, 50},
                                                    .eta = (double[]){0.1, 50}};
    const ordpar_integrate_options settings = {
        .rtol = 1e-6, .atol = 0, .trained_blocks = 4, .observer = keep_curve, .context = eps_g};
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 2, &settings, NULL, &err),
        ORDPAR_DIVERGED);
    cr_assert(strstr(err.message, "passes 1e+100 at alpha = "), "%s", err.message);
    clear_training_model(&m);
}

Test(training, refuses_what_is_out_of_range) {
    const double good[] = {1, 2}, fall[] = {2, 1}, thrice[] = {2, 2, 2}, three[] = {1, 2, 3},
                 endless[] = {1, INFINITY}, negative[] = {1, -1};
    const struct {
        ordpar_training training;
        char words[32];
    } cases[] = {
        {{.eta_v = -1}, "eta_v must"},
        {{.eta_v = NAN}, "eta_v must"},
        {{.weight_decay = -1}, "weight decay"},
        {{.weight_decay = INFINITY}, "weight decay"},
        {{.schedule = {ORDPAR_SCHEDULE_POWER, -1, 1, 0, NULL, NULL, 0}}, "gamma"},
        {{.schedule = {ORDPAR_SCHEDULE_POWER, 1, 0, 0, NULL, NULL, 0}}, "alpha_0"},
        {{.schedule = {ORDPAR_SCHEDULE_TABLE, 0, 0, 0, NULL, NULL, 0}}, "no rows"},
        {{.schedule = {ORDPAR_SCHEDULE_TABLE, 0, 0, 2, (double *)fall, (double *)good, 0}},
         "row 2"},
        {{.schedule = {ORDPAR_SCHEDULE_TABLE, 0, 0, 3, (double *)thrice, (double *)three, 0}},
         "row 3"},
        {{.schedule = {ORDPAR_SCHEDULE_TABLE, 0, 0, 2, (double *)endless, (double *)good, 0}},
         "row 2"},
        {{.schedule = {ORDPAR_SCHEDULE_TABLE, 0, 0, 2, (double *)good, (double *)negative, 0}},
         "eta"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ordpar_error err;
        cr_assert_eq(ordpar_training_check(&cases[k].training, &err), ORDPAR_INVALID, "case %zu",
                     k);
        cr_assert(strstr(err.message, cases[k].words), "case %zu: %s", k, err.message);
    }
}

Test(training, schedules_have_their_values_and_kinks) {
    CHECK_CLOSE(ordpar_schedule_eta(&power, 0.5, 0), 0.5, TOL_EXACT, 0.5, "power at 0");
    CHECK_CLOSE(ordpar_schedule_eta(&power, 0.5, 90), 0.5 * pow(4, -0.6), TOL_EXACT, 0.5, "power");
    CHECK_CLOSE(ordpar_schedule_eta(&power, 0.5, 1e300), 0.5 * pow(1e300 / 30, -0.6), TOL_SUM,
                1e-180, "power far out");
    const double at[] = {0, 1, 3, 5, 5.25, 100.1, 1e9}, eta[] = {0.2, 0.2, 0.6, 1, 0.65, 6, 0.05};
    for (size_t k = 0; k < 7; k++)
        CHECK_CLOSE(ordpar_schedule_eta(&table, 0.5, at[k]), eta[k], TOL_TIGHT, 1, "at %g", at[k]);
    cr_assert_eq(ordpar_schedule_next_kink(&table, 0), 1);
    cr_assert_eq(ordpar_schedule_next_kink(&table, 1), 5);
    cr_assert(isinf(ordpar_schedule_next_kink(&table, 100.2)));
    cr_assert(isinf(ordpar_schedule_next_kink(&power, 0)));
}
