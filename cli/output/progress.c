// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/progress.h"

#include "base/clock.h"
#include "base/long_call.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

volatile sig_atomic_t interrupted = 0;

static atomic_bool shown = false; /* points of a sweep clear it from their threads */

static volatile sig_atomic_t at_once = 0;

/* Calls of other libraries, of any thread, that look at nothing. */
static atomic_int long_calls = 0;

static bool takes_words(int descriptor) {
    struct pollfd place = {.fd = descriptor, .events = POLLOUT};
    return poll(&place, 1, 0) == 1 && (place.revents & POLLOUT);
}

/* `timeout`, and who signals a process and its group, means the same thing twice. */
static bool is_repeated(void) {
    static double first;
    const double now = ordpar_seconds();
    if (!interrupted)
        first = now;
    return now - first < 1;
}

static const char *volatile last_words = "ordpar: interrupted\n";

static void leave(void) {
    const char *text = last_words;
    const ssize_t written =
        takes_words(STDERR_FILENO) ? write(STDERR_FILENO, text, strlen(text)) : 0;
    (void)written;
    _exit(130);
}

static void raise_flag(int number) {
    if (!is_repeated()) {
        signal(number, SIG_DFL);
        raise(number);
    }
    interrupted = 1;
    if (at_once || atomic_load(&long_calls) > 0)
        leave();
}

/* What was to end before a call that looks at nothing ends now. */
static void count_long_call(bool begins) {
    atomic_fetch_add(&long_calls, begins ? 1 : -1);
    if (begins && interrupted)
        leave();
}

void progress_name(const char *name) {
    static char text[64];
    snprintf(text, sizeof text, "ordpar %.30s: interrupted\n", name);
    last_words = text;
}

void progress_leave_at_once(bool on) {
    at_once = on;
}

void progress_handle_signals(void) {
    ordpar_long_call_listen(count_long_call);
    struct sigaction action = {.sa_handler = raise_flag};
    struct sigaction hangup;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT); /* one after the other */
    sigaddset(&action.sa_mask, SIGTERM);
    sigaddset(&action.sa_mask, SIGHUP);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (sigaction(SIGHUP, NULL, &hangup) != 0 || hangup.sa_handler != SIG_IGN) /* else nohup */
        sigaction(SIGHUP, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

void progress_duration(double seconds, size_t size, char *text) {
    const double unit = seconds < 90 ? 1 : seconds < 90 * 60 ? 60 : 3600;
    snprintf(text, size, "%.0f %s", ceil(seconds / unit),
             unit == 1    ? "s"
             : unit == 60 ? "min"
                          : "h");
}

/* What is left, from the work since the first call: an interrupted run goes on in the middle. */
static void put_left(double seconds, double begun, double fraction, size_t size, char *text) {
    const double left = seconds * (1 - fraction) / (fraction - begun);
    *text = '\0';
    if (seconds < 2 || !(fraction > begun) || !(left < 1e7))
        return;
    char duration[32];
    progress_duration(left, sizeof duration, duration);
    snprintf(text, size, ", about %s left", duration);
}

/* The terminal, opened once more, so that writing does not wait and others' writing does: it may
 * have been stopped (Ctrl-S), or nobody reads it. Standard error itself where it cannot be opened.
 */
static int terminal(void) {
    static int opened = -1;
    const char *name = opened < 0 ? ttyname(STDERR_FILENO) : NULL;
    if (name)
        opened = open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return opened < 0 ? STDERR_FILENO : opened;
}

/* False: it takes no more, or is another process's at present. Nothing of a run waits for that. */
static bool tell(const char *text) {
    const int place = terminal();
    const pid_t owner = tcgetpgrp(STDERR_FILENO);
    if ((owner > 0 && owner != getpgrp()) || !takes_words(place))
        return false;
    return write(place, text, strlen(text)) == (ssize_t)strlen(text);
}

bool progress_is_stuck(void) {
    return isatty(STDERR_FILENO) && !takes_words(STDERR_FILENO);
}

bool progress_is_shown(const options *parsed) {
    return !parsed->quiet && isatty(STDERR_FILENO);
}

void progress_show(void *context, double fraction, const char *text) {
    static double first, last, begun;
    const options *parsed = context;
    const double now = ordpar_seconds();
    char left[64], line[256];
    if (last == 0) { /* nothing is shown of what ends soon */
        first = last = now;
        begun = fraction;
    }
    if (now - last < 0.3)
        return;
    last = now;
    put_left(now - first, begun, fraction, sizeof left, left);
    snprintf(line, sizeof line, "\r\033[Kordpar %s: %s (%.0f %%%s)", parsed->command->name,
             text ? text : "", 100 * fraction, left);
    shown = tell(line) || shown;
}

void progress_clear(void) {
    if (shown)
        tell("\r\033[K");
    shown = false;
}

void progress_warn(void *context, const char *text) {
    const options *parsed = context;
    char line[2 * ORDPAR_MESSAGE_SIZE];
    ordpar_error said;
    progress_clear();
    if (progress_is_stuck())
        return;
    ordpar_fail(&said, ORDPAR_OK, "%s", text);
    options_message(&said, line, sizeof line);
    fprintf(stderr, "ordpar %s: %s\n", parsed->command->name, line);
}
