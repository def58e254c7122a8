// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/continuation.h"

#include "base/digest.h"
#include "base/line.h"
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static const char alpha_key[] = "alpha: ", settings_key[] = "settings: ", files_key[] = "files: ",
                  digests_key[] = "digests: ", digest_key[] = "digest: ";

/* Readers of tables take lines of a bounded length. */
enum { NUMBERS_A_LINE = 8 };

static const struct {
    const char *key;
    size_t offset;
    bool any; /* also numbers that are not finite */
} lists[] = {{"blocks: ", offsetof(ordpar_continuation, blocks), false},
             {"weights: ", offsetof(ordpar_continuation, weights), false},
             {"teachers: ", offsetof(ordpar_continuation, teachers), false},
             {"deviations: ", offsetof(ordpar_continuation, deviations), false},
             {"push: ", offsetof(ordpar_continuation, momentum), false},
             {"saddles: ", offsetof(ordpar_continuation, saddles), false},
             {"promises: ", offsetof(ordpar_continuation, promises), false},
             {"rows: ", offsetof(ordpar_continuation, rows), true}};
enum { LISTS = sizeof lists / sizeof *lists };

static ordpar_continuation_list *list_of(const ordpar_continuation *c, size_t k) {
    return (void *)((char *)c + lists[k].offset);
}

ordpar_status ordpar_continuation_add(ordpar_continuation_list *list, size_t count,
                                      const double *values, ordpar_error *err) {
    const size_t total = list->count + count;
    if (count > SIZE_MAX / (2 * sizeof *values) - list->count) /* no array is so large */
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", count);
    if (total > list->room) {
        const size_t room = total < 2 * list->room ? 2 * list->room : total;
        double *grown = realloc(list->values, room * sizeof *grown);
        if (!grown)
            return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu numbers", room);
        list->values = grown;
        list->room = room;
    }
    if (count)
        memcpy(list->values + list->count, values, count * sizeof *values);
    list->count = total;
    return ORDPAR_OK;
}

static void write_list(FILE *file, const char *key, const ordpar_continuation_list *list) {
    for (size_t k = 0; k < list->count; k++) {
        const bool first = k % NUMBERS_A_LINE == 0;
        const bool last = (k + 1) % NUMBERS_A_LINE == 0 || k + 1 == list->count;
        ordpar_print(file, "%s%s%.17g%s", first ? "# " : "", first ? key : "",
                     ordpar_printed(list->values[k]), last ? "\n" : " ");
    }
}

ordpar_status ordpar_continuation_write(FILE *file, const ordpar_continuation *c,
                                        ordpar_error *err) {
    if (!isfinite(c->alpha) || c->alpha < 0)
        return ordpar_fail(err, ORDPAR_INVALID, "a run stands at a finite alpha >= 0, got %g",
                           c->alpha);
    if (strpbrk(c->settings, "\r\n") || (c->files && strpbrk(c->files, "\r\n")) ||
        (c->digests && strpbrk(c->digests, "\r\n")))
        return ordpar_fail(err, ORDPAR_INVALID, "settings must be one line, got '%.80s'",
                           c->settings);
    ordpar_print(file, "# %s%.17g\n# %s%s\n", alpha_key, c->alpha, settings_key, c->settings);
    if (c->files && *c->files)
        ordpar_print(file, "# %s%s\n", files_key, c->files);
    if (c->digests && *c->digests)
        ordpar_print(file, "# %s%s\n", digests_key, c->digests);
    for (size_t k = 0; k < LISTS; k++)
        write_list(file, lists[k].key, list_of(c, k));
    if (c->digest)
        ordpar_print(file, "# %s%s\n", digest_key, c->digest);
    return ORDPAR_OK;
}

uint64_t ordpar_continuation_digest(const ordpar_continuation *c, uint64_t digest) {
    digest = ordpar_digest_number(digest, c->alpha);
    for (size_t k = 0; k < LISTS; k++) {
        const ordpar_continuation_list *list = list_of(c, k);
        if (list->count) /* those that files of before do not know */
            digest = ordpar_digest(digest, lists[k].key, strlen(lists[k].key));
        for (size_t n = 0; n < list->count; n++)
            digest = ordpar_digest_number(digest, ordpar_printed(list->values[n]));
    }
    return digest;
}

/* The text after "# key: ", or NULL. */
static char *value_of(char *line, const char *key) {
    if (*line++ != '#')
        return NULL;
    line += strspn(line, " ");
    return strncmp(line, key, strlen(key)) == 0 ? line + strlen(key) : NULL;
}

static ordpar_status malformed(const char *path, const char *reason, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: %s", path, reason);
}

/* A line's text, of which there may be one. */
static ordpar_status take_text(const char *path, const char *text, char **place,
                               ordpar_error *err) {
    if (*place)
        return malformed(path, "has a second line of alpha, settings, files, digests or digest",
                         err);
    *place = strdup(text);
    return *place ? ORDPAR_OK
                  : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings of %s", path);
}

