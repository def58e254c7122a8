// SPDX-License-Identifier: GPL-3.0-or-later
/* Momentum and batches in the simulators: the very update rule, and its mean step in law. */
#include "simulation_support.h"
#include "solver/motion/state_momentum.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static test_model momentum_model(size_t K, size_t M, long N, long L, const char *activation) {
    test_model m = make_model(K, M, N, L, 1, 0.6, 0.5, activation, 4);
    for (size_t i = 0; i < K; i++)
        m.network.v[i] = 0.3 + 0.1 * (double)i;
    m.network.label_noise = 0.3;
    m.network.training.momentum =
        (ordpar_momentum){.weight = 0.7, .kappa = 0.3, .damping = 3, .fades = true, .alpha_0 = 0.5};
    return m;
}

/* T_perp; part of it is shared, so that the units' hidden parts are correlated. */
static void hide(test_model *m, double variance) {
    const size_t M = m->network.M;
    double T_perp[9];
    ordpar_error err;
    for (size_t k = 0; k < M * M; k++)
        T_perp[k] = variance * (k % (M + 1) ? 0.4 : 1);
    check_ok(ordpar_network_set_unlearnable(&m->network, T_perp, &err), &err);
}

/* ---- the update rule, in plain loops ---- */

typedef struct {
    double *J, *P, *B; /* [rows][stride] */
    double *v;
} plain_rows;

/* Adds an example's gradient to A[K][stride], and of v to dv. */
static void plain_gradient(const test_run *r, const plain_rows *w, ordpar_run_head *head, double *A,
                           double *dv) {
    const ordpar_plan *p = &r->plan;
    const ordpar_network *net = p->simulation.network;
    double *x = malloc(p->stride * sizeof *x), field[8] = {0};
    ordpar_normals_fill(&head->inputs, p->stride, p->scale, x);
    double delta = -ordpar_run_label_noise(p, head);
    ordpar_run_add_hidden(p, head, field + p->K);
    for (size_t a = 0; a < p->K + p->M; a++) {
        const double *row = a < p->K ? w->J + a * p->stride : w->B + (a - p->K) * p->stride;
        for (size_t k = 0; k < p->count; k++)
            field[a] += row[k] * x[k];
        delta += (a < p->K ? w->v[a] : -net->w[a - p->K]) *
                 ordpar_activation_value(net->activation, field[a]);
    }
    for (size_t i = 0; i < p->K; i++) {
        for (size_t k = 0; k < p->trained; k++)
            A[i * p->stride + k] +=
                w->v[i] * delta * ordpar_activation_slope(net->activation, field[i]) * x[k];
        dv[i] += delta * ordpar_activation_value(net->activation, field[i]);
    }
    free(x);
}

static void plain_step(const test_run *r, const plain_rows *w, ordpar_run_head *head, int step) {
    const ordpar_plan *p = &r->plan;
    const ordpar_network *net = p->simulation.network;
    const ordpar_training *t = &net->training;
    const double N = p->simulation.spectrum->N, alpha = step / N,
                 B = t->batch > 1 ? (double)t->batch : 1;
    const double c = t->momentum.damping / (alpha + t->momentum.alpha_0);
    const double e = t->momentum.weight * pow(1 + alpha, -t->momentum.kappa);
    double *A = calloc(p->K * p->stride, sizeof *A), dv[8] = {0};
    for (size_t k = 0; k < (size_t)B; k++)
        plain_gradient(r, w, head, A, dv);
    for (size_t i = 0; i < p->K; i++) {
        for (size_t k = 0; k < p->trained; k++) {
            const size_t at = i * p->stride + k;
            w->P[at] = (1 - c / N) * w->P[at] + A[at] / B;
            w->J[at] = (1 - t->weight_decay / N) * w->J[at] - net->eta * A[at] / B;
            if (t->momentum.weight > 0)
                w->J[at] -= e / N * w->P[at];
        }
        w->v[i] -= t->eta_v / N * dv[i] / B;
    }
    free(A);
}

