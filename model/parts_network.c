// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/parts.h"

#include "base/number.h"
#include "model/activations.h"
#include "model/start_facts.h"
#include "model/tasks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One weight for all units, or one each. */
static ordpar_status set_output(const char *name, char unit, const ordpar_numbers *given,
                                double *weights, size_t count, ordpar_error *err) {
    if (given->count == 0)
        return ORDPAR_OK;
    if (given->count != 1 && given->count != count)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must have one weight or %c = %zu, got %zu",
                           name, unit, count, given->count);
    for (size_t k = 0; k < count; k++)
        weights[k] = given->values[given->count > 1 ? k : 0];
    return ORDPAR_OK;
}

/* One number for all units, or one each. */
static ordpar_status set_unlearnable(const ordpar_numbers *given, ordpar_network *n,
                                     ordpar_error *err) {
    ordpar_error reason;
    if (given->count == 0)
        return ORDPAR_OK;
    if (given->count != 1 && given->count != n->M)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "unlearnable: must have one variance or M = %zu, got %zu", n->M,
                           given->count);
    double *T_perp = calloc(n->M * n->M, sizeof *T_perp);
    if (!T_perp)
        return ordpar_fail(err, ORDPAR_MEMORY, "unlearnable: out of memory for %zu units", n->M);
    for (size_t k = 0; k < n->M; k++)
        T_perp[k * n->M + k] = given->values[given->count > 1 ? k : 0];
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < n->M && !status; k++)
        if (!(T_perp[k * n->M + k] >= 0))
            status =
                ordpar_fail(err, ORDPAR_INVALID, "unlearnable: a variance must be >= 0, got %g",
                            T_perp[k * n->M + k]);
    if (!status && (status = ordpar_network_set_unlearnable(n, T_perp, &reason)))
        status = ordpar_fail(err, status, "unlearnable: %.480s", reason.message);
    free(T_perp);
    return status;
}

static ordpar_status set_trained_outputs(const ordpar_model *model, ordpar_training *training,
                                         ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const bool rate = ordpar_model_given(model, "eta-v");
    if (v->eta_v > 0 && !v->train_output && !ordpar_model_given(model, "train-output"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "eta-v: is for train-output, which was not given; got %g", v->eta_v);
    if (v->train_output && !rate)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "train-output: needs eta-v, the learning rate of the output weights");
    training->eta_v = v->train_output ? v->eta_v : 0;
    return ORDPAR_OK;
}

