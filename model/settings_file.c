// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings that a file holds: the line of a CSV file, the object of a JSON file. */
#include "base/floating_point.h"
#include "base/line.h"
#include "base/number.h"
#include "base/stream_path.h"
#include "base/text_stream.h"
#include "base/utf8.h"
#include "model/model_internal.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ordpar_status no_memory(ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
}

/* Names may have _ for -, as Python has them. */
static void put_name(FILE *file, const char *name) {
    fputc(' ', file);
    for (; *name; name++)
        fputc(*name == '_' ? '-' : *name, file);
    fputc('=', file);
}

/* What stands in single quotes. */
static void put_quoted(FILE *file, const char *value) {
    for (; *value; value++)
        fprintf(file, *value == '\'' ? "'\\''" : "%c", *value);
}

static void put_value(FILE *file, const char *name, const char *value) {
    put_name(file, name);
    fputc('\'', file);
    put_quoted(file, value);
    fputc('\'', file);
}

/* A text, or {"bytes": "s%FF.csv"} of what is no UTF-8; NULL: neither, or out of memory. The caller
 * frees it. */
static char *text_of(const json_t *item) {
    const char *bytes = json_string_value(json_object_get(item, "bytes"));
    const char *from = json_is_string(item) ? json_string_value(item) : bytes;
    char *text = from && (!bytes || json_object_size(item) == 1) ? strdup(from) : NULL;
    if (text && bytes)
        ordpar_utf8_take_bytes(text);
    return text;
}

/* A number as it stands in double precision; numbers that need more digits are given as texts. */
static bool put_item(FILE *file, const char *name, const json_t *item) {
    char number[ORDPAR_NUMBER_SIZE];
    char *text = text_of(item);
    if (text)
        put_value(file, name, text);
    else if (json_is_boolean(item))
        put_value(file, name, json_is_true(item) ? "yes" : "no");
    else if (json_is_number(item))
        put_name(file, name);
    if (json_is_integer(item))
        fprintf(file, "%lld", (long long)json_integer_value(item));
    else if (json_is_real(item))
        fputs(ordpar_number_text(json_real_value(item), number), file);
    const bool good = text || json_is_boolean(item) || json_is_number(item);
    free(text);
    return good;
}

/* An array is several files or swept settings, or numbers or words with commas. */
static bool put_array(FILE *file, const char *name, const json_t *array) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    bool good = true;
    if ((row && row->kind == ORDPAR_KIND_FILES) || strcmp(name, "sweep") == 0) {
        for (size_t k = 0; k < json_array_size(array) && good; k++)
            good = put_item(file, name, json_array_get(array, k));
        return good;
    }
    put_name(file, name);
    fputc('\'', file);
    for (size_t k = 0; k < json_array_size(array) && good; k++) {
        char number[ORDPAR_NUMBER_SIZE];
        const json_t *item = json_array_get(array, k);
        good = json_is_number(item) || json_is_string(item);
        fputs(k ? "," : "", file);
        if (good)
            put_quoted(file, json_is_string(item)
                                 ? json_string_value(item)
                                 : ordpar_number_text(json_number_value(item), number));
    }
    fputc('\'', file);
    return good;
}

/* A setting may stand there once, by whichever of its names. */
static ordpar_status check_once(const char *name, bool seen[ORDPAR_MAX_SETTINGS],
                                ordpar_error *err) {
    char plain[64];
    const size_t length = strlen(name);
    for (size_t k = 0; k <= length && length < sizeof plain; k++)
        plain[k] = name[k] == '_' ? '-' : name[k];
    const ordpar_setting *row =
        length < sizeof plain ? ordpar_setting_find(&ordpar_model_settings, plain) : NULL;
    bool *before = row ? &seen[row - ordpar_model_settings.rows] : NULL;
    if (before && *before)
        return ordpar_fail(err, ORDPAR_PARSE, "%s stands there twice", row->name);
    if (before)
        *before = true;
    return ORDPAR_OK;
}

