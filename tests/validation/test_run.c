// SPDX-License-Identifier: GPL-3.0-or-later
/* One run: its start, its steps against plain ones, its freezing and its divergence. */
#include "simulation_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_overlaps(const ordpar_overlaps *actual, const ordpar_overlaps *expected,
                           const ordpar_spectrum *spectrum, double sigma_J, const char *what) {
    const size_t K = expected->K, M = expected->M, L = expected->L;
    for (size_t k = 0; k < K * K * L; k++)
        CHECK_CLOSE(actual->q[k], expected->q[k], TOL_LOOSE, sigma_J * sigma_J * spectrum->p[k % L],
                    "%s: q %zu", what, k);
    for (size_t k = 0; k < K * M * L; k++)
        CHECK_CLOSE(actual->r[k], expected->r[k], TOL_LOOSE, sigma_J * spectrum->p[k % L],
                    "%s: r %zu", what, k);
    for (size_t k = 0; k < M * M * L; k++)
        CHECK_CLOSE(actual->t[k], expected->t[k], TOL_LOOSE, spectrum->p[k % L], "%s: t %zu", what,
                    k);
}

/* Blocks of 1, 2, 4, 5 and 64 components for five units; both methods; runs 1 and 3. */
Test(run, starts_where_the_theory_starts) {
    const long lengths[] = {1, 2, 4, 5, 64};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int method = 0; method < 2; method++)
            for (uint64_t run = 1; run <= 3; run += 2) {
                test_model m = make_model(3, 2, 6 * lengths[l], 6, 1, 0.1, 1e-3, "erf", 17);
                ordpar_simulation s = simulate_model(&m, (ordpar_method)method, 1e-3);
                ordpar_overlaps expected;
                ordpar_error err;
                check_ok(ordpar_simulation_start(&s, run, &expected, &err), &err);
                if (run == 1)
                    check_overlaps(&expected, &m.start, &m.spectrum, 1e-3, "shared with curve");
                test_run r = start_run(&s, run);
                ordpar_overlaps actual = overlaps_of(&r);
                check_overlaps(&actual, &expected, &m.spectrum, 1e-3, method ? "overlap" : "sgd");
                ordpar_overlaps_clear(&actual);
                ordpar_overlaps_clear(&expected);
                clear_run(&r);
                clear_model(&m);
            }
}

Test(run, refuses_overlaps_without_vectors) {
    test_model m = make_model(2, 2, 8, 4, 1, 0.1, 1, "erf", 1);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 1);
    s.init = ORDPAR_INIT_MEAN; /* rank 4 in blocks of two components */
    s.teacher = ORDPAR_TEACHER_MEAN;
    ordpar_plan plan;
    ordpar_error err;
    check_ok(ordpar_plan_init(&s, &plan, &err), &err);
    void *state = aligned_alloc(64, plan.state_size);
    cr_assert_eq(ordpar_run_start(&plan, 1, state, NULL, &err), ORDPAR_INVALID);
    cr_assert(strstr(err.message, "block 1"), "%s", err.message);
    free(state);
    ordpar_plan_clear(&plan);
    clear_model(&m);
}

/* The equation of one step in plain loops [8.2], on the inputs that the run draws. */
static void plain_steps(const test_run *r, double *W, ordpar_run_head *head, int steps) {
    const ordpar_plan *p = &r->plan;
    const ordpar_network *net = p->simulation.network;
    double *x = malloc(p->stride * sizeof *x), field[32];
    for (int step = 0; step < steps; step++) {
        ordpar_normals_fill(&head->inputs, p->stride, p->scale, x);
        double delta = -ordpar_run_label_noise(p, head);
        for (size_t a = 0; a < p->units; a++) {
            field[a] = 0;
            for (size_t k = 0; k < p->count; k++)
                field[a] += W[a * p->stride + k] * x[k];
            const bool taught = a >= p->K && net->teacher_activation;
            delta += (a < p->K ? net->v[a] : -net->w[a - p->K]) *
                     ordpar_activation_value(taught ? net->teacher_activation : net->activation,
                                             field[a]);
        }
        for (size_t i = 0; i < p->K; i++)
            for (size_t k = 0; k < p->trained; k++)
                W[i * p->stride + k] -= net->eta * net->v[i] * delta *
                                        ordpar_activation_slope(net->activation, field[i]) * x[k];
    }
    free(x);
}

