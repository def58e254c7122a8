// SPDX-License-Identifier: GPL-3.0-or-later
/* Starts on a saddle of the equations or beside one: what it amplifies, errors among them. */
#include "solver/state/saddle.h"
#include "solver/state/symmetry.h"
#include "support.h"

#include <float.h>

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
    ordpar_integrate_stats stats;
    integrate_both_ways(&m, m.spectrum.L, alpha, ROWS, rtol, eps_g, &stats);
    clear_model(&m);
    return stats;
}

static ordpar_integrate_stats run(const char *activation, double sigma_J, const double v[2],
                                  double rtol, const double *alpha, double *eps_g) {
    return run_with(ORDPAR_TEACHER_SAMPLED, activation, sigma_J, v, rtol, alpha, eps_g);
}

static const double same[] = {0.7, 0.7}, different[] = {0.7, 0.5};

/* What a start ties stays tied, however long a run is: on the plateau for ever. */
Test(saddle, students_that_start_the_same_stay_so) {
    const double alpha[ROWS] = {1e3, 1e4, 1e5, 1e6};
    double eps_g[ROWS];
    const ordpar_integrate_stats stats = run("erf", 0.1, same, 1e-8, alpha, eps_g);
    cr_assert_eq(stats.tied_students, 1);
    cr_assert_eq(stats.tied_teachers, 0);
    CHECK_CLOSE(eps_g[3], eps_g[2], 1e-7, eps_g[2], "to alpha = 1e6");
    cr_assert(eps_g[3] > 1e-3 && stats.rounding_limit < 1e-7);
}

Test(saddle, teachers_that_are_not_told_apart_stay_so) {
    const double alpha[ROWS] = {1e3, 1e4, 1e5, 1e6};
    double eps_g[ROWS];
    const ordpar_integrate_stats stats =
        run_with(ORDPAR_TEACHER_MEAN, "erf", 0.1, different, 1e-8, alpha, eps_g);
    cr_assert_eq(stats.tied_students, 0);
    cr_assert_eq(stats.tied_teachers, 1);
    CHECK_CLOSE(eps_g[3], eps_g[2], 1e-7, eps_g[2], "to alpha = 1e6");
    cr_assert(eps_g[3] > 1e-3);
}

/* Equal, opposite or parallel students: v = (v_1, v_2), J_2 = scale J_1. */
typedef struct {
    char activation[12];
    double v[2], scale;
    bool small_eta;
} twins;

/* One student of the outputs v_1 + scale^d v_2 in place of two (d the homogeneity, the parity of a
 * sign), at the learning rate that moves it as they move [theory of tied units]. */
static void check_twins(const twins *t) {
    const double alpha[ROWS] = {1, 4, 12, 40};
    double pair[ROWS], single[ROWS];
    for (size_t K = 1; K <= 2; K++) {
        test_model m = make_model(K, 2, 4000, 4, 1, 0.3, 0.4, t->activation, 8);
        const double eta = t->activation[0] == 'q' ? 0.01 : 0.2;
        const size_t L = m.spectrum.L;
        m.network.small_eta = t->small_eta;
        m.network.label_noise = 0.1;
        m.network.w[0] = 0.8, m.network.w[1] = 0.5;
        test_model one = make_model(1, 2, 4000, 4, 1, 0.3, 0.4, t->activation, 8);
        memcpy(m.start.t, one.start.t, 4 * L * sizeof *m.start.t);
        for (size_t i = 0; i < K; i++) {
            for (size_t k = 0; k < 2 * L; k++)
                m.start.r[i * 2 * L + k] = (i ? t->scale : 1) * one.start.r[k];
            for (size_t j = 0; j < K; j++)
                for (size_t b = 0; b < L; b++)
                    m.start.q[(i * K + j) * L + b] =
                        (i ? t->scale : 1) * (j ? t->scale : 1) * one.start.q[b];
        }
        clear_model(&one);
        /* (v_1 + s v_2) / v_1 students like the first */
        const double count =
            1 + t->scale * t->v[1] / t->v[0] * (m.network.activation->parity == 1 ? t->scale : 1);
        m.network.v[0] = t->v[0] * (K == 1 ? count : 1);
        if (K == 2)
            m.network.v[1] = t->v[1];
        m.network.eta = K == 1 ? eta / count : eta;
        integrate_curve(&m, alpha, ROWS, 1e-10, K == 1 ? single : pair);
        clear_model(&m);
    }
    for (size_t row = 0; row < ROWS; row++)
        CHECK_CLOSE(pair[row], single[row], 1e-9, single[row], "%s, scale %g, alpha = %g",
                    t->activation, t->scale, alpha[row]);
}

