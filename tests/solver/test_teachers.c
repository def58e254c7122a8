// SPDX-License-Identifier: GPL-3.0-or-later
/* Teachers with a spectrum of their own, and what inputs do not show of them. */
#include "solver/motion/linear_reduction.h"
#include "solver/plateau/plateau.h"
#include "spectra/forms/erf_plateau.h"
#include "spectra/forms/linear.h"
#include "spectra/forms/linear_continuum.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void draw_start(const ordpar_spectrum *s, ordpar_init init, ordpar_teacher teacher,
                       ordpar_overlaps *o) {
    ordpar_error err;
    check_ok(ordpar_overlaps_start(s, 2, 2, init, teacher, 0.3, 7, 1, o, &err), &err);
}

/* The draw is that of a plain teacher times sqrt(c_b). */
Test(teachers, starts_have_their_weights) {
    for (int init = 0; init < 3; init++)
        for (int teacher = 0; teacher < 2; teacher++) {
            test_model m = make_model(2, 2, 64, 8, 1, 0.1, 0.3, "erf", 3);
            ordpar_spectrum *s = &m.spectrum;
            ordpar_overlaps plain, decaying;
            ordpar_error err;
            draw_start(s, (ordpar_init)init, (ordpar_teacher)teacher, &plain);
            check_ok(ordpar_spectrum_set_teacher_decay(s, 1.5, &err), &err);
            draw_start(s, (ordpar_init)init, (ordpar_teacher)teacher, &decaying);
            for (size_t k = 0; k < 4; k++)
                for (size_t b = 0; b < 8; b++) {
                    const size_t i = k * 8 + b;
                    const double c = s->c[b], near = init == ORDPAR_INIT_NEAR_TEACHER;
                    const double w = plain.r[i] - near * plain.t[i]; /* sigma_J Z.B */
                    CHECK_CLOSE(decaying.t[i], c * plain.t[i], TOL_TIGHT, 1, "t");
                    CHECK_CLOSE(decaying.r[i], sqrt(c) * w + near * c * plain.t[i], TOL_TIGHT, 1,
                                "r, init %d", init);
                    if (init != ORDPAR_INIT_NEAR_TEACHER)
                        cr_assert_eq(decaying.q[i], plain.q[i]);
                }
            ordpar_overlaps_clear(&plain);
            ordpar_overlaps_clear(&decaying);
            clear_model(&m);
        }
}

static const struct {
    size_t K, M, trained;
    double zeta, noise, unlearnable, eta;
    bool small;
} cases[] = {{1, 1, 16, 1, 0, 0, 1.5, false},       {2, 3, 16, 2.5, 0.3, 0, 0.5, false},
             {2, 2, 9, -0.4, 0.2, 0.3, 0.4, false}, {3, 2, 16, 1, 0, 0.5, 0.3, true},
             {2, 3, 6, 4, 0, 0.1, 0.4, true},       {1, 2, 16, 0, 0, 0.2, 0.6, false}};

/* Half of the variance is shared, so that the units' hidden parts are correlated. */
static void set_unlearnable(ordpar_network *n, double variance) {
    ordpar_error err;
    double T_perp[16];
    for (size_t k = 0; k < n->M * n->M; k++)
        T_perp[k] = variance * (k % (n->M + 1) ? 0.5 : 1);
    check_ok(ordpar_network_set_unlearnable(n, T_perp, &err), &err);
}