static void check_plain_steps(size_t batch, bool momentum, size_t trained_blocks) {
    enum { STEPS = 60 };
    test_model m = momentum_model(3, 2, 60, 12, "erf");
    hide(&m, trained_blocks < 12 ? 0.4 : 0);
    m.network.training.eta_v = 0.4;
    m.network.training.weight_decay = 0.2;
    m.network.training.batch = batch;
    if (!momentum)
        m.network.training.momentum = (ordpar_momentum){.alpha_0 = 1};
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    s.trained_blocks = trained_blocks;
    test_run run = start_run(&s, 2), plain = start_run(&s, 2);
    const size_t size = 3 * run.plan.stride;
    double *J = ordpar_run_rows(&plain.plan, plain.state), *P = calloc(size, sizeof *P), moved = 0;
    const plain_rows rows = {J, P, J + size, ordpar_run_outputs(&plain.plan, plain.state)};
    cr_assert(ordpar_run_advance(&run.plan, run.state, &run.work, STEPS));
    for (int step = 0; step < STEPS; step++)
        plain_step(&plain, &rows, plain.state, step);
    for (size_t k = 0; k < size; k++) {
        CHECK_CLOSE(ordpar_run_rows(&run.plan, run.state)[k], J[k], TOL_LOOSE, 1, "J, batch %zu",
                    batch);
        if (momentum)
            CHECK_CLOSE(ordpar_run_rows(&run.plan, run.state)[k - size], P[k], TOL_LOOSE, 1,
                        "P, batch %zu", batch);
        moved = fmax(moved, fabs(P[k]));
    }
    for (size_t i = 0; i < 3; i++)
        CHECK_CLOSE(ordpar_run_outputs(&run.plan, run.state)[i], rows.v[i], TOL_LOOSE, 1, "v");
    cr_assert_gt(moved, 0.1, "nothing was learned");
    free(P);
    clear_run(&run);
    clear_run(&plain);
    clear_model(&m);
}

Test(momentum_runs, steps_are_those_of_the_plain_loops) {
    for (size_t batch = 1; batch <= 3; batch += 2)
        for (int momentum = 0; momentum < 2; momentum++)
            for (size_t trained = 7; trained <= 12; trained += 5)
                check_plain_steps(batch, momentum, trained);
}

/* ---- the mean of one step, against the equations of motion ---- */

enum { MOST = 200 };

/* Overlaps of the rows P and J and the teachers in the layout of the state, one chunk. */
static void overlaps_of_rows(const test_run *r, const ordpar_flow *flow, double *y) {
    const ordpar_plan *p = &r->plan;
    const size_t K = p->K, M = p->M, L = p->L, stride = p->stride;
    const ordpar_momentum_layout at = ordpar_momentum_places(flow, L);
    const double *J = ordpar_run_rows(p, r->state), *P = J - K * stride, *B = J + K * stride;
    const double N = p->simulation.spectrum->N;
    memset(y, 0, flow->S * L * sizeof *y);
    for (size_t b = 0; b < L; b++)
        for (size_t k = p->first[b]; k < p->first[b + 1]; k++)
            for (size_t i = 0; i < K; i++) {
                const double x = J[i * stride + k] / N, z = P[i * stride + k] / N;
                for (size_t n = 0; n < M; n++) {
                    y[(i * M + n) * L + b] += x * B[n * stride + k];
                    y[at.u + (i * M + n) * L + b] += z * B[n * stride + k];
                }
                for (size_t j = 0; j < K; j++)
                    y[at.s + (i * K + j) * L + b] += x * P[j * stride + k];
                for (size_t j = i; j < K; j++) {
                    const size_t ij = ordpar_packed_index(K, i, j) * L + b;
                    y[at.q + ij] += x * J[j * stride + k];
                    y[at.p + ij] += z * P[j * stride + k];
                }
            }
}

/* Rows P, and of J the columns that P has, at random: lower triangles behind the teachers' columns.
 */
