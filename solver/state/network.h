// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The student, the teacher and how the student is trained: everything of the model but the spectrum
 * and the start. Student sigma = sum_i v_i g(x_i), teacher zeta = sum_n w_n g_t(y_n), where g_t is
 * g unless it is given.
 */
#ifndef ORDPAR_NETWORK_H
#define ORDPAR_NETWORK_H

#include "base/declarations.h"
#include "base/status.h"
#include "solver/averages/activation.h"
#include "solver/state/training.h"

#include <stdbool.h>
#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

enum { ORDPAR_MAX_UNITS = 1024 };

/** Student, teacher, and the learning rate. */
typedef struct {
    size_t K;                            /**< student units */
    size_t M;                            /**< teacher units */
    const ordpar_activation *activation; /**< of the student; not owned */
    /** of the teacher; NULL: the student's; not owned */
    const ordpar_activation *teacher_activation;
    double *v;                /**< [K] student output weights; of tasks [count][K] */
    double *w;                /**< [M] teacher output weights; of tasks [count][M] */
    double eta;               /**< learning rate, > 0; the base of a schedule */
    double label_noise;       /**< standard deviation s of the label noise, >= 0 */
    bool small_eta;           /**< leave out the terms of order eta^2 */
    ordpar_training training; /**< all zero after init */
    double *unlearnable;      /**< [M*M] T_perp: covariance of what the inputs do not show of the
                                   teachers' fields [15.6]; NULL: nothing */
} ordpar_network;

/**
 * Makes a network with the paper's output weights v_i = sqrt(M)/K, w_n = 1/sqrt(M), no label noise
 * and all orders in eta. Ranges: K, M from 1 to ORDPAR_MAX_UNITS, eta positive and finite;
 * activation not NULL. Errors: INVALID, MEMORY. The caller clears *network; v, w and the other
 * fields may be set afterwards.
 */
ordpar_status ordpar_network_init(size_t K, size_t M, const ordpar_activation *activation,
                                  double eta, ordpar_network *network, ordpar_error *err);

/**
 * Gives the teacher an activation of its own; NULL, or the student's: it has that. Errors: INVALID
 * (the averages of the two are not known).
 */
ordpar_status ordpar_network_set_teacher_activation(ordpar_network *network,
                                                    const ordpar_activation *activation,
                                                    ordpar_error *err);

/** True if both student and teacher have this activation. */
bool ordpar_network_has(const ordpar_network *network, const ordpar_activation *activation);

/** True if the averages of order eta^2 of its activations are known. */
bool ordpar_network_has_all_orders(const ordpar_network *network);

/** Checks what a caller may have set since init. Errors: INVALID. */
ordpar_status ordpar_network_check(const ordpar_network *network, ordpar_error *err);

/**
 * Sets T_perp to a copy of covariance[M*M], symmetric and positive semidefinite; NULL, or all 0:
 * none. The teachers' fields are then y_n = B_n.xi/sqrt(N) + rho_n with rho independent of xi
 * [15.6]. Errors: INVALID, MEMORY; *network is then as it was.
 */
ordpar_status ordpar_network_set_unlearnable(ordpar_network *network, const double *covariance,
                                             ordpar_error *err);

/**
 * Gives the network count tasks [17.1], from 1 to ORDPAR_MAX_TASKS, whose outputs take the place of
 * v and w. The probabilities must add up to 1 at every alpha from 0 on, to 1e-9. A task with a
 * similarity has teachers of its own, as many as the first. Errors: INVALID, MEMORY; *network is
 * then as it was.
 */
ordpar_status ordpar_network_set_tasks(ordpar_network *network, const ordpar_given_task *tasks,
                                       size_t count, ordpar_error *err);

/** Sets of output weights: the number of tasks, or 1. */
size_t ordpar_network_heads(const ordpar_network *network);

/** The probability of an example to be of that task, from 0, where row `present` holds; 1 without
 * tasks. */
double ordpar_network_task_probability(const ordpar_network *network, size_t task);

/** The network as that task, from 0, sees it: a view, which shares the arrays. */
ordpar_network ordpar_network_of_task(const ordpar_network *network, size_t task);

/** Adds T_perp to the teachers' part of the covariance c[(K+M)*(K+M)] of the fields z = (x, y)
 * [15.6]. */
void ordpar_network_add_unlearnable(const ordpar_network *network, double *c);

/** u[K + M] = (v, -w), the coefficients of the error sum_a u_a g(z_a) in the fields z = (x, y); of
 * tasks those of the first. */
void ordpar_network_outputs(const ordpar_network *network, double *u);

/** Frees the arrays and zeroes the struct; NULL and a zeroed struct are fine. */
void ordpar_network_clear(ordpar_network *network);

ORDPAR_DECLARATIONS_END

#endif
