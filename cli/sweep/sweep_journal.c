// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sweep/sweep_journal.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/lock.h"
#include "base/text_stream.h"
#include "cli/sweep/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADER_SIZE = 64, DIGEST_WIDTH = 16 };

static const char magic[] = "ordpar sweep journal 1";

static void make_header(uint64_t key, char header[HEADER_SIZE]) {
    snprintf(header, HEADER_SIZE, "%s %016llx\n", magic, (unsigned long long)key);
}

static ordpar_status io_error(const sweep_journal *j, const char *what, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_IO, "%s: cannot be %s: %s", j->path, what, strerror(errno));
}

/* Of what follows the digest in a line. */
static uint64_t line_digest(const sweep_journal *j, const char *text) {
    return ordpar_digest(ordpar_digest(ORDPAR_DIGEST_START, &j->key, sizeof j->key), text,
                         strlen(text));
}

/* Takes "DIGEST POINT ROW" apart; the digest says whether it is whole, not the line's end. */
static bool parse_line(const sweep_journal *j, char *line, size_t length, size_t *point,
                       const char **row) {
    if (length <= DIGEST_WIDTH + 1 || strlen(line) != length)
        return false;
    line[strcspn(line, "\n")] = '\0';
    char expected[DIGEST_WIDTH + 2], *end;
    snprintf(expected, sizeof expected, "%016llx ",
             (unsigned long long)line_digest(j, line + DIGEST_WIDTH + 1));
    if (strncmp(line, expected, DIGEST_WIDTH + 1) != 0)
        return false;
    *point = strtoull(line + DIGEST_WIDTH + 1, &end, 10);
    *row = end + 1;
    return *end == ' ';
}

/* Visits the rows; *whole: whether the file ends with the end of a line. */
static ordpar_status read_rows(sweep_journal *j, sweep_journal_visit visit, void *context,
                               bool *whole, ordpar_error *err) {
    char *line = NULL;
    size_t size = 0, point;
    const char *row;
    *whole = true;
    for (ssize_t length; (length = getline(&line, &size, j->file)) > 0;) {
        *whole = line[length - 1] == '\n';
        if (parse_line(j, line, (size_t)length, &point, &row))
            visit(context, point, row);
    }
    free(line);
    return ferror(j->file) ? io_error(j, "read", err) : ORDPAR_OK;
}

/* Each line with a # before it. */
static void write_known(const sweep_journal *j) {
    for (const char *line = j->known; line && *line;) {
        const size_t width = strcspn(line, "\n");
        fprintf(j->file, "# %.*s\n", (int)width, line);
        line += width + (line[width] == '\n');
    }
}

/* The same back; the caller frees it. NULL: out of memory. */
static char *read_known(const sweep_journal *j) {
    ordpar_text_stream stream = {0};
    char *line = NULL;
    size_t size = 0;
    FILE *text = ordpar_text_open(&stream);
    if (!text)
        return NULL;
    rewind(j->file);
    (void)getline(&line, &size, j->file); /* the key */
    for (const char *between = ""; getline(&line, &size, j->file) > 2 && line[0] == '#';
         between = "\n")
        fprintf(text, "%s%.*s", between, (int)strcspn(line + 2, "\n"), line + 2);
    free(line);
    return ordpar_text_end(&stream);
}

/* Which sweep's it is, as far as it says: one that was cut short there has no line that differs. */
static ordpar_status refuse_other(const sweep_journal *j, ordpar_error *err) {
    ordpar_error reason = {.message = "belongs to another command, or to files that have changed"};
    char *found = j->known ? read_known(j) : NULL;
    if (found && strncmp(j->known, found, strlen(found)) != 0)
        (void)sweep_table_same(j->known, found, "this command", &reason);
    free(found);
    return ordpar_fail(err, ORDPAR_PARSE, "%.150s: %.300s; remove it, or name another file",
                       j->path, reason.message);
}

