// SPDX-License-Identifier: GPL-3.0-or-later
/* When runs of SGD leave the plateau: K = M = 2, L = 1, against the law with SGD's noise [7.18]. */
#include "simulation_support.h"
#include "solver/plateau/escape_law.h"
#include "solver/plateau/measure.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

enum { RUNS = 150, ROWS = 300, N = 400 };
static const double sigma_J = 0.01;

typedef struct {
    test_model model;
    ordpar_simulation simulation;
    ordpar_escape_law law;
    double exits[RUNS]; /* ascending */
} escape_runs;

static escape_runs make_runs(void) {
    const ordpar_integrate_options tolerances = {.rtol = 1e-8, .atol = 1e-14};
    ordpar_error err;
    escape_runs e = {.model = make_model(2, 2, N, 1, 1, 1.5, sigma_J, "erf", 1)};
    ordpar_network_clear(&e.model.network);
    check_ok(ordpar_network_init(2, 2, &ordpar_activation_erf, 1.5, &e.model.network, &err), &err);
    check_ok(ordpar_escape_law_find(&e.model.spectrum, &e.model.network, sigma_J, &tolerances,
                                    &e.law, &err),
             &err);
    return e;
}

/* Of the runs, until `last`; those that stay are at infinity. */
static void run_out(escape_runs *e, double last) {
    double alpha[ROWS], curve[ROWS];
    double *eps_g = malloc((size_t)ROWS * RUNS * sizeof *eps_g);
    for (size_t k = 0; k < ROWS; k++)
        alpha[k] = last * (double)(k + 1) / ROWS;
    run_ensemble(&e->simulation, alpha, ROWS, RUNS, eps_g);
    for (size_t r = 0; r < RUNS; r++) {
        for (size_t k = 0; k < ROWS; k++)
            curve[k] = eps_g[k * RUNS + r];
        e->exits[r] = ordpar_measure_exit_of_run(ROWS, alpha, curve, e->law.height);
    }
    gsl_sort(e->exits, 1, RUNS);
    free(eps_g);
}

Test(escape_runs, drawn_starts_leave_by_the_law) {
    escape_runs e = make_runs();
    e.simulation = simulate_model(&e.model, ORDPAR_METHOD_OVERLAP, sigma_J);
    e.simulation.teacher = ORDPAR_TEACHER_MEAN;
    run_out(&e, e.law.mean + 4 * e.law.tau);
    double distance = 0;
    for (size_t k = 0; k < RUNS; k++) {
        const double below = ordpar_escape_law_share(&e.law, e.exits[k] + e.law.earlier);
        distance = fmax(distance, fmax((double)(k + 1) / RUNS - below, below - (double)k / RUNS));
    }
    const double p = kolmogorov_tail(distance * sqrt(RUNS));
    cr_assert(p > 0.01, "Kolmogorov-Smirnov p = %g", p);
    clear_model(&e.model);
}

Test(escape_runs, runs_of_one_start_have_the_jitter) {
    escape_runs e = make_runs();
    ordpar_error err;
    ordpar_overlaps start;
    check_ok(ordpar_overlaps_start(&e.model.spectrum, 2, 2, ORDPAR_INIT_MEAN, ORDPAR_TEACHER_MEAN,
                                   sigma_J, 0, 1, &start, &err),
             &err);
    for (size_t a = 0; a < 4; a++) /* one mode, of the root mean square */
        start.r[a] = (a == 0 || a == 3 ? 0.5 : -0.5) * sigma_J / sqrt(N);
    e.simulation = simulate_model(&e.model, ORDPAR_METHOD_OVERLAP, sigma_J);
    e.simulation.start = &start;
    run_out(&e, e.law.mean + 3 * e.law.tau);
    /* ln |1 + s z| lies between ln(1 - s) and ln(1 + s) in 68 of 100 */
    const double s = sqrt(expm1(2 * e.law.earlier / e.law.tau));
    const double half = (e.exits[RUNS * 84 / 100] - e.exits[RUNS * 16 / 100]) / 2;
    CHECK_CLOSE(half, e.law.tau * atanh(s), 0.25, half, "tau %g", e.law.tau);
    ordpar_overlaps_clear(&start);
    clear_model(&e.model);
}
