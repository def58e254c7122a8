// SPDX-License-Identifier: GPL-3.0-or-later
/* Momentum and batches: limits, closed forms, a known acceleration, and what is measured beside. */
#include "solver/motion/gradient.h"
#include "support.h"

#include <math.h>

static ordpar_momentum momentum_of(const char *text) {
    ordpar_momentum m;
    ordpar_error err;
    check_ok(ordpar_momentum_parse(text, &m, &err), &err);
    return m;
}

Test(momentum, kinds_have_their_numbers) {
    const ordpar_momentum c = momentum_of("constant:2:0.5"), n = momentum_of("nesterov:3:0.2"),
                          d = momentum_of("dana:6:0.5:0.25:10");
    cr_assert_eq(ordpar_momentum_damping(&c, 100, 7), 2);
    cr_assert_eq(ordpar_momentum_weight(&c, 7), 0.5);
    CHECK_CLOSE(ordpar_momentum_damping(&n, 100, 0), 300, TOL_EXACT, 300, "nesterov at 0");
    CHECK_CLOSE(ordpar_momentum_damping(&n, 100, 2.99), 1, TOL_EXACT, 1, "nesterov");
    CHECK_CLOSE(ordpar_momentum_damping(&d, 100, 20), 0.2, TOL_EXACT, 1, "dana's c");
    CHECK_CLOSE(ordpar_momentum_weight(&d, 15), 0.25, TOL_TIGHT, 1, "dana's e");
}

Test(momentum, bad_words_are_refused) {
    static const char texts[][24] = {"constant",       "constant:1",     "constant:1:0",
                                     "constant:1:2:3", "nesterov:3:1:0", "nesterov:3:1:1:1",
                                     "dana:1:-1",      "dana:1:1:-1",    "dana:1:1:1:0",
                                     "dana:1:1:1:1:1", "heavy:1:1",      "constant:-1:1"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        ordpar_momentum m;
        ordpar_error err;
        cr_assert_eq(ordpar_momentum_parse(texts[k], &m, &err), ORDPAR_INVALID, "%s", texts[k]);
    }
}

/* A short memory is a larger learning rate: constant:C:E tends to eta + E/C as 1/C. */
Test(momentum, short_memory_is_a_learning_rate) {
    static const char *const activations[] = {"erf", "relu"};
    const double alpha[] = {3};
    for (size_t g = 0; g < 2; g++) {
        double eps_g[3], limit[1];
        for (int k = 0; k < 4; k++) {
            test_model m = make_model(3, 2, 400, 4, 1, k ? 0.3 : 0.8, 0.5, activations[g], 3);
            const double C = 100 * pow(10, k);
            m.network.label_noise = 0.2;
            if (k)
                m.network.training.momentum = (ordpar_momentum){.damping = C, .weight = 0.5 * C};
            integrate_curve(&m, alpha, 1, 1e-10, k ? &eps_g[k - 1] : limit);
            clear_model(&m);
        }
        for (int k = 0; k < 2; k++) {
            const double ratio = (eps_g[k] - *limit) / (eps_g[k + 1] - *limit);
            CHECK_CLOSE(ratio, 10, 0.05, 10, "%s: from C = 1e%d on", activations[g], k + 3);
        }
        cr_assert_gt(fabs(eps_g[0] / *limit - 1), 1e-5, "there is nothing to see");
    }
}

/* DANA on the power law, from the mean start: eps_g at alpha = 405 by an integration in plain
 * loops. */
Test(momentum, dana_accelerates_as_it_should) {
    const struct {
        char momentum[20];
        double eps_g;
    } cases[] = {{"", 6.8e-4}, {"dana:6:0.5:0.5:1", 1.7e-5}, {"dana:6:0.05:0:1", 2.7e-6}};
    const double alpha[] = {405};
    for (size_t k = 0; k < 3; k++) {
        double eps_g[1];
        test_model m = make_model(1, 1, 96, 96, 1, 0.2, 0.01, "erf", 1);
        m.network.v[0] = m.network.w[0] = 1;
        m.network.label_noise = 0;
        for (size_t b = 0; b < 96; b++) {
            m.start.q[b] = 1e-4 / 96;
            m.start.r[b] = 0;
            m.start.t[b] = 1. / 96;
        }
        if (cases[k].momentum[0])
            m.network.training.momentum = momentum_of(cases[k].momentum);
        integrate_curve(&m, alpha, 1, 1e-8, eps_g);
        CHECK_CLOSE(eps_g[0], cases[k].eps_g, 0.03, cases[k].eps_g, "%s", cases[k].momentum);
        clear_model(&m);
    }
}

static void integrate_from(test_model *m, double from, const double *alpha, size_t count,
                           double *eps_g) {
    ordpar_error err;
    const ordpar_integrate_options options = {.rtol = 1e-11,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = m->spectrum.L,
                                              .observer = keep_curve,
                                              .context = eps_g,
                                              .start_alpha = from};
    check_ok(
        ordpar_integrate(&m->spectrum, &m->network, &m->start, alpha, count, &options, NULL, &err),
        &err);
}

