// SPDX-License-Identifier: GPL-3.0-or-later
/* What legends call the files that a setting names. */
#include "base/number.h"
#include "cli/output/path_name.h"
#include "cli/output/picture_internal.h"
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

enum { LONG = 80, SHORT = 28 };

/* All files that the sources name. */
typedef struct {
    char *text;
    const char **paths;
    size_t count;
    bool labels;
} named_files;

/* Labels without the array of an archive. */
static void cut_arrays(named_files *files) {
    for (size_t f = 0; f < files->count; f++) {
        const char *colon = ordpar_array_of(files->paths[f]);
        if (colon)
            files->text[colon - files->text] = '\0';
    }
}

static ordpar_status collect(const char *setting, const char *const *values, size_t count,
                             named_files *files, ordpar_error *err) {
    size_t size = 1, lines = count + 1;
    for (size_t k = 0; k < count; k++) {
        size += values[k] ? strlen(values[k]) + 1 : 0;
        for (const char *c = values[k]; c && *c; c++)
            lines += *c == '\n';
    }
    char *to = files->text = malloc(size);
    files->paths = malloc(lines * sizeof *files->paths);
    if (!to || !files->paths)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the legend");
    for (size_t k = 0; k < count; k++) {
        char *rest = to;
        to = values[k] ? stpcpy(to, values[k]) + 1 : to;
        while (rest < to) {
            files->paths[files->count++] = rest;
            rest += strcspn(rest, "\n");
            *rest++ = '\0';
        }
    }
    files->labels = strcmp(setting, "labels") == 0;
    if (files->labels)
        cut_arrays(files);
    return ORDPAR_OK;
}

static void name_file(const void *context, const char *path, bool several, char *name) {
    const named_files *files = context;
    const char *colon = files->labels ? ordpar_array_of(path) : NULL;
    char own[4096], plain[2 * LONG];
    ordpar_format(own, sizeof own, "%.*s", colon ? (int)(colon - path) : (int)strlen(path), path);
    path_name(own, files->paths, files->count, plain, several ? SHORT : LONG);
    const size_t used = strlen(plain);
    if (colon)
        ordpar_format(plain + used, LONG, "%s", colon);
    ordpar_title_escape(plain, name, ORDPAR_FILE_NAME);
}

ordpar_status picture_file_names(const char *setting, const char *value, const char *const *values,
                                 size_t count, char *name, ordpar_error *err) {
    named_files files = {.text = NULL};
    const ordpar_status status = collect(setting, values, count, &files, err);
    if (!status)
        ordpar_file_names(value, name_file, &files, name, ORDPAR_FILE_NAME);
    free(files.paths);
    free(files.text);
    return status;
}
