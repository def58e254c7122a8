// SPDX-License-Identifier: GPL-3.0-or-later
/* Loops that threads share out: each item once, with no more threads than wanted or items. */
#include "base/team.h"
#include "support.h"

#include <dirent.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ITEMS = 12 };

typedef struct {
    atomic_int done[ITEMS];
    atomic_size_t threads, member; /* the most that there were, and the largest member */
} loop;

/* Of this process; 0 where the system does not show them. */
static size_t count_threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    size_t count = 0;
    for (struct dirent *entry; tasks && (entry = readdir(tasks));)
        count += entry->d_name[0] != '.';
    if (tasks)
        closedir(tasks);
    return count;
}

static void raise_to(atomic_size_t *most, size_t value) {
    size_t known = atomic_load(most);
    while (known < value && !atomic_compare_exchange_weak(most, &known, value))
        ;
}

static void do_item(void *context, size_t index, size_t member) {
    loop *l = context;
    atomic_fetch_add(&l->done[index], 1);
    raise_to(&l->threads, count_threads());
    raise_to(&l->member, member);
}

Test(team, has_no_more_threads_than_wanted_or_items) {
    const size_t before = count_threads();
    for (size_t wanted = 0; wanted < 7; wanted++)
        for (size_t count = 0; count <= ITEMS; count++) {
            const size_t least = wanted < count ? wanted : count, helpers = least ? least - 1 : 0;
            loop l = {0};
            while (count_threads() > before) /* those that were joined end a moment later */
                sched_yield();
            ordpar_parallel(wanted, count, do_item, &l);
            for (size_t k = 0; k < ITEMS; k++)
                cr_assert_eq(atomic_load(&l.done[k]), k < count, "item %zu of %zu", k, count);
            cr_assert_leq(atomic_load(&l.member), helpers);
            if (before > 0 && count > 0)
                cr_assert_eq(atomic_load(&l.threads), before + helpers, "%zu wanted, %zu items",
                             wanted, count);
        }
}

static void count_item(void *context, size_t index, size_t member) {
    atomic_fetch_add(&((loop *)context)->done[index], 1);
    (void)member;
}

/* Helpers wait for the next loop, or hold the lock, where a process forks: its child has none. */
Test(team, goes_on_alone_in_a_child) {
    enum { FORKS = 20, LONGEST = 20 /* seconds */ };
    for (size_t k = 0; k < FORKS; k++) {
        ordpar_team *team = ordpar_team_create(4);
        loop l = {0};
        int status = -1;
        ordpar_team_run(team, ITEMS, count_item, &l);
        const pid_t child = fork();
        if (child == 0)
            alarm(LONGEST);
        ordpar_team_run(team, ITEMS, count_item, &l);
        ordpar_team_free(team);
        bool all = true;
        for (size_t item = 0; item < ITEMS; item++)
            all = all && atomic_load(&l.done[item]) == 2;
        if (child == 0)
            _exit(all ? 0 : 1);
        cr_assert(all && child > 0);
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child's status: %d", status);
    }
}
