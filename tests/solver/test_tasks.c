// SPDX-License-Identifier: GPL-3.0-or-later
/* Several tasks in the equations of motion, against single ones. */
#include "solver/motion/coefficients.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double zero[] = {0}, one[] = {1};

static ordpar_given_task task_of(const double *v, const double *w, double p) {
    static double probability[64];
    static size_t used;
    double *kept = &probability[used++ % 64];
    *kept = p;
    return (ordpar_given_task){.v = v, .w = w, .steps = 1, .alpha = zero, .probability = kept};
}

static void set_tasks(test_model *m, const ordpar_given_task *tasks, size_t count) {
    ordpar_error err;
    check_ok(ordpar_network_set_tasks(&m->network, tasks, count, &err), &err);
}

static test_model task_model(size_t K, size_t M, const char *activation) {
    test_model m = make_model(K, M, 240, 4, 1, 0.6, 0.5, activation, 3);
    m.network.label_noise = 0.2;
    return m;
}

Test(tasks, probabilities_hold_from_their_alpha_on) {
    static const double alpha[2][3] = {{0, 5, 20}, {5, 12, 20}},
                        p[2][3] = {{1, 0.25, 0}, {0.75, 0.75, 1}};
    const double weights[] = {1, 1};
    const ordpar_given_task given[2] = {
        {.v = weights, .w = weights, .steps = 3, .alpha = alpha[0], .probability = p[0]},
        {.v = weights, .w = weights, .steps = 3, .alpha = alpha[1], .probability = p[1]}};
    test_model m = task_model(2, 2, "erf");
    set_tasks(&m, given, 2);
    const ordpar_tasks *t = &m.network.training.tasks;
    static const double rows[][3] = {{0, 1, 0}, {5, 0.25, 0.75}, {12, 0.25, 0.75}, {20, 0, 1}};
    cr_assert_eq(t->steps, 4);
    for (size_t k = 0; k < 4; k++) {
        cr_assert_eq(t->alpha[k], rows[k][0]);
        CHECK_CLOSE(t->probability[2 * k], rows[k][1], TOL_EXACT, 1, "row %zu", k);
        CHECK_CLOSE(t->probability[2 * k + 1], rows[k][2], TOL_EXACT, 1, "row %zu", k);
        cr_assert_eq(ordpar_tasks_at(t, rows[k][0]), k);
        cr_assert_eq(ordpar_tasks_before(t, rows[k][0]), k ? k - 1 : 0);
        cr_assert_eq(ordpar_tasks_next_step(t, rows[k][0]), k < 3 ? rows[k + 1][0] : INFINITY);
    }
    cr_assert_eq(ordpar_tasks_at(t, 19.9), 2);
    cr_assert_eq(ordpar_tasks_before(t, 19.9), 2);
    cr_assert_eq(ordpar_tasks_at(t, 1e9), 3);
    cr_assert_eq(ordpar_tasks_draw(t, 1, 0.2499), 0);
    cr_assert_eq(ordpar_tasks_draw(t, 1, 0.25), 1);
    cr_assert_eq(ordpar_tasks_draw(t, 0, 1), 0, "a task of probability 0 is never drawn");
    clear_model(&m);
}

/* The outputs that a model had before, as one task or in two. */
Test(tasks, one_task_is_none) {
    const double alpha[] = {0.5, 2, 10, 40};
    static const char *const names[] = {"erf", "relu"};
    for (size_t g = 0; g < 2; g++) {
        double plain[4], single[4], halves[4];
        double *curves[] = {plain, single, halves};
        for (size_t tasks = 0; tasks < 3; tasks++) {
            test_model m = task_model(3, 2, names[g]);
            double v[3], w[2];
            memcpy(v, m.network.v, sizeof v);
            memcpy(w, m.network.w, sizeof w);
            const ordpar_given_task given[] = {task_of(v, w, tasks == 1 ? 1 : 0.3),
                                               task_of(v, w, 0.7)};
            if (tasks)
                set_tasks(&m, given, tasks);
            integrate_curve(&m, alpha, 4, 1e-9, curves[tasks]);
            clear_model(&m);
        }
        for (size_t k = 0; k < 4; k++) {
            CHECK_CLOSE(single[k], plain[k], 2e-8, plain[k], "%s, row %zu", names[g], k);
            CHECK_CLOSE(halves[k], plain[k], 2e-8, plain[k], "%s, row %zu", names[g], k);
        }
    }
}

