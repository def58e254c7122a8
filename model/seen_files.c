// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/seen_files.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    const char *setting; /* of the table of settings */
    char *path;
    struct stat state;
    uint64_t digest; /* 0: none */
} seen_file;

struct ordpar_seen_files {
    size_t count;
    seen_file *files;
};

static uint64_t digest_of(const char *path) {
    uint64_t digest = ORDPAR_DIGEST_START;
    return ordpar_digest_file(path, &digest, NULL) ? 0 : digest;
}

static ordpar_status no_memory(ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the names of files");
}

ordpar_status ordpar_seen_add(const char *setting, const char *path, ordpar_seen_files **seen,
                              ordpar_error *err) {
    seen_file file = {.setting = setting};
    if (stat(path, &file.state) != 0 || !S_ISREG(file.state.st_mode))
        return ORDPAR_OK; /* whoever reads it will say so */
    if (!*seen && !(*seen = calloc(1, sizeof **seen)))
        return no_memory(err);
    seen_file *grown = realloc((*seen)->files, ((*seen)->count + 1) * sizeof *grown);
    if (!grown)
        return no_memory(err);
    (*seen)->files = grown;
    if (!(file.path = strdup(path)))
        return no_memory(err);
    file.digest = digest_of(path);
    grown[(*seen)->count++] = file;
    return ORDPAR_OK;
}

/* A grid is read when it is set. */
static ordpar_status visit(void *context, const char *name, const char *path, ordpar_error *err) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    return row->kind == ORDPAR_KIND_GRID ? ORDPAR_OK
                                         : ordpar_seen_add(row->name, path, context, err);
}

ordpar_status ordpar_seen_model(const ordpar_model *model, ordpar_seen_files **seen,
                                ordpar_error *err) {
    return ordpar_model_each_file(model, visit, seen, err);
}

static bool same_time(struct timespec a, struct timespec b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_same(const seen_file *file) {
    struct stat now;
    const struct stat *then = &file->state;
    if (stat(file->path, &now) != 0 || now.st_size != then->st_size)
        return false;
    if (now.st_dev == then->st_dev && now.st_ino == then->st_ino &&
        same_time(now.st_mtim, then->st_mtim))
        return true;
    return file->digest && digest_of(file->path) == file->digest;
}

ordpar_status ordpar_seen_check(const ordpar_seen_files *seen, ordpar_error *err) {
    for (size_t k = 0; seen && k < seen->count; k++)
        if (!is_same(&seen->files[k]))
            return ordpar_fail(err, ORDPAR_INVALID, "%s: %.300s has changed since the first point",
                               seen->files[k].setting, seen->files[k].path);
    return ORDPAR_OK;
}

void ordpar_seen_free(ordpar_seen_files *seen) {
    for (size_t k = 0; seen && k < seen->count; k++)
        free(seen->files[k].path);
    if (seen)
        free(seen->files);
    free(seen);
}