static void set_momenta(test_run *r) {
    const ordpar_plan *p = &r->plan;
    ordpar_random stream = test_stream(80);
    double *J = ordpar_run_rows(p, r->state), *P = J - p->K * p->stride;
    for (size_t b = 0; b < p->L; b++) {
        const bool triangle = ordpar_plan_freedom(p, b) > 0;
        const size_t columns = p->first[b + 1] - p->first[b];
        const double size = sqrt(p->simulation.spectrum->n[b] / (double)columns);
        for (size_t i = 0; i < p->K; i++)
            for (size_t k = 0; k < columns; k++) {
                const size_t at = i * p->stride + p->first[b] + k;
                if (!triangle || k <= p->M + i)
                    P[at] = size * uniform(&stream, -1, 1);
                if (triangle && k >= p->M && k < p->M + p->K)
                    J[at] = size * uniform(&stream, -0.5, 0.5);
            }
    }
}

/* dy/dalpha at y, alpha. */
static void equations(const test_model *m, ordpar_flow *flow, double alpha, const double *y,
                      double *dy) {
    const ordpar_network *net = &m->network;
    const size_t n = net->K + net->M;
    double order_1[MOST], c[MOST];
    ordpar_error err;
    ordpar_coefficients co;
    ordpar_coefficient_work *work = ordpar_coefficient_work_create(net);
    check_ok(ordpar_coefficients_init(net->K, net->M, &co, &err), &err);
    check_ok(ordpar_overlaps_moment(&m->start, &m->spectrum, 1, c, &err), &err);
    for (size_t k = 0; net->unlearnable && k < net->M * net->M; k++) /* [15.6] */
        c[(net->K + k / net->M) * n + net->K + k % net->M] += net->unlearnable[k];
    ordpar_flow_moment(flow, y, order_1);
    ordpar_covariance_set(net->K, net->M, order_1, c);
    cr_assert_leq(n * n, MOST);
    cr_assert(ordpar_coefficients_evaluate(net, c, work, &co));
    flow->push =
        (ordpar_push){.eta = net->eta,
                      .c = ordpar_momentum_damping(&net->training.momentum, m->spectrum.N, alpha),
                      .e = ordpar_momentum_weight(&net->training.momentum, alpha)};
    ordpar_flow_apply(flow, &co, y, dy);
    ordpar_coefficients_clear(&co);
    ordpar_coefficient_work_free(work);
}

/* Sums of (y after one step - y before) N, and of the squares, over runs from one state. */
static void sample_steps(test_run *r, const ordpar_flow *flow, int runs, const double *before,
                         double *sum, double *square) {
    const size_t size = flow->S * flow->L;
    const double N = r->plan.simulation.spectrum->N;
    void *kept = memcpy(aligned_alloc(64, r->plan.state_size), r->state, r->plan.state_size);
    double after[MOST];
    for (int k = 0; k < runs; k++) {
        memcpy(r->state, kept, r->plan.state_size);
        ordpar_run_head *head = r->state;
        const uint64_t run = (uint64_t)k + 10;
        ordpar_normals_init(&head->inputs, 5, run, ORDPAR_RANDOM_INPUTS, 0);
        ordpar_random_init(&head->radii, 5, run, ORDPAR_RANDOM_INPUTS, 2);
        ordpar_random_init(&head->labels, 5, run, ORDPAR_RANDOM_LABELS, 0);
        ordpar_random_init(&head->hidden, 5, run, ORDPAR_RANDOM_LABELS, 1);
        cr_assert(ordpar_run_advance(&r->plan, r->state, &r->work, head->steps + 1));
        overlaps_of_rows(r, flow, after);
        for (size_t y = 0; y < size; y++) {
            const double moved = N * (after[y] - before[y]);
            sum[y] += moved;
            square[y] += moved * moved;
        }
    }
    memcpy(r->state, kept, r->plan.state_size);
    free(kept);
}

/* What the equations are for: the run, another alpha (so that e and c are others), or another
 * T_perp. */
