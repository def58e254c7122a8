// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep_mpi.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number that mpirun (Open MPI, MPICH) or srun gave to the process; -1: none. */
static int launched(const char *const names[]) {
    for (size_t k = 0; names[k]; k++) {
        const char *text = getenv(names[k]);
        if (text && *text)
            return atoi(text);
    }
    return -1;
}

static int launched_size(void) {
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", NULL};
    return launched(names);
}

static int rank = 0;

void sweep_mpi_quieten(void) {
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", NULL};
    if (launched_size() > 1 && launched(names) > 0)
        rank = launched(names);
}

int sweep_mpi_rank(void) {
    return rank;
}

#ifndef ORDPAR_HAVE_MPI

ordpar_status sweep_mpi_begin(ordpar_error *err) {
    if (launched_size() > 1)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "was started by mpirun, but this program was built without MPI");
    return ORDPAR_OK;
}

ordpar_status sweep_mpi_end(ordpar_status status) {
    return status;
}

int sweep_mpi_size(void) {
    return 1;
}

ordpar_status sweep_mpi_agree(ordpar_status status, ordpar_error *err) {
    (void)err;
    return status;
}

ordpar_status sweep_mpi_same(const char *text, ordpar_error *err) {
    (void)text, (void)err;
    return ORDPAR_OK;
}

bool sweep_mpi_take(sweep_work *w, size_t *point) {
    (void)w, (void)point;
    return false;
}

void sweep_mpi_give(sweep_work *w, size_t point, char *row, const char *message) {
    (void)w, (void)point, (void)row, (void)message;
}

void sweep_mpi_leave(void) {}

bool sweep_mpi_serve(sweep_work *w) {
    (void)w;
    return false;
}

#else

#include "cli/output/progress.h"

#include <mpi.h>

enum { TAG_ASK, TAG_ROW, TAG_NO_ROW, TAG_LEAVE, TAG_POINT };

/* srun may tell the rank alone. */
static bool is_launched(void) {
    static const char *const names[] = {"PMIX_RANK", NULL};
    return launched_size() >= 0 || launched(names) >= 0;
}

static int size = 1;
static bool started = false;
static int left = 0; /* processes that have left */

ordpar_status sweep_mpi_begin(ordpar_error *err) {
    int provided;
    if (!is_launched())
        return ORDPAR_OK;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "MPI cannot be started");
    started = true;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (launched_size() > 1 && size == 1)
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "%d processes were started, but MPI does not connect them",
                           launched_size());
    if (provided < MPI_THREAD_SERIALIZED)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "this MPI cannot be used from threads");
    return ORDPAR_OK;
}

ordpar_status sweep_mpi_end(ordpar_status status) {
    if (!started)
        return status;
    MPI_Finalize();
    return rank == 0 ? status : ORDPAR_OK;
}

int sweep_mpi_size(void) {
    return size;
}

ordpar_status sweep_mpi_agree(ordpar_status status, ordpar_error *err) {
    int mine = status ? rank : size, first = mine, agreed = (int)status;
    char message[ORDPAR_MESSAGE_SIZE];
    if (!started || size == 1)
        return status;
    MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (first == size)
        return ORDPAR_OK;
    MPI_Bcast(&agreed, 1, MPI_INT, first, MPI_COMM_WORLD);
    options_message(err, message, sizeof message);
    MPI_Bcast(message, sizeof message, MPI_CHAR, first, MPI_COMM_WORLD);
    if (first > 0)
        ordpar_fail(err, (ordpar_status)agreed, "process %d of %d: %s", first + 1, size, message);
    return (ordpar_status)agreed;
}

ordpar_status sweep_mpi_same(const char *text, ordpar_error *err) {
    uint64_t length = strlen(text) + 1;
    if (!started || size == 1)
        return ORDPAR_OK;
    MPI_Bcast(&length, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    char *first = malloc(length);
    if (!first || length > INT_MAX)
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    if (rank == 0)
        memcpy(first, text, length);
    MPI_Bcast(first, (int)length, MPI_CHAR, 0, MPI_COMM_WORLD);
    const ordpar_status status = sweep_table_same(first, text, "the first process", err);
    free(first);
    return sweep_mpi_agree(status, err);
}

/* The lock keeps the threads of a process apart: one talks at a time. */
bool sweep_mpi_take(sweep_work *w, size_t *point) {
    uint64_t answer;
    if (interrupted)
        return false;
    pthread_mutex_lock(&w->lock);
    MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_ASK, MPI_COMM_WORLD);
    MPI_Recv(&answer, 1, MPI_UINT64_T, 0, TAG_POINT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    pthread_mutex_unlock(&w->lock);
    *point = (size_t)answer;
    return answer != UINT64_MAX;
}

/* The point's number, then the row or the message with its final zero. */
void sweep_mpi_give(sweep_work *w, size_t point, char *row, const char *message) {
    const uint64_t number = point;
    if (!row && interrupted)
        return;
    const size_t length = strlen(row ? row : message) + 1;
    pthread_mutex_lock(&w->lock);
    MPI_Send(&number, 1, MPI_UINT64_T, 0, row ? TAG_ROW : TAG_NO_ROW, MPI_COMM_WORLD);
    MPI_Send(row ? row : message, (int)length, MPI_CHAR, 0, row ? TAG_ROW : TAG_NO_ROW,
             MPI_COMM_WORLD);
    pthread_mutex_unlock(&w->lock);
    free(row);
}

void sweep_mpi_leave(void) {
    MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_LEAVE, MPI_COMM_WORLD);
}

static void answer(sweep_work *w, int source) {
    size_t point;
    const uint64_t number = sweep_work_take(w, &point) ? point : UINT64_MAX;
    MPI_Send(&number, 1, MPI_UINT64_T, source, TAG_POINT, MPI_COMM_WORLD);
}

static void receive(sweep_work *w, int source, int tag) {
    uint64_t number;
    int length;
    MPI_Status status;
    MPI_Recv(&number, 1, MPI_UINT64_T, source, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Probe(source, tag, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_CHAR, &length);
    char *text = malloc((size_t)length);
    if (!text)
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    MPI_Recv(text, length, MPI_CHAR, source, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    sweep_work_give(w, (size_t)number, tag == TAG_ROW ? text : NULL, text);
    if (tag != TAG_ROW)
        free(text);
}

bool sweep_mpi_serve(sweep_work *w) {
    int there = 1;
    while (left < size - 1) {
        MPI_Status status;
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
        if (!there)
            break;
        if (status.MPI_TAG == TAG_ROW || status.MPI_TAG == TAG_NO_ROW) {
            receive(w, status.MPI_SOURCE, status.MPI_TAG);
            continue;
        }
        MPI_Recv(NULL, 0, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        if (status.MPI_TAG == TAG_ASK)
            answer(w, status.MPI_SOURCE);
        else
            left++;
    }
    return left < size - 1;
}

#endif
