// SPDX-License-Identifier: GPL-3.0-or-later
/* Which columns of a table a picture shows, and which rows belong to a line. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"
#include "model/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "K=M (3), L (6)"; axes without their columns do not count. */
static size_t read_axes(const ordpar_table *t, picture_axis axes[PICTURE_AXES]) {
    const ordpar_fact *swept = ordpar_table_find_fact(t, "swept");
    size_t count = 0;
    for (const char *c = swept ? swept->text : ""; *c && count < PICTURE_AXES;) {
        picture_axis *a = &axes[count];
        *a = (picture_axis){.width = 0};
        while (*c && *c != '(') {
            char name[ORDPAR_COLUMN_SIZE];
            const size_t width = strcspn(c, "= (");
            ordpar_format(name, sizeof name, "%.*s", (int)width, c);
            if (a->width < PICTURE_JOINT &&
                ordpar_table_find_column(t, name, &a->columns[a->width]))
                a->width++;
            c += width + (c[width] == '=' || c[width] == ' ');
        }
        a->values = *c ? strtoull(c + 1, NULL, 10) : 0;
        count += a->width > 0;
        c += strcspn(c, ",");
        c += strspn(c, ", ");
    }
    return count;
}

bool picture_uses_axis(const expression *e, const picture_axis *a) {
    for (size_t k = 0; k < a->width; k++)
        if (expression_uses(e, a->columns[k]))
            return true;
    return false;
}

/* The axis of numbers with the most values, of those that x uses, if it uses any; n_axes: none. */
static size_t longest_axis(const picture_choice *c, const picture_axis *axes, size_t n_axes,
                           bool of_x) {
    size_t best = n_axes;
    for (size_t a = 0; a < n_axes; a++)
        if (!result_has_words(c->t, axes[a].columns[0]) &&
            (!of_x || picture_uses_axis(&c->x, &axes[a])) &&
            (best == n_axes || axes[a].values > axes[best].values))
            best = a;
    return best;
}

/* What was not given is not refused as if it had been. */
static ordpar_status ask_for(const char *setting, const char *usual, const ordpar_table *t,
                             ordpar_error *err) {
    char names[304];
    expression_columns(t, names, sizeof names);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "%s: has to be given, as there is no column %s; there are %s", setting,
                       usual, names);
}

/* Of axes that are none of numbers for words among their numbers. */
static ordpar_status refuse_words(const ordpar_table *t, const picture_axis *axes, size_t n_axes,
                                  ordpar_error *err) {
    ordpar_status status = ORDPAR_OK;
    expression unused;
    for (size_t a = 0; a < n_axes && !status; a++)
        if ((status = expression_read("x", t->columns[axes[a].columns[0]], t, &unused, err)) !=
            ORDPAR_PARSE)
            status = ORDPAR_OK;
    return status;
}

static ordpar_status choose_x(const options *parsed, const picture_axis *axes, size_t n_axes,
                              bool runs, picture_choice *c, ordpar_error *err) {
    const char *name = parsed->histogram ? parsed->histogram : parsed->x;
    size_t unused;
    ordpar_status status;
    const bool given = name;
    if (!name && ordpar_table_find_column(c->t, "compute", &unused)) /* each row its own network */
        name = "compute";
    if (!name && ordpar_table_find_column(c->t, "alpha", &unused) && runs)
        name = "alpha";
    if (!name && n_axes > 0) {
        const size_t longest = longest_axis(c, axes, n_axes, false);
        if (longest == n_axes && (status = refuse_words(c->t, axes, n_axes, err)))
            return status;
        if (longest == n_axes)
            return ordpar_fail(err, ORDPAR_INVALID,
                               "plot: no number is swept that could be its axis");
        name = c->t->columns[axes[longest].columns[0]];
    }
    c->against = given ? NULL : name ? name : "alpha";
    status = expression_read(parsed->histogram ? "histogram" : "x", name ? name : "alpha", c->t,
                             &c->x, err);
    return status == ORDPAR_INVALID && !name ? ask_for("x", "alpha", c->t, err) : status;
}

