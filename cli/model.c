// SPDX-License-Identifier: GPL-3.0-or-later
#include "model.h"

#include "integrate.h"
#include "library_error.h"
#include "spread.h"
#include "training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool model_is_power_law(const options *parsed) {
    return !parsed->spectrum && !parsed->data && parsed->spread == 0;
}

/* The data's spectrum; *data stays open. */
static int data_spectrum(const options *parsed, data_source *data, ordpar_spectrum *spectrum) {
    const int result = data_open(parsed, data);
    if (result >= 0)
        return result;
    ordpar_error err;
    const ordpar_status status = ordpar_principal_spectrum(&data->principal, spectrum, &err);
    return status ? library_error(parsed, "--data", status, &err) : -1;
}

static int given_spectrum(const options *parsed, ordpar_spectrum *spectrum) {
    ordpar_error err;
    if (parsed->data) {
        data_source data;
        const int result = data_spectrum(parsed, &data, spectrum);
        data_clear(&data);
        return result;
    }
    if (!parsed->spectrum) {
        enum { BYTES_PER_EIGENVALUE = 128 }; /* here and in the printed table */
        const int result =
            refuse_memory(parsed, (size_t)parsed->L, BYTES_PER_EIGENVALUE * (double)parsed->L);
        if (result >= 0)
            return result;
        const ordpar_status status =
            ordpar_spectrum_power_law(parsed->N, parsed->L, parsed->beta, spectrum, &err);
        return status ? library_error(parsed, "-N, -L, --beta", status, &err) : -1;
    }
    if (options_given(parsed, "eigenvalues") || options_given(parsed, "beta"))
        return usage_error(parsed,
                           "--spectrum: %s takes the place of -L and --beta; give one or the "
                           "other",
                           parsed->spectrum);
    const ordpar_status status = ordpar_spectrum_read(parsed->spectrum, spectrum, &err);
    if (status)
        return library_error(parsed, "--spectrum", status, &err);
    if (options_given(parsed, "input-dim") && (double)parsed->N != spectrum->N)
        return usage_error(parsed,
                           "--input-dim: must be the sum of the multiplicities in %s, which "
                           "is %.0f, got %lld",
                           parsed->spectrum, spectrum->N, (long long)parsed->N);
    return -1;
}

static int spread_spectrum(const options *parsed, ordpar_spectrum *spectrum) {
    if (options_given(parsed, "spread-parts") && parsed->spread == 0)
        return usage_error(parsed, "--spread-parts: needs a --spread above 0");
    const double most = (double)spectrum->L * (double)parsed->spread_parts;
    enum { BYTES_PER_EIGENVALUE = 128 };
    const int result =
        refuse_memory(parsed, spectrum->L,
                      parsed->spread > 0 ? BYTES_PER_EIGENVALUE * fmin(most, spectrum->N) : 0);
    if (result >= 0)
        return result;
    ordpar_error err;
    const ordpar_status status =
        ordpar_spectrum_spread(spectrum, parsed->spread, (size_t)parsed->spread_parts, &err);
    return status ? library_error(parsed, "--spread", status, &err) : -1;
}

int model_spectrum(const options *parsed, ordpar_spectrum *spectrum) {
    const int result = given_spectrum(parsed, spectrum);
    return result >= 0 ? result : spread_spectrum(parsed, spectrum);
}

int model_load_spectrum(const options *parsed, model *m) {
    if (!parsed->data)
        return model_spectrum(parsed, &m->spectrum);
    const int result = data_spectrum(parsed, &m->data, &m->spectrum);
    return result >= 0 ? result : spread_spectrum(parsed, &m->spectrum);
}

static int set_output_weights(const options *parsed, const char *option, char unit,
                              const number_list *given, double *weights, size_t count) {
    if (given->count == 0)
        return -1;
    if (given->count != count)
        return usage_error(parsed, "--%s: must have %c = %zu weights, got %zu", option, unit, count,
                           given->count);
    memcpy(weights, given->values, count * sizeof *weights);
    return -1;
}

int model_network(const options *parsed, ordpar_network *network) {
    ordpar_error err;
    const ordpar_status status = ordpar_network_init(
        (size_t)parsed->K, (size_t)parsed->M, ordpar_activation_at((size_t)parsed->activation),
        parsed->eta, network, &err);
    if (status)
        return library_error(parsed, NULL, status, &err);
    network->label_noise = parsed->label_noise;
    network->small_eta = parsed->small_eta;
    const int result = set_output_weights(parsed, "student-output", 'K', &parsed->student_output,
                                          network->v, network->K);
    if (result >= 0)
        return result;
    const int teacher = set_output_weights(parsed, "teacher-output", 'M', &parsed->teacher_output,
                                           network->w, network->M);
    return teacher >= 0 ? teacher : training_set(parsed, network);
}

static int split_spectrum(const options *parsed, model *m) {
    m->trained_blocks = m->spectrum.L;
    if (parsed->trainable < 0)
        return -1;
    ordpar_error err;
    const ordpar_status status =
        ordpar_spectrum_split(&m->spectrum, parsed->trainable, &m->trained_blocks, &err);
    return status ? library_error(parsed, "--trainable", status, &err) : -1;
}

