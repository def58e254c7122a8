// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * How a student is trained beyond a constant learning rate [13.x in docs/equations.md]: trained
 * output weights, weight decay, a learning rate that depends on alpha, momentum, batches, tasks.
 * All zero: none of them.
 */
#ifndef ORDPAR_TRAINING_H
#define ORDPAR_TRAINING_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/state/tasks.h"

#include <stdbool.h>
#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

/** How the learning rate depends on alpha. */
typedef enum {
    ORDPAR_SCHEDULE_CONSTANT, /**< eta */
    ORDPAR_SCHEDULE_POWER,    /**< eta (1 + alpha/alpha_0)^-gamma */
    ORDPAR_SCHEDULE_TABLE,   /**< linear between rows, constant before the first and after the last;
                                  two rows at one alpha: a jump, at which the second holds */
    ORDPAR_SCHEDULE_FACTORS, /**< eta times such a table */
    ORDPAR_SCHEDULE_COSINE   /**< eta (f + (1 - f) (1 + cos(pi alpha/alpha_0))/2), f = floor, and
                                  eta f from alpha_0 on */
} ordpar_schedule_kind;

/** The learning rate as a function of alpha [13.4]. */
typedef struct {
    ordpar_schedule_kind kind; /**< which of the fields below hold */
    double gamma;              /**< power: finite, >= 0 */
    double alpha_0;            /**< power, cosine: finite, > 0 */
    size_t count;              /**< table, factors: rows, at least 1 */
    double *alpha;             /**< likewise: [count] ascending, finite, >= 0; no three the same */
    double *eta;               /**< likewise: [count] finite, >= 0 */
    double floor;              /**< cosine: from 0 to 1 */
} ordpar_schedule;

/** The largest number of a momentum. */
#define ORDPAR_MOMENTUM_MOST 1e12

/**
 * Momentum with a memory of N/c steps [13.7]: P <- (1 - c/N) P + g, J <- J - eta g - (e/N) P, where
 * g is the gradient v delta g'(x) xi / sqrt N of an example, or a batch's mean.
 */
typedef struct {
    double weight;  /**< e at alpha = 0, > 0; 0: no momentum. It and all below: ORDPAR_MOMENTUM_MOST
                       at most */
    double kappa;   /**< e = weight (1 + alpha)^-kappa; >= 0 */
    double damping; /**< c, or c (alpha + alpha_0) if it fades; >= 0 */
    bool fades;     /**< c = damping / (alpha + alpha_0) */
    double alpha_0; /**< finite, > 0; 0: 1/N */
} ordpar_momentum;

/** Training beyond a constant learning rate. */
typedef struct {
    double eta_v;             /**< learning rate of the output weights; 0: they are fixed */
    double weight_decay;      /**< kappa: J <- J (1 - kappa/N) in each step, where J is trained */
    ordpar_schedule schedule; /**< of the learning rate */
    ordpar_momentum momentum; /**< of J alone */
    size_t batch;             /**< examples a step, of which the mean gradient is taken; 0 is 1 */
    double batch_fraction; /**< b: b N examples a step and alpha = steps made [13.10]; 0: not so */
    ordpar_tasks tasks;    /**< set by ordpar_network_set_tasks */
} ordpar_training;

/**
 * Reads constant:C:E, nesterov:A:E[:ALPHA0] (c = A/(alpha + ALPHA0)) or
 * dana:DELTA:E[:KAPPA[:ALPHA0]] (likewise, and e = E (1 + alpha)^-KAPPA). Errors: INVALID (the
 * message begins with "must be").
 */
ordpar_status ordpar_momentum_parse(const char *text, ordpar_momentum *momentum, ordpar_error *err);

/** Examples a step at input dimension N, a whole number from 1 on. */
double ordpar_training_examples(const ordpar_training *training, double N);

/** c at alpha, of a network of input dimension N. */
double ordpar_momentum_damping(const ordpar_momentum *momentum, double N, double alpha);

/** e at alpha. */
double ordpar_momentum_weight(const ordpar_momentum *momentum, double alpha);

/** eta(alpha), alpha >= 0, for the network's own rate eta, which a table takes the place of. */
double ordpar_schedule_eta(const ordpar_schedule *schedule, double eta, double alpha);

/** The limit of eta from below alpha: it differs from ordpar_schedule_eta at a jump alone. */
double ordpar_schedule_eta_before(const ordpar_schedule *schedule, double eta, double alpha);

/** The next alpha above the given one where eta(alpha) has a kink or a jump; INFINITY: none. */
double ordpar_schedule_next_kink(const ordpar_schedule *schedule, double alpha);

/** The integral of eta from 0 to alpha [13.6]: all that small eta and linear units ask of it. */
double ordpar_schedule_integral(const ordpar_schedule *schedule, double eta, double alpha);

/** The largest eta of a table. */
double ordpar_schedule_largest(const ordpar_schedule *schedule);

/**
 * Reads a table from a CSV file ("-": standard input) with the header alpha,eta and at least one
 * row, alpha ascending, two rows at one alpha for a jump. Errors: IO, PARSE, MEMORY. The caller
 * clears *schedule.
 */
ordpar_status ordpar_schedule_read(const char *path, ordpar_schedule *schedule, ordpar_error *err);

/**
 * Reads constant, power:GAMMA:ALPHA0, cosine:END[:FLOOR], linear:END (to 0 at END),
 * wsd:WARM:STABLE:END (from 0 up to eta at WARM, eta until STABLE, down to 0 at END) or
 * steps:ALPHA=FACTOR,.. (eta times FACTOR from ALPHA on). Errors: INVALID (the message begins with
 * "must be" and the form of what text begins with), MEMORY. The caller clears *schedule.
 */
ordpar_status ordpar_schedule_parse(const char *text, ordpar_schedule *schedule, ordpar_error *err);

/** True if text begins as one of these forms. */
bool ordpar_schedule_is_form(const char *text);

/** Frees the table; NULL and a zeroed schedule are fine. */
void ordpar_schedule_clear(ordpar_schedule *schedule);

/** Checks all ranges. Errors: INVALID. */
ordpar_status ordpar_training_check(const ordpar_training *training, ordpar_error *err);

/** True for a constant learning rate without decay and momentum, one example a step, fixed outputs
 * and a single task. */
bool ordpar_training_is_plain(const ordpar_training *training);

ORDPAR_DECLARATIONS_END

#endif
