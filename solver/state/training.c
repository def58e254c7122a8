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

/* Until alpha_0. */
static double cosine(const ordpar_schedule *s, double alpha) {
    const double half = cos(M_PI / 2 * fmin(alpha / s->alpha_0, 1));
    return s->floor + (1 - s->floor) * (alpha < s->alpha_0 ? half * half : 0);
}

/* log(1 + alpha / alpha_0), also where the ratio overflows. */
static double log_time(const ordpar_schedule *s, double alpha) {
    const double ratio = alpha / s->alpha_0;
    return isfinite(ratio) ? log1p(ratio) : log(alpha) - log(s->alpha_0);
}

/* alpha_0 times the integral over alpha / alpha_0. */
static double power_integral(const ordpar_schedule *s, double alpha) {
    const double power = 1 - s->gamma, log_now = log_time(s, alpha), grown = power * log_now;
    if (power == 0)
        return s->alpha_0 * log_now;
    return (grown < 700 ? s->alpha_0 * expm1(grown) : exp(grown + log(s->alpha_0))) / power;
}

/* [13.4] */
double ordpar_schedule_eta(const ordpar_schedule *schedule, double eta, double alpha) {
    switch (schedule->kind) {
    case ORDPAR_SCHEDULE_CONSTANT:
        return eta;
    case ORDPAR_SCHEDULE_POWER:
        return eta * exp(-schedule->gamma * log_time(schedule, alpha));
    case ORDPAR_SCHEDULE_TABLE:
        return table_eta(schedule, alpha);
    case ORDPAR_SCHEDULE_FACTORS:
        return eta * table_eta(schedule, alpha);
    case ORDPAR_SCHEDULE_COSINE:
        return eta * cosine(schedule, alpha);
    }
    return eta;
}

static double table_integral(const ordpar_schedule *s, double alpha) {
    const size_t rows = rows_up_to(s, alpha);
    double sum = s->eta[0] * fmin(alpha, s->alpha[0]);
    for (size_t k = 1; k < rows; k++)
        sum += (s->eta[k - 1] + s->eta[k]) / 2 * (s->alpha[k] - s->alpha[k - 1]);
    return rows ? sum + (s->eta[rows - 1] + table_eta(s, alpha)) / 2 * (alpha - s->alpha[rows - 1])
                : sum;
}

/* [13.6] */
double ordpar_schedule_integral(const ordpar_schedule *schedule, double eta, double alpha) {
    const double end = schedule->alpha_0, floor = schedule->floor;
    switch (schedule->kind) {
    case ORDPAR_SCHEDULE_CONSTANT:
        break;
    case ORDPAR_SCHEDULE_POWER:
        return eta * power_integral(schedule, alpha);
    case ORDPAR_SCHEDULE_TABLE:
        return table_integral(schedule, alpha);
    case ORDPAR_SCHEDULE_FACTORS:
        return eta * table_integral(schedule, alpha);
    case ORDPAR_SCHEDULE_COSINE: {
        const double to = fmin(alpha, end);
        return eta * (floor * alpha +
                      (1 - floor) / 2 * (to + end / M_PI * sin(M_PI * fmin(alpha / end, 1))));
    }
    }
    return eta * alpha;
}

double ordpar_schedule_eta_before(const ordpar_schedule *schedule, double eta, double alpha) {
    const size_t next = rows_up_to(schedule, alpha);
    if (next > 1 && schedule->alpha[next - 1] == alpha && schedule->alpha[next - 2] == alpha)
        return schedule->eta[next - 2] * (schedule->kind == ORDPAR_SCHEDULE_FACTORS ? eta : 1);
    return ordpar_schedule_eta(schedule, eta, alpha);
}

double ordpar_schedule_next_kink(const ordpar_schedule *schedule, double alpha) {
    const size_t next = rows_up_to(schedule, alpha);
    if (schedule->kind == ORDPAR_SCHEDULE_COSINE && alpha < schedule->alpha_0)
        return schedule->alpha_0;
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
           training->schedule.kind == ORDPAR_SCHEDULE_CONSTANT && training->momentum.weight == 0 &&
           training->batch <= 1 && training->batch_fraction == 0 && training->tasks.count == 0;
}

double ordpar_training_examples(const ordpar_training *training, double N) {
    return fmax(1, training->batch_fraction > 0 ? round(training->batch_fraction * N)
                                                : (double)training->batch);
}

double ordpar_momentum_damping(const ordpar_momentum *momentum, double N, double alpha) {
    const double alpha_0 = momentum->alpha_0 > 0 ? momentum->alpha_0 : 1 / N;
    return momentum->fades ? momentum->damping / (alpha + alpha_0) : momentum->damping;
}

double ordpar_momentum_weight(const ordpar_momentum *momentum, double alpha) {
    return momentum->weight * exp(-momentum->kappa * log1p(alpha));
}

static ordpar_status check_momentum(const ordpar_training *training, ordpar_error *err) {
    const ordpar_momentum *m = &training->momentum;
    const double numbers[] = {m->weight, m->kappa, m->damping, m->alpha_0};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (!(numbers[k] >= 0 && numbers[k] <= ORDPAR_MOMENTUM_MOST))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "the numbers of the momentum must be from 0 to %g, got %g",
                               ORDPAR_MOMENTUM_MOST, numbers[k]);
    if (!(training->batch_fraction >= 0) || !isfinite(training->batch_fraction))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the batch fraction must be >= 0 and finite, got %g",
                           training->batch_fraction);
    return ORDPAR_OK;
}

static ordpar_status check_schedule(const ordpar_schedule *s, ordpar_error *err) {
    const bool power = s->kind == ORDPAR_SCHEDULE_POWER, bends = s->kind == ORDPAR_SCHEDULE_COSINE;
    const bool table = s->kind == ORDPAR_SCHEDULE_TABLE || s->kind == ORDPAR_SCHEDULE_FACTORS;
    if (s->kind > ORDPAR_SCHEDULE_COSINE)
        return ordpar_fail(err, ORDPAR_INVALID, "the schedule is of no known kind, %d",
                           (int)s->kind);
    if (power && (!(s->gamma >= 0) || !isfinite(s->gamma)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the schedule's gamma must be >= 0 and finite, got %g", s->gamma);
    if ((power || bends) && (!(s->alpha_0 > 0) || !isfinite(s->alpha_0)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "the schedule's alpha_0 must be > 0 and finite, got %g", s->alpha_0);
    if (bends && !(s->floor >= 0 && s->floor <= 1))
        return ordpar_fail(err, ORDPAR_INVALID, "the schedule's floor must be from 0 to 1, got %g",
                           s->floor);
    if (table && s->count == 0)
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
    if (training->batch_fraction > 0 && training->batch > 1)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "a batch is of a number of examples or of a fraction of N, got both");
    const ordpar_status status = check_momentum(training, err);
    return status ? status : check_schedule(&training->schedule, err);
}
