// SPDX-License-Identifier: GPL-3.0-or-later
/* The result of a sweep: notes, columns and rows. Nothing in it depends on how it was computed. */
#include "sweep.h"

#include "checkpoint.h"
#include "model.h"
#include "number.h"
#include "result.h"
#include "version.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Options that say how and where to, not what. */
static bool is_of_distribution(const char *name) {
    static const char *const names[] = {"threads", "part",   "checkpoint", "output", "plot",
                                        "column",  "format", "quiet",      "sweep",  "merge"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(names[k], name) == 0)
            return true;
    return false;
}

/* The command as it would be typed with long names in the table's order, without the above. */
static char *canonical_command(const options *parsed) {
    const size_t size = 2 + 2 * parsed->sweep.count + 2 * option_count + 1 + parsed->n_more_data;
    char **words = malloc(size * sizeof *words), names[OPTIONS_MAX][32];
    if (!words)
        return NULL;
    size_t count = 0;
    words[count++] = "ordpar";
    words[count++] = "sweep";
    for (size_t k = 0; k < parsed->sweep.count; k++) {
        words[count++] = "--sweep";
        words[count++] = (char *)parsed->sweep.items[k];
    }
    for (size_t k = 0; k < option_count; k++) {
        if (!(parsed->given >> k & 1) || is_of_distribution(option_table[k].name))
            continue;
        snprintf(names[k], sizeof names[k], "--%s", option_table[k].name);
        words[count++] = names[k];
        if (option_table[k].kind != KIND_FLAG)
            words[count++] = (char *)parsed->raw[k];
    }
    for (size_t k = 0; k < parsed->n_more_data; k++)
        words[count++] = parsed->more_data[k];
    char *line = table_command_line((int)count, words);
    free(words);
    return line;
}

/* What is in a file is part of what was computed. */
static int note_file(const options *parsed, const char *option, const char *path, table *t) {
    if (strcmp(path, "-") == 0)
        return usage_error(parsed, "--%s: a sweep cannot read standard input", option);
    FILE *file = fopen(path, "rb");
    if (!file)
        return usage_error(parsed, "--%s: %s: cannot be read: %s", option, path, strerror(errno));
    static char buffer[1 << 16];
    uint64_t digest = ORDPAR_DIGEST_START;
    for (size_t length; (length = fread(buffer, 1, sizeof buffer, file)) > 0;)
        digest = ordpar_digest(digest, buffer, length);
    const bool good = !ferror(file);
    fclose(file);
    if (!good)
        return usage_error(parsed, "--%s: %s: cannot be read: %s", option, path, strerror(EIO));
    char key[32];
    snprintf(key, sizeof key, "file %zu", t->n_notes);
    table_note(t, key, "%s, digest %016llx", path, (unsigned long long)digest);
    return -1;
}

static int note_files(const options *parsed, const sweep_grid *g, table *t) {
    static const char *const names[] = {"spectrum", "data", "overlaps"};
    int result = -1;
    for (size_t n = 0; n < 3; n++) {
        const option_entry *entry = option_find(names[n]);
        if (options_given(parsed, names[n]))
            result = note_file(parsed, names[n], parsed->raw[entry - option_table], t);
        for (size_t a = 0; a < g->n_axes; a++)
            for (size_t k = 0; k < g->axes[a].n_options; k++)
                for (size_t v = 0; v < g->axes[a].count && result < 0; v++)
                    if (g->axes[a].options[k].entry == entry)
                        result = note_file(parsed, names[n], g->axes[a].values[v], t);
        if (result >= 0)
            return result;
    }
    for (size_t k = 0; k < parsed->n_more_data && result < 0; k++)
        result = note_file(parsed, "data", parsed->more_data[k], t);
    return result;
}

static void note_swept(const sweep_grid *g, table *t) {
    char names[SWEEP_MAX_AXES * SWEEP_MAX_JOINT * 26] = "", *end = names;
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            end += sprintf(end, "%s%s", a + k ? ", " : "", g->axes[a].options[k].name);
    table_note(t, "swept", "%s", names);
    table_note(t, "points", "%zu", g->n_points);
}

