// SPDX-License-Identifier: GPL-3.0-or-later
/** Paths that lead to what a process has opened: /dev/stdout, /dev/fd/3. Internal. */
#ifndef ORDPAR_STREAM_PATH_H
#define ORDPAR_STREAM_PATH_H

#include <stdbool.h>

enum { ORDPAR_STREAM_NONE = -1, ORDPAR_STREAM_FOREIGN = -2 };

/** The descriptor of this process that path leads to, over links; ORDPAR_STREAM_FOREIGN: that of
 * another process; ORDPAR_STREAM_NONE: path is no such name. What is behind it may be a regular
 * file, which is not to be replaced: others write to it, too. */
int ordpar_stream_of_path(const char *path);

/** True for the names of what only this process has open, or once: -, /dev/stdin, /dev/fd/3. */
bool ordpar_path_is_passing(const char *path);

/** Where a path leads over links, whose last target need not be there: a link to a file stays one,
 * and the target is made or replaced. The caller frees it; NULL: out of memory. */
char *ordpar_path_target(const char *path);

/** True if what is at path is to be written as it stands, and not replaced by a rename: a device, a
 * pipe, or what a process has opened. */
bool ordpar_stream_is_direct(const char *path);

#endif
