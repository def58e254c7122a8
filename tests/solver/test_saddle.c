// SPDX-License-Identifier: GPL-3.0-or-later
/* Starts on a saddle of the equations or beside one: what it amplifies, errors among them. */
#include "support.h"

#include <math.h>
#include <string.h>

enum { ROWS = 4 };

static test_model mean_start(const char *activation, ordpar_teacher teacher, double sigma_J,
                             const double v[2]) {
    test_model m =
        make_model(2, 2, 400, 2, 1, activation[0] == 'q' ? 0.02 : 0.3, sigma_J, activation, 4);
    ordpar_error err;
    m.network.label_noise = 0;
    for (size_t i = 0; i < 2; i++) {
        m.network.v[i] = v[i];
        m.network.w[i] = 1 / sqrt(2);
    }
    ordpar_overlaps_clear(&m.start);
    check_ok(ordpar_overlaps_start(&m.spectrum, 2, 2, ORDPAR_INIT_MEAN, teacher, sigma_J, 4, 1,
                                   &m.start, &err),
             &err);
    return m;
}

static ordpar_integrate_stats run_with(ordpar_teacher teacher, const char *activation,
                                       double sigma_J, const double v[2], double rtol,
                                       const double *alpha, double *eps_g) {
    test_model m = mean_start(activation, teacher, sigma_J, v);
    const ordpar_integrate_options options = {.rtol = rtol,
                                              .atol = ORDPAR_DEFAULT_ATOL,
                                              .trained_blocks = m.spectrum.L,
                                              .observer = keep_curve,
                                              .context = eps_g};
    ordpar_integrate_stats stats;
    ordpar_error err;
    check_ok(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, alpha, ROWS, &options, &stats, &err),
        &err);
    clear_model(&m);
    return stats;
}

static ordpar_integrate_stats run(const char *activation, double sigma_J, const double v[2],
                                  double rtol, const double *alpha, double *eps_g) {
    return run_with(ORDPAR_TEACHER_SAMPLED, activation, sigma_J, v, rtol, alpha, eps_g);
}

static const double same[] = {0.7, 0.7}, different[] = {0.7, 0.5};

/* Two students that start the same part by rounding: the run says where, and up to there eps_g is
 * right. */
Test(saddle, students_that_start_the_same_part_by_rounding) {
    const double alpha[ROWS] = {1, 10, 30, 20000};
    double eps_g[ROWS], tight[ROWS];
    const ordpar_integrate_stats loose = run("erf", 0.1, same, 1e-6, alpha, eps_g);
    const ordpar_integrate_stats stats = run("erf", 0.1, same, 1e-9, alpha, tight);
    cr_assert(stats.parted_from > alpha[2] && stats.parted_from < alpha[3], "parted from %g",
              stats.parted_from);
    cr_assert(isinf(ordpar_rounding_limit(&stats)) && isinf(ordpar_rounding_limit(&loose)));
    for (size_t row = 0; row < ROWS - 1; row++)
        CHECK_CLOSE(eps_g[row], tight[row], 1e-5, tight[row], "alpha = %g", alpha[row]);
}

Test(saddle, students_that_do_not_start_the_same_do_not_part_by_rounding) {
    const double alpha[ROWS] = {1, 10, 30, 20000}, early[ROWS] = {1, 2, 3, 4};
    double eps_g[ROWS];
    ordpar_integrate_stats stats = run("erf", 0.1, different, 1e-6, alpha, eps_g);
    cr_assert(isinf(stats.parted_from), "other weights, parted from %g", stats.parted_from);
    stats = run("linear", 0.1, same, 1e-6, alpha, eps_g);
    cr_assert(isinf(stats.parted_from), "no saddle, parted from %g", stats.parted_from);
    stats = run("erf", 0.1, same, 1e-6, early, eps_g);
    cr_assert(isinf(stats.parted_from), "too early, parted from %g", stats.parted_from);
}

/* Students of different weights that do not tell the teachers apart: the teachers part likewise. */
Test(saddle, teachers_that_are_not_told_apart_part_by_rounding) {
    const double alpha[ROWS] = {1, 10, 30, 20000}, early[ROWS] = {1, 10, 30, 300};
    double eps_g[ROWS];
    ordpar_integrate_stats stats =
        run_with(ORDPAR_TEACHER_MEAN, "erf", 0.1, different, 1e-6, alpha, eps_g);
    cr_assert(stats.parted_from > early[ROWS - 1] && stats.parted_from < alpha[ROWS - 1],
              "parted from %g", stats.parted_from);
    stats = run_with(ORDPAR_TEACHER_MEAN, "erf", 0.1, different, 1e-6, early, eps_g);
    cr_assert(isinf(stats.parted_from), "too early, parted from %g", stats.parted_from);
}

/* Quadratic students without overlap with the teachers are near the saddle at J = 0, which
 * amplifies the relative error of their norm. */
Test(saddle, quadratic_students_leave_the_origin_as_promised) {
    const double alpha[ROWS] = {30, 60, 80, 100};
    double eps_g[ROWS], tight[ROWS];
    run("quadratic", 1e-3, different, 1e-6, alpha, eps_g);
    run("quadratic", 1e-3, different, 1e-10, alpha, tight);
    cr_assert(tight[ROWS - 1] < 0.99 * tight[0], "eps_g from %g to %g", tight[0], tight[ROWS - 1]);
    for (size_t row = 0; row < ROWS; row++)
        CHECK_CLOSE(eps_g[row], tight[row], 1e-5, tight[row], "alpha = %g", alpha[row]);
}

