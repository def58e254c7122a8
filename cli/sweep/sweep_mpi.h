// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A sweep on several processes. The first (rank 0) has the queue, the rows and the journal; the
 * others ask it for points and send it rows. Without MPI there is one process, and nothing here
 * does anything.
 */
#ifndef ORDPAR_CLI_SWEEP_MPI_H
#define ORDPAR_CLI_SWEEP_MPI_H

#include "cli/sweep/sweep_run.h"

/** Before anything is printed: from here on sweep_mpi_rank is what mpirun says, so that the first
 * process alone speaks. */
void sweep_mpi_quieten(void);

/** For a process that has failed: if it has not come to sweep_mpi_begin it meets the others in
 * their first sweep_mpi_agree, so that one line tells of it. Returns what they have agreed on, with
 * its message; for other processes than the first OK. */
ordpar_status sweep_mpi_refuse(ordpar_status status, ordpar_error *err);

/** Starts MPI if the process was started by mpirun. Errors: INVALID, NUMERICAL. */
ordpar_status sweep_mpi_begin(ordpar_error *err);

/** Ends MPI if it was started. Returns status for the first process, OK for the others. */
ordpar_status sweep_mpi_end(ordpar_status status);

/** From 0. */
int sweep_mpi_rank(void);
int sweep_mpi_size(void);

/** In all processes the status and message of the first one that has failed; OK if none has. */
ordpar_status sweep_mpi_agree(ordpar_status status, ordpar_error *err);

/** INVALID in all processes unless text, what the sweep is known by, and the part of it, NULL for
 * the whole, are the same in all. */
ordpar_status sweep_mpi_same(const char *text, const char *part, ordpar_error *err);

/** For threads of the other processes: as sweep_work_take and _give. */
bool sweep_mpi_take(sweep_work *w, size_t *point);
void sweep_mpi_give(sweep_work *w, size_t point, char *row, const char *message);

/** For the others' main thread: tells the first process that no more will come. */
void sweep_mpi_leave(void);

/** For the first process's main thread: answers what has come. False: all others have left. */
bool sweep_mpi_serve(sweep_work *w);

#endif
