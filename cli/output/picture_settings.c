// SPDX-License-Identifier: GPL-3.0-or-later
/* The models of a picture's sources, and which of them are parts of one run. */
#include "cli/output/picture_settings.h"

#include "base/number.h"
#include "base/stream_path.h"
#include "cli/output/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST = 16 };

bool picture_is_told(const ordpar_setting *row) {
    return (row->groups & (ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING)) ||
           strcmp(row->name, "generate") == 0;
}

size_t picture_row_of(const char *name) {
    return (size_t)(ordpar_setting_find(&ordpar_model_settings, name) - ordpar_model_settings.rows);
}

static void forget(picture_settings *s, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (!row)
        return;
    s->values[row - ordpar_model_settings.rows] = NULL;
    s->digests[row - ordpar_model_settings.rows] = NULL;
}

/* A setting of the model that rows of other files have, below the notes of one. */
static bool differs_by_row(const ordpar_table *t, size_t column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
    return row && picture_is_told(row) && result_varies(t, column);
}

/* "spectrum=8c40e561d2e4f062 schedule=.." */
static void read_digests(const ordpar_table *t, picture_settings *s) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, "digests");
    for (const char *word = fact ? fact->text : ""; *word; word += strspn(word, " ")) {
        char name[64];
        const size_t width = strcspn(word, "= ");
        ordpar_format(name, sizeof name, "%.*s", (int)width, word);
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
        const char *digest = word + width + (word[width] == '=');
        word += strcspn(word, " ");
        if (row && word == digest + DIGEST)
            s->digests[row - ordpar_model_settings.rows] = digest;
    }
}

static bool has(const picture_settings *s, const char *name) {
    return s->values[picture_row_of(name)] || s->digests[picture_row_of(name)];
}

static bool has_value(const picture_settings *s, const char *name, const char *value) {
    const char *own = s->values[picture_row_of(name)];
    return own && strcmp(own, value) == 0;
}

/* By which nothing is drawn: the forms of linear units, those of the mean start and teacher. */
static bool draws_nothing(const ordpar_table *t, const picture_settings *s) {
    static const char forms[] = "linear-exact linear-small-eta linear-continuum linear-finite-n "
                                "features frontier asymptotic";
    const ordpar_fact *form = ordpar_table_find_fact(t, "closed form");
    if (ordpar_table_find_fact(t, "simulation"))
        return false;
    return s->starts_given || (form && ordpar_settings_among(forms, form->text)) ||
           (has_value(s, "init", "mean") && has_value(s, "teacher", "mean")) ||
           (has(s, "labels") && has_value(s, "activation", "linear"));
}

/* From given overlaps nothing is drawn but a simulation's examples. */
static void read_start(const ordpar_table *t, picture_settings *s) {
    size_t unused;
    s->starts_given = has(s, "overlaps") || ordpar_table_find_column(t, "overlaps", &unused) ||
                      (s->continues && !has(s, "init"));
    s->unseeded = draws_nothing(t, s);
    if (s->unseeded)
        forget(s, "seed");
}

/* Of several files a line each, at *room: there is as much of it as the settings have themselves.
 */
static void take_value(picture_settings *s, size_t row, const char *value, char **room) {
    const char *before = s->values[row];
    s->values[row] = value;
    if (!before || !value || ordpar_model_settings.rows[row].kind != ORDPAR_KIND_FILES)
        return;
    s->values[row] = before;
    if (before + strlen(before) + 1 != *room) {
        s->values[row] = *room;
        *room = stpcpy(*room, before) + 1;
    }
    (*room)[-1] = '\n';
    *room = stpcpy(*room, value) + 1;
}

/* A closed form in the lowest order in eta, as it notes. */
static bool is_lowest(const ordpar_table *t) {
    const ordpar_fact *orders = ordpar_table_find_fact(t, "orders in eta");
    return ordpar_table_find_fact(t, "closed form") && orders &&
           strcmp(orders->text, "lowest") == 0;
}

