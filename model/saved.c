// SPDX-License-Identifier: GPL-3.0-or-later
/* No file that is read is written. */
#include "base/path_kind.h"
#include "model/labels.h"
#include "model/model_internal.h"
#include "model/parts.h"

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

ordpar_status ordpar_model_each_file(const ordpar_model *model, ordpar_file_visitor visit,
                                     void *context, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        char *path = NULL;
        for (size_t f = 0; !status && (f == 0 || path); f++) {
            free(path);
            status = ordpar_model_path(model, k, f, &path, err);
            const char *name = ordpar_model_settings.rows[k].name;
            if (!status && path && ordpar_setting_names_file(name, path))
                status = visit(context, name, path, err);
        }
        free(path);
    }
    return status;
}

typedef struct {
    const char *path;
    const char *reader; /* the name of the setting whose file, which is there, is also at path */
} search;

static ordpar_status compare(void *context, const char *name, const char *path, ordpar_error *err) {
    search *s = context;
    (void)err;
    if (!s->reader && same_file(path, s->path))
        s->reader = name;
    return ORDPAR_OK;
}

/* The name of the setting that reads the file at path, which may be NULL. */
static ordpar_status find_reader(const ordpar_model *model, const char *path, const char **reader,
                                 ordpar_error *err) {
    search found = {path, NULL};
    const ordpar_status status =
        path ? ordpar_model_each_file(model, compare, &found, err) : ORDPAR_OK;
    *reader = found.reader;
    return status;
}

ordpar_status ordpar_saved_name_check(const char *path, ordpar_error *err) {
    const char *ending;
    if (!path || ordpar_path_kind_of(path, &ending) == ORDPAR_PATH_PLAIN)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "save-overlaps: %.200s: overlaps are written as CSV, not as %s", path,
                       ending);
}

ordpar_status ordpar_model_check_saved(const ordpar_model *model, ordpar_error *err) {
    const char *path = model->value.save_overlaps, *checkpoint = model->value.checkpoint;
    const char *reader, *other;
    ordpar_status status;
    if ((status = find_reader(model, path, &reader, err)) ||
        (status = find_reader(model, checkpoint, &other, err)))
        return status;
    if (other)
        return ordpar_fail(err, ORDPAR_INVALID, "checkpoint: %.200s is what %s reads", checkpoint,
                           other);
    if (path && checkpoint && (strcmp(path, checkpoint) == 0 || same_file(path, checkpoint)))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "save-overlaps, checkpoint: two outputs go to %.200s", path);
    if (!reader || strcmp(reader, "continue") == 0) /* goes on from where it ends the next time */
        return ordpar_saved_name_check(path, err);
    return ordpar_fail(err, ORDPAR_INVALID, "save-overlaps: %.200s is what %s reads", path, reader);
}
