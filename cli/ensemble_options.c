// SPDX-License-Identifier: GPL-3.0-or-later
#include "ensemble_options.h"

#include "library_error.h"
#include "progress.h"
#include "threads.h"
#include "training.h"

#include <math.h>
#include <stdlib.h>

static int check_options(const options *parsed, const ensemble *e) {
    const double N = e->m.spectrum.N;
    if (e->simulation.method == ORDPAR_METHOD_SGD && N > (double)ORDPAR_MAX_SGD_DIM)
        return usage_error(parsed,
                           "--method: sgd takes N up to %.0f, got %.0f; overlap takes any N",
                           (double)ORDPAR_MAX_SGD_DIM, N);
    if (!(parsed->weight_decay < N))
        return usage_error(parsed,
                           "--weight-decay: a step keeps 1 - KAPPA/N: must be below N = %.0f, "
                           "got %g",
                           N, parsed->weight_decay);
    if (parsed->data && e->simulation.method != ORDPAR_METHOD_SGD)
        return usage_error(parsed, "--method: overlap draws its inputs; training on --data is sgd");
    if (parsed->data && parsed->checkpoint)
        return usage_error(parsed, "--checkpoint: not with --data, which is read in one pass");
    if (parsed->data && round(parsed->alpha.stop * N) > (double)e->m.data.principal.rows)
        return usage_error(parsed,
                           "--alpha: %g at N = %.0f is %.0f examples, the data has %llu: alpha up "
                           "to %.6g",
                           parsed->alpha.stop, N, round(parsed->alpha.stop * N),
                           (unsigned long long)e->m.data.principal.rows,
                           (double)e->m.data.principal.rows / N);
    if (!(parsed->alpha.stop * N < (double)ORDPAR_MAX_STEPS))
        return usage_error(parsed, "--alpha: %g at N = %.0f is %.3g steps, more than %.3g",
                           parsed->alpha.stop, N, parsed->alpha.stop * N, (double)ORDPAR_MAX_STEPS);
    return -1;
}

/* copies: how many numbers of each run a row is kept with. */
static int check_memory(const options *parsed, const ensemble *e, size_t copies) {
    const size_t threads = parsed->threads > 0 ? (size_t)parsed->threads : 1;
    const double bytes =
        ordpar_simulation_bytes(&e->simulation, e->runs, threads, copies * e->count);
    return refuse_memory(parsed, e->m.spectrum.L, bytes);
}

/* Threads that cannot be had change no number: a line, and on. */
static void mention_threads(const options *parsed) {
    if (ordpar_threads((int)parsed->threads) < parsed->threads)
        usage_error(parsed, "--threads %lld: this program was built without OpenMP and uses one",
                    (long long)parsed->threads);
}

int ensemble_create(const options *parsed, bool integrates, ensemble *e) {
    *e = (ensemble){.runs = (size_t)parsed->runs, .count = (size_t)parsed->alpha.count};
    enum { COPIES = 3 }; /* of a number: in simulation, theory or table, and differences */
    int result =
        integrates ? model_create(parsed, &e->m) : model_create_without_equations(parsed, &e->m);
    if (result >= 0)
        return result;
    e->simulation = (ordpar_simulation){.spectrum = &e->m.spectrum,
                                        .network = &e->m.network,
                                        .trained_blocks = e->m.trained_blocks,
                                        .method = (ordpar_method)parsed->method,
                                        .start = parsed->overlaps ? &e->m.start : NULL,
                                        .init = (ordpar_init)parsed->init,
                                        .teacher = (ordpar_teacher)parsed->teacher,
                                        .sigma_J = parsed->sigma_J,
                                        .seed = (uint64_t)parsed->seed};
    if ((result = check_options(parsed, e)) >= 0 || (result = check_memory(parsed, e, COPIES)) >= 0)
        return result;
    mention_threads(parsed);
    e->alpha = model_grid(parsed);
    e->eps_g = malloc(e->count * e->runs * sizeof *e->eps_g);
    if (!e->eps_g)
        return failure(parsed, "out of memory for %zu rows of %zu runs", e->count, e->runs);
    return e->alpha ? -1 : EXIT_FAILED;
}