/* Tasks may be the array or the object that their file has. */
static bool put_tasks(FILE *file, const char *name, json_t *value) {
    json_t *whole = json_is_object(value) ? json_incref(value) : json_pack("{sO}", "tasks", value);
    char *text = json_dumps(whole, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (text)
        put_value(file, name, text);
    free(text);
    json_decref(whole);
    return text;
}

/* The object as a line; "default" in it is an object of the same kind. */
static ordpar_status put_object(FILE *file, json_t *object, bool seen[ORDPAR_MAX_SETTINGS],
                                ordpar_error *err) {
    const char *key;
    json_t *value, *defaults = json_object_get(object, "default");
    ordpar_status status = ORDPAR_OK;
    json_object_foreach(object, key, value) {
        const char *name = strcmp(key, "continue_from") == 0 ? "continue" : key; /* Python's word */
        const bool tasks = strcmp(name, "tasks") == 0;
        if (status || (value == defaults && json_is_object(value)))
            continue;
        if (!(tasks && (json_is_object(value) || json_is_array(value))
                  ? put_tasks(file, name, value)
              : json_is_array(value) ? put_array(file, name, value)
                                     : put_item(file, name, value)))
            return ordpar_fail(err, ORDPAR_PARSE,
                               "%.80s: a setting must be a text, a number, true or false, or an "
                               "array of these",
                               name);
        status = check_once(name, seen, err);
    }
    if (status || !json_is_object(defaults))
        return status;
    fputs("; default:", file);
    return put_object(file, defaults, seen, err);
}

static ordpar_status line_of_object(json_t *object, char **text, ordpar_error *err) {
    bool seen[ORDPAR_MAX_SETTINGS] = {false};
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    const ordpar_status status = file ? put_object(file, object, seen, err) : ORDPAR_OK;
    *text = ordpar_text_end(&stream);
    if (!*text && !status)
        return no_memory(err);
    if (status) {
        free(*text);
        *text = NULL;
    }
    return status;
}

/* "file 3: PATH, digest DIGEST", a line of a sweep's file, is kept without its number. */
static ordpar_status take_swept_file(const char *key, const char *text, ordpar_like *like,
                                     ordpar_error *err) {
    if (strncmp(key, "file ", 5) != 0)
        return ORDPAR_OK;
    const size_t used = like->swept_files ? strlen(like->swept_files) : 0;
    char *grown = realloc(like->swept_files, used + strlen(text) + 2);
    if (!grown)
        return no_memory(err);
    like->swept_files = grown;
    sprintf(grown + used, "%s\n", text);
    return ORDPAR_OK;
}

static ordpar_status read_json_facts(json_t *root, ordpar_like *like, ordpar_error *err) {
    const char *key, *files = json_string_value(json_object_get(root, "digests"));
    json_t *value;
    ordpar_status status = ORDPAR_OK;
    if (files && !(like->files = strdup(files)))
        return no_memory(err);
    json_object_foreach(root, key, value) {
        char *text = status ? NULL : text_of(value);
        if (text)
            status = take_swept_file(key, text, like, err);
        free(text);
    }
    return status;
}

/* Of a figure, whose lines and points are of several models. */
static ordpar_status refuse_panel(ordpar_error *err) {
    return ordpar_fail(err, ORDPAR_INVALID,
                       "is a panel of a figure, which has the settings of no one model");
}

static ordpar_status read_json(FILE *file, size_t lines, ordpar_like *like, ordpar_error *err) {
    json_error_t reason;
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &reason);
    if (!root)
        return ordpar_fail(err, ORDPAR_PARSE, "line %zu: %.200s", lines + (size_t)reason.line,
                           reason.text);
    json_t *settings = json_object_get(root, "settings");
    ordpar_status status = ORDPAR_OK;
    if (json_is_object(settings) || !json_is_array(json_object_get(root, "rows")))
        status =
            json_is_object(root)
                ? line_of_object(json_is_object(settings) ? settings : root, &like->settings, err)
                : ordpar_fail(err, ORDPAR_PARSE, "must be an object of settings");
    if (json_is_object(settings) && !status)
        status =
            json_object_get(root, "panel") ? refuse_panel(err) : read_json_facts(root, like, err);
    json_decref(root);
    return status;
}

/* What stands behind a key, where it was not yet found. */
static ordpar_status take_note(const char *line, const char *key, char **text, ordpar_error *err) {
    if (*text || strncmp(line, key, strlen(key)) != 0)
        return ORDPAR_OK;
    *text = strdup(line + strlen(key));
    return *text ? ORDPAR_OK : no_memory(err);
}

static ordpar_status read_csv(FILE *file, ordpar_like *like, ordpar_error *err) {
    char *line = NULL;
    size_t size = 0;
    ordpar_status status = ORDPAR_OK;
    while (!status && ordpar_read_line(&line, &size, file) > 0) {
        const bool whole = ordpar_line_end(line);
        if (*line != '#' && *line != '\0')
            break; /* notes come first */
        if (!whole)
            status = ordpar_fail(err, ORDPAR_PARSE, ORDPAR_LONE_RETURN);
        if (!status && strncmp(line, "# panel: ", strlen("# panel: ")) == 0)
            status = refuse_panel(err);
        if (!status && !(status = take_note(line, "# settings: ", &like->settings, err)))
            status = take_note(line, "# digests: ", &like->files, err);
        const char *text = strstr(line, ": ");
        if (!status && text && strncmp(line, "# ", 2) == 0)
            status = take_swept_file(line + 2, text + 2, like, err);
    }
    const char *separator = status ? NULL : ordpar_table_separator(&line, &size, file);
    if (separator) /* notes are not what they were, either */
        status = ordpar_fail(err, ORDPAR_PARSE, ORDPAR_SEPARATED, separator);
    free(line);
    return status;
}

