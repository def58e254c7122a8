// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Random models against what must hold for every one:
 * models SEED FIRST COUNT SIMULATED [SECONDS [cvode|radau]]
 * Curves of COUNT models from number FIRST on: every block's Gram matrix positive semidefinite to
 * the tolerance of the integration, eps_g finite and not negative, and within the promise of a run
 * with a tolerance 1000 times tighter. Then SIMULATED models whose simulated runs must have the
 * theory's mean. Failing models are printed as command lines. Curves that take more than SECONDS of
 * the processor's time are left out, and named; without SECONDS they fail after 60.
 */
#include "promise.h"
#include "random_model.h"
#include "validation/compare/statistics.h"
#include "validation/compare/theory.h"
#include "validation/simulate/ensemble.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t failed, diverged, ended, left_out;
    double worst_error, least; /* over all models */
} summary;

static void check_curve(const random_model *m, uint64_t number, double seconds,
                        ordpar_integrator_choice integrator, summary *total) {
    const ordpar_simulation *s = &m->simulation;
    ordpar_overlaps start;
    ordpar_error err;
    promise_run run = {.spectrum = &m->spectrum,
                       .network = &m->network,
                       .start = &start,
                       .start_is_deviation = s->init == ORDPAR_INIT_NEAR_TEACHER &&
                                             ordpar_deviations_exist(&m->network),
                       .trained_blocks = s->trained_blocks,
                       .alpha = m->alpha,
                       .rows = MODEL_ROWS,
                       .seconds = seconds,
                       .integrator = integrator};
    /* as the command curve does */
    const ordpar_status status =
        ordpar_overlaps_start(&m->spectrum, m->network.K, m->network.M,
                              run.start_is_deviation ? ORDPAR_INIT_SAMPLED : s->init, s->teacher,
                              s->sigma_J, s->seed, 1, &start, &err);
    if (status) {
        total->failed++;
        printf("FAILED: %s\n    %s\n", m->text, err.message);
        return;
    }
    const promise_verdict verdict = promise_check(&run);
    ordpar_overlaps_clear(&start);
    total->diverged += verdict.diverged;
    total->ended += verdict.ended;
    total->left_out += verdict.left_out;
    if (verdict.left_out)
        printf("left out: number %llu\n", (unsigned long long)number);
    total->worst_error = fmax(total->worst_error, verdict.error);
    total->least = fmin(total->least, verdict.least);
    if (!verdict.failed)
        return;
    total->failed++;
    printf("FAILED: %s\n    %s\n", m->text, verdict.text);
}

enum { RUNS = 12 };

/* Paired differences of every run and the theory from its own start. */
static ordpar_status simulate(const random_model *m, double *difference, ordpar_error *err) {
    double theory[MODEL_ROWS * RUNS];
    size_t rows;
    const ordpar_ensemble_options options = {.runs = RUNS};
    const ordpar_theory_options theory_options = {.rtol = PROMISE_RTOL, .atol = PROMISE_ATOL};
    ordpar_status status =
        ordpar_ensemble_run(&m->simulation, m->alpha, MODEL_ROWS, &options, difference, &rows, err);
    const size_t columns = ordpar_theory_columns(&m->simulation, ORDPAR_AGAINST_ODE, RUNS);
    if (!status)
        status = ordpar_theory_curves(&m->simulation, m->alpha, MODEL_ROWS, columns,
                                      &theory_options, theory, err);
    for (size_t k = 0; k < MODEL_ROWS && !status; k++)
        for (size_t r = 0; r < RUNS; r++)
            difference[k * RUNS + r] -= theory[k * columns + (columns > 1 ? r : 0)];
    return status;
}

/* Two sides, the chance of 1 in 100 that any of all comparisons fails. */
static double threshold(size_t models) {
    return gsl_cdf_tdist_Qinv(0.005 / ((double)models * MODEL_ROWS), RUNS - 1);
}

static double check_simulation(const random_model *m, size_t models, summary *total) {
    double difference[MODEL_ROWS * RUNS], worst = 0;
    ordpar_error err;
    const ordpar_status status = simulate(m, difference, &err);
    if (status == ORDPAR_DIVERGED && promise_may_diverge(&m->network)) {
        total->diverged++;
        return 0;
    }
    for (size_t k = 0; k < MODEL_ROWS && !status; k++) {
        const ordpar_summary s = ordpar_summarize(difference + k * RUNS, RUNS);
        worst = fmax(worst, fabs(s.mean) / s.standard_error);
    }
    if (!status && worst < threshold(models))
        return worst;
    total->failed++;
    printf("FAILED: %s\n    %s, |t| = %.3g, threshold %.3g\n", m->text,
           status ? err.message : "simulated", worst, threshold(models));
    return worst;
}

static bool make(uint64_t seed, uint64_t index, bool large, random_model *m, summary *total) {
    ordpar_error err;
    if (!random_model_create(seed, index, large, m, &err))
        return true;
    total->failed++;
    printf("FAILED: %s (number %llu)\n    %s\n", m->text, (unsigned long long)index, err.message);
    return false;
}

int main(int argc, char **argv) {
    if (argc < 5 || argc > 7) {
        fputs("models SEED FIRST COUNT SIMULATED [SECONDS [cvode|radau]]\n", stderr);
        return 2;
    }
    const uint64_t seed = strtoull(argv[1], NULL, 10), first = strtoull(argv[2], NULL, 10);
    const size_t count = strtoull(argv[3], NULL, 10), simulated = strtoull(argv[4], NULL, 10);
    const ordpar_integrator_choice integrator = promise_integrator(argc, argv);
    summary total = {0};
    double t = 0;
    random_model m;
    gsl_set_error_handler_off();
    for (size_t k = 0; k < count; k++) {
        if (make(seed, first + k, false, &m, &total))
            check_curve(&m, first + k, argc > 5 ? atof(argv[5]) : 0, integrator, &total);
        random_model_clear(&m);
    }
    for (size_t k = 0; k < simulated; k++) {
        if (make(seed, first + k, true, &m, &total))
            t = fmax(t, check_simulation(&m, simulated, &total));
        random_model_clear(&m);
    }
    printf("%zu curves (worst error %.3g of the promise, least eigenvalue %.2g of it), "
           "%zu simulations "
           "(worst |t| %.3g of %.3g), %zu diverged, %zu ended, %zu left out, %zu failures\n",
           count, total.worst_error, total.least, simulated, t,
           simulated ? threshold(simulated) : 0, total.diverged, total.ended, total.left_out,
           total.failed);
    return total.failed > 0;
}
