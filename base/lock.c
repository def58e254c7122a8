// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "base/lock.h"

#include "base/number.h"
#include "base/stream_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every other reason is of a file system without locks, which has many words for that. */
static bool is_of_another(void) {
    return errno == EAGAIN || errno == EACCES;
}

/* Of the open file, so that a second one in this process is kept out, and closing that one does not
 * end the first; older systems have only locks of a process. */
bool ordpar_lock_alone(int descriptor) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
#ifdef F_OFD_SETLK
    if (fcntl(descriptor, F_OFD_SETLK, &whole) == 0)
        return true;
    if (is_of_another())
        return false;
#endif
    return fcntl(descriptor, F_SETLK, &whole) == 0;
}

static bool set_lock(int descriptor) {
    return ordpar_lock_alone(descriptor) || !is_of_another();
}

ordpar_status ordpar_lock_descriptor(int descriptor, const char *path, ordpar_error *err) {
    struct stat state;
    if (fstat(descriptor, &state) == 0 && !S_ISREG(state.st_mode))
        return ordpar_fail(err, ORDPAR_IO, "%s: is not a file", path);
    if (set_lock(descriptor))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_IO, "%s: is in use by another run", path);
}

/* A lock of ours is empty: what holds something is somebody's file, which is not ours to remove. */
static ordpar_status check_own(int descriptor, const char *path, const char *name,
                               ordpar_error *err) {
    struct stat state;
    if (fstat(descriptor, &state) == 0 && state.st_size > 0)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be locked: %s is another file", path, name);
    return ORDPAR_OK;
}

/* True if name still leads to the open file: its last holder may have removed it meanwhile. */
static bool is_current(int descriptor, const char *name) {
    struct stat open_file, named;
    return fstat(descriptor, &open_file) == 0 && lstat(name, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

ordpar_status ordpar_lock_take(const char *path, ordpar_lock *lock, ordpar_error *err) {
    char *target = ordpar_path_target(path);
    const size_t size = target ? strlen(target) + sizeof ".lock" : 0;
    ordpar_lock made = {.name = target ? malloc(size) : NULL};
    ordpar_status status = ORDPAR_OK;
    *lock = (ordpar_lock){0};
    if (made.name)
        ordpar_format(made.name, size, "%s.lock", target);
    free(target);
    if (!made.name)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the lock of %s", path);
    for (bool current = false; !current && !status;) {
        made.descriptor = open(made.name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (made.descriptor < 0) {
            status = ordpar_fail(err, ORDPAR_IO, "%s: cannot be locked: %s: %s", path, made.name,
                                 strerror(errno));
            break;
        }
        if (!(status = ordpar_lock_descriptor(made.descriptor, path, err)))
            status = check_own(made.descriptor, path, made.name, err);
        current = !status && is_current(made.descriptor, made.name);
        if (!current)
            close(made.descriptor);
    }
    if (status)
        free(made.name);
    else
        *lock = made;
    return status;
}

void ordpar_lock_release(ordpar_lock *lock) {
    if (!lock->name)
        return;
    unlink(lock->name);
    close(lock->descriptor);
    free(lock->name);
    *lock = (ordpar_lock){0};
}
