// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE /* fopencookie */
#include "base/text_stream.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(ordpar_text_stream *stream, size_t more) {
    if (more <= stream->capacity - stream->size)
        return true;
    const size_t capacity = 2 * (stream->size + more);
    char *grown = realloc(stream->text, capacity);
    if (!grown)
        return false;
    stream->text = grown;
    stream->capacity = capacity;
    return true;
}

static ssize_t append(void *cookie, const char *data, size_t size) {
    ordpar_text_stream *stream = cookie;
    if (!reserve(stream, size))
        return 0;
    memcpy(stream->text + stream->size, data, size);
    stream->size += size;
    return (ssize_t)size;
}

FILE *ordpar_text_open(ordpar_text_stream *stream) {
    stream->file = fopencookie(stream, "w", (cookie_io_functions_t){.write = append});
    return stream->file;
}

char *ordpar_text_end(ordpar_text_stream *stream) {
    bool good = stream->file && !ferror(stream->file);
    if (stream->file && fclose(stream->file) != 0)
        good = false;
    stream->file = NULL;
    if (good && reserve(stream, 1)) {
        stream->text[stream->size] = '\0';
        return stream->text;
    }
    free(stream->text);
    stream->text = NULL;
    return NULL;
}
