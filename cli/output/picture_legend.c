// SPDX-License-Identifier: GPL-3.0-or-later
/* How the sources of a picture differ. */
#include "base/number.h"
#include "cli/output/path_name.h"
#include "cli/output/picture_settings.h"
#include "model/tasks.h"

#include <stdlib.h>
#include <string.h>

static bool differs(const picture_settings *all, size_t count, size_t row) {
    for (size_t k = 0; k < count; k++)
        for (size_t other = 0; other < k && !picture_is_unknown(&all[k], row); other++)
            if (!picture_is_unknown(&all[other], row) &&
                !picture_same_setting(&all[other], &all[k], row))
                return true;
    return false;
}

/* Of a label that is too long the last words before it go. */
static void add_word(char *label, const char *word) {
    const size_t room = PICTURE_LABEL - strlen(word) - strlen(", ") - 1;
    while (strlen(label) > room) {
        char *last = label;
        for (char *next; (next = strstr(last + 1, ", "));)
            last = next;
        *last = '\0';
    }
    const size_t used = strlen(label);
    ordpar_format(label + used, PICTURE_LABEL - used, "%s%s", used ? ", " : "", word);
}

enum { NAME = 80 };

static void escaped_name(const char *path, const char *const *others, size_t count,
                         char name[2 * NAME + 4]) {
    char plain[NAME];
    path_name(path, others, count, plain, sizeof plain);
    ordpar_title_escape(plain, name, 2 * NAME + 4);
}

static ordpar_status add_setting(const picture_settings *all, size_t count, size_t row,
                                 const char *value, char *label, ordpar_error *err) {
    const ordpar_setting *setting = &ordpar_model_settings.rows[row];
    const char *values[PLOT_MAX_SERIES];
    char symbol[64], shown[ORDPAR_FILE_NAME], word[240];
    ordpar_status status = ORDPAR_OK;
    ordpar_symbol_short(setting->name, symbol, sizeof symbol);
    const bool law =
        setting->kind == ORDPAR_KIND_FILE && !ordpar_setting_names_file(setting->name, value);
    for (size_t k = 0; k < count; k++)
        values[k] = all[k].values[row];
    if (!law && (setting->kind == ORDPAR_KIND_FILE || setting->kind == ORDPAR_KIND_FILES))
        status = picture_file_names(setting->name, value, values, count, shown, err);
    else
        ordpar_symbol_value(setting->name, value, shown, sizeof shown);
    if (status)
        return status;
    const size_t tasks = law && strcmp(setting->name, "tasks") == 0 ? ordpar_tasks_count(value) : 0;
    if (tasks)
        ordpar_format(word, sizeof word, "%zu tasks", tasks);
    else if (setting->kind == ORDPAR_KIND_CHOICE || law)
        ordpar_format(word, sizeof word, "%s", shown);
    else if (setting->kind == ORDPAR_KIND_FLAG)
        ordpar_format(word, sizeof word, "%s", symbol);
    else
        ordpar_format(word, sizeof word, "%s = %s", symbol, shown);
    add_word(label, word);
    return ORDPAR_OK;
}

static bool ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

/* Adds the name of file `of` to the label of choice k, once. */
static void add_name(picture_choice *choices, size_t count, size_t k, size_t of) {
    const char *paths[PLOT_MAX_SERIES];
    char name[2 * NAME + 4];
    for (size_t s = 0; s < count; s++)
        paths[s] = choices[s].path;
    if (!choices[of].path)
        return;
    escaped_name(choices[of].path, paths, count, name);
    if (!ends_with(choices[k].label, name))
        add_word(choices[k].label, name);
}

/* Lines that are told apart have names. */
static bool has_names(const picture_choice *c) {
    return *c->label || c->n_lines > 1;
}

/* Beside others a model that needs no word has its first file's name. */
static void name_plain(picture_choice *choices, size_t count) {
    size_t plain = count;
    bool others = false;
    for (size_t k = 0; k < count; k++) {
        others = others || (has_names(&choices[k]) && !choices[k].is_law);
        if (!has_names(&choices[k]) && plain == count)
            plain = k;
    }
    for (size_t k = 0; k < count && others; k++)
        if (!has_names(&choices[k]))
            add_name(choices, count, k, plain);
}

/* Models whose settings read the same, such as those of files of one name, have the names of their
 * first sources. */
static void name_models(picture_choice *choices, const picture_settings *all, size_t count) {
    size_t named[PLOT_MAX_SERIES];
    for (size_t k = 0; k < count; k++) {
        named[k] = count;
        for (size_t other = 0; other < count; other++)
            if (strcmp(choices[k].label, choices[other].label) == 0 &&
                !picture_same_model(&all[k], &all[other]))
                named[k] = picture_first_of(all, k);
        for (size_t other = k; other-- > 0 && named[k] < count;)
            if (named[other] < count && picture_same_model(&all[k], &all[other]))
                named[k] = named[other];
    }
    for (size_t k = 0; k < count; k++)
        if (named[k] < count)
            add_name(choices, count, k, named[k]);
}

