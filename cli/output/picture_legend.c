// SPDX-License-Identifier: GPL-3.0-or-later
/* How the sources of a picture differ. */
#include "base/number.h"
#include "cli/output/path_name.h"
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"
#include "model/parts.h"
#include "model/tasks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST = 16 };

/* The model of a source, by rows of settings. */
typedef struct {
    char *line; /* its settings line, cut into words; NULL: it has none */
    const char *values[ORDPAR_MAX_SETTINGS];
    const char *digests[ORDPAR_MAX_SETTINGS]; /* DIGEST characters of what is in the files that they
                                                 name; NULL: not known */
    bool unseeded;                            /* nothing is drawn */
    bool continues;    /* what its line does not say is that of the run that it goes on from */
    size_t begun_by;   /* the source that has this run's begin; its own number where none has */
    double begin, end; /* of alpha */
} settings;

/* Of models, and of what a spectrum is made by. */
static bool is_told(const ordpar_setting *row) {
    return (row->groups & (ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING)) ||
           strcmp(row->name, "generate") == 0;
}

static size_t row_of(const char *name) {
    return (size_t)(ordpar_setting_find(&ordpar_model_settings, name) - ordpar_model_settings.rows);
}

static void forget(settings *s, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (!row)
        return;
    s->values[row - ordpar_model_settings.rows] = NULL;
    s->digests[row - ordpar_model_settings.rows] = NULL;
}

/* A setting of the model that rows of other files have, below the notes of one. */
static bool differs_by_row(const ordpar_table *t, size_t column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
    return row && is_told(row) && result_varies(t, column);
}

/* "spectrum=8c40e561d2e4f062 schedule=.." */
static void read_digests(const ordpar_table *t, settings *s) {
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
        s->continues = s->continues || strcmp(word.name, "continue") == 0;
    }
    read_digests(t, s);
    const size_t overlaps = row_of("overlaps"), seed = row_of("seed");
    s->unseeded = s->values[overlaps] && !ordpar_table_find_fact(t, "simulation") &&
                  (!s->values[seed] ||
                   ordpar_settings_same(s->values[seed], ordpar_model_settings.rows[seed].initial));
    if (s->unseeded)
        forget(s, "seed");
    for (size_t c = 0; c < t->n_columns; c++)
        if (ordpar_table_find_fact(t, "swept") || differs_by_row(t, c))
            forget(s, t->columns[c]); /* the lines tell it */
    if (picture_is_law(t))            /* over all of them */
        forget(s, "seed");
    return ORDPAR_OK;
}

