// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings of a model as a line of text, and back. */
#include "base/number.h"
#include "base/text_stream.h"
#include "model/curve_state.h"
#include "model/json_text.h"
#include "model/model_internal.h"
#include "model/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ordpar_setting_table *const table = &ordpar_model_settings;

static bool is_control(char c) {
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool has_control(const char *word) {
    while (*word && !is_control(*word))
        word++;
    return *word;
}

/* As shells have it: $'a\nb.csv'. */
static void put_escaped(FILE *file, const char *word) {
    fputs("$'", file);
    for (; *word; word++)
        if (is_control(*word))
            fprintf(file, "\\x%02x", (unsigned)*word);
        else
            fprintf(file, strchr("'\\", *word) ? "\\%c" : "%c", *word);
    fputc('\'', file);
}

static void put_word(FILE *file, const char *word) {
    const bool json = ordpar_is_json(word); /* where line ends are blanks */
    if (!json && has_control(word)) {
        put_escaped(file, word);
        return;
    }
    const bool plain = *word && !word[strcspn(word, " \t\r\n'\"\\;")];
    fputs(plain ? "" : "'", file);
    for (; *word; word++)
        fprintf(file, *word == '\'' ? "'\\''" : "%c", strchr("\n\r\t", *word) ? ' ' : *word);
    fputs(plain ? "" : "'", file);
}

void ordpar_settings_put(FILE *file, const char *name, const char *value) {
    fprintf(file, "%s=", name);
    put_word(file, value);
}

static void put_setting(const ordpar_model *model, size_t k, FILE *file) {
    const ordpar_setting *row = &table->rows[k];
    if (row->kind == ORDPAR_KIND_FILES) {
        const ordpar_texts *files = (const void *)((const char *)&model->value + row->offset);
        for (size_t f = 0; f < files->count; f++) {
            fputc(' ', file);
            ordpar_settings_put(file, row->name, files->items[f]);
        }
        return;
    }
    fputc(' ', file);
    ordpar_settings_put(file, row->name, model->text[k] ? model->text[k] : row->initial);
}

bool ordpar_settings_among(const char *names, const char *name) {
    const size_t length = strlen(name);
    for (const char *found = names; length && (found = strstr(found, name)); found += length)
        if ((found == names || found[-1] == ' ') && (found[length] == ' ' || !found[length]))
            return true;
    return false;
}

/* What is given as an array, or was read before, in the place of a text. */
static bool has_array(const ordpar_model *model, const char *name) {
    if (strcmp(name, "overlaps") == 0)
        return model->overlaps.K > 0;
    return strcmp(name, "spectrum") == 0 ? model->spectrum.L > 0
                                         : strcmp(name, "data") == 0 && model->data;
}

/* Spectrum or start are not those of settings: they were given as arrays, or come from a file. */
static bool is_given_otherwise(const ordpar_model *model, const char *by) {
    if (!ordpar_settings_among("spectrum data overlaps", by))
        return false;
    if (model->origin || has_array(model, by))
        return true;
    return strcmp(by, "overlaps") != 0 &&
           (has_array(model, "spectrum") || has_array(model, "data"));
}

/* What is set: arrays take the place of files. */
static void find_given(const ordpar_model *model, bool given[ORDPAR_MAX_SETTINGS]) {
    for (size_t k = 0; k < table->count; k++)
        given[k] = model->given[k] || has_array(model, table->rows[k].name);
}

static bool has(const bool *given, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    return row && given[row - table->rows];
}

/* Settings of which one takes the place of others: whatever is given, the others are not meant. */
static const struct {
    const char *by, *names;
} replacements[] = {{"spectrum", "input-dim eigenvalues beta generate"},
                    {"data", "input-dim eigenvalues beta"},
                    {"data", "spectrum"},
                    {"labels", "teacher-units"},
                    {"overlaps", "sigma-j init teacher teacher-seed teacher-decay"},
                    {"tasks", "student-output teacher-output"},
                    {"batch-fraction", "batch"}};

bool ordpar_model_origin_has(const ordpar_model *model, const char *name) {
    const char *line = model->origin ? model->origin->head.settings : NULL;
    const size_t length = strlen(name);
    for (const char *found = line; found && (found = strstr(found, name)); found += length)
        if ((found == line || found[-1] == ' ') && found[length] == '=')
            return true;
    return false;
}

static bool is_replaced(const ordpar_model *model, const bool *given, const char *name) {
    if (ordpar_model_origin_has(model, name))
        return false;
    for (size_t k = 0; k < sizeof replacements / sizeof *replacements; k++)
        if (ordpar_settings_among(replacements[k].names, name) &&
            (has(given, replacements[k].by) || is_given_otherwise(model, replacements[k].by)))
            return true;
    if (has(given, "generate") && ordpar_generate_has_no(model->value.generate, name))
        return true;
    return strcmp(name, "eta") == 0 && has(given, "schedule") &&
           ordpar_schedule_is_file(model->value.schedule);
}

/* The other way round: something that it takes the place of is given. Sizes may stand beside it. */
static bool replaces(const bool *given, const ordpar_settings_word *word) {
    for (size_t k = 0; k < table->count; k++)
        for (size_t r = 0; given[k] && r < sizeof replacements / sizeof *replacements; r++)
            if (strcmp(replacements[r].by, word->name) == 0 &&
                ordpar_settings_among(replacements[r].names, table->rows[k].name) &&
                !ordpar_settings_among("input-dim teacher-units", table->rows[k].name))
                return true;
    return strcmp(word->name, "schedule") == 0 && has(given, "eta") &&
           ordpar_schedule_is_file(word->value);
}

/* There is no default of it. swept: settings that have several values, or NULL; what one of them
 * takes the place of is not meant, and with several states to go on from nothing of the model is.
 */
static bool is_not_meant(const ordpar_model *model, const bool *swept, const ordpar_setting *row) {
    if (is_replaced(model, model->given, row->name) ||
        (swept && strcmp(row->name, "eta") != 0 && is_replaced(model, swept, row->name)))
        return true;
    return swept && has(swept, "continue") &&
           (row->groups & (ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING));
}

bool ordpar_model_means(const ordpar_model *model, const char *name) {
    const ordpar_setting *row = ordpar_setting_find(table, name);
    bool given[ORDPAR_MAX_SETTINGS];
    find_given(model, given);
    return row && (has(given, row->name) || !is_replaced(model, given, row->name));
}

static bool counts(const ordpar_model *model, unsigned groups, const bool *swept, bool given,
                   size_t k) {
    static const unsigned not_the_model =
        ORDPAR_GROUP_THREADS | ORDPAR_GROUP_CHECKPOINT | ORDPAR_GROUP_SAVE;
    const ordpar_setting *row = &table->rows[k];
    /* the runs of a curve: it has none unless they are given */
    const bool asked = given || (groups & ORDPAR_GROUP_RUNS) || !(row->groups & ORDPAR_GROUP_RUNS);
    const bool looked_for = (groups & ORDPAR_GROUP_OPTIMUM) && strcmp(row->name, "eta") == 0;
    return (row->groups & groups) && !(row->groups & not_the_model) && model->given[k] == given &&
           asked && (given || (row->initial && !looked_for && !is_not_meant(model, swept, row)));
}

/* Arrays have no text: a mark keeps what is made with them from being taken for something else. */
static bool put_arrays(const ordpar_model *model, unsigned groups, const bool *without,
                       FILE *file) {
    bool any = false;
    for (size_t k = 0; k < table->count && !model->origin; k++) {
        const ordpar_setting *row = &table->rows[k];
        if (!has_array(model, row->name) || row->kind == ORDPAR_KIND_FILES ||
            !(row->groups & groups) || (without && without[k]))
            continue;
        fputc(' ', file);
        ordpar_settings_put(file, row->name, ORDPAR_SETTINGS_ARRAY);
        any = true;
    }
    return any;
}

ordpar_status ordpar_model_settings_text(const ordpar_model *model, unsigned groups,
                                         const bool *without, char **text, ordpar_error *err) {
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    if (!file)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    bool any = put_arrays(model, groups, without, file);
    for (int given = 1; given >= 0; given--) {
        bool first = true;
        for (size_t k = 0; k < table->count; k++) {
            if (!counts(model, groups, without, given, k) || (without && without[k]))
                continue;
            if (first && !given)
                fputs(any ? "; default:" : "default:", file);
            put_setting(model, k, file);
            first = false;
        }
        any = any || !first;
    }
    char *made = ordpar_text_end(&stream);
    if (!made)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    const size_t blank = *made == ' ';
    memmove(made, made + blank, strlen(made + blank) + 1);
    *text = made;
    return ORDPAR_OK;
}

/* The character of \xHH, of which there is none with the code 0; 0: it is not that. */
static char coded(const char *text) {
    unsigned code = 0;
    const bool good = strncmp(text, "\\x", 2) == 0 && strspn(text + 2, "0123456789abcdef") >= 2;
    return good && sscanf(text + 2, "%2x", &code) == 1 ? (char)code : '\0';
}

/* Takes what stands in $'..' to *to; returns its closing quote, or the end. */
static char *take_escaped(char *from, char **to) {
    char *c = from + strlen("$'");
    for (; *c && *c != '\''; c++) {
        const char code = coded(c);
        c += code ? 3 : *c == '\\' && c[1];
        *(*to)++ = code ? code : *c;
    }
    return c;
}

bool ordpar_settings_next(char **rest, ordpar_settings_word *word) {
    static const char marker[] = "default:";
    char *from = *rest + strspn(*rest, " ;"), *begin = from, *to = from;
    if (!*from)
        return false;
    for (bool quoted = false; *from && (quoted || (*from != ' ' && *from != ';'));
         from += *from != '\0')
        if (*from == '$' && from[1] == '\'' && !quoted)
            from = take_escaped(from, &to);
        else if (*from == '\'')
            quoted = !quoted;
        else if (*from == '\\' && !quoted && from[1])
            *to++ = *++from;
        else
            *to++ = *from;
    *rest = from + (*from != '\0');
    *to = '\0';
    if (strcmp(begin, marker) == 0) {
        word->is_default = true;
        return ordpar_settings_next(rest, word);
    }
    char *value = strchr(begin, '=');
    if (value)
        *value++ = '\0';
    word->name = begin;
    word->value = value;
    return true;
}

size_t ordpar_uses_list(size_t count, const ordpar_use *uses, char *text, size_t size) {
    size_t listed = 0, used = 0, left = 0;
    for (size_t k = 0; k < count; k++)
        left += uses[k].is_used ? 1 : 0;
    for (size_t k = 0; k < count && used < size; k++)
        if (uses[k].is_used)
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     listed++ == 0    ? ""
                                     : listed == left ? " and "
                                                      : ", ",
                                     uses[k].name);
    return left;
}

