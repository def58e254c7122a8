// SPDX-License-Identifier: GPL-3.0-or-later
/* Trained outputs, weight decay and schedules in the simulators [13.5]. */
#include "simulation_support.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double table_alpha[] = {0.2, 0.6, 3}, table_eta[] = {0.9, 0.3, 0.5};

static const ordpar_schedule table = {
    .kind = ORDPAR_SCHEDULE_TABLE, .count = 3, .alpha = table_alpha, .eta = table_eta};

static test_model trained_model(size_t K, size_t M, long N, long L, double sigma_J,
                                const char *activation) {
    test_model m = make_model(K, M, N, L, 1, 0.8, sigma_J, activation, 3);
    for (size_t i = 0; i < K; i++)
        m.network.v[i] *= 1 + 0.3 * (double)(i % 3);
    m.network.label_noise = 0.2;
    m.network.training = (ordpar_training){.eta_v = 0.4, .weight_decay = 0.15, .schedule = table};
    return m;
}

/* Frees the model, but not the schedule, which is static here. */
static void clear_trained_model(test_model *m) {
    m->network.training.schedule = (ordpar_schedule){0};
    clear_model(m);
}

/* ---- steps ---- */

/* Linear between the rows, constant beyond: written for three rows. */
static double plain_eta(double alpha) {
    if (alpha <= table_alpha[0])
        return table_eta[0];
    for (size_t k = 0; k + 1 < 3; k++)
        if (alpha <= table_alpha[k + 1])
            return table_eta[k] + (table_eta[k + 1] - table_eta[k]) * (alpha - table_alpha[k]) /
                                      (table_alpha[k + 1] - table_alpha[k]);
    return table_eta[2];
}

/* One step after the other on the inputs that the run draws; v[K] is the outputs' start and end. */
static void plain_steps(const test_run *r, double *W, double *v, ordpar_run_head *head, int steps) {
    const ordpar_plan *p = &r->plan;
    const ordpar_network *net = p->simulation.network;
    const double N = p->simulation.spectrum->N;
    double *x = malloc(p->stride * sizeof *x), field[32];
    for (int step = 0; step < steps; step++) {
        const double eta = plain_eta(step / N);
        ordpar_normals_fill(&head->inputs, p->stride, p->scale, x);
        double delta = -ordpar_run_label_noise(p, head);
        for (size_t a = 0; a < p->units; a++) {
            field[a] = 0;
            for (size_t k = 0; k < p->count; k++)
                field[a] += W[a * p->stride + k] * x[k];
            delta += (a < p->K ? v[a] : -net->w[a - p->K]) *
                     ordpar_activation_value(net->activation, field[a]);
        }
        for (size_t i = 0; i < p->K; i++) {
            for (size_t k = 0; k < p->trained; k++)
                W[i * p->stride + k] =
                    (1 - net->training.weight_decay / N) * W[i * p->stride + k] -
                    eta * v[i] * delta * ordpar_activation_slope(net->activation, field[i]) * x[k];
            v[i] -= net->training.eta_v / N * delta *
                    ordpar_activation_value(net->activation, field[i]);
        }
    }
    free(x);
}

static void check_steps(size_t K, size_t M, const char *activation, size_t trained_blocks) {
    enum { STEPS = 170 }; /* not a multiple of the batch; alpha runs over the table */
    test_model m = trained_model(K, M, 60, 12, 0.5, activation);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    s.trained_blocks = trained_blocks;
    const bool whole = trained_blocks == 12; /* a frozen part that does not decay knows no batch */
    test_run single = start_run(&s, 2), plain = start_run(&s, 2);
    test_run batches = whole ? start_batches(&s, 2) : start_run(&s, 2);
    cr_assert_eq(K >= 25 && whole, single.plan.batch > 1, "K %zu", K);
    cr_assert(ordpar_run_advance(&single.plan, single.state, &single.work, STEPS));
    cr_assert((whole ? ordpar_run_advance_batches
                     : ordpar_run_advance)(&batches.plan, batches.state, &batches.work, STEPS));
    double *W = ordpar_run_rows(&single.plan, plain.state),
           *v = ordpar_run_outputs(&plain.plan, plain.state);
    plain_steps(&plain, W, v, plain.state, STEPS);
    for (size_t k = 0; k < (K + M) * single.plan.stride; k++) {
        CHECK_CLOSE(ordpar_run_rows(&single.plan, single.state)[k], W[k], TOL_LOOSE, 1,
                    "%s, K %zu, one by one", activation, K);
        CHECK_CLOSE(ordpar_run_rows(&single.plan, batches.state)[k], W[k], TOL_LOOSE, 1,
                    "%s, K %zu, batches", activation, K);
    }
    for (size_t i = 0; i < K; i++) {
        CHECK_CLOSE(ordpar_run_outputs(&single.plan, single.state)[i], v[i], TOL_LOOSE, 1, "v one");
        CHECK_CLOSE(ordpar_run_outputs(&single.plan, batches.state)[i], v[i], TOL_LOOSE, 1,
                    "v batches");
        cr_assert_gt(fabs(v[i] - m.network.v[i]), 1e-4, "v_%zu was not trained", i + 1);
    }
    clear_run(&single);
    clear_run(&plain);
    clear_run(&batches);
    clear_trained_model(&m);
}

