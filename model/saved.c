// SPDX-License-Identifier: GPL-3.0-or-later
/* No file that is read is written. */
#include "model/labels.h"
#include "model/model_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool same_file(const char *a, const char *b) {
    struct stat at_a, at_b;
    return a && b && stat(a, &at_a) == 0 && stat(b, &at_b) == 0 && at_a.st_dev == at_b.st_dev &&
           at_a.st_ino == at_b.st_ino;
}

const char *ordpar_model_file(const ordpar_model *model, size_t k, size_t number) {
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    const void *field = (const char *)&model->value + row->offset;
    const ordpar_texts *files = field;
    if (row->kind == ORDPAR_KIND_FILES)
        return number < files->count ? files->items[number] : NULL;
    if (number > 0)
        return NULL;
    if (row->kind == ORDPAR_KIND_GRID)
        return ((const ordpar_grid *)field)->of_file ? model->text[k] : NULL;
    return row->kind == ORDPAR_KIND_FILE ? *(char *const *)field : NULL;
}

ordpar_status ordpar_model_path(const ordpar_model *model, size_t k, size_t number, char **path,
                                ordpar_error *err) {
    const char *name = ordpar_model_settings.rows[k].name, *array;
    const char *file = ordpar_model_file(model, k, number);
    *path = NULL;
    if (!file)
        return ORDPAR_OK;
    if (strcmp(name, "labels") == 0)
        return ordpar_labels_split(file, path, &array, err);
    *path = strdup(file);
    return *path ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "%s: out of memory", name);
}

/* The name of the setting whose file, which is there, is also at path; NULL: there is none. */
static ordpar_status find_reader(const ordpar_model *model, const char *path, const char **reader,
                                 ordpar_error *err) {
    *reader = NULL;
    for (size_t k = 0; k < ordpar_model_settings.count && !*reader; k++) {
        char *file = NULL;
        for (size_t f = 0; f == 0 || file; f++) {
            free(file);
            const ordpar_status status = ordpar_model_path(model, k, f, &file, err);
            if (status)
                return status;
            if (same_file(file, path))
                *reader = ordpar_model_settings.rows[k].name;
        }
    }
    return ORDPAR_OK;
}

ordpar_status ordpar_model_check_saved(const ordpar_model *model, ordpar_error *err) {
    const char *path = model->value.save_overlaps, *checkpoint = model->value.checkpoint;
    const char *reader = NULL;
    const ordpar_status status = path ? find_reader(model, path, &reader, err) : ORDPAR_OK;
    if (status)
        return status;
    if (path && checkpoint && (strcmp(path, checkpoint) == 0 || same_file(path, checkpoint)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "save-overlaps, checkpoint: two outputs go to %.200s", path);
    if (!reader || strcmp(reader, "overlaps") == 0 || strcmp(reader, "continue") == 0)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID, "save-overlaps: %.200s is what %s reads", path, reader);
}
