// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/output.h"

#include "base/replace.h"
#include "base/stream_path.h"
#include "cli/output/output_stream.h"
#include "cli/output/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_dry = false;

static bool is_standard_output(const char *path) {
    return !path || strcmp(path, "-") == 0 || ordpar_stream_of_path(path) == STDOUT_FILENO;
}

static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash + 1 - path) : 0;
}

/* A hidden name beside path. */
static char *name_beside(const char *path, const char *suffix) {
    const size_t folder = folder_length(path), size = strlen(path) + strlen(suffix) + 2;
    char *name = malloc(size);
    if (name)
        snprintf(name, size, "%.*s.%s%s", (int)folder, path, path + folder, suffix);
    return name;
}

static char *temporary_name(const char *path) {
    return name_beside(path, ORDPAR_HIDDEN_SUFFIX);
}

/* The permissions that a new file would get, which mkstemp makes narrower; those of a file that is
 * replaced stay. */
static void set_permissions(int descriptor, const char *path) {
    struct stat status;
    mode_t mode;
    if (stat(path, &status) == 0) {
        mode = status.st_mode & 07777;
    } else {
        const mode_t mask = umask(0);
        umask(mask);
        mode = 0666 & ~mask;
    }
    if (fchmod(descriptor, mode) != 0)
        errno = 0; /* a file system without permissions */
}

static bool takes_words(int descriptor) {
    const int mode = fcntl(descriptor, F_GETFL);
    return mode >= 0 && (mode & O_ACCMODE) != O_RDONLY;
}

ordpar_status output_check(const char *option, const char *path, ordpar_error *err) {
    if (is_standard_output(path))
        return ORDPAR_OK;
    struct stat status;
    const bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return ordpar_fail(err, ORDPAR_IO, "%s: %s: is a folder", option, path);
    int reason = exists && access(path, W_OK) != 0 ? errno : 0;
    if (ordpar_stream_of_path(path) >= 0 && !takes_words(ordpar_stream_of_path(path)))
        reason = EBADF;
    if (!reason && !ordpar_stream_is_direct(path))
        reason = ordpar_replace_check(path);
    return reason ? ordpar_fail(err, ORDPAR_IO, "%s: %s: cannot be written: %s", option, path,
                                strerror(reason))
                  : ORDPAR_OK;
}

/* Both name one file, or both standard output. */
static bool same_target(const char *a, const char *b) {
    if (!a || !b || strcmp(a, b) == 0)
        return !a == !b;
    if (strcmp(a + folder_length(a), b + folder_length(b)) != 0)
        return false;
    struct stat at_a, at_b;
    char *folder_a = strndup(a, folder_length(a)), *folder_b = strndup(b, folder_length(b));
    const bool same = folder_a && folder_b && stat(*folder_a ? folder_a : ".", &at_a) == 0 &&
                      stat(*folder_b ? folder_b : ".", &at_b) == 0 && at_a.st_dev == at_b.st_dev &&
                      at_a.st_ino == at_b.st_ino;
    free(folder_a);
    free(folder_b);
    return same;
}

bool output_same(const char *a, const char *b) {
    if (is_standard_output(a) || is_standard_output(b))
        return is_standard_output(a) && is_standard_output(b);
    char *to_a = ordpar_path_target(a), *to_b = ordpar_path_target(b);
    const bool same = to_a && to_b && same_target(to_a, to_b);
    free(to_a);
    free(to_b);
    return same;
}

/* Where path leads must be no other output's target. */
static ordpar_status take_target(const output_set *set, const char *path, output_target *target,
                                 ordpar_error *err) {
    if (set->count == OUTPUT_MAX)
        return ordpar_fail(err, ORDPAR_INVALID, "more than %d outputs", OUTPUT_MAX);
    const bool is_file = !is_standard_output(path);
    target->path = is_file ? ordpar_path_target(path) : NULL;
    target->name = is_file ? strdup(path) : NULL;
    if (is_file && !(target->path && target->name))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output");
    for (size_t k = 0; k < set->count; k++)
        if (same_target(set->targets[k].path, target->path))
            return ordpar_fail(err, ORDPAR_INVALID, "two outputs go to %s",
                               path ? path : "standard output");
    return ORDPAR_OK;
}

