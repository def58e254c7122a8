// SPDX-License-Identifier: GPL-3.0-or-later
/** Files that are replaced as a whole. Where a path is a link it stays one, and the file that it
 * leads to is meant. Internal. */
#ifndef ORDPAR_REPLACE_H
#define ORDPAR_REPLACE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdio.h>

/**
 * Tells, before long work, whether a file can be made or replaced at path by a rename: whether its
 * folder takes new files and, where path is there, lets it be replaced (a sticky folder does not
 * let others' files be). Returns 0, or the error number that says why not.
 */
int ordpar_replace_check(const char *path);

/** Of the template of mkstemp. */
#define ORDPAR_HIDDEN_SUFFIX ".new-XXXXXX"

/** A file that takes the place of path once it is complete. */
typedef struct {
    const char *path; /* kept by reference */
    char *target;     /* where it leads */
    char *name;       /* of the new file, beside that */
    FILE *file;
} ordpar_replacement;

/**
 * Removes what replacements of path have left that were killed: files of the user's own, named as
 * theirs, or with `hidden` . and NAME and ORDPAR_HIDDEN_SUFFIX as mkstemp names them, that begin as
 * `begin` does or are shorter, and that nobody holds.
 */
void ordpar_replace_remove_remains(const char *path, bool hidden, const char *begin, size_t size);

/** Whether what was written is on the disk, or the file system cannot be asked. */
bool ordpar_replace_flush(int descriptor);

/** Holds a file that was made to be written, for as long as it, or a copy of descriptor, is open.
 * False: another process took it for a remain before, and it must be made again. */
bool ordpar_replace_hold(int descriptor);

/** Makes the new file under a name that nothing had, and holds it: links are not followed. Errors:
 * IO, MEMORY. */
ordpar_status ordpar_replace_begin(const char *path, ordpar_replacement *r, ordpar_error *err);

/** Flushes it to the disk and puts it in the place of path. Errors: IO; path is then as it was and
 * the new file is gone. */
ordpar_status ordpar_replace_commit(ordpar_replacement *r, ordpar_error *err);

/** Removes the new file; a zeroed one is fine. */
void ordpar_replace_abandon(ordpar_replacement *r);

#endif