/* A step that is left counts for nothing; one that is not is the same whoever looks. */
Test(run, leaves_a_step_of_many_examples) {
    test_model m = make_model(2, 2, 60, 12, 1, 0.4, 0.5, "erf", 3);
    m.network.training.batch = 7;
    for (int method = ORDPAR_METHOD_SGD; method <= ORDPAR_METHOD_OVERLAP; method++) {
        const ordpar_simulation s = simulate_model(&m, (ordpar_method)method, 0.5);
        test_run r = start_run(&s, 1), whole = start_run(&s, 1);
        const ordpar_run_head *head = r.state;
        volatile sig_atomic_t stop = 0;
        ordpar_patience patience = {.stop = &stop};
        double c[16];
        r.work.patience = &patience;
        cr_assert(ordpar_run_advance(&r.plan, r.state, &r.work, 3));
        cr_assert(ordpar_run_advance(&whole.plan, whole.state, &whole.work, 3));
        cr_assert_eq(head->steps, 3);
        cr_assert_eq(memcmp(r.state, whole.state, r.plan.state_size), 0);
        stop = 1; /* nearly there, for all one knows */
        cr_assert(ordpar_run_advance(&r.plan, r.state, &r.work, 4));
        cr_assert_eq(head->steps, 4);
        cr_assert(ordpar_run_covariance(&r.plan, ordpar_run_rows(&r.plan, r.state), &r.work, c));
        patience.told -= 2;
        cr_assert(ordpar_run_advance(&r.plan, r.state, &r.work, 5));
        cr_assert_eq(head->steps, 4);
        cr_assert(patience.left);
        cr_assert_not(
            ordpar_run_covariance(&r.plan, ordpar_run_rows(&r.plan, r.state), &r.work, c));
        clear_run(&whole);
        clear_run(&r);
    }
    clear_model(&m);
}

static size_t plan_batch(const ordpar_simulation *s) {
    test_run r = start_run(s, 1);
    const size_t batch = r.plan.batch;
    clear_run(&r);
    return batch;
}

static void check_steps(size_t K, size_t M, const char *activation, const char *teacher) {
    enum { STEPS = 70 }; /* not a multiple of the batch */
    test_model m = make_model(K, M, 60, 12, 1, 0.4, 0.5, activation, 3);
    ordpar_error err;
    m.network.label_noise = 0.3;
    check_ok(
        ordpar_network_set_teacher_activation(&m.network, ordpar_activation_find(teacher), &err),
        &err);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 0.5);
    s.trained_blocks = 7;
    cr_assert_eq(K >= 25, plan_batch(&s) > 1);
    test_run single = start_run(&s, 2), plain = start_run(&s, 2), batches = start_batches(&s, 2);
    cr_assert(ordpar_run_advance(&single.plan, single.state, &single.work, STEPS));
    cr_assert(ordpar_run_advance_batches(&batches.plan, batches.state, &batches.work, STEPS));
    test_run untouched = start_run(&s, 2);
    const double *before = ordpar_run_rows(&untouched.plan, untouched.state);
    double *W = ordpar_run_rows(&plain.plan, plain.state);
    plain_steps(&plain, W, plain.state, STEPS);
    const size_t stride = single.plan.stride;
    double moved = 0;
    for (size_t k = 0; k < (K + M) * stride; k++) {
        CHECK_CLOSE(ordpar_run_rows(&single.plan, single.state)[k], W[k], TOL_LOOSE, 1,
                    "%s, K %zu, one by one", activation, K);
        CHECK_CLOSE(ordpar_run_rows(&batches.plan, batches.state)[k], W[k], TOL_LOOSE, 1,
                    "%s, K %zu, batches", activation, K);
        const bool trains = k < K * stride && k % stride < 35;
        moved += fabs(W[k] - before[k]);
        if (!trains)
            cr_assert_eq(ordpar_run_rows(&batches.plan, batches.state)[k], before[k],
                         "number %zu moved", k);
    }
    cr_assert_gt(moved, 1, "nothing was learned");
    clear_run(&single);
    clear_run(&plain);
    clear_run(&batches);
    clear_run(&untouched);
    clear_model(&m);
}

