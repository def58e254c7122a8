// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/team.h"

#include "base/floating_point.h"
#include "base/linear_algebra.h"
#include "base/number.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* Of a thread: enough for every loop and for OpenBLAS's parallel factors (factor.h), whatever the
 * limit of the process is. What is not touched costs no memory. */
enum { STACK = 8 << 20 };

typedef struct {
    ordpar_team *team;
    size_t member;
    pthread_t thread;
} helper;

struct ordpar_team {
    pthread_mutex_t mutex;
    pthread_cond_t begin, end;
    unsigned long round; /* counts the loops; helpers begin when it changes */
    size_t working;      /* helpers in this loop */
    bool open;           /* it may still be joined */
    bool closed;
    size_t count;
    atomic_size_t next; /* item */
    ordpar_task task;
    void *context;
    size_t size;   /* helpers and the caller */
    pid_t process; /* where the helpers are: a child that goes on has none of them */
    helper helpers[];
};

static _Thread_local bool alone;
static _Thread_local int asked_for; /* 0: nothing */

void ordpar_threads_alone(void) {
    alone = true;
}

int ordpar_threads_ask(int wanted) {
    const int before = asked_for;
    asked_for = wanted;
    return before;
}

/* Cores that this process may use. */
static size_t cores(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

/* More than that in the environment is a slip. */
enum { MOST_THREADS = 1024 };

size_t ordpar_threads(int wanted) {
    const char *text = getenv("OMP_NUM_THREADS");
    int64_t asked;
    if (wanted > 0)
        return (size_t)wanted;
    if (alone)
        return 1;
    if (asked_for > 0)
        return (size_t)asked_for;
    if (!text || !ordpar_parse_integer(text, &asked) || asked < 1)
        return cores();
    return asked < MOST_THREADS ? (size_t)asked : MOST_THREADS;
}

bool ordpar_threads_have_room(size_t threads) {
    return ordpar_has_address_space(threads * ((size_t)192 << 20));
}

static void work(ordpar_team *team, size_t member) {
    for (size_t k; (k = atomic_fetch_add(&team->next, 1)) < team->count;)
        team->task(team->context, k, member);
}

static void *help(void *argument) {
    const helper *self = argument;
    ordpar_team *team = self->team;
    const ordpar_floating_point host = ordpar_floating_point_enter();
    unsigned long done = 0;
    alone = true;
    pthread_mutex_lock(&team->mutex);
    for (;;) {
        while (team->round == done && !team->closed)
            pthread_cond_wait(&team->begin, &team->mutex);
        if (team->closed)
            break;
        done = team->round;
        if (!team->open) /* it came too late to help */
            continue;
        team->working++;
        pthread_mutex_unlock(&team->mutex);
        work(team, self->member);
        pthread_mutex_lock(&team->mutex);
        if (--team->working == 0)
            pthread_cond_signal(&team->end);
    }
    pthread_mutex_unlock(&team->mutex);
    ordpar_floating_point_leave(&host);
    return NULL;
}

/* Makes helpers until one cannot be made. */
static void start_helpers(ordpar_team *team, size_t wanted) {
    sigset_t all, before;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return;
    pthread_attr_setstacksize(&attributes, STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; team->size < wanted && ordpar_threads_have_room(team->size + 1); team->size++) {
        helper *h = &team->helpers[team->size - 1];
        *h = (helper){.team = team, .member = team->size};
        if (pthread_create(&h->thread, &attributes, help, h) != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

ordpar_team *ordpar_team_create(size_t wanted) {
    if (wanted < 2)
        return NULL;
    ordpar_team *team = calloc(1, sizeof *team + (wanted - 1) * sizeof *team->helpers);
    if (!team)
        return NULL;
    pthread_mutex_init(&team->mutex, NULL);
    pthread_cond_init(&team->begin, NULL);
    pthread_cond_init(&team->end, NULL);
    team->size = 1;
    team->process = getpid();
    start_helpers(team, wanted);
    return team;
}

ordpar_team *ordpar_team_for(size_t items) {
    const size_t threads = ordpar_threads(0);
    return ordpar_team_create(threads < items ? threads : items);
}

static bool is_here(const ordpar_team *team) {
    return team->process == getpid();
}

void ordpar_team_free(ordpar_team *team) {
    if (!team)
        return;
    if (!is_here(team)) { /* what helpers held, or waited for, they do for ever */
        free(team);
        return;
    }
    pthread_mutex_lock(&team->mutex);
    team->closed = true;
    pthread_cond_broadcast(&team->begin);
    pthread_mutex_unlock(&team->mutex);
    for (size_t k = 1; k < team->size; k++)
        pthread_join(team->helpers[k - 1].thread, NULL);
    pthread_cond_destroy(&team->begin);
    pthread_cond_destroy(&team->end);
    pthread_mutex_destroy(&team->mutex);
    free(team);
}

size_t ordpar_team_size(const ordpar_team *team) {
    return team ? team->size : 1;
}

void ordpar_team_run(ordpar_team *team, size_t count, ordpar_task task, void *context) {
    if (ordpar_team_size(team) == 1 || count == 1 || !is_here(team)) {
        for (size_t k = 0; k < count; k++)
            task(context, k, 0);
        return;
    }
    pthread_mutex_lock(&team->mutex);
    team->task = task;
    team->context = context;
    team->count = count;
    atomic_store(&team->next, 0);
    team->working = 0;
    team->open = true;
    team->round++;
    pthread_cond_broadcast(&team->begin);
    pthread_mutex_unlock(&team->mutex);
    const bool was_alone = alone;
    alone = true;
    work(team, 0);
    alone = was_alone;
    pthread_mutex_lock(&team->mutex);
    team->open = false;
    while (team->working > 0)
        pthread_cond_wait(&team->end, &team->mutex);
    pthread_mutex_unlock(&team->mutex);
}

void ordpar_parallel(size_t wanted, size_t count, ordpar_task task, void *context) {
    ordpar_team *team = ordpar_team_create(wanted < count ? wanted : count);
    ordpar_team_run(team, count, task, context);
    ordpar_team_free(team);
}

void ordpar_failures_add(ordpar_failures *failures, size_t item, ordpar_status status,
                         const ordpar_error *reason) {
    pthread_mutex_lock(&failures->mutex);
    if (!failures->status || item < failures->item) {
        failures->item = item;
        failures->status = status;
        failures->reason = *reason;
    }
    pthread_mutex_unlock(&failures->mutex);
}
