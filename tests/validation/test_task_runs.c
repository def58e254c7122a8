// SPDX-License-Identifier: GPL-3.0-or-later
/* Several tasks in the simulators: the very update rule, and its mean step in law. */
#include "simulation_support.h"
#include "solver/motion/state.h"
#include "solver/motion/trained_outputs.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { K = 3, M = 2 };

static test_model task_model(long N, long L, const char *activation, size_t tasks) {
    test_model m = make_model(K, M, N, L, 1, 0.6, 0.5, activation, 4);
    m.network.label_noise = 0.3;
    if (tasks)
        give_tasks(&m, tasks, false, 90);
    return m;
}

/* ---- the update rule, in plain loops ---- */

/* One example of its task, whose gradients are added to A[K][stride] and dv[heads][K]. */
static void plain_example(const test_run *r, const double *v, ordpar_run_head *head, double *A,
                          double *dv) {
    const ordpar_plan *p = &r->plan;
    const ordpar_network *net = p->simulation.network;
    const ordpar_tasks *t = &net->training.tasks;
    const double *W = ordpar_run_rows(p, head);
    double *x = malloc(p->stride * sizeof *x), field[K + M] = {0};
    const gsl_rng rng = ordpar_random_gsl(ordpar_run_task_stream(p, head));
    const double alpha = (double)head->steps / p->simulation.spectrum->N;
    double u = gsl_rng_uniform(&rng);
    size_t row = 0, task = 0;
    while (row + 1 < t->steps && t->alpha[row + 1] <= alpha)
        row++;
    while (u >= t->probability[row * t->count + task])
        u -= t->probability[row * t->count + task++];
    ordpar_normals_fill(&head->inputs, p->stride, p->scale, x);
    double delta = -ordpar_run_label_noise(p, head);
    for (size_t a = 0; a < K + M; a++) {
        for (size_t k = 0; k < p->count; k++)
            field[a] += W[a * p->stride + k] * x[k];
        delta += (a < K ? v[task * p->width + a] : -net->w[task * M + a - K]) *
                 ordpar_activation_value(net->activation, field[a]);
    }
    for (size_t i = 0; i < K; i++) {
        for (size_t k = 0; k < p->trained; k++)
            A[i * p->stride + k] += v[task * p->width + i] * delta *
                                    ordpar_activation_slope(net->activation, field[i]) * x[k];
        dv[task * K + i] += delta * ordpar_activation_value(net->activation, field[i]);
    }
    free(x);
}

static void plain_step(const test_run *r, ordpar_run_head *head) {
    const ordpar_plan *p = &r->plan;
    const ordpar_network *net = p->simulation.network;
    const double N = p->simulation.spectrum->N, B = (double)p->examples;
    double *W = ordpar_run_rows(p, head), *v = ordpar_run_outputs(p, head);
    double *A = calloc(K * p->stride, sizeof *A), dv[4 * K] = {0};
    for (size_t k = 0; k < p->examples; k++)
        plain_example(r, v, head, A, dv);
    for (size_t k = 0; k < K * p->stride; k++)
        W[k] -= net->eta * A[k] / B;
    for (size_t k = 0; k < p->heads * K; k++)
        v[k / K * p->width + k % K] -= net->training.eta_v / N * dv[k] / B;
    head->steps++;
    free(A);
}

Test(task_runs, steps_are_those_of_the_plain_loops) {
    enum { STEPS = 400 }; /* over the step of the probabilities at alpha = 3 */
    for (size_t batch = 1; batch <= 3; batch += 2) {
        test_model m = task_model(60, 12, "erf", 3);
        m.network.training.eta_v = 0.4;
        m.network.training.batch = batch;
        const ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
        test_run run = start_run(&s, 2), plain = start_run(&s, 2);
        cr_assert(ordpar_run_advance(&run.plan, run.state, &run.work, STEPS));
        for (int step = 0; step < STEPS; step++)
            plain_step(&plain, plain.state);
        const double *W = ordpar_run_rows(&run.plan, run.state),
                     *plain_W = ordpar_run_rows(&run.plan, plain.state);
        for (size_t k = 0; k < (K + M) * run.plan.stride; k++)
            CHECK_CLOSE(W[k], plain_W[k], TOL_LOOSE, 1, "batch %zu", batch);
        for (size_t k = 0; k < 3 * K; k++) {
            const size_t at = k / K * run.plan.width + k % K;
            const double v = ordpar_run_outputs(&run.plan, run.state)[at];
            CHECK_CLOSE(v, ordpar_run_outputs(&run.plan, plain.state)[at], TOL_LOOSE, 1, "v");
            cr_assert_gt(fabs(v - m.network.v[k]), 1e-4, "head %zu was not trained", k / K + 1);
        }
        clear_run(&run);
        clear_run(&plain);
        clear_model(&m);
    }
}