static ordpar_status read_settings(const ordpar_table *t, picture_settings *s, ordpar_error *err) {
    const ordpar_fact *fact = ordpar_table_find_fact(t, "settings");
    ordpar_settings_word word = {0};
    *s = (picture_settings){.line = NULL};
    if (!fact)
        return ORDPAR_OK;
    const size_t size = strlen(fact->text) + 1;
    char *rest = s->line = malloc(2 * size);
    if (!rest)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the legend");
    memcpy(rest, fact->text, size);
    char *room = rest + size;
    for (size_t k = 0; k < ordpar_model_settings.count; k++)
        if (ordpar_model_settings.rows[k].groups &
            ORDPAR_GROUP_TRAINING) /* closed forms have none */
            s->values[k] = ordpar_model_settings.rows[k].initial;
    while (ordpar_settings_next(&rest, &word)) {
        const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, word.name);
        if (row)
            take_value(s, (size_t)(row - ordpar_model_settings.rows), word.value, &room);
        s->continues = s->continues || strcmp(word.name, "continue") == 0;
    }
    ordpar_settings_leave_usual(s->values);
    if (is_lowest(t))
        s->values[picture_row_of("small-eta")] = "yes";
    read_digests(t, s);
    read_start(t, s);
    s->is_curve = picture_is_of_one(t) && !ordpar_table_find_fact(t, "digits");
    if (has(s, "spectrum")) /* which has as many */
        forget(s, "input-dim");
    if (has(s, "labels"))
        forget(s, "teacher-units");
    for (size_t c = 0; c < t->n_columns; c++)
        if (ordpar_table_find_fact(t, "swept") || differs_by_row(t, c)) {
            forget(s, t->columns[c]); /* the lines tell it */
            s->is_curve = false;      /* but several */
        }
    if (picture_is_law(t)) /* over all of them */
        forget(s, "seed");
    return ORDPAR_OK;
}

static void read_extent(const ordpar_table *t, picture_settings *s) {
    size_t alpha;
    s->begin = INFINITY;
    s->end = -INFINITY;
    if (!ordpar_table_find_column(t, "alpha", &alpha))
        return;
    for (size_t r = 0; r < t->n_rows; r++) {
        s->begin = fmin(s->begin, t->cells[r * t->n_columns + alpha]);
        s->end = fmax(s->end, t->cells[r * t->n_columns + alpha]);
    }
}

/* What a run took over with the state that it goes on from has no name in its line: where no digest
 * is noted either, as in files of older versions, the settings whose place it takes are missing. */
bool picture_is_unknown(const picture_settings *s, size_t row) {
    const char *name = ordpar_model_settings.rows[row].name;
    if (!s->line)
        return true;
    if (!s->continues || has(s, name))
        return false;
    if (ordpar_settings_among("spectrum data", name))
        return !has(s, "beta") && !has(s, "spectrum") && !has(s, "data");
    return strcmp(name, "overlaps") == 0 && !has(s, "init");
}

/* What was read from a stream is not known to be what anything else was. */
static bool is_passing(const picture_settings *s, size_t row) {
    const ordpar_kind kind = ordpar_model_settings.rows[row].kind;
    return (kind == ORDPAR_KIND_FILE || kind == ORDPAR_KIND_FILES) && s->values[row] &&
           !s->digests[row] && ordpar_path_is_passing(s->values[row]);
}

static bool are_apart(const picture_settings *a, const picture_settings *b, size_t row) {
    return a != b && (is_passing(a, row) || is_passing(b, row));
}

/* Given overlaps are drawn, if by another. */
static bool is_undrawn(const picture_settings *s) {
    return s->unseeded && !s->starts_given;
}

/* Of files by what is in them. Theory by which nothing is drawn is that of each seed. */
bool picture_same_setting(const picture_settings *a, const picture_settings *b, size_t row) {
    if (row == picture_row_of("seed") &&
        (a->starts_given && b->starts_given ? a->unseeded || b->unseeded
                                            : is_undrawn(a) || is_undrawn(b)))
        return true;
    if (are_apart(a, b, row))
        return false;
    if (a->digests[row] && b->digests[row])
        return strncmp(a->digests[row], b->digests[row], DIGEST) == 0;
    if ((a->digests[row] && !a->values[row]) || (b->digests[row] && !b->values[row]))
        return false;
    return ordpar_settings_same(a->values[row], b->values[row]);
}

