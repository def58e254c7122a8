// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings of a model as a line of text, and back. */
#include "model_internal.h"
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ordpar_setting_table *const table = &ordpar_model_settings;
static const char marker[] = "default:";

static void put_word(FILE *file, const char *word) {
    const bool plain = *word && !word[strcspn(word, " \t\n'\"\\;")];
    fputs(plain ? "" : "'", file);
    for (; *word; word++)
        fprintf(file, *word == '\'' ? "'\\''" : "%c", *word);
    fputs(plain ? "" : "'", file);
}

static void put_setting(const ordpar_model *model, size_t k, FILE *file) {
    const ordpar_setting *row = &table->rows[k];
    if (row->kind == ORDPAR_KIND_FILES) {
        const ordpar_texts *files = (const void *)((const char *)&model->value + row->offset);
        for (size_t f = 0; f < files->count; f++) {
            fprintf(file, " %s=", row->name);
            put_word(file, files->items[f]);
        }
        return;
    }
    fprintf(file, " %s=", row->name);
    put_word(file, model->text[k] ? model->text[k] : row->initial);
}

/* Defaults that another setting takes the place of do not count. */
static bool is_replaced(const ordpar_model *model, const char *name) {
    static const struct {
        const char *by, *names;
    } rules[] = {{"spectrum", "input-dim eigenvalues beta"},
                 {"data", "input-dim eigenvalues beta"},
                 {"overlaps", "sigma-j init teacher"}};
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        if (strstr(rules[k].names, name) && ordpar_model_given(model, rules[k].by))
            return true;
    return strcmp(name, "eta") == 0 && ordpar_schedule_is_file(model->value.schedule);
}

ordpar_status ordpar_model_settings_text(const ordpar_model *model, unsigned groups, char **text,
                                         ordpar_error *err) {
    static const unsigned not_the_model = ORDPAR_GROUP_THREADS | ORDPAR_GROUP_CHECKPOINT;
    char *made = NULL;
    size_t size;
    FILE *file = open_memstream(&made, &size);
    if (!file)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    for (int given = 1; given >= 0; given--) {
        fprintf(file, "%s", given ? "" : "; default:");
        for (size_t k = 0; k < table->count; k++) {
            const ordpar_setting *row = &table->rows[k];
            if (!(row->groups & groups) || (row->groups & not_the_model) ||
                model->given[k] != (bool)given)
                continue;
            if (given || (row->initial && !is_replaced(model, row->name)))
                put_setting(model, k, file);
        }
    }
    if (fclose(file) != 0) {
        free(made);
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    }
    const size_t blank = *made == ' ';
    memmove(made, made + blank, strlen(made + blank) + 1);
    *text = made;
    return ORDPAR_OK;
}

/* The next word of a line, unquoted in place; NULL at its end. */
static char *next_word(char **rest) {
    char *from = *rest + strspn(*rest, " ;"), *word = from, *to = from;
    if (!*from)
        return NULL;
    for (bool quoted = false; *from && (quoted || (*from != ' ' && *from != ';')); from++)
        if (*from == '\'')
            quoted = !quoted;
        else if (*from == '\\' && !quoted && from[1])
            *to++ = *++from;
        else
            *to++ = *from;
    *rest = from + (*from != '\0');
    *to = '\0';
    return word;
}

/* Sets a default of the file without the mark that it was given. */
static ordpar_status set_default(ordpar_model *model, const ordpar_setting *row, const char *value,
                                 ordpar_error *err) {
    const size_t k = (size_t)(row - table->rows);
    if (row->initial && strcmp(row->initial, value) == 0)
        return ORDPAR_OK;
    const ordpar_status status = ordpar_model_set_text(model, row->name, value, err);
    model->given[k] = false;
    return status;
}

ordpar_status ordpar_model_read_settings_text(ordpar_model *model, const char *text,
                                              ordpar_error *err) {
    bool before[ORDPAR_MAX_SETTINGS], defaults = false;
    char *copy = strdup(text), *rest = copy;
    ordpar_status status =
        copy ? ORDPAR_OK : ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the settings");
    memcpy(before, model->given, sizeof before);
    for (char *word; copy && !status && (word = next_word(&rest));) {
        char *value = strchr(word, '=');
        if (strcmp(word, marker) == 0) {
            defaults = true;
            continue;
        }
        if (value)
            *value++ = '\0';
        const ordpar_setting *row = value ? ordpar_setting_find(table, word) : NULL;
        if (!row)
            status = ordpar_fail(err, ORDPAR_PARSE, "'%.80s' is no setting", word);
        else if (!before[row - table->rows])
            status = defaults ? set_default(model, row, value, err)
                              : ordpar_model_set_text(model, row->name, value, err);
    }
    free(copy);
    return status;
}

/* The line after "# settings: " of a file, without its end; NULL: there is none. */
static char *find_line(FILE *file) {
    static const char key[] = "# settings: ";
    char *line = NULL, *found = NULL;
    size_t size = 0;
    for (ssize_t length; !found && (length = getline(&line, &size, file)) > 0;) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (strncmp(line, key, strlen(key)) == 0)
            found = strdup(line + strlen(key));
    }
    free(line);
    return found;
}

ordpar_status ordpar_model_like(ordpar_model *model, const char *path, ordpar_error *err) {
    FILE *file = fopen(path, "r");
    if (!file)
        return ordpar_fail(err, ORDPAR_IO, "like: %.400s: cannot be read", path);
    char *line = find_line(file);
    fclose(file);
    ordpar_error reason;
    const ordpar_status status =
        line ? ordpar_model_read_settings_text(model, line, &reason)
             : ordpar_fail(&reason, ORDPAR_PARSE, "has no line '# settings: ..'");
    free(line);
    return status ? ordpar_fail(err, status, "like: %.200s: %.270s", path, reason.message)
                  : ORDPAR_OK;
}