Test(momentum, a_run_in_two_parts_is_the_run) {
    static const char *const kinds[] = {"constant:0.1:0.3", "nesterov:3:0.3", "dana:6:0.5:0.5:1"};
    const double alpha[] = {10, 40, 70, 100};
    for (size_t k = 0; k < 6; k += CASE_STEP) {
        double whole[4], parts[4], without[2];
        test_model m[3];
        for (size_t j = 0; j < 3; j++) {
            m[j] = make_model(3, 2, 64, 4, 0.7, 0.4, 0.1, k < 3 ? "erf" : "relu", 5);
            m[j].network.training.momentum = momentum_of(kinds[k % 3]);
            m[j].network.training.batch = k % 2 ? 3 : 1;
            m[j].network.training.schedule =
                (ordpar_schedule){.kind = ORDPAR_SCHEDULE_POWER, .gamma = 0.6, .alpha_0 = 30};
        }
        ordpar_error err;
        for (size_t j = 1; j < 3; j++)
            check_ok(ordpar_overlaps_set_push(&m[j].start, NULL, &err), &err);
        integrate_from(&m[0], 0, alpha, 4, whole);
        integrate_from(&m[1], 0, alpha, 2, parts);
        integrate_from(&m[1], alpha[1], alpha + 2, 2, parts + 2);
        for (size_t row = 0; row < 4; row++)
            CHECK_CLOSE(parts[row], whole[row], 1e-9, whole[row], "%s, row %zu", kinds[k % 3], row);
        ordpar_overlaps_copy(&m[1].start, &m[2].start);
        check_ok(ordpar_overlaps_set_push(&m[2].start, NULL, &err), &err);
        integrate_from(&m[1], 100, (const double[]){110}, 1, whole);
        integrate_from(&m[2], 100, (const double[]){110}, 1, without);
        cr_assert_gt(fabs(without[0] / whole[0] - 1), 1e-4, "%s: P is of no account", kinds[k % 3]);
        for (size_t j = 0; j < 3; j++)
            clear_model(&m[j]);
    }
}

/* Students whose J are the same are not one where their P are not. */
Test(momentum, parts_students_that_start_the_same) {
    test_model m = make_model(2, 2, 64, 2, 1, 0.2, 0.5, "erf", 1);
    const size_t L = 2, K = 2, M = 2;
    ordpar_error err;
    double eps_g;
    ordpar_overlaps_clear(&m.start);
    check_ok(ordpar_overlaps_start(&m.spectrum, K, M, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN, 0.5, 1,
                                   0, &m.start, &err),
             &err);
    m.network.training.momentum = momentum_of("constant:0.1:0.3");
    check_ok(ordpar_overlaps_set_push(&m.start, NULL, &err), &err);
    for (size_t b = 0; b < L; b++) {
        m.start.push[b] = 0.1;                     /* u_11 */
        m.start.push[(K * M + K * K) * L + b] = 1; /* p_11 */
    }
    integrate_from(&m, 0, (const double[]){1}, 1, &eps_g);
    cr_assert_gt(fabs(m.start.r[0] - m.start.r[M * L]), 1e-3, "still the same");
    clear_model(&m);
}

Test(momentum, runs_do_not_go_on_without_it) {
    const double alpha[] = {2};
    double eps_g[1];
    test_model m = make_model(1, 1, 40, 4, 1, 0.2, 0.5, "erf", 1);
    m.network.training.momentum = momentum_of("constant:1:1");
    const ordpar_integrate_options options = {.rtol = 1e-8,
                                              .atol = 1e-14,
                                              .trained_blocks = 4,
                                              .observer = keep_curve,
                                              .context = eps_g,
                                              .start_alpha = 1};
    ordpar_error err;
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    clear_model(&m);
}

/* A batch of B at the rate eta is single examples at eta/B, after B alpha. */
Test(batches, fixed_ones_are_another_time) {
    static const char *const activations[] = {"erf", "relu", "linear"};
    const double alpha[] = {3, 30};
    for (size_t g = 0; g < 3; g++) {
        double batches[2], single[2];
        test_model m = make_model(3, 2, 60, 4, 1, 0.9, 0.5, activations[g], 3),
                   n = make_model(3, 2, 60, 4, 1, 0.3, 0.5, activations[g], 3);
        m.network.label_noise = n.network.label_noise = 0.2;
        m.network.training.batch = 3;
        integrate_curve(&m, alpha, 2, 1e-10, batches);
        integrate_curve(&n, (const double[]){9, 90}, 2, 1e-10, single);
        for (int k = 0; k < 2; k++)
            CHECK_CLOSE(batches[k], single[k], 2e-9, single[k], "%s", activations[g]);
        clear_model(&m);
        clear_model(&n);
    }
}

/* ---- batches that are a fraction of N ---- */

