// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/parts.h"

#include "model/curve_state.h"
#include "model/start_facts.h"
#include "solver/state/overlaps_draw.h"
#include "solver/steps/integrate.h"
#include "spectra/spectrum/spread.h"

#include <math.h>
#include <string.h>

/* The message of a failure with the names of settings before it. */
static ordpar_status about(const char *names, ordpar_status status, const ordpar_error *reason,
                           ordpar_error *err) {
    return status ? ordpar_fail(err, status, "%s: %.480s", names, reason->message) : ORDPAR_OK;
}

static ordpar_status data_spectrum(const ordpar_model *model, ordpar_parts *parts,
                                   ordpar_error *err) {
    ordpar_error reason;
    ordpar_status status = ORDPAR_OK;
    parts->owns_data = !model->data;
    if (model->data) {
        parts->data = *model->data;
        status = ordpar_source_check(model, model->data, err);
    } else
        status = ordpar_source_open(model, &parts->data, err);
    if (status)
        return status;
    status = ordpar_principal_spectrum(&parts->data.principal, &parts->spectrum, &reason);
    return about("data", status, &reason, err);
}

static ordpar_status power_law(const ordpar_model *model, ordpar_spectrum *spectrum,
                               ordpar_error *err) {
    enum { BYTES_PER_EIGENVALUE = 128 }; /* here and in a printed table */
    const ordpar_values *v = &model->value;
    ordpar_error reason;
    const ordpar_status status =
        ordpar_model_check_memory(model, (size_t)v->L, BYTES_PER_EIGENVALUE * (double)v->L, err);
    return status ? status
                  : about("input-dim, eigenvalues, beta",
                          ordpar_spectrum_power_law(v->N, v->L, v->beta, spectrum, &reason),
                          &reason, err);
}

/* A spectrum from arrays or a file, in place of N, L and beta. */
static ordpar_status given_spectrum(const ordpar_model *model, ordpar_spectrum *spectrum,
                                    ordpar_error *err) {
    const ordpar_values *v = &model->value;
    ordpar_error reason;
    if (ordpar_model_given(model, "eigenvalues") || ordpar_model_given(model, "beta"))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "spectrum: %.200s takes the place of eigenvalues and beta; give one or "
                           "the other",
                           v->spectrum ? v->spectrum : "it");
    ordpar_status status = model->spectrum.L
                               ? ordpar_model_copy_spectrum(&model->spectrum, spectrum, &reason)
                               : ordpar_spectrum_read(v->spectrum, spectrum, &reason);
    if (status)
        return about("spectrum", status, &reason, err);
    if (v->normalise)
        ordpar_spectrum_normalise(spectrum);
    if (ordpar_model_given(model, "input-dim") && (double)v->N != spectrum->N)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "input-dim: must be the sum of the multiplicities, which is %.0f, got "
                           "%lld; leave it out, or give the multiplicities beside the eigenvalues",
                           spectrum->N, (long long)v->N);
    return ORDPAR_OK;
}

static ordpar_status spread_spectrum(const ordpar_model *model, ordpar_spectrum *spectrum,
                                     ordpar_error *err) {
    enum { BYTES_PER_EIGENVALUE = 128 };
    const ordpar_values *v = &model->value;
    ordpar_error reason;
    if (ordpar_model_given(model, "spread-parts") && !ordpar_model_given(model, "spread"))
        return ordpar_fail(err, ORDPAR_INVALID, "spread-parts: needs a spread above 0");
    if (v->spread == 0)
        return ORDPAR_OK;
    const double most = fmin((double)spectrum->L * (double)v->spread_parts, spectrum->N);
    const ordpar_status status =
        ordpar_model_check_memory(model, spectrum->L, BYTES_PER_EIGENVALUE * most, err);
    return status ? status
                  : about("spread",
                          ordpar_spectrum_spread(spectrum, v->spread, (size_t)v->spread_parts,
                                                 &reason),
                          &reason, err);
}