ordpar_status ordpar_model_take_setting(ordpar_model *model, const ordpar_settings_word *word,
                                        ordpar_error *err) {
    const ordpar_setting *row = word->value ? ordpar_setting_find(table, word->name) : NULL;
    if (!row)
        return ordpar_fail(err, ORDPAR_PARSE, "'%.80s' is no setting", word->name);
    if (word->is_default && ordpar_settings_same(row->initial, word->value))
        return ORDPAR_OK;
    const ordpar_status status = ordpar_model_set_text(model, row->name, word->value, err);
    if (word->is_default)
        model->given[row - table->rows] = false;
    return status;
}

bool ordpar_settings_of_sweep(const ordpar_settings_word *word) {
    return word->value && ordpar_settings_among("sweep job curves", word->name);
}

/* What a sweep's file was swept over must be given: it has no value of it. */
static ordpar_status check_swept(const bool *before, const char *axis, ordpar_error *err) {
    const char *from = axis;
    for (const char *end; (end = strchr(from, '=')); from = end + 1) {
        char name[64];
        ordpar_format(name, sizeof name, "%.*s", (int)(end - from), from);
        const ordpar_setting *row = ordpar_setting_find(table, name);
        if (!row)
            break; /* within a value */
        if (!before[row - table->rows])
            return ordpar_fail(err, ORDPAR_INVALID,
                               "%s is swept there (%.120s): give the value that is meant",
                               row->name, axis);
    }
    return ORDPAR_OK;
}