/* Of settings that share their values all are named, as K = M. */
static void name_joint(picture_choice *c, const picture_axis *axis) {
    size_t used = 0;
    for (size_t k = 0; k < axis->width && axis->width > 1 && used < sizeof c->x.label; k++) {
        char symbol[64];
        ordpar_symbol_short(c->t->columns[axis->columns[k]], symbol, sizeof symbol);
        used += (size_t)ordpar_format(c->x.label + used, sizeof c->x.label - used, "%s%s",
                                      k ? " = " : "", symbol);
    }
}

/* Settings that are swept make lines, except the one along which a line runs; those that are
 * guessed do where they tell its rows apart. Curves run along alpha, unless they are drawn against
 * a setting: then each alpha makes lines. */
static ordpar_status choose_lines(picture_choice *c, const picture_axis *axes, size_t n_axes,
                                  bool runs, bool guessed, bool histogram, ordpar_error *err) {
    size_t alpha = 0, points = 1, lines = 1;
    if (!ordpar_table_find_column(c->t, "compute", &alpha)) /* a frontier's */
        (void)ordpar_table_find_column(c->t, "alpha", &alpha);
    const bool over_alpha = runs && expression_uses(&c->x, alpha);
    size_t along = over_alpha ? n_axes : longest_axis(c, axes, n_axes, !histogram);
    if (along == n_axes && !runs)
        along = longest_axis(c, axes, n_axes, false);
    if (along < n_axes && c->x.count == 1 && picture_uses_axis(&c->x, &axes[along]))
        name_joint(c, &axes[along]);
    c->along = along < n_axes ? c->t->columns[axes[along].columns[0]] : NULL;
    c->splits = calloc(c->t->n_columns, sizeof *c->splits);
    if (!c->splits)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    c->over_alpha = runs && !c->along;
    c->place = c->over_alpha ? alpha : along < n_axes ? axes[along].columns[0] : c->t->n_columns;
    const bool of_alpha = runs && c->along;
    c->splits[alpha] = of_alpha;
    if (guessed && c->place < c->t->n_columns)
        return ORDPAR_OK;
    for (size_t a = 0; a < n_axes; a++) {
        for (size_t k = 0; k < axes[a].width; k++)
            c->splits[axes[a].columns[k]] = a != along;
        points *= axes[a].values;
        lines *= a == along ? 1 : axes[a].values;
    }
    lines *= of_alpha ? (c->t->n_rows + points - 1) / points : 1;
    return lines <= PICTURE_LINES / 2
               ? ORDPAR_OK
               : ordpar_fail(err, ORDPAR_INVALID,
                             "plot: %zu lines, one for each combination of %sthe swept settings "
                             "beside %s, are more than %d",
                             lines, of_alpha ? "alpha and " : "", c->along ? c->along : "alpha",
                             PICTURE_LINES / 2);
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

/* A file of theory has no column mean, and one of a simulation no eps_g: one of those will do, and
 * of expressions of them. */
static ordpar_status choose_columns(const options *parsed, bool swept, picture_choice *c,
                                    ordpar_error *err) {
    const char *names = parsed->histogram ? parsed->histogram : parsed->column;
    ordpar_status status = ORDPAR_OK;
    if (!names)
        names = usual_columns(c->t);
    while (*names && !status) {
        char name[256];
        const size_t width = name_width(c->t, names);
        ordpar_format(name, sizeof name, "%.*s", (int)width, names);
        names += width + (names[width] == ',');
        status = add_column(name, swept, c, err);
        if (status == ORDPAR_INVALID && wants_error(c->t, name) && (*names || c->n_columns > 0))
            status = ORDPAR_OK;
    }
    pair_columns(c);
    if (!status && c->n_columns == 0)
        status = add_column("eps_g", swept, c, err);
    return status == ORDPAR_INVALID && !parsed->histogram && !parsed->column
               ? ask_for("column", "eps_g, theory or mean", c->t, err)
               : status;
}

/* Rows of several alpha of one curve are no several starts. */
static ordpar_status check_starts(const options *parsed, const picture_choice *c, size_t alpha,
                                  ordpar_error *err) {
    const bool several = c->t->n_rows > 0 ? result_varies(c->t, alpha)
                                          : parsed->model && parsed->model->value.alpha.count > 1;
    if (!parsed->histogram || !several || expression_uses(&c->x, alpha))
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "histogram: counts the rows of several alpha as starts; need those of one");
}