void ensemble_clear(ensemble *e) {
    model_clear(&e->m);
    free(e->alpha);
    free(e->eps_g);
}

static void show(void *context, size_t rows, size_t total) {
    progress_show(context, (double)rows / (double)total, "row %zu of %zu", rows, total);
}

/* The option that a failure is about. */
static const char *option_of(const options *parsed, ordpar_status status) {
    if (parsed->data && status != ORDPAR_INVALID)
        return status == ORDPAR_IO || status == ORDPAR_PARSE ? "--data" : NULL;
    switch (status) {
    case ORDPAR_IO:
    case ORDPAR_PARSE:
        return "--checkpoint";
    case ORDPAR_INVALID:
        return parsed->overlaps ? "--overlaps" : "--init, --teacher";
    default:
        return NULL;
    }
}

int ensemble_run(const options *parsed, ensemble *e) {
    ordpar_error err;
    ordpar_examples *examples = NULL;
    ordpar_status status = ORDPAR_OK;
    if (e->m.data.set)
        status = ordpar_examples_create(e->m.data.set, &e->m.data.principal, (int)parsed->threads,
                                        &examples, &err);
    if (status)
        return library_error(parsed, "--data", status, &err);
    options copy = *parsed; /* progress takes it through a plain pointer */
    const ordpar_ensemble_options settings = {.runs = e->runs,
                                              .threads = (int)parsed->threads,
                                              .checkpoint = parsed->checkpoint,
                                              .stop = &interrupted,
                                              .progress = show,
                                              .context = &copy,
                                              .examples = examples};
    status = ordpar_ensemble_run(&e->simulation, e->alpha, e->count, &settings, e->eps_g, &e->rows,
                                 &err);
    ordpar_examples_free(examples);
    progress_clear();
    e->interrupted = status == ORDPAR_INTERRUPTED;
    if (!status || (e->interrupted && parsed->keep_partial))
        return -1;
    return library_error(parsed, option_of(parsed, status), status, &err);
}

int ensemble_exit(const options *parsed, const ensemble *e) {
    if (!e->interrupted)
        return EXIT_DONE;
    usage_error(parsed, "interrupted; %zu of %zu rows were complete and are written", e->rows,
                e->count);
    return EXIT_INTERRUPTED;
}

void ensemble_notes(table *t, const options *parsed, const ensemble *e) {
    table_standard_notes(t, parsed);
    model_notes(t, parsed, &e->m);
    table_note(t, "simulation",
               "method %s, %zu run%s; a row's eps_g is measured from the exact "
               "overlaps after the whole number of steps nearest to alpha N",
               e->simulation.method == ORDPAR_METHOD_SGD ? "sgd" : "overlap", e->runs,
               e->runs > 1 ? "s" : "");
    if (e->m.data.set)
        table_note(t, "training",
                   "on the data, one pass in the files' order; all runs see the same examples and "
                   "have teachers and starts of their own; eps_g is %s",
                   e->m.network.activation == &ordpar_activation_linear
                       ? "exact for the data's covariance"
                       : "computed as if the fields were Gaussian");
}

void ensemble_title(const ensemble *e, char *title, size_t size) {
    const ordpar_network *net = &e->m.network;
    char eta[TRAINING_ETA_SIZE];
    training_eta_title(net, eta);
    snprintf(title, size, "%s, K = %zu, M = %zu, N = %.0f, L = %zu, η %s, %zu run%s",
             net->activation->name, net->K, net->M, e->m.spectrum.N, e->m.spectrum.L, eta, e->runs,
             e->runs > 1 ? "s" : "");
}
