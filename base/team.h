// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Threads that share out the items of a loop. A thread that cannot be made is missing and the
 * others do its work: results never depend on how many there are. The threads take no signals, so
 * that those of the host program reach its own threads, and end before the library's function
 * returns. Internal.
 */
#ifndef ORDPAR_TEAM_H
#define ORDPAR_TEAM_H

#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/** Does item `index`; member: which of the threads does it, from 0 (the caller). */
typedef void (*ordpar_task)(void *context, size_t index, size_t member);

typedef struct ordpar_team ordpar_team;

/** How many threads `wanted` asks for: itself, or for 0 what this thread was told, else
 * OMP_NUM_THREADS of the environment, else one a core; within an item of a team's loop one. */
size_t ordpar_threads(int wanted);

/** Whether there is address space for the linear algebra of so many more threads: OpenBLAS asks for
 * a thread's buffer again and again, without an end, where a limit refuses it. */
bool ordpar_threads_have_room(size_t threads);

/** Makes 0 ask for `wanted` in this thread, or again for what it did if that is 0; returns what was
 * set before. Items of loops, and threads that are alone, have one all the same. */
int ordpar_threads_ask(int wanted);

/** Makes 0 ask for one thread in this thread, for a program that shares out its own work. */
void ordpar_threads_alone(void);

/** At most `wanted` threads, the caller among them. NULL, which all functions take, is a team of
 * the caller alone, and so is that of a process in its child. Free with ordpar_team_free. */
ordpar_team *ordpar_team_create(size_t wanted);

/** A team of as many threads as 0 asks for, at most one for each of `items`. */
ordpar_team *ordpar_team_for(size_t items);
void ordpar_team_free(ordpar_team *team);

/** Threads that there are: members are counted below it. */
size_t ordpar_team_size(const ordpar_team *team);

/** Does the items 0 .. count-1, each once, in ascending order of their beginning. Nobody waits for
 * a thread that has not begun when the last item has. */
void ordpar_team_run(ordpar_team *team, size_t count, ordpar_task task, void *context);

/** The same with a team for this loop alone, of no more threads than items. */
void ordpar_parallel(size_t wanted, size_t count, ordpar_task task, void *context);

/** What failed in a loop: of several failures that of the lowest item, whoever was first. */
typedef struct {
    pthread_mutex_t mutex;
    size_t item;
    ordpar_status status; /**< OK: nothing */
    ordpar_error reason;
} ordpar_failures;
#define ORDPAR_FAILURES_NONE                                                                       \
    { .mutex = PTHREAD_MUTEX_INITIALIZER }
void ordpar_failures_add(ordpar_failures *failures, size_t item, ordpar_status status,
                         const ordpar_error *reason);

#endif