static void add_columns(const options *parsed, const sweep_grid *g, table *t) {
    table_column(t, "point");
    for (size_t a = 0; a < g->n_axes; a++)
        for (size_t k = 0; k < g->axes[a].n_options; k++)
            table_column(t, "%s", g->axes[a].options[k].name);
    for (const char *const *name = sweep_point_columns((sweep_job)parsed->job); *name; name++)
        table_column(t, "%s", *name);
    double *alpha = parsed->curves ? model_grid(parsed) : NULL;
    for (int64_t k = 0; alpha && k < parsed->alpha.count; k++)
        table_column(t, "eps_g@%.10g", alpha[k]);
    if (parsed->curves && !alpha)
        t->failed = true;
    free(alpha);
    table_column(t, "status");
    table_column(t, "message");
}

int sweep_table_begin(const options *parsed, const sweep_grid *g, table *t) {
    char *command = canonical_command(parsed), libraries[256];
    version_libraries(libraries, sizeof libraries);
    table_note(t, "ordpar", "%s", ORDPAR_VERSION);
    table_note(t, "command", "%s", command ? command : "?");
    table_note(t, "libraries", "%s", libraries);
    t->failed = t->failed || !command;
    free(command);
    note_swept(g, t);
    const int result = note_files(parsed, g, t);
    if (result >= 0)
        return result;
    add_columns(parsed, g, t);
    return t->failed ? failure(parsed, "out of memory for the columns") : -1;
}

uint64_t sweep_table_digest(const table *t, const char *extra) {
    uint64_t digest = ORDPAR_DIGEST_START;
    for (size_t k = 0; k < t->n_notes; k++)
        digest = ordpar_digest(digest, t->notes[k], strlen(t->notes[k]) + 1);
    for (size_t k = 0; k < t->n_columns; k++)
        digest = ordpar_digest(digest, t->columns[k], strlen(t->columns[k]) + 1);
    return ordpar_digest(digest, extra, strlen(extra) + 1);
}

bool sweep_table_is_text(const char *column) {
    if (strcmp(column, "status") == 0 || strcmp(column, "message") == 0)
        return true;
    const option_entry *entry = option_find(column);
    return entry && entry->kind != KIND_REAL && entry->kind != KIND_POSITIVE &&
           entry->kind != KIND_INTEGER;
}

static bool is_number(const char *cell, size_t width) {
    char text[64], *end;
    if (width == 0 || width >= sizeof text)
        return false;
    memcpy(text, cell, width);
    text[width] = '\0';
    strtod(text, &end);
    return !*end;
}

bool sweep_table_fits(const table *t, size_t point, const char *row) {
    char *end;
    if (strtoull(row, &end, 10) != point + 1 || *end != ',')
        return false;
    for (size_t c = 0; c < t->n_columns; c++) {
        const size_t width = strcspn(row, ",");
        if (!sweep_table_is_text(t->columns[c]) && !is_number(row, width))
            return false;
        row += width;
        if (*row == (c + 1 < t->n_columns ? ',' : '\0'))
            row++;
        else
            return false;
    }
    return true;
}

bool sweep_table_add(table *t, const char *row) {
    double *cells = table_row(t);
    char *copy = strdup(row), *cell = copy;
    for (size_t c = 0; c < t->n_columns && cells && cell; c++) {
        char *next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        if (sweep_table_is_text(t->columns[c]))
            table_set_text(t, t->n_rows - 1, c, cell);
        else
            cells[c] = strtod(cell, NULL);
        cell = next;
    }
    free(copy);
    return copy && cells && !t->failed;
}

size_t sweep_table_swept(const table *t) {
    static const char key[] = "swept: ";
    for (size_t k = 0; k < t->n_notes; k++)
        if (strncmp(t->notes[k], key, sizeof key - 1) == 0) {
            size_t count = 1;
            for (const char *c = t->notes[k]; *c; c++)
                count += *c == ',';
            return count;
        }
    return 0;
}

int sweep_table_write(const options *parsed, const table *t) {
    output_set set = {0};
    int result = result_begin(&set, parsed, t);
    if (result < 0)
        result = sweep_plot_draw(parsed, t, &set);
    return result_end(&set, parsed, result);
}

int sweep_table_conclude(const options *parsed, const table *t) {
    size_t failed = 0, first = 0;
    const size_t status = t->n_columns - 2;
    for (size_t r = 0; r < t->n_rows; r++)
        if (strcmp(t->texts[r * t->n_columns + status], "ok") != 0 && failed++ == 0)
            first = r;
    if (failed == 0)
        return EXIT_DONE;
    return failure(parsed, "%zu of %zu points failed; the first is point %.0f: %s", failed,
                   t->n_rows, t->cells[first * t->n_columns],
                   t->texts[first * t->n_columns + status + 1]);
}
