// SPDX-License-Identifier: GPL-3.0-or-later
/* The result of a sweep: facts, columns and rows. Nothing in it depends on how it was computed. */
#include "cli/sweep/sweep.h"

#include "base/digest.h"
#include "base/number.h"
#include "base/text_stream.h"
#include "cli/output/overwrite.h"
#include "cli/output/result.h"
#include "model/labels.h"
#include "model/report.h"

#include <math.h>
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

static bool are_files_of_rates(const sweep_axis *axis) {
    for (size_t k = 0; k < axis->count; k++)
        if (!ordpar_schedule_is_file(axis->values[k]))
            return false;
    return true;
}

/* Settings that have no one value: those of the axis, and eta where files have it. */
static void mark_swept(const sweep_axis *axis, bool *swept) {
    const ordpar_setting *eta = ordpar_setting_find(&ordpar_model_settings, "eta");
    for (size_t k = 0; k < axis->n_options; k++) {
        const ordpar_setting *row = axis->options[k].row;
        swept[row - ordpar_model_settings.rows] = true;
        if (strcmp(row->name, "schedule") == 0 && are_files_of_rates(axis))
            swept[eta - ordpar_model_settings.rows] = true;
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
            mark_swept(&g->axes[a], shown.swept);
        status = result_begin(&shown, t, err);
    } else {
        ordpar_fail(err, status, "out of memory for the command line");
    }
    free(s.words);
    free(s.names);
    return status;
}

/* What is in a file is part of what was computed, and no output may replace it. */
typedef struct {
    const options *parsed;
    ordpar_table *t;
    size_t number;
    ordpar_error *err;
    ordpar_seen_files **seen;
} noting;

/* A file that --like swept over must be what it was then. */
static ordpar_status check_as_like(const noting *n, const char *name, const char *path,
                                   uint64_t digest) {
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    const char *then =
        n->parsed->as_like[row - ordpar_model_settings.rows] ? n->parsed->swept_files : NULL;
    const size_t length = strlen(path);
    char now[40];
    snprintf(now, sizeof now, ", digest %016llx", (unsigned long long)digest);
    for (; then && *then; then += strcspn(then, "\n") + 1)
        if (strncmp(then, path, length) == 0 && strncmp(then + length, now, 9) == 0 &&
            strncmp(then + length, now, strlen(now)) != 0)
            return ordpar_fail(n->err, ORDPAR_INVALID,
                               "%s: %.200s has another content than when %.200s was made with it",
                               name, path, n->parsed->like);
    return ORDPAR_OK;
}

static ordpar_status note_file(noting *n, const char *name, const char *path) {
    char key[32];
    uint64_t digest = ORDPAR_DIGEST_START;
    ordpar_error reason;
    if (strcmp(path, "-") == 0)
        return ordpar_fail(n->err, ORDPAR_INVALID,
                           "%s: is read for each point, which standard input cannot be", name);
    ordpar_status status = ordpar_digest_file(path, &digest, &reason);
    if (status)
        return ordpar_fail(n->err, status, "%s: %.480s", name, reason.message);
    if ((status = overwrite_check_input(n->parsed, name, path, n->err)) ||
        (status = check_as_like(n, name, path, digest)))
        return status;
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    if (row->kind != ORDPAR_KIND_GRID && (status = ordpar_seen_add(name, path, n->seen, n->err)))
        return status;
    snprintf(key, sizeof key, "file %zu", ++n->number);
    ordpar_table_note(n->t, key, "%s, digest %016llx", path, (unsigned long long)digest);
    return ORDPAR_OK;
}

static bool names_file(const ordpar_setting *row, const char *text) {
    ordpar_grid grid = {.of_file = false};
    if (row->kind != ORDPAR_KIND_GRID)
        return ordpar_setting_names_file(row->name, text);
    (void)ordpar_grid_read(row->name, text, row->high, &grid, NULL);
    free(grid.list);
    return grid.of_file;
}

/* The files that a row's values name: in a model, or one swept value. */
static ordpar_status note_row(noting *n, const ordpar_setting *row, const char *const *paths,
                              size_t count) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < count && !status; k++) {
        const char *array;
        char *path = NULL;
        if (row->offset == offsetof(ordpar_values, labels))
            status = ordpar_labels_split(paths[k], &path, &array, n->err);
        if (!status && names_file(row, paths[k]))
            status = note_file(n, row->name, path ? path : paths[k]);
        free(path);
    }
    return status;
}

/* Those that the model itself has. A grid was read with it: its file may have been a pipe. */
static ordpar_status note_own(noting *n, const ordpar_setting *row, const ordpar_model *base,
                              size_t k) {
    const void *field = (const char *)&base->value + row->offset;
    const ordpar_texts *list = field;
    const ordpar_grid *grid = field;
    const char *const text = base->text[k];
    if (row->kind == ORDPAR_KIND_FILES)
        return note_row(n, row, (const char *const *)list->items, list->count);
    if (row->kind == ORDPAR_KIND_GRID)
        return base->given[k] && grid->of_file ? note_file(n, row->name, text) : ORDPAR_OK;
    return base->given[k] ? note_row(n, row, &text, 1) : ORDPAR_OK;
}