ordpar_status picture_choose(const options *parsed, const picture_source *source, picture_choice *c,
                             ordpar_error *err) {
    picture_axis axes[PICTURE_AXES];
    size_t alpha;
    *c =
        (picture_choice){.t = source->t, .path = source->path, .is_law = picture_is_law(source->t)};
    if (c->is_law)
        return picture_check_law(parsed, err);
    const bool runs = ordpar_table_find_column(c->t, "alpha", &alpha) && !result_is_sweep(c->t);
    size_t n_axes = read_axes(c->t, axes);
    const bool guessed = n_axes == 0;
    if (guessed)
        n_axes = picture_guess_axes(parsed, c->t, runs, axes);
    const bool is_swept = n_axes > 0 && !runs && picture_is_swept(c->t, guessed);
    ordpar_status status;
    if ((status = choose_x(parsed, axes, n_axes, runs, c, err)) ||
        (status = choose_columns(parsed, is_swept, c, err)) ||
        (runs && n_axes > 0 && (status = check_starts(parsed, c, alpha, err))) ||
        (status = choose_lines(c, axes, n_axes, runs && !parsed->histogram, guessed,
                               parsed->histogram, err)))
        return status;
    if (runs && parsed->histogram) /* all alpha of a curve */
        c->place = c->t->n_columns;
    return picture_find_lines(c, err);
}

static bool reads_same(double x, double y, int digits) {
    char first[32], second[32];
    ordpar_format(first, sizeof first, "%.*g", digits, x);
    ordpar_format(second, sizeof second, "%.*g", digits, y);
    return strcmp(first, second) == 0;
}

/* As many digits as tell the lines' values in a column apart. */
static int digits_of(const picture_choice *c, size_t column) {
    enum { USUAL = 6, ALL = 17 };
    const double *cells = c->t->cells + column;
    int digits = USUAL;
    for (size_t a = 0; a < c->n_lines; a++)
        for (size_t b = 0; b < a; b++) {
            const double x = cells[c->first[a] * c->t->n_columns];
            const double y = cells[c->first[b] * c->t->n_columns];
            while ((x < y || x > y) && digits < ALL && reads_same(x, y, digits))
                digits++;
        }
    return digits;
}

/* Whether a column has the value of the next one in all lines. */
static bool run_together(const picture_choice *c, size_t column) {
    for (size_t k = 0; k < c->n_lines; k++) {
        const size_t cell = c->first[k] * c->t->n_columns + column;
        if (!result_same_cell(c->t, cell, cell + 1))
            return false;
    }
    return true;
}

/* Settings that share a value, as K = M = 2. */
void picture_name_line(const picture_choice *c, size_t row, char *text, size_t size) {
    const ordpar_table *t = c->t;
    size_t used = 0;
    *text = '\0';
    for (size_t k = 0; k < t->n_columns && used < size; k++) {
        const size_t cell = row * t->n_columns + k;
        char symbol[64], value[128], number[32];
        if (!c->splits[k])
            continue;
        ordpar_symbol_short(t->columns[k], symbol, sizeof symbol);
        if (isnan(t->cells[cell]))
            ordpar_format(number, sizeof number, "none");
        else
            ordpar_format(number, sizeof number, "%.*g", digits_of(c, k), t->cells[cell]);
        ordpar_symbol_value(t->columns[k], t->texts && t->texts[cell] ? t->texts[cell] : number,
                            value, sizeof value);
        const bool shares = k + 1 < t->n_columns && c->splits[k + 1] && run_together(c, k);
        const char *is = *symbol ? " = " : ""; /* an index may have no name */
        if (shares)
            used += (size_t)ordpar_format(text + used, size - used, "%s%s", symbol, is);
        else
            used += (size_t)ordpar_format(text + used, size - used, "%s%s%s, ", symbol, is, value);
    }
    if (used >= 2 && used < size)
        text[used - 2] = '\0';
}
