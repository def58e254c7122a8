// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/progress.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

volatile sig_atomic_t interrupted = 0;

static atomic_bool shown = false; /* points of a sweep clear it from their threads */

static void raise_flag(int signal) {
    (void)signal;
    interrupted = 1;
}

void progress_handle_signals(void) {
    struct sigaction action = {.sa_handler = raise_flag, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

static bool is_time(void) {
    static double last = 0;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const double seconds = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
    if (last == 0)
        last = seconds; /* nothing is shown of what ends soon */
    if (seconds - last < 0.3)
        return false;
    last = seconds;
    return true;
}

void progress_show(void *context, double fraction, const char *text) {
    static int terminal = -1; /* not asked yet */
    const options *parsed = context;
    if (parsed->quiet)
        return;
    if (terminal < 0)
        terminal = isatty(STDERR_FILENO);
    if (!terminal || !is_time())
        return;
    fprintf(stderr, "\r\033[Kordpar %s: %s (%.0f %%)", parsed->command->name, text ? text : "",
            100 * fraction);
    fflush(stderr);
    shown = true;
}

void progress_clear(void) {
    if (shown)
        fputs("\r\033[K", stderr);
    shown = false;
}
