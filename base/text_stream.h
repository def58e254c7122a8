// SPDX-License-Identifier: GPL-3.0-or-later
/** Streams that write to memory, and know when it ran out: open_memstream drops the bytes and goes
 * on. Internal. */
#ifndef ORDPAR_TEXT_STREAM_H
#define ORDPAR_TEXT_STREAM_H

#include <stddef.h>
#include <stdio.h>

/** Zeroed before it is opened. */
typedef struct {
    FILE *file; /**< to write to */
    char *text; /**< [size] what was written; after the end with a NUL behind it */
    size_t size, capacity;
} ordpar_text_stream;

/** Opens it at the caller's object, which must not move; NULL if out of memory. */
FILE *ordpar_text_open(ordpar_text_stream *stream);

/** Closes it: the text, which the caller frees, or NULL if memory ran out; nothing is left of a
 * stream that was not opened. */
char *ordpar_text_end(ordpar_text_stream *stream);

#endif
