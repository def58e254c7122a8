// SPDX-License-Identifier: GPL-3.0-or-later
/* What a signal does, in a child of the test. */
#include "base/long_call.h"
#include "cli/output/progress.h"
#include "support.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEFT = 130, WENT_ON = 7 };

static int status_of(void (*act)(void)) {
    int status = 0;
    fflush(NULL);
    const pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        progress_handle_signals();
        act();
        _exit(WENT_ON);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void interrupt(void) {
    raise(SIGINT);
    if (!interrupted)
        _exit(1);
}

static void interrupt_a_long_call(void) {
    ordpar_long_call_begin();
    raise(SIGINT);
}

static void interrupt_the_second_of_two(void) {
    ordpar_long_call_begin();
    ordpar_long_call_begin();
    ordpar_long_call_end();
    raise(SIGTERM);
}

static void interrupt_after_a_long_call(void) {
    ordpar_long_call_begin();
    ordpar_long_call_end();
    interrupt();
}

static void begin_a_long_call_when_interrupted(void) {
    interrupt();
    ordpar_long_call_begin();
}

Test(signals, end_the_program_within_calls_that_look_at_nothing) {
    cr_assert_eq(status_of(interrupt), WENT_ON);
    cr_assert_eq(status_of(interrupt_a_long_call), LEFT);
    cr_assert_eq(status_of(interrupt_the_second_of_two), LEFT);
    cr_assert_eq(status_of(interrupt_after_a_long_call), WENT_ON);
    cr_assert_eq(status_of(begin_a_long_call_when_interrupted), LEFT);
}
