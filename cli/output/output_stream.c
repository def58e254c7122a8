// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/output_stream.h"

#include "base/clock.h"
#include "cli/output/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Seconds in which a reader may still take something after a signal. */
static const double patience = 1;

/* A signal ends the wait when nothing has moved since for a while; another thread may have got it,
 * so that no call of this one ends. */
static bool is_hopeless(double *since) {
    const double now = ordpar_seconds();
    if (!interrupted)
        *since = now;
    if (!interrupted || now - *since < patience)
        return false;
    errno = EINTR;
    return true;
}

/* A pipe without a reader is waited for, as open would. */
static int open_pipe(const char *path) {
    const struct timespec moment = {.tv_nsec = 50000000};
    double since = ordpar_seconds();
    for (;;) {
        const int descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor >= 0)
            fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
        if (descriptor >= 0 || errno != ENXIO || is_hopeless(&since))
            return descriptor;
        nanosleep(&moment, NULL);
    }
}

int output_stream_open(const char *path, bool append) {
    struct stat state;
    if (stat(path, &state) == 0 && S_ISFIFO(state.st_mode))
        return open_pipe(path);
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);
}

/* What is ready takes PIPE_BUF bytes without a wait. */
static bool wait_ready(int descriptor, double *since) {
    struct pollfd place = {.fd = descriptor, .events = POLLOUT};
    for (;;) {
        if (poll(&place, 1, 100) > 0 || is_hopeless(since))
            return place.revents != 0;
    }
}

bool output_stream_write(int descriptor, const char *text, size_t size) {
    struct stat state;
    const bool waits = fstat(descriptor, &state) == 0 && !S_ISREG(state.st_mode);
    double since = ordpar_seconds();
    for (size_t done = 0; done < size;) {
        const size_t left = size - done, most = waits && left > PIPE_BUF ? PIPE_BUF : left;
        if (waits && !wait_ready(descriptor, &since))
            return false;
        const ssize_t wrote = write(descriptor, text + done, most);
        if (wrote < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
        if (wrote > 0)
            since = ordpar_seconds();
    }
    return true;
}
