// SPDX-License-Identifier: GPL-3.0-or-later
/* The theories of comparisons: the recursion component by component; the equations as curve does.
 */
#include "simulation_support.h"
#include "spectra/forms/linear_finite_n.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>

/*
 * [6.5] from first principles: the mean of D_a D_b over the inputs, D = J* - B* with N components,
 * all N^2 of them. One step: D <- D - eta (D.x + noise) x, x_a = sqrt(lambda_a / N) g_a, with
 * Isserlis' theorem for the four x.
 */
static void moment_step(size_t N, const double *s, const double *rate, double noise, double *D,
                        double *next) {
    double square = noise * noise; /* E[(D.x + noise)^2] */
    for (size_t a = 0; a < N; a++)
        square += s[a] * D[a * N + a];
    for (size_t a = 0; a < N; a++)
        for (size_t b = 0; b < N; b++) {
            const double xx = a == b ? s[a] : 0; /* E[x_a x_b] */
            next[a * N + b] = D[a * N + b] * (1 - rate[a] * s[a] - rate[b] * s[b]) +
                              rate[a] * rate[b] * (xx * square + 2 * s[a] * s[b] * D[a * N + b]);
        }
    for (size_t k = 0; k < N * N; k++)
        D[k] = next[k];
}

static double moment_error(size_t N, const double *s, const double *D) {
    double sum = 0;
    for (size_t a = 0; a < N; a++)
        sum += s[a] * D[a * N + a] / 2;
    return sum;
}

Test(theory, finite_n_from_first_principles) {
    enum { N = 12, L = 4, TRAINED = 3, COUNT = 4, STEPS = 24 };
    test_model m = make_model(1, 1, N, L, 1, 0.7, 1, "linear", 1);
    const double alpha[COUNT] = {0, 0.5, 1, 2}, error[L] = {1.2, 0.7, 2, 0.4};
    double s[N], rate[N], D[N * N] = {0}, next[N * N], expected[COUNT], eps_g[COUNT];
    for (size_t a = 0; a < N; a++) {
        s[a] = m.spectrum.lambda[a / 3] / N;
        rate[a] = a / 3 < TRAINED ? 0.7 : 0;
        D[a * N + a] = error[a / 3];
    }
    for (size_t step = 0, row = 0; step <= STEPS; step++) {
        if (step == (size_t)(alpha[row] * N))
            expected[row++] = moment_error(N, s, D);
        moment_step(N, s, rate, 0.3, D, next);
    }
    ordpar_error err;
    check_ok(
        ordpar_linear_finite_n(&m.spectrum, 0.7, 0.3, TRAINED, error, alpha, COUNT, eps_g, &err),
        &err);
    for (size_t k = 0; k < COUNT; k++)
        CHECK_CLOSE(eps_g[k], expected[k], TOL_SUM, expected[k], "alpha %g", alpha[k]);
    clear_model(&m);
}

/* A given start with the mean overlaps is the mean over drawn starts. */
Test(theory, finite_n_of_a_given_start) {
    test_model m = make_model(3, 2, 40, 4, 1, 0.7, 0.5, "linear", 1);
    m.network.v[0] = 0.1, m.network.v[1] = -0.6, m.network.w[1] = 1.5;
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    const double alpha[] = {0, 1, 10};
    double drawn[3], given[3];
    const ordpar_theory_options options = {.against = ORDPAR_AGAINST_FINITE_N};
    ordpar_error err;
    check_ok(ordpar_theory_curves(&s, alpha, 3, 1, &options, drawn, &err), &err);
    ordpar_overlaps mean;
    check_ok(ordpar_overlaps_start(&m.spectrum, 3, 2, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, 0.5, 1,
                                   1, &mean, &err),
             &err);
    s.start = &mean;
    check_ok(ordpar_theory_curves(&s, alpha, 3, 1, &options, given, &err), &err);
    for (size_t k = 0; k < 3; k++)
        CHECK_CLOSE(given[k], drawn[k], TOL_TIGHT, drawn[k], "alpha %g", alpha[k]);
    double start;
    check_ok(ordpar_overlaps_error(&mean, &m.spectrum, &m.network, &start, &err), &err);
    CHECK_CLOSE(given[0], start, TOL_TIGHT, start, "the start's error");
    s.network = &m.network;
    m.network.activation = &ordpar_activation_erf;
    cr_assert_eq(ordpar_theory_curves(&s, alpha, 3, 1, &options, given, &err), ORDPAR_INVALID);
    ordpar_overlaps_clear(&mean);
    clear_model(&m);
}

