// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A sweep on several processes. The first (rank 0) has the queue, the rows and the journal; the
 * others ask it for points and send it rows. Without MPI there is one process, and nothing here
 * does anything.
 */
#ifndef ORDPAR_CLI_SWEEP_MPI_H
#define ORDPAR_CLI_SWEEP_MPI_H

#include "sweep_run.h"

/** Before anything is printed: silences all processes that were started by mpirun but the first. */
void sweep_mpi_quieten(void);

/** Starts MPI if the process was started by mpirun. Returns -1 or an exit code after one line. */
int sweep_mpi_begin(const options *parsed);

/** Ends MPI if it was started. Returns the exit code: code for the first process, else EXIT_DONE.
 */
int sweep_mpi_end(int code);

int sweep_mpi_rank(void);
int sweep_mpi_size(void);

/** The first process's code, in all processes. */
int sweep_mpi_agree(int code);

/** For threads of the other processes: as sweep_work_take and _give. */
bool sweep_mpi_take(sweep_work *w, size_t *point);
void sweep_mpi_give(sweep_work *w, size_t point, char *row, const char *message);

/** For the others' main thread: tells the first process that no more will come. */
void sweep_mpi_leave(void);

/** For the first process's main thread: answers what has come. False: all others have left. */
bool sweep_mpi_serve(sweep_work *w);

#endif
