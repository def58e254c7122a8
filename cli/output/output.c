// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/output.h"

#include "base/replace.h"
#include "base/stream_path.h"
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

static ordpar_status cannot_write(const output_target *target, ordpar_error *err) {
    if (!target->path)
        return ordpar_fail(err, ORDPAR_IO, "standard output: cannot be written: %s",
                           strerror(errno));
    return ordpar_fail(err, ORDPAR_IO, "%s: %.400s: cannot be written: %s", target->option,
                       target->path, strerror(errno));
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
    target->path = is_standard_output(path) ? NULL : ordpar_path_target(path);
    if (!target->path && !is_standard_output(path))
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
    return NULL;
}

static bool close_buffer(output_target *target) {
    const bool good = ordpar_text_end(&target->stream);
    if (!good)
        errno = ENOMEM;
    return good;
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
    good = good && (fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS);
    const int reason = errno;
    const bool closed = fclose(file) == 0;
    if (!good)
        errno = reason;
    return good && closed;
}

static bool write_in_place(const output_target *target) {
    if (!target->path) {
        progress_clear();
        return write_all(stdout, target);
    }
    const int descriptor = ordpar_stream_of_path(target->path);
    FILE *file = descriptor >= 0
                     ? fdopen(dup(descriptor), "w")
                     : fopen(target->path, descriptor == ORDPAR_STREAM_FOREIGN ? "a" : "w");
    if (!file)
        return false;
    const bool good = write_all(file, target);
    const int reason = errno;
    const bool closed = fclose(file) == 0;
    if (!good)
        errno = reason;
    return good && closed;
}

/* Keeps the file that is to be replaced under another name, for the case that a later output
 * cannot be put in place. */
static bool set_aside(output_target *target) {
    char suffix[32];
    if (access(target->path, F_OK) != 0)
        return true;
    snprintf(suffix, sizeof suffix, ".%ld.old", (long)getpid());
    char *name = name_beside(target->path, suffix);
    if (!name || (link(target->path, name) != 0 && rename(target->path, name) != 0)) {
        const bool gone = name && errno == ENOENT && access(target->path, F_OK) != 0;
        free(name); /* a file system without links loses the old name for a moment */
        return gone;
    }
    target->previous = name;
    return true;
}

/* Puts the old files back in the place of those that came first. */
static void roll_back(output_set *set, size_t count) {
    for (size_t k = 0; k < count; k++) {
        const output_target *target = &set->targets[k];
        if (target->previous)
            (void)rename(target->previous, target->path);
        else if (target->placed)
            unlink(target->path);
    }
}

static bool put_in_place(const output_set *set, output_target *target) {
    if ((set->count > 1 && !set_aside(target)) || rename(target->temporary, target->path) != 0)
        return false;
    free(target->temporary);
    target->temporary = NULL;
    target->placed = true;
    return true;
}

/* All renames, without a signal in between. */
static size_t put_all_in_place(output_set *set) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    size_t done = 0;
    while (done < set->count &&
           (!set->targets[done].temporary || put_in_place(set, &set->targets[done])))
        done++;
    const int reason = errno;
    if (done < set->count)
        roll_back(set, done + 1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = reason;
    return done;
}

/* Writes what can be taken back, or (direct) what cannot: standard output, devices and pipes. */
static size_t write_all_targets(output_set *set, bool direct) {
    for (size_t k = 0; k < set->count; k++) {
        output_target *target = &set->targets[k];
        const bool is_direct = !target->path || ordpar_stream_is_direct(target->path);
        if (is_direct == direct && !(direct ? write_in_place(target) : write_temporary(target)))
            return k;
    }
    return set->count;
}

static size_t close_buffers(output_set *set) {
    size_t k = 0;
    while (k < set->count && close_buffer(&set->targets[k]))
        k++;
    return k;
}

ordpar_status output_commit(output_set *set, ordpar_error *err) {
    if (output_dry) {
        output_abandon(set);
        return ORDPAR_OK;
    }
    size_t done = close_buffers(set);
    progress_clear(); /* the table may go to the same terminal */
    if (done == set->count)
        done = write_all_targets(set, false);
    if (done == set->count)
        done = write_all_targets(set, true);
    if (done == set->count)
        done = put_all_in_place(set);
    if (interrupted && !set->keep && !set->lost)
        output_lose(set, ORDPAR_INTERRUPTED, "interrupted when all was computed; it is written");
    ordpar_status status = set->lost;
    if (done < set->count)
        status = cannot_write(&set->targets[done], err);
    else if (status && err)
        *err = set->reason;
    output_abandon(set);
    return status;
}

static void drop(output_target *target) {
    if (target->held >= 0)
        close(target->held);
    if (target->temporary)
        unlink(target->temporary);
    if (target->previous)
        unlink(target->previous);
    free(target->previous);
    free(target->temporary);
    free(ordpar_text_end(&target->stream));
    free(target->path);
}

void output_lose(output_set *set, ordpar_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(set->reason.message, sizeof set->reason.message, format, arguments);
    va_end(arguments);
    set->lost = status;
}

void output_drop_last(output_set *set) {
    drop(&set->targets[--set->count]);
}

void output_abandon(output_set *set) {
    for (size_t k = 0; k < set->count; k++)
        drop(&set->targets[k]);
    set->count = 0;
}
