// SPDX-License-Identifier: GPL-3.0-or-later
#include "promise.h"

#include <float.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

typedef struct {
    const ordpar_spectrum *spectrum;
    double eps_g[PROMISE_ROWS];
    double
        least; /* eigenvalue of a Gram matrix over the run, in units of what a block may err by */
    double error_of_block; /* that, in units of its weight and the largest variance */
    ordpar_integrate_stats stats;
} curve;

static double least_eigenvalue(gsl_matrix *gram) {
    double values[PROMISE_UNITS];
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
    double gram[PROMISE_UNITS * PROMISE_UNITS], size = 1;
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

/* The most seconds of the processor's time, unless others are asked for. */
static const double longest = 60;

static volatile sig_atomic_t too_long;

static void stop(int number) {
    (void)number;
    too_long = 1;
}

static void set_timer(double seconds) {
    const double whole = floor(seconds);
    const struct itimerval timer = {
        .it_value = {.tv_sec = (time_t)whole, .tv_usec = (suseconds_t)(1e6 * (seconds - whole))}};
    too_long = 0;
    signal(SIGVTALRM, stop);
    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

static ordpar_status integrate(const promise_run *run, double tolerance, curve *c,
                               ordpar_error *err) {
    const ordpar_integrate_options options = {.rtol = tolerance,
                                              .atol = PROMISE_ATOL,
                                              .trained_blocks = run->trained_blocks,
                                              .observer = record,
                                              .context = c,
                                              .stop = &too_long,
                                              .integrator = run->integrator,
                                              .start_is_deviation = run->start_is_deviation};
    ordpar_overlaps state = {0};
    ordpar_status status =
        ordpar_overlaps_init(run->network->K, run->network->M, run->spectrum->L, &state, err);
    if (status)
        return status;
    ordpar_overlaps_copy(run->start, &state);
    *c = (curve){.spectrum = run->spectrum,
                 .error_of_block = error_of_block(run->network, tolerance)};
    set_timer(run->seconds > 0 ? run->seconds : longest);
    status = ordpar_integrate(run->spectrum, run->network, &state, run->alpha, run->rows, &options,
                              &c->stats, err);
    set_timer(0);
    ordpar_overlaps_clear(&state);
    return status;
}

/* Largest error of eps_g in units of what is promised or, where that is more, noted. */
static double worst_error(const promise_run *run, const curve *loose, const curve *tight) {
    const double promise = fmax(10 * PROMISE_RTOL, loose->stats.rounding_limit);
    const double least = fmax(10 * PROMISE_ATOL, loose->stats.noise);
    double worst = 0;
    for (size_t k = 0; k < run->rows; k++) {
        const double error = fabs(loose->eps_g[k] - tight->eps_g[k]);
        worst = fmax(worst, error / fmax(promise * fabs(tight->eps_g[k]), least));
    }
    return worst;
}

/* What a run notes goes for its Gram matrices, too. */
static double least_of(const promise_run *run, const curve *c, double tolerance) {
    return run->network->small_eta ? c->least
                                   : c->least / fmax(1, c->stats.rounding_limit / (10 * tolerance));
}

static bool is_error(const promise_run *run, const curve *c) {
    for (size_t k = 0; k < run->rows; k++)
        if (!isfinite(c->eps_g[k]) || c->eps_g[k] < 0)
            return false;
    return true;
}

bool promise_may_diverge(const ordpar_network *network) {
    return !network->small_eta && !ordpar_network_has(network, &ordpar_activation_erf) &&
           !ordpar_network_has(network, &ordpar_activation_linear);
}

/* Gradient flow takes students of relu to zero weights in a finite time, where it ends. */
static bool may_end(const ordpar_network *network, const ordpar_error *err) {
    return network->small_eta && network->activation == &ordpar_activation_relu &&
           strstr(err->message, "become 0") != NULL;
}

ordpar_integrator_choice promise_integrator(int argc, char **argv) {
    return strcmp(argv[argc - 1], "radau") == 0   ? ORDPAR_INTEGRATOR_RADAU
           : strcmp(argv[argc - 1], "cvode") == 0 ? ORDPAR_INTEGRATOR_CVODE
                                                  : ORDPAR_INTEGRATOR_AUTO;
}

promise_verdict promise_check(const promise_run *run) {
    curve loose, tight;
    ordpar_error err;
    promise_verdict verdict = {.failed = false};
    ordpar_status status = integrate(run, PROMISE_RTOL, &loose, &err);
    if (!status && !run->exact)
        status = integrate(run, PROMISE_RTOL / 1000, &tight, &err);
    else if (!status) {
        tight = loose;
        memcpy(tight.eps_g, run->exact, run->rows * sizeof *tight.eps_g);
    }
    if (status == ORDPAR_INTERRUPTED && run->seconds > 0) {
        verdict.left_out = true;
        return verdict;
    }
    if (status == ORDPAR_DIVERGED && promise_may_diverge(run->network)) {
        verdict.diverged = true;
        return verdict;
    }
    if (status == ORDPAR_NUMERICAL && may_end(run->network, &err)) {
        verdict.ended = true;
        return verdict;
    }
    if (!status) {
        verdict.noted = loose.stats.rounding_limit > 10 * PROMISE_RTOL;
        verdict.error = worst_error(run, &loose, &tight);
        verdict.least =
            fmin(least_of(run, &loose, PROMISE_RTOL),
                 least_of(run, &tight, run->exact ? PROMISE_RTOL : PROMISE_RTOL / 1000));
    }
    verdict.failed = status || !(verdict.error <= 1) || !(verdict.least >= -1) ||
                     !is_error(run, &loose) || !is_error(run, &tight);
    snprintf(verdict.text, sizeof verdict.text,
             "%s, error %.3g of the promise, least eigenvalue %.3g of it, last eps_g %g",
             status ? err.message : "done", verdict.error, verdict.least,
             status ? 0 : tight.eps_g[run->rows - 1]);
    return verdict;
}
