// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Devices and pipes are written in place: a rename would replace them by a file. */
static bool in_place(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static char *temporary_name(const char *path) {
    const size_t size = strlen(path) + 16;
    char *name = malloc(size);
    const char *slash = strrchr(path, '/');
    const size_t folder = slash ? (size_t)(slash + 1 - path) : 0;
    if (name)
        snprintf(name, size, "%.*s.%s.XXXXXX", (int)folder, path, path + folder);
    return name;
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

static int cannot_write(const options *parsed, const char *path) {
    return usage_error(parsed, "%s: cannot be written: %s", path ? path : "standard output",
                       strerror(errno));
}

int output_check(const options *parsed, const char *option, const char *path) {
    if (!path)
        return -1;
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return usage_error(parsed, "--%s: %s: is a folder", option, path);
    if (in_place(path)) {
        if (access(path, W_OK) != 0)
            return cannot_write(parsed, path);
        return -1;
    }
    char *name = temporary_name(path);
    const int descriptor = name ? mkstemp(name) : -1;
    if (descriptor < 0) {
        const int reason = errno;
        free(name);
        return usage_error(parsed, "--%s: %s: cannot be written: %s", option, path,
                           strerror(reason));
    }
    close(descriptor);
    unlink(name);
    free(name);
    return -1;
}

FILE *output_open(output_set *set, const options *parsed, const char *path) {
    if (set->count == OUTPUT_MAX) {
        usage_error(parsed, "more than %d outputs", OUTPUT_MAX);
        return NULL;
    }
    output_target target = {.path = path};
    if (!path) {
        target.file = stdout;
    } else if (in_place(path)) {
        target.file = fopen(path, "w");
    } else {
        target.temporary = temporary_name(path);
        const int descriptor = target.temporary ? mkstemp(target.temporary) : -1;
        if (descriptor >= 0) {
            set_permissions(descriptor, path);
            target.file = fdopen(descriptor, "w");
        }
    }
    if (!target.file) {
        cannot_write(parsed, path);
        free(target.temporary);
        return NULL;
    }
    set->targets[set->count++] = target;
    return target.file;
}

const char *output_temporary(const output_set *set) {
    return set->targets[set->count - 1].temporary;
}

/* Flushes to the disk where there is one, so that a full disk shows here. */
static bool close_target(output_target *target) {
    FILE *file = target->file;
    target->file = NULL;
    bool good = fflush(file) == 0 && !ferror(file);
    if (good && target->temporary)
        good = fsync(fileno(file)) == 0 || errno == EINVAL || errno == EROFS;
    const int reason = errno;
    if (fclose(file) != 0 && good)
        return false;
    if (!good)
        errno = reason;
    return good;
}

int output_commit(output_set *set, const options *parsed) {
    for (size_t k = 0; k < set->count; k++)
        if (!close_target(&set->targets[k])) {
            cannot_write(parsed, set->targets[k].path);
            output_abandon(set);
            return EXIT_USAGE;
        }
    for (size_t k = 0; k < set->count; k++) {
        output_target *target = &set->targets[k];
        if (target->temporary && rename(target->temporary, target->path) != 0) {
            cannot_write(parsed, target->path);
            output_abandon(set);
            return EXIT_USAGE;
        }
        free(target->temporary);
        target->temporary = NULL;
    }
    set->count = 0;
    return EXIT_DONE;
}

void output_abandon(output_set *set) {
    for (size_t k = 0; k < set->count; k++) {
        output_target *target = &set->targets[k];
        if (target->file)
            fclose(target->file);
        if (target->temporary)
            unlink(target->temporary);
        free(target->temporary);
    }
    set->count = 0;
}