/* b -> 0 at eta = b eta_SGD: the equations of motion, after alpha/b steps. */
Test(batches, small_fractions_are_the_equations_of_motion) {
    static const char *const activations[] = {"erf", "relu"};
    const long N = 40000;
    for (size_t g = 0; g < 2; g++) {
        double eps_g[3];
        for (int k = 0; k < 3; k++) {
            const double b = k ? 0.1 * pow(0.1, k) : 1;
            test_model m = make_model(3, 2, N, 4, 1, 0.7 * b, 0.5, activations[g], 3);
            m.network.label_noise = 0.2;
            m.network.training.batch_fraction = k ? b : 0;
            integrate_curve(&m, (const double[]){4 / b}, 1, 1e-10, &eps_g[k]);
            clear_model(&m);
        }
        CHECK_CLOSE((eps_g[1] - eps_g[0]) / (eps_g[2] - eps_g[0]), 10, 0.05, 10, "%s",
                    activations[g]);
    }
}

/* [13.10] for a linear unit: e' = (1 - eta lambda)^2 e + (eta^2/b) p lambda (sum lambda e + s^2);
 * b -> infinity: gradient descent. Of what inputs do not show [15.7] h adds to s^2, and h/2 to
 * eps_g. */
Test(batches, linear_unit_is_a_recursion) {
    for (int k = 0; k < 4; k++) {
        const double b = (const double[]){0.5, 4, 1e9, 0.5}[k], noise = k == 2 ? 0 : 0.3;
        const double h = k == 3 ? 0.4 : 0;
        test_model m = make_model(1, 1, 60, 6, 1, 0.2, 0.5, "linear", 5);
        const ordpar_spectrum *s = &m.spectrum;
        double e[6], eps_g[1], total = 0;
        ordpar_error err;
        check_ok(ordpar_network_set_unlearnable(&m.network, &h, &err), &err);
        m.network.v[0] = m.network.w[0] = 1;
        m.network.label_noise = noise;
        m.network.training.batch_fraction = b;
        for (size_t l = 0; l < 6; l++)
            e[l] = m.start.q[l] - 2 * m.start.r[l] + m.start.t[l];
        for (int step = 0; step < 12; step++) {
            total = noise * noise + h;
            for (size_t l = 0; l < 6; l++)
                total += s->lambda[l] * e[l];
            for (size_t l = 0; l < 6; l++)
                e[l] = pow(1 - 0.2 * s->lambda[l], 2) * e[l] +
                       0.04 / b * s->p[l] * s->lambda[l] * total;
        }
        total = h / 2;
        for (size_t l = 0; l < 6; l++)
            total += s->lambda[l] * e[l] / 2;
        integrate_curve(&m, (const double[]){12.3}, 1, 1e-8, eps_g);
        CHECK_CLOSE(eps_g[0], total, TOL_LOOSE, total, "b = %g", b);
        clear_model(&m);
    }
}

/* ---- what is measured beside a curve ---- */

/* [13.11] a is minus the slope of eps_g at lowest order; where a batch of the noise scale is taken,
 * the noise costs as much as it is worth: tr F N tau_1 = a B. */
Test(batches, rate_is_the_slope_of_eps_g) {
    static const char *const activations[] = {"erf", "linear", "relu"};
    for (size_t g = 0; g < 3; g++) {
        const double alpha[] = {0, 1e-4, 2e-4};
        double eps_g[3], rate, noise_scale;
        test_model m = make_model(2, 2, 300, 5, 1, 1, 0.5, activations[g], 7);
        ordpar_error err;
        m.network.small_eta = true;
        check_ok(ordpar_gradient_measure(&m.start, &m.spectrum, &m.network, 4, &rate, &noise_scale,
                                         &err),
                 &err);
        integrate_blocks(&m, 4, alpha, 3, 1e-12, eps_g);
        const double slope = (-3 * eps_g[0] + 4 * eps_g[1] - eps_g[2]) / 2e-4;
        CHECK_CLOSE(rate, -slope, 1e-5, rate, "%s", activations[g]);
        clear_model(&m);
    }
}

/* Linear: F = v v^T (2 eps_g + s^2). */
Test(batches, noise_scale_of_linear_units) {
    double rate, noise_scale, eps_g, tau = 0;
    test_model m = make_model(2, 1, 300, 5, 1, 1, 0.5, "linear", 7);
    const ordpar_network *n = &m.network;
    ordpar_error err;
    check_ok(ordpar_gradient_measure(&m.start, &m.spectrum, n, 4, &rate, &noise_scale, &err), &err);
    check_ok(ordpar_overlaps_error(&m.start, &m.spectrum, n, &eps_g, &err), &err);
    for (size_t b = 0; b < 4; b++)
        tau += m.spectrum.p[b] * m.spectrum.lambda[b];
    const double square = n->v[0] * n->v[0] + n->v[1] * n->v[1];
    const double error = 2 * eps_g + n->label_noise * n->label_noise;
    CHECK_CLOSE(noise_scale, 300 * tau * square * error / rate, TOL_SUM, noise_scale, "linear");
    clear_model(&m);
}