/* Each run's own equations of motion, at the whole number of steps; equal values are one. */
Test(theory, equations_of_each_start) {
    enum { COUNT = 5, RUNS = 3 };
    test_model m = make_model(2, 2, 20, 4, 1, 0.7, 0.5, "erf", 17);
    const ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    const double alpha[COUNT] = {0.001, 0.002, 0.04, 0.061, 3}, steps[COUNT] = {0, 0, 1, 1, 60};
    double theory[COUNT * RUNS], eps_g[3];
    const ordpar_theory_options options = {
        .against = ORDPAR_AGAINST_ODE, .rtol = 1e-8, .atol = 1e-14, .threads = 2};
    ordpar_error err;
    cr_assert_eq(ordpar_theory_columns(&s, ORDPAR_AGAINST_ODE, RUNS), RUNS);
    check_ok(ordpar_theory_curves(&s, alpha, COUNT, RUNS, &options, theory, &err), &err);
    for (size_t r = 0; r < RUNS; r++) {
        const double grid[] = {0, 1 / 20., 3};
        ordpar_overlaps_clear(&m.start);
        check_ok(ordpar_simulation_start(&s, r + 1, &m.start, &err), &err);
        integrate_curve(&m, grid, 3, 1e-8, eps_g);
        for (size_t k = 0; k < COUNT; k++)
            CHECK_CLOSE(theory[k * RUNS + r], eps_g[steps[k] > 1 ? 2 : (size_t)steps[k]], TOL_EXACT,
                        1, "run %zu, alpha %g", r + 1, alpha[k]);
    }
    clear_model(&m);
}

/* Networks that reach their teachers: what both sides then say is below the floor, and not far. */
Test(theory, floor_is_above_the_rounding_of_both_sides) {
    enum { RUNS = 4 };
    const struct {
        char activation[12];
        size_t K;
        double sigma_J, eta;
        ordpar_init init;
    } cases[] = {{"relu", 1, 0.1, 0.5, ORDPAR_INIT_SAMPLED},
                 {"quadratic", 2, 1e-9, 0.01, ORDPAR_INIT_NEAR_TEACHER},
                 {"linear", 2, 0, 0.1, ORDPAR_INIT_NEAR_TEACHER},
                 {"linear", 2, 0.1, 0.5, ORDPAR_INIT_SAMPLED},
                 {"erf", 1, 0.1, 0.5, ORDPAR_INIT_SAMPLED}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        test_model m = make_model(cases[c].K, cases[c].K, 64, 1, 1, cases[c].eta, cases[c].sigma_J,
                                  cases[c].activation, 17);
        ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, cases[c].sigma_J);
        s.init = cases[c].init;
        const ordpar_theory_options options = {.rtol = 1e-8, .atol = 1e-14, .threads = 2};
        const double alpha = 2000, floor_ = ordpar_theory_floor(&s, &options);
        double theory[RUNS], eps_g[RUNS];
        ordpar_error err;
        const size_t columns = ordpar_theory_columns(&s, ORDPAR_AGAINST_ODE, RUNS);
        run_ensemble(&s, &alpha, 1, RUNS, eps_g);
        check_ok(ordpar_theory_curves(&s, &alpha, 1, columns, &options, theory, &err), &err);
        cr_assert(floor_ <
                      (s.init == ORDPAR_INIT_NEAR_TEACHER && cases[c].sigma_J == 0 ? 1e-29 : 1e-12),
                  "case %zu: floor %g", c, floor_);
        for (size_t r = 0; r < RUNS; r++)
            cr_assert(eps_g[r] >= 0 && eps_g[r] <= floor_ && theory[columns > 1 ? r : 0] <= floor_,
                      "case %zu: simulated %g, theory %g, floor %g", c, eps_g[r],
                      theory[columns > 1 ? r : 0], floor_);
        clear_model(&m);
    }
}

/* Steps of a large N are told apart: 1 - eta (2 - eta) alpha at alpha = 0, 2e-10, 5e-10, 1e-9. */
Test(theory, finite_n_tells_close_times_apart) {
    test_model m = make_model(1, 1, 1000000000000, 1, 1, 0.7, 1, "linear", 1);
    const ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_OVERLAP, 1);
    const double alpha[] = {0, 2e-10, 5e-10, 1e-9};
    double theory[4];
    const ordpar_theory_options options = {.against = ORDPAR_AGAINST_FINITE_N};
    ordpar_error err;
    check_ok(ordpar_theory_curves(&s, alpha, 4, 1, &options, theory, &err), &err);
    for (size_t k = 1; k < 4; k++)
        CHECK_CLOSE(1 - theory[k] / theory[0], 0.7 * 1.3 * alpha[k], 1e-4, alpha[k], "row %zu", k);
    clear_model(&m);
}