/* *fresh: the file is empty, or its first line was cut short. */
static ordpar_status read_header(sweep_journal *j, bool *fresh, ordpar_error *err) {
    char expected[HEADER_SIZE], found[HEADER_SIZE] = "";
    make_header(j->key, expected);
    const size_t length = fread(found, 1, strlen(expected), j->file);
    if (ferror(j->file))
        return io_error(j, "read", err);
    *fresh = length < strlen(expected) && memcmp(found, expected, length) == 0;
    if (*fresh || memcmp(found, expected, strlen(expected)) == 0)
        return ORDPAR_OK;
    if (strncmp(found, magic, sizeof magic - 1) == 0)
        return refuse_other(j, err);
    return ordpar_fail(err, ORDPAR_PARSE, "%s: is not the journal of a sweep", j->path);
}

static ordpar_status flush(sweep_journal *j, ordpar_error *err) {
    return fflush(j->file) == 0 ? ORDPAR_OK : io_error(j, "written", err);
}

ordpar_status sweep_journal_open(sweep_journal *j, const char *path, uint64_t key,
                                 const char *known, sweep_journal_visit visit, void *context,
                                 ordpar_error *err) {
    *j = (sweep_journal){.path = strdup(path), .key = key, .known = known};
    if (!j->path)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the journal");
    const int descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0666);
    j->file = descriptor < 0 ? NULL : fdopen(descriptor, "a+");
    if (!j->file) {
        const ordpar_status status = errno == ELOOP
                                         ? ordpar_fail(err, ORDPAR_IO, "%s: is a link", path)
                                         : io_error(j, "opened", err);
        if (descriptor >= 0)
            close(descriptor);
        return status;
    }
    bool fresh = false, whole = true;
    char header[HEADER_SIZE];
    ordpar_status status = ordpar_lock_descriptor(fileno(j->file), j->path, err);
    rewind(j->file);
    if (status || (status = read_header(j, &fresh, err)))
        return status;
    if (!fresh && (status = read_rows(j, visit, context, &whole, err)))
        return status;
    clearerr(j->file);
    fseek(j->file, 0, SEEK_END); /* between reading and writing */
    make_header(key, header);
    if (fresh && ftruncate(fileno(j->file), 0) != 0)
        return io_error(j, "written", err);
    fputs(fresh ? header : whole ? "" : "\n", j->file);
    if (fresh)
        write_known(j);
    return flush(j, err);
}

ordpar_status sweep_journal_look(const char *path, uint64_t key, const char *known,
                                 sweep_journal_visit visit, void *context, ordpar_error *err) {
    sweep_journal j = {.path = strdup(path), .key = key, .known = known};
    bool fresh = true, whole;
    ordpar_status status =
        j.path ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the journal");
    if (!status && (j.file = fopen(path, "r")))
        status = read_header(&j, &fresh, err);
    if (!status && !fresh)
        status = read_rows(&j, visit, context, &whole, err);
    sweep_journal_close(&j);
    return status;
}

ordpar_status sweep_journal_add(sweep_journal *j, size_t point, const char *row,
                                ordpar_error *err) {
    const size_t size = strlen(row) + 32;
    char *text = malloc(size);
    if (!text)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the journal");
    snprintf(text, size, "%zu %s", point, row);
    fprintf(j->file, "%016llx %s\n", (unsigned long long)line_digest(j, text), text);
    free(text);
    const ordpar_status status = flush(j, err);
    const double now = ordpar_seconds();
    j->unsynced = true;
    if (!status && now - j->synced > 1) { /* what a power cut may cost */
        (void)fdatasync(fileno(j->file));
        j->synced = now;
        j->unsynced = false;
    }
    return status;
}

void sweep_journal_close(sweep_journal *j) {
    if (j->file && j->unsynced)
        (void)fdatasync(fileno(j->file));
    if (j->file)
        fclose(j->file);
    free(j->path);
    *j = (sweep_journal){0};
}

void sweep_journal_remove(sweep_journal *j) {
    j->unsynced = false;
    if (j->file)
        unlink(j->path);
    sweep_journal_close(j);
}