ordpar_status ordpar_like_of_stream(FILE *file, ordpar_like *like, ordpar_error *err) {
    ordpar_text_begin begin;
    const ordpar_status status = ordpar_text_enter(file, &begin, err);
    if (status)
        return status;
    return begin.json ? read_json(file, begin.lines, like, err) : read_csv(file, like, err);
}

static ordpar_status refuse(const char *path, ordpar_status status, const ordpar_error *reason,
                            ordpar_error *err) {
    return status ? ordpar_fail(err, status, "like: %.200s: %.270s", path, reason->message)
                  : ORDPAR_OK;
}

ordpar_status ordpar_like_read(const char *path, ordpar_like *like, ordpar_error *err) {
    ordpar_error reason;
    *like = (ordpar_like){0};
    if (strcmp(path, "-") == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "like: must be a file, got '-'");
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "like: %.200s: cannot be read: %s", path,
                           strerror(errno));
    ordpar_status status = ordpar_like_of_stream(file, like, &reason);
    if (!status && ferror(file)) /* such as of a folder */
        status = ordpar_fail(&reason, ORDPAR_IO, "cannot be read: %s", strerror(errno));
    if (!status && !like->settings)
        status = ordpar_fail(&reason, ORDPAR_PARSE, "has no line '# settings: ..'");
    fclose(file);
    return refuse(path, status, &reason, err);
}

void ordpar_like_clear(ordpar_like *like) {
    free(like->settings);
    free(like->files);
    free(like->swept_files);
    *like = (ordpar_like){0};
}

/* What a process had open under such a name is not there for another, or is something else. */
static ordpar_status check_kept(const char *name, const char *path, ordpar_error *err) {
    if (path && strcmp(path, ORDPAR_SETTINGS_ARRAY) == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "%s was an array, which is not kept: give it again",
                           name);
    if (path && ordpar_path_is_passing(path))
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s was read from %.80s, an array or a stream that is not kept: "
                           "give it again",
                           name, path);
    return ORDPAR_OK;
}

/* Grids are read when they are set, so that they are looked at before. */
static ordpar_status check_kept_grids(const bool *given, const char *settings, ordpar_error *err) {
    ordpar_settings_word word = {0};
    char *copy = strdup(settings), *rest = copy;
    ordpar_status status = copy ? ORDPAR_OK : no_memory(err);
    while (!status && ordpar_settings_next(&rest, &word)) {
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, word.name);
        if (row && row->kind == ORDPAR_KIND_GRID && !given[row - ordpar_model_settings.rows])
            status = check_kept(row->name, word.value, err);
    }
    free(copy);
    return status;
}

static ordpar_status check_kept_files(const ordpar_model *model, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_kind kind = ordpar_model_settings.rows[k].kind;
        if (model->alike[k] && (kind == ORDPAR_KIND_FILE || kind == ORDPAR_KIND_FILES))
            status = check_kept(ordpar_model_settings.rows[k].name, model->text[k], err);
    }
    return status;
}

ordpar_status ordpar_like_take(ordpar_model *model, const char *path, const ordpar_like *like,
                               ordpar_error *err) {
    bool before[ORDPAR_MAX_SETTINGS];
    ordpar_error reason;
    memcpy(before, model->given, sizeof before);
    ordpar_status status = check_kept_grids(before, like->settings, &reason);
    if (!status)
        status = ordpar_like_take_settings(model, path, like, &reason);
    if (!status)
        status = check_kept_files(model, &reason);
    if (status || !like->files)
        return refuse(path, status, &reason, err);
    return ordpar_model_check_files(model, before, like->files, path, err);
}

ordpar_status ordpar_model_like_for(ordpar_model *model, const char *path, const char *computation,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    ordpar_like like;
    ordpar_status status = ordpar_like_read(path, &like, err);
    for (const ordpar_computation *c = ordpar_computations; computation && c->name; c++)
        if (strcmp(c->name, computation) == 0)
            like.groups = c->groups;
    if (!status)
        status = ordpar_like_take(model, path, &like, err);
    ordpar_like_clear(&like);
    return status;
}

ordpar_status ordpar_model_like(ordpar_model *model, const char *path, ordpar_error *err) {
    return ordpar_model_like_for(model, path, NULL, err);
}
