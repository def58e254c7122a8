// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/curve_saver.h"

#include "base/clock.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What an array stands for on one side alone: the overlaps have digests, the blocks are compared.
 */
static bool is_of_an_array(const char *name, const char *a, const char *b) {
    const bool mark = (a && strcmp(a, ORDPAR_SETTINGS_ARRAY) == 0) ||
                      (b && strcmp(b, ORDPAR_SETTINGS_ARRAY) == 0);
    return (mark || !a != !b) &&
           ordpar_settings_among("overlaps spectrum input-dim eigenvalues beta generate", name);
}

static ordpar_status check_start(const char *path, const ordpar_continuation *there,
                                 const ordpar_continuation *here, ordpar_error *err) {
    const bool then = ordpar_settings_value_of(there->files, "overlaps");
    const bool now = ordpar_settings_value_of(here->files, "overlaps");
    if (then == now)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID, "overlaps: %.200s was made %s", path,
                       then ? "with some" : "without");
}

/* A file by whatever name: what is in it is compared later. */
static bool is_of_files(const ordpar_setting *row, const char *a, const char *b,
                        const ordpar_continuation *there, const ordpar_continuation *here) {
    if (strcmp(row->name, "spectrum") == 0) /* its blocks */
        return a && b && ordpar_setting_names_file(row->name, a) &&
               ordpar_setting_names_file(row->name, b);
    return ordpar_settings_value_of(there->files, row->name) &&
           ordpar_settings_value_of(here->files, row->name);
}

static ordpar_status fail_changed(const char *name, const char *path, ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID, "%s: the file has changed since %.200s was made", name,
                       path);
}

/* A grid is its numbers, whether they stand in a file, in a list or as a range. */
static ordpar_status check_grid(const ordpar_model *model, const char *path,
                                const ordpar_continuation *there, const char *then, const char *now,
                                ordpar_error *err) {
    const ordpar_grid *own = &model->value.alpha;
    const char *known = ordpar_settings_value_of(there->files, "alpha");
    const bool alike = ordpar_settings_same(then, now);
    ordpar_grid grid = {.list = NULL};
    bool same = alike && !own->of_file;
    if (known)
        same = strtoull(known, NULL, 16) == ordpar_grid_digest(own);
    else if (!same && then && !ordpar_grid_read("alpha", then, INFINITY, &grid, NULL))
        same = grid.count == own->count && ordpar_grid_digest(&grid) == ordpar_grid_digest(own);
    free(grid.list);
    if (same)
        return ORDPAR_OK;
    return alike ? fail_changed("alpha", path, err)
                 : ordpar_settings_contradict("alpha", now, path, then, err);
}

/* Names the first setting that differs. */
static ordpar_status check_settings(const ordpar_model *model, const char *path,
                                    const ordpar_continuation *there,
                                    const ordpar_continuation *here, ordpar_error *err) {
    const char *a[ORDPAR_MAX_SETTINGS] = {NULL}, *b[ORDPAR_MAX_SETTINGS] = {NULL};
    char *first = strdup(there->settings), *second = strdup(here->settings);
    ordpar_status status = ORDPAR_OK;
    if (!first || !second)
        status = ordpar_fail(err, ORDPAR_MEMORY, "checkpoint: out of memory");
    if (!status) {
        ordpar_settings_split(first, a);
        ordpar_settings_split(second, b);
        ordpar_settings_leave_usual(a);
        ordpar_settings_leave_usual(b);
    }
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        if (strcmp(row->name, "alpha") == 0)
            status = check_grid(model, path, there, a[k], b[k], err);
        else if (row->kind != ORDPAR_KIND_FILES && !ordpar_settings_same(a[k], b[k]) &&
                 !is_of_an_array(row->name, a[k], b[k]) &&
                 !is_of_files(row, a[k], b[k], there, here))
            status = ordpar_settings_contradict(row->name, b[k], path, a[k], err);
    }
    free(first);
    free(second);
    return status;
}

static bool same_list(const ordpar_continuation_list *a, const ordpar_continuation_list *b) {
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->values, b->values, a->count * sizeof *a->values) == 0);
}

enum { WORD_SIZE = 64 };

/* The name of the first file that is not in both; false: there is none. Grids are compared by their
 * numbers, which may stand in a file or not. */
static bool find_other(const char *files, const char *others, char name[WORD_SIZE]) {
    for (size_t width; files && *files; files += width + (files[width] == ' ')) {
        width = strcspn(files, " ");
        ordpar_format(name, WORD_SIZE, "%.*s", (int)width, files);
        const bool same = ordpar_curve_state_has_file(others, name);
        name[strcspn(name, "=")] = '\0';
        if (!same && strcmp(name, "alpha") != 0)
            return true;
    }
    return false;
}

