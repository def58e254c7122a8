// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrate.h"
#include "model_internal.h"
#include "number.h"

#include <stdlib.h>
#include <string.h>

bool ordpar_model_has_overlaps(const ordpar_model *model) {
    return model->overlaps.K || model->overlaps_file;
}

ordpar_status ordpar_parts_check_source(const ordpar_model *model, bool data, ordpar_error *err) {
    if (data && (model->spectrum.L || model->spectrum_file))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "data: takes the place of spectrum; give one or the other");
    if (model->given[MODEL_L] || model->given[MODEL_BETA])
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s: takes the place of eigenvalues and beta; give one or the other",
                           data ? "data" : "spectrum");
    return ORDPAR_OK;
}

bool ordpar_parts_is_power_law(const ordpar_model *model) {
    return !model->data && !model->spectrum.L && !model->spectrum_file &&
           model->number[MODEL_SPREAD] == 0;
}

/* The given spectrum, in place of N, L and beta. */
static ordpar_status given_spectrum(const ordpar_model *model, ordpar_spectrum *spectrum,
                                    ordpar_error *err) {
    const ordpar_spectrum *s = &model->spectrum;
    ordpar_status status = ordpar_parts_check_source(model, model->data, err);
    if (status)
        return status;
    if (model->data)
        status = ordpar_principal_spectrum(&model->principal, spectrum, err);
    else if (!s->L)
        status = ordpar_spectrum_read(model->spectrum_file, spectrum, err);
    else {
        int64_t *n = malloc(s->L * sizeof *n);
        for (size_t b = 0; b < s->L && n; b++)
            n[b] = (int64_t)s->n[b];
        status = n ? ordpar_spectrum_from_arrays(s->L, s->lambda, n, spectrum, err)
                   : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu eigenvalues", s->L);
        free(n);
    }
    if (!status && model->given[MODEL_N] && model->number[MODEL_N] != spectrum->N)
        status = ordpar_fail(err, ORDPAR_INVALID,
                             "input-dim: must be the sum of the multiplicities, which is %.0f, got "
                             "%.0f",
                             spectrum->N, model->number[MODEL_N]);
    return status;
}

static ordpar_status spread_spectrum(const ordpar_model *model, ordpar_spectrum *spectrum,
                                     ordpar_error *err) {
    const double spread = model->number[MODEL_SPREAD];
    if (model->given[MODEL_SPREAD_PARTS] && spread == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "spread-parts: needs a spread above 0");
    return ordpar_spectrum_spread(spectrum, spread, (size_t)model->number[MODEL_SPREAD_PARTS], err);
}

ordpar_status ordpar_parts_spectrum(const ordpar_model *model, ordpar_parts *parts,
                                    ordpar_error *err) {
    ordpar_status status =
        model->data || model->spectrum.L || model->spectrum_file
            ? given_spectrum(model, &parts->spectrum, err)
            : ordpar_spectrum_power_law((int64_t)model->number[MODEL_N],
                                        (int64_t)model->number[MODEL_L], model->number[MODEL_BETA],
                                        &parts->spectrum, err);
    if (status || (status = spread_spectrum(model, &parts->spectrum, err)))
        return status;
    parts->trained_blocks = parts->spectrum.L;
    if (model->number[MODEL_TRAINABLE] < 0)
        return ORDPAR_OK;
    return ordpar_spectrum_split(&parts->spectrum, (int64_t)model->number[MODEL_TRAINABLE],
                                 &parts->trained_blocks, err);
}

static ordpar_status set_output(const char *option, const ordpar_model_list *list, double *weights,
                                size_t count, ordpar_error *err) {
    if (list->count == 0)
        return ORDPAR_OK;
    if (list->count != count)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: must have %zu weights, got %zu", option, count,
                           list->count);
    memcpy(weights, list->values, count * sizeof *weights);
    return ORDPAR_OK;
}

static ordpar_status set_schedule(const ordpar_model *model, ordpar_network *network,
                                  ordpar_error *err) {
    ordpar_schedule *schedule = &network->training.schedule;
    const char *text = model->schedule;
    if (!text || strcmp(text, "constant") == 0)
        return ORDPAR_OK;
    if (strncmp(text, "power:", strlen("power:")) == 0) {
        if (ordpar_schedule_parse_power(text, schedule))
            return ORDPAR_OK;
        return ordpar_fail(err, ORDPAR_INVALID,
                           "schedule: must be constant, power:GAMMA:ALPHA0 with GAMMA >= 0 and "
                           "ALPHA0 > 0, or a CSV file, got '%.80s'",
                           text);
    }
    if (model->given[MODEL_ETA])
        return ordpar_fail(err, ORDPAR_INVALID,
                           "schedule: %.80s gives eta itself; leave out eta, which is %g", text,
                           network->eta);
    const ordpar_status status = ordpar_schedule_read(text, schedule, err);
    const double largest = status ? 0 : ordpar_schedule_largest(schedule);
    network->eta = largest > 0 ? largest : 1; /* only the unit that rates are kept in */
    return status;
}