/* [15.2], [15.7] */
Test(teachers, linear_curves_are_those_of_the_closed_forms) {
    enum { ROWS = 12, L = 16 };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m = make_model(cases[k].K, cases[k].M, 64, L, 1, cases[k].eta, 0.5, "linear", 1);
        ordpar_error err;
        ordpar_linear_start x;
        double alpha[ROWS], expected[ROWS], actual[ROWS], error[L];
        const size_t trained = cases[k].trained;
        m.network.label_noise = cases[k].noise;
        m.network.small_eta = cases[k].small;
        set_unlearnable(&m.network, cases[k].unlearnable);
        check_ok(ordpar_spectrum_set_teacher_decay(&m.spectrum, cases[k].zeta, &err), &err);
        ordpar_overlaps_clear(&m.start);
        check_ok(ordpar_overlaps_start(&m.spectrum, cases[k].K, cases[k].M, ORDPAR_INIT_MEAN,
                                       ORDPAR_TEACHER_MEAN, 0.5, 1, 1, &m.start, &err),
                 &err);
        check_ok(ordpar_linear_mean_start(&m.network, ORDPAR_INIT_MEAN, 0.5, &x, &err), &err);
        for (size_t b = 0; b < L; b++)
            error[b] = x.student + m.spectrum.c[b] * x.teacher;
        log_grid(0.01, 30, ROWS, alpha);
        const double eta = ordpar_linear_effective_eta(&m.network);
        if (cases[k].small)
            check_ok(ordpar_linear_small_eta(&m.spectrum, eta, trained, error, alpha, ROWS,
                                             expected, &err),
                     &err);
        else
            check_ok(ordpar_linear_exact(&m.spectrum, eta, ordpar_linear_noise(&m.network), trained,
                                         error, alpha, ROWS, expected, &err),
                     &err);
        integrate_blocks(&m, trained, alpha, ROWS, 1e-10, actual);
        for (size_t j = 0; j < ROWS; j++) {
            expected[j] += ordpar_linear_unlearnable(&m.network) / 2;
            CHECK_CLOSE(actual[j], expected[j], 1e-8, expected[j], "case %zu, alpha %g", k,
                        alpha[j]);
        }
        clear_model(&m);
    }
}

/* [7.1], [7.2] with T^(p) of a decaying teacher against the fixed point of the equations, at lowest
 * order; at all orders T and the trace suffice. */
Test(teachers, plateau_and_escape_have_the_teachers_moments) {
    const double zetas[] = {-0.5, 1, 4};
    for (size_t k = 0; k < 3; k++)
        for (int all_orders = 0; all_orders < 2; all_orders++) {
            test_model m = make_model(3, 3, 256, 8, 1, 0.5, 0.1, "erf", 1);
            ordpar_error err;
            ordpar_plateau at, mean;
            double rate;
            for (size_t i = 0; i < 3; i++)
                m.network.v[i] = m.network.w[i] = 1 / sqrt(3);
            m.network.small_eta = !all_orders;
            check_ok(ordpar_spectrum_set_teacher_decay(&m.spectrum, zetas[k], &err), &err);
            for (size_t b = 0; b < 8; b++)
                m.spectrum.c[b] *= 0.7; /* T is not the trace */
            ordpar_overlaps_clear(&m.start);
            check_ok(ordpar_overlaps_start(&m.spectrum, 3, 3, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN,
                                           0.1, 1, 1, &m.start, &err),
                     &err);
            check_ok(ordpar_plateau_solve(&m.spectrum, &m.network, m.start.t, &at, &err), &err);
            check_ok(ordpar_plateau_solve_mean(&m.spectrum, &m.network, &mean, &err), &err);
            check_ok(
                ordpar_plateau_escape_rate(&m.spectrum, &m.network, m.start.t, &at, &rate, &err),
                &err);
            CHECK_CLOSE(mean.eps_g, at.eps_g, 1e-11, at.eps_g, "mean teacher, zeta %g", zetas[k]);
            const ordpar_erf_plateau closed = ordpar_erf_plateau_at(3, 1 / sqrt(3), 0.7);
            const double T2 = ordpar_spectrum_teacher_moment(&m.spectrum, 2);
            const double expected =
                ordpar_erf_escape_rate(3, 1 / sqrt(3), 1 / sqrt(3), 0.5, 0.7, T2);
            if (!all_orders) {
                CHECK_CLOSE(at.eps_g, closed.eps_g, 1e-11, closed.eps_g, "zeta %g", zetas[k]);
                CHECK_CLOSE(rate, expected, 1e-10, expected, "rate, zeta %g", zetas[k]);
            } else
                cr_assert(fabs(rate / expected - 1) > 1e-3, "the orders are the same");
            ordpar_plateau_clear(&at);
            ordpar_plateau_clear(&mean);
            clear_model(&m);
        }
}