static ordpar_status weigh_teacher(const ordpar_model *model, ordpar_spectrum *spectrum,
                                   ordpar_error *err) {
    const double zeta = model->value.teacher_decay;
    ordpar_error reason;
    if (zeta != 0 && !ordpar_spectrum_is_plain(spectrum))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "teacher-decay: the spectrum has a teacher of its own; give one or the "
                           "other");
    return about("teacher-decay", ordpar_spectrum_set_teacher_decay(spectrum, zeta, &reason),
                 &reason, err);
}

static ordpar_status cut(const ordpar_model *model, ordpar_parts *parts, ordpar_error *err) {
    ordpar_error reason;
    const size_t L = parts->trained_blocks = parts->spectrum.L;
    if (model->value.trainable < 0)
        return ORDPAR_OK;
    const ordpar_status status = ordpar_spectrum_split(&parts->spectrum, model->value.trainable,
                                                       &parts->trained_blocks, &reason);
    parts->cut = parts->spectrum.L > L;
    return about("trainable", status, &reason, err);
}

ordpar_status ordpar_parts_spectrum_given(const ordpar_model *model, ordpar_parts *parts,
                                          ordpar_error *err) {
    const bool data = model->data || model->value.data.count;
    const bool given = model->spectrum.L || model->value.spectrum;
    if (!data && model->value.array)
        return ordpar_fail(err, ORDPAR_INVALID, "array: is for data");
    if (model->value.normalise && !model->value.generate && (data || !given))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "normalise: is for a given spectrum; the trace is N already");
    ordpar_status status = model->value.generate ? ordpar_parts_generate(model, parts, err)
                           : data                ? data_spectrum(model, parts, err)
                           : given               ? given_spectrum(model, &parts->spectrum, err)
                                                 : power_law(model, &parts->spectrum, err);
    if (!status && !parts->teaches)
        status = weigh_teacher(model, &parts->spectrum, err);
    if (status || (status = spread_spectrum(model, &parts->spectrum, err)))
        return status;
    return cut(model, parts, err);
}

ordpar_status ordpar_parts_spectrum(const ordpar_model *model, ordpar_parts *parts,
                                    ordpar_error *err) {
    if (!model->origin) {
        const ordpar_status status = ordpar_model_check_continued(model, err);
        return status ? status : ordpar_parts_spectrum_given(model, parts, err);
    }
    const ordpar_status status =
        ordpar_curve_state_spectrum(model->origin, model->value.continued, &parts->spectrum, err);
    return status ? status : cut(model, parts, err);
}

/* Linear students see the labels' linear part alone; others are given a linear teacher. */
static ordpar_status teach_linearly(const ordpar_model *model, ordpar_network *n,
                                    ordpar_error *err) {
    ordpar_error reason;
    const char *given = model->value.teacher_activation;
    if (given && n->teacher_activation != &ordpar_activation_linear)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "teacher-activation: the teacher is the linear part of labels, got %.80s", given);
    const ordpar_status status =
        ordpar_network_set_teacher_activation(n, &ordpar_activation_linear, &reason);
    return status ? ordpar_fail(err, status, "labels: %.480s", reason.message) : ORDPAR_OK;
}

/* The teacher is the labels' linear part, one unit whatever the number of outputs. */
static ordpar_status take_labels(const ordpar_model *model, ordpar_parts *parts,
                                 ordpar_error *err) {
    ordpar_network *n = &parts->network;
    const bool linear = ordpar_network_has(n, &ordpar_activation_linear);
    ordpar_status status = linear ? ORDPAR_OK : teach_linearly(model, n, err);
    if (!status)
        status = ordpar_labels_fit(model, &parts->data, n->w, &parts->labels, err);
    if (status)
        return status;
    status = ordpar_labels_weigh(&parts->labels, linear, &parts->spectrum, err);
    n->M = 1;
    n->w[0] = 1;
    n->label_noise = sqrt(parts->labels.fit.mean_noise);
    return status;
}