/* ---- the mean of one step, against the equations of motion ---- */

enum { MOST = 200 };

/* r, q packed and the heads, as the state has them in one chunk. */
static void state_of(test_run *r, const ordpar_flow *flow, double *y) {
    ordpar_overlaps o = overlaps_of(r);
    ordpar_flow_pack(flow, &(ordpar_flow_start){.overlaps = &o}, y);
    ordpar_overlaps_clear(&o);
    for (size_t k = 0; k < flow->outputs; k++)
        y[flow->S * flow->L + k] =
            ordpar_run_outputs(&r->plan, r->state)[k / K * r->plan.width + k % K];
}

static void equations(const test_model *m, const ordpar_flow *flow, const double *y, double *dy) {
    double order_1[MOST], c[(K + M) * (K + M)];
    ordpar_error err;
    ordpar_coefficients co;
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(&m->network);
    check_ok(ordpar_coefficients_init(K, M, &co, &err), &err);
    ordpar_overlaps_fields(&m->start, &m->spectrum, &m->network, c);
    ordpar_flow_moment(flow, y, order_1);
    ordpar_covariance_set(K, M, order_1, c);
    cr_assert(ordpar_coefficients_evaluate(&m->network, c, work, &co));
    ordpar_flow_apply(flow, &co, y, dy);
    ordpar_outputs_flow(&m->network, c, work, dy + flow->S * flow->L);
    ordpar_coefficients_clear(&co);
    ordpar_coefficient_work_free(work);
}

/* Sums of N (y after one step - y before), and of the squares, over runs from one state. */
static void sample_steps(test_run *r, const ordpar_flow *flow, int runs, double *sum,
                         double *square) {
    const double N = r->plan.simulation.spectrum->N;
    void *kept = memcpy(aligned_alloc(64, r->plan.state_size), r->state, r->plan.state_size);
    double before[MOST], after[MOST];
    state_of(r, flow, before);
    for (int k = 0; k < runs; k++) {
        memcpy(r->state, kept, r->plan.state_size);
        ordpar_run_head *head = r->state;
        const uint64_t run = (uint64_t)k + 10;
        ordpar_normals_init(&head->inputs, 5, run, ORDPAR_RANDOM_INPUTS, 0);
        ordpar_random_init(&head->radii, 5, run, ORDPAR_RANDOM_INPUTS, 2);
        ordpar_random_init(&head->labels, 5, run, ORDPAR_RANDOM_LABELS, 0);
        ordpar_random_init(ordpar_run_task_stream(&r->plan, head), 5, run, ORDPAR_RANDOM_LABELS, 2);
        cr_assert(ordpar_run_advance(&r->plan, r->state, &r->work, head->steps + 1));
        state_of(r, flow, after);
        for (size_t y = 0; y < ordpar_flow_size(flow); y++) {
            const double moved = N * (after[y] - before[y]);
            sum[y] += moved;
            square[y] += moved * moved;
        }
    }
    memcpy(r->state, kept, r->plan.state_size);
    free(kept);
}

/* All overlaps and heads; the largest |z| at alpha = 3, where the second row holds. row: the one
 * that the equations take. */
static double largest_z(const char *activation, ordpar_method method, long N, int runs,
                        size_t batch, size_t row) {
    test_model m = task_model(N, 2, activation, 3);
    m.network.training.eta_v = 0.5;
    m.network.training.batch = batch;
    const ordpar_simulation s = simulate_model(&m, method, 0.5);
    test_run r = start_run(&s, 1);
    ordpar_flow flow;
    ordpar_error err;
    double before[MOST], sum[MOST] = {0}, square[MOST] = {0}, dy[MOST];
    ((ordpar_run_head *)r.state)->steps = 3 * (uint64_t)N;
    ordpar_overlaps own = overlaps_of(&r);
    ordpar_overlaps_copy(&own, &m.start);
    ordpar_overlaps_clear(&own);
    ordpar_flow_start from = {.overlaps = &m.start};
    check_ok(
        ordpar_flow_init(&m.spectrum, &m.network, &ordpar_state_overlaps, 2, &from, &flow, &err),
        &err);
    cr_assert_leq(ordpar_flow_size(&flow), MOST);
    state_of(&r, &flow, before);
    sample_steps(&r, &flow, runs, sum, square);
    m.network.training.tasks.present = row;
    equations(&m, &flow, before, dy);
    const double largest = largest_mean_z(ordpar_flow_size(&flow), runs, sum, square, dy);
    ordpar_flow_clear(&flow);
    clear_run(&r);
    clear_model(&m);
    return largest;
}

