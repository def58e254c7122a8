// SPDX-License-Identifier: GPL-3.0-or-later
/* The simulators' law: against the exact mean at finite N, against each other, against the ODE. */
#include "simulation_support.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>

/* The largest |z| of an ensemble against a theory; its rows into z. */
static double compare(const ordpar_simulation *s, ordpar_against against, const double *alpha,
                      size_t count, size_t runs, ordpar_comparison *rows) {
    const size_t columns = ordpar_theory_columns(s, against, runs);
    double *eps_g = malloc(count * runs * sizeof *eps_g);
    double *theory = malloc(count * columns * sizeof *theory);
    double *differences = malloc(runs * sizeof *differences), largest = 0;
    const ordpar_theory_options options = {
        .against = against, .rtol = 1e-8, .atol = 1e-14, .threads = 2};
    ordpar_error err;
    run_ensemble(s, alpha, count, runs, eps_g);
    check_ok(ordpar_theory_curves(s, alpha, count, columns, &options, theory, &err), &err);
    for (size_t k = 0; k < count; k++) {
        rows[k] = ordpar_compare_row(runs, eps_g + k * runs, columns, theory + k * columns, 1e-7, 0,
                                     differences);
        largest = fmax(largest, fabs(rows[k].z));
    }
    free(eps_g);
    free(theory);
    free(differences);
    return largest;
}

/* L = N, where the equations of motion are off by many standard errors. */
static void check_exact_mean(ordpar_method method) {
    enum { COUNT = 5, RUNS = 4000 };
    double alpha[COUNT];
    for (size_t k = 0; k < COUNT; k++)
        alpha[k] = (double)k;
    test_model m = make_model(1, 1, 32, 32, 1, 0.5, 0.5, "linear", 1);
    ordpar_simulation s = simulate_model(&m, method, 0.5);
    ordpar_comparison rows[COUNT];
    const double largest = compare(&s, ORDPAR_AGAINST_FINITE_N, alpha, COUNT, RUNS, rows);
    cr_assert_lt(largest, 4);
    for (size_t k = 1; k < COUNT; k++)
        cr_assert_lt(rows[k].standard_error / rows[k].mean, 0.02);
    s.start = &m.start;
    cr_assert_gt(compare(&s, ORDPAR_AGAINST_ODE, alpha, 3, 1000, rows), 6,
                 "the equations of motion for N -> infinity should not fit at L = N = 32");
    clear_model(&m);
}

Test(law, linear_mean_at_finite_N_sgd) {
    check_exact_mean(ORDPAR_METHOD_SGD);
}

Test(law, linear_mean_at_finite_N_overlap) {
    check_exact_mean(ORDPAR_METHOD_OVERLAP);
}

/* Several units with unequal output weights, label noise, a frozen tail, blocks of four, a batch.
 */
Test(law, linear_mean_at_finite_N_general) {
    const double alpha[] = {0.5, 1.5, 3};
    for (size_t K = 2; K <= 25; K += 23)
        for (int method = 0; method < 2; method++) {
            test_model m = make_model(K, 3, 48, 12, 1, 0.6, 0.5, "linear", 1);
            m.network.label_noise = 0.5;
            for (size_t i = 0; i < K; i++)
                m.network.v[i] =
                    (0.2 + 0.1 * (double)(i % 4) - (i == 1 ? 0.7 : 0)) * (K > 2 ? 0.3 : 1);
            m.network.w[1] = -0.3;
            ordpar_simulation s = simulate_model(&m, (ordpar_method)method, 0.5);
            s.trained_blocks = 9;
            s.start = &m.start;
            ordpar_comparison rows[3];
            const double largest = compare(&s, ORDPAR_AGAINST_FINITE_N, alpha, 3, 1500, rows);
            cr_assert_lt(largest, 4, "K %zu, method %d: %g", K, method, largest);
            clear_model(&m);
        }
}

/* The two methods give the same distribution of eps_g; other learning rates do not. */
Test(law, sgd_and_overlap_agree) {
    enum { COUNT = 4, RUNS = 2000 };
    const double alpha[COUNT] = {0.5, 1.5, 3, 5};
    double *eps_g[3], column[2][RUNS];
    for (int k = 0; k < 3; k++) {
        test_model m = make_model(3, 2, 40, 4, 1, k == 2 ? 1.1 : 1, 0.5, "erf", 1);
        ordpar_simulation s =
            simulate_model(&m, k == 0 ? ORDPAR_METHOD_SGD : ORDPAR_METHOD_OVERLAP, 0.5);
        s.seed = 100 + (uint64_t)k;
        eps_g[k] = malloc(COUNT * RUNS * sizeof *eps_g[k]);
        run_ensemble(&s, alpha, COUNT, RUNS, eps_g[k]);
        clear_model(&m);
    }
    double least = 1;
    for (size_t row = 0; row < COUNT; row++)
        for (int other = 1; other < 3; other++) {
            for (size_t r = 0; r < RUNS; r++) {
                column[0][r] = eps_g[0][row * RUNS + r];
                column[1][r] = eps_g[other][row * RUNS + r];
            }
            const double p = two_sample_probability(column[0], RUNS, column[1], RUNS);
            if (other == 1)
                cr_assert_gt(p, 0.005, "alpha = %g: p = %g", alpha[row], p);
            else
                least = fmin(least, p);
        }
    cr_assert_lt(least, 1e-4, "the test has no power: p = %g for another learning rate", least);
    for (int k = 0; k < 3; k++)
        free(eps_g[k]);
}

/* Mean teachers, and three students that lean towards them: vectors have it for n_b >= 5. */
static void set_start(test_model *m) {
    const double lean[3][2] = {{0.2, 0.1}, {0.1, 0.2}, {0.15, 0.15}};
    const size_t L = m->spectrum.L;
    for (size_t b = 0; b < L; b++) {
        const double p = m->spectrum.p[b];
        for (size_t n = 0; n < 4; n++)
            m->start.t[n * L + b] = n % 3 == 0 ? p : 0;
        for (size_t k = 0; k < 6; k++)
            m->start.r[k * L + b] = p * lean[k / 2][k % 2];
        for (size_t k = 0; k < 9; k++) {
            const double *a = lean[k / 3], *c = lean[k % 3];
            m->start.q[k * L + b] = p * (a[0] * c[0] + a[1] * c[1] + (k % 4 == 0 ? 0.1 : 0));
        }
    }
}

/* erf, K = 3, M = 2: N times the gap is the same number at two N, within its error. */
Test(law, gap_to_the_equations_of_motion_shrinks) {
    const double alpha[] = {5};
    const long sizes[] = {24, 72};
    double gap[2], error[2];
    for (int k = 0; k < 2; k++) {
        test_model m = make_model(3, 2, sizes[k], 4, 1, 3, 0.5, "erf", 1);
        set_start(&m);
        ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_OVERLAP, 0.5);
        s.start = &m.start;
        ordpar_comparison row;
        compare(&s, ORDPAR_AGAINST_ODE, alpha, 1, 2000, &row);
        gap[k] = (double)sizes[k] * (row.mean / row.theory - 1);
        error[k] = (double)sizes[k] * row.standard_error / row.theory;
        clear_model(&m);
    }
    cr_assert_gt(gap[0], 6 * error[0], "no gap: %g, error %g", gap[0], error[0]);
    CHECK_CLOSE(gap[1], gap[0], 3, hypot(error[0], error[1]), "N times the relative gap");
}
