// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep_mpi.h"

#include "base/number.h"
#include "base/text_stream.h"
#include "cli/output/progress.h"
#include "cli/sweep/sweep_messages.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

enum { TAG_ASK, TAG_ROW, TAG_NO_ROW, TAG_LEAVE, TAG_POINT };

/* srun may tell the rank alone. */
static bool is_launched(void) {
    static const char *const names[] = {"PMIX_RANK", NULL};
    return launched_size() >= 0 || launched(names) >= 0;
}

static int size = 1;
static const sweep_messages *mpi = NULL; /* once it is started */
static int left = 0;                     /* processes that have left */
static bool has_begun = false;           /* or tried to */

#ifdef ORDPAR_MPI_MODULE
/* The module, at `place` from the program's folder; NULL: there is none that can be loaded. */
static const sweep_messages *load(const char *place, char *why, size_t room) {
    char path[PATH_MAX + 256];
    const ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    char *end = strrchr(path, '/');
    ordpar_format(end ? end + 1 : path, 256, "%s", place);
    void *module = dlopen(path, RTLD_NOW | RTLD_GLOBAL); /* Open MPI's own modules look for it */
    const char *reason = module ? "" : dlerror();
    ordpar_format(why, room, "%s", reason ? reason : "");
    return module ? dlsym(module, "ordpar_sweep_messages") : NULL;
}

static ordpar_status find(const sweep_messages **found, ordpar_error *err) {
    char why[ORDPAR_MESSAGE_SIZE / 2];
    *found = load(ORDPAR_MPI_MODULE, why, sizeof why); /* installed */
    if (!*found)
        *found = load("ordpar_mpi.so", why, sizeof why); /* built */
    return *found || launched_size() == 1
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_IO, "was started by mpirun, but MPI cannot be loaded: %s",
                             why);
}
#elif defined ORDPAR_HAVE_MPI
static ordpar_status find(const sweep_messages **found, ordpar_error *err) {
    (void)err;
    *found = &ordpar_sweep_messages;
    return ORDPAR_OK;
}
#else
static ordpar_status find(const sweep_messages **found, ordpar_error *err) {
    *found = NULL;
    return launched_size() <= 1
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "was started by mpirun, but this program was built without MPI");
}
#endif

ordpar_status sweep_mpi_begin(ordpar_error *err) {
    const sweep_messages *found = NULL;
    bool threads = false;
    has_begun = true;
    const ordpar_status status = is_launched() ? find(&found, err) : ORDPAR_OK;
    if (status || !found)
        return status;
    if (!found->begin(&rank, &size, &threads))
        return ordpar_fail(err, ORDPAR_NUMERICAL, "MPI cannot be started");
    mpi = found;
    if (launched_size() > 1 && size == 1)
        return ordpar_fail(err, ORDPAR_NUMERICAL,
                           "%d processes were started, but MPI does not connect them",
                           launched_size());
    if (!threads)
        return ordpar_fail(err, ORDPAR_NUMERICAL, "this MPI cannot be used from threads");
    return ORDPAR_OK;
}

ordpar_status sweep_mpi_end(ordpar_status status) {
    if (!mpi)
        return status;
    mpi->end();
    return rank == 0 ? status : ORDPAR_OK;
}

int sweep_mpi_size(void) {
    return size;
}

ordpar_status sweep_mpi_agree(ordpar_status status, ordpar_error *err) {
    int agreed = (int)status;
    char message[ORDPAR_MESSAGE_SIZE];
    if (!mpi || size == 1)
        return status;
    const int first = mpi->least(status ? rank : size);
    if (first == size)
        return ORDPAR_OK;
    mpi->broadcast(&agreed, sizeof agreed, first);
    options_message(err, message, sizeof message);
    mpi->broadcast(message, sizeof message, first);
    if (first > 0)
        ordpar_fail(err, (ordpar_status)agreed, "process %d of %d: %s", first + 1, size, message);
    return (ordpar_status)agreed;
}

ordpar_status sweep_mpi_refuse(ordpar_status status, ordpar_error *err) {
    ordpar_error reason; /* the failure itself is what is told */
    if (has_begun || launched_size() <= 1 || sweep_mpi_begin(&reason))
        return status;
    return sweep_mpi_end(sweep_mpi_agree(status, err));
}

/* The first process's text, in all. */
static char *broadcast_text(const char *text) {
    uint64_t length = strlen(text) + 1;
    mpi->broadcast(&length, sizeof length, 0);
    char *first = malloc(length);
    if (!first || length > INT_MAX)
        mpi->abandon();
    if (rank == 0)
        memcpy(first, text, length);
    mpi->broadcast(first, (int)length, 0);
    return first;
}

ordpar_status sweep_mpi_same(const char *text, const char *part, ordpar_error *err) {
    ordpar_text_stream stream = {0};
    if (!mpi || size == 1)
        return ORDPAR_OK;
    FILE *file = ordpar_text_open(&stream);
    if (file)
        fprintf(file, "%s\npart: %s", text, part ? part : "all");
    char *own = file ? ordpar_text_end(&stream) : NULL;
    if (!own)
        mpi->abandon();
    char *first = broadcast_text(own);
    const ordpar_status status = sweep_table_same(first, own, "the first process", err);
    free(first);
    free(own);
    return sweep_mpi_agree(status, err);
}

/* The lock keeps the threads of a process apart: one talks at a time. */
bool sweep_mpi_take(sweep_work *w, size_t *point) {
    uint64_t answer;
    if (interrupted)
        return false;
    pthread_mutex_lock(&w->lock);
    mpi->send(NULL, 0, 0, TAG_ASK);
    mpi->receive(&answer, sizeof answer, 0, TAG_POINT);
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
    mpi->send(&number, sizeof number, 0, row ? TAG_ROW : TAG_NO_ROW);
    mpi->send(row ? row : message, (int)length, 0, row ? TAG_ROW : TAG_NO_ROW);
    pthread_mutex_unlock(&w->lock);
    free(row);
}

void sweep_mpi_leave(void) {
    mpi->send(NULL, 0, 0, TAG_LEAVE);
}

static void answer(sweep_work *w, int source) {
    size_t point;
    const uint64_t number = sweep_work_take(w, &point) ? point : UINT64_MAX;
    mpi->send(&number, sizeof number, source, TAG_POINT);
}

static void receive(sweep_work *w, int source, int tag) {
    uint64_t number;
    mpi->receive(&number, sizeof number, source, tag);
    const int length = mpi->wait(source, tag);
    char *text = malloc((size_t)length);
    if (!text)
        mpi->abandon();
    mpi->receive(text, length, source, tag);
    sweep_work_give(w, (size_t)number, tag == TAG_ROW ? text : NULL, text);
    if (tag != TAG_ROW)
        free(text);
}

bool sweep_mpi_serve(sweep_work *w) {
    int source, tag;
    while (left < size - 1 && mpi->arrived(&source, &tag)) {
        if (tag == TAG_ROW || tag == TAG_NO_ROW) {
            receive(w, source, tag);
            continue;
        }
        mpi->receive(NULL, 0, source, tag);
        if (tag == TAG_ASK)
            answer(w, source);
        else
            left++;
    }
    return left < size - 1;
}