static bool contradicts(const picture_settings *a, const picture_settings *b, size_t row) {
    if (are_apart(a, b, row))
        return true;
    return picture_is_told(&ordpar_model_settings.rows[row]) && !picture_is_unknown(a, row) &&
           !picture_is_unknown(b, row) && !picture_same_setting(a, b, row);
}

/* Of two that go on from one place the first is its curve. */
static bool is_taken(const picture_settings *all, size_t k, size_t b) {
    for (size_t other = 0; other < k; other++)
        if (all[other].begun_by == b && other != b && all[other].begin < all[k].end &&
            all[other].end > all[k].begin)
            return true;
    return false;
}

static bool may_begin(const picture_settings *before, const picture_settings *s) {
    for (size_t row = 0; row < ordpar_model_settings.count; row++)
        if (contradicts(before, s, row))
            return false;
    return before->is_curve && before->line && before->begin < s->begin &&
           before->end <= s->begin * (1 + 1e-9);
}

/* The run that ends last before this one begins; then this one's settings are those of it. */
static void find_begin(picture_settings *all, size_t count, size_t k) {
    picture_settings *s = &all[k];
    s->begun_by = k;
    if (!s->continues)
        return;
    for (size_t b = 0; b < count; b++)
        if (b != k && may_begin(&all[b], s) && !is_taken(all, k, b) &&
            (s->begun_by == k || all[b].end > all[s->begun_by].end))
            s->begun_by = b;
}

static void take_over(picture_settings *all, size_t count) {
    for (size_t pass = 0; pass < count; pass++) /* along chains */
        for (size_t k = 0; k < count; k++)
            for (size_t row = 0; row < ordpar_model_settings.count; row++)
                if (all[k].begun_by != k && !all[k].values[row] &&
                    picture_is_told(&ordpar_model_settings.rows[row])) {
                    all[k].values[row] = all[all[k].begun_by].values[row];
                    all[k].digests[row] = all[all[k].begun_by].digests[row];
                }
}

/* The source with which its run begins. */
size_t picture_first_of(const picture_settings *all, size_t k) {
    while (all[k].begun_by != k)
        k = all[k].begun_by;
    return k;
}

/* What is not there needs no word: no flag, no decay, no schedule. */
bool picture_is_absent(const ordpar_setting *row, const char *value) {
    return !value || ((row->kind == ORDPAR_KIND_FLAG || (row->groups & ORDPAR_GROUP_TRAINING)) &&
                      ordpar_settings_same(row->initial, value));
}

bool picture_contradicts(const picture_settings *a, const picture_settings *b, size_t row) {
    const ordpar_setting *setting = &ordpar_model_settings.rows[row];
    const bool none = picture_is_absent(setting, a->values[row]) && !a->digests[row] &&
                      picture_is_absent(setting, b->values[row]) && !b->digests[row];
    return !none && contradicts(a, b, row);
}

bool picture_same_model(const picture_settings *a, const picture_settings *b) {
    if (!a->line || !b->line)
        return a == b;
    for (size_t row = 0; row < ordpar_model_settings.count; row++)
        if (picture_contradicts(a, b, row))
            return false;
    return true;
}

/* A file of the same content goes by its first name, also where a run that goes on has none. */
static void rename_same(picture_settings *all, size_t count) {
    for (size_t k = 0; k < count; k++)
        for (size_t row = 0; row < ordpar_model_settings.count; row++)
            for (size_t other = 0; other < count && all[k].digests[row]; other++)
                if (all[other].digests[row] && all[other].values[row] &&
                    picture_same_setting(&all[k], &all[other], row)) {
                    all[k].values[row] = all[other].values[row];
                    break;
                }
}

ordpar_status picture_read_settings(const picture_choice *choices, size_t count,
                                    picture_settings *all, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < count && !status; k++) {
        status = read_settings(choices[k].t, &all[k], err);
        read_extent(choices[k].t, &all[k]);
    }
    for (size_t k = 0; k < count && !status; k++)
        find_begin(all, count, k);
    if (!status) {
        take_over(all, count);
        rename_same(all, count);
    }
    return status;
}