/* The settings are the same, so that these name files, or overlaps that are arrays. */
static ordpar_status check_files(const char *path, const char *then, const char *now,
                                 ordpar_error *err) {
    char name[WORD_SIZE];
    if (!find_other(now, then, name) && !find_other(then, now, name))
        return ORDPAR_OK;
    if (strcmp(name, "overlaps") == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "overlaps: are not those that %.200s was made with",
                           path);
    return fail_changed(name, path, err);
}

static ordpar_status check_spectrum(const char *path, const ordpar_continuation *there,
                                    const ordpar_continuation *here, ordpar_error *err) {
    if (!same_list(&there->blocks, &here->blocks))
        return ordpar_fail(err, ORDPAR_INVALID, "checkpoint: %.200s is of another spectrum", path);
    if (!same_list(&there->weights, &here->weights))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "checkpoint: %.200s is of other weights of the teacher in the "
                           "spectrum's blocks",
                           path);
    return ORDPAR_OK;
}

/* What the file holds, in the place of *state. */
static ordpar_status resume(const ordpar_curve_saver *saver, ordpar_parts *parts,
                            ordpar_curve_state *state, ordpar_error *err) {
    const ordpar_network *n = &parts->network;
    ordpar_curve_state found = {0};
    ordpar_error reason;
    ordpar_status status = ordpar_continuation_read(saver->path, &found.head, &reason);
    if (status)
        return ordpar_fail(err, status, "checkpoint: %.480s", reason.message);
    status = check_start(saver->path, &found.head, &state->head, err);
    if (!status)
        status = check_settings(saver->model, saver->path, &found.head, &state->head, err);
    if (!status)
        status = check_files(saver->path, found.head.files, state->head.files, err);
    if (!status)
        status = check_spectrum(saver->path, &found.head, &state->head, err);
    const ordpar_curve_state_shape shape = {n->K, n->M, n->training.eta_v > 0,
                                            n->training.momentum.weight > 0};
    if (!status && ((status = ordpar_curve_state_read(saver->path, &shape, &found, &reason)) ||
                    (status = ordpar_curve_state_check_numbers(&found, saver->path, &reason))))
        ordpar_fail(err, status, "checkpoint: %.480s", reason.message);
    if (!status)
        status = ordpar_curve_state_start(&found, parts, err);
    if (status) {
        ordpar_curve_state_clear(&found);
        return status;
    }
    ordpar_curve_state_clear(state);
    *state = found;
    return ORDPAR_OK;
}

/* An empty file, as mktemp makes them, is a place for the first one. */
static bool has_content(const char *path) {
    struct stat state;
    return stat(path, &state) == 0 && state.st_size > 0;
}

ordpar_status ordpar_curve_saver_open(const ordpar_model *model, ordpar_parts *parts,
                                      ordpar_curve_state *state, ordpar_curve_saver *saver,
                                      ordpar_error *err) {
    ordpar_error reason;
    saver->model = model;
    saver->path = model->value.checkpoint;
    saver->saved = ordpar_seconds();
    if (!saver->path)
        return ORDPAR_OK;
    ordpar_status status = ordpar_lock_take(saver->path, &saver->lock, &reason);
    if (status)
        return ordpar_fail(err, status, "checkpoint: %.480s", reason.message);
    status = ordpar_curve_state_check("checkpoint", saver->path, err);
    saver->has_state = has_content(saver->path);
    return status || !saver->has_state ? status : resume(saver, parts, state, err);
}

ordpar_status ordpar_curve_saver_save(ordpar_curve_saver *saver, const ordpar_curve_state *state,
                                      bool at_once, ordpar_error *err) {
    const double least = 2, share = 20; /* seconds between saves; computing for each of saving */
    const double now = ordpar_seconds();
    if (!saver->path || !saver->has_state ||
        (!at_once &&
         now - saver->saved < (saver->took * share > least ? saver->took * share : least)))
        return ORDPAR_OK;
    ordpar_error reason;
    const ordpar_status status = ordpar_curve_state_save(state, "checkpoint", saver->path, &reason);
    saver->saved = ordpar_seconds();
    saver->took = saver->saved - now;
    if (!status)
        return ORDPAR_OK;
    if (status != ORDPAR_IO || at_once) /* the last one counts */
        return ordpar_fail(err, status, "%s", reason.message);
    if (!saver->warned)
        ordpar_model_warn_unsaved(saver->model, reason.message);
    saver->warned = true;
    return ORDPAR_OK;
}

void ordpar_curve_saver_close(ordpar_curve_saver *saver) {
    ordpar_lock_release(&saver->lock);
}
