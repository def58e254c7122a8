// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ensemble_of.h"

#include "base/number.h"
#include "model/compute.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What a run does not train on must suffice for the coefficients that it is measured by. */
static ordpar_status check_left(const ordpar_model_ensemble *e, double steps, ordpar_error *err) {
    const ordpar_labelled *data = &e->parts.labels.data;
    const double examples = (double)data->n, wanted = 4 * (double)data->rank + 6;
    if (examples - round(steps) >= wanted)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "alpha: of %.0f examples a run trains on %.0f; what it has learned is "
                       "measured by the others, %.0f at least: alpha up to %.6g",
                       examples, round(steps), wanted,
                       fmax(examples - wanted, 0) / e->parts.spectrum.N);
}

static ordpar_status check_data(const ordpar_model *model, const ordpar_model_ensemble *e,
                                ordpar_error *err) {
    const double stop = model->value.alpha.stop, N = e->parts.spectrum.N;
    const double examples = (double)e->parts.data.principal.rows;
    if (!e->parts.data.set)
        return ORDPAR_OK;
    if (e->simulation.method != ORDPAR_METHOD_SGD)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "method: overlap draws its inputs; training on data is sgd");
    if (e->parts.network.training.batch > 1 || e->parts.network.training.batch_fraction > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "batch, batch-fraction: training on data takes one example a step");
    if (model->value.checkpoint)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "checkpoint: not with data, which is read in one pass");
    if (e->parts.labels.outputs && check_left(e, stop * N, err))
        return ORDPAR_INVALID;
    if (round(stop * N) > examples)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "alpha: %g at N = %.0f is %.0f examples, the data has %.0f: alpha up "
                           "to %.6g",
                           stop, N, round(stop * N), examples, examples / N);
    return ORDPAR_OK;
}

static ordpar_status check(const ordpar_model *model, const ordpar_model_ensemble *e,
                           ordpar_error *err) {
    const double N = e->parts.spectrum.N, stop = model->value.alpha.stop;
    if (e->simulation.method == ORDPAR_METHOD_SGD && N > (double)ORDPAR_MAX_SGD_DIM)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "method: sgd takes N up to %.0f, got %.0f; overlap takes any N",
                           (double)ORDPAR_MAX_SGD_DIM, N);
    if (!(model->value.weight_decay < N))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "weight-decay: a step keeps 1 - KAPPA/N: must be below N = %.0f, got %g",
                           N, model->value.weight_decay);
    const ordpar_momentum *momentum = &e->parts.network.training.momentum;
    if (!momentum->fades && !(momentum->damping < N))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "momentum: a step keeps 1 - C/N of P: C must be below N = %.0f, got %g",
                           N, momentum->damping);
    const double steps = stop * ordpar_simulation_pace(&e->simulation);
    if (!(steps < (double)ORDPAR_MAX_STEPS))
        return ordpar_fail(err, ORDPAR_INVALID, "alpha: %g is %.3g steps, more than %.3g", stop,
                           steps, (double)ORDPAR_MAX_STEPS);
    return check_data(model, e, err);
}

static uint64_t last_step(const ordpar_model *model, const ordpar_model_ensemble *e) {
    const double last = e->alpha ? e->alpha[e->count - 1] : model->value.alpha.stop;
    return ordpar_simulation_steps(&e->simulation, last);
}

/* Whatever the machine, so that a model that fits one fits all of its kind. */
static ordpar_status check_memory(const ordpar_model *model, const ordpar_model_ensemble *e,
                                  ordpar_error *err) {
    enum { COPIES = 3 }; /* of a number: in simulation, theory or table, and differences */
    const size_t threads = model->value.threads > 0 ? (size_t)model->value.threads : 1;
    double bytes = ordpar_simulation_bytes(&e->simulation, e->runs, threads, COPIES * e->count);
    if (e->parts.labels.outputs)
        bytes += ordpar_labelled_runs_bytes(&e->parts.labels.data, e->runs, last_step(model, e));
    return ordpar_model_check_memory(model, e->parts.spectrum.L, bytes, err);
}

static ordpar_status make_parts(const ordpar_model *model, bool integrates, ordpar_parts *parts,
                                ordpar_error *err) {
    if (integrates)
        return ordpar_parts_for_equations(model, false, parts, err);
    const ordpar_status status = ordpar_parts_init(model, NULL, parts, err);
    return status ? status : ordpar_parts_start(model, false, parts, err);
}

