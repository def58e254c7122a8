// SPDX-License-Identifier: GPL-3.0-or-later
/** Lines of files that somebody names, which may have no end. Internal. */
#ifndef ORDPAR_LINE_H
#define ORDPAR_LINE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * As getline, for text: a zero byte, or more than 64 MiB without a line's end (/dev/zero), ends the
 * reading as the end of the file does. *line is the caller's to free. Returns the length with the
 * line's end, or -1.
 */
ssize_t ordpar_read_line(char **line, size_t *size, FILE *file);

/** Passes over the byte order mark that spreadsheets and editors begin a text file with. */
void ordpar_pass_mark(FILE *file);

#endif