/* d log (eps_g + tail) / d log alpha of the exact solution, deep in the window. */
static double slope_of(const ordpar_power_law *law, const ordpar_spectrum *s, bool all_orders,
                       double alpha, double *eps_g) {
    enum { L = 2048 };
    static double error[L];
    const double eta = 1, at[2] = {alpha / 1.1, alpha * 1.1};
    double margin = 1, started = 0, value[2];
    ordpar_error err;
    for (size_t b = L; b-- > 0;)
        started += s->p[b] * (error[b] = s->c[b]);
    if (all_orders)
        margin = ordpar_linear_margin(s, L, eta);
    check_ok(all_orders ? ordpar_linear_exact(s, eta, 0, L, error, at, 2, value, &err)
                        : ordpar_linear_small_eta(s, eta, L, error, at, 2, value, &err),
             &err);
    double tail = ordpar_linear_tail(law, s->c[0]) / margin;
    if (all_orders)
        tail += ordpar_linear_noise_tail(law, eta, started, margin);
    *eps_g = sqrt((value[0] + tail) * (value[1] + tail));
    return log((value[1] + tail) / (value[0] + tail)) / (2 * log(1.1));
}

/* [15.4], [15.5] */
Test(teachers, slopes_and_amplitudes_are_those_of_the_phases) {
    enum { L = 2048 };
    const double betas[] = {0.5, 1, 2}, zetas[] = {0, 0.5, 1, 2, 4};
    for (size_t i = 0; i < 15; i++)
        for (int all_orders = 0; all_orders < 2; all_orders++) {
            const double beta = betas[i / 5], zeta = zetas[i % 5];
            ordpar_error err;
            ordpar_spectrum s;
            ordpar_power_law law;
            check_ok(ordpar_spectrum_power_law(L, L, beta, &s, &err), &err);
            check_ok(ordpar_spectrum_set_teacher_decay(&s, zeta, &err), &err);
            check_ok(ordpar_power_law_init(L, beta, &law, &err), &err);
            law.zeta = zeta;
            const double margin = all_orders ? ordpar_linear_margin(&s, L, 1) : 1;
            const double expected = ordpar_power_law_slope(&law, all_orders);
            const bool noise = expected > ordpar_power_law_slope(&law, false);
            cr_assert_eq(noise, all_orders && zeta > 1 + beta);
            double started = 0, eps_g;
            for (size_t b = L; b-- > 0;)
                started += s.p[b] * s.c[b];
            const ordpar_scaling_window w =
                noise ? ordpar_linear_noise_window(&law, 1, started, margin)
                      : ordpar_linear_window(&law, 1, s.c[0] / margin);
            const double alpha = pow(w.begin, 0.3) * pow(w.end, 0.7);
            const double slope = slope_of(&law, &s, all_orders, alpha, &eps_g);
            /* where the two exponents meet there is a logarithm */
            if (!all_orders || fabs(zeta - 1 - beta) > 0.6) {
                CHECK_CLOSE(slope, expected, 0.03, 1, "beta %g, zeta %g, %d", beta, zeta,
                            all_orders);
                CHECK_CLOSE(eps_g, w.amplitude * pow(alpha, w.slope), 0.15, eps_g,
                            "amplitude, beta %g, zeta %g, %d", beta, zeta, all_orders);
            }
            ordpar_spectrum_clear(&s);
        }
}

/* The same network with T_perp as a block of tiny eigenvalue that is not trained. */
static void add_resting_block(test_model *m, double lambda) {
    ordpar_error err;
    const size_t L = m->spectrum.L, M = m->network.M, K = m->network.K;
    double lambdas[16];
    int64_t n[16];
    ordpar_overlaps o;
    ordpar_spectrum s;
    for (size_t b = 0; b <= L; b++) {
        lambdas[b] = b < L ? m->spectrum.lambda[b] : lambda;
        n[b] = b < L ? (int64_t)m->spectrum.n[b] : 1;
    }
    check_ok(ordpar_spectrum_from_arrays(L + 1, lambdas, n, &s, &err), &err);
    check_ok(ordpar_overlaps_init(K, M, L + 1, &o, &err), &err);
    for (size_t b = 0; b < L; b++) {
        for (size_t k = 0; k < K * K; k++)
            o.q[k * (L + 1) + b] = m->start.q[k * L + b];
        for (size_t k = 0; k < K * M; k++)
            o.r[k * (L + 1) + b] = m->start.r[k * L + b];
        for (size_t k = 0; k < M * M; k++)
            o.t[k * (L + 1) + b] = m->start.t[k * L + b];
    }
    for (size_t k = 0; k < M * M; k++)
        o.t[k * (L + 1) + L] = m->network.unlearnable[k] / lambda;
    check_ok(ordpar_network_set_unlearnable(&m->network, NULL, &err), &err);
    ordpar_overlaps_clear(&m->start);
    ordpar_spectrum_clear(&m->spectrum);
    m->start = o;
    m->spectrum = s;
}

