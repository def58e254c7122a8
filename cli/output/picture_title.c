// SPDX-License-Identifier: GPL-3.0-or-later
/* The title of a picture: what its sources share, by their settings and their notes. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "model/parts.h"
#include "model/settings.h"

#include <stdlib.h>
#include <string.h>

enum { NOTES = 8, MOST = ORDPAR_MAX_SETTINGS + NOTES, PART = 64 };

typedef struct {
    size_t count, n_texts;
    const char *names[MOST], *values[MOST];
    char texts[NOTES][PART];
} title_words;

static void add(title_words *words, const char *name, const char *value) {
    words->names[words->count] = name;
    words->values[words->count++] = value;
}

/* What stands in the note `model`, "erf, K = 2, M = 2, N = 64, L = 4, eta = 0.1", behind a key;
 * false where it is not there, or is swept. */
static bool part_of(const ordpar_table *t, const ordpar_setting *row, const char *key,
                    char part[PART]) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, "model");
    const char letter[] = {row->letter ? row->letter : '-', '\0'};
    const char *at = fact ? strstr(fact->text, key) : NULL;
    const char *end =
        at ? strstr(at, ", K = ") : NULL; /* of the activation, which may have commas */
    size_t column;
    double value;
    if (!at || ordpar_table_find_column(t, row->name, &column) ||
        ordpar_table_find_column(t, letter, &column))
        return false;
    at += strlen(key);
    if (*key || !end)
        end = at + strcspn(at, ",");
    ordpar_format(part, PART, "%.*s", (int)(end - at), at);
    if (strcmp(row->name, "eta") == 0 && ordpar_parse_double(part, &value))
        ordpar_number_text(value, part);
    else if (strcmp(row->name, "eta") == 0)
        return false;
    return true;
}

/* What no settings say, as those of a run that goes on, or of a spectrum of one's own. */
static void add_noted(const picture_choice *choices, size_t count, size_t row, title_words *words) {
    static const char *const keys[][2] = {{"activation", ""},          {"student-units", ", K = "},
                                          {"teacher-units", ", M = "}, {"input-dim", ", N = "},
                                          {"eigenvalues", ", L = "},   {"eta", ", eta = "}};
    const ordpar_setting *setting = &ordpar_model_settings.rows[row];
    const char *key = NULL;
    char *text = words->texts[words->n_texts], other[PART];
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (strcmp(keys[k][0], setting->name) == 0)
            key = keys[k][1];
    if (!key || words->n_texts == NOTES || !part_of(choices[0].t, setting, key, text))
        return;
    for (size_t k = 1; k < count; k++)
        if (!part_of(choices[k].t, setting, key, other) || strcmp(other, text) != 0)
            return;
    words->n_texts++;
    add(words, setting->name, text);
}

/* A fact that all sources have alike; NULL: they have not. */
static const char *noted_by_all(const picture_choice *choices, size_t count, const char *name) {
    const char *text = NULL;
    for (size_t k = 0; k < count; k++) {
        const ordpar_fact *fact = ordpar_table_find_fact(choices[k].t, name);
        if (!fact || (text && strcmp(text, fact->text) != 0))
            return NULL;
        text = fact->text;
    }
    return text;
}

static bool noted_by_any(const picture_choice *choices, size_t count, const char *name) {
    bool found = false;
    for (size_t k = 0; k < count; k++)
        found = found || ordpar_table_find_fact(choices[k].t, name);
    return found;
}

bool picture_has_labels(const ordpar_table *t) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, "settings");
    ordpar_settings_word word = {0};
    size_t unused;
    char *line = fact ? strdup(fact->text) : NULL, *rest = line;
    bool found = ordpar_table_find_column(t, "labels", &unused); /* swept */
    while (line && !found && ordpar_settings_next(&rest, &word))
        found = strcmp(word.name, "labels") == 0 && word.value;
    free(line);
    return found;
}

void picture_entitle(const picture_choice *choices, size_t count, const char *const *shared,
                     char *title) {
    title_words words = {0};
    const char *form = noted_by_all(choices, count, "closed form");
    const bool forms = noted_by_any(choices, count, "closed form");
    const bool starts = noted_by_all(choices, count, "starts");
    const bool runs = starts || noted_by_any(choices, count, "simulation");
    if (form)
        add(&words, "closed form", form);
    for (size_t row = 0; row < ordpar_model_settings.count; row++) {
        const char *name = ordpar_model_settings.rows[row].name;
        /* there by default, and without meaning */
        if ((forms && strcmp(name, "digits") == 0) || (!runs && strcmp(name, "runs") == 0))
            continue;
        if (shared[row] && *shared[row])
            add(&words, starts && strcmp(name, "runs") == 0 ? "starts" : name, shared[row]);
        else if (!shared[row])
            add_noted(choices, count, row, &words);
    }
    ordpar_title(words.count, words.names, words.values, title, PICTURE_LABEL);
}

void picture_title(const ordpar_table *t, char *title) {
    picture_choice choice = {.t = t};
    ordpar_error unused;
    *title = '\0';
    if (*t->title)
        ordpar_format(title, PICTURE_LABEL, "%s", t->title);
    else
        (void)picture_label(&choice, 1, title, &unused);
}
