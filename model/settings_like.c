// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings of a file beside those that are given: which of them are taken. */
#include "base/number.h"
#include "model/parts.h"
#include "model/replaced.h"

#include <stdlib.h>
#include <string.h>

static const ordpar_setting_table *const table = &ordpar_model_settings;

/* Sets of settings, by their rows. */
typedef struct {
    ordpar_model *model;
    const ordpar_like *like;
    bool given[ORDPAR_MAX_SETTINGS];       /* beside the file */
    bool other[ORDPAR_MAX_SETTINGS];       /* of these, what the file has not, or otherwise */
    bool there[ORDPAR_MAX_SETTINGS];       /* in the file, given or swept */
    bool wins[ORDPAR_MAX_SETTINGS];        /* of what is given: took the place of .. */
    const char *left[ORDPAR_MAX_SETTINGS]; /* .. these values, which were given in the file */
} beside;

/* The reader has no use for it, nor a closed form that refuses it: several values do not matter. */
static bool is_idle(const ordpar_like *like, const ordpar_setting *row) {
    const unsigned refused = like->groups & ORDPAR_GROUP_NETWORK ? ORDPAR_GROUP_TRAINING : 0;
    return like->groups && !(row->groups & (like->groups | refused));
}

static bool names_no_other(const ordpar_model *model, size_t k, size_t number, const char *value) {
    if (table->rows[k].kind != ORDPAR_KIND_FILES)
        return ordpar_settings_same(model->text[k], value);
    const char *file = ordpar_model_file(model, k, number);
    return file && strcmp(file, value) == 0;
}

/* Of files of which the digest is known what is in them counts, whatever their names. */
static bool has_digest(const ordpar_like *like, size_t k) {
    return ordpar_settings_value_of(like->files, table->rows[k].name);
}

/* Marks what is in the file, and what is given otherwise. words: how many there were of each. */
static void compare_word(beside *b, const ordpar_like *like, const ordpar_settings_word *word,
                         size_t words[ORDPAR_MAX_SETTINGS]) {
    const ordpar_setting *row = ordpar_setting_find(table, word->name);
    const size_t k = row ? (size_t)(row - table->rows) : 0;
    if (!row || !word->value || word->is_default)
        return;
    b->there[k] = true;
    if (!b->other[k] && words[k] == 0)
        return; /* not given, or the file's own */
    if (!has_digest(like, k))
        b->other[k] =
            (words[k] > 0 && b->other[k]) || !names_no_other(b->model, k, words[k], word->value);
    else if (words[k] == 0)
        b->other[k] = !ordpar_model_is_content(b->model, row->name, like->files);
    words[k]++;
}

static ordpar_status compare(beside *b, const ordpar_like *like, ordpar_error *err) {
    size_t words[ORDPAR_MAX_SETTINGS] = {0};
    ordpar_settings_word word = {0};
    char *copy = strdup(like->settings), *rest = copy;
    if (!copy)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    for (size_t k = 0; k < table->count; k++)
        b->other[k] = b->given[k] && !(like->own && like->own[k]);
    while (ordpar_settings_next(&rest, &word)) {
        const ordpar_setting *row;
        const char *axis =
            ordpar_settings_of_sweep(&word) && strcmp(word.name, "sweep") == 0 ? word.value : "";
        for (row = NULL; (row = ordpar_settings_next_axis(&axis, row));)
            b->there[row - table->rows] = true;
        compare_word(b, like, &word, words);
    }
    for (size_t k = 0; k < table->count; k++)
        if (table->rows[k].kind == ORDPAR_KIND_FILES && words[k] > 0 && !has_digest(like, k) &&
            ordpar_model_file(b->model, k, words[k]))
            b->other[k] = true; /* and more of them */
    free(copy);
    return ORDPAR_OK;
}

/* Which of the given settings leaves no place for that one, or for its word in the file. */
static const char *taker_of(const beside *b, const ordpar_settings_word *word) {
    const char *by = ordpar_setting_replaced_by(b->model, b->other, b->there, word->name);
    if (ordpar_setting_is_among(b->given, "eta-max") &&
        ordpar_settings_among("eta schedule", word->name))
        return "eta-max"; /* up to which optimize looks for them */
    if (b->like && b->like->rates && strcmp(word->name, "eta") == 0)
        return "schedule";
    return by ? by : ordpar_setting_in_place_of(b->other, word);
}

