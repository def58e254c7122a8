// SPDX-License-Identifier: GPL-3.0-or-later
/* Several curves in one table, as curve -L 1,4,16. */
#include "cli/output/result.h"
#include "cli/sweep/sweep.h"

#include <stdlib.h>
#include <string.h>

/* Of a picture of all: what the titles of all have in common. */
static void join_titles(ordpar_table *t, const char *title) {
    char common[sizeof t->title] = "", *rest = t->title;
    for (char *word; (word = rest);) {
        const size_t width = strlen(word), length = strlen(common);
        rest = strstr(word, ", ");
        const size_t end = rest ? (size_t)(rest - word) : width;
        const char *found = title;
        while (found && !(strncmp(found, word, end) == 0 &&
                          (!found[end] || strncmp(found + end, ", ", 2) == 0))) {
            found = strstr(found, ", ");
            found = found ? found + 2 : NULL;
        }
        if (found)
            snprintf(common + length, sizeof common - length, "%s%.*s", length ? ", " : "",
                     (int)end, word);
        rest = rest ? rest + 2 : NULL;
    }
    memcpy(t->title, common, sizeof common);
}

static ordpar_status begin(const sweep_grid *g, const ordpar_table *curve, ordpar_table *t,
                           ordpar_error *err) {
    if (t->n_columns == 0) {
        sweep_table_swept_columns(g, t);
        for (size_t c = 0; c < curve->n_columns; c++)
            ordpar_table_column(t, "%s", curve->columns[c]);
        memcpy(t->title, curve->title, sizeof t->title);
    }
    const size_t swept = t->n_columns - curve->n_columns;
    bool same = t->n_columns > curve->n_columns;
    for (size_t c = 0; c < curve->n_columns && same; c++)
        same = strcmp(t->columns[swept + c], curve->columns[c]) == 0;
    return same ? ORDPAR_OK
                : ordpar_fail(err, ORDPAR_INVALID,
                              "moments: the curves have different columns, each needs a file");
}

/* All curves, as the first of them begins. */
typedef struct {
    const sweep_grid *g;
    ordpar_table *t;
    bool *refused; /* for what they are, not for what one of them is */
} joining;

static ordpar_status see(const ordpar_table *curve, const void *context, ordpar_error *err) {
    const joining *all = context;
    ordpar_status status = begin(all->g, curve, all->t, err);
    if (!status)
        status = ordpar_table_begun(all->t, err);
    *all->refused = status;
    return status;
}

/* Of the last row: a number, or words, which have no commas there. */
static void set_value(ordpar_table *t, size_t column, const sweep_option *option,
                      const char *value) {
    char text[400];
    size_t length = 0;
    if (!result_is_text(t->columns[column])) {
        t->cells[(t->n_rows - 1) * t->n_columns + column] = sweep_grid_number(option, value);
        return;
    }
    for (; value[length] && length + 1 < sizeof text; length++)
        text[length] = value[length] == ',' ? ';' : value[length];
    text[length] = '\0';
    ordpar_table_set_text(t, t->n_rows - 1, column, text);
}

static ordpar_status add(const sweep_grid *g, size_t point, const ordpar_table *curve,
                         ordpar_table *t, ordpar_error *err) {
    char key[500], where[400];
    const ordpar_status status = begin(g, curve, t, err);
    if (status)
        return status;
    sweep_grid_describe(g, point, where, sizeof where);
    const char *values = strchr(where, '(');
    for (size_t k = 0; k < curve->n_facts; k++) {
        snprintf(key, sizeof key, "%s %s", curve->facts[k].key, values ? values : "");
        ordpar_table_fact(t, key, curve->facts[k].value, "%s", curve->facts[k].text);
    }
    join_titles(t, curve->title);
    for (size_t r = 0; r < curve->n_rows; r++) {
        double *row = ordpar_table_row(t);
        for (size_t a = 0; row && a < g->n_axes; a++)
            set_value(t, a, &g->axes[a].options[0], sweep_grid_value(g, a, point));
        if (row)
            memcpy(row + g->n_axes, curve->cells + r * curve->n_columns,
                   curve->n_columns * sizeof *row);
    }
    return ordpar_table_check(t, err);
}

