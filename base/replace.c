// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/replace.h"

#include "base/lock.h"
#include "base/number.h"
#include "base/stream_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static ordpar_status cannot_write(const char *path, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_IO, "%s: cannot be written: %s", path, strerror(errno));
}

static char *folder_of(const char *path) {
    char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;
    if (slash)
        slash[slash == folder] = '\0';
    else if (folder && *folder)
        strcpy(folder, ".");
    return folder;
}

/* In a sticky folder a file is replaced by its owner, the folder's owner or the administrator. */
static int check_sticky(const char *path, const char *folder) {
    struct stat of_folder, of_file;
    if (stat(folder, &of_folder) != 0)
        return errno;
    if (!(of_folder.st_mode & S_ISVTX) || lstat(path, &of_file) != 0)
        return 0;
    const uid_t user = geteuid();
    return user == 0 || user == of_folder.st_uid || user == of_file.st_uid ? 0 : EPERM;
}

/* path.new, or path.new-NUMBER: a name that nothing has. */
static int make_file(const char *path, char *name, size_t size) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned number = (unsigned)now.tv_nsec ^ (unsigned)getpid() << 8;
    enum { TRIES = 100 };
    for (int k = 0; k < TRIES; k++, number = number * 1664525 + 1013904223) {
        if (k == 0)
            ordpar_format(name, size, "%s.new", path);
        else
            ordpar_format(name, size, "%s.new-%08x", path, number);
        const int descriptor =
            open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

enum { SUFFIX = sizeof ".new-12345678" };

/* Who looks for remains locks what is held by nobody, for a moment, and may take it away. */
bool ordpar_replace_hold(int descriptor) {
    enum { TRIES = 1000 };
    const struct timespec moment = {.tv_nsec = 1000000};
    struct stat state;
    bool held = false;
    for (int k = 0; k < TRIES && !(held = !ordpar_lock_descriptor(descriptor, "", NULL)); k++)
        nanosleep(&moment, NULL);
    return held && (fstat(descriptor, &state) != 0 || state.st_nlink > 0);
}

/* The same, held. */
static int make_held(const char *path, char *name, size_t size) {
    enum { TRIES = 100 };
    for (int k = 0; k < TRIES; k++) {
        const int descriptor = make_file(path, name, size);
        if (descriptor < 0 || ordpar_replace_hold(descriptor))
            return descriptor;
        close(descriptor);
    }
    errno = EBUSY;
    return -1;
}

int ordpar_replace_check(const char *path) {
    char *target = ordpar_path_target(path);
    const size_t size = target ? strlen(target) + SUFFIX : 0;
    char *folder = target ? folder_of(target) : NULL, *name = target ? malloc(size) : NULL;
    int reason = folder && name ? check_sticky(target, folder) : ENOMEM;
    if (!reason) {
        const int descriptor = make_held(target, name, size);
        reason = descriptor < 0 ? errno : 0;
        if (descriptor >= 0) {
            unlink(name);
            close(descriptor);
        }
    }
    free(folder);
    free(name);
    free(target);
    return reason;
}

/* NAME.new, or NAME.new-12345678. */
static bool is_named_as_new(const char *entry, const char *name) {
    const size_t length = strlen(name);
    static const char suffix[] = ".new";
    if (strncmp(entry, name, length) != 0 || strncmp(entry + length, suffix, strlen(suffix)) != 0)
        return false;
    const char *rest = entry + length + strlen(suffix);
    return !*rest ||
           (*rest == '-' && strlen(rest) == 9 && strspn(rest + 1, "0123456789abcdef") == 8);
}

/* .NAME.new-123456, as mkstemp makes it. */
static bool is_named_hidden(const char *entry, const char *name) {
    const size_t length = strlen(name), suffix = strlen(ORDPAR_HIDDEN_SUFFIX);
    return entry[0] == '.' && strncmp(entry + 1, name, length) == 0 &&
           strlen(entry + 1 + length) == suffix &&
           strncmp(entry + 1 + length, ORDPAR_HIDDEN_SUFFIX, suffix - 6) == 0;
}

/* Whoever writes it holds it. */
static void remove_own(int folder, const char *entry, const char *begin, size_t size) {
    struct stat state;
    char found[64];
    const int file = openat(folder, entry, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return;
    const bool own = fstat(file, &state) == 0 && S_ISREG(state.st_mode) &&
                     state.st_uid == geteuid() && state.st_nlink == 1 && ordpar_lock_alone(file);
    const ssize_t got = own ? read(file, found, size < sizeof found ? size : sizeof found) : -1;
    if (got >= 0 && memcmp(found, begin, (size_t)got) == 0)
        unlinkat(folder, entry, 0);
    close(file);
}

void ordpar_replace_remove_remains(const char *path, bool hidden, const char *begin, size_t size) {
    char *target = ordpar_path_target(path), *folder = target ? folder_of(target) : NULL;
    const char *slash = target ? strrchr(target, '/') : NULL, *name = slash ? slash + 1 : target;
    DIR *entries = folder ? opendir(folder) : NULL;
    for (const struct dirent *e; entries && (e = readdir(entries));)
        if (hidden ? is_named_hidden(e->d_name, name) : is_named_as_new(e->d_name, name))
            remove_own(dirfd(entries), e->d_name, begin, size);
    if (entries)
        closedir(entries);
    free(folder);
    free(target);
}

ordpar_status ordpar_replace_begin(const char *path, ordpar_replacement *r, ordpar_error *err) {
    char *target = ordpar_path_target(path);
    const size_t size = target ? strlen(target) + SUFFIX : 0;
    *r = (ordpar_replacement){.path = path, .target = target, .name = target ? malloc(size) : NULL};
    if (!r->name) {
        ordpar_replace_abandon(r);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %s", path);
    }
    const int descriptor = make_held(target, r->name, size);
    if (descriptor >= 0 && (r->file = fdopen(descriptor, "wb")))
        return ORDPAR_OK;
    const ordpar_status status = cannot_write(path, err);
    if (descriptor >= 0) {
        close(descriptor);
        unlink(r->name);
    }
    free(r->name);
    r->name = NULL;
    ordpar_replace_abandon(r);
    return status;
}

/* A rename lasts once its folder is on the disk; not every file system can be asked for that. */
static void flush_folder(const char *path) {
    char *folder = folder_of(path);
    const int descriptor = folder ? open(folder, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

bool ordpar_replace_flush(int descriptor) {
    return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ||
           errno == EROFS;
}

ordpar_status ordpar_replace_commit(ordpar_replacement *r, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    bool good = !ferror(r->file) && fflush(r->file) == 0 && ordpar_replace_flush(fileno(r->file));
    const int reason = errno, held = dup(fileno(r->file)); /* until it has its place */
    const bool closed = fclose(r->file) == 0;
    r->file = NULL;
    if (!good)
        errno = reason;
    good = good && closed && rename(r->name, r->target) == 0;
    if (!good)
        status = cannot_write(r->path, err);
    if (held >= 0)
        close(held);
    else
        flush_folder(r->target);
    if (!status) {
        free(r->name);
        r->name = NULL;
    }
    ordpar_replace_abandon(r);
    return status;
}

void ordpar_replace_abandon(ordpar_replacement *r) {
    if (r->file)
        fclose(r->file);
    if (r->name)
        unlink(r->name);
    free(r->name);
    free(r->target);
    *r = (ordpar_replacement){0};
}
