// SPDX-License-Identifier: GPL-3.0-or-later
/* Noise that differs from block to block, in the equations of motion: against the closed form, and
 * under a schedule and decay against small steps of the one-unit equation. */
#include "solver/motion/linear_reduction.h"
#include "solver/steps/integrate.h"
#include "spectra/forms/linear.h"
#include "support.h"

#include <math.h>

enum { L = 8, ROWS = 6 };

static void set_noise(ordpar_spectrum *s) {
    double noise[L];
    ordpar_error err;
    for (size_t b = 0; b < L; b++)
        noise[b] = 0.1 + 2.0 * (double)(b % 3) / (double)(1 + b);
    check_ok(ordpar_spectrum_set_noise(s, noise, NULL, &err), &err);
}

/* [15.31]; K = M = 1 goes on in deviations */
Test(own_noise, curves_are_those_of_the_closed_form) {
    static const struct {
        size_t K, M, trained;
        double level;
    } cases[] = {{1, 1, L, 0}, {2, 1, L, 0.7}, {3, 2, 5, 0.2}, {1, 2, 6, 3}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        test_model m = make_model(cases[k].K, cases[k].M, 64, L, 1, 0.4, 0.3, "linear", 1);
        double alpha[ROWS], expected[ROWS], actual[ROWS], error[L];
        ordpar_error err;
        set_noise(&m.spectrum);
        m.network.label_noise = cases[k].level; /* in F; the closed form does not look at it */
        ordpar_linear_start_error(&m.network, &m.spectrum, &m.start, error);
        log_grid(0.3, 300, ROWS, alpha);
        check_ok(ordpar_linear_exact(&m.spectrum, ordpar_linear_effective_eta(&m.network), 0,
                                     cases[k].trained, error, alpha, ROWS, expected, &err),
                 &err);
        integrate_blocks(&m, cases[k].trained, alpha, ROWS, 1e-10, actual);
        for (size_t j = 0; j < ROWS; j++)
            CHECK_CLOSE(actual[j], expected[j], 1e-8, expected[j], "case %zu, alpha %g", k,
                        alpha[j]);
        clear_model(&m);
    }
}

/* One unit, by Heun's steps: r and q of de = .. under eta(alpha) and decay. */
static double unlearned(const test_model *m, const ordpar_schedule *schedule, double alpha,
                        size_t j) {
    return exp(-m->spectrum.lambda[j] * ordpar_schedule_integral(schedule, m->network.eta, alpha));
}

static double by_steps(const test_model *m, const ordpar_schedule *schedule, double kappa,
                       double alpha, long steps) {
    const ordpar_spectrum *s = &m->spectrum;
    const double h = alpha / (double)steps;
    double x[2][L], k[2][2][L], eps = 0;
    for (size_t b = 0; b < L; b++) {
        x[0][b] = m->start.r[b];
        x[1][b] = m->start.q[b];
    }
    for (long step = 0; step <= steps; step++)
        for (int half = 0; half < 2; half++) {
            const double eta =
                ordpar_schedule_eta(schedule, m->network.eta, h * (double)(step + half));
            double S = 0, y[2][L];
            for (size_t b = 0; b < L; b++) {
                for (int c = 0; c < 2; c++)
                    y[c][b] = x[c][b] + (half ? h * k[0][c][b] : 0);
                S += s->lambda[b] * (y[1][b] - 2 * y[0][b] + m->start.t[b]);
            }
            if (!half)
                eps = S / 2;
            for (size_t b = 0; b < L; b++) {
                const double rate = eta * s->lambda[b];
                double noise = s->noise[b];
                for (size_t j = 0; s->coupling && j < L; j++)
                    noise += s->coupling[b * L + j] *
                             unlearned(m, schedule, h * (double)(step + half), j);
                k[half][0][b] = rate * (m->start.t[b] - y[0][b]) - kappa * y[0][b];
                k[half][1][b] = 2 * rate * (y[0][b] - y[1][b]) - 2 * kappa * y[1][b] +
                                eta * rate * s->p[b] * (S + noise);
                if (half)
                    for (int c = 0; c < 2; c++)
                        x[c][b] += h / 2 * (k[0][c][b] + k[1][c][b]);
            }
        }
    return eps;
}

static void check_by_steps(test_model *m, double kappa) {
    const ordpar_schedule *schedule = &m->network.training.schedule;
    double alpha[ROWS], expected[ROWS], eps_g[ROWS];
    log_grid(1, 40, ROWS, alpha);
    for (size_t j = 0; j < ROWS; j++) {
        const double coarse = by_steps(m, schedule, kappa, alpha[j], 10000);
        expected[j] = by_steps(m, schedule, kappa, alpha[j], 20000);
        expected[j] += (expected[j] - coarse) / 3;
    }
    m->network.training.weight_decay = kappa;
    integrate_blocks(m, L, alpha, ROWS, 1e-10, eps_g);
    for (size_t j = 0; j < ROWS; j++)
        CHECK_CLOSE(eps_g[j], expected[j], 1e-7, expected[j], "alpha %g", alpha[j]);
}

Test(own_noise, schedules_and_decay_have_it) {
    test_model m = make_model(1, 1, 64, L, 1, 0.7, 0.3, "linear", 1);
    ordpar_error err;
    set_noise(&m.spectrum);
    check_ok(ordpar_schedule_parse("power:0.5:10", &m.network.training.schedule, &err), &err);
    check_by_steps(&m, 0.01);
    clear_model(&m);
}

/* [15.36] */
Test(own_noise, changes_with_what_is_learned) {
    ordpar_random stream = test_stream(1536);
    test_model m = make_model(1, 1, 64, L, 1, 0.7, 0.3, "linear", 1);
    double noise[L], coupling[L * L];
    ordpar_error err;
    for (size_t k = 0; k < L * L; k++)
        coupling[k] = uniform(&stream, -0.1, 0.1);
    for (size_t b = 0; b < L; b++)
        noise[b] = uniform(&stream, 1, 2);
    check_ok(ordpar_spectrum_set_noise(&m.spectrum, noise, coupling, &err), &err);
    check_ok(ordpar_schedule_parse("power:0.5:10", &m.network.training.schedule, &err), &err);
    check_by_steps(&m, 0);
    clear_model(&m);
}

Test(own_noise, is_for_linear_units_and_plain_steps) {
    test_model m = make_model(2, 1, 64, L, 1, 0.1, 0.3, "erf", 1);
    const ordpar_integrate_options options = {.rtol = 1e-8, .atol = 1e-14, .trained_blocks = L};
    const double alpha = 1;
    ordpar_error err;
    set_noise(&m.spectrum);
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    m.network.activation = &ordpar_activation_linear;
    m.network.training.momentum = (ordpar_momentum){.weight = 0.1, .damping = 1};
    cr_assert_eq(
        ordpar_integrate(&m.spectrum, &m.network, &m.start, &alpha, 1, &options, NULL, &err),
        ORDPAR_INVALID);
    clear_model(&m);
}