/* Some file of the data that are given is an archive, of which an array can be named. */
static bool has_archive(const ordpar_model *model) {
    for (size_t f = 0; f < model->value.data.count; f++) {
        const char *file = model->value.data.items[f];
        const size_t length = strlen(file);
        if (length > 4 && strcmp(file + length - 4, ".npz") == 0)
            return true;
    }
    return false;
}

/* What is of no use without another setting of the file goes with it. */
static const char *taker_of_companion(const beside *b, const ordpar_settings_word *word) {
    static const struct {
        const char *name, *needs;
    } companions[] = {{"normalise", "spectrum"}, {"array", "data"}, {"labels", "data"}};
    for (size_t k = 0; k < sizeof companions / sizeof *companions; k++) {
        const ordpar_settings_word needed = {.name = companions[k].needs};
        const char *by = strcmp(word->name, companions[k].name) == 0 ? taker_of(b, &needed) : NULL;
        if (by)
            return by;
    }
    if (strcmp(word->name, "array") == 0 && ordpar_setting_is_among(b->other, "data") &&
        !has_archive(b->model))
        return "data";
    const size_t spread = (size_t)(ordpar_setting_find(table, "spread") - table->rows);
    const bool swept =
        !b->model->text[spread]; /* it has no value yet, and which is for each point */
    return strcmp(word->name, "spread-parts") == 0 && b->given[spread] && !swept &&
                   b->model->value.spread == 0
               ? "spread"
               : NULL;
}

/* True for a setting that what is given beside the file leaves no place for; noted where the file
 * was given it. */
static bool steps_aside(beside *b, const ordpar_setting *row, const char *value, bool given) {
    const ordpar_settings_word word = {.name = row->name, .value = value};
    const char *by = taker_of(b, &word);
    if (!by && !(by = taker_of_companion(b, &word)))
        return false;
    if (given) {
        b->left[row - table->rows] = value;
        b->wins[ordpar_setting_find(table, by) - table->rows] = true;
    }
    return true;
}

/* What a sweep's file was swept over must be given: it has no value of it. */
static ordpar_status check_swept(beside *b, const char *axis, ordpar_error *err) {
    const ordpar_setting *row = NULL;
    const char *values = axis, *rest = axis;
    while ((row = ordpar_settings_next_axis(&values, row)))
        ;
    while ((row = ordpar_settings_next_axis(&rest, row)))
        if (!b->given[row - table->rows] && !b->model->none[row - table->rows] &&
            !is_idle(b->like, row) && !steps_aside(b, row, values, true))
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s is swept there (%.120s): give the value that is meant",
                               row->name, axis);
    return ORDPAR_OK;
}

/* Of several curves in one file. */
static bool is_several(const ordpar_setting *row, const char *value) {
    const bool lists = row->kind == ORDPAR_KIND_REALS || row->kind == ORDPAR_KIND_ORDERS ||
                       row->kind == ORDPAR_KIND_GRID || row->kind == ORDPAR_KIND_FILE;
    return !lists && value && strchr(value, ',');
}

/* Settings by which the file's own computation makes its spectrum, or its learning rate: without
 * them it would be another model. */
static ordpar_status refuse_unmade(const beside *b, const ordpar_setting *row, ordpar_error *err) {
    if (!row || !is_idle(b->like, row) || !(b->like->groups & ORDPAR_GROUP_NETWORK))
        return ORDPAR_OK;
    if (strcmp(row->name, "generate") == 0)
        return ordpar_generate_refuse(err);
    return strcmp(row->name, "eta-max") == 0 && !ordpar_setting_is_among(b->given, "eta") &&
                   !ordpar_setting_is_among(b->given, "schedule")
               ? ordpar_eta_refuse(err)
               : ORDPAR_OK;
}

