// SPDX-License-Identifier: GPL-3.0-or-later
#include "training.h"

#include "library_error.h"
#include "number.h"

#include <stdlib.h>
#include <string.h>

static int set_outputs(const options *parsed, ordpar_training *training) {
    const bool rate = options_given(parsed, "eta-v");
    if (rate && !parsed->train_output)
        return usage_error(parsed, "--eta-v: is for --train-output, which was not given; got %g",
                           parsed->eta_v);
    if (parsed->train_output && !rate)
        return usage_error(parsed, "--train-output: needs --eta-v, the learning rate of the output "
                                   "weights");
    training->eta_v = parsed->eta_v;
    return -1;
}

static int read_table(const options *parsed, ordpar_network *network) {
    if (options_given(parsed, "eta"))
        return usage_error(parsed, "--schedule: %s gives eta itself; leave out --eta, which is %g",
                           parsed->schedule, parsed->eta);
    ordpar_error err;
    ordpar_schedule *schedule = &network->training.schedule;
    const ordpar_status status = ordpar_schedule_read(parsed->schedule, schedule, &err);
    if (status)
        return library_error(parsed, "--schedule", status, &err);
    const double largest = ordpar_schedule_largest(schedule);
    network->eta = largest > 0 ? largest : 1; /* only the unit that rates are kept in */
    return -1;
}

static int set_schedule(const options *parsed, ordpar_network *network) {
    const char *text = parsed->schedule;
    if (!text || strcmp(text, "constant") == 0)
        return -1;
    if (strncmp(text, "power", strlen("power")) != 0 || (text[5] && text[5] != ':'))
        return read_table(parsed, network);
    if (text[5] == ':' && ordpar_schedule_parse_power(text, &network->training.schedule))
        return -1;
    return usage_error(parsed,
                       "--schedule: must be constant, power:GAMMA:ALPHA0 with GAMMA >= 0 and "
                       "ALPHA0 > 0, or a CSV file, got '%.80s'",
                       text);
}

int training_set(const options *parsed, ordpar_network *network) {
    const int result = set_outputs(parsed, &network->training);
    network->training.weight_decay = parsed->weight_decay;
    return result >= 0 ? result : set_schedule(parsed, network);
}

void training_eta_text(const ordpar_network *network, char text[TRAINING_ETA_SIZE]) {
    if (network->training.schedule.kind == ORDPAR_SCHEDULE_TABLE)
        snprintf(text, TRAINING_ETA_SIZE, "from a file");
    else
        snprintf(text, TRAINING_ETA_SIZE, "%.17g", network->eta);
}

void training_eta_title(const ordpar_network *network, char text[TRAINING_ETA_SIZE]) {
    const ordpar_schedule *schedule = &network->training.schedule;
    if (schedule->kind == ORDPAR_SCHEDULE_TABLE)
        snprintf(text, TRAINING_ETA_SIZE, "from a file");
    else if (schedule->kind == ORDPAR_SCHEDULE_POWER)
        snprintf(text, TRAINING_ETA_SIZE, "= %g (1 + α/%g)^{-%g}", network->eta, schedule->alpha_0,
                 schedule->gamma);
    else
        snprintf(text, TRAINING_ETA_SIZE, "= %g", network->eta);
}

void training_notes(table *t, const options *parsed, const ordpar_network *network) {
    const ordpar_training *training = &network->training;
    const ordpar_schedule *schedule = &training->schedule;
    if (parsed->train_output)
        table_note(t, "outputs", "the student's output weights are trained, eta_v = %.17g",
                   training->eta_v);
    if (training->weight_decay > 0)
        table_note(t, "decay", "J <- J (1 - kappa/N) in each step, kappa = %.17g",
                   training->weight_decay);
    if (schedule->kind == ORDPAR_SCHEDULE_POWER)
        table_note(t, "schedule", "eta (1 + alpha/%.17g)^-%.17g", schedule->alpha_0,
                   schedule->gamma);
    if (schedule->kind == ORDPAR_SCHEDULE_TABLE)
        table_note(t, "schedule",
                   "eta(alpha) from %s, %zu rows: linear between them, constant before alpha = %g "
                   "and after %g",
                   parsed->schedule, schedule->count, schedule->alpha[0],
                   schedule->alpha[schedule->count - 1]);
}