static void read_extent(const ordpar_table *t, settings *s) {
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

static bool is_unknown(const settings *s, size_t row) {
    return !s->line || (s->continues && !s->values[row]);
}

/* Of files by what is in them. */
static bool same(const settings *a, const settings *b, size_t row) {
    if (a->digests[row] && b->digests[row])
        return strncmp(a->digests[row], b->digests[row], DIGEST) == 0;
    return ordpar_settings_same(a->values[row], b->values[row]);
}

/* Nothing that both say contradicts. */
static bool may_begin(const settings *before, const settings *s) {
    for (size_t row = 0; row < ordpar_model_settings.count; row++)
        if (is_told(&ordpar_model_settings.rows[row]) && !is_unknown(before, row) &&
            !is_unknown(s, row) && !same(before, s, row))
            return false;
    return before->line && before->begin < s->begin && before->end <= s->begin * (1 + 1e-9);
}

/* The run that ends last before this one begins; then this one's settings are those of it. */
static void find_begin(settings *all, size_t count, size_t k) {
    settings *s = &all[k];
    s->begun_by = k;
    if (!s->continues)
        return;
    for (size_t b = 0; b < count; b++)
        if (b != k && may_begin(&all[b], s) &&
            (s->begun_by == k || all[b].end > all[s->begun_by].end))
            s->begun_by = b;
}

static void take_over(settings *all, size_t count) {
    for (size_t pass = 0; pass < count; pass++) /* along chains */
        for (size_t k = 0; k < count; k++)
            for (size_t row = 0; row < ordpar_model_settings.count; row++)
                if (all[k].begun_by != k && is_unknown(&all[k], row)) {
                    all[k].values[row] = all[all[k].begun_by].values[row];
                    all[k].digests[row] = all[all[k].begun_by].digests[row];
                }
}

/* The source with which its run begins. */
static size_t first_of(const settings *all, size_t k) {
    while (all[k].begun_by != k)
        k = all[k].begun_by;
    return k;
}

static bool differs(const settings *all, size_t count, size_t row) {
    const settings *first = NULL;
    for (size_t k = 0; k < count; k++) {
        if (is_unknown(&all[k], row))
            continue;
        if (first && !same(first, &all[k], row))
            return true;
        first = &all[k];
    }
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

static void add_setting(const settings *all, size_t count, size_t row, const char *value,
                        char *label) {
    const ordpar_setting *setting = &ordpar_model_settings.rows[row];
    const char *values[PLOT_MAX_SERIES];
    char symbol[64], shown[2 * NAME + 4], word[240];
    ordpar_symbol_short(setting->name, symbol, sizeof symbol);
    const bool law =
        setting->kind == ORDPAR_KIND_FILE && !ordpar_setting_names_file(setting->name, value);
    for (size_t k = 0; k < count; k++)
        values[k] = all[k].values[row];
    if (!law && (setting->kind == ORDPAR_KIND_FILE || setting->kind == ORDPAR_KIND_FILES))
        escaped_name(value, values, count, shown);
    else
        ordpar_symbol_value(value, shown, sizeof shown);
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
}

/* What is not there needs no word: no flag, no decay, no schedule. */
static bool is_absent(const ordpar_setting *row, const char *value) {
    return !value || ((row->kind == ORDPAR_KIND_FLAG || (row->groups & ORDPAR_GROUP_TRAINING)) &&
                      ordpar_settings_same(row->initial, value));
}

/* Adds the name of file `of` to the label of choice k. */
static void add_name(picture_choice *choices, size_t count, size_t k, size_t of) {
    const char *paths[PLOT_MAX_SERIES];
    char name[2 * NAME + 4];
    for (size_t s = 0; s < count; s++)
        paths[s] = choices[s].path;
    if (!choices[of].path)
        return;
    escaped_name(choices[of].path, paths, count, name);
    add_word(choices[k].label, name);
}

/* Beside others a model that needs no word has its first file's name. */
static void name_plain(picture_choice *choices, size_t count) {
    size_t plain = count;
    bool others = false;
    for (size_t k = 0; k < count; k++) {
        others = others || (*choices[k].label && !choices[k].is_law);
        if (!*choices[k].label && plain == count)
            plain = k;
    }
    for (size_t k = 0; k < count && others; k++)
        if (!*choices[k].label)
            add_name(choices, count, k, plain);
}

static bool same_model(const settings *a, const settings *b) {
    for (size_t row = 0; row < ordpar_model_settings.count; row++) {
        const ordpar_setting *setting = &ordpar_model_settings.rows[row];
        const bool none =
            (is_absent(setting, a->values[row]) && is_absent(setting, b->values[row])) ||
            ((a->unseeded || b->unseeded) && row == row_of("seed"));
        if (is_told(setting) && !none && !is_unknown(a, row) && !is_unknown(b, row) &&
            !same(a, b, row))
            return false;
    }
    return true;
}

/* Models whose settings read the same, such as those of files of one name, have the names of their
 * first sources. */
static void name_models(picture_choice *choices, const settings *all, size_t count) {
    size_t named[PLOT_MAX_SERIES];
    for (size_t k = 0; k < count; k++) {
        named[k] = count;
        for (size_t other = 0; other < count; other++)
            if (strcmp(choices[k].label, choices[other].label) == 0 &&
                !same_model(&all[k], &all[other]))
                named[k] = first_of(all, k);
        for (size_t other = k; other-- > 0 && named[k] < count;)
            if (named[other] < count && same_model(&all[k], &all[other]))
                named[k] = named[other];
    }
    for (size_t k = 0; k < count; k++)
        if (named[k] < count)
            add_name(choices, count, k, named[k]);
}

/* Sources of one role that have the same label can be told apart by their files' names alone; a
 * run in parts is one. */
static void name_files(picture_choice *choices, const settings *all, size_t count) {
    bool alike[PLOT_MAX_SERIES] = {false};
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            if (strcmp(choices[a].label, choices[b].label) == 0 &&
                choices[a].columns[0].role == choices[b].columns[0].role &&
                choices[a].is_law == choices[b].is_law && first_of(all, a) != first_of(all, b))
                alike[first_of(all, a)] = alike[first_of(all, b)] = true;
    for (size_t k = 0; k < count; k++)
        if (alike[first_of(all, k)])
            add_name(choices, count, k, first_of(all, k));
}

/* What still reads the same, such as long names, is numbered. */
static void number_rest(picture_choice *choices, const settings *all, size_t count) {
    for (size_t k = 1; k < count; k++)
        for (size_t other = 0; other < k; other++) {
            const char *path = choices[k].path, *before = choices[other].path;
            const bool apart = path && before && strcmp(path, before) != 0 &&
                               choices[k].columns[0].role == choices[other].columns[0].role &&
                               choices[k].is_law == choices[other].is_law &&
                               first_of(all, k) != first_of(all, other);
            char number[24];
            if (strcmp(choices[k].label, choices[other].label) != 0 ||
                (!apart && same_model(&all[k], &all[other])))
                continue;
            ordpar_format(number, sizeof number, "(%zu)", first_of(all, k) + 1);
            add_word(choices[k].label, number);
        }
}

/* A file of the same content goes by its first name. */
static void rename_same(settings *all, size_t count) {
    for (size_t k = 1; k < count; k++)
        for (size_t row = 0; row < ordpar_model_settings.count; row++)
            for (size_t other = 0; other < k && all[k].digests[row]; other++)
                if (all[other].digests[row] && same(&all[k], &all[other], row)) {
                    all[k].values[row] = all[other].values[row];
                    break;
                }
}

static ordpar_status read_all(const picture_choice *choices, size_t count, settings *all,
                              ordpar_error *err) {
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

/* What all have; NULL: a setting that one of them has not. */
static const char *shared(const settings *all, size_t count, size_t row) {
    const char *value = NULL;
    for (size_t k = 0; k < count; k++) {
        if (!value)
            value = all[k].values[row];
        if (!all[k].line || (!is_unknown(&all[k], row) && !all[k].values[row]))
            return NULL;
    }
    return value;
}

/* Of runs and the like, what all say that say any. */
static const char *known(const settings *all, size_t count, size_t row) {
    const char *value = NULL;
    for (size_t k = 0; k < count; k++) {
        const char *own = all[k].values[row];
        if (own && value && !ordpar_settings_same(own, value))
            return NULL;
        value = own ? own : value;
    }
    return ordpar_settings_among("runs digits eta-max", ordpar_model_settings.rows[row].name)
               ? value
               : NULL;
}

/* A default that given overlaps take the place of in another source: that one has the word. */
static bool is_of_overlaps(const settings *all, size_t count, size_t row) {
    const ordpar_setting *setting = &ordpar_model_settings.rows[row];
    const size_t overlaps = row_of("overlaps");
    bool replaced = false;
    for (size_t k = 0; k < count; k++) {
        const char *value = all[k].values[row];
        if (value && !(setting->initial && ordpar_settings_same(setting->initial, value)))
            return false;
        replaced = replaced || (!value && all[k].values[overlaps]);
    }
    return replaced;
}

/* A default seed of which the theory of the same model has no use: their words are the same. */
static bool is_beside_unseeded(const settings *all, size_t count, size_t k, size_t row) {
    const bool initial =
        row == row_of("seed") && all[k].values[row] &&
        ordpar_settings_same(all[k].values[row], ordpar_model_settings.rows[row].initial);
    bool found = false;
    for (size_t other = 0; other < count && initial; other++)
        found = found || (all[other].unseeded && same_model(&all[k], &all[other]));
    return found;
}

ordpar_status picture_label(picture_choice *choices, size_t count, char *title, ordpar_error *err) {
    settings *all = calloc(count, sizeof *all);
    const char *in_title[ORDPAR_MAX_SETTINGS] = {NULL};
    ordpar_status status =
        all ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the legend");
    if (!status)
        status = read_all(choices, count, all, err);
    for (size_t row = 0; row < ordpar_model_settings.count && !status; row++) {
        const ordpar_setting *setting = &ordpar_model_settings.rows[row];
        if (!is_told(setting))
            in_title[row] = known(all, count, row);
        else if (!differs(all, count, row))
            in_title[row] = shared(all, count, row);
        if (!is_told(setting) || !differs(all, count, row) || is_of_overlaps(all, count, row))
            continue;
        for (size_t k = 0; k < count; k++)
            if (!is_absent(setting, all[k].values[row]) && !is_beside_unseeded(all, count, k, row))
                add_setting(all, count, row, all[k].values[row], choices[k].label);
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