/* .. direction by direction: the third grows from 0.003 while eps_g falls to 0.4 of its start, and
 * the overlaps of students with each other are its square. */
Test(saddle, quadratic_students_grow_in_each_direction_as_promised) {
    const double alpha[ROWS] = {1, 3, 4, 5.302}, v[] = {1.346, 1.14, 0.9337, 1.497, 1.283};
    const double rtol[] = {1e-6, 1e-8};
    double eps_g[2][ROWS], tight[ROWS];
    for (size_t k = 0; k < 3; k++) {
        test_model m = make_model(5, 5, 50, 50, 0.14, 0.04089, 0.01108, "quadratic", 142473);
        memcpy(m.network.v, v, sizeof v);
        m.network.small_eta = true;
        integrate_curve(&m, alpha, ROWS, k < 2 ? rtol[k] : 1e-11, k < 2 ? eps_g[k] : tight);
        clear_model(&m);
    }
    cr_assert(tight[ROWS - 1] < 0.5 * tight[0], "eps_g from %g to %g", tight[0], tight[ROWS - 1]);
    for (size_t k = 0; k < 2; k++)
        for (size_t row = 0; row < ROWS; row++)
            CHECK_CLOSE(eps_g[k][row], tight[row], 10 * rtol[k], tight[row], "alpha = %g",
                        alpha[row]);
}

/* Blocks of one component. As overlaps their Gram matrices of rank 1 were made indefinite by
 * rounding, and eps_g went to infinity at alpha = 1.3 (erf: only wrong). Gradient flow falls. */
Test(saddle, blocks_of_one_component_stay_so) {
    const double alpha[ROWS] = {1, 2, 8, 17}, rtol[] = {1e-6, 1e-9};
    double eps_g[2][ROWS];
    for (size_t k = 0; k < 2; k++) {
        test_model m = make_model(6, 6, 50, 50, 1.323, 0.9954, 0.001146, "quadratic", 539533);
        m.network.small_eta = true;
        integrate_curve(&m, alpha, ROWS, rtol[k], eps_g[k]);
        for (size_t i = 0; i < 6; i++)
            for (size_t j = 0; j < i; j++)
                for (size_t b = 0; b < 50; b++) {
                    const double *q = m.start.q + b;
                    const double norms = q[(i * 6 + i) * 50] * q[(j * 6 + j) * 50];
                    CHECK_CLOSE(q[(i * 6 + j) * 50] * q[(i * 6 + j) * 50], norms, TOL_TIGHT, norms,
                                "block %zu, students %zu and %zu", b, i, j);
                }
        clear_model(&m);
    }
    for (size_t row = 0; row < ROWS; row++) {
        CHECK_CLOSE(eps_g[0][row], eps_g[1][row], 10 * rtol[0], eps_g[1][row], "alpha = %g",
                    alpha[row]);
        cr_assert(row == 0 || eps_g[0][row] < eps_g[0][row - 1]);
    }
}

/* Blocks whose vectors are long beside what the tolerances of overlaps allow. */
Test(saddle, vectors_are_not_asked_for_more_than_their_rounding) {
    static const struct {
        const char *activation;
        size_t K;
        double eta, sigma_J, end;
        unsigned long seed;
    } cases[] = {{"erf", 2, 0.1, 0.01, 1e4, 12},
                 {"quadratic", 2, 0.1, 0.01, 1e4, 5},
                 {"erf", 1, 1.28, 3.44, 339, 366137}};
    const double rtol[] = {1e-8, 1e-12};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double eps_g[2][ROWS], alpha[ROWS];
        log_grid(0.1, cases[k].end, ROWS, alpha);
        for (size_t tight = 0; tight < 2; tight++) {
            test_model m = make_model(cases[k].K, 1, 16, 16, 1, cases[k].eta, cases[k].sigma_J,
                                      cases[k].activation, cases[k].seed);
            m.network.small_eta = true;
            m.network.training.weight_decay = 2e-4;
            integrate_curve(&m, alpha, ROWS, rtol[tight], eps_g[tight]);
            clear_model(&m);
        }
        for (size_t row = 0; row < ROWS; row++)
            CHECK_CLOSE(eps_g[0][row], eps_g[1][row], 10 * rtol[0], eps_g[1][row],
                        "case %zu, alpha = %g", k, alpha[row]);
    }
}

/* Overlaps with errors, as of a file: eps_g still ends at 0, that of the vectors they become. */
Test(saddle, vectors_of_inexact_overlaps_reach_their_teacher) {
    const double alpha[ROWS] = {10, 1e3, 1e5, 1e6};
    double eps_g[ROWS];
    ordpar_random stream = test_stream(70);
    test_model m = make_model(1, 1, 64, 64, 1, 1, 0.5, "relu", 1);
    m.network.small_eta = true;
    for (size_t b = 0; b < 64; b++) {
        m.start.q[b] *= 1 + uniform(&stream, -1e-9, 1e-9);
        m.start.r[b] *= 1 + uniform(&stream, -1e-9, 1e-9);
        m.start.t[b] *= 1 + uniform(&stream, -1e-9, 1e-9);
    }
    integrate_curve(&m, alpha, ROWS, 1e-8, eps_g);
    cr_assert(eps_g[ROWS - 1] < 10 * ORDPAR_DEFAULT_ATOL, "eps_g = %g", eps_g[ROWS - 1]);
    clear_model(&m);
}