/* A point that fails so leaves the others as they are. */
static bool is_lost(ordpar_status status) {
    return status == ORDPAR_DIVERGED || status == ORDPAR_NUMERICAL;
}

static ordpar_status check_seen(const sweep_grid *g, ordpar_error *err) {
    return ordpar_seen_check(g->seen, err) ? ORDPAR_NUMERICAL : ORDPAR_OK;
}

static ordpar_status compute_point(const options *parsed, const sweep_grid *g, size_t point,
                                   sweep_computation compute, ordpar_table *t, ordpar_error *err) {
    ordpar_model *at;
    bool refused = false;
    const joining all = {g, t, &refused};
    ordpar_table curve = {.watch = {see, &all}};
    ordpar_status status = sweep_grid_model(g, parsed->model, point, &at, err);
    if (!status && !(status = check_seen(g, err)))
        status = compute(at, &curve, err);
    if (!status)
        status = check_seen(g, err);
    ordpar_error reason; /* rows before a failure are kept, too */
    ordpar_status added = ORDPAR_OK;
    if (!status || (curve.n_rows > 0 && ordpar_keeps_rows(at, status)))
        added = add(g, point, &curve, t, &reason);
    if (status && !refused)
        status = sweep_point_blame(g, point, status, err);
    if (added) {
        *err = reason;
        status = added;
    }
    ordpar_table_clear(&curve);
    ordpar_model_free(at);
    return status;
}

static void note_lost(const sweep_grid *g, size_t point, const char *message, ordpar_table *t) {
    char key[420], where[400];
    sweep_grid_describe(g, point, where, sizeof where);
    const char *values = strchr(where, '(');
    snprintf(key, sizeof key, "failed %s", values ? values : "");
    ordpar_table_note(t, key, "%s", message);
}

static ordpar_status compute_all(const options *parsed, const sweep_grid *g,
                                 sweep_computation compute, ordpar_table *t, ordpar_error *err) {
    size_t k = 0, lost = 0;
    ordpar_status status = ORDPAR_OK, first = ORDPAR_OK;
    ordpar_error reason, now;
    for (; k < g->n_points && !status; k++) {
        status = compute_point(parsed, g, k, compute, t, &now);
        if (!is_lost(status))
            continue;
        note_lost(g, k, now.message, t);
        if (lost++ == 0) {
            first = status;
            reason = now;
        }
        status = ORDPAR_OK;
    }
    if (status == ORDPAR_INTERRUPTED)
        ordpar_table_note(t, "partial", "%zu of %zu curves were complete", k - 1 - lost,
                          g->n_points);
    if (status)
        return ordpar_fail(err, status, "%s", now.message);
    if (lost && output_dry)
        return ordpar_fail(err, first, "%s", reason.message);
    return lost ? ordpar_fail(err, first, "%.400s; %zu of %zu curves were complete%s",
                              reason.message, g->n_points - lost, g->n_points,
                              lost < g->n_points ? " and are written" : "")
                : ORDPAR_OK;
}

ordpar_status sweep_curves(const options *parsed, sweep_computation compute, ordpar_table *t,
                           ordpar_error *err) {
    static const char door[] = "sweep: ";
    sweep_grid g;
    ordpar_status status = sweep_grid_parse(&parsed->sweep, parsed->model, &g, err);
    if (status && strncmp(err->message, door, strlen(door)) == 0)
        memmove(err->message, err->message + strlen(door), strlen(err->message + strlen(door)) + 1);
    if (!status && !(status = sweep_table_check_files(parsed, &g, err)))
        sweep_table_note_swept(&g, t);
    if (!status)
        status = compute_all(parsed, &g, compute, t, err);
    sweep_grid_clear(&g);
    return status;
}