/* A switch is two runs, one after the other. */
Test(tasks, a_switch_is_two_runs) {
    const double until[] = {3}, all[] = {3, 4, 10, 30};
    const double change[] = {0, 3}, first_p[] = {1, 0}, second_p[] = {0, 1};
    const double v[2][2] = {{0.8, 0.5}, {0.6, -0.7}}, w[2][2] = {{0.9, 0}, {0, 0.7}};
    for (int small = 0; small < 2; small++) {
        double eps_g[4], apart[4];
        const ordpar_given_task both[] = {
            {.v = v[0], .w = w[0], .steps = 2, .alpha = change, .probability = first_p},
            {.v = v[1], .w = w[1], .steps = 2, .alpha = change, .probability = second_p}};
        test_model m = task_model(2, 2, "erf");
        m.network.small_eta = small;
        set_tasks(&m, both, 2);
        integrate_curve(&m, all, 4, 1e-9, eps_g);
        test_model n = task_model(2, 2, "erf");
        n.network.small_eta = small;
        for (size_t k = 0; k < 2; k++) {
            memcpy(n.network.v, v[k], sizeof v[k]);
            memcpy(n.network.w, w[k], sizeof w[k]);
            integrate_curve(&n, k ? (const double[]){1, 7, 27} : until, k ? 3 : 1, 1e-9, apart + k);
        }
        double errors[2], mean;
        ordpar_error err;
        check_ok(ordpar_overlaps_task_errors(&n.start, &n.spectrum, &m.network, errors, &err),
                 &err);
        mean = (errors[0] + errors[1]) / 2;
        CHECK_CLOSE(eps_g[3], mean, 2e-8, mean, "small eta %d", small);
        CHECK_CLOSE(apart[3], errors[1], TOL_LOOSE, 1, "the second task's own error");
        cr_assert_gt(fabs(errors[0] / errors[1] - 1), 0.1, "the tasks are not told apart");
        clear_model(&m);
        clear_model(&n);
    }
}

/* All averages are means over the tasks, each at its probability. */
Test(tasks, coefficients_are_means) {
    enum { K = 3, M = 2, FIELDS = K + M, COUNT = K * M + 2 * K * K, P = K * M + K * (K + 1) / 2 };
    static const char *const names[] = {"erf", "relu"};
    for (size_t g = 0; g < 2; g++) {
        test_model m = task_model(K, M, names[g]);
        ordpar_coefficients co, part;
        ordpar_error err;
        double c[FIELDS * FIELDS], sum[COUNT] = {0}, slope[COUNT * P], slopes[COUNT * P] = {0};
        give_tasks(&m, 3, false, 46);
        m.network.training.tasks.present = 1;
        ordpar_coefficient_work *work = ordpar_coefficient_work_create(&m.network);
        check_ok(ordpar_coefficients_init(K, M, &co, &err), &err);
        check_ok(ordpar_coefficients_init(K, M, &part, &err), &err);
        ordpar_overlaps_fields(&m.start, &m.spectrum, &m.network, c);
        double eps_g = 0;
        for (size_t k = 0; k < 3; k++) {
            const ordpar_network view = ordpar_network_of_task(&m.network, k);
            const double p = ordpar_network_task_probability(&m.network, k);
            ordpar_coefficient_work *own = ordpar_coefficient_work_create(&view);
            cr_assert(ordpar_coefficients_evaluate(&view, c, own, &part));
            ordpar_coefficients_jacobian(&view, c, own, slope);
            for (size_t x = 0; x < COUNT; x++)
                sum[x] += p * part.A[x];
            for (size_t x = 0; x < COUNT * P; x++)
                slopes[x] += p * slope[x];
            eps_g += ordpar_generalization_error(&view, c, own) / 3;
            ordpar_coefficient_work_free(own);
        }
        cr_assert(ordpar_coefficients_evaluate(&m.network, c, work, &co));
        ordpar_coefficients_jacobian(&m.network, c, work, slope);
        for (size_t x = 0; x < COUNT; x++)
            CHECK_CLOSE(co.A[x], sum[x], TOL_TIGHT, 1, "%s, %zu", names[g], x);
        for (size_t x = 0; x < COUNT * P; x++)
            CHECK_CLOSE(slope[x], slopes[x], TOL_TIGHT, fmax(1, fabs(slopes[x])), "%s", names[g]);
        CHECK_CLOSE(ordpar_generalization_error(&m.network, c, work), eps_g, TOL_TIGHT, 1, "eps_g");
        ordpar_coefficients_clear(&co);
        ordpar_coefficients_clear(&part);
        ordpar_coefficient_work_free(work);
        clear_model(&m);
    }
}

