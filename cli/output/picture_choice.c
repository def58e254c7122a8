// SPDX-License-Identifier: GPL-3.0-or-later
/* Which columns of a table a picture shows, and which rows belong to a line. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"
#include "model/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As many as the rows that are there have of them: a table may hold a part. Above those of which
 * each can make a line what the note says. */
static size_t count_values(const ordpar_table *t, const picture_axis *a) {
    if (t->n_rows == 0)
        return a->values;
    const size_t count = result_count_values(t, a->columns[0], PICTURE_LINES);
    return count > PICTURE_LINES && a->values > count ? a->values : count;
}

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
        if (a->width > 0)
            a->values = count_values(t, a);
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
    return status == ORDPAR_INVALID && !name ? picture_ask_for("x", "alpha", c->t, err) : status;
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

ordpar_status picture_choose(const options *parsed, const picture_source *sources, size_t count,
                             size_t which, picture_choice *c, ordpar_error *err) {
    const picture_source *source = &sources[which];
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
        (status = picture_choose_columns(parsed, sources, count, is_swept, c, err)) ||
        (runs && n_axes > 0 && (status = check_starts(parsed, c, alpha, err))) ||
        (status = choose_lines(c, axes, n_axes, runs && !parsed->histogram, guessed,
                               parsed->histogram, err)))
        return status;
    picture_read_start(c);
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

enum { VALUE = ORDPAR_FILE_NAME };

/* Of files as much as tells those of the lines apart. */
static bool name_file(const picture_choice *c, const char *path, size_t column, char value[VALUE]) {
    const char *name = c->t->columns[column], *paths[PICTURE_LINES];
    const ordpar_setting *row = ordpar_setting_find(&ordpar_model_settings, name);
    ordpar_error unused;
    if (!row || !path || !ordpar_setting_names_file(name, path) ||
        !(row->kind == ORDPAR_KIND_FILE || row->kind == ORDPAR_KIND_FILES))
        return false;
    for (size_t k = 0; k < c->n_lines; k++)
        paths[k] = c->t->texts[c->first[k] * c->t->n_columns + column];
    return !picture_file_names(name, path, paths, c->n_lines, value, &unused);
}

/* The value in a cell of a column. */
static void name_value(const picture_choice *c, size_t cell, size_t column, char value[VALUE]) {
    const char *words = c->t->texts ? c->t->texts[cell] : NULL;
    char number[32];
    if (name_file(c, words, column, value))
        return;
    if (isnan(c->t->cells[cell]))
        ordpar_format(number, sizeof number, "none");
    else
        ordpar_format(number, sizeof number, "%.*g", digits_of(c, column), c->t->cells[cell]);
    ordpar_symbol_value(c->t->columns[column], words ? words : number, value, VALUE);
}

/* Settings that share a value, as K = M = 2. */
void picture_name_line(const picture_choice *c, size_t row, char *text, size_t size) {
    const ordpar_table *t = c->t;
    size_t used = 0;
    *text = '\0';
    for (size_t k = 0; k < t->n_columns && used < size; k++) {
        const size_t cell = row * t->n_columns + k;
        char symbol[64], value[VALUE];
        if (!c->splits[k])
            continue;
        ordpar_symbol_short(t->columns[k], symbol, sizeof symbol);
        name_value(c, cell, k, value);
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
