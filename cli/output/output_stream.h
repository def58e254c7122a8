// SPDX-License-Identifier: GPL-3.0-or-later
/** Outputs that are written as they stand: pipes, devices, what a process has opened. They may have
 * a reader that reads nothing, which a signal ends the wait for. */
#ifndef ORDPAR_CLI_OUTPUT_STREAM_H
#define ORDPAR_CLI_OUTPUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

/** A descriptor of what is at path; -1 with errno, EINTR after a signal. */
int output_stream_open(const char *path, bool append);

/** Writes all of the text; false with errno, EINTR after a signal where nothing was read since. */
bool output_stream_write(int descriptor, const char *text, size_t size);

#endif
