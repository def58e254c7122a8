// SPDX-License-Identifier: GPL-3.0-or-later
/* What is in the files that a model's settings name, as outputs note it and `like` compares it. */
#include "base/digest.h"
#include "base/text_stream.h"
#include "model/labels.h"
#include "model/model_internal.h"
#include "model/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Beyond that many bytes a digest would take as long as a computation. */
static const off_t most_bytes = (off_t)1 << 26;

/* False for what is no file, cannot be read, or is large. */
static bool add_file(const char *path, uint64_t *digest, off_t *bytes) {
    struct stat state;
    if (stat(path, &state) != 0 || !S_ISREG(state.st_mode))
        return false;
    *bytes += state.st_size;
    return *bytes <= most_bytes && !ordpar_digest_file(path, digest, NULL);
}

/* labels may name an array in its file. */
static bool add_named(const char *name, const char *text, uint64_t *digest, off_t *bytes) {
    const char *array;
    char *path = NULL;
    if (strcmp(name, "labels") != 0)
        return ordpar_setting_names_file(name, text) && add_file(text, digest, bytes);
    const bool good =
        !ordpar_labels_split(text, &path, &array, NULL) && add_file(path, digest, bytes);
    free(path);
    return good;
}

/* The digest of all that setting k names; false: it names nothing that has one. A grid was read
 * when it was set. */
static bool digest_of(const ordpar_model *model, size_t k, uint64_t *digest) {
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    const void *field = (const char *)&model->value + row->offset;
    const char *path = model->given[k] ? ordpar_model_file(model, k, 0) : NULL;
    off_t bytes = 0;
    *digest = ORDPAR_DIGEST_START;
    if (path && row->kind == ORDPAR_KIND_GRID) {
        const ordpar_grid *grid = field;
        *digest = ordpar_digest(*digest, grid->list, (size_t)grid->count * sizeof *grid->list);
        return true;
    }
    for (size_t f = 0; model->given[k] && (path = ordpar_model_file(model, k, f)); f++)
        if (!add_named(row->name, path, digest, &bytes))
            return false;
    return bytes > 0;
}

ordpar_status ordpar_model_named_files(const ordpar_model *model, unsigned groups, char **text,
                                       ordpar_error *err) {
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    const char *blank = "";
    for (size_t k = 0; file && k < ordpar_model_settings.count; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        uint64_t digest;
        if (!(row->groups & groups) || !digest_of(model, k, &digest))
            continue;
        fprintf(file, "%s%s=%016llx", blank, row->name, (unsigned long long)digest);
        blank = " ";
    }
    *text = file ? ordpar_text_end(&stream) : NULL;
    return *text ? ORDPAR_OK
                 : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the files' digests");
}

/* What stands after "name="; NULL: that is not there. */
static const char *value_of(const char *files, const char *name) {
    const size_t length = strlen(name);
    for (const char *found = files; (found = strstr(found, name)); found += length)
        if ((found == files || found[-1] == ' ') && found[length] == '=')
            return found + length + 1;
    return NULL;
}

ordpar_status ordpar_model_check_files(const ordpar_model *model, const bool *without,
                                       const char *files, const char *path, ordpar_error *err) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++) {
        const char *name = ordpar_model_settings.rows[k].name;
        const char *there = without[k] ? NULL : value_of(files, name);
        char now[32];
        uint64_t digest;
        if (!there || !digest_of(model, k, &digest))
            continue;
        snprintf(now, sizeof now, "%016llx", (unsigned long long)digest);
        if (strncmp(there, now, strlen(now)) != 0)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: %.200s has another content than when %.200s was made with it",
                               name, ordpar_model_file(model, k, 0), path);
    }
    return ORDPAR_OK;
}
