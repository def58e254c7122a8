// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep_messages.h"

#include <mpi.h>
#include <stdlib.h>

static bool begin(int *rank, int *size, bool *threads) {
    int provided;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS)
        return false;
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, size);
    *threads = provided >= MPI_THREAD_SERIALIZED;
    return true;
}

static void end(void) {
    MPI_Finalize();
}

static void abandon(void) {
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
}

static int least(int mine) {
    int all = mine;
    MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return all;
}

static void broadcast(void *data, int bytes, int from) {
    MPI_Bcast(data, bytes, MPI_BYTE, from, MPI_COMM_WORLD);
}

static void send(const void *data, int bytes, int to, int tag) {
    MPI_Send(data, bytes, MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

static int wait(int from, int tag) {
    MPI_Status status;
    int bytes;
    MPI_Probe(from, tag, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &bytes);
    return bytes;
}

static void receive(void *data, int bytes, int from, int tag) {
    MPI_Recv(data, bytes, MPI_BYTE, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static bool arrived(int *from, int *tag) {
    MPI_Status status;
    int there;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
    if (there)
        *from = status.MPI_SOURCE, *tag = status.MPI_TAG;
    return there;
}

const sweep_messages ordpar_sweep_messages = {
    .begin = begin,
    .end = end,
    .abandon = abandon,
    .least = least,
    .broadcast = broadcast,
    .send = send,
    .wait = wait,
    .receive = receive,
    .arrived = arrived,
};
