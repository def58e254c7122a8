// SPDX-License-Identifier: GPL-3.0-or-later
/* What is in the files that a model's settings name, as outputs note it and `like` compares it. */
#include "base/digest.h"
#include "base/floating_point.h"
#include "base/stream_path.h"
#include "base/text_stream.h"
#include "model/curve_state.h"
#include "model/model_internal.h"
#include "model/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a setting names, so far. */
typedef struct {
    uint64_t digest;
    bool counts; /* or there is no file: whoever reads it will say so */
} content;

static ordpar_status add_file(const char *path, content *c, ordpar_error *err) {
    struct stat state;
    if (strcmp(path, "-") == 0) /* which may be a file */
        path = "/dev/stdin";
    c->counts = stat(path, &state) == 0 && S_ISREG(state.st_mode);
    return c->counts ? ordpar_digest_file(path, &c->digest, err) : ORDPAR_OK;
}

static ordpar_status add_labels(const char *text, content *c, ordpar_error *err) {
    const char *array;
    char *path;
    ordpar_status status = ordpar_labels_split(text, &path, &array, err);
    if (!status && !(status = add_file(path, c, err)))
        c->digest = ordpar_labels_digest(c->digest, array);
    free(path);
    return status;
}

/* File number f of setting k; what is no name of a file, such as a schedule in words, has none. */
static ordpar_status add_named(const ordpar_model *model, size_t k, size_t f, content *c,
                               ordpar_error *err) {
    const char *name = ordpar_model_settings.rows[k].name;
    const char *path = ordpar_model_file(model, k, f);
    if (strcmp(name, "labels") == 0)
        return add_labels(path, c, err);
    c->counts = ordpar_setting_names_file(name, path);
    return c->counts ? add_file(path, c, err) : ORDPAR_OK;
}

/* The digest of all that setting k names; c->counts is false where nothing has one. A grid was read
 * when it was set. */
static ordpar_status digest_of(const ordpar_model *model, size_t k, content *c, ordpar_error *err) {
    const ordpar_setting *row = &ordpar_model_settings.rows[k];
    const void *field = (const char *)&model->value + row->offset;
    const char *path = model->given[k] ? ordpar_model_file(model, k, 0) : NULL;
    *c = (content){ORDPAR_DIGEST_START, path != NULL};
    if (path && row->kind == ORDPAR_KIND_GRID) {
        c->digest = ordpar_grid_digest(field);
        return ORDPAR_OK;
    }
    for (size_t f = 0; c->counts && ordpar_model_file(model, k, f); f++) {
        ordpar_error reason;
        const ordpar_status status = add_named(model, k, f, c, &reason);
        if (status)
            return ordpar_fail(err, status, "%s: %.480s", row->name, reason.message);
    }
    return ORDPAR_OK;
}

uint64_t ordpar_model_digest_of_overlaps(const ordpar_model *model) {
    const ordpar_overlaps *o = &model->overlaps;
    const size_t shape[] = {o->K, o->M, o->L};
    uint64_t digest = ordpar_digest(ORDPAR_DIGEST_START, shape, sizeof shape);
    digest = ordpar_digest(digest, o->q, o->K * o->K * o->L * sizeof *o->q);
    digest = ordpar_digest(digest, o->r, o->K * o->M * o->L * sizeof *o->r);
    digest = ordpar_digest(digest, o->t, o->M * o->M * o->L * sizeof *o->t);
    if (o->v)
        digest = ordpar_digest(digest, o->v, o->heads * o->K * sizeof *o->v);
    return o->p ? ordpar_digest(digest, o->p, o->M * o->M * sizeof *o->p) : digest;
}

static uint64_t digest_of_spectrum(const ordpar_spectrum *s) {
    uint64_t digest = ordpar_digest(ORDPAR_DIGEST_START, s->lambda, s->L * sizeof *s->lambda);
    digest = ordpar_digest(digest, s->n, s->L * sizeof *s->n);
    return ordpar_digest(digest, s->c, s->L * sizeof *s->c);
}

