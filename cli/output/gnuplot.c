// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/gnuplot.h"

#include "base/clock.h"
#include "base/number.h"
#include "cli/output/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { IN, OUT, ERR, TICK = 50, COMPLAINT = 8192 };

typedef struct {
    pid_t process;
    int pipes[3]; /* our ends; -1: closed */
    const char *script;
    size_t left;
    char *picture;
    size_t size, capacity;
    char complaint[COMPLAINT]; /* the first that it wrote to standard error */
    size_t complaint_length;
    bool ended, memory;
    int status;
} run;

static void close_end(int *descriptor) {
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* What would choose other terminals, fonts or languages. */
static bool is_setting(const char *variable) {
    static const char *const names[] = {"GNUTERM", "GNUPLOT", "GNUHELP", "FIT_", "LC_", "LANG"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strncmp(variable, names[k], strlen(names[k])) == 0)
            return true;
    return false;
}

static char **make_environment(void) {
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **made = malloc((count + 2) * sizeof *made);
    for (size_t k = 0; made && k < count; k++)
        if (!is_setting(environ[k]))
            made[kept++] = environ[k];
    if (made) {
        made[kept++] = "LC_ALL=C.UTF-8";
        made[kept] = NULL;
    }
    return made;
}

/* Its ends are 0, 1 and 2 there; ours are closed by themselves. */
static bool make_pipes(int ours[3], int theirs[3]) {
    for (int k = 0; k < 3; k++)
        ours[k] = theirs[k] = -1;
    for (int k = 0; k < 3; k++) {
        int ends[2];
        if (pipe(ends) != 0)
            return false;
        ours[k] = ends[k == IN];
        theirs[k] = ends[k != IN];
        if (fcntl(ours[k], F_SETFD, FD_CLOEXEC) != 0 ||
            fcntl(theirs[k], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ours[k], F_SETFL, O_NONBLOCK) != 0)
            return false;
    }
    return true;
}

/* In a process group of its own, so that what it has started ends with it. */
static int spawn(pid_t *process, const int theirs[3], char *const *environment) {
    static char *const words[] = {"gnuplot", "-d", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults, none;
    sigfillset(&defaults);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int k = 0; k < 3; k++)
        posix_spawn_file_actions_adddup2(&actions, theirs[k], k);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    const int reason = posix_spawnp(process, "gnuplot", &actions, &attributes, words, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return reason;
}

/* Returns 0 or why not. */
static int start(run *r) {
    int theirs[3];
    char **environment = make_environment();
    int reason = !environment ? ENOMEM : make_pipes(r->pipes, theirs) ? 0 : errno;
    if (!reason)
        reason = spawn(&r->process, theirs, environment);
    if (environment)
        for (int k = 0; k < 3; k++)
            close_end(&theirs[k]);
    free(environment);
    return reason;
}

static void send_script(run *r) {
    const ssize_t sent = write(r->pipes[IN], r->script, r->left);
    if (sent > 0) {
        r->script += sent;
        r->left -= (size_t)sent;
    }
    if (r->left == 0 || (sent < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&r->pipes[IN]);
}

static void take_picture(run *r, const char *bytes, size_t count) {
    if (count > r->capacity - r->size) {
        const size_t capacity = 2 * (r->size + count);
        char *grown = realloc(r->picture, capacity);
        r->memory = grown != NULL;
        if (!grown)
            return;
        r->picture = grown;
        r->capacity = capacity;
    }
    memcpy(r->picture + r->size, bytes, count);
    r->size += count;
}

static void take_complaint(run *r, const char *bytes, size_t count) {
    for (size_t k = 0; k < count && r->complaint_length + 1 < COMPLAINT; k++)
        r->complaint[r->complaint_length++] = bytes[k];
    r->complaint[r->complaint_length] = '\0';
}

static void receive(run *r, int which) {
    char bytes[8192];
    const ssize_t got = read(r->pipes[which], bytes, sizeof bytes);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_end(&r->pipes[which]);
    if (got > 0 && which == OUT)
        take_picture(r, bytes, (size_t)got);
    if (got > 0 && which == ERR)
        take_complaint(r, bytes, (size_t)got);
}

/* Exchanges what can be at once, or waits a moment. Returns whether anything came. */
static bool exchange(run *r) {
    struct pollfd polled[3];
    for (int k = 0; k < 3; k++)
        polled[k] = (struct pollfd){.fd = r->pipes[k], .events = k == IN ? POLLOUT : POLLIN};
    const bool open = r->pipes[OUT] >= 0 || r->pipes[ERR] >= 0;
    if (poll(polled, 3, open ? TICK : 1) <= 0)
        return false;
    if (polled[IN].revents)
        send_script(r);
    bool came = false;
    for (int k = OUT; k <= ERR; k++)
        if (polled[k].revents) {
            receive(r, k);
            came = true;
        }
    return came;
}

static double seconds_allowed(void) {
    const char *text = getenv("ORDPAR_GNUPLOT_TIMEOUT");
    double seconds;
    return text && ordpar_parse_double(text, &seconds) && seconds > 0 ? seconds : 120;
}

static void end_process(run *r) {
    if (r->ended)
        return;
    kill(-r->process, SIGKILL);
    while (waitpid(r->process, &r->status, 0) < 0 && errno == EINTR)
        ;
    r->ended = true;
}

/* Until gnuplot has ended and all it wrote is read. */
static gnuplot_result follow(run *r, bool heed, char *reason) {
    const double seconds = seconds_allowed(), end = ordpar_seconds() + seconds;
    for (bool came = true; !r->ended || came;) {
        if (!r->ended)
            r->ended = waitpid(r->process, &r->status, WNOHANG) > 0;
        came = exchange(r);
        if (heed && interrupted)
            return GNUPLOT_INTERRUPTED;
        if (ordpar_seconds() > end) {
            ordpar_format(reason, GNUPLOT_REASON, "gnuplot did not end within %g s", seconds);
            return GNUPLOT_FAILED;
        }
        if (!r->memory) {
            ordpar_format(reason, GNUPLOT_REASON, "out of memory for the picture");
            return GNUPLOT_FAILED;
        }
    }
    return GNUPLOT_DONE;
}

/* The first line of the complaint that has words of its own: it begins with the command. */
static const char *first_words(char *complaint) {
    static const char echo[] = "gnuplot>";
    char *line = complaint + strspn(complaint, " \t\r\n^");
    while (strncmp(line, echo, sizeof echo - 1) == 0) {
        line += strcspn(line, "\r\n");
        line += strspn(line, " \t\r\n^");
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static gnuplot_result judge(run *r, char *reason) {
    const char *words = first_words(r->complaint), *colon = *words ? ": " : "";
    if (WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0)
        return GNUPLOT_DONE;
    if (WIFEXITED(r->status) && WEXITSTATUS(r->status) == 127)
        ordpar_format(reason, GNUPLOT_REASON, "gnuplot cannot be started%s%s", colon, words);
    else if (WIFEXITED(r->status))
        ordpar_format(reason, GNUPLOT_REASON, "gnuplot ended with exit status %d%s%s",
                      WEXITSTATUS(r->status), colon, words);
    else
        ordpar_format(reason, GNUPLOT_REASON, "gnuplot was ended by signal %d",
                      WTERMSIG(r->status));
    return GNUPLOT_FAILED;
}

gnuplot_result gnuplot_run(const char *script, size_t length, bool heed, char **picture,
                           size_t *size, char reason[GNUPLOT_REASON]) {
    run r = {.script = script, .left = length, .memory = true, .pipes = {-1, -1, -1}};
    gnuplot_result result = GNUPLOT_FAILED;
    const int failed = start(&r);
    if (failed == ENOENT) {
        ordpar_format(reason, GNUPLOT_REASON,
                      "the program gnuplot was not found; it draws the pictures");
    } else if (failed) {
        ordpar_format(reason, GNUPLOT_REASON, "gnuplot cannot be started: %s", strerror(failed));
    } else {
        result = follow(&r, heed, reason);
        end_process(&r);
        if (result == GNUPLOT_DONE)
            result = judge(&r, reason);
    }
    for (int k = 0; k < 3; k++)
        close_end(&r.pipes[k]);
    *picture = r.picture;
    *size = r.size;
    return result;
}