/* The equations of linear units have the mean over starts exactly; labels have one teacher. */
static ordpar_init init_of(const ordpar_model *model, const ordpar_parts *parts) {
    return parts->labels.outputs && ordpar_network_has(&parts->network, &ordpar_activation_linear)
               ? ORDPAR_INIT_MEAN
               : (ordpar_init)model->value.init;
}

static ordpar_teacher teacher_of(const ordpar_model *model, const ordpar_parts *parts) {
    return parts->labels.outputs ? ORDPAR_TEACHER_MEAN : (ordpar_teacher)model->value.teacher;
}

ordpar_status ordpar_parts_init(const ordpar_model *model, const ordpar_activation *activation,
                                ordpar_parts *parts, ordpar_error *err) {
    const bool labels = model->value.labels;
    ordpar_status status = ordpar_parts_spectrum(model, parts, err);
    if (!status && labels)
        status = ordpar_labels_read_setting(model, &parts->data, &parts->labels, err);
    if (!status)
        status = ordpar_parts_network(model, activation, parts, err);
    return status || !labels ? status : take_labels(model, parts, err);
}

ordpar_status ordpar_parts_take_outputs(const ordpar_overlaps *overlaps, ordpar_parts *parts,
                                        const char *name, ordpar_error *err) {
    const size_t heads = ordpar_network_heads(&parts->network);
    if (!overlaps->v)
        return ORDPAR_OK;
    if (overlaps->heads != heads)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: has the output weights of %zu tasks, the model has %zu", name,
                           overlaps->heads, heads);
    memcpy(parts->network.v, overlaps->v, heads * overlaps->K * sizeof *overlaps->v);
    return ORDPAR_OK;
}

/* A setting that was given says what the overlaps do not. One of the file `like` gives way. */
static bool says_another(const ordpar_model *model, const char *name, bool alike,
                         const double *here, const double *there, size_t count) {
    return ordpar_model_given(model, name) && ordpar_model_is_alike(model, name) == alike &&
           !(here && memcmp(here, there, count * sizeof *here) == 0);
}

/* Output weights that come with the overlaps are the network's. */
static ordpar_status take_outputs(const ordpar_model *model, ordpar_parts *parts,
                                  ordpar_error *err) {
    const size_t count = ordpar_network_heads(&parts->network) * parts->start.K;
    const double *own = parts->network.v, *there = parts->start.v;
    if (!there)
        return ORDPAR_OK;
    const bool same_count = parts->start.heads * parts->start.K == count;
    if (says_another(model, "student-output", false, same_count ? own : NULL, there, count))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "student-output: %.200s has the output weights; give one or the other",
                           ordpar_model_overlaps_name(model));
    parts->other_outputs =
        same_count &&
        (model->value.tasks ? memcmp(own, there, count * sizeof *own) != 0
                            : says_another(model, "student-output", true, own, there, count));
    return ordpar_parts_take_outputs(&parts->start, parts, "overlaps", err);
}

/* Likewise what the inputs do not show; the overlaps keep what goes into a file. */
static ordpar_status take_unlearnable(const ordpar_model *model, ordpar_parts *parts,
                                      ordpar_error *err) {
    ordpar_error reason;
    ordpar_network *n = &parts->network;
    if (!parts->start.p)
        return ordpar_overlaps_set_unlearnable(&parts->start, n->unlearnable, err);
    if (!model->origin &&
        says_another(model, "unlearnable", false, n->unlearnable, parts->start.p, n->M * n->M))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "unlearnable: %.200s has its covariance; give one or the other",
                           ordpar_model_overlaps_name(model));
    parts->other_unlearnable =
        !model->origin &&
        says_another(model, "unlearnable", true, n->unlearnable, parts->start.p, n->M * n->M);
    return about("overlaps", ordpar_network_set_unlearnable(n, parts->start.p, &reason), &reason,
                 err);
}