/* As it was written. */
static bool parse_any(const char *word, double *value) {
    static const struct {
        const char *word;
        double value;
    } others[] = {{"nan", NAN}, {"inf", INFINITY}, {"-inf", -INFINITY}};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (strcmp(word, others[k].word) == 0) {
            *value = others[k].value;
            return true;
        }
    return ordpar_parse_double(word, value);
}

static ordpar_status take_numbers(const char *path, char *text, size_t k, ordpar_continuation *c,
                                  ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word && !status;
         word = strtok_r(NULL, " ", &rest)) {
        double value;
        const bool good =
            lists[k].any ? parse_any(word, &value) : ordpar_parse_double(word, &value);
        status = good ? ordpar_continuation_add(list_of(c, k), 1, &value, err)
                      : ordpar_fail(err, ORDPAR_PARSE, "%s: %s'%.60s' is not a finite number", path,
                                    lists[k].key, word);
    }
    return status;
}

static ordpar_status take_line(const char *path, char *line, char **alpha, ordpar_continuation *c,
                               ordpar_error *err) {
    char *text;
    if ((text = value_of(line, alpha_key)))
        return take_text(path, text, alpha, err);
    if ((text = value_of(line, settings_key)))
        return take_text(path, text, &c->settings, err);
    if ((text = value_of(line, files_key)))
        return take_text(path, text, &c->files, err);
    if ((text = value_of(line, digests_key)))
        return take_text(path, text, &c->digests, err);
    if ((text = value_of(line, digest_key)))
        return take_text(path, text, &c->digest, err);
    for (size_t k = 0; k < LISTS; k++)
        if ((text = value_of(line, lists[k].key)))
            return take_numbers(path, text, k, c, err);
    return ORDPAR_OK;
}

/* Comment lines and blank ones, up to the table. */
static ordpar_status read_lines(const char *path, FILE *file, ordpar_continuation *c, char **alpha,
                                ordpar_error *err) {
    char *line = NULL;
    size_t size = 0;
    ordpar_error reason;
    ordpar_text_begin begin;
    ordpar_status status = ordpar_text_enter(file, &begin, &reason);
    if (status)
        return ordpar_fail(err, status, "%s: %.400s", path, reason.message);
    bool is_text = false;
    ssize_t length = 0;
    while (!status && (length = getline(&line, &size, file)) > 0) {
        is_text = strlen(line) == (size_t)length;
        if (!is_text)
            status = malformed(path, "a zero byte: not the state of a run", err);
        const bool whole = ordpar_line_end(line);
        if (!status && !whole)
            status = malformed(path, ORDPAR_LONE_RETURN, err);
        if (*line != '#' && *line != '\0')
            break;
        if (!status)
            status = take_line(path, line, alpha, c, err);
    }
    const char *separator = is_text ? ordpar_table_separator(&line, &size, file) : NULL;
    if (separator) /* the cause of whatever notes are not what they were */
        status = ordpar_fail(err, ORDPAR_PARSE, "%s: " ORDPAR_SEPARATED, path, separator);
    free(line);
    if (!status && ferror(file))
        status = ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    if (!status && length < 0 && !feof(file))
        status = ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory for a line", path);
    return status;
}

static ordpar_status check(const char *path, FILE *file, const char *alpha, ordpar_continuation *c,
                           ordpar_error *err) {
    if (!alpha && c->settings)
        return malformed(path,
                         "does not say where its run has ended: it has '# settings:', as all "
                         "outputs, but no '# alpha:'; a run goes on from the file of "
                         "save-overlaps, or a checkpoint, not from a curve's rows",
                         err);
    if (!alpha || !c->settings)
        return ordpar_fail(err, ORDPAR_PARSE,
                           "%s: does not say where its run has ended, as files of save-overlaps "
                           "and checkpoints do: it has no %s before its table",
                           path,
                           alpha ? "line '# settings:'" : "lines '# alpha:' and '# settings:'");
    if (!ordpar_parse_double(alpha, &c->alpha) || c->alpha < 0)
        return ordpar_fail(err, ORDPAR_PARSE, "%s: alpha must be a number >= 0, got '%.60s'", path,
                           alpha);
    return fseek(file, -1, SEEK_END) == 0 && getc(file) != '\n'
               ? malformed(path, "was cut short: its last line does not end", err)
               : ORDPAR_OK;
}

ordpar_status ordpar_continuation_read(const char *path, ordpar_continuation *continuation,
                                       ordpar_error *err) {
    ordpar_continuation read = {0};
    char *alpha = NULL;
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    ordpar_status status = read_lines(path, file, &read, &alpha, err);
    if (!status)
        status = check(path, file, alpha, &read, err);
    fclose(file);
    free(alpha);
    if (status)
        ordpar_continuation_clear(&read);
    else
        *continuation = read;
    return status;
}

void ordpar_continuation_clear(ordpar_continuation *continuation) {
    if (!continuation)
        return;
    free(continuation->settings);
    free(continuation->files);
    free(continuation->digests);
    free(continuation->digest);
    for (size_t k = 0; k < LISTS; k++)
        free(list_of(continuation, k)->values);
    *continuation = (ordpar_continuation){0};
}