typedef enum { RIGHT, WRONG_ALPHA, WRONG_HIDDEN } expectation;

/* All overlaps of J, P and B; the largest |z|. */
static double largest_z(const char *activation, ordpar_method method, long N, int runs,
                        size_t batch, double hidden, expectation what) {
    test_model m = momentum_model(3, 2, N, 2, activation);
    hide(&m, hidden);
    m.network.training.weight_decay = 0.3;
    m.network.training.batch = batch;
    ordpar_simulation s = simulate_model(&m, method, 0.5);
    test_run r = start_run(&s, 1);
    ordpar_flow flow;
    ordpar_flow_start from = {.overlaps = &m.start};
    ordpar_error err;
    double before[MOST], sum[MOST] = {0}, square[MOST] = {0}, dy[MOST];
    set_momenta(&r);
    ((ordpar_run_head *)r.state)->steps = (uint64_t)N / 2; /* alpha = 1/2 */
    check_ok(
        ordpar_flow_init(&m.spectrum, &m.network, &ordpar_state_momentum, 2, &from, &flow, &err),
        &err);
    cr_assert_leq(flow.S * 2, MOST);
    ordpar_overlaps own = overlaps_of(&r); /* the flow has the teachers of the run */
    memcpy(m.start.t, own.t, 8 * sizeof *own.t);
    flow.state->set_teacher(&from, &flow);
    ordpar_overlaps_clear(&own);
    overlaps_of_rows(&r, &flow, before);
    sample_steps(&r, &flow, runs, before, sum, square);
    if (what == WRONG_HIDDEN)
        hide(&m, 0);
    equations(&m, &flow, what == WRONG_ALPHA ? 0.7 : 0.5, before, dy);
    const double largest = largest_mean_z(flow.S * 2, runs, sum, square, dy);
    ordpar_flow_clear(&flow);
    clear_run(&r);
    clear_model(&m);
    return largest;
}

Test(momentum_runs, mean_step_is_that_of_the_equations, NUMBERS_ALONE) {
    static const char *const activations[] = {"erf", "relu"};
    for (size_t g = 0; g < 2; g++) {
        cr_expect_lt(largest_z(activations[g], ORDPAR_METHOD_OVERLAP, 100000, 20000, 1, 0, RIGHT),
                     4);
        cr_expect_lt(largest_z(activations[g], ORDPAR_METHOD_OVERLAP, 100000, 20000, 4, 0, RIGHT),
                     4);
        cr_expect_lt(largest_z(activations[g], ORDPAR_METHOD_SGD, 4000, 5000, 1, 0, RIGHT), 4);
    }
    cr_expect_gt(largest_z("erf", ORDPAR_METHOD_OVERLAP, 100000, 20000, 1, 0, WRONG_ALPHA), 10,
                 "no power");
}

/* [15.6] with momentum and batches. */
Test(momentum_runs, mean_step_knows_what_inputs_do_not_show, NUMBERS_ALONE) {
    static const char *const activations[] = {"erf", "relu"};
    for (size_t g = 0; g < 2; g++)
        for (size_t batch = 1; batch <= 4; batch += 3) {
            cr_expect_lt(
                largest_z(activations[g], ORDPAR_METHOD_OVERLAP, 100000, 20000, batch, 0.8, RIGHT),
                4);
            cr_expect_lt(
                largest_z(activations[g], ORDPAR_METHOD_SGD, 4000, 5000, batch, 0.8, RIGHT), 4);
            cr_expect_gt(largest_z(activations[g], ORDPAR_METHOD_OVERLAP, 100000, 20000, batch, 0.8,
                                   WRONG_HIDDEN),
                         8, "no power");
        }
}

/* ---- the law ---- */