/* Settings that describe a start have no effect beside the start itself; the seed is also that of
 * the examples. */
static ordpar_status check_overlaps(const ordpar_model *model, ordpar_error *err) {
    static const char *const others[] = {"init", "teacher", "sigma-j", "teacher-seed"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (ordpar_model_given(model, others[k]))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "overlaps: %.200s takes the place of %s; give one or the other",
                               model->value.overlaps ? model->value.overlaps : "it", others[k]);
    return ORDPAR_OK;
}

static ordpar_status given_start(const ordpar_model *model, ordpar_parts *parts,
                                 ordpar_error *err) {
    const size_t K = parts->network.K, M = parts->network.M, L = parts->spectrum.L;
    const ordpar_overlaps *o = &model->overlaps;
    ordpar_error reason;
    ordpar_status status = check_overlaps(model, err);
    if (status)
        return status;
    if (o->K && (o->K != K || o->M != M || o->L != L))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: must be for K = %zu, M = %zu and %zu blocks, are for %zu, "
                           "%zu and %zu",
                           K, M, L, o->K, o->M, o->L);
    status =
        o->K ? ordpar_overlaps_clone(o, &parts->start, &reason)
             : ordpar_curve_state_overlaps(model->value.overlaps, K, M, L, &parts->start, &reason);
    status = status ? about("overlaps", status, &reason, err) : take_outputs(model, parts, err);
    return status ? status
                  : ordpar_teacher_slope_check(model, &parts->spectrum, &parts->start, err);
}

static ordpar_status drawn_start(const ordpar_model *model, bool may_deviate, ordpar_parts *parts,
                                 ordpar_error *err) {
    const ordpar_values *v = &model->value;
    const uint64_t teacher_seed = v->teacher_seed < 0 ? 0 : (uint64_t)v->teacher_seed;
    ordpar_error reason;
    if (v->teacher_seed >= 0 && v->teacher == ORDPAR_TEACHER_MEAN)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "teacher-seed: the mean teacher is not drawn, got %lld",
                           (long long)v->teacher_seed);
    parts->deviation = may_deviate && v->init == ORDPAR_INIT_NEAR_TEACHER &&
                       ordpar_deviations_exist(&parts->network);
    /* W = J - B is what a sampled start draws as J. */
    const ordpar_draw draw = {.spectrum = &parts->spectrum,
                              .K = parts->network.K,
                              .M = parts->network.M,
                              .init =
                                  parts->deviation ? ORDPAR_INIT_SAMPLED : init_of(model, parts),
                              .teacher = teacher_of(model, parts),
                              .sigma_J = v->sigma_J,
                              .seed = (uint64_t)v->seed,
                              .run = 1,
                              .teacher_seed = v->teacher_seed < 0 ? NULL : &teacher_seed,
                              .stop = model->stop};
    const ordpar_status status = ordpar_overlaps_draw(&draw, &parts->start, &reason);
    if (status == ORDPAR_INTERRUPTED)
        return ordpar_fail(err, status, "%s", reason.message);
    if (status)
        return about("init, teacher", status, &reason, err);
    return about("tasks", ordpar_overlaps_relate_tasks(&parts->start, &parts->network, &reason),
                 &reason, err);
}

ordpar_status ordpar_parts_start(const ordpar_model *model, bool may_deviate, ordpar_parts *parts,
                                 ordpar_error *err) {
    const ordpar_status status = model->origin ? ordpar_curve_state_start(model->origin, parts, err)
                                 : ordpar_model_has_overlaps(model)
                                     ? given_start(model, parts, err)
                                     : drawn_start(model, may_deviate, parts, err);
    return status ? status : take_unlearnable(model, parts, err);
}

