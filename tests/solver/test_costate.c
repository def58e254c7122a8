// SPDX-License-Identifier: GPL-3.0-or-later
/* The costate's gradient [13.20] against finite differences of runs. */
#include "solver/optimum/costate.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 6 };

typedef struct {
    const char *activation;
    size_t K, M;
    long L;
    double eta; /* that the rates of the rows are of */
    bool small_eta;
    double label_noise, eta_v, weight_decay;
    ordpar_momentum momentum;
    size_t batch, trained;
} costate_case;

static const costate_case cases[] = {
    {.activation = "erf", .K = 2, .M = 2, .L = 4, .eta = 1.5, .label_noise = 0.1},
    {.activation = "erf",
     .K = 3,
     .M = 2,
     .L = 5,
     .eta = 1,
     .label_noise = 0.3,
     .eta_v = 0.2,
     .weight_decay = 0.05,
     .batch = 3,
     .trained = 4},
    {.activation = "erf",
     .K = 2,
     .M = 3,
     .L = 4,
     .eta = 0.5,
     .small_eta = true,
     .weight_decay = 0.02},
    {.activation = "erf", .K = 3, .M = 2, .L = 4, .eta = 0.5, .small_eta = true, .eta_v = 0.3},
    {.activation = "relu", .K = 2, .M = 2, .L = 4, .eta = 0.4, .label_noise = 0.2},
    {.activation = "linear",
     .K = 1,
     .M = 2,
     .L = 6,
     .eta = 0.7,
     .label_noise = 0.3,
     .weight_decay = 0.1},
    {.activation = "quadratic", .K = 2, .M = 1, .L = 3, .eta = 0.02, .label_noise = 0.1},
    {.activation = "erf",
     .K = 2,
     .M = 2,
     .L = 4,
     .eta = 0.8,
     .label_noise = 0.2,
     .eta_v = 0.1,
     .weight_decay = 0.02,
     .momentum = {.weight = 0.3, .damping = 0.7}},
    {.activation = "erf",
     .K = 2,
     .M = 2,
     .L = 3,
     .eta = 0.8,
     .label_noise = 0.2,
     .trained = 2,
     .momentum = {.weight = 0.3, .damping = 3, .fades = true, .alpha_0 = 0.5, .kappa = 0.2}},
    {.activation = "erf",
     .K = 2,
     .M = 1,
     .L = 3,
     .eta = 0.8,
     .small_eta = true,
     .momentum = {.weight = 0.3, .damping = 0.7}},
};

/* Rows with a jump at 4. */
static const double at[ROWS] = {0, 1, 4, 4, 9, 15}, rates[ROWS] = {0.3, 1, 0.7, 0.2, 0.9, 0.1};

static test_model make_case(const costate_case *k, ordpar_schedule *schedule) {
    test_model m = make_model(k->K, k->M, 60 * k->L, k->L, 0.6, k->eta, 0.5, k->activation, 7);
    ordpar_training *t = &m.network.training;
    m.network.small_eta = k->small_eta;
    m.network.label_noise = k->label_noise;
    t->eta_v = k->eta_v;
    t->weight_decay = k->weight_decay;
    t->momentum = k->momentum;
    t->batch = k->batch;
    for (size_t row = 0; row < ROWS; row++)
        schedule->eta[row] = k->eta * rates[row];
    memcpy(schedule->alpha, at, sizeof at);
    schedule->count = ROWS;
    schedule->kind = ORDPAR_SCHEDULE_TABLE;
    t->schedule = *schedule; /* shares the rows */
    return m;
}

static double end_of(test_model *m, size_t trained, double rtol) {
    double eps_g;
    test_model copy = *m;
    ordpar_error err;
    check_ok(ordpar_overlaps_init(m->start.K, m->start.M, m->start.L, &copy.start, &err), &err);
    ordpar_overlaps_copy(&m->start, &copy.start);
    integrate_blocks(&copy, trained, &at[ROWS - 1], 1, rtol, &eps_g);
    ordpar_overlaps_clear(&copy.start);
    return eps_g;
}

/* A central difference of order 4 by the rate of a row. */
static double difference(test_model *m, size_t trained, double *eta, double step) {
    const double eta_0 = *eta, rtol = 1e-12;
    double f[4];
    for (int k = 0; k < 4; k++) {
        *eta = eta_0 + step * (double[]){-2, -1, 1, 2}[k];
        f[k] = end_of(m, trained, rtol);
    }
    *eta = eta_0;
    return (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * step);
}

Test(costate, gradient_is_that_of_finite_differences) {
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k += CASE_STEP) {
        double alpha[ROWS], eta[ROWS], gradient[ROWS], expected[ROWS], eps_g, scale = 0;
        ordpar_schedule schedule = {.alpha = alpha, .eta = eta};
        test_model m = make_case(&cases[k], &schedule);
        const size_t trained = cases[k].trained ? cases[k].trained : m.spectrum.L;
        const ordpar_costate_problem problem = {.spectrum = &m.spectrum,
                                                .trained_blocks = trained,
                                                .start = &m.start,
                                                .until = at[ROWS - 1],
                                                .rtol = 1e-9,
                                                .atol = 1e-14};
        ordpar_costate *costate;
        ordpar_error err;
        check_ok(ordpar_costate_run(&problem, &m.network, &costate, &eps_g, &err), &err);
        check_ok(ordpar_costate_gradient(costate, gradient, NULL, &err), &err);
        CHECK_CLOSE(eps_g, end_of(&m, trained, 1e-11), 1e-8, eps_g, "case %zu", k);
        for (size_t row = 0; row < ROWS; row++) {
            expected[row] = difference(&m, trained, &eta[row], 0.01 * cases[k].eta);
            scale = fmax(scale, fabs(expected[row]));
        }
        for (size_t row = 0; row < ROWS; row++)
            CHECK_CLOSE(gradient[row], expected[row], 1e-5, scale, "case %zu (%s), row %zu", k,
                        cases[k].activation, row);
        ordpar_costate_free(costate);
        m.network.training.schedule = (ordpar_schedule){0};
        clear_model(&m);
    }
}