/* The two methods give the same distribution of eps_g at small N; another weight of P does not. */
Test(momentum_runs, sgd_and_overlap_agree) {
    enum { RUNS = 1000 };
    const double alpha[] = {4};
    for (int kind = SANITIZED ? 2 : 0; kind < 3; kind++) { /* momentum, batches, both */
        double eps_g[3][RUNS];
        for (int k = 0; k < 3; k++) {
            test_model m = momentum_model(2, 2, 40, 4, "erf");
            ordpar_simulation s =
                simulate_model(&m, k == 0 ? ORDPAR_METHOD_SGD : ORDPAR_METHOD_OVERLAP, 0.5);
            s.seed = 300 + (uint64_t)k;
            m.network.eta = k == 2 ? 0.8 : 0.6;
            if (kind > 0)
                m.network.training.batch = 2;
            if (kind == 1)
                m.network.training.momentum = (ordpar_momentum){0};
            run_ensemble(&s, alpha, 1, RUNS, eps_g[k]);
            clear_model(&m);
        }
        double first[RUNS];
        memcpy(first, eps_g[0], sizeof first);
        const double p = two_sample_probability(first, RUNS, eps_g[1], RUNS);
        cr_expect_gt(p, 0.005, "kind %d: p = %g", kind, p);
        cr_expect_lt(two_sample_probability(first, RUNS, eps_g[2], RUNS), 1e-3, "no power");
    }
}

/* Runs to alpha against the equations, within 4 standard errors. */
static void check_theory(const test_model *m, ordpar_method method, const double *alpha,
                         size_t count, size_t runs) {
    ordpar_simulation s = simulate_model(m, method, 0.5);
    double *eps_g = malloc(2 * count * runs * sizeof *eps_g), *theory = eps_g + count * runs;
    double *differences = malloc(runs * sizeof *differences);
    const ordpar_theory_options options = {.rtol = 1e-7, .atol = 1e-14, .threads = 2};
    ordpar_error err;
    run_ensemble(&s, alpha, count, runs, eps_g);
    check_ok(ordpar_theory_curves(&s, alpha, count, runs, &options, theory, &err), &err);
    for (size_t k = 0; k < count; k++) {
        const ordpar_comparison row = ordpar_compare_row(runs, eps_g + k * runs, runs,
                                                         theory + k * runs, 1e-6, 0, differences);
        cr_expect_leq(fabs(row.z), 4, "%s, method %d, alpha = %g: theory %g, mean %g +- %g",
                      m->network.activation->name, method, alpha[k], row.theory, row.mean,
                      row.standard_error);
        cr_expect_lt(row.standard_error / row.mean, 0.05, "the test has no power");
    }
    free(eps_g);
    free(differences);
}

Test(momentum_runs, agree_with_the_equations_of_motion, NUMBERS_ALONE) {
    static const char *const activations[] = {"erf", "relu"};
    const double alpha[] = {1, 5, 12};
    for (size_t g = 0; g < 2; g++)
        for (int method = 0; method < 2; method++) {
            test_model m = momentum_model(3, 2, 600, 4, activations[g]);
            check_theory(&m, (ordpar_method)method, alpha, 3, 30);
            clear_model(&m);
        }
}

/* [13.10] alpha counts steps. */
Test(momentum_runs, large_batches_agree_with_the_map, NUMBERS_ALONE) {
    static const char *const activations[] = {"erf", "relu"};
    const double alpha[] = {0, 1, 4, 12};
    for (size_t g = 0; g < 2; g++)
        for (int method = 0; method < 2; method++) {
            test_model m = momentum_model(3, 2, 600, 4, activations[g]);
            m.network.training.momentum = (ordpar_momentum){0};
            m.network.training.batch_fraction = 0.5;
            check_theory(&m, (ordpar_method)method, alpha, 4, 30);
            clear_model(&m);
        }
}

Test(momentum_runs, too_short_a_memory_is_refused) {
    test_model m = momentum_model(1, 1, 40, 4, "erf");
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    ordpar_plan plan;
    ordpar_error err;
    m.network.training.momentum = (ordpar_momentum){.weight = 1, .damping = 40};
    cr_assert_eq(ordpar_plan_init(&s, &plan, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "below N = 40, got 40"), "%s", err.message);
    clear_model(&m);
}
