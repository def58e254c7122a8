// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings of a model as a line of text, and back. */
#include "base/number.h"
#include "base/text_stream.h"
#include "model/json_text.h"
#include "model/model_internal.h"
#include "model/replaced.h"

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

/* There is no default of it. swept: settings that have several values, or NULL; what one of them
 * takes the place of is not meant, and with several states to go on from nothing of the model is.
 */
static bool is_not_meant(const ordpar_model *model, const bool *swept, const ordpar_setting *row) {
    if (ordpar_setting_is_replaced(model, model->given, row->name) ||
        (swept && strcmp(row->name, "eta") != 0 &&
         ordpar_setting_is_replaced(model, swept, row->name)))
        return true;
    return swept && ordpar_setting_is_among(swept, "continue") &&
           (row->groups & (ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING));
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
        if (!ordpar_model_has_array(model, row->name) || row->kind == ORDPAR_KIND_FILES ||
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

const char *ordpar_settings_value_of(const char *line, const char *name) {
    const size_t length = strlen(name);
    for (const char *found = line; found && (found = strstr(found, name)); found += length)
        if ((found == line || found[-1] == ' ') && found[length] == '=')
            return found + length + 1;
    return NULL;
}

bool ordpar_settings_can_share(const ordpar_setting *before, const ordpar_setting *row) {
    return !before || before->kind == row->kind || ordpar_setting_is_number(before);
}

const ordpar_setting *ordpar_settings_next_axis(const char **rest, const ordpar_setting *before) {
    char name[64];
    const char *end = strchr(*rest, '=');
    if (!end)
        return NULL;
    ordpar_format(name, sizeof name, "%.*s", (int)(end - *rest), *rest);
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (!row || !ordpar_settings_can_share(before, row)) /* it is within a value */
        return NULL;
    *rest = end + 1;
    return row;
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
