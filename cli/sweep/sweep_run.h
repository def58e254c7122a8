// SPDX-License-Identifier: GPL-3.0-or-later
/** Computing the points of a sweep on threads, and on the processes of MPI. */
#ifndef ORDPAR_CLI_SWEEP_RUN_H
#define ORDPAR_CLI_SWEEP_RUN_H

#include "cli/sweep/sweep.h"
#include "cli/sweep/sweep_journal.h"

#include <pthread.h>

typedef struct {
    const options *parsed;
    const ordpar_model *base; /* of the points */
    const sweep_grid *grid;
    size_t part, n_parts; /* part from 1; 1/1: all */
    char **rows;          /* [points of all parts] of the first process: NULL where not complete */
    size_t *queue;        /* [n_queue] points to compute, in this order; next: the first left */
    size_t n_queue, next;
    size_t total, complete; /* points of this part */
    sweep_journal *journal; /* NULL: none */
    pthread_mutex_t lock;   /* of all that follows, of next, complete, rows and the journal */
    pthread_cond_t changed; /* complete or active did */
    size_t active;          /* threads that have not ended */
    ordpar_status status;   /* why it must stop */
    size_t lost;            /* points without a row, and ... */
    ordpar_error err;       /* ... what one of them, or status, says; "": nothing */
} sweep_work;

/** Zeroes *w and makes the lock; the part is 1/1. */
void sweep_work_init(sweep_work *w, const options *parsed);
void sweep_work_clear(sweep_work *w);

/** True if the point is one of this part's. */
bool sweep_work_has(const sweep_work *w, size_t point);

/** Makes the queue of the points without a row, the most costly first, so that none of those is the
 * last to end. */
ordpar_status sweep_work_queue(sweep_work *w, ordpar_error *err);

/**
 * Computes the queue on `threads` threads of this process, and on those of the others, which call
 * this too. Returns when there is nothing left or it must stop; what came of it is in *w.
 */
void sweep_run(sweep_work *w, size_t threads);

/** Takes the next point of the first process's queue. False: nothing is left to do. */
bool sweep_work_take(sweep_work *w, size_t *point);

/**
 * Gives a row, which *w takes over, to the first process's *w and journal; row NULL: the point has
 * none, for the reason in message.
 */
void sweep_work_give(sweep_work *w, size_t point, char *row, const char *message);

#endif