static ordpar_status read_table(const ordpar_model *model, ordpar_network *network,
                                ordpar_error *err) {
    ordpar_schedule *schedule = &network->training.schedule;
    ordpar_error reason;
    const char *text = model->value.schedule;
    if (strchr(text, ':') && access(text, F_OK) != 0) { /* a kind that there is not */
        const ordpar_status failed = ordpar_schedule_parse(text, schedule, &reason);
        return ordpar_fail(err, failed, "schedule: %.480s", reason.message);
    }
    if (ordpar_model_given(model, "eta"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "schedule: %.200s gives eta itself; leave out eta, which is %g", text,
                           model->value.eta);
    const ordpar_status status = ordpar_schedule_read(text, schedule, &reason);
    if (status)
        return ordpar_fail(err, status, "schedule: %.480s", reason.message);
    const double largest = ordpar_schedule_largest(schedule);
    network->eta = largest > 0 ? largest : 1; /* only the unit that rates are kept in */
    return ORDPAR_OK;
}

bool ordpar_schedule_is_file(const char *text) {
    return text && !ordpar_schedule_is_form(text);
}

bool ordpar_setting_names_file(const char *name, const char *text) {
    if (text && strcmp(text, "none") == 0 &&
        ordpar_setting_can_be_none(ordpar_setting_find(&ordpar_model_settings, name)))
        return false;
    if (strcmp(name, "activation") == 0 || strcmp(name, "teacher-activation") == 0)
        return ordpar_activation_is_file(text);
    return strcmp(name, "schedule") == 0 ? ordpar_schedule_is_file(text)
           : strcmp(name, "tasks") == 0  ? ordpar_tasks_is_file(text)
                                         : text != NULL;
}

static ordpar_status set_schedule(const ordpar_model *model, ordpar_network *network,
                                  ordpar_error *err) {
    const char *text = model->value.schedule;
    ordpar_error reason;
    if (ordpar_schedule_is_file(text))
        return read_table(model, network, err);
    const ordpar_status status =
        text ? ordpar_schedule_parse(text, &network->training.schedule, &reason) : ORDPAR_OK;
    return status ? ordpar_fail(err, status, "schedule: %.480s", reason.message) : ORDPAR_OK;
}

static ordpar_status set_momentum(const ordpar_model *model, ordpar_training *training,
                                  ordpar_error *err) {
    ordpar_error reason;
    if (!model->value.momentum)
        return ORDPAR_OK;
    const ordpar_status status =
        ordpar_momentum_parse(model->value.momentum, &training->momentum, &reason);
    return status ? ordpar_fail(err, status, "momentum: %.480s", reason.message) : ORDPAR_OK;
}

/* A batch that grows with N makes steps of order one, of which the equations know the plain kind.
 */
static ordpar_status set_batch(const ordpar_model *model, ordpar_training *training,
                               ordpar_error *err) {
    const ordpar_values *v = &model->value;
    training->batch = (size_t)v->batch;
    training->batch_fraction = v->batch_fraction;
    if (v->batch_fraction == 0)
        return ORDPAR_OK;
    if (v->batch > 1)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "batch: batch-fraction takes its place; give one or the other");
    const ordpar_use others[] = {{"train-output", v->train_output},
                                 {"weight-decay", v->weight_decay > 0},
                                 {"momentum", v->momentum},
                                 {"small-eta", v->small_eta}};
    char used[128];
    if (ordpar_uses_list(sizeof others / sizeof *others, others, used, sizeof used))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "batch-fraction: has fixed outputs, no decay, no momentum and all "
                           "orders in eta; leave out %s",
                           used);
    return ORDPAR_OK;
}

ordpar_status ordpar_eta_refuse(ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID,
                       "eta: is looked for in the file like: give it, or its schedule");
}

static ordpar_status set_teacher_activation(const ordpar_model *model, ordpar_parts *parts,
                                            ordpar_error *err) {
    ordpar_network *n = &parts->network;
    ordpar_error reason;
    const ordpar_activation *g;
    const char *text = model->value.teacher_activation;
    if (!text || strcmp(text, model->value.activation) == 0)
        return ORDPAR_OK;
    ordpar_status status =
        ordpar_activation_read("teacher-activation", text, &g, &parts->activations[1], err);
    if (status)
        return status;
    status = ordpar_network_set_teacher_activation(n, g, &reason);
    return status ? ordpar_fail(err, status, "teacher-activation: %.480s", reason.message)
                  : ORDPAR_OK;
}

ordpar_status ordpar_parts_network(const ordpar_model *model, const ordpar_activation *activation,
                                   ordpar_parts *parts, ordpar_error *err) {
    const ordpar_values *v = &model->value;
    ordpar_network *n = &parts->network;
    ordpar_status status = ORDPAR_OK;
    if (!activation || ordpar_model_given(model, "activation"))
        status = ordpar_activation_read("activation", v->activation, &activation,
                                        &parts->activations[0], err);
    if (!status && ordpar_model_is_alike(model, "eta-max") && parts->eta_max == 0 && !v->schedule &&
        !ordpar_model_given(model, "eta"))
        status = ordpar_eta_refuse(err);
    if (status)
        return status;
    const size_t M = parts->labels.outputs ? parts->labels.outputs : (size_t)v->M;
    status = ordpar_network_init((size_t)v->K, M, activation, v->eta, n, err);
    if (status)
        return status;
    if ((status = set_teacher_activation(model, parts, err)))
        return status;
    n->label_noise = v->label_noise;
    n->small_eta = v->small_eta;
    n->training.weight_decay = v->weight_decay;
    if ((status = set_output("student-output", 'K', &v->student_output, n->v, n->K, err)) ||
        (status = set_output("teacher-output", 'M', &v->teacher_output, n->w, n->M, err)) ||
        (status = set_unlearnable(&v->unlearnable, n, err)) ||
        (status = set_trained_outputs(model, &n->training, err)) ||
        (status = set_momentum(model, &n->training, err)) ||
        (status = set_batch(model, &n->training, err)) ||
        (status = ordpar_model_set_tasks(model, n, err)))
        return status;
    return set_schedule(model, n, err);
}

