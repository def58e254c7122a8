// SPDX-License-Identifier: GPL-3.0-or-later
/* The driver: known limits, symmetries, invariants and errors. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* K = M = L = 1, linear: e = (J - B)^2/N obeys de/dalpha = -(2 eta - eta^2) e + eta^2 s^2. */
Test(integrate, linear_isotropic_curve_is_an_exponential) {
    const double etas[] = {0.01, 0.5, 1, 1.5, 1.99};
    for (size_t k = 0; k < sizeof etas / sizeof *etas; k++)
        for (double noise = 0; noise < 0.5; noise += 0.3) {
            const double eta = etas[k], rate = 2 * eta - eta * eta,
                         floor = eta * eta * noise * noise / rate;
            double alpha[40], eps_g[40];
            test_model m = make_model(1, 1, 100, 1, 1, eta, 0.7, "linear", 3);
            m.network.label_noise = noise;
            const double e0 = m.start.q[0] - 2 * m.start.r[0] + m.start.t[0];
            log_grid(0.01 / rate, 20 / rate, 40, alpha);
            integrate_curve(&m, alpha, 40, 1e-9, eps_g);
            for (size_t row = 0; row < 40; row++) {
                const double exact = (floor + (e0 - floor) * exp(-rate * alpha[row])) / 2;
                CHECK_CLOSE(eps_g[row], exact, 1, fmax(1e-8 * exact, 1e-13),
                            "eta = %g, noise = %g, alpha = %g", eta, noise, alpha[row]);
            }
            clear_model(&m);
        }
}

/* The symmetric plateau of small learning rates, with orthogonal teachers (Saad and Solla 1995 for
 * T = 1): J_i = scale sum_n B_n, where scale R* / T is stationary. */
static void check_plateau(size_t M, long L, bool start_there, double end) {
    const double units = (double)M;
    test_model m = make_model(M, M, 64 * L * (long)M, L, 1, 0.05, 0, "erf", 1);
    m.network.small_eta = true;
    const double T = ordpar_spectrum_moment(&m.spectrum, 1);
    const double Q = T / (units * (1 + T) - T), R = T / sqrt(units * (units * (1 + T) - T));
    const double eps = (asin(T / (1 + T)) - units * asin(T / (units * (1 + T)))) / M_PI;
    const double scale = start_there ? R / T : 0.3;
    for (size_t k = 0; k < M * M; k++)
        for (size_t b = 0; b < (size_t)L; b++) {
            m.start.t[k * (size_t)L + b] = k % (M + 1) == 0 ? m.spectrum.p[b] : 0;
            m.start.r[k * (size_t)L + b] = scale * m.spectrum.p[b];
            m.start.q[k * (size_t)L + b] = scale * scale * units * m.spectrum.p[b];
        }
    double eps_g, c[64];
    ordpar_error err;
    integrate_curve(&m, &end, 1, 1e-10, &eps_g);
    check_ok(ordpar_overlaps_moment(&m.start, &m.spectrum, 1, c, &err), &err);
    CHECK_CLOSE(eps_g, eps, 1e-9, eps, "plateau height, M = %zu, L = %ld", M, L);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++) {
            CHECK_CLOSE(c[i * 2 * M + j], Q, 1e-8, 1, "Q_%zu%zu, M = %zu, L = %ld", i, j, M, L);
            CHECK_CLOSE(c[i * 2 * M + M + j], R, 1e-8, 1, "R_%zu%zu, M = %zu, L = %ld", i, j, M, L);
        }
    clear_model(&m);
}

Test(integrate, reaches_the_symmetric_plateau) {
    for (size_t M = 2; M <= 4; M++)
        check_plateau(M, 1, false, 2000);
}

Test(integrate, stays_on_the_symmetric_plateau_of_any_spectrum) {
    check_plateau(2, 4, true, 500);
    check_plateau(3, 8, true, 500);
}

