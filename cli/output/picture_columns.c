// SPDX-License-Identifier: GPL-3.0-or-later
/* Which columns of a table a picture shows, and as what. */
#include "base/number.h"
#include "cli/output/picture_internal.h"

#include <string.h>

/* What was not given is not refused as if it had been. */
ordpar_status picture_ask_for(const char *setting, const char *usual, const ordpar_table *t,
                              ordpar_error *err) {
    char names[304];
    expression_columns(t, names, sizeof names);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%s: has to be given, as there is no column %s; there are %s", setting,
                       usual, names);
}

/* "" or "_2" behind the name, which is that of all or of a task; NULL: it is another name. */
static const char *task_of(const char *name, const char *all) {
    const size_t width = strlen(all);
    if (strncmp(name, all, width) != 0)
        return NULL;
    const char *task = name + width;
    return !*task || (*task == '_' && task[1] && !task[1 + strspn(task + 1, "0123456789")]) ? task
                                                                                            : NULL;
}

/* The same of a column that is an error; NULL: it is none. */
static const char *error_task(const char *name) {
    static const char *const errors[] = {"eps_g", "theory", "mean"};
    const char *task = NULL;
    for (size_t k = 0; k < 3 && !task; k++)
        task = task_of(name, errors[k]);
    return task;
}

/* True for an expression of an error that the table has not. */
static bool wants_error(const ordpar_table *t, const char *text) {
    size_t unused;
    while (*text) {
        const size_t width = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "_0123456789");
        char name[ORDPAR_COLUMN_SIZE];
        ordpar_format(name, sizeof name, "%.*s", (int)width, text);
        if (width > 0 && error_task(name) && !ordpar_table_find_column(t, name, &unused))
            return true;
        text += width + (width == 0);
    }
    return false;
}

/* The standard error of a column, as stderr of mean, stderr_2 of mean_2 or escape_rate_stderr. */
static bool find_stderr(const ordpar_table *t, const char *name, size_t *column) {
    char error[ORDPAR_COLUMN_SIZE];
    const char *task = task_of(name, "mean");
    ordpar_format(error, sizeof error, task ? "stderr%s" : "%s_stderr", task ? task : name);
    return ordpar_table_find_column(t, error, column);
}

static bool uses_theory(const picture_choice *c, const expression *e) {
    for (size_t k = 0; k < c->t->n_columns; k++)
        if (task_of(c->t->columns[k], "theory") && expression_uses(e, k))
            return true;
    return false;
}

static ordpar_status add_column(const char *name, bool swept, picture_choice *c,
                                ordpar_error *err) {
    size_t mean;
    if (c->n_columns == PICTURE_COLUMNS)
        return ordpar_fail(err, ORDPAR_INVALID, "column: at most %d", PICTURE_COLUMNS);
    picture_column *column = &c->columns[c->n_columns];
    const ordpar_status status = expression_read("column", name, c->t, &column->y, err);
    if (status)
        return status;
    column->role = swept ? PICTURE_SWEPT : PICTURE_THEORY;
    if (ordpar_table_find_column(c->t, "mean", &mean) && !swept && !uses_theory(c, &column->y))
        column->role = PICTURE_SIMULATION;
    column->is_error = error_task(name) != NULL;
    column->is_told = column->is_error && !*error_task(name);
    column->has_stderr = find_stderr(c->t, name, &column->stderr_column);
    c->n_columns++;
    return ORDPAR_OK;
}

static bool is_prediction(const picture_choice *c, const expression *e) {
    for (size_t k = 0; k < c->t->n_columns; k++)
        if (strstr(c->t->columns[k], "_predicted") && expression_uses(e, k))
            return true;
    return false;
}

/* True for the column of that name, or of a task's. */
static bool is_of(const picture_choice *c, size_t k, const char *all) {
    const expression *y = &c->columns[k].y;
    return y->count == 1 && y->items[0].kind == 'c' &&
           task_of(c->t->columns[y->items[0].column], all);
}

/* Theory beside simulations of a sweep, as of curves: lines, and points with their errors. */
static bool pair_errors(picture_choice *c) {
    bool theory = false, mean = false;
    for (size_t k = 0; k < c->n_columns; k++) {
        theory = theory || is_of(c, k, "theory");
        mean = mean || is_of(c, k, "mean");
    }
    for (size_t k = 0; k < c->n_columns && theory && mean; k++)
        if (is_of(c, k, "theory") || is_of(c, k, "mean"))
            c->columns[k].role = is_of(c, k, "mean") ? PICTURE_SIMULATION : PICTURE_THEORY;
    return theory && mean;
}

