// SPDX-License-Identifier: GPL-3.0-or-later
/* Runs with decaying teachers and what inputs do not show of them. */
#include "simulation_support.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>

static test_model make_teacher(size_t K, size_t M, long N, long L, double eta, const char *name,
                               double zeta, double unlearnable) {
    test_model m = make_model(K, M, N, L, 1, eta, 0.5, name, 1);
    ordpar_error err;
    double T_perp[9];
    for (size_t k = 0; k < M * M; k++)
        T_perp[k] = unlearnable * (k % (M + 1) ? 0.4 : 1);
    check_ok(ordpar_network_set_unlearnable(&m.network, T_perp, &err), &err);
    check_ok(ordpar_spectrum_set_teacher_decay(&m.spectrum, zeta, &err), &err);
    return m;
}

/* [15.7], [15.8]: the exact mean of linear units, at K = 25 in batches. */
Test(teachers, unlearnable_runs_have_the_exact_mean) {
    enum { COUNT = 3, RUNS = 1500 };
    const double alpha[COUNT] = {0.5, 1.5, 3};
    for (size_t K = 2; K <= 25; K += 23)
        for (int method = 0; method < 2; method++) {
            static double eps_g[COUNT * RUNS], theory[COUNT], difference[RUNS];
            test_model m = make_teacher(K, 3, 48, 12, 0.5, "linear", 1, 0.3);
            m.network.label_noise = 0.2;
            for (size_t i = 0; i < K; i++)
                m.network.v[i] = 1 / sqrt((double)K);
            ordpar_simulation s = simulate_model(&m, (ordpar_method)method, 0.5);
            ordpar_error err;
            const ordpar_theory_options options = {
                .against = ORDPAR_AGAINST_FINITE_N, .rtol = 1e-8, .atol = 1e-14, .threads = 2};
            run_ensemble(&s, alpha, COUNT, RUNS, eps_g);
            check_ok(ordpar_theory_curves(&s, alpha, COUNT, 1, &options, theory, &err), &err);
            for (size_t k = 0; k < COUNT; k++) {
                const ordpar_comparison row =
                    ordpar_compare_row(RUNS, eps_g + k * RUNS, 1, theory + k, 1e-7, 0, difference);
                cr_assert(fabs(row.z) < 4 && row.standard_error < 0.03 * row.mean,
                          "K %zu, method %d, alpha %g: z = %g", K, method, alpha[k], row.z);
            }
            clear_model(&m);
        }
}

/* Both methods draw from one law; a teacher that decays otherwise, or shows all, has another. */
Test(teachers, unlearnable_runs_of_both_methods_follow_one_law) {
    enum { COUNT = 3, RUNS = 2000, KINDS = 4 };
    const double alpha[COUNT] = {0.5, 2, 5};
    static const struct {
        int method;
        double zeta, unlearnable;
    } kinds[KINDS] = {{0, 1.5, 0.2}, {1, 1.5, 0.2}, {1, 1, 0.2}, {1, 1.5, 0.15}};
    static double eps_g[KINDS][COUNT * RUNS], column[2][RUNS];
    double least[KINDS] = {1, 1, 1, 1};
    for (int k = 0; k < KINDS; k++) {
        test_model m = make_teacher(3, 2, 40, 4, 1, "erf", kinds[k].zeta, kinds[k].unlearnable);
        ordpar_simulation s = simulate_model(&m, (ordpar_method)kinds[k].method, 0.5);
        s.seed = 200 + (uint64_t)k;
        run_ensemble(&s, alpha, COUNT, RUNS, eps_g[k]);
        clear_model(&m);
        for (size_t row = 0; row < COUNT && k > 0; row++) {
            for (size_t r = 0; r < RUNS; r++) {
                column[0][r] = eps_g[0][row * RUNS + r];
                column[1][r] = eps_g[k][row * RUNS + r];
            }
            least[k] = fmin(least[k], two_sample_probability(column[0], RUNS, column[1], RUNS));
        }
    }
    cr_assert_gt(least[1], 0.005, "p = %g", least[1]);
    for (int k = 2; k < KINDS; k++)
        cr_assert_lt(least[k], 1e-4, "no power against kind %d: p = %g", k, least[k]);
}

/* [13.9], [13.10], [13.7]: the equations of motion of a decaying teacher with a hidden part beside
 * runs, in batches of 3, of half of N, and with momentum; power: T_perp left out. */
Test(teachers, unlearnable_runs_in_batches_and_with_momentum_agree_with_the_equations) {
    enum { COUNT = 3, RUNS = 28 };
    static const ordpar_training trainings[] = {
        {.batch = 3},
        {.batch_fraction = 0.5},
        {.momentum = {.weight = 0.6, .damping = 3, .fades = true, .alpha_0 = 0.5}},
        {.batch = 2, .momentum = {.weight = 0.5, .damping = 2}}};
    const double alpha[COUNT] = {1, 4, 12};
    for (size_t k = 0; k < 2 * sizeof trainings / sizeof *trainings; k++) {
        static double eps_g[COUNT * RUNS], theory[COUNT * RUNS], difference[RUNS];
        test_model m = make_teacher(3, 2, 600, 4, 0.6, "erf", 1, 0.3);
        m.network.training = trainings[k / 2];
        ordpar_simulation s = simulate_model(&m, (ordpar_method)(k % 2), 0.5);
        ordpar_error err;
        const ordpar_theory_options options = {.rtol = 1e-7, .atol = 1e-14, .threads = 2};
        double least = INFINITY;
        run_ensemble(&s, alpha, COUNT, RUNS, eps_g);
        for (int wrong = 0; wrong < 2; wrong++) {
            if (wrong)
                check_ok(ordpar_network_set_unlearnable(&m.network, NULL, &err), &err);
            check_ok(ordpar_theory_curves(&s, alpha, COUNT, RUNS, &options, theory, &err), &err);
            for (size_t row = 0; row < COUNT; row++) {
                const ordpar_comparison c = ordpar_compare_row(
                    RUNS, eps_g + row * RUNS, RUNS, theory + row * RUNS, 1e-6, 0, difference);
                if (wrong)
                    least = fmin(least, fabs(c.z));
                else
                    cr_expect_lt(fabs(c.z), 4, "case %zu, alpha %g: theory %g, mean %g +- %g", k,
                                 alpha[row], c.theory, c.mean, c.standard_error);
            }
        }
        cr_expect_gt(least, 10, "case %zu: no power, %g", k, least);
        clear_model(&m);
    }
}