FILE *output_open(output_set *set, const char *option, const char *path, ordpar_status *status,
                  ordpar_error *err) {
    output_target taken = {.option = set->option ? set->option : option, .held = -1};
    if (!(*status = take_target(set, path, &taken, err))) {
        output_target *target = &set->targets[set->count];
        *target = taken;
        if (ordpar_text_open(&target->stream)) {
            set->count++;
            return target->stream.file;
        }
        *status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the output");
    }
    free(taken.path);
    free(taken.name);
    return NULL;
}

static void drop(output_target *target) {
    if (target->held >= 0)
        close(target->held);
    if (target->temporary)
        unlink(target->temporary);
    free(target->temporary);
    free(ordpar_text_end(&target->stream));
    free(target->path);
    free(target->name);
}

/* Each output is lost once, and SIGINT may come. */
void output_lose(output_set *set, ordpar_status status, const char *format, ...) {
    output_loss *loss = &set->losses[set->n_losses++];
    *loss = (output_loss){.status = status};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(loss->reason.message, sizeof loss->reason.message, format, arguments);
    va_end(arguments);
}

static void remove_target(output_set *set, size_t k) {
    drop(&set->targets[k]);
    set->count--;
    memmove(&set->targets[k], &set->targets[k + 1], (set->count - k) * sizeof *set->targets);
    set->lacks_first = set->lacks_first || k == 0;
}

static output_loss *lose(output_set *set, size_t k, ordpar_status status, const char *reason) {
    output_lose(set, status, "%s", reason);
    output_loss *loss = &set->losses[set->n_losses - 1];
    loss->path = set->targets[k].name;
    set->targets[k].name = NULL;
    remove_target(set, k);
    return loss;
}

void output_lose_last(output_set *set, ordpar_status status, const ordpar_error *reason) {
    lose(set, set->count - 1, status, reason->message);
}

/* errno says why target k cannot be written; the others go on without it. */
static void go_on_without(output_set *set, size_t k) {
    const output_target *target = &set->targets[k];
    const char *name = target->name ? target->name : "standard output";
    ordpar_status status = ORDPAR_IO;
    ordpar_error reason;
    if (errno == EINTR && interrupted)
        status =
            ordpar_fail(&reason, ORDPAR_INTERRUPTED, "interrupted: %.200s is not written", name);
    else
        ordpar_fail(&reason, status, "%s%s%.200s: cannot be written: %.100s",
                    target->name ? target->option : "", target->name ? ": " : "", name,
                    strerror(errno));
    lose(set, k, status, reason.message)->tells = true;
}

static bool write_all(FILE *file, const output_target *target) {
    const ordpar_text_stream *s = &target->stream;
    return fwrite(s->text, 1, s->size, file) == s->size && fflush(file) == 0;
}

/* A file under a name that nothing has, which is held. */
static int make_temporary(output_target *target) {
    enum { TRIES = 100 };
    for (int k = 0; k < TRIES && (target->temporary = temporary_name(target->path)); k++) {
        const int descriptor = mkstemp(target->temporary);
        if (descriptor >= 0 && ordpar_replace_hold(descriptor)) {
            target->held = dup(descriptor);
            return descriptor;
        }
        free(target->temporary);
        target->temporary = NULL;
        if (descriptor < 0)
            return -1;
        close(descriptor);
    }
    return -1;
}

/* Writes a temporary file to the disk, so that a full one shows here. */
static bool write_temporary(output_target *target) {
    const ordpar_text_stream *s = &target->stream;
    ordpar_replace_remove_remains(target->path, true, s->text, s->size < 9 ? s->size : 9);
    const int descriptor = make_temporary(target);
    if (descriptor < 0)
        return false;
    set_permissions(descriptor, target->path);
    FILE *file = fdopen(descriptor, "w");
    if (!file) {
        close(descriptor);
        return false;
    }
    bool good = write_all(file, target);
    good = good && ordpar_replace_flush(descriptor);
    const int reason = errno;
    const bool closed = fclose(file) == 0;
    if (!good)
        errno = reason;
    return good && closed;
}

