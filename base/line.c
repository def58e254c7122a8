// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/line.h"

#include <stdbool.h>
#include <stdlib.h>

enum { FIRST = 256, MOST = 1 << 26 };

static bool make_room(char **line, size_t *size, size_t length) {
    if (*line && length + 1 < *size)
        return true;
    const size_t wanted = *line && *size >= FIRST ? 2 * *size : FIRST;
    char *grown = wanted > MOST ? NULL : realloc(*line, wanted);
    if (grown) {
        *line = grown;
        *size = wanted;
    }
    return grown;
}

ssize_t ordpar_read_line(char **line, size_t *size, FILE *file) {
    size_t length = 0;
    for (int c; (c = getc_unlocked(file)) != EOF;) {
        if (c == '\0' || !make_room(line, size, length))
            return -1;
        (*line)[length++] = (char)c;
        if (c == '\n')
            break;
    }
    if (length == 0)
        return -1;
    (*line)[length] = '\0';
    return (ssize_t)length;
}

/* One character can be put back for certain: what begins as a mark and is none is no text of ours. */
void ordpar_pass_mark(FILE *file) {
    static const char mark[] = "\xef\xbb\xbf";
    for (const char *m = mark; *m; m++) {
        const int c = getc(file);
        if (c == (unsigned char)*m)
            continue;
        ungetc(c, file);
        return;
    }
}