Test(task_runs, mean_step_is_that_of_the_equations, NUMBERS_ALONE) {
    static const char *const activations[] = {"erf", "relu"};
    for (size_t g = 0; g < 2; g++) {
        cr_expect_lt(largest_z(activations[g], ORDPAR_METHOD_OVERLAP, 100000, 40000, 1, 1), 4);
        cr_expect_lt(largest_z(activations[g], ORDPAR_METHOD_OVERLAP, 100000, 20000, 3, 1), 4);
        cr_expect_lt(largest_z(activations[g], ORDPAR_METHOD_SGD, 4000, 5000, 1, 1), 4);
    }
    cr_expect_gt(largest_z("erf", ORDPAR_METHOD_OVERLAP, 100000, 40000, 1, 0), 8, "no power");
}

/* ---- the law ---- */

/* The two methods give the same distribution of each task's eps_g; other probabilities do not. */
Test(task_runs, sgd_and_overlap_agree) {
    enum { RUNS = 1000, CURVES = 3 };
    const double alpha[] = {6};
    double eps_g[3][CURVES * RUNS];
    for (int k = 0; k < 3; k++) {
        test_model m = task_model(40, 4, "erf", 2);
        ordpar_simulation s =
            simulate_model(&m, k == 0 ? ORDPAR_METHOD_SGD : ORDPAR_METHOD_OVERLAP, 0.5);
        s.seed = 300 + (uint64_t)k;
        if (k == 2)
            m.network.training.tasks.steps = 1; /* no change at alpha = 3 */
        run_ensemble(&s, alpha, 1, RUNS, eps_g[k]);
        clear_model(&m);
    }
    double least = 1;
    for (int curve = 0; curve < CURVES; curve++) {
        double first[RUNS];
        memcpy(first, eps_g[0] + curve * RUNS, sizeof first);
        const double p = two_sample_probability(first, RUNS, eps_g[1] + curve * RUNS, RUNS);
        cr_expect_gt(p, 0.005, "curve %d: p = %g", curve, p);
        least = fmin(least, two_sample_probability(first, RUNS, eps_g[2] + curve * RUNS, RUNS));
    }
    cr_expect_lt(least, 1e-3, "no power: p = %g", least);
}

/* All curves of runs against the equations, within 4 standard errors. */
static void check_theory(const test_model *m, ordpar_method method, const double *alpha,
                         size_t count, size_t runs) {
    ordpar_simulation s = simulate_model(m, method, 0.5);
    const size_t rows = count * ordpar_simulation_curves(&s);
    double *eps_g = malloc(rows * (runs + 1) * sizeof *eps_g), *theory = eps_g + rows * runs;
    double *differences = malloc(runs * sizeof *differences);
    const ordpar_theory_options options = {.rtol = 1e-7, .atol = 1e-14, .threads = 2};
    ordpar_error err;
    s.start = &m->start; /* one theory for all runs */
    run_ensemble(&s, alpha, count, runs, eps_g);
    check_ok(ordpar_theory_curves(&s, alpha, count, 1, &options, theory, &err), &err);
    for (size_t k = 0; k < rows; k++) {
        const ordpar_comparison row =
            ordpar_compare_row(runs, eps_g + k * runs, 1, theory + k, 1e-6, 0, differences);
        cr_expect_leq(fabs(row.z), 4, "%s, method %d, curve %zu: theory %g, mean %g +- %g",
                      m->network.activation->name, method, k, row.theory, row.mean,
                      row.standard_error);
        cr_expect_lt(row.standard_error / row.mean, 0.05, "the test has no power");
    }
    free(eps_g);
    free(differences);
}

Test(task_runs, agree_with_the_equations_of_motion, NUMBERS_ALONE) {
    static const char *const activations[] = {"erf", "relu"};
    const double alpha[] = {0, 2, 5, 10};
    for (size_t g = 0; g < 2; g++)
        for (int method = 0; method < 2; method++)
            for (int trained = 0; trained < 2; trained++) {
                test_model m = task_model(600, 4, activations[g], 2);
                m.network.training.eta_v = trained ? 0.3 : 0;
                if (trained)
                    m.network.training.momentum =
                        (ordpar_momentum){.weight = 0.3, .damping = 3, .fades = true, .alpha_0 = 1};
                check_theory(&m, (ordpar_method)method, alpha, 4, 30);
                clear_model(&m);
            }
}

Test(task_runs, large_batches_agree_with_the_map) {
    const double alpha[] = {0, 2, 5, 10};
    for (int method = 0; method < 2; method++) {
        test_model m = task_model(600, 4, "erf", 2);
        m.network.training.batch_fraction = 0.5;
        check_theory(&m, (ordpar_method)method, alpha, 4, 30);
        clear_model(&m);
    }
}