/* "erf", or "erf (teacher: linear)". */
enum { ACTIVATIONS_SIZE = 128 };
static void activations_text(const ordpar_network *n, char text[ACTIVATIONS_SIZE]) {
    if (n->teacher_activation)
        ordpar_format(text, ACTIVATIONS_SIZE, "%.50s (teacher: %.50s)", n->activation->name,
                      n->teacher_activation->name);
    else
        ordpar_format(text, ACTIVATIONS_SIZE, "%.50s", n->activation->name);
}

/* The learning rate in words: "0.1" or "from a file". */
enum { ETA_SIZE = 64 };
static void eta_text(const ordpar_parts *parts, char text[ETA_SIZE]) {
    const ordpar_network *network = &parts->network;
    if (parts->eta_max > 0)
        ordpar_format(text, ETA_SIZE, "at most %.17g", parts->eta_max);
    else if (network->training.schedule.kind == ORDPAR_SCHEDULE_TABLE)
        ordpar_format(text, ETA_SIZE, "from a file");
    else
        ordpar_format(text, ETA_SIZE, "%.17g", network->eta);
}

/* Numbers such as PyTorch's, mu below 1 and a rate, are another model here, most likely than meant.
 */
static void note_momentum(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const ordpar_momentum *m = &parts->network.training.momentum;
    const double N = parts->spectrum.N, c = m->damping, e = m->weight;
    char torch[200] = "";
    if (!m->fades)
        ordpar_format(
            torch, sizeof torch,
            "; in PyTorch's terms momentum mu = 1 - c/N = %.6g and lr = e/N = %.4g beside "
            "plain steps of eta",
            1 - c / N, e / N);
    ordpar_table_note(t, "momentum", "%s: P <- (1 - c/N) P + g, J <- J - eta g - (e/N) P%s",
                      model->value.momentum, torch);
    if (!m->fades && c >= 0.5 && c < 1 && e > 0 && e <= 1)
        ordpar_table_note(t, "momentum of PyTorch",
                          "if mu = %g and lr = %g were meant: constant:%.6g:%.6g, with eta near 0",
                          c, e, (1 - c) * N, e * N);
}

static void small_eta_fact(const ordpar_network *n, ordpar_table *t) {
    const bool noise = n->label_noise > 0, batch = n->training.batch > 1;
    if (n->small_eta && (noise || batch))
        ordpar_table_note(t, "small eta", "%s%s%s nothing at lowest order in eta",
                          noise ? "label noise" : "", noise && batch ? " and " : "",
                          !batch  ? " changes"
                          : noise ? "the size of a batch change"
                                  : "the size of a batch changes");
}

static void training_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const ordpar_training *training = &parts->network.training;
    const ordpar_schedule *s = &training->schedule;
    if (model->value.train_output)
        ordpar_table_fact(t, "outputs", training->eta_v,
                          "the student's output weights are trained, eta_v = %.17g",
                          training->eta_v);
    if (parts->network.unlearnable)
        ordpar_table_note(t, "unlearnable",
                          "part of each teacher's field is independent of the inputs: it counts in "
                          "eps_g, and students take it for noise");
    if (training->weight_decay > 0)
        ordpar_table_fact(t, "decay", training->weight_decay,
                          "J <- J (1 - kappa/N) in each step, kappa = %.17g",
                          training->weight_decay);
    if (s->kind == ORDPAR_SCHEDULE_POWER)
        ordpar_table_note(t, "schedule", "eta (1 + alpha/%.17g)^-%.17g", s->alpha_0, s->gamma);
    if (s->kind == ORDPAR_SCHEDULE_COSINE || s->kind == ORDPAR_SCHEDULE_FACTORS)
        ordpar_table_note(t, "schedule", "eta times %s", model->value.schedule);
    if (s->kind == ORDPAR_SCHEDULE_TABLE)
        ordpar_table_note(t, "schedule",
                          "eta(alpha) from %s, %zu rows: linear between them, constant before "
                          "alpha = %g and after %g",
                          model->value.schedule, s->count, s->alpha[0], s->alpha[s->count - 1]);
    ordpar_tasks_fact(model, &parts->network, t);
    if (training->momentum.weight > 0)
        note_momentum(model, parts, t);
    small_eta_fact(&parts->network, t);
    if (training->batch > 1)
        ordpar_table_fact(t, "batch", (double)training->batch,
                          "%zu examples a step; alpha counts steps / N", training->batch);
    if (training->batch_fraction > 0)
        ordpar_table_fact(t, "batch", training->batch_fraction,
                          "%.17g N examples a step, here %.0f; alpha counts steps",
                          training->batch_fraction,
                          ordpar_training_examples(training, parts->spectrum.N));
}