Test(trained_runs, steps_are_those_of_the_plain_loops) {
    check_steps(2, 2, "erf", 12);
    check_steps(3, 1, "linear", 7);
    check_steps(7, 5, "erf", 7);
    check_steps(25, 2, "erf", 12); /* in batches */
    check_steps(25, 2, "erf", 7);  /* one by one: the frozen part does not decay */
}

/* ---- the law ---- */

/* The two methods give the same distribution of eps_g; without decay, or with fixed outputs, not.
 */
Test(trained_runs, sgd_and_overlap_agree) {
    enum { ROWS = 2, RUNS = 1000 };
    const double alpha[ROWS] = {2, 6};
    double *eps_g[4], a[RUNS], b[RUNS];
    for (int k = 0; k < 4; k++) {
        test_model m = trained_model(3, 2, 40, 4, 0.5, "erf");
        ordpar_simulation s =
            simulate_model(&m, k == 0 ? ORDPAR_METHOD_SGD : ORDPAR_METHOD_OVERLAP, 0.5);
        s.seed = 200 + (uint64_t)k;
        m.network.training.eta_v = 2;
        if (k == 2)
            m.network.training.weight_decay = 0;
        if (k == 3)
            m.network.training.eta_v = 0;
        eps_g[k] = malloc(ROWS * RUNS * sizeof *eps_g[k]);
        run_ensemble(&s, alpha, ROWS, RUNS, eps_g[k]);
        clear_trained_model(&m);
    }
    double least[4] = {1, 1, 1, 1};
    for (size_t row = 0; row < ROWS; row++)
        for (int other = 1; other < 4; other++) {
            memcpy(a, eps_g[0] + row * RUNS, sizeof a);
            memcpy(b, eps_g[other] + row * RUNS, sizeof b);
            least[other] = fmin(least[other], two_sample_probability(a, RUNS, b, RUNS));
        }
    cr_assert_gt(least[1], 0.005, "p = %g", least[1]);
    cr_assert_lt(least[2], 1e-4, "no power against the decay: p = %g", least[2]);
    cr_assert_lt(least[3], 1e-4, "no power against the outputs: p = %g", least[3]);
    for (int k = 0; k < 4; k++)
        free(eps_g[k]);
}

/* All of it at once, K = 3, M = 2, noise: every row within 3 standard errors of the equations. */
static void check_theory(ordpar_method method, long N, size_t runs) {
    enum { ROWS = 6 };
    const double alpha[ROWS] = {0, 0.5, 2, 6, 12, 20};
    test_model m = trained_model(3, 2, N, 4, 0.5, "erf");
    ordpar_simulation s = simulate_model(&m, method, 0.5);
    const size_t columns = ordpar_theory_columns(&s, ORDPAR_AGAINST_ODE, runs);
    double *eps_g = malloc(ROWS * (runs + columns) * sizeof *eps_g), *theory = eps_g + ROWS * runs;
    double *differences = malloc(runs * sizeof *differences);
    const ordpar_theory_options options = {.rtol = 1e-7, .atol = 1e-14, .threads = 2};
    ordpar_error err;
    run_ensemble(&s, alpha, ROWS, runs, eps_g);
    check_ok(ordpar_theory_curves(&s, alpha, ROWS, columns, &options, theory, &err), &err);
    for (size_t k = 0; k < ROWS; k++) {
        const ordpar_comparison row = ordpar_compare_row(
            runs, eps_g + k * runs, columns, theory + k * columns, 1e-6, 0, differences);
        cr_assert_leq(fabs(row.z), 3, "method %d, alpha = %g: theory %g, mean %g +- %g", method,
                      alpha[k], row.theory, row.mean, row.standard_error);
        if (k > 0)
            cr_assert_lt(row.standard_error / row.mean, 0.05, "the test has no power");
    }
    free(eps_g);
    free(differences);
    clear_trained_model(&m);
}

Test(trained_runs, agree_with_the_equations_of_motion, NUMBERS_ALONE) {
    check_theory(ORDPAR_METHOD_SGD, 800, 20);
    check_theory(ORDPAR_METHOD_OVERLAP, 4000, 40);
}