/* Lines of both, or points: theory and its simulation are told apart by that. */
static bool look_alike(const picture_choice *a, const picture_choice *b) {
    bool alike = false;
    for (size_t k = 0; k < a->n_columns; k++)
        for (size_t other = 0; other < b->n_columns; other++)
            alike = alike || picture_is_line(&a->columns[k]) == picture_is_line(&b->columns[other]);
    return a->is_law == b->is_law && (a->is_law || alike);
}

/* Sources that look alike and have the same label can be told apart by their files' names alone; a
 * run in parts is one. */
static void name_files(picture_choice *choices, const picture_settings *all, size_t count) {
    bool alike[PLOT_MAX_SERIES] = {false};
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            if (strcmp(choices[a].label, choices[b].label) == 0 &&
                look_alike(&choices[a], &choices[b]) &&
                picture_first_of(all, a) != picture_first_of(all, b))
                alike[picture_first_of(all, a)] = alike[picture_first_of(all, b)] = true;
    for (size_t k = 0; k < count; k++)
        if (alike[picture_first_of(all, k)])
            add_name(choices, count, k, picture_first_of(all, k));
}

/* What still reads the same, such as long names, is numbered. */
static void number_rest(picture_choice *choices, const picture_settings *all, size_t count) {
    for (size_t k = 1; k < count; k++)
        for (size_t other = 0; other < k; other++) {
            const char *path = choices[k].path, *before = choices[other].path;
            const bool apart = path && before && strcmp(path, before) != 0 &&
                               look_alike(&choices[k], &choices[other]) &&
                               picture_first_of(all, k) != picture_first_of(all, other);
            char number[24];
            if (strcmp(choices[k].label, choices[other].label) != 0 ||
                (!apart && picture_same_model(&all[k], &all[other])))
                continue;
            ordpar_format(number, sizeof number, "(%zu)", picture_first_of(all, k) + 1);
            add_word(choices[k].label, number);
        }
}

/* What all have; NULL: a setting that one of them has not. */
static const char *shared(const picture_settings *all, size_t count, size_t row) {
    const char *value = NULL;
    for (size_t k = 0; k < count; k++) {
        if (!value)
            value = all[k].values[row];
        if (!all[k].line || (!picture_is_unknown(&all[k], row) && !all[k].values[row]))
            return NULL;
    }
    return value;
}

/* Of runs and the like, what all say that say any. */
static const char *known(const picture_settings *all, size_t count, size_t row) {
    const char *name = ordpar_model_settings.rows[row].name, *value = NULL;
    for (size_t k = 0; k < count; k++) {
        const char *own = all[k].values[row];
        if (!own && strcmp(name, "digits") == 0) /* then it is a double */
            return NULL;
        if (own && value && !ordpar_settings_same(own, value))
            return NULL;
        value = own ? own : value;
    }
    return ordpar_settings_among("runs digits eta-max", name) ? value : NULL;
}

/* A default that given overlaps take the place of in another source: that one has the word. */
static bool is_of_overlaps(const picture_settings *all, size_t count, size_t row) {
    const ordpar_setting *setting = &ordpar_model_settings.rows[row];
    bool replaced = false;
    for (size_t k = 0; k < count; k++) {
        const char *value = all[k].values[row];
        if (value && !(setting->initial && ordpar_settings_same(setting->initial, value)))
            return false;
        replaced = replaced || (!value && all[k].starts_given);
    }
    return replaced;
}

/* A default seed of which the theory of the same model has no use: their words are the same. */
static bool is_beside_unseeded(const picture_settings *all, size_t count, size_t k, size_t row) {
    const bool initial =
        row == picture_row_of("seed") && all[k].values[row] &&
        ordpar_settings_same(all[k].values[row], ordpar_model_settings.rows[row].initial);
    bool found = false;
    for (size_t other = 0; other < count && initial; other++)
        found = found || (all[other].unseeded && picture_same_model(&all[k], &all[other]));
    return found;
}

ordpar_status picture_label(picture_choice *choices, size_t count, char *title, ordpar_error *err) {
    picture_settings *all = calloc(count, sizeof *all);
    const char *in_title[ORDPAR_MAX_SETTINGS] = {NULL};
    ordpar_status status =
        all ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the legend");
    if (!status)
        status = picture_read_settings(choices, count, all, err);
    for (size_t row = 0; row < ordpar_model_settings.count && !status; row++) {
        const ordpar_setting *setting = &ordpar_model_settings.rows[row];
        if (!picture_is_told(setting))
            in_title[row] = known(all, count, row);
        else
            in_title[row] = differs(all, count, row) ? "" : shared(all, count, row);
        if (!picture_is_told(setting) || !differs(all, count, row) ||
            is_of_overlaps(all, count, row))
            continue;
        for (size_t k = 0; k < count && !status; k++)
            if (!picture_is_absent(setting, all[k].values[row]) &&
                !is_beside_unseeded(all, count, k, row))
                status = add_setting(all, count, row, all[k].values[row], choices[k].label, err);
    }
    if (!status) {
        picture_entitle(choices, count, in_title, title);
        name_models(choices, all, count);
        name_files(choices, all, count);
        number_rest(choices, all, count);
        name_plain(choices, count);
    }
    for (size_t k = 0; k < count && all; k++)
        free(all[k].line);
    free(all);
    return status;
}