Test(saddle, twins_move_as_one_student) {
    static const twins cases[] = {
        {"erf", {0.6, 0.6}, 1, false},        {"erf", {0.6, -0.6}, -1, false},
        {"linear", {0.6, 0.6}, 1, false},     {"quadratic", {0.6, 0.6}, 1, false},
        {"quadratic", {0.6, 0.6}, -1, false}, {"relu", {0.6, 0.6}, 1, false},
        {"relu", {0.6, 0.3}, 0.5, false},     {"relu", {0.6, 0.6}, 1, true},
        {"gelu", {0.6, 0.6}, 1, true},        {"tanh", {0.6, -0.6}, -1, true}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        check_twins(cases + k);
}

/* The vectors of twins are one, where noise does not hide it and G makes what parts them grow. */
Test(saddle, twins_are_one_vector) {
    const double alpha[] = {300, 1000};
    double eps_g[2];
    test_model m = make_model(2, 2, 20000, 2, 0.11, 0.0576, 0.25, "quadratic", 4);
    const size_t L = 2;
    m.network.small_eta = true;
    m.network.label_noise = 0;
    for (size_t k = 0; k < 2; k++)
        m.network.v[k] = m.network.w[k] = 1 / sqrt(2);
    memcpy(m.start.r + 2 * L, m.start.r, 2 * L * sizeof *m.start.r);
    for (size_t k = 1; k < 4; k++)
        memcpy(m.start.q + k * L, m.start.q, L * sizeof *m.start.q);
    integrate_curve(&m, alpha, 2, 1e-6, eps_g);
    for (size_t b = 0; b < L; b++) {
        const double *q = m.start.q + b;
        CHECK_CLOSE(q[L], q[0], TOL_EXACT, q[0], "block %zu", b);
        CHECK_CLOSE(q[3 * L], q[0], TOL_EXACT, q[0], "block %zu", b);
    }
    clear_model(&m);
}

/* Near a saddle of each kind, against a run a thousand times tighter. */
static void check_small(test_model (*make)(void), const double *alpha, double rtol,
                        const char *what) {
    double eps_g[2][ROWS];
    for (size_t k = 0; k < 2; k++) {
        test_model m = make();
        integrate_curve(&m, alpha, ROWS, k ? rtol / 1000 : rtol, eps_g[k]);
        clear_model(&m);
    }
    cr_assert(fabs(eps_g[1][ROWS - 1] - eps_g[1][0]) > 0.05 * eps_g[1][0], "%s stays", what);
    for (size_t row = 0; row < ROWS; row++)
        CHECK_CLOSE(eps_g[0][row], eps_g[1][row], 10 * rtol, eps_g[1][row], "%s, alpha = %g", what,
                    alpha[row]);
}

static test_model small_quadratic_student(void) {
    test_model m = make_model(1, 1, 1000000000, 1, 1, 0.1, 1e-8, "quadratic", 1);
    m.network.v[0] = m.network.w[0] = 1;
    m.network.label_noise = 0;
    return m;
}

static test_model small_relu_student(void) {
    test_model m = make_model(1, 1, 1000000000, 1, 1, 0.1, 1e-8, "relu", 1);
    m.network.v[0] = m.network.w[0] = 1;
    m.network.label_noise = 0;
    return m;
}

static test_model without_outputs(const char *activation, double v, double sigma_J) {
    test_model m = make_model(1, 1, 1024, 2, 1, 0.1, sigma_J, activation, 1);
    m.network.v[0] = v;
    m.network.w[0] = 1;
    m.network.label_noise = 0;
    m.network.training.eta_v = 0.1;
    return m;
}

static test_model zero_outputs(void) {
    return without_outputs("linear", 0, 0.01);
}

static test_model small_outputs(void) {
    return without_outputs("erf", 1e-3, 0.01);
}

static test_model small_outputs_and_students(void) {
    return without_outputs("linear", 1e-7, 1e-7);
}

static test_model large_outputs(void) {
    static const double v[] = {13, 8, 6}, w[] = {10, 7, 9};
    test_model m = make_model(3, 3, 1024, 4, 1, 0.003, 0.3, "linear", 1);
    memcpy(m.network.v, v, sizeof v);
    memcpy(m.network.w, w, sizeof w);
    m.network.label_noise = 0;
    return m;
}

Test(saddle, what_is_small_grows_as_promised) {
    const double early[ROWS] = {20, 60, 85, 90}, relu[ROWS] = {5, 10, 15, 20},
                 outputs[ROWS] = {60, 85, 120, 200}, both[ROWS] = {100, 150, 170, 190},
                 large[ROWS] = {5, 20, 40, 55};
    check_small(small_quadratic_student, early, 1e-8, "a small quadratic student");
    check_small(small_relu_student, relu, 1e-8, "a small relu student");
    check_small(zero_outputs, outputs, 1e-8, "outputs that start at 0");
    check_small(small_outputs, outputs, 1e-8, "small outputs");
    check_small(small_outputs_and_students, both, 1e-8, "small outputs and students");
    check_small(large_outputs, large, 1e-8, "large outputs");
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

/* Students J and s (J + e w), w at right angles to J and as long: the angle is e, the output
 * weights differ by s. */
static double parting(const char *activation, double e, double s, bool small_eta, double *signs) {
    test_model m = make_model(2, 1, 500, 1, 1, 0.3, 0.1, activation, 4);
    ordpar_error err;
    double alpha, c[9];
    m.network.small_eta = small_eta;
    m.network.v[0] = 0.7;
    m.network.v[1] = 0.7 * s;
    m.start.q[0] = 0.25;
    m.start.q[1] = m.start.q[2] = 0.25 * s;
    m.start.q[3] = 0.25 * s * s * (1 + e * e);
    m.start.r[0] = 0.1;
    m.start.r[1] = s * (0.1 + e * 0.3);
    check_ok(ordpar_overlaps_parting(&m.start, &m.spectrum, &m.network, &alpha, &err), &err);
    check_ok(ordpar_overlaps_moment(&m.start, &m.spectrum, 1, c, &err), &err);
    *signs = 1 - 2 * m.network.activation->dg_dg(m.network.activation, c[0], c[1], c[4])
                         .value; /* of relu: theta/pi */
    clear_model(&m);
    return alpha;
}

/* [12.15] */
Test(saddle, relu_students_are_told_apart_by_one_example_in_many) {
    double signs;
    for (double e = 1e-6; e < 0.09; e *= 10)
        for (double s = 1; s < 3; s++) {
            const double alpha = parting("relu", e, s, false, &signs);
            CHECK_CLOSE(alpha, 1 / (500 * signs), 2e-3 + 1e-9 / e, alpha, "e %g, s %g", e, s);
        }
    cr_assert_gt(parting("relu", 1e-14, 1, false, &signs), 1e4);
    cr_assert_eq(parting("relu", 0, 1, false, &signs), 0, "the same student");
    cr_assert_eq(parting("relu", 0, 2, false, &signs), 0, "the same but for its size");
    cr_assert_eq(parting("relu", 1e-4, -1, false, &signs), 0, "output weights of opposite sign");
    cr_assert_eq(parting("relu", 0.5, 1, false, &signs), 0, "not near");
    cr_assert_eq(parting("relu", 1e-4, 1, true, &signs), 0, "lowest order in eta");
    cr_assert_eq(parting("erf", 1e-4, 1, false, &signs), 0, "smooth");
}
