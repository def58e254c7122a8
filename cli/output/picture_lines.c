// SPDX-License-Identifier: GPL-3.0-or-later
/* Which rows of a table belong to a line. */
#include "cli/output/picture_internal.h"

#include <string.h>

bool picture_same_cell(const ordpar_table *t, size_t a, size_t b) {
    const char *x = t->texts ? t->texts[a] : NULL, *y = t->texts ? t->texts[b] : NULL;
    return x || y ? x && y && strcmp(x, y) == 0 : t->cells[a] == t->cells[b];
}

bool picture_same_line(const picture_choice *c, size_t a, size_t b) {
    const size_t width = c->t->n_columns;
    for (size_t k = 0; k < width; k++)
        if (c->splits[k] && !picture_same_cell(c->t, a * width + k, b * width + k))
            return false;
    return true;
}

/* The number of a row's line, from 1; 0: it begins one. The last first: rows of a line stand
 * together. */
static size_t line_of(const picture_choice *c, size_t row) {
    size_t line = c->n_lines;
    while (line > 0 && !picture_same_line(c, c->first[line - 1], row))
        line--;
    return line;
}

ordpar_status picture_find_lines(picture_choice *c, ordpar_error *err) {
    for (size_t r = 0; r < c->t->n_rows; r++) {
        if (line_of(c, r) > 0)
            continue;
        if (c->n_lines == PICTURE_LINES)
            return ordpar_fail(err, ORDPAR_INVALID, "plot: more than %d lines", PICTURE_LINES);
        c->first[c->n_lines++] = r;
    }
    return ORDPAR_OK;
}

/* The first row whose alpha is not above that of the row before in its line; n_rows: none. level:
 * that it stays counts, too. */
static size_t find_return(const picture_choice *c, size_t alpha, bool level) {
    const ordpar_table *t = c->t;
    double last[PICTURE_LINES];
    for (size_t r = 0; r < t->n_rows; r++) {
        const double here = t->cells[r * t->n_columns + alpha];
        const size_t line = line_of(c, r) - 1;
        if (c->first[line] < r && (here < last[line] || (level && here == last[line])))
            return r;
        last[line] = here;
    }
    return t->n_rows;
}

static bool is_drawn(const picture_choice *c, size_t column) {
    bool drawn = expression_uses(&c->x, column);
    for (size_t k = 0; k < c->n_columns; k++)
        drawn = drawn || expression_uses(&c->columns[k].y, column);
    return drawn;
}

/* Whether a column changes where alpha goes back, and nowhere else. */
static bool changes_with_curves(const ordpar_table *t, size_t alpha, size_t column) {
    bool changes = false, within = false;
    for (size_t r = 1; r < t->n_rows; r++) {
        const size_t cell = r * t->n_columns, before = cell - t->n_columns;
        const bool is_other = !picture_same_cell(t, cell + column, before + column);
        const bool goes_back = t->cells[cell + alpha] < t->cells[before + alpha];
        changes = changes || (is_other && goes_back);
        within = within || (is_other && !goes_back);
    }
    return changes && !within;
}

static bool varies(const ordpar_table *t, size_t column) {
    bool other = false;
    for (size_t r = 1; r < t->n_rows && !other; r++)
        other = !picture_same_cell(t, column, r * t->n_columns + column);
    return other;
}

/* Several curves in a file whose notes are lost, as in those that pandas writes, below each other
 * or sorted by alpha: settings that are not drawn, and what changes from curve to curve. */
static void guess_lines(picture_choice *c, size_t alpha) {
    const ordpar_table *t = c->t;
    for (size_t k = 0; k < t->n_columns; k++)
        c->splits[k] =
            !is_drawn(c, k) &&
            (changes_with_curves(t, alpha, k) ||
             (ordpar_setting_find(&ordpar_model_settings, t->columns[k]) && varies(t, k)));
}

static bool has_lines(const picture_choice *c) {
    bool has = false;
    for (size_t k = 0; k < c->n_columns; k++)
        has = has || c->columns[k].role == PICTURE_THEORY;
    return has;
}

/* Lines along alpha, of which each row is to be above the one before. */
ordpar_status picture_find_lines_along(picture_choice *c, size_t alpha, bool told,
                                       ordpar_error *err) {
    ordpar_status status = picture_find_lines(c, err);
    if (status || told || find_return(c, alpha, true) == c->t->n_rows)
        return status;
    guess_lines(c, alpha);
    c->n_lines = 0;
    if ((status = picture_find_lines(c, err)) || !has_lines(c))
        return status;
    const size_t row = find_return(c, alpha, false);
    if (row == c->t->n_rows)
        return ORDPAR_OK;
    return ordpar_fail(err, ORDPAR_INVALID,
                       "alpha goes back in row %zu, and no column of a setting tells curves apart",
                       row + 1);
}