static ordpar_status set_training(const ordpar_model *model, ordpar_network *network,
                                  ordpar_error *err) {
    const bool trained = model->number[MODEL_TRAIN_OUTPUT] != 0;
    if (trained != model->given[MODEL_ETA_V])
        return ordpar_fail(err, ORDPAR_INVALID, "train-output and eta-v: one needs the other");
    network->training.eta_v = model->number[MODEL_ETA_V];
    network->training.weight_decay = model->number[MODEL_WEIGHT_DECAY];
    return set_schedule(model, network, err);
}

ordpar_status ordpar_parts_network(const ordpar_model *model, const ordpar_activation *activation,
                                   ordpar_parts *parts, ordpar_error *err) {
    ordpar_network *network = &parts->network;
    ordpar_status status = ordpar_network_init(
        (size_t)model->number[MODEL_K], (size_t)model->number[MODEL_M],
        model->activation ? model->activation : activation, model->number[MODEL_ETA], network, err);
    if (!status)
        status = set_output("student-output", &model->student_output, network->v, network->K, err);
    if (!status)
        status = set_output("teacher-output", &model->teacher_output, network->w, network->M, err);
    if (!status)
        status = set_training(model, network, err);
    network->label_noise = model->number[MODEL_LABEL_NOISE];
    network->small_eta = model->number[MODEL_SMALL_ETA] != 0;
    return status;
}

ordpar_status ordpar_parts_init(const ordpar_model *model, const ordpar_activation *activation,
                                ordpar_parts *parts, ordpar_error *err) {
    const ordpar_status status = ordpar_parts_spectrum(model, parts, err);
    return status ? status : ordpar_parts_network(model, activation, parts, err);
}

void ordpar_parts_clear(ordpar_parts *parts) {
    ordpar_spectrum_clear(&parts->spectrum);
    ordpar_network_clear(&parts->network);
    ordpar_overlaps_clear(&parts->start);
}

/* Output weights that come with the overlaps are the network's. */
static ordpar_status read_start(const ordpar_model *model, ordpar_parts *parts, ordpar_error *err) {
    const ordpar_network *network = &parts->network;
    const ordpar_status status = ordpar_overlaps_read(model->overlaps_file, network->K, network->M,
                                                      parts->spectrum.L, &parts->start, err);
    if (status || !parts->start.v)
        return status;
    if (model->student_output.count)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "student-output: %.80s has the output weights; give one or the other",
                           model->overlaps_file);
    memcpy(network->v, parts->start.v, network->K * sizeof *network->v);
    return ORDPAR_OK;
}

/* The given overlaps, in place of init and teacher. */
static ordpar_status given_start(const ordpar_model *model, ordpar_parts *parts,
                                 ordpar_error *err) {
    const size_t K = parts->network.K, M = parts->network.M, L = parts->spectrum.L;
    const ordpar_overlaps *given = &model->overlaps;
    if (model->init_given || model->teacher_given)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "overlaps: take the place of init and teacher; give one or the other");
    if (!given->K)
        return read_start(model, parts, err);
    if (given->K != K || given->M != M || given->L != L)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "overlaps: must be for K = %zu, M = %zu and %zu blocks, are for %zu, %zu "
            "and %zu",
            K, M, L, given->K, given->M, given->L);
    const ordpar_status status = ordpar_overlaps_init(K, M, L, &parts->start, err);
    if (!status)
        ordpar_overlaps_copy(given, &parts->start);
    return status;
}

ordpar_status ordpar_parts_start(const ordpar_model *model, bool *deviation, ordpar_parts *parts,
                                 ordpar_error *err) {
    const ordpar_network *network = &parts->network;
    const bool given = ordpar_model_has_overlaps(model);
    const bool small = deviation && !given && model->init == ORDPAR_INIT_NEAR_TEACHER &&
                       ordpar_deviations_exist(network);
    if (deviation)
        *deviation = small;
    if (given)
        return given_start(model, parts, err);
    /* W = J - B is what a sampled start draws as J. */
    return ordpar_overlaps_start(&parts->spectrum, network->K, network->M,
                                 small ? ORDPAR_INIT_SAMPLED : model->init, model->teacher,
                                 model->number[MODEL_SIGMA_J], (uint64_t)model->number[MODEL_SEED],
                                 1, &parts->start, err);
}