/* eps_g of every task, kept by the observer. */
typedef struct {
    const test_model *m;
    double errors[8][2];
} observed;

static ordpar_status keep_errors(void *context, size_t row, double alpha, double eps_g,
                                 const ordpar_overlaps *state, ordpar_error *err) {
    observed *o = context;
    (void)alpha;
    const ordpar_status status =
        ordpar_overlaps_task_errors(state, &o->m->spectrum, &o->m->network, o->errors[row], err);
    CHECK_CLOSE((o->errors[row][0] + o->errors[row][1]) / 2, eps_g, TOL_LOOSE, 1, "the mean");
    return status;
}

static observed errors_of(const char *activation, double rtol, double eta_v) {
    const double alpha[] = {0, 1, 2.9, 3, 3.1, 10, 100, 600};
    test_model m = task_model(3, 2, activation);
    observed o = {.m = &m};
    ordpar_error err;
    give_tasks(&m, 2, true, 47);
    m.network.training.eta_v = eta_v;
    const ordpar_integrate_options settings = {.rtol = rtol,
                                               .atol = 1e-14,
                                               .trained_blocks = m.spectrum.L,
                                               .observer = keep_errors,
                                               .context = &o};
    check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 8, &settings, NULL, &err),
             &err);
    clear_model(&m);
    return o;
}

Test(tasks, keep_the_promise_for_each) {
    static const char *const names[] = {"erf", "relu", "linear"};
    for (size_t g = 0; g < 3; g++)
        for (int trained = 0; trained < 2; trained++)
            for (double rtol = 1e-5; rtol > 1e-9; rtol /= 100) {
                const observed loose = errors_of(names[g], rtol, trained ? 0.3 : 0);
                const observed tight = errors_of(names[g], 1e-11, trained ? 0.3 : 0);
                for (size_t row = 0; row < 8; row++)
                    for (size_t k = 0; k < 2; k++)
                        CHECK_CLOSE(loose.errors[row][k], tight.errors[row][k], 10 * rtol,
                                    tight.errors[row][k], "%s, row %zu, task %zu", names[g], row,
                                    k + 1);
            }
}

