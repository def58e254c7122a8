// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Random models against what must hold for every one: models SEED FIRST COUNT SIMULATED
 * Curves of COUNT models from number FIRST on: every block's Gram matrix positive semidefinite to
 * the tolerance of the integration, eps_g finite and not negative, and within the promise of a run
 * with a tolerance 1000 times tighter. Then SIMULATED models whose simulated runs must have the
 * theory's mean. Failing models are printed as command lines.
 */
#include "ensemble.h"
#include "integrate.h"
#include "random_model.h"
#include "statistics.h"
#include "theory.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The integrator's tolerances of the run that is tested, and of the one that tests it. */
static const double rtol = 1e-6, tight_rtol = 1e-9, least_error = 1e-14;

typedef struct {
    const ordpar_spectrum *spectrum;
    double eps_g[MODEL_ROWS];
    double
        least; /* eigenvalue of a Gram matrix over the run, in units of what a block may err by */
    double error_of_block; /* that, in units of its weight and the largest variance */
    ordpar_integrate_stats stats;
} curve;

static double least_eigenvalue(gsl_matrix *gram) {
    double values[MODEL_UNITS];
    gsl_vector_view all = gsl_vector_view_array(values, gram->size1);
    gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc(gram->size1);
    gsl_eigen_symm(gram, &all.vector, work);
    gsl_eigen_symm_free(work);
    return gsl_vector_min(&all.vector);
}

/*
 * The equations keep Gram matrices semidefinite: without noise they are Phi S Phi^T, and noise adds
 * such a matrix. In one step the integrator lets the overlaps of a block err by rtol of its weight
 * p times the largest variance [5.5], and so their eigenvalues; in all steps by ten times that, as
 * the promise says of eps_g. At lowest order in eta they are those of vectors, but for rounding.
 */
static double error_of_block(const ordpar_network *network, double tolerance) {
    return network->small_eta ? 1e-13 : 10 * tolerance;
}

static ordpar_status record(void *context, size_t row, double alpha, double eps_g,
                            const ordpar_overlaps *state, ordpar_error *err) {
    curve *c = context;
    const size_t n = state->K + state->M;
    double gram[MODEL_UNITS * MODEL_UNITS], size = 1;
    (void)alpha;
    ordpar_status status = ordpar_overlaps_moment(state, c->spectrum, 1, gram, err);
    for (size_t a = 0; a < n && !status; a++)
        size = fmax(size, gram[a * n + a]);
    for (size_t b = 0; b < state->L && !status; b++) {
        const double weight = c->spectrum->n[b] / c->spectrum->N;
        gsl_matrix_view view = gsl_matrix_view_array(gram, n, n);
        ordpar_overlaps_gram(state, b, gram);
        c->least =
            fmin(c->least, least_eigenvalue(&view.matrix) / (c->error_of_block * weight * size));
    }
    c->eps_g[row] = eps_g;
    return status;
}

/* As the command curve does. */
static ordpar_status integrate(const random_model *m, double tolerance, curve *c,
                               ordpar_error *err) {
    const ordpar_simulation *s = &m->simulation;
    const bool deviations =
        s->init == ORDPAR_INIT_NEAR_TEACHER && ordpar_deviations_exist(&m->network);
    const ordpar_integrate_options options = {.rtol = tolerance,
                                              .atol = least_error,
                                              .trained_blocks = s->trained_blocks,
                                              .observer = record,
                                              .context = c,
                                              .start_is_deviation = deviations};
    ordpar_overlaps state;
    ordpar_status status = ordpar_overlaps_start(&m->spectrum, m->network.K, m->network.M,
                                                 deviations ? ORDPAR_INIT_SAMPLED : s->init,
                                                 s->teacher, s->sigma_J, s->seed, 1, &state, err);
    if (status)
        return status;
    *c =
        (curve){.spectrum = &m->spectrum, .error_of_block = error_of_block(&m->network, tolerance)};
    status = ordpar_integrate(&m->spectrum, &m->network, &state, m->alpha, MODEL_ROWS, &options,
                              &c->stats, err);
    ordpar_overlaps_clear(&state);
    return status;
}

/* Largest error of eps_g in units of the promise, which ends where students that start the same
 * have parted by rounding. */