/* Spectra and overlaps that are arrays have digests like files'. */
static bool has_array(const ordpar_model *model, size_t k, content *c) {
    const char *name = ordpar_model_settings.rows[k].name;
    const bool spectrum = strcmp(name, "spectrum") == 0 && model->spectrum.L;
    if (!spectrum && !(strcmp(name, "overlaps") == 0 && model->overlaps.K))
        return false;
    c->digest =
        spectrum ? digest_of_spectrum(&model->spectrum) : ordpar_model_digest_of_overlaps(model);
    return true;
}

/* What a run that goes on does not read again, as the run that it goes on from noted it: where it
 * is not given beside. */
static const char *of_origin(const ordpar_model *model, size_t k) {
    const char *name = ordpar_model_settings.rows[k].name;
    const char *digests = model->origin ? model->origin->head.digests : NULL;
    return !model->given[k] && ordpar_settings_among("spectrum data overlaps", name)
               ? ordpar_settings_value_of(digests, name)
               : NULL;
}

ordpar_status ordpar_model_named_files(const ordpar_model *model, unsigned groups, char **text,
                                       ordpar_error *err) {
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    const char *blank = "";
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; file && !status && k < ordpar_model_settings.count; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        content c;
        const char *before = of_origin(model, k);
        if (!(row->groups & groups) || (status = digest_of(model, k, &c, err)) ||
            (!has_array(model, k, &c) && !c.counts && !before))
            continue;
        if (before)
            fprintf(file, "%s%s=%.*s", blank, row->name, (int)strcspn(before, " "), before);
        else
            fprintf(file, "%s%s=%016llx", blank, row->name, (unsigned long long)c.digest);
        blank = " ";
    }
    *text = file ? ordpar_text_end(&stream) : NULL;
    if (!*text && !status)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the files' digests");
    if (status) {
        free(*text);
        *text = NULL;
    }
    return status;
}

static bool is_digest(const content *c, const char *text) {
    char now[32];
    snprintf(now, sizeof now, "%016llx", (unsigned long long)c->digest);
    return strncmp(text, now, strlen(now)) == 0;
}

bool ordpar_model_is_content(const ordpar_model *model, const char *name, const char *files) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    const char *there = ordpar_settings_value_of(files, name);
    content c;
    return row && there &&
           !digest_of(model, (size_t)(row - ordpar_model_settings.rows), &c, NULL) && c.counts &&
           is_digest(&c, there);
}

ordpar_status ordpar_model_check_files(const ordpar_model *model, const bool *without,
                                       const char *files, const char *path, ordpar_error *err) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++) {
        const char *name = ordpar_model_settings.rows[k].name;
        const char *there = without[k] ? NULL : ordpar_settings_value_of(files, name);
        content c;
        const ordpar_status status = there ? digest_of(model, k, &c, err) : ORDPAR_OK;
        if (status)
            return status;
        if (!there || !c.counts)
            continue;
        if (!is_digest(&c, there))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s: %.200s has another content than when %.200s was made with it",
                               name, ordpar_model_file(model, k, 0), path);
    }
    return ORDPAR_OK;
}

/* Standard input, or a pipe: what was in it is not there again. A grid was read when it was set. */
static ordpar_status check_lasting(void *context, const char *name, const char *path,
                                   ordpar_error *err) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    struct stat state;
    const bool input = strcmp(path, "-") == 0 || ordpar_stream_of_path(path) == STDIN_FILENO;
    (void)context;
    if (row->kind == ORDPAR_KIND_GRID ||
        (!input && (stat(path, &state) != 0 || S_ISREG(state.st_mode) || S_ISDIR(state.st_mode))))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_IO, "%s: %.200s is read once; it is not there again", name,
                       path);
}

ordpar_status ordpar_model_check_lasting(const ordpar_model *model, ordpar_error *err) {
    return ordpar_model_each_file(model, check_lasting, NULL, err);
}

ordpar_status ordpar_model_check_digests(const ordpar_model *model, const char *digests,
                                         const char *made, ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    static const bool without[ORDPAR_MAX_SETTINGS];
    const ordpar_status status = ordpar_model_check_lasting(model, err);
    if (status)
        return status;
    return ordpar_model_check_files(model, without, digests, made, err);
}
