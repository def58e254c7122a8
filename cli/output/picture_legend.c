// SPDX-License-Identifier: GPL-3.0-or-later
/* How the sources of a picture differ. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "cli/output/symbols.h"
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

enum { TOLD = ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING };

/* The model of a source, by rows of settings. */
typedef struct {
    char *line; /* its settings line, cut into words; NULL: it has none */
    const char *values[ORDPAR_MAX_SETTINGS];
} settings;

static ordpar_status read_settings(const ordpar_table *t, settings *s, ordpar_error *err) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, "settings");
    ordpar_settings_word word = {0};
    *s = (settings){.line = NULL};
    if (!fact)
        return ORDPAR_OK;
    char *rest = s->line = strdup(fact->text);
    if (!rest)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the legend");
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        if (ordpar_model_settings.rows[k].groups &
            ORDPAR_GROUP_TRAINING) /* closed forms have none */
            s->values[k] = ordpar_model_settings.rows[k].initial;
    while (ordpar_settings_next(&rest, &word)) {
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, word.name);
        if (row)
            s->values[row - ordpar_model_settings.rows] = word.value;
    }
    for (size_t c = 0; c < t->n_columns && ordpar_table_find_fact(t, "swept"); c++) {
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[c]);
        if (row)
            s->values[row - ordpar_model_settings.rows] = NULL; /* the lines tell it */
    }
    return ORDPAR_OK;
}

static bool differs(const settings *all, size_t count, size_t row) {
    const settings *first = NULL;
    for (size_t k = 0; k < count; k++) {
        if (!all[k].line)
            continue;
        if (first && !ordpar_settings_same(first->values[row], all[k].values[row]))
            return true;
        first = &all[k];
    }
    return false;
}

static void add_word(char *label, const char *word) {
    const size_t used = strlen(label);
    ordpar_format(label + used, PICTURE_LABEL - used, "%s%s", used ? ", " : "", word);
}

/* The file's name without folder and suffix. */
static void base_name(const char *path, char *name, size_t size) {
    const char *slash = strrchr(path, '/');
    char plain[64];
    ordpar_format(plain, sizeof plain, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(plain, '.');
    if (dot && dot != plain)
        *dot = '\0';
    symbol_escape(plain, name, size);
}

static void add_setting(const ordpar_setting *row, const char *value, char *label) {
    char symbol[64], shown[128], word[224];
    symbol_short(row->name, symbol, sizeof symbol);
    const bool law = row->kind == ORDPAR_KIND_FILE && !ordpar_setting_names_file(row->name, value);
    if (!law && (row->kind == ORDPAR_KIND_FILE || row->kind == ORDPAR_KIND_FILES))
        base_name(value, shown, sizeof shown);
    else
        symbol_value(value, shown, sizeof shown);
    if (row->kind == ORDPAR_KIND_CHOICE || law)
        ordpar_format(word, sizeof word, "%s", shown);
    else if (row->kind == ORDPAR_KIND_FLAG)
        ordpar_format(word, sizeof word, "%s", symbol);
    else
        ordpar_format(word, sizeof word, "%s = %s", symbol, shown);
    add_word(label, word);
}

/* What is not there needs no word: no flag, no decay, no schedule. */
static bool is_absent(const ordpar_setting *row, const char *value) {
    return !value || ((row->kind == ORDPAR_KIND_FLAG || (row->groups & ORDPAR_GROUP_TRAINING)) &&
                      ordpar_settings_same(row->initial, value));
}

static void add_name(picture_choice *c, const char *path) {
    char name[128];
    if (path)
        base_name(path, name, sizeof name);
    if (path)
        add_word(c->label, name);
}

/* Beside others a model that needs no word has its first file's name. */
static void name_plain(picture_choice *choices, size_t count) {
    const char *plain = NULL;
    bool others = false;
    for (size_t k = 0; k < count; k++) {
        others = others || *choices[k].label;
        if (!*choices[k].label && !plain)
            plain = choices[k].path;
    }
    for (size_t k = 0; k < count && others; k++)
        if (!*choices[k].label)
            add_name(&choices[k], plain);
}

/* Sources of one role that have the same label can be told apart by their files' names alone. */
static void name_files(picture_choice *choices, size_t count) {
    bool same[PLOT_MAX_SERIES] = {false};
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            if (strcmp(choices[a].label, choices[b].label) == 0 &&
                choices[a].columns[0].role == choices[b].columns[0].role)
                same[a] = same[b] = true;
    for (size_t k = 0; k < count; k++)
        if (same[k])
            add_name(&choices[k], choices[k].path);
}

ordpar_status picture_label(picture_choice *choices, size_t count, ordpar_error *err) {
    settings *all = calloc(count, sizeof *all);
    ordpar_status status =
        all ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the legend");
    for (size_t k = 0; k < count && !status; k++)
        status = read_settings(choices[k].t, &all[k], err);
    for (size_t row = 0; row < ordpar_model_settings.count && !status; row++) {
        const ordpar_setting *setting = &ordpar_model_settings.rows[row];
        if (!(setting->groups & TOLD) || !differs(all, count, row))
            continue;
        for (size_t k = 0; k < count; k++)
            if (!is_absent(setting, all[k].values[row]))
                add_setting(setting, all[k].values[row], choices[k].label);
    }
    if (!status) {
        name_files(choices, count);
        name_plain(choices, count);
    }
    for (size_t k = 0; k < count && all; k++)
        free(all[k].line);
    free(all);
    return status;
}