/* Relabelling students and teachers, with their weights, must not change the curve. */
Test(integrate, the_curve_does_not_depend_on_the_labels) {
    enum { K = 3, M = 3, L = 4, ROWS = 30 };
    static const size_t student[K] = {2, 0, 1}, teacher[M] = {1, 0, 2};
    double alpha[ROWS], eps_g[ROWS], relabelled[ROWS];
    log_grid(0.1, 2000, ROWS, alpha);
    test_model m = make_model(K, M, 400, L, 1, 0.5, 0.1, "erf", 4);
    test_model p = make_model(K, M, 400, L, 1, 0.5, 0.1, "erf", 4);
    const double v[K] = {0.5, 0.7, 0.6}, w[M] = {0.6, 0.5, 0.7};
    for (size_t i = 0; i < K; i++) {
        m.network.v[i] = v[i];
        p.network.v[i] = v[student[i]];
        m.network.w[i] = w[i];
        p.network.w[i] = w[teacher[i]];
        for (size_t j = 0; j < K; j++) {
            memcpy(p.start.q + (i * K + j) * L, m.start.q + (student[i] * K + student[j]) * L,
                   L * sizeof(double));
            memcpy(p.start.r + (i * M + j) * L, m.start.r + (student[i] * M + teacher[j]) * L,
                   L * sizeof(double));
            memcpy(p.start.t + (i * M + j) * L, m.start.t + (teacher[i] * M + teacher[j]) * L,
                   L * sizeof(double));
        }
    }
    const double rtol = 1e-8;
    integrate_curve(&m, alpha, ROWS, rtol, eps_g);
    integrate_curve(&p, alpha, ROWS, rtol, relabelled);
    for (size_t row = 0; row < ROWS; row++)
        CHECK_CLOSE(relabelled[row], eps_g[row], 2, fmax(10 * rtol * eps_g[row], 1e-13),
                    "alpha = %g", alpha[row]);
    clear_model(&m);
    clear_model(&p);
}

static ordpar_status check_semidefinite(void *context, size_t row, double alpha, double eps_g,
                                        const ordpar_overlaps *state, ordpar_error *err) {
    double least;
    (void)context, (void)row;
    const ordpar_status status = ordpar_overlaps_min_eigenvalue(state, &least, NULL, err);
    cr_assert(least > -1e-7, "least eigenvalue %g at alpha = %g", least, alpha);
    cr_assert(eps_g >= 0);
    return status;
}

Test(integrate, overlaps_stay_positive_semidefinite) {
    ordpar_random stream = test_stream(50);
    for (int trial = 0; trial < 12; trial++) {
        const size_t K = 1 + (size_t)uniform(&stream, 0, 4), M = 1 + (size_t)uniform(&stream, 0, 4);
        const long L = 1 + (long)uniform(&stream, 0, 8);
        test_model m =
            make_model(K, M, 40 * L, L, uniform(&stream, 0.3, 2), uniform(&stream, 0.05, 1.5),
                       uniform(&stream, 0.01, 1), "erf", (unsigned long)trial);
        double alpha[50];
        log_grid(0.01, 1e4, 50, alpha);
        const ordpar_integrate_options settings = {
            .rtol = 1e-8,
            .atol = ORDPAR_DEFAULT_ATOL,
            .trained_blocks = m.spectrum.L,
            .observer = check_semidefinite,
            .integrator = trial % 2 ? ORDPAR_INTEGRATOR_RADAU : ORDPAR_INTEGRATOR_CVODE};
        ordpar_error err;
        check_ok(
            ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 50, &settings, NULL, &err),
            &err);
        clear_model(&m);
    }
}

static ordpar_status ignore(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    (void)row, (void)alpha, (void)eps_g, (void)state;
    return context ? ordpar_fail(err, ORDPAR_IO, "the observer's own error") : ORDPAR_OK;
}