/* Activations whose averages are known to lowest order only. */
static ordpar_status check_orders(const ordpar_network *network, ordpar_error *err) {
    if (network->small_eta || ordpar_network_has_all_orders(network))
        return ORDPAR_OK;
    if (network->teacher_activation)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "teacher-activation: %s teachers of %s students need small-eta (averages "
            "of order eta^2 are not known)",
            network->teacher_activation->name, network->activation->name);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "activation: %s needs small-eta (its averages of order eta^2 are not known)",
                       network->activation->name);
}

/* Students whose weights are all 0 stand where the derivative of some activations jumps. */
static ordpar_status check_weights(const ordpar_model *model, const ordpar_parts *parts,
                                   ordpar_error *err) {
    const ordpar_overlaps *s = &parts->start;
    for (size_t k = 0; parts->network.activation->needs_variance && k < s->K; k++) {
        double largest = 0;
        for (size_t b = 0; b < s->L; b++)
            largest = fmax(largest, s->q[(k * s->K + k) * s->L + b]);
        if (!parts->deviation && !(largest > 0))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: %s has no derivative at 0, where student unit %zu would start",
                               ordpar_model_has_overlaps(model) ? "overlaps" : "sigma-j",
                               parts->network.activation->name, k + 1);
    }
    return ORDPAR_OK;
}

static ordpar_status check_integrator(const ordpar_model *model, const ordpar_training *training,
                                      ordpar_error *err) {
    const ordpar_integrator_choice choice = ordpar_model_integrator(model);
    if (choice == ORDPAR_INTEGRATOR_RADAU && training->momentum.weight > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "integrator: radau does not go with momentum; cvode does");
    if (choice != ORDPAR_INTEGRATOR_AUTO && training->batch_fraction > 0)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "integrator: the steps of batch-fraction are a map, which none "
                           "integrates; leave it out");
    return ORDPAR_OK;
}

ordpar_status ordpar_parts_for_equations(const ordpar_model *model, bool may_deviate,
                                         ordpar_parts *parts, ordpar_error *err) {
    ordpar_status status = ordpar_parts_init(model, NULL, parts, err);
    if (status || (status = check_orders(&parts->network, err)) ||
        (status = check_integrator(model, &parts->network.training, err)))
        return status;
    const size_t L = parts->spectrum.L;
    status = ordpar_model_check_memory(
        model, L, ordpar_integrate_bytes(&parts->network, L, ordpar_model_integrator(model)), err);
    if (!status)
        status = ordpar_parts_start(model, may_deviate, parts, err);
    return status ? status : check_weights(model, parts, err);
}

void ordpar_parts_clear(ordpar_parts *parts) {
    ordpar_spectrum_clear(&parts->spectrum);
    ordpar_network_clear(&parts->network);
    for (size_t k = 0; k < 2; k++) {
        ordpar_activation_free(parts->activations[k]);
        parts->activations[k] = NULL;
    }
    ordpar_overlaps_clear(&parts->start);
    ordpar_deviations_clear(&parts->deviations);
    ordpar_labels_clear(&parts->labels);
    if (parts->owns_data)
        ordpar_source_clear(&parts->data);
}

ordpar_simulation ordpar_parts_simulation(const ordpar_model *model, const ordpar_parts *parts) {
    const ordpar_values *v = &model->value;
    return (ordpar_simulation){.spectrum = &parts->spectrum,
                               .network = &parts->network,
                               .trained_blocks = parts->trained_blocks,
                               .method = (ordpar_method)v->method,
                               .start = ordpar_model_has_overlaps(model) ? &parts->start : NULL,
                               .init = init_of(model, parts),
                               .teacher = teacher_of(model, parts),
                               .sigma_J = v->sigma_J,
                               .seed = (uint64_t)v->seed,
                               .keeps_teacher = v->teacher_seed >= 0,
                               .teacher_seed = (uint64_t)v->teacher_seed};
}