/* What is of no use without another setting of the file goes with it. */
static bool goes_along(const ordpar_model *model, const bool *before,
                       const ordpar_settings_word *word) {
    static const struct {
        const char *name, *needs;
    } companions[] = {{"normalise", "spectrum"}, {"array", "data"}, {"labels", "data"}};
    for (size_t k = 0; k < sizeof companions / sizeof *companions; k++) {
        const ordpar_settings_word needed = {.name = companions[k].needs};
        if (strcmp(word->name, companions[k].name) == 0 &&
            (is_replaced(model, before, needed.name) || replaces(before, &needed)))
            return true;
    }
    return (strcmp(word->name, "array") == 0 && has(before, "data")) ||
           (strcmp(word->name, "spread-parts") == 0 && has(before, "spread") &&
            model->value.spread == 0);
}

/* A word of a file that what is given beside it leaves no place for. */
static bool steps_aside(const ordpar_model *model, const bool *before,
                        const ordpar_settings_word *word) {
    return has(before, word->name) || is_replaced(model, before, word->name) ||
           replaces(before, word) || goes_along(model, before, word);
}

/* Of several curves in one file. */
static bool is_several(const ordpar_setting *row, const char *value) {
    const bool lists = row->kind == ORDPAR_KIND_REALS || row->kind == ORDPAR_KIND_ORDERS ||
                       row->kind == ORDPAR_KIND_GRID || row->kind == ORDPAR_KIND_FILE;
    return !lists && value && strchr(value, ',');
}

ordpar_status ordpar_model_read_settings_text(ordpar_model *model, const char *text,
                                              ordpar_error *err) {
    bool before[ORDPAR_MAX_SETTINGS];
    ordpar_settings_word word = {0};
    char *copy = strdup(text), *rest = copy;
    ordpar_status status =
        copy ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    find_given(model, before);
    while (!status && ordpar_settings_next(&rest, &word))
        if (ordpar_settings_of_sweep(&word))
            status = check_swept(before, strcmp(word.name, "sweep") == 0 ? word.value : "", err);
        else if (!steps_aside(model, before, &word)) {
            const ordpar_setting *row = ordpar_setting_find(table, word.name);
            status = ordpar_model_take_setting(model, &word, err);
            if (status && row && is_several(row, word.value))
                ordpar_fail(err, status,
                            "%s has several values there (%.120s): give the one that is meant",
                            row->name, word.value);
            if (row)
                model->alike[row - table->rows] = true;
        }
    free(copy);
    return status;
}