static const struct {
    char activation[12];
    bool small;
    ordpar_training training;
} resting[] = {
    {"erf", false, {.eta_v = 0}},
    {"relu", false, {.eta_v = 0}},
    {"linear", false, {.eta_v = 0}},
    {"erf", true, {.eta_v = 0}},
    {"erf", false, {.batch = 4}},
    {"erf", false, {.momentum = {.weight = 0.5, .damping = 3, .fades = true, .alpha_0 = 0.5}}},
    {"relu", false, {.batch = 3, .momentum = {.weight = 0.7, .damping = 2}}},
    {"linear", false, {.eta_v = 0.2, .momentum = {.weight = 0.7, .kappa = 0.3, .damping = 2}}},
    {"erf", false, {.batch_fraction = 0.5}},
    {"relu", false, {.batch_fraction = 2}},
};

/* [15.6], also with momentum and batches. */
Test(teachers, unlearnable_part_is_a_block_that_rests) {
    enum { ROWS = 8 };
    double alpha[ROWS], expected[ROWS], actual[ROWS];
    log_grid(0.1, 300, ROWS, alpha);
    for (size_t k = 0; k < sizeof resting / sizeof *resting; k++) {
        test_model m[2];
        for (int other = 0; other < 2; other++) {
            m[other] = make_model(2, 3, 400000000, 4, 1, 0.4, 0.3, resting[k].activation, 11);
            m[other].network.small_eta = resting[k].small;
            m[other].network.training = resting[k].training;
            set_unlearnable(&m[other].network, 0.3);
        }
        add_resting_block(&m[1], 1e-4);
        integrate_blocks(&m[0], 4, alpha, ROWS, 1e-9, actual);
        integrate_blocks(&m[1], 4, alpha, ROWS, 1e-9, expected);
        for (size_t j = 0; j < ROWS; j++)
            CHECK_CLOSE(actual[j], expected[j], 3e-8, expected[j], "case %zu, %s, alpha %g", k,
                        resting[k].activation, alpha[j]);
        clear_model(&m[0]);
        clear_model(&m[1]);
    }
}

/* Teachers that differ in what inputs do not show alone are told apart. */
Test(teachers, unlearnable_parts_tell_teachers_apart) {
    for (int same = 0; same < 2; same++) {
        test_model m = make_model(2, 2, 64, 4, 1, 0.4, 0.3, "erf", 1);
        ordpar_error err;
        double alpha = 1, eps_g;
        m.network.w[1] = m.network.w[0];
        const double T_perp[4] = {0.3, 0, 0, same ? 0.3 : 0.2};
        check_ok(ordpar_network_set_unlearnable(&m.network, T_perp, &err), &err);
        ordpar_overlaps_clear(&m.start);
        check_ok(ordpar_overlaps_start(&m.spectrum, 2, 2, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN,
                                       0.3, 1, 1, &m.start, &err),
                 &err);
        ordpar_integrate_stats stats;
        const ordpar_integrate_options options = {.rtol = 1e-8,
                                                  .atol = 1e-14,
                                                  .trained_blocks = 4,
                                                  .observer = keep_curve,
                                                  .context = &eps_g};
        check_ok(
            ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, &stats, &err),
            &err);
        cr_assert_eq(stats.tied_teachers, (size_t)same, "%zu", stats.tied_teachers);
        clear_model(&m);
    }
}

Test(teachers, what_is_no_covariance_is_refused) {
    test_model m = make_model(2, 2, 64, 4, 1, 0.4, 0.3, "erf", 1);
    ordpar_error err;
    const double bad[][4] = {{1, 2, 2, 1}, {-1, 0, 0, 1}, {1, 0.5, 0.4, 1}, {NAN, 0, 0, 1}};
    const double good[4] = {1, 1, 1, 1}, zero[4] = {0, 0, 0, 0};
    check_ok(ordpar_network_set_unlearnable(&m.network, good, &err), &err);
    for (size_t k = 0; k < 4; k++)
        cr_assert_eq(ordpar_network_set_unlearnable(&m.network, bad[k], &err), ORDPAR_INVALID);
    cr_assert(m.network.unlearnable && m.network.unlearnable[1] == 1, "not as it was");
    cr_assert(!ordpar_deviations_exist(&m.network));
    check_ok(ordpar_network_set_unlearnable(&m.network, zero, &err), &err);
    cr_assert_null(m.network.unlearnable);
    clear_model(&m);
}