/* Of settings of these kinds. */
static ordpar_status note_files(noting n, const ordpar_model *base, const sweep_grid *g,
                                unsigned kinds) {
    ordpar_status status = ORDPAR_OK;
    for (size_t k = 0; k < ordpar_model_settings.count && !status; k++) {
        const ordpar_setting *row = &ordpar_model_settings.rows[k];
        if (!(kinds & 1U << row->kind))
            continue;
        status = note_own(&n, row, base, k);
        for (size_t a = 0; a < g->n_axes && !status; a++)
            for (size_t o = 0; o < g->axes[a].n_options && !status; o++)
                if (g->axes[a].options[o].row == row)
                    status =
                        note_row(&n, row, (const char *const *)g->axes[a].values, g->axes[a].count);
    }
    return status;
}

ordpar_status sweep_table_check_files(const options *parsed, sweep_grid *g, ordpar_error *err) {
    ordpar_table unused = {0};
    const ordpar_status status =
        note_files((noting){parsed, &unused, 0, err, &g->seen}, parsed->model, g,
                   1U << ORDPAR_KIND_FILE | 1U << ORDPAR_KIND_FILES);
    ordpar_table_clear(&unused);
    return status;
}

void sweep_table_fact(ordpar_table *t, const char *key, const char *text) {
    int64_t number;
    if (strcmp(key, "points") == 0 && ordpar_parse_integer(text, &number))
        ordpar_table_fact(t, key, (double)number, "%s", text);
    else
        ordpar_table_note(t, key, "%s", text);
}

/* The axis of K or M alone; NULL: it is not swept, or with others. */
static const sweep_axis *axis_of(const sweep_grid *g, char letter) {
    for (size_t a = 0; a < g->n_axes; a++)
        if (g->axes[a].n_options == 1 && g->axes[a].options[0].row->letter == letter)
            return &g->axes[a];
    return NULL;
}

/* K and M of one list may have been meant to be equal. */
static void note_pairs(const sweep_grid *g, ordpar_table *t) {
    const sweep_axis *K = axis_of(g, 'K'), *M = axis_of(g, 'M');
    char text[120];
    for (size_t k = 0; K && M && k < K->count; k++)
        for (size_t m = 0; m < M->count; m++)
            if (strcmp(K->values[k], M->values[m]) == 0) {
                snprintf(text, sizeof text,
                         "all %zu of K and M; sweep --sweep K=M=LIST has them equal",
                         K->count * M->count);
                sweep_table_fact(t, "pairs", text);
                return;
            }
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
    note_pairs(g, t);
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

/* What has to be known of the columns of a curve. */
static void note_measures(const ordpar_model *base, const sweep_grid *g, ordpar_table *t) {
    ordpar_note_times(t, "escape_time", "plateau_exit");
    ordpar_note_length(NAN, t);
    if (!sweep_grid_swept(g, ORDPAR_GROUP_GRID))
        ordpar_note_resolution(&base->value.alpha, "plateau_exit", t);
}

ordpar_status sweep_table_begin(const options *parsed, const ordpar_model *base, sweep_grid *g,
                                ordpar_table *t, ordpar_error *err) {
    ordpar_status status = note_command(parsed, base, g, t, err);
    if (status)
        return status;
    sweep_table_note_swept(g, t);
    if ((status =
             note_files((noting){parsed, t, 0, err, &g->seen}, base, g,
                        1U << ORDPAR_KIND_FILE | 1U << ORDPAR_KIND_FILES | 1U << ORDPAR_KIND_GRID)))
        return status;
    if (parsed->job == ORDPAR_JOB_CURVE)
        note_measures(base, g, t);
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

static size_t begin_of_word(const char *line, size_t place) {
    while (place > 0 && line[place - 1] != ' ')
        place--;
    return place;
}

/* What a message shows of a line: its key, and what stands from the word on in which it differs, or
 * from the option whose value that is. */
static void show_difference(const char *line, size_t place, char text[160]) {
    const size_t key = strcspn(line, ":\n"), end = strcspn(line, "\n");
    size_t word = begin_of_word(line, place);
    const size_t option = word > 0 ? begin_of_word(line, word - 1) : 0;
    if (line[word] != '-' && line[option] == '-')
        word = option;
    if (word <= key + 2 || line[key] != ':')
        ordpar_format(text, 160, "%.*s", (int)(end < 110 ? end : 110), line);
    else
        ordpar_format(text, 160, "%.*s: .. %.*s", (int)(key < 40 ? key : 40), line,
                      (int)(end - word < 100 ? end - word : 100), line + word);
}

ordpar_status sweep_table_same(const char *first, const char *second, const char *other,
                               ordpar_error *err) {
    if (strcmp(first, second) == 0)
        return ORDPAR_OK;
    size_t line = 0, place = 0; /* of the first line that differs, and where it does */
    for (; first[place] == second[place]; place++)
        if (first[place] == '\n')
            line = place + 1;
    char own[160], others[160];
    show_difference(second + line, place - line, own);
    show_difference(first + line, place - line, others);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "belongs to another sweep than %.120s: '%s' instead of '%s'", other, own,
                       others);
}