/* Options that describe a start have no effect beside the start itself. */
static int check_overlaps(const options *parsed) {
    static const char *const others[] = {"init", "teacher", "sigma-j", "seed"};
    const size_t count =
        parsed->groups & (GROUP_SIMULATION | GROUP_SWEEP) ? 3 : 4; /* the seed of the examples */
    for (size_t k = 0; k < count && parsed->overlaps; k++)
        if (options_given(parsed, others[k]))
            return usage_error(parsed,
                               "--overlaps: %s takes the place of --%s; give one or the other",
                               parsed->overlaps, others[k]);
    return -1;
}

/* Output weights that came with the overlaps are the network's. */
static int take_outputs(const options *parsed, model *m) {
    if (!m->start.v)
        return -1;
    if (options_given(parsed, "student-output"))
        return usage_error(parsed,
                           "--student-output: %s has the output weights; give one or the other",
                           parsed->overlaps);
    memcpy(m->network.v, m->start.v, m->network.K * sizeof *m->network.v);
    return -1;
}

static int make_start(const options *parsed, model *m) {
    const bool from_file = parsed->overlaps != NULL;
    ordpar_error err;
    const size_t K = m->network.K, M = m->network.M;
    const ordpar_status status =
        from_file ? ordpar_overlaps_read(parsed->overlaps, K, M, m->spectrum.L, &m->start, &err)
                  : ordpar_overlaps_start(&m->spectrum, K, M, (ordpar_init)parsed->init,
                                          (ordpar_teacher)parsed->teacher, parsed->sigma_J,
                                          (uint64_t)parsed->seed, 1, &m->start, &err);
    if (status)
        return library_error(parsed, from_file ? "--overlaps" : "--init, --teacher", status, &err);
    return take_outputs(parsed, m);
}

int model_prepare(const options *parsed, model *m) {
    *m = (model){0};
    int result;
    if ((result = check_overlaps(parsed)) >= 0 || (result = model_load_spectrum(parsed, m)) >= 0 ||
        (result = split_spectrum(parsed, m)) >= 0)
        return result;
    return model_network(parsed, &m->network);
}

/* Activations whose averages are known to lowest order only. */
static int check_orders(const options *parsed, const ordpar_network *network) {
    if (network->small_eta || network->activation->squared_error_dg_dg)
        return -1;
    return usage_error(parsed,
                       "--activation: %s needs --small-eta (its averages of order eta^2 are not "
                       "known)",
                       network->activation->name);
}

static int create(const options *parsed, bool integrates, model *m) {
    int result;
    if ((result = model_prepare(parsed, m)) >= 0 ||
        (integrates && (result = check_orders(parsed, &m->network)) >= 0) ||
        (result = refuse_memory(parsed, m->spectrum.L,
                                integrates ? ordpar_integrate_bytes(&m->network, m->spectrum.L)
                                           : 0)) >= 0)
        return result;
    return make_start(parsed, m);
}

int model_create(const options *parsed, model *m) {
    return create(parsed, true, m);
}

int model_create_without_equations(const options *parsed, model *m) {
    return create(parsed, false, m);
}

/* With the same stream, W is what a sampled start would call J. */
int model_start_in_deviations(const options *parsed, model *m, bool *done) {
    *done = parsed->init == ORDPAR_INIT_NEAR_TEACHER && !parsed->overlaps &&
            ordpar_deviations_exist(&m->network);
    if (!*done)
        return -1;
    ordpar_error err;
    ordpar_overlaps start;
    const ordpar_status status = ordpar_overlaps_start(
        &m->spectrum, m->network.K, m->network.M, ORDPAR_INIT_SAMPLED,
        (ordpar_teacher)parsed->teacher, parsed->sigma_J, (uint64_t)parsed->seed, 1, &start, &err);
    if (status)
        return library_error(parsed, "--init", status, &err);
    ordpar_overlaps_clear(&m->start);
    m->start = start;
    return -1;
}

void model_clear(model *m) {
    ordpar_spectrum_clear(&m->spectrum);
    ordpar_network_clear(&m->network);
    ordpar_overlaps_clear(&m->start);
    data_clear(&m->data);
}

double *model_grid(const options *parsed) {
    const grid *g = &parsed->alpha;
    double *alpha = malloc((size_t)g->count * sizeof *alpha);
    if (!alpha) {
        failure(parsed, "out of memory for %lld rows", (long long)g->count);
        return NULL;
    }
    const double ratio =
        g->stop / g->start; /* may overflow, where only a grid of 600 decades does */
    for (int64_t k = 0; k < g->count; k++) {
        const double part = g->count > 1 ? (double)k / (double)(g->count - 1) : 0;
        if (!g->logarithmic)
            alpha[k] = g->start + (g->stop - g->start) * part;
        else
            alpha[k] = isfinite(ratio) ? g->start * pow(ratio, part)
                                       : pow(g->start, 1 - part) * pow(g->stop, part);
    }
    alpha[g->count - 1] = g->stop;
    return alpha;
}

void model_notes(table *t, const options *parsed, const model *m) {
    char eta[TRAINING_ETA_SIZE];
    training_eta_text(&m->network, eta);
    table_note(t, "model", "%s, K = %zu, M = %zu, N = %.0f, L = %zu, eta = %s%s",
               m->network.activation->name, m->network.K, m->network.M, m->spectrum.N,
               m->spectrum.L, eta, m->network.small_eta ? " (small-eta equations)" : "");
    training_notes(t, parsed, &m->network);
    table_note(t, "seed", "%lld", (long long)parsed->seed);
    if (parsed->spread > 0)
        table_note(t, "spread", "each eigenvalue over 1 -+ %.17g times itself, in %lld parts",
                   parsed->spread, (long long)parsed->spread_parts);
    data_note(t, &m->data);
}