Test(integrate, frozen_blocks_keep_their_overlaps) {
    ordpar_error err;
    test_model m = make_model(2, 2, 80, 8, 1, 0.5, 0.5, "erf", 1);
    ordpar_overlaps before;
    check_ok(ordpar_overlaps_init(2, 2, 8, &before, &err), &err);
    ordpar_overlaps_copy(&m.start, &before);
    const double alpha[] = {50};
    const ordpar_integrate_options settings = {
        .rtol = 1e-8, .atol = 1e-14, .trained_blocks = 3, .observer = ignore};
    check_ok(ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 1, &settings, NULL, &err),
             &err);
    for (size_t k = 0; k < 4; k++)
        for (size_t b = 0; b < 8; b++) {
            const double change = fabs(m.start.r[k * 8 + b] - before.r[k * 8 + b]);
            if (b < 3)
                cr_assert(change > 1e-3, "block %zu was trained", b);
            else
                CHECK_CLOSE(change, 0, TOL_EXACT, 1, "block %zu is frozen", b);
        }
    ordpar_overlaps_clear(&before);
    clear_model(&m);
}

Test(integrate, all_orders_approach_the_small_eta_equations) {
    double gap[2];
    for (int k = 0; k < 2; k++) {
        const double eta = k ? 1e-3 : 1e-2, alpha[] = {3 / eta};
        double full, small;
        test_model m = make_model(2, 2, 200, 4, 1, eta, 0.5, "erf", 2);
        integrate_curve(&m, alpha, 1, 1e-10, &full);
        clear_model(&m);
        m = make_model(2, 2, 200, 4, 1, eta, 0.5, "erf", 2);
        m.network.small_eta = true;
        integrate_curve(&m, alpha, 1, 1e-10, &small);
        clear_model(&m);
        gap[k] = fabs(full / small - 1);
    }
    CHECK_CLOSE(gap[1] / gap[0], 0.1, 0.1, 0.1, "the gap is linear in eta");
}

static ordpar_status run(test_model *m, const double *alpha, size_t count,
                         const ordpar_integrate_options *settings, ordpar_error *err) {
    return ordpar_integrate(&m->spectrum, &m->network, &m->start, alpha, count, settings, NULL,
                            err);
}

Test(integrate, errors_name_the_reason_and_leave_the_start_alone) {
    ordpar_error err;
    test_model m = make_model(1, 1, 100, 1, 1, 50, 1, "linear", 1);
    const double q = m.start.q[0], alpha[] = {1, 10}, falling[] = {2, 1};
    const volatile sig_atomic_t stop = 1;
    int context = 1;
    ordpar_integrate_options settings = {
        .rtol = 1e-8, .atol = 1e-14, .trained_blocks = 1, .observer = ignore};
    for (int method = 0; method <= ORDPAR_INTEGRATOR_RADAU; method++) {
        settings.integrator = (ordpar_integrator_choice)method;
        m.network.eta = 50;
        cr_assert_eq(run(&m, alpha, 2, &settings, &err), ORDPAR_DIVERGED);
        cr_assert(strstr(err.message, "alpha ="), "%s", err.message);
        cr_assert_eq(m.start.q[0], q);
        m.network.eta = 0.1;
        cr_assert_eq(run(&m, falling, 2, &settings, &err), ORDPAR_INVALID);
        settings.stop = &stop;
        cr_assert_eq(run(&m, alpha, 2, &settings, &err), ORDPAR_INTERRUPTED);
        settings.stop = NULL;
    }
    settings.context = &context;
    cr_assert_eq(run(&m, alpha, 2, &settings, &err), ORDPAR_IO);
    cr_assert_str_eq(err.message, "the observer's own error");
    settings.rtol = 1e-20;
    cr_assert_eq(run(&m, alpha, 2, &settings, &err), ORDPAR_INVALID);
    settings.rtol = NAN;
    cr_assert_eq(run(&m, alpha, 2, &settings, &err), ORDPAR_INVALID);
    cr_assert_eq(m.start.q[0], q);
    clear_model(&m);
}

