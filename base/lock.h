// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Locks on files that one computation at a time may work with, against other processes and other
 * threads of this one. They end with the process that holds them, however it ends. A file system
 * without locks counts as free. Internal.
 */
#ifndef ORDPAR_LOCK_H
#define ORDPAR_LOCK_H

#include "base/status.h"

#include <stdbool.h>

/** Locks an open file for as long as the descriptor is open. path: for the message. Errors: IO (it
 * is in use, or not a regular file). */
ordpar_status ordpar_lock_descriptor(int descriptor, const char *path, ordpar_error *err);

/** True if it is locked so, and nobody else could be working with it: false also where the file
 * system has no locks. */
bool ordpar_lock_alone(int descriptor);

/** A lock on path that outlives the file itself, so that path may be replaced: on the file
 * path.lock beside it, or where path is a link beside the file that it leads to. */
typedef struct {
    char *name;     /* path.lock; NULL: none */
    int descriptor; /* of it */
} ordpar_lock;

/** Errors: IO, MEMORY; *lock is then zeroed. */
ordpar_status ordpar_lock_take(const char *path, ordpar_lock *lock, ordpar_error *err);

/** Ends it and removes path.lock; a zeroed one is fine. */
void ordpar_lock_release(ordpar_lock *lock);

#endif
