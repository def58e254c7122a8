// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output/path_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The last so many parts of a path, or all of it. */
static const char *tail(const char *path, size_t parts) {
    const char *at = path + strlen(path);
    while (at > path && (at[-1] != '/' || --parts > 0))
        at--;
    return at;
}

static size_t length_without_suffix(const char *text) {
    const char *dot = strrchr(text, '.'), *base = tail(text, 1);
    return dot && dot > base ? (size_t)(dot - text) : strlen(text);
}

typedef struct {
    size_t parts;
    bool suffix;
} form;

static size_t length_of(const char *text, form f) {
    return f.suffix ? strlen(text) : length_without_suffix(text);
}

static bool is_told(const char *path, const char *const *others, size_t count, form f) {
    const char *own = tail(path, f.parts);
    const size_t length = length_of(own, f);
    for (size_t k = 0; k < count; k++) {
        const char *other = others[k] ? tail(others[k], f.parts) : NULL;
        if (other && strcmp(path, others[k]) != 0 && length_of(other, f) == length &&
            strncmp(own, other, length) == 0)
            return false;
    }
    return true;
}

void path_name(const char *path, const char *const *others, size_t count, char *name, size_t size) {
    form f = {1, false};
    while (!is_told(path, others, count, f) && !(f.suffix && tail(path, f.parts) == path)) {
        f.parts += f.suffix;
        f.suffix = !f.suffix;
    }
    const char *from = tail(path, f.parts);
    const char *end = from + length_of(from, f);
    const bool cut = (size_t)(end - from) >= size;
    if (cut)
        from = end - size + sizeof "..";
    while (cut && (*from & 0xc0) == 0x80) /* within a character */
        from++;
    snprintf(name, size, "%s%.*s", cut ? ".." : "", (int)(end - from), from);
}