static void data_facts(const ordpar_source *data, ordpar_table *t) {
    const ordpar_principal *p = &data->principal;
    if (data->set)
        ordpar_table_note(t, "data",
                          "%llu examples of %zu components in %zu files; mean removed, rotated "
                          "into the eigenbasis of the covariance, the %zu leading components kept "
                          "(%.6g of the variance), scaled so that tr Sigma = N",
                          (unsigned long long)p->rows, p->dim, ordpar_dataset_files(data->set),
                          p->N, p->kept);
}

void ordpar_spectrum_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const double rounding = 1e-9;
    data_facts(&parts->data, t);
    if (!model->spectrum.L && !model->value.spectrum && !model->value.generate && !model->origin)
        return;
    const double trace = ordpar_spectrum_moment(&parts->spectrum, 1);
    if (!(fabs(trace - 1) <= rounding))
        ordpar_table_fact(t, "trace", trace,
                          "tr Sigma is %.10g N, not N, and learning rates and times are of that "
                          "scale; the setting normalise makes it N",
                          trace);
}

void ordpar_parts_facts(const ordpar_model *model, const ordpar_parts *parts, ordpar_table *t) {
    const ordpar_network *n = &parts->network;
    bool good = true;
    char words[400], eta[ETA_SIZE], activations[ACTIVATIONS_SIZE];
    eta_text(parts, eta);
    activations_text(n, activations);
    ordpar_table_note(t, "model", "%s, K = %zu, M = %zu, N = %.0f, L = %zu, eta = %s%s",
                      activations, n->K, n->M, parts->spectrum.N, parts->spectrum.L, eta,
                      n->small_eta ? " (small-eta equations)" : "");
    ordpar_activation_facts(parts, t);
    if (n->K != n->M && !ordpar_model_given(model, "student-output") && !model->value.labels &&
        !ordpar_model_has_overlaps(model) && n->training.tasks.count == 0)
        ordpar_table_fact(t, "output weights", n->v[0],
                          "each student's weight is %.6g, so that together they reach what the "
                          "teachers do; student-output sets them",
                          n->v[0]);
    training_facts(model, parts, t);
    ordpar_start_facts(model, parts, t);
    ordpar_table_fact(t, "seed", (double)model->value.seed, "%lld", (long long)model->value.seed);
    ordpar_labels_facts(&parts->labels,
                        ordpar_network_has(&parts->network, &ordpar_activation_linear), t);
    if (model->value.spread > 0)
        ordpar_table_fact(t, "spread", model->value.spread,
                          "each eigenvalue over 1 -+ %.17g times itself, in %lld parts, or as many "
                          "as its multiplicity is",
                          model->value.spread, (long long)model->value.spread_parts);
    ordpar_spectrum_facts(model, parts, t);
    if (model->origin)
        ordpar_table_fact(t, "start", parts->start_alpha, "at alpha = %.17g, from %s",
                          parts->start_alpha, model->value.continued);
    else if (ordpar_model_restarts(model, words, sizeof words, &good))
        ordpar_table_note(t, "start",
                          "%s; a curve goes on from where they were saved with continue", words);
    t->failed = t->failed || !good;
}
