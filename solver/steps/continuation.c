// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/steps/continuation.h"

#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static const char alpha_key[] = "alpha: ", settings_key[] = "settings: ";

ordpar_status ordpar_continuation_write(FILE *file, double alpha, const char *settings,
                                        ordpar_error *err) {
    if (!isfinite(alpha) || alpha < 0)
        return ordpar_fail(err, ORDPAR_INVALID, "a run ends at a finite alpha >= 0, got %g", alpha);
    if (strpbrk(settings, "\r\n"))
        return ordpar_fail(err, ORDPAR_INVALID, "settings must be one line, got '%.80s'", settings);
    ordpar_print(file, "# %s%.17g\n# %s%s\n", alpha_key, alpha, settings_key, settings);
    return ORDPAR_OK;
}

/* The text after "# key: ", or NULL. */
static const char *value_of(const char *line, const char *key) {
    if (*line++ != '#')
        return NULL;
    line += strspn(line, " ");
    return strncmp(line, key, strlen(key)) == 0 ? line + strlen(key) : NULL;
}

static ordpar_status malformed(const char *path, const char *reason, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_PARSE, "%s: %s", path, reason);
}

static ordpar_status take_line(const char *path, const char *line, bool *has_alpha,
                               ordpar_continuation *c, ordpar_error *err) {
    const char *alpha = value_of(line, alpha_key), *settings = value_of(line, settings_key);
    if ((alpha && *has_alpha) || (settings && c->settings))
        return malformed(path, "has a second line of alpha or settings", err);
    if (alpha && (!ordpar_parse_double(alpha, &c->alpha) || c->alpha < 0))
        return ordpar_fail(err, ORDPAR_PARSE, "%s: alpha must be a number >= 0, got '%.60s'", path,
                           alpha);
    *has_alpha = *has_alpha || alpha;
    if (settings && !(c->settings = strdup(settings)))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings of %s", path);
    return ORDPAR_OK;
}

/* Comment lines and blank ones, up to the table. */
static ordpar_status read_lines(const char *path, FILE *file, ordpar_continuation *c,
                                ordpar_error *err) {
    char *line = NULL;
    size_t size = 0;
    bool has_alpha = false;
    ordpar_status status = ORDPAR_OK;
    for (ssize_t length; !status && (length = getline(&line, &size, file)) > 0;) {
        if (strlen(line) != (size_t)length)
            status = malformed(path, "a zero byte: not a file of overlaps", err);
        line[strcspn(line, "\r\n")] = '\0';
        if (*line != '#' && *line != '\0')
            break;
        if (!status)
            status = take_line(path, line, &has_alpha, c, err);
    }
    free(line);
    if (!status && ferror(file))
        status = ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    if (!status && (!has_alpha || !c->settings))
        status = malformed(path,
                           "does not say where its run has ended: it has no '# alpha:' and "
                           "'# settings:' lines before its table",
                           err);
    return status;
}

ordpar_status ordpar_continuation_read(const char *path, ordpar_continuation *continuation,
                                       ordpar_error *err) {
    ordpar_continuation read = {0};
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "%s: cannot be read: %s", path, strerror(errno));
    const ordpar_status status = read_lines(path, file, &read, err);
    fclose(file);
    if (status)
        ordpar_continuation_clear(&read);
    else
        *continuation = read;
    return status;
}

void ordpar_continuation_clear(ordpar_continuation *continuation) {
    free(continuation->settings);
    *continuation = (ordpar_continuation){0};
}