/* [17.2] */
Test(tasks, teachers_resemble_those_of_the_first) {
    enum { M = 4, L = 4 };
    const double s[] = {1, 0.6, 0, -0.8}, v[] = {1, 1};
    const double w[2][M] = {{0.5, 0, 0.7, 0}, {0, 0.5, 0, 0.7}};
    ordpar_given_task given[2] = {task_of(v, w[0], 0.5), task_of(v, w[1], 0.5)};
    given[1].blocks = L;
    given[1].similarity = s;
    ordpar_error err;
    test_model m = make_model(2, M, 4000, L, 1, 0.5, 0.5, "erf", 9);
    set_tasks(&m, given, 2);
    ordpar_overlaps drawn;
    check_ok(ordpar_overlaps_init(2, M, L, &drawn, &err), &err);
    ordpar_overlaps_copy(&m.start, &drawn);
    check_ok(ordpar_overlaps_relate_tasks(&m.start, &m.network, &err), &err);
    const double *t = m.start.t, *T = drawn.t;
    for (size_t b = 0; b < L; b++) {
        const double rest = sqrt(1 - s[b] * s[b]);
        for (size_t n = 1; n < M; n += 2) { /* unit n resembles unit n - 1 */
            const double own = T[(n * M + n) * L + b], cross = T[(n * M + n - 1) * L + b],
                         first = T[((n - 1) * M + n - 1) * L + b];
            CHECK_CLOSE(t[(n * M + n) * L + b],
                        s[b] * s[b] * first + 2 * s[b] * rest * cross + rest * rest * own,
                        TOL_TIGHT, 1, "norm of unit %zu, block %zu", n, b);
            CHECK_CLOSE(t[(n * M + n - 1) * L + b], s[b] * first + rest * cross, TOL_TIGHT, 1,
                        "with the first, block %zu", b);
            for (size_t i = 0; i < 2; i++)
                CHECK_CLOSE(m.start.r[(i * M + n) * L + b],
                            s[b] * drawn.r[(i * M + n - 1) * L + b] +
                                rest * drawn.r[(i * M + n) * L + b],
                            TOL_TIGHT, 1, "with student %zu", i);
            for (size_t k = 0; k < M; k++)
                cr_assert_eq(t[(n * M + k) * L + b], t[(k * M + n) * L + b]);
        }
    }
    double least;
    check_ok(ordpar_overlaps_min_eigenvalue(&m.start, &least, NULL, &err), &err);
    cr_assert_gt(least, -1e-14);
    ordpar_overlaps_clear(&drawn);
    clear_model(&m);
}

Test(tasks, refuse_what_is_wrong) {
    const double v[] = {1, 1}, w[2][2] = {{1, 0}, {0, 1}}, both[] = {1, 1};
    const double descending[] = {5, 2}, before[] = {-1}, half[] = {0.5, 0.5}, late[] = {1};
    const double far[] = {1.5}, nan[] = {NAN, 1};
    const struct {
        ordpar_given_task first, second;
        const char *message;
    } cases[] = {
        {task_of(v, w[0], 0.5), task_of(v, w[1], 0.6), "add up to 1 at every alpha, got 1.1"},
        {task_of(v, w[0], 1), {v, w[1], 1, late, half, 0, NULL}, "got 1.5 from alpha = 1"},
        {{v, w[0], 1, late, one, 0, NULL}, task_of(v, w[1], 0), "got 0 from alpha = 0"},
        {task_of(v, w[0], 1), {v, w[1], 2, descending, half, 0, NULL}, "ascending alpha >= 0"},
        {task_of(v, w[0], 1), {v, w[1], 1, before, half, 0, NULL}, "got -1 in step 1"},
        {task_of(v, w[0], 1.5), task_of(v, w[1], -0.5), "from 0 to 1, got 1.5"},
        {task_of(v, w[0], 1), {v, w[1], 0, NULL, NULL, 0, NULL}, "task 2 has no probability"},
        {task_of(nan, w[0], 1), task_of(v, w[1], 0), "weights of task 1 must be finite"},
        {task_of(v, w[0], 1), {v, w[1], 1, zero, zero, 1, far}, "from -1 to 1, got 1.5"},
        {{v, w[0], 1, zero, one, 1, one}, task_of(v, w[1], 0), "task 1 has a similarity"},
        {task_of(v, w[0], 1), {v, both, 1, zero, zero, 1, one}, "as many teachers"},
        {task_of(v, w[0], 1), {v, w[0], 1, zero, zero, 1, one}, "shares unit 1 with task 1"}};
    test_model m = task_model(2, 2, "erf");
    const double *kept = m.network.v;
    ordpar_error err;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const ordpar_given_task given[] = {cases[k].first, cases[k].second};
        cr_assert_eq(ordpar_network_set_tasks(&m.network, given, 2, &err), ORDPAR_INVALID, "%zu",
                     k);
        cr_assert(strstr(err.message, cases[k].message), "%zu: %s", k, err.message);
    }
    cr_assert_eq(ordpar_network_set_tasks(&m.network, NULL, 0, &err), ORDPAR_INVALID);
    cr_assert(m.network.v == kept && m.network.training.tasks.count == 0);
    clear_model(&m);
}