/* A prediction beside what is measured of a sweep: a line and points of one colour. */
static void pair_columns(picture_choice *c) {
    picture_column *columns = c->columns;
    if (pair_errors(c) || c->n_columns != 2 || columns[0].role != PICTURE_SWEPT ||
        is_prediction(c, &columns[0].y) == is_prediction(c, &columns[1].y))
        return;
    if (is_prediction(c, &columns[1].y)) {
        const picture_column measured = columns[0];
        columns[0] = columns[1];
        columns[1] = measured;
    }
    columns[0].role = PICTURE_THEORY;
    columns[1].role = PICTURE_MEASURED;
    columns[0].is_told = columns[1].is_told = true;
    memcpy(columns[0].y.label, columns[1].y.label, sizeof columns[0].y.label);
}

/* What is drawn of a file unless the user says. */
static const char *usual_columns(const ordpar_table *t) {
    size_t unused;
    if (ordpar_table_find_column(t, "eps_g", &unused))
        return "eps_g";
    if (ordpar_table_find_column(t, "theory", &unused))
        return "theory,mean";
    const bool is_schedule = ordpar_table_find_column(t, "eta", &unused) &&
                             !ordpar_table_find_column(t, "mean", &unused);
    return is_schedule ? "eta" : "mean";
}

/* Where the first of names with commas between ends; the name of a column may have commas in it. */
static size_t name_width(const ordpar_table *t, const char *names) {
    size_t column, end = strlen(names);
    const size_t first = strcspn(names, ",");
    char name[ORDPAR_COLUMN_SIZE];
    for (; end > first; end--) {
        if (end >= sizeof name || (names[end] && names[end] != ','))
            continue;
        ordpar_format(name, sizeof name, "%.*s", (int)end, names);
        if (ordpar_table_find_column(t, name, &column))
            break;
    }
    return end;
}

/* True for an expression that another source has the columns of. */
static bool has_elsewhere(const picture_source *sources, size_t count, const char *name) {
    expression unused;
    ordpar_error reason;
    for (size_t k = 0; k < count; k++)
        if (!expression_read("column", name, sources[k].t, &unused, &reason))
            return true;
    return false;
}

/* Of a source that has other columns; a file of theory has no column mean, and one of a simulation
 * no eps_g, without a word. */
static void note_missing(picture_choice *c, const char *name) {
    const size_t used = strlen(c->missing);
    if (!wants_error(c->t, name))
        ordpar_format(c->missing + used, sizeof c->missing - used, "%s%s", used ? ", " : "", name);
}

/* Each name is that of a column of some source; of what a source has is drawn. Of errors one will
 * do, and of expressions of them. */
ordpar_status picture_choose_columns(const options *parsed, const picture_source *sources,
                                     size_t count, bool swept, picture_choice *c,
                                     ordpar_error *err) {
    const char *names = parsed->histogram ? parsed->histogram : parsed->column;
    ordpar_status status = ORDPAR_OK;
    bool skipped = false;
    if (!names)
        names = usual_columns(c->t);
    while (*names && !status) {
        char name[256];
        const size_t width = name_width(c->t, names);
        ordpar_format(name, sizeof name, "%.*s", (int)width, names);
        names += width + (names[width] == ',');
        status = add_column(name, swept, c, err);
        if (status == ORDPAR_INVALID && c->n_columns < PICTURE_COLUMNS &&
            ((wants_error(c->t, name) && (*names || c->n_columns > 0)) ||
             has_elsewhere(sources, count, name))) {
            note_missing(c, name);
            skipped = true;
            status = ORDPAR_OK;
        }
    }
    pair_columns(c);
    if (!status && c->n_columns == 0 && skipped)
        status = ORDPAR_INVALID; /* err says of which */
    else if (!status && c->n_columns == 0)
        status = add_column("eps_g", swept, c, err);
    return status == ORDPAR_INVALID && !parsed->histogram && !parsed->column
               ? picture_ask_for("column", "eps_g, theory or mean", c->t, err)
               : status;
}