static double worst_error(const double *alpha, const curve *loose, const curve *tight) {
    const double end = fmin(loose->stats.parted_from, tight->stats.parted_from);
    ordpar_integrate_stats before = loose->stats;
    before.parted_from = INFINITY;
    const double promise = fmax(10 * rtol, ordpar_rounding_limit(&before));
    double worst = 0;
    for (size_t k = 0; k < MODEL_ROWS && alpha[k] < end; k++) {
        const double error = fabs(loose->eps_g[k] - tight->eps_g[k]);
        worst = fmax(worst, error / fmax(promise * fabs(tight->eps_g[k]), 10 * least_error));
    }
    return worst;
}

static bool is_error(const curve *c) {
    for (size_t k = 0; k < MODEL_ROWS; k++)
        if (!isfinite(c->eps_g[k]) || c->eps_g[k] < -10 * least_error)
            return false;
    return true;
}

typedef struct {
    size_t failed, diverged, ended;
    double worst_error, least; /* over all models */
} summary;

/* Growth without bound is a result, where the activation is not bounded and eta is above critical;
 * not of gradient flow. */
static bool may_diverge(const random_model *m) {
    return !m->network.small_eta && m->network.activation != &ordpar_activation_erf &&
           m->network.activation != &ordpar_activation_linear;
}

/* Gradient flow takes students of relu to zero weights in a finite time, where it ends. */
static bool may_end(const random_model *m, const ordpar_error *err) {
    return m->network.small_eta && m->network.activation == &ordpar_activation_relu &&
           strstr(err->message, "become 0") != NULL;
}

static void check_curve(const random_model *m, summary *total) {
    curve loose, tight;
    ordpar_error err;
    ordpar_status status = integrate(m, rtol, &loose, &err);
    if (!status)
        status = integrate(m, tight_rtol, &tight, &err);
    if (status == ORDPAR_DIVERGED && may_diverge(m)) {
        total->diverged++;
        return;
    }
    if (status == ORDPAR_NUMERICAL && may_end(m, &err)) {
        total->ended++;
        return;
    }
    const double error = status ? 0 : worst_error(m->alpha, &loose, &tight);
    const double least = status ? 0 : fmin(loose.least, tight.least);
    total->worst_error = fmax(total->worst_error, error);
    total->least = fmin(total->least, least);
    if (!status && error <= 1 && least >= -1 && is_error(&loose) && is_error(&tight))
        return;
    total->failed++;
    printf("FAILED: %s\n    %s, error %.3g of the promise, least eigenvalue %.3g of it, "
           "last eps_g %g\n",
           m->text, status ? err.message : "done", error, least, status ? 0 : tight.eps_g[7]);
}

enum { RUNS = 12 };

/* Paired differences of every run and the theory from its own start. */
static ordpar_status simulate(const random_model *m, double *difference, ordpar_error *err) {
    double theory[MODEL_ROWS * RUNS];
    size_t rows;
    const ordpar_ensemble_options options = {.runs = RUNS};
    const ordpar_theory_options theory_options = {.rtol = rtol, .atol = least_error};
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
    if (status == ORDPAR_DIVERGED && may_diverge(m)) {
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
    if (argc != 5) {
        fputs("models SEED FIRST COUNT SIMULATED\n", stderr);
        return 2;
    }
    const uint64_t seed = strtoull(argv[1], NULL, 10), first = strtoull(argv[2], NULL, 10);
    const size_t count = strtoull(argv[3], NULL, 10), simulated = strtoull(argv[4], NULL, 10);
    summary total = {0};
    double t = 0;
    random_model m;
    gsl_set_error_handler_off();
    for (size_t k = 0; k < count; k++) {
        if (make(seed, first + k, false, &m, &total))
            check_curve(&m, &total);
        random_model_clear(&m);
    }
    for (size_t k = 0; k < simulated; k++) {
        if (make(seed, first + k, true, &m, &total))
            t = fmax(t, check_simulation(&m, simulated, &total));
        random_model_clear(&m);
    }
    printf("%zu curves (worst error %.3g of the promise, least eigenvalue %.2g of it), "
           "%zu simulations "
           "(worst |t| %.3g of %.3g), %zu diverged, %zu ended, %zu failures\n",
           count, total.worst_error, total.least, simulated, t,
           simulated ? threshold(simulated) : 0, total.diverged, total.ended, total.failed);
    return total.failed > 0;
}
