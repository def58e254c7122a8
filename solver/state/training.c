// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/state/training.h"

#include "base/floating_point.h"

#include <math.h>

/* The number of rows with alpha[row] <= alpha. */
static size_t rows_up_to(const ordpar_schedule *s, double alpha) {
    size_t low = 0, high = s->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->alpha[middle] <= alpha)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double table_eta(const ordpar_schedule *s, double alpha) {
    const size_t next = rows_up_to(s, alpha);
    if (next == 0)
        return s->eta[0];
    if (next == s->count)
        return s->eta[s->count - 1];
    const double from = s->alpha[next - 1], part = (alpha - from) / (s->alpha[next] - from);
    return (1 - part) * s->eta[next - 1] + part * s->eta[next];
}

/* [13.4] */
double ordpar_schedule_eta(const ordpar_schedule *schedule, double eta, double alpha) {
    switch (schedule->kind) {
    case ORDPAR_SCHEDULE_CONSTANT:
        return eta;
    case ORDPAR_SCHEDULE_POWER:
        return eta * exp(-schedule->gamma * log1p(alpha / schedule->alpha_0));
    case ORDPAR_SCHEDULE_TABLE:
        return table_eta(schedule, alpha);
    }
    return eta;
}

double ordpar_schedule_eta_before(const ordpar_schedule *schedule, double eta, double alpha) {
    const size_t next = schedule->kind == ORDPAR_SCHEDULE_TABLE ? rows_up_to(schedule, alpha) : 0;
    if (next > 1 && schedule->alpha[next - 1] == alpha && schedule->alpha[next - 2] == alpha)
        return schedule->eta[next - 2];
    return ordpar_schedule_eta(schedule, eta, alpha);
}

double ordpar_schedule_next_kink(const ordpar_schedule *schedule, double alpha) {
    const size_t next = rows_up_to(schedule, alpha);
    return next < schedule->count ? schedule->alpha[next] : INFINITY;
}

double ordpar_schedule_largest(const ordpar_schedule *schedule) {
    double largest = 0;
    for (size_t k = 0; k < schedule->count; k++)
        largest = fmax(largest, schedule->eta[k]);
    return largest;
}

bool ordpar_training_is_plain(const ordpar_training *training) {
    return training->eta_v == 0 && training->weight_decay == 0 &&
           training->schedule.kind == ORDPAR_SCHEDULE_CONSTANT;
}

static ordpar_status check_schedule(const ordpar_schedule *s, ordpar_error *err) {
    if (s->kind == ORDPAR_SCHEDULE_POWER) {
        if (!(s->gamma >= 0) || !isfinite(s->gamma))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the schedule's gamma must be >= 0 and finite, got %g", s->gamma);
        if (!(s->alpha_0 > 0) || !isfinite(s->alpha_0))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the schedule's alpha_0 must be > 0 and finite, got %g", s->alpha_0);
    }
    if (s->kind == ORDPAR_SCHEDULE_TABLE && s->count == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "the schedule has no rows");
    for (size_t k = 0; k < s->count; k++) {
        if (!isfinite(s->alpha[k]) || !(s->alpha[k] >= 0) ||
            (k > 0 && !(s->alpha[k] >= s->alpha[k - 1])) ||
            (k > 1 && s->alpha[k] == s->alpha[k - 2]))
            return ordpar_fail(
                err, ORDPAR_INVALID,
                "the schedule's alpha must be >= 0, finite and ascending, at most twice the same, "
                "got %g in row %zu",
                s->alpha[k], k + 1);
        if (!isfinite(s->eta[k]) || !(s->eta[k] >= 0))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the schedule's eta must be >= 0 and finite, got %g in row %zu",
                               s->eta[k], k + 1);
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_training_check(const ordpar_training *training, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    if (!(training->eta_v >= 0) || !isfinite(training->eta_v))
        return ordpar_fail(err, ORDPAR_INVALID, "eta_v must be >= 0 and finite, got %g",
                           training->eta_v);
    if (!(training->weight_decay >= 0) || !isfinite(training->weight_decay))
        return ordpar_fail(err, ORDPAR_INVALID, "the weight decay must be >= 0 and finite, got %g",
                           training->weight_decay);
    return check_schedule(&training->schedule, err);
}