ordpar_status ordpar_ensemble_create(const ordpar_model *model, bool integrates,
                                     ordpar_model_ensemble *e, ordpar_error *err) {
    e->runs = (size_t)model->value.runs;
    e->trial = model->trial;
    e->count = e->wanted = (size_t)model->value.alpha.count;
    ordpar_status status = ordpar_model_check_continued(model, err);
    if (status || (status = make_parts(model, integrates, &e->parts, err)))
        return status;
    e->simulation = ordpar_parts_simulation(model, &e->parts);
    if ((status = check(model, e, err)) || (status = check_memory(model, e, err)) ||
        (status = ordpar_grid_values(&model->value.alpha, &e->alpha, err)))
        return status;
    e->curves = ordpar_simulation_curves(&e->simulation);
    e->eps_g = malloc(e->count * e->curves * e->runs * sizeof *e->eps_g);
    return e->eps_g ? ORDPAR_OK
                    : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows of %zu runs",
                                  e->count, e->runs);
}

void ordpar_ensemble_clear(ordpar_model_ensemble *e) {
    ordpar_parts_clear(&e->parts);
    free(e->alpha);
    free(e->eps_g);
}

typedef struct {
    const ordpar_model *model;
    const double *alpha;
} telling;

/* Steps are alike: alpha is the work. */
static void show(void *context, size_t rows, size_t total) {
    const telling *to = context;
    const double last = to->alpha[total - 1];
    char text[64];
    ordpar_format(text, sizeof text, "row %zu of %zu", rows, total);
    ordpar_model_tell(to->model, last > 0 ? to->alpha[rows - 1] / last : 1, text);
}

static void warn(void *context, const char *reason) {
    const telling *to = context;
    char text[ORDPAR_MESSAGE_SIZE];
    ordpar_format(text, sizeof text, "checkpoint: %.480s", reason);
    ordpar_model_warn_unsaved(to->model, text);
}

/* The setting that a failure is about. */
static const char *setting_of(const ordpar_model *model, const ordpar_model_ensemble *e,
                              ordpar_status status) {
    const bool file = status == ORDPAR_IO || status == ORDPAR_PARSE;
    if (e->parts.data.set && status != ORDPAR_INVALID)
        return file ? "data" : NULL;
    if (file)
        return "checkpoint";
    if (status != ORDPAR_INVALID)
        return NULL;
    if (e->parts.labels.outputs)
        return "labels";
    return ordpar_model_has_overlaps(model) ? "overlaps" : "init, teacher";
}

/* [11.3] Students start as drawn, where the theory has the mean over starts. */
static ordpar_status run_on_labels(const ordpar_model *model, ordpar_model_ensemble *e,
                                   ordpar_error *err) {
    ordpar_simulation drawn = e->simulation;
    drawn.init = ORDPAR_INIT_SAMPLED;
    drawn.teacher = ORDPAR_TEACHER_SAMPLED;
    const telling to = {model, e->alpha};
    const ordpar_labelled_options options = {.data = &e->parts.labels.data,
                                             .sums = &e->parts.labels.sums,
                                             .runs = e->runs,
                                             .threads = (int)model->value.threads,
                                             .stop = model->stop,
                                             .progress = show,
                                             .context = (void *)&to};
    return ordpar_labelled_run(&drawn, e->alpha, e->count, &options, e->eps_g, &e->rows, err);
}

static ordpar_status run(const ordpar_model *model, ordpar_model_ensemble *e, ordpar_error *err) {
    if (e->parts.labels.outputs)
        return run_on_labels(model, e, err);
    ordpar_examples *examples = NULL;
    ordpar_status status = ORDPAR_OK;
    if (e->parts.data.set) {
        ordpar_dataset_rewind(e->parts.data.set);
        status = ordpar_examples_create(e->parts.data.set, &e->parts.data.principal,
                                        (int)model->value.threads, &examples, err);
    }
    telling to = {model, e->alpha};
    const ordpar_ensemble_options options = {.runs = e->runs,
                                             .threads = (int)model->value.threads,
                                             .checkpoint = model->value.checkpoint,
                                             .stop = model->stop,
                                             .progress = show,
                                             .warning = warn,
                                             .context = &to,
                                             .examples = examples,
                                             .unsaved = &e->unsaved};
    if (!status)
        status = ordpar_ensemble_run(&e->simulation, e->alpha, e->count, &options, e->eps_g,
                                     &e->rows, err);
    ordpar_examples_free(examples);
    return status;
}

/* What an interrupted run has in its checkpoint. */
static void tell_kept(const ordpar_model *model, const ordpar_model_ensemble *e, size_t room,
                      char *words) {
    const ordpar_ensemble_unsaved *u = &e->unsaved;
    const char *path = model->value.checkpoint;
    if (!*u->reason.message)
        ordpar_format(words, room, "; it goes on from %.150s", path);
    else if (u->rows > 0)
        ordpar_format(words, room,
                      "; checkpoint: %.200s; it goes on from %.100s with %zu of %zu rows",
                      u->reason.message, path, u->rows, e->wanted);
    else
        ordpar_format(words, room, "; checkpoint: %.280s; %zu of %zu rows are lost",
                      u->reason.message, e->rows, e->wanted);
}

