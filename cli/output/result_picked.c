// SPDX-License-Identifier: GPL-3.0-or-later
/* One curve of a file of several, below the notes of all, or of another. */
#include "base/number.h"
#include "base/text_stream.h"
#include "cli/output/result.h"
#include "model/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Behind a word of the settings line, which has quotes about blanks. */
static const char *end_of_word(const char *text) {
    bool quoted = false;
    for (; *text && (quoted || (*text != ' ' && *text != ';')); text++)
        if (*text == '\'')
            quoted = !quoted;
        else if (*text == '\\' && !quoted && text[1])
            text++;
    return text;
}

static bool names(const char *word, const char *name) {
    const size_t width = strlen(name);
    return strncmp(word, name, width) == 0 && word[width] == '=';
}

/* Whether a word of the settings has what was swept: "sweep=L=1,4", or of the setting itself. */
static bool is_of_swept(const char *word, const ordpar_table *t, const bool *swept) {
    if (names(word, "sweep"))
        return true;
    for (size_t c = 0; c < t->n_columns; c++)
        if (swept[c] &&
            names(word, ordpar_setting_find(&ordpar_model_settings, t->columns[c])->name))
            return true;
    return false;
}

static void write_value(FILE *to, const ordpar_table *t, size_t column) {
    const char *text = t->texts ? t->texts[column] : NULL;
    fprintf(to, "%s=", ordpar_setting_find(&ordpar_model_settings, t->columns[column])->name);
    if (!text) {
        char number[ORDPAR_NUMBER_SIZE];
        fprintf(to, "%s ", ordpar_number_text(t->cells[column], number));
        return;
    }
    fputc('\'', to);
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", to);
        else
            fputc(*text == ';' ? ',' : *text, to); /* tables have no commas in a cell */
    fputs("' ", to);
}

/* The settings of all curves with this one's values of what was swept. NULL: no memory. */
static char *own_settings(const ordpar_table *t, const bool *swept, const char *all) {
    ordpar_text_stream stream = {0};
    FILE *to = ordpar_text_open(&stream);
    if (!to)
        return NULL;
    for (size_t c = 0; c < t->n_columns; c++)
        if (swept[c])
            write_value(to, t, c);
    while (*all) {
        const char *end = end_of_word(all);
        const size_t width = (size_t)(end - all) + strspn(end, " ;");
        if (!is_of_swept(all, t, swept))
            fwrite(all, 1, width, to);
        else if (strchr(end, ';') == end)
            fputs("; ", to);
        all += width;
    }
    return ordpar_text_end(&stream);
}

/* Marks the columns of what the note names, "K=M (3), L (6)"; false where one is not there, or has
 * several values. */
static bool find_swept(const ordpar_table *t, const char *note, bool *swept) {
    while (*note) {
        char name[ORDPAR_COLUMN_SIZE];
        size_t column;
        const size_t width = strcspn(note, "=(");
        ordpar_format(name, sizeof name, "%.*s",
                      (int)(width && note[width - 1] == ' ' ? width - 1 : width), note);
        if (!ordpar_table_find_column(t, name, &column) || result_varies(t, column) ||
            !ordpar_setting_find(&ordpar_model_settings, name))
            return false;
        swept[column] = true;
        note += width;
        if (*note == '=')
            note++;
        else if (*(note += strcspn(note, ",")))
            note += strspn(note, ", ");
    }
    return true;
}

/* Whether the settings say of a setting something else than its column does in all rows. */
static bool contradicts(const ordpar_table *t, const char *settings, size_t column) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
    ordpar_settings_word word = {0};
    char number[32];
    const char *text = NULL;
    if (!row || !(row->groups & (ORDPAR_GROUP_MODEL | ORDPAR_GROUP_TRAINING)) ||
        !(text = result_one_value(t, column, number)))
        return false;
    char *copy = strdup(settings), *rest = copy;
    bool found = false;
    while (copy && !found && ordpar_settings_next(&rest, &word))
        found = strcmp(word.name, row->name) == 0 && word.value &&
                !ordpar_settings_same(word.value, text);
    free(copy);
    return found;
}

static ordpar_status pick(ordpar_table *t, bool *told, ordpar_error *err) {
    ordpar_fact *note = NULL, *settings = NULL;
    bool any = false;
    for (size_t k = 0; k < t->n_facts; k++)
        if (strcmp(t->facts[k].key, "settings") == 0)
            settings = &t->facts[k];
        else if (strcmp(t->facts[k].key, "swept") == 0)
            note = &t->facts[k];
    if (!settings || (note && !find_swept(t, note->text, told)))
        return ORDPAR_OK;
    for (size_t c = 0; c < t->n_columns; c++)
        any = (told[c] = told[c] || contradicts(t, settings->text, c)) || any;
    if (!any)
        return ORDPAR_OK;
    char *own = own_settings(t, told, settings->text);
    if (!own)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings of a curve");
    free(settings->text);
    settings->text = own;
    if (note)
        *note->key = '\0'; /* of one curve nothing is swept */
    return ORDPAR_OK;
}

ordpar_status result_pick(ordpar_table *t, ordpar_error *err) {
    size_t alpha;
    if (t->n_rows == 0 || !ordpar_table_find_column(t, "alpha", &alpha))
        return ORDPAR_OK;
    bool *told = calloc(t->n_columns, sizeof *told);
    const ordpar_status status =
        told ? pick(t, told, err)
             : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings of a curve");
    free(told);
    return status;
}
