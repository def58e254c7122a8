// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Several tasks of one student [17.1 in docs/equations.md]: each example is one of task tau with a
 * probability that depends on alpha, and the students learn it with the output weights of that
 * task. All teachers are units of one network, and a task's are those whose output is not 0.
 */
#ifndef ORDPAR_TASKS_H
#define ORDPAR_TASKS_H

#include "base/declarations.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

ORDPAR_DECLARATIONS_BEGIN

enum { ORDPAR_MAX_TASKS = 64 };

/** A task as it is given; everything is copied. */
typedef struct {
    const double *v;           /**< [K] the student's output weights for it, its head */
    const double *w;           /**< [M] the teachers' */
    size_t steps;              /**< of its probability, at least 1 */
    const double *alpha;       /**< [steps] from where each holds: >= 0, finite, ascending */
    const double *probability; /**< [steps] from 0 to 1; before the first alpha it is 0 */
    size_t blocks;             /**< L, 1 for one number in all blocks, or 0: none */
    const double *similarity;  /**< [blocks] -1 to 1: how far its teachers are those of the first
                                    task, in their order [17.2] */
} ordpar_given_task;

/** The tasks of a network, but for their output weights, which are the network's. */
typedef struct {
    size_t count;        /**< tasks; 0: a single one, the rest is zero */
    size_t steps;        /**< rows of the probabilities */
    double *alpha;       /**< [steps] from where each row holds: ascending, the first 0 */
    double *probability; /**< [steps][count], each row adds up to 1 */
    size_t present;      /**< the row that holds; where computations go, they set it themselves */
    size_t *blocks;      /**< [count] numbers of its similarity: 0, 1 or L */
    double **similarity; /**< [count] its similarity in each block; NULL: none */
} ordpar_tasks;

/** The row that holds at alpha >= 0. */
size_t ordpar_tasks_at(const ordpar_tasks *tasks, double alpha);

/** The row that holds up to alpha. */
size_t ordpar_tasks_before(const ordpar_tasks *tasks, double alpha);

/** The next alpha above the given one where the probabilities change; INFINITY: none. */
double ordpar_tasks_next_step(const ordpar_tasks *tasks, double alpha);

/** The task that a uniform number from 0 to 1 stands for where row `row` holds. */
size_t ordpar_tasks_draw(const ordpar_tasks *tasks, size_t row, double uniform);

/** True if a task resembles the first. */
bool ordpar_tasks_are_related(const ordpar_tasks *tasks);

/** Frees the arrays; zeroed tasks are fine. */
void ordpar_tasks_clear(ordpar_tasks *tasks);

ORDPAR_DECLARATIONS_END

#endif
