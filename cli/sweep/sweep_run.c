// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep_run.h"

#include "base/team.h"
#include "cli/output/progress.h"
#include "cli/sweep/sweep_mpi.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void sweep_work_init(sweep_work *w, const options *parsed) {
    *w = (sweep_work){.parsed = parsed, .part = 1, .n_parts = 1};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
}

void sweep_work_clear(sweep_work *w) {
    for (size_t k = 0; w->rows && k < w->grid->n_points; k++)
        free(w->rows[k]);
    free(w->rows);
    free(w->queue);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->changed);
}

bool sweep_work_has(const sweep_work *w, size_t point) {
    return point % w->n_parts == w->part - 1;
}

typedef struct {
    double cost;
    size_t point;
} costly;

static int by_cost(const void *a, const void *b) {
    const costly *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->point > y->point) - (x->point < y->point);
}

ordpar_status sweep_work_queue(sweep_work *w, ordpar_error *err) {
    const size_t n_points = w->grid->n_points;
    costly *order = malloc(n_points * sizeof *order);
    w->queue = malloc(n_points * sizeof *w->queue);
    ordpar_status status = ORDPAR_OK;
    if (!order || !w->queue)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the points");
    for (size_t k = 0; k < n_points && !status; k++) {
        ordpar_model *at;
        w->total += sweep_work_has(w, k);
        if (!sweep_work_has(w, k) || w->rows[k] ||
            (status = sweep_grid_model(w->grid, w->base, k, &at, err)))
            continue;
        order[w->n_queue++] = (costly){ordpar_point_cost(at, (ordpar_job)w->parsed->job), k};
        ordpar_model_free(at);
    }
    if (!status)
        qsort(order, w->n_queue, sizeof *order, by_cost);
    for (size_t k = 0; k < w->n_queue && !status; k++)
        w->queue[k] = order[k].point;
    free(order);
    return status;
}

bool sweep_work_take(sweep_work *w, size_t *point) {
    pthread_mutex_lock(&w->lock);
    const bool more = !interrupted && !w->status && w->next < w->n_queue;
    if (more)
        *point = w->queue[w->next++];
    pthread_mutex_unlock(&w->lock);
    return more;
}

void sweep_work_give(sweep_work *w, size_t point, char *row, const char *message) {
    ordpar_error err;
    pthread_mutex_lock(&w->lock);
    if (row && w->journal && !w->status &&
        (w->status = sweep_journal_add(w->journal, point, row, &err)))
        ordpar_fail(&w->err, w->status, "checkpoint: %.480s", err.message);
    if (row) {
        free(w->rows[point]);
        w->rows[point] = row;
        w->complete++;
    } else if (!interrupted && w->lost++ == 0 && !w->status) {
        ordpar_fail(&w->err, ORDPAR_MEMORY, "%s", message);
        sweep_point_blame(w->grid, point, ORDPAR_MEMORY, &w->err);
    }
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static void compute(sweep_work *w, size_t point) {
    ordpar_error err = {""};
    ordpar_model *at;
    char *row = NULL;
    if (!sweep_grid_model(w->grid, w->base, point, &at, &err) &&
        !ordpar_seen_check(w->grid->seen, &err))
        sweep_point_row(w->grid, w->parsed, at, point, &row, &err);
    ordpar_model_free(at);
    if (row && ordpar_seen_check(w->grid->seen, &err)) {
        free(row);
        row = NULL;
    }
    if (sweep_mpi_rank() == 0)
        sweep_work_give(w, point, row, err.message);
    else
        sweep_mpi_give(w, point, row, err.message);
}

static void *work(void *context) {
    sweep_work *w = context;
    ordpar_threads_alone(); /* of this thread: the points are what runs at once */
    for (size_t point;
         sweep_mpi_rank() == 0 ? sweep_work_take(w, &point) : sweep_mpi_take(w, &point);)
        compute(w, point);
    pthread_mutex_lock(&w->lock);
    w->active--;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Waits for a change, at most so long. */
static void wait_for_change(sweep_work *w, long milliseconds) {
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += milliseconds * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&w->changed, &w->lock, &end);
}

/* What a journal had is no work of this run. */
static void tell(const sweep_work *w, size_t complete) {
    char text[64];
    const size_t done = complete - (w->total - w->n_queue);
    if (w->n_queue == 0)
        return;
    snprintf(text, sizeof text, "%zu of %zu points%s", done, w->n_queue,
             w->n_queue < w->total ? " that were left" : "");
    ordpar_model_tell(w->parsed->model, (double)done / (double)w->n_queue, text);
}

/* Shows progress, and serves the other processes, until all is done here and there. */
static void attend(sweep_work *w) {
    const long patience = sweep_mpi_size() > 1 ? 1 : 200;
    bool others = sweep_mpi_rank() == 0 && sweep_mpi_size() > 1;
    pthread_mutex_lock(&w->lock);
    while (w->active > 0 || others) {
        wait_for_change(w, patience);
        const size_t complete = w->complete;
        pthread_mutex_unlock(&w->lock);
        if (others)
            others = sweep_mpi_serve(w);
        if (sweep_mpi_rank() == 0)
            tell(w, complete);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    if (sweep_mpi_rank() == 0)
        progress_clear();
}

/* With stacks of their own size, whatever the process has. */
static size_t start(sweep_work *w, size_t threads, pthread_t *workers) {
    enum { STACK = 1 << 20 };
    pthread_attr_t attributes;
    size_t started = 0;
    if (pthread_attr_init(&attributes) != 0)
        return 0;
    pthread_attr_setstacksize(&attributes, STACK);
    while (started < threads && ordpar_threads_have_room(started + 1) &&
           pthread_create(&workers[started], &attributes, work, w) == 0)
        started++;
    pthread_attr_destroy(&attributes);
    return started;
}

void sweep_run(sweep_work *w, size_t threads) {
    if (sweep_mpi_size() == 1 && threads > w->n_queue)
        threads = w->n_queue;
    pthread_t *workers = calloc(threads + 1, sizeof *workers);
    w->active = workers ? threads : 0;
    const size_t started = workers ? start(w, threads, workers) : 0;
    const bool alone = started == 0 && w->n_queue > 0; /* this thread does it then */
    pthread_mutex_lock(&w->lock);
    w->active -= workers ? threads - started : 0;
    w->active += alone;
    pthread_mutex_unlock(&w->lock);
    if (alone)
        work(w);
    attend(w);
    for (size_t k = 0; k < started; k++)
        pthread_join(workers[k], NULL);
    free(workers);
    if (sweep_mpi_rank() > 0)
        sweep_mpi_leave();
}
