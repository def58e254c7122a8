// SPDX-License-Identifier: GPL-3.0-or-later
/* --like: the settings of a file, and what it was swept over. */
#include "cli/options/options.h"

#include "base/number.h"
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

/* Settings that --sweep names have several values, too, and are given. */
static void mark_swept(options *parsed) {
    const ordpar_setting *row = NULL;
    for (size_t t = 0; t < parsed->sweep.count; t++)
        for (const char *rest = parsed->sweep.items[t];
             (row = ordpar_settings_next_axis(&rest, row));)
            parsed->swept[row - ordpar_model_settings.rows] = true;
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        parsed->model->given[k] = parsed->model->given[k] || parsed->swept[k];
}

/* The list of values of an axis has nothing but files of schedules. */
static bool are_rates(const char *values) {
    bool rates = *values;
    for (const char *from = values; rates && from; from = strchr(from, ',')) {
        char text[4096];
        from += *from == ',';
        ordpar_format(text, sizeof text, "%.*s", (int)strcspn(from, ","), from);
        rates = ordpar_schedule_is_file(text);
    }
    return rates;
}

/* True where schedules are swept that are all files. */
static bool sweeps_rates(const options *parsed) {
    const ordpar_setting *row = NULL;
    for (size_t t = 0; t < parsed->sweep.count; t++) {
        bool schedule = false;
        const char *rest = parsed->sweep.items[t];
        while ((row = ordpar_settings_next_axis(&rest, row)))
            schedule = schedule || strcmp(row->name, "schedule") == 0;
        if (schedule)
            return are_rates(rest);
    }
    return false;
}

/* What a sweep's file was swept over, unless one of its names is given, or aside: for a sweep again
 * so, else as a list, where it is the numbers of one setting. */
static ordpar_status take_axis(options *parsed, const char *axis, const bool *aside,
                               ordpar_error *err) {
    const unsigned groups = parsed->command->groups;
    const ordpar_setting *row = NULL, *first = NULL, *sweep = options_find("sweep", GROUP_SWEEP);
    const char *values = axis;
    size_t names = 0;
    for (; (row = ordpar_settings_next_axis(&values, row)); names++) {
        const size_t k = (size_t)(row - ordpar_model_settings.rows);
        if (aside[k] || parsed->swept[k] || !(row->groups & groups))
            return ORDPAR_OK;
        first = row;
    }
    if (!(groups & GROUP_SWEEP))
        return names == 1 && options_is_list(parsed, first, values)
                   ? options_set_list(parsed, first, values, err)
                   : ORDPAR_OK;
    for (const char *rest = axis; (row = ordpar_settings_next_axis(&rest, row));)
        parsed->as_like[row - ordpar_model_settings.rows] = true;
    return ordpar_setting_read(sweep, axis, parsed, err);
}

/* What a sweep is of: words of its file. */
static ordpar_status take_sweep(options *parsed, const ordpar_settings_word *word,
                                const bool *aside, ordpar_error *err) {
    if (strcmp(word->name, "sweep") == 0)
        return take_axis(parsed, word->value, aside, err);
    const ordpar_setting *row = options_find(word->name, GROUP_SWEEP);
    if (!(parsed->command->groups & GROUP_SWEEP) || options_given(parsed, row->name))
        return ORDPAR_OK;
    parsed->given[row - program_settings.rows] = true;
    return ordpar_setting_read(row, word->value, parsed, err);
}

/* Words of a settings line, which is cut into them, that are no values of a model: lists, and those
 * of a sweep. aside: what is given, or has no place beside it. */
