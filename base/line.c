// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIRST = 256, MOST = 1 << 26 };

/* Of UTF-8 and of UTF-16, which is not read. */
static const char *const marks[] = {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"};

size_t ordpar_text_mark(const char *text) {
    const size_t length = strlen(marks[0]);
    return strncmp(text, marks[0], length) == 0 ? length : 0;
}

/* Whether the file goes on as mark does behind its first byte, which was read. What does not goes
 * back: glibc and musl take more than the one byte that C promises. */
static bool skip_rest(FILE *file, const char *mark) {
    size_t k = 1;
    int c = EOF;
    while (mark[k] && (c = getc(file)) == (unsigned char)mark[k])
        k++;
    if (!mark[k])
        return true;
    ungetc(c, file);
    while (k-- > 0)
        ungetc((unsigned char)mark[k], file);
    return false;
}

/* The mark behind which the file stands then; NULL: it begins with none. */
static const char *skip_mark(FILE *file) {
    const int first = getc(file);
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (first == (unsigned char)*marks[k])
            return skip_rest(file, marks[k]) ? marks[k] : NULL;
    ungetc(first, file);
    return NULL;
}

ordpar_status ordpar_text_enter(FILE *file, ordpar_text_begin *begin, ordpar_error *err) {
    int c = EOF;
    *begin = (ordpar_text_begin){.json = false};
    const char *mark = skip_mark(file);
    if (mark && mark != marks[0])
        return ordpar_fail(err, ORDPAR_PARSE, "text in UTF-16, need UTF-8");
    /* after an error, such as by a signal, getc would wait again */
    while (!ferror(file) && ((c = getc(file)) == ' ' || c == '\t' || c == '\r' || c == '\n'))
        begin->lines += c == '\n';
    if (ferror(file))
        return ordpar_fail(err, ORDPAR_IO, "cannot be read: %s", strerror(errno));
    begin->json = c == '{' || c == '[';
    ungetc(c, file);
    return ORDPAR_OK;
}

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

bool ordpar_text_is_among(const char *text, const char *const *words) {
    while (*words && strcasecmp(text, *words) != 0)
        words++;
    return *words;
}

ssize_t ordpar_read_line(char **line, size_t *size, FILE *file) {
    size_t length = 0;
    for (int c; (c = getc_unlocked(file)) != EOF;) {
        if (c == '\0' || !make_room(line, size, length)) {
            if (*line)
                **line = '\0';
            return -1;
        }
        (*line)[length++] = (char)c;
        if (c == '\n')
            break;
    }
    if (length == 0)
        return -1;
    (*line)[length] = '\0';
    return (ssize_t)length;
}

/* The end of a cell in quotes, two of which are one within, or NULL: it is none. */
static const char *cell_end(const char *cell, bool *doubled) {
    *doubled = false;
    if (*cell++ != '"')
        return NULL;
    for (; *cell && (*cell != '"' || cell[1] == '"'); cell++)
        if (*cell == '"') {
            *doubled = true;
            cell++;
        }
    return *cell == '"' && strchr(",\r\n", cell[1]) ? cell + 1 : NULL;
}

/* Takes the quotes off the cells of a line, in place: off all of them, or off those that have a
 * quote within, as nothing else ends so in a note of our own. */
static void unquote_cells(char *line, bool all) {
    char *to = line;
    for (const char *from = line; *from;) {
        bool doubled;
        const char *end = cell_end(from, &doubled);
        if (end && (all || doubled)) {
            for (from++; from < end - 1; *to++ = *from++)
                from += *from == '"';
            from = end;
        }
        while (*from && *from != ',')
            *to++ = *from++;
        if (*from)
            *to++ = *from++;
    }
    *to = '\0';
}

/* "# key: text" as one cell: a header may begin so, but without a colon. */
static bool is_quoted_note(const char *line) {
    return strncmp(line, "\"# ", 3) == 0 && strstr(line, ": ");
}

void ordpar_note_end(char *line) {
    const bool quoted = is_quoted_note(line);
    if (*line != '#' && !quoted)
        return;
    unquote_cells(line, quoted);
    size_t length = strlen(line);
    while (*line == '#' && length > 0 && line[length - 1] == ',')
        line[--length] = '\0';
}

bool ordpar_line_end(char *line) {
    size_t length = strlen(line);
    const bool ends = length > 0 && line[length - 1] == '\n';
    length -= ends;
    while (ends && length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    ordpar_note_end(line);
    return !strchr(line, '\r');
}

const char *ordpar_line_separator(const char *line) {
    if (strchr(line, ';'))
        return "semicolons";
    return strchr(line, '\t') && !strchr(line, ',') ? "tabs" : NULL;
}

const char *ordpar_table_separator(char **line, size_t *size, FILE *file) {
    while (*line && (**line == '#' || is_quoted_note(*line) || !(*line)[strspn(*line, "\r\n")]))
        if (ordpar_read_line(line, size, file) <= 0)
            return NULL;
    return *line ? ordpar_line_separator(*line) : NULL;
}