Test(run, steps_are_those_of_the_plain_loops) {
    check_steps(2, 2, "erf", "erf");
    check_steps(3, 1, "linear", "linear");
    check_steps(7, 5, "erf", "erf");
    check_steps(2, 3, "softplus", "softplus"); /* where a field that is not there has g(0) > 0 */
    check_steps(25, 2, "erf", "erf");          /* in batches of more than one */
    check_steps(25, 2, "softplus", "softplus");
    check_steps(3, 2, "erf", "linear");
    check_steps(25, 2, "tanh", "quadratic");
}

/* Long runs of the overlap method: no Gram matrix leaves the cone, the teacher stays to the bit. */
Test(run, gram_matrices_stay_positive) {
    test_model m = make_model(3, 2, 400, 4, 1, 2, 0.5, "erf", 5);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_OVERLAP, 0.5);
    test_run r = start_run(&s, 1);
    ordpar_overlaps before = overlaps_of(&r);
    cr_assert(ordpar_run_advance(&r.plan, r.state, &r.work, 200000));
    ordpar_overlaps after = overlaps_of(&r);
    double least;
    ordpar_error err;
    check_ok(ordpar_overlaps_min_eigenvalue(&after, &least, NULL, &err), &err);
    cr_assert_gt(least, -TOL_TIGHT, "%g", least);
    cr_assert_eq(memcmp(before.t, after.t, 4 * 4 * sizeof(double)), 0);
    cr_assert_neq(before.q[0], after.q[0]);
    ordpar_overlaps_clear(&before);
    ordpar_overlaps_clear(&after);
    clear_run(&r);
    clear_model(&m);
}

Test(run, divergence_is_seen_at_its_step) {
    test_model m = make_model(1, 1, 16, 16, 1, 40, 1, "linear", 1);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 1);
    test_run r = start_run(&s, 1);
    ordpar_run_head *head = r.state;
    cr_assert_not(ordpar_run_advance(&r.plan, r.state, &r.work, 100000));
    cr_assert(head->steps > 100 && head->steps < 10000, "%llu", (unsigned long long)head->steps);
    clear_run(&r);
    clear_model(&m);
}

/* In batches, too, and at the step where one by one it is. */
Test(run, divergence_is_seen_in_batches) {
    test_model m = make_model(25, 1, 16, 16, 1, 40, 1, "linear", 1);
    ordpar_simulation s = simulate_model(&m, ORDPAR_METHOD_SGD, 1);
    test_run batches = start_run(&s, 1), single = start_run(&s, 1);
    const ordpar_run_head *at = batches.state, *right = single.state;
    cr_assert_gt(batches.plan.batch, 1);
    cr_assert_not(ordpar_run_advance(&single.plan, single.state, &single.work, 100000));
    cr_assert_not(ordpar_run_advance_batches(&batches.plan, batches.state, &batches.work, 100000));
    cr_assert_eq(at->steps, right->steps, "after %llu steps, one by one after %llu",
                 (unsigned long long)at->steps, (unsigned long long)right->steps);
    clear_run(&batches);
    clear_run(&single);
    clear_model(&m);
}