static ordpar_status take_lists(options *parsed, char *line, const bool *aside, ordpar_error *err) {
    ordpar_settings_word word = {0};
    ordpar_status status = ORDPAR_OK;
    while (!status && ordpar_settings_next(&line, &word)) {
        if (ordpar_settings_of_sweep(&word)) {
            status = take_sweep(parsed, &word, aside, err);
            continue;
        }
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, word.name);
        const size_t k = row ? (size_t)(row - ordpar_model_settings.rows) : 0;
        if (!row || aside[k] || !(row->groups & parsed->command->groups) ||
            !options_is_list(parsed, row, word.value))
            continue;
        parsed->model->given[k] = true;
        if (!parsed->swept[k])
            status = options_set_list(parsed, row, word.value, err);
    }
    return status;
}

/* Of what is given, the lists and the swept settings that are the file's. */
static void mark_own(const options *parsed, const bool *before, bool own[ORDPAR_MAX_SETTINGS]) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        own[k] = parsed->model->given[k] && !before[k] && (!parsed->swept[k] || parsed->as_like[k]);
}

/* The setting of `--NAME`, or `--NAME=..`, which the command has not; NULL: it is no such word. */
static const ordpar_setting *foreign(const command *c, const char *word) {
    char name[OPTIONS_MAX_NAME + 1];
    const size_t width = strncmp(word, "--", 2) == 0 ? strcspn(word + 2, "=") : 0;
    if (width < 2 || width > OPTIONS_MAX_NAME)
        return NULL;
    ordpar_format(name, sizeof name, "%.*s", (int)width, word + 2);
    return options_find(name, c->groups) ? NULL : ordpar_setting_find(&ordpar_model_settings, name);
}

static bool has_like(const command *c, char **words, int count) {
    bool found = false;
    for (int k = 2; k < count && strcmp(words[k], "--") != 0; k++)
        found = found || strncmp(words[k], "--like", strlen("--like")) == 0;
    return found && (c->groups & GROUP_LIKE);
}

void options_leave_out(options *parsed, int *count) {
    char **words = parsed->words;
    const bool like = has_like(parsed->command, words, *count);
    ordpar_error unused;
    for (int k = 2; k < *count && like && strcmp(words[k], "--") != 0;) {
        const ordpar_setting *row = foreign(parsed->command, words[k]);
        const char *equals = row ? strchr(words[k], '=') : NULL;
        const char *value = equals ? equals + 1 : row && k + 1 < *count ? words[k + 1] : "";
        const int taken = equals ? 1 : 2;
        if (strcmp(value, "none") != 0 ||
            ordpar_model_set_text(parsed->model, row->name, value, &unused)) {
            k++;
            continue;
        }
        memmove(words + k, words + k + taken, (size_t)(*count - k - taken + 1) * sizeof *words);
        *count -= taken;
    }
}

ordpar_status options_take_like(options *parsed, ordpar_error *err) {
    bool before[ORDPAR_MAX_SETTINGS], own[ORDPAR_MAX_SETTINGS],
        aside[ORDPAR_MAX_SETTINGS] = {false};
    bool *given = parsed->model->given;
    ordpar_like like;
    ordpar_status status = ordpar_like_read(parsed->like, &like, err);
    char *words = status ? NULL : strdup(like.settings);
    if (!status && !words)
        status = ordpar_fail(err, ORDPAR_MEMORY, "like: out of memory");
    like.groups = parsed->command->groups;
    like.rates = sweeps_rates(parsed);
    memcpy(before, given, sizeof before);
    mark_swept(parsed);
    if (!status)
        status = ordpar_like_find_aside(parsed->model, &like, aside, err);
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        aside[k] = aside[k] || before[k] || parsed->model->none[k];
    if (!status)
        status = take_lists(parsed, words, aside, err);
    mark_swept(parsed);
    mark_own(parsed, before, own);
    like.own = own;
    if (parsed->warning && !parsed->quiet)
        ordpar_model_set_warning(parsed->model, parsed->warning, parsed);
    if (!status)
        status = ordpar_like_take(parsed->model, parsed->like, &like, err);
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        if (parsed->swept[k])
            given[k] = before[k];
    free(words);
    parsed->swept_files = like.swept_files;
    like.swept_files = NULL;
    ordpar_like_clear(&like);
    return status;
}