ordpar_status ordpar_ensemble_make(const ordpar_model *model, ordpar_model_ensemble *e,
                                   ordpar_error *err) {
    ordpar_error reason = {.message = ""};
    const ordpar_status status = run(model, e, &reason);
    const char *setting = setting_of(model, e, status);
    const bool unsaved = status == ORDPAR_IO && e->count > 0 && e->rows == e->count;
    const char *of_saving = *e->unsaved.reason.message ? e->unsaved.reason.message : NULL;
    if (!status || unsaved || (e->rows > 0 && ordpar_keeps_rows(model, status))) {
        if (!status) /* what theory has ended stays so */
            return ORDPAR_OK;
        e->ended = status;
        ordpar_format(
            e->why, sizeof e->why, "%s%s%.300s%s%.280s", unsaved ? setting : "",
            unsaved ? ": " : "", status == ORDPAR_INTERRUPTED ? "interrupted" : reason.message,
            of_saving && !unsaved ? "; checkpoint: " : "", of_saving && !unsaved ? of_saving : "");
        return ORDPAR_OK;
    }
    char kept[400] = "";
    if (status == ORDPAR_INTERRUPTED && model->value.checkpoint && e->rows > 0)
        tell_kept(model, e, sizeof kept, kept);
    return ordpar_fail(err, status, "%s%s%.300s%s", setting ? setting : "", setting ? ": " : "",
                       reason.message, kept);
}

ordpar_status ordpar_ensemble_hint(const ordpar_model_ensemble *e, const char *most,
                                   ordpar_status status, ordpar_error *err) {
    if (e->rows == 0 || e->trial || !err ||
        (status != ORDPAR_DIVERGED && status != ORDPAR_NUMERICAL))
        return status;
    const ordpar_error reason = *err;
    return ordpar_fail(err, status, "%.400s; keep-partial writes %s %zu of %zu rows before",
                       reason.message, most, e->rows, e->wanted);
}

ordpar_status ordpar_ensemble_end(const ordpar_model_ensemble *e, ordpar_error *err) {
    if (e->ended && e->trial)
        return ordpar_fail(err, e->ended, "%s", e->why);
    return e->ended
               ? ordpar_fail(err, e->ended, "%s; %zu of %zu rows were complete and are written",
                             e->why, e->rows, e->wanted)
               : ORDPAR_OK;
}

static void labels_facts(const ordpar_model *model, const ordpar_model_ensemble *e,
                         ordpar_table *t) {
    const ordpar_labelled *data = &e->parts.labels.data;
    const uint64_t steps = last_step(model, e);
    const bool segments = ordpar_labelled_in_segments(data, e->runs, steps);
    ordpar_table_fact(t, "training", (double)steps / (double)data->n,
                      "on the data and its labels, %.3g of the examples in each run, %s; eps_g by "
                      "coefficients from the examples that the run does not see, unbiased and "
                      "negative at times",
                      (double)steps / (double)data->n,
                      segments ? "a segment of its own"
                               : "in an order of its own: runs share examples");
}

double ordpar_ensemble_error(const ordpar_model *model, const ordpar_model_ensemble *e, size_t row,
                             double eps_g, double spread) {
    const ordpar_labels *labels = &e->parts.labels;
    return labels->outputs
               ? ordpar_labelled_error(&labels->data, &labels->fit, e->runs, last_step(model, e),
                                       ordpar_simulation_steps(&e->simulation, e->alpha[row]),
                                       eps_g, spread)
               : spread;
}

ordpar_summary ordpar_ensemble_summary(const ordpar_model *model, const ordpar_model_ensemble *e,
                                       size_t row) {
    ordpar_summary s = ordpar_summarize(e->eps_g + row * e->curves * e->runs, e->runs);
    s.standard_error = ordpar_ensemble_error(model, e, row, s.mean, s.standard_error);
    return s;
}

void ordpar_ensemble_facts(const ordpar_model *model, const ordpar_model_ensemble *e,
                           ordpar_table *t) {
    const char *plural = e->runs > 1 ? "s" : "";
    if (e->ended)
        ordpar_table_partial(t, e->ended, e->rows, e->wanted);
    ordpar_parts_facts(model, &e->parts, t);
    ordpar_table_note(t, "simulation",
                      "method %s, %zu run%s; a row's eps_g is measured%s after the whole number of "
                      "steps nearest to alpha%s",
                      e->simulation.method == ORDPAR_METHOD_SGD ? "sgd" : "overlap", e->runs,
                      plural, e->parts.labels.outputs ? "" : " from the exact overlaps",
                      model->value.batch_fraction > 0 ? ", of a batch each" : " N");
    if (e->parts.labels.outputs)
        labels_facts(model, e, t);
    else if (e->parts.data.set)
        ordpar_table_note(t, "training",
                          "on the data, one pass in the files' order; all runs see the same "
                          "examples and have teachers and starts of their own; eps_g is %s",
                          e->parts.network.activation == &ordpar_activation_linear
                              ? "exact for the data's covariance"
                              : "computed as if the fields were Gaussian");
}