Test(trained_runs, the_exact_mean_at_finite_N_is_refused) {
    const double alpha[] = {1};
    double theory[1];
    test_model m = trained_model(1, 1, 40, 4, 0.5, "linear");
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    const ordpar_theory_options options = {
        .against = ORDPAR_AGAINST_FINITE_N, .rtol = 1e-7, .atol = 1e-14};
    ordpar_error err;
    cr_assert_eq(ordpar_theory_curves(&s, alpha, 1, 1, &options, theory, &err), ORDPAR_INVALID);
    m.network.training = (ordpar_training){0};
    check_ok(ordpar_theory_curves(&s, alpha, 1, 1, &options, theory, &err), &err);
    const double grids[][2] = {{NAN, 1}, {0, NAN}, {0, INFINITY}, {-1, 0}, {1, 0.5}};
    double of_grid[2];
    for (size_t k = 0; k < 2 * sizeof grids / sizeof *grids; k++) { /* of either theory */
        ordpar_theory_options o = options;
        o.against = k % 2 ? ORDPAR_AGAINST_ODE : ORDPAR_AGAINST_FINITE_N;
        o.at_alpha = k % 3 == 0;
        cr_assert_eq(ordpar_theory_curves(&s, grids[k / 2], 2, 1, &o, of_grid, &err),
                     ORDPAR_INVALID);
        cr_assert(strstr(err.message, "finite and ascending"), "%s", err.message);
    }
    m.network.training.weight_decay = 40;
    s.method = ORDPAR_METHOD_OVERLAP;
    ordpar_plan plan;
    cr_assert_eq(ordpar_plan_init(&s, &plan, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "below N = 40, got 40"), "%s", err.message);
    clear_model(&m);
}

/* ---- ensembles ---- */

static const double grid[] = {0, 0.51, 1.3, 3};

/* Stops after each row. */
static void raise_flag(void *context, size_t rows, size_t total) {
    (void)rows, (void)total;
    if (context)
        *(volatile sig_atomic_t *)context = 1;
}

static ordpar_status run_grid(const ordpar_simulation *s, const char *checkpoint,
                              volatile sig_atomic_t *stop, double *eps_g, size_t *rows,
                              ordpar_error *err) {
    const ordpar_ensemble_options options = {.runs = 3,
                                             .threads = 2,
                                             .checkpoint = checkpoint,
                                             .stop = stop,
                                             .progress = raise_flag,
                                             .context = (void *)stop};
    return ordpar_ensemble_run(s, grid, 4, &options, eps_g, rows, err);
}

/* A checkpoint carries the outputs, and belongs to its training. */
Test(trained_runs, go_on_from_a_checkpoint) {
    for (size_t K = 2; K <= 25; K += 23)
        for (int method = 0; method < 2; method++) {
            test_model m = trained_model(K, 2, 48, 6, 0.5, "erf");
            const ordpar_simulation s = simulate_model(&m, (ordpar_method)method, 0.5);
            double whole[12], pieces[12];
            size_t rows;
            ordpar_error err;
            char path[64];
            snprintf(path, sizeof path, "trained.%ld", (long)getpid());
            volatile sig_atomic_t stop;
            check_ok(run_grid(&s, NULL, NULL, whole, &rows, &err), &err);
            for (int k = 0; k < 3; k++) {
                stop = 0;
                cr_assert_eq(run_grid(&s, path, &stop, pieces, &rows, &err), ORDPAR_INTERRUPTED);
            }
            m.network.training.eta_v += 0.1;
            cr_assert_eq(run_grid(&s, path, NULL, pieces, &rows, &err), ORDPAR_PARSE);
            m.network.training.eta_v = 0.4;
            check_ok(run_grid(&s, path, NULL, pieces, &rows, &err), &err);
            cr_assert_eq(memcmp(whole, pieces, sizeof whole), 0, "K %zu, method %d", K, method);
            unlink(path);
            clear_trained_model(&m);
        }
}

Test(trained_runs, an_exploding_one_is_named_with_its_value) {
    test_model m = trained_model(2, 2, 48, 6, 0.5, "linear");
    m.network.training.eta_v = 1e60; /* beyond 1e100 in a step, still finite */
    const ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    const double alpha[] = {0, 3 / 48.};
    double eps_g[6];
    size_t rows;
    ordpar_error err;
    const ordpar_ensemble_options options = {.runs = 3, .threads = 1};
    cr_assert_eq(ordpar_ensemble_run(&s, alpha, 2, &options, eps_g, &rows, &err), ORDPAR_DIVERGED);
    cr_assert(strstr(err.message, "run 1 diverged at alpha = ") &&
                  strstr(err.message, "its eps_g is "),
              "%s", err.message);
    cr_assert_eq(rows, 1);
    clear_trained_model(&m);
}
