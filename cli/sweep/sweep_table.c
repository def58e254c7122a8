// SPDX-License-Identifier: GPL-3.0-or-later
/* The result of a sweep: facts, columns and rows. Nothing in it depends on how it was computed. */
#include "cli/sweep/sweep.h"

#include "base/number.h"
#include "base/text_stream.h"
#include "cli/output/result.h"
#include "model/report.h"
#include "validation/simulate/checkpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The command as it would be typed with long names in the table's order, without what says how and
 * where to. */
typedef struct {
    char **words;
    char (*names)[40];
    size_t count;
} spelling;

static void spell(spelling *s, const char *name, const char *value) {
    char *word = s->names[s->count];
    snprintf(word, sizeof *s->names, "--%s", name);
    s->words[s->count++] = word;
    if (value)
        s->words[s->count++] = (char *)value;
}

static void spell_model(spelling *s, const ordpar_model *base) {
    for (size_t k = 0; k < ordpar_model_settings.count; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        if (base->given[k] && row->kind == ORDPAR_KIND_FILES)
            spell(s, row->name, base->value.data.items[0]);
        else if (base->given[k] && row->kind != ORDPAR_KIND_FLAG)
            spell(s, row->name, base->text[k]);
        else if (base->given[k] && strcmp(base->text[k], "yes") == 0)
            spell(s, row->name, NULL);
    }
}

static ordpar_status note_command(const options *parsed, const ordpar_model *base,
                                  const sweep_grid *g, ordpar_table *t, ordpar_error *err) {
    static const char *const jobs[] = {"curve", "simulate", "compare"};
    const ordpar_texts *data = &base->value.data;
    const size_t most = 8 + 2 * (parsed->sweep.count + ordpar_model_settings.count) + data->count;
    spelling s = {calloc(most, sizeof *s.words), calloc(most, sizeof *s.names), 2};
    ordpar_status status = ORDPAR_MEMORY;
    if (s.words && s.names) {
        s.words[0] = "ordpar";
        s.words[1] = "sweep";
        for (size_t k = 0; k < parsed->sweep.count; k++)
            spell(&s, "sweep", parsed->sweep.items[k]);
        if (options_given(parsed, "job"))
            spell(&s, "job", jobs[parsed->job]);
        if (parsed->curves)
            spell(&s, "curves", NULL);
        spell_model(&s, base);
        for (size_t k = 1; k < data->count; k++)
            s.words[s.count++] = data->items[k];
        options shown = *parsed; /* as if that had been typed */
        shown.argc = (int)s.count;
        shown.argv = s.words;
        shown.model = (ordpar_model *)base;
        for (size_t a = 0; a < g->n_axes; a++)
            for (size_t k = 0; k < g->axes[a].n_options; k++)
                shown.swept[g->axes[a].options[k].row - ordpar_model_settings.rows] = true;
        status = result_begin(&shown, t, err);
    } else {
        ordpar_fail(err, status, "out of memory for the command line");
    }
    free(s.words);
    free(s.names);
    return status;
}

/* What is in a file is part of what was computed. */
static ordpar_status note_file(const char *name, const char *path, size_t number, ordpar_table *t,
                               ordpar_error *err) {
    if (strcmp(path, "-") == 0)
        return ordpar_fail(err, ORDPAR_INVALID, "%s: a sweep cannot read standard input", name);
    FILE *file = fopen(path, "rb");
    char buffer[1 << 14], key[32];
    uint64_t digest = ORDPAR_DIGEST_START;
    for (size_t length; file && (length = fread(buffer, 1, sizeof buffer, file)) > 0;)
        digest = ordpar_digest(digest, buffer, length);
    const int error = !file ? errno : ferror(file) ? EIO : 0;
    if (file)
        fclose(file);
    if (error)
        return ordpar_fail(err, ORDPAR_IO, "%s: %.300s: cannot be read: %s", name, path,
                           strerror(error));
    snprintf(key, sizeof key, "file %zu", number);
    ordpar_table_note(t, key, "%s, digest %016llx", path, (unsigned long long)digest);
    return ORDPAR_OK;
}

static bool names_file(const ordpar_setting *row, const char *text) {
    ordpar_grid grid = {.of_file = false};
    if (row->kind != ORDPAR_KIND_GRID)
        return row->offset != offsetof(ordpar_values, schedule) || ordpar_schedule_is_file(text);
    (void)ordpar_grid_read(row->name, text, row->high, &grid, NULL);
    free(grid.list);
    return grid.of_file;
}

/* The files that a row's values name: in a model, or one swept value. */
static ordpar_status note_row(const ordpar_setting *row, const char *const *paths, size_t count,
                              size_t *number, ordpar_table *t, ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < count && !status; k++)
        if (names_file(row, paths[k]))
            status = note_file(row->name, paths[k], ++*number, t, err);
    return status;
}