static bool write_in_place(const output_target *target) {
    const ordpar_text_stream *s = &target->stream;
    if (!target->path) {
        progress_clear();
        return fflush(stdout) == 0 && output_stream_write(STDOUT_FILENO, s->text, s->size);
    }
    const int stream = ordpar_stream_of_path(target->path);
    const int descriptor = stream >= 0
                               ? dup(stream)
                               : output_stream_open(target->path, stream == ORDPAR_STREAM_FOREIGN);
    if (descriptor < 0)
        return false;
    const bool good = output_stream_write(descriptor, s->text, s->size);
    const int reason = errno;
    const bool closed = close(descriptor) == 0;
    if (!good)
        errno = reason;
    return good && closed;
}

static bool put_in_place(output_target *target) {
    if (target->temporary && rename(target->temporary, target->path) != 0)
        return false;
    free(target->temporary);
    target->temporary = NULL;
    return true;
}

/* All renames, without a signal in between. */
static void put_all_in_place(output_set *set) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    for (size_t k = 0; k < set->count;)
        if (put_in_place(&set->targets[k]))
            k++;
        else
            go_on_without(set, k);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Writes what can be put in place later, or (direct) what cannot: standard output, devices and
 * pipes. */
static void write_all_targets(output_set *set, bool direct) {
    for (size_t k = 0; k < set->count;) {
        output_target *target = &set->targets[k];
        const bool is_direct = !target->path || ordpar_stream_is_direct(target->path);
        if (is_direct != direct || (direct ? write_in_place(target) : write_temporary(target)))
            k++;
        else
            go_on_without(set, k);
    }
}

/* The streams do not move before all are closed. */
static void close_buffers(output_set *set) {
    for (size_t k = 0; k < set->count; k++)
        (void)ordpar_text_end(&set->targets[k].stream);
    for (size_t k = 0; k < set->count;)
        if (set->targets[k].stream.text) {
            k++;
        } else {
            errno = ENOMEM;
            go_on_without(set, k);
        }
}

/* Behind the reason, what is at its place and what is written. */
static void tell_files(const output_set *set, output_loss *loss) {
    char *text = loss->reason.message;
    const size_t size = sizeof loss->reason.message;
    size_t used = strlen(text);
    if (loss->path && access(loss->path, F_OK) == 0 && !ordpar_stream_is_direct(loss->path))
        used += (size_t)snprintf(text + used, size - used, "; the file there is older");
    for (size_t k = 0; k < set->count && used < size && loss->tells; k++) {
        const char *name = set->targets[k].name;
        used += (size_t)snprintf(text + used, size - used, "%s%.100s",
                                 k == 0               ? "; "
                                 : k + 1 < set->count ? ", "
                                                      : " and ",
                                 name ? name : "standard output");
    }
    if (set->count && used < size && loss->tells)
        snprintf(text + used, size - used, set->count > 1 ? " are written" : " is written");
}

/* An interruption counts first. One of several outputs is a failure, all of them are places that
 * cannot be written. */
static ordpar_status status_of(const output_set *set) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < set->n_losses && status != ORDPAR_INTERRUPTED; k++)
        status = set->losses[k].status;
    return status == ORDPAR_IO && set->count > 0 ? ORDPAR_NUMERICAL : status;
}

ordpar_status output_commit(output_set *set, ordpar_error *err) {
    if (output_dry) {
        output_abandon(set);
        return ORDPAR_OK;
    }
    close_buffers(set);
    progress_clear(); /* the table may go to the same terminal */
    write_all_targets(set, false);
    write_all_targets(set, true);
    put_all_in_place(set);
    if (interrupted && !set->keep && !set->n_losses)
        output_lose(set, ORDPAR_INTERRUPTED, "interrupted when all was computed; it is written");
    for (size_t k = 0; k < set->n_losses; k++)
        tell_files(set, &set->losses[k]);
    const ordpar_status status = status_of(set);
    if (status && err)
        *err = set->losses[set->n_losses - 1].reason;
    output_abandon(set);
    return status;
}

bool output_has_first(const output_set *set) {
    return !set->lacks_first;
}

void output_abandon(output_set *set) {
    for (size_t k = 0; k < set->count; k++)
        drop(&set->targets[k]);
    for (size_t k = 0; k < set->n_losses; k++) {
        free(set->losses[k].path);
        set->losses[k].path = NULL;
    }
    set->count = 0;
}