static ordpar_status take_word(beside *b, const ordpar_settings_word *word, ordpar_error *err) {
    if (ordpar_settings_of_sweep(word))
        return check_swept(b, strcmp(word->name, "sweep") == 0 ? word->value : "", err);
    const ordpar_setting *row = ordpar_setting_find(table, word->name);
    if (row && (b->given[row - table->rows] || b->model->none[row - table->rows] ||
                steps_aside(b, row, word->value, !word->is_default)))
        return ORDPAR_OK;
    const ordpar_status status = refuse_unmade(b, row, err);
    if (status)
        return status;
    if (row && is_several(row, word->value) && is_idle(b->like, row))
        return ORDPAR_OK;
    const ordpar_status taken = ordpar_model_take_setting(b->model, word, err);
    if (taken && row && is_several(row, word->value))
        ordpar_fail(err, taken, "%s has several values there (%.120s): give the one that is meant",
                    row->name, word->value);
    if (row)
        b->model->alike[row - table->rows] = true;
    return taken;
}

/* The settings of one list that count, as "L=4, beta=1 and seed=2". */
static size_t list(const bool *set, const char *const *values, char *text, size_t size) {
    char words[ORDPAR_MAX_SETTINGS][80];
    ordpar_use uses[ORDPAR_MAX_SETTINGS];
    for (size_t k = 0; k < table->count; k++) {
        const char *value = values ? values[k] : NULL;
        ordpar_format(words[k], sizeof words[k], value ? "%s=%.40s" : "%s", table->rows[k].name,
                      value);
        uses[k] = (ordpar_use){words[k], set ? set[k] : value != NULL};
    }
    return ordpar_uses_list(table->count, uses, text, size);
}

/* What the file says and the model has not, though nobody said so. */
static void tell(const beside *b, const char *path) {
    char left[300], wins[120], text[ORDPAR_MESSAGE_SIZE];
    const ordpar_model *model = b->model;
    const size_t count = list(NULL, b->left, left, sizeof left);
    const char *spectrum =
        model->value.spectrum; /* the file itself may be it, and have been made by what gives way */
    if (!path || !count || !model->warning || (spectrum && strcmp(spectrum, path) == 0))
        return;
    list(b->wins, NULL, wins, sizeof wins);
    ordpar_format(text, sizeof text, "like: %.120s: its %s %s way to %s", path, left,
                  count > 1 ? "give" : "gives", wins);
    model->warning(model->warned, text);
}

bool ordpar_model_has_place(const ordpar_model *model, const char *name, const char *value,
                            const char *names) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    beside b = {.model = (ordpar_model *)model}; /* which is not changed */
    ordpar_model_find_given(model, b.given);
    memcpy(b.other, b.given, sizeof b.other);
    for (size_t k = 0; k < table->count; k++)
        b.there[k] = ordpar_settings_among(names, table->rows[k].name);
    return row && (b.given[row - table->rows] || !steps_aside(&b, row, value, false));
}

ordpar_status ordpar_like_find_aside(ordpar_model *model, const ordpar_like *like,
                                     bool aside[ORDPAR_MAX_SETTINGS], ordpar_error *err) {
    beside b = {.model = model, .like = like};
    ordpar_model_find_given(model, b.given);
    const ordpar_status status = compare(&b, like, err);
    for (size_t k = 0; k < table->count; k++)
        aside[k] = !status && !b.given[k] && steps_aside(&b, &table->rows[k], NULL, false);
    return status;
}

ordpar_status ordpar_like_take_settings(ordpar_model *model, const char *path,
                                        const ordpar_like *like, ordpar_error *err) {
    beside b = {.model = model, .like = like};
    ordpar_settings_word word = {0};
    ordpar_model_find_given(model, b.given);
    ordpar_status status = compare(&b, like, err);
    char *copy = status ? NULL : strdup(like->settings), *rest = copy;
    if (!status && !copy)
        status = ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    while (!status && ordpar_settings_next(&rest, &word))
        status = take_word(&b, &word, err);
    if (!status)
        tell(&b, path);
    free(copy);
    return status;
}

ordpar_status ordpar_model_read_settings_text(ordpar_model *model, const char *text,
                                              ordpar_error *err) {
    char *copy = strdup(text);
    const ordpar_like like = {.settings = copy};
    const ordpar_status status =
        copy ? ordpar_like_take_settings(model, NULL, &like, err)
             : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    free(copy);
    return status;
}