static ordpar_status note_files(const ordpar_model *base, const sweep_grid *g, ordpar_table *t,
                                ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    size_t number = 0;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        const void *field = (const char *)&base->value + row->offset;
        if (row->kind != ORDPAR_KIND_FILE && row->kind != ORDPAR_KIND_FILES &&
            row->kind != ORDPAR_KIND_GRID)
            continue;
        const ordpar_texts *list = field;
        if (row->kind == ORDPAR_KIND_FILES)
            status = note_row(row, (const char *const *)list->items, list->count, &number, t, err);
        else if (base->given[k])
            status = note_row(row, (const char *const *)&base->text[k], 1, &number, t, err);
        for (size_t a = 0; a < g->n_axes && !status; a++)
            for (size_t o = 0; o < g->axes[a].n_options && !status; o++)
                if (g->axes[a].options[o].row == row)
                    status = note_row(row, (const char *const *)g->axes[a].values, g->axes[a].count,
                                      &number, t, err);
    }
    return status;
}

void sweep_table_fact(ordpar_table *t, const char *key, const char *text) {
    int64_t number;
    if (strcmp(key, "points") == 0 && ordpar_parse_integer(text, &number))
        ordpar_table_fact(t, key, (double)number, "%s", text);
    else
        ordpar_table_note(t, key, "%s", text);
}

void sweep_table_note_swept(const sweep_grid *g, ordpar_table *t) {
    char names[SWEEP_MAX_AXES * (SWEEP_MAX_JOINT * 26 + 16)] = "", *end = names, points[32];
    for (size_t a = 0; a < g->n_axes; a++) {
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            end += sprintf(end, "%s%s", k ? "=" : a ? ", " : "", g->axes[a].options[k].name);
        end += sprintf(end, " (%zu)", g->axes[a].count);
    }
    sweep_table_fact(t, "swept", names);
    snprintf(points, sizeof points, "%zu", g->n_points);
    sweep_table_fact(t, "points", points);
}

void sweep_table_swept_columns(const sweep_grid *g, ordpar_table *t) {
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            ordpar_table_column(t, "%s", g->axes[a].options[k].name);
}

static void add_columns(const options *parsed, const ordpar_model *base, const sweep_grid *g,
                        ordpar_table *t) {
    ordpar_table_column(t, "point");
    sweep_table_swept_columns(g, t);
    ordpar_table_columns(t, ordpar_point_columns((ordpar_job)parsed->job));
    const ordpar_grid *alpha = &base->value.alpha;
    for (int64_t k = 0; parsed->curves && k < alpha->count; k++)
        ordpar_table_column(t, "eps_g@%.10g", ordpar_grid_value(alpha, k));
    ordpar_table_columns(t, "status,message");
}

ordpar_status sweep_table_begin(const options *parsed, const ordpar_model *base,
                                const sweep_grid *g, ordpar_table *t, ordpar_error *err) {
    ordpar_status status = note_command(parsed, base, g, t, err);
    if (status)
        return status;
    sweep_table_note_swept(g, t);
    if ((status = note_files(base, g, t, err)))
        return status;
    if (parsed->job == ORDPAR_JOB_CURVE)
        ordpar_note_times(t, "escape_time", "plateau_exit");
    add_columns(parsed, base, g, t);
    return ordpar_table_check(t, err);
}

char *sweep_table_text(const ordpar_table *t) {
    ordpar_text_stream stream = {0};
    FILE *file = ordpar_text_open(&stream);
    if (!file)
        return NULL;
    for (size_t k = 0; k < t->n_facts; k++)
        fprintf(file, "%s: %s\n", t->facts[k].key, t->facts[k].text);
    for (size_t k = 0; k < t->n_columns; k++)
        fprintf(file, "%s%s", k ? "," : "", t->columns[k]);
    return ordpar_text_end(&stream);
}

/* Of what a message shows of it. */
static int line_width(const char *line) {
    const size_t width = strcspn(line, "\n");
    return width < 110 ? (int)width : 110;
}

ordpar_status sweep_table_same(const char *first, const char *second, const char *other,
                               ordpar_error *err) {
    if (strcmp(first, second) == 0)
        return ORDPAR_OK;
    size_t line = 0; /* where the first one that differs begins */
    for (size_t k = 0; first[k] == second[k]; k++)
        if (first[k] == '\n')
            line = k + 1;
    first += line;
    second += line;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "belongs to another sweep than %.120s: '%.*s' instead of '%.*s'", other,
                       line_width(second), second, line_width(first), first);
}