/* A small teacher: what the student has left when deviations take over is far below atol. */
Test(integrate, small_teachers_are_reached_relatively) {
    const double scales[] = {1e-6, 1e-12, 1e-16}, alpha[] = {30, 100, 200};
    for (size_t k = 0; k < 3; k++) {
        double eps_g[2][3];
        for (size_t tight = 0; tight < 2; tight++) {
            test_model m = make_model(1, 1, 400, 2, 1, 0.5, 0.5, "linear", 4);
            m.network.label_noise = 0;
            m.network.v[0] = m.network.w[0] = 1;
            for (size_t b = 0; b < 2; b++) {
                m.start.t[b] *= scales[k];
                m.start.r[b] *= sqrt(scales[k]);
            }
            integrate_curve(&m, alpha, 3, tight ? 1e-10 : 1e-8, eps_g[tight]);
            clear_model(&m);
        }
        cr_assert(eps_g[0][2] < 1e-20, "%g", eps_g[0][2]);
        for (size_t row = 0; row < 3; row++)
            CHECK_CLOSE(eps_g[0][row], eps_g[1][row], 1e-7, eps_g[1][row], "teacher of %g, row %zu",
                        scales[k], row);
    }
}

static bool is_by_radau(size_t K, long L, double rtol, ordpar_integrator_choice asked,
                        double momentum) {
    const double alpha[] = {1};
    ordpar_error err;
    ordpar_integrate_stats stats;
    test_model m = make_model(K, K, 2 * L, L, 1, 0.1, 0.1, "erf", 1);
    m.network.small_eta = true;
    if (momentum > 0)
        check_ok(ordpar_momentum_parse("constant:1:0.01", &m.network.training.momentum, &err),
                 &err);
    const ordpar_integrate_options settings = {.rtol = rtol,
                                               .atol = ORDPAR_DEFAULT_ATOL,
                                               .trained_blocks = (size_t)L,
                                               .observer = ignore,
                                               .integrator = asked};
    const ordpar_status status =
        ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, 1, &settings, &stats, &err);
    const bool refused = momentum > 0 && asked == ORDPAR_INTEGRATOR_RADAU;
    cr_assert_eq(status, refused ? ORDPAR_INVALID : ORDPAR_OK);
    clear_model(&m);
    return !refused && stats.by_radau;
}

/* Radau IIA unasked by size or tolerance, where it exists and the network is not wide. */
Test(integrate, both_methods_are_taken_where_they_are_meant) {
    cr_assert(!is_by_radau(2, 16, 1e-8, ORDPAR_INTEGRATOR_AUTO, 0));
    cr_assert(is_by_radau(2, 16, 1e-8, ORDPAR_INTEGRATOR_RADAU, 0));
    cr_assert(is_by_radau(2, 512, 1e-8, ORDPAR_INTEGRATOR_AUTO, 0));
    cr_assert(!is_by_radau(2, 512, 1e-8, ORDPAR_INTEGRATOR_CVODE, 0));
    cr_assert(!is_by_radau(2, 512, 1e-8, ORDPAR_INTEGRATOR_AUTO, 0.01));
    cr_assert(!is_by_radau(2, 4, 1e-8, ORDPAR_INTEGRATOR_RADAU, 0.01));
    cr_assert(is_by_radau(9, 16, 1e-9, ORDPAR_INTEGRATOR_AUTO, 0));
    cr_assert(!is_by_radau(10, 16, 1e-9, ORDPAR_INTEGRATOR_AUTO, 0), "wide");
    cr_assert(is_by_radau(10, 16, 1e-9, ORDPAR_INTEGRATOR_RADAU, 0), "wide, but asked for");
}

/* lambda and eps_g times c, eta by c: all rows are those of c = 1. */
Test(integrate, a_spectrum_of_any_trace_keeps_the_promise) {
    const double traces[] = {1e-6, 1, 65025, 1e10}, alpha[] = {1, 10, 30};
    double eps_g[4][3];
    for (size_t k = 0; k < 4; k++) {
        test_model m = make_model(2, 2, 400, 2, 1, 0.3, 0.5, "linear", 4);
        m.network.label_noise = 0;
        m.network.eta /= traces[k];
        for (size_t b = 0; b < 2; b++)
            m.spectrum.lambda[b] *= traces[k];
        integrate_curve(&m, alpha, 3, 1e-8, eps_g[k]);
        clear_model(&m);
        for (size_t row = 0; row < 3; row++)
            CHECK_CLOSE(eps_g[k][row] / traces[k], eps_g[0][row] / traces[0], 2e-7,
                        eps_g[k][row] / traces[k], "trace %g, row %zu", traces[k], row);
    }
}
