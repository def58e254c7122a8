// SPDX-License-Identifier: GPL-3.0-or-later
/* Which rows of a table belong to a line. */
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"

#include <math.h>
#include <string.h>

bool picture_same_line(const picture_choice *c, size_t a, size_t b) {
    const size_t width = c->t->n_columns;
    for (size_t k = 0; k < width; k++)
        if (c->splits[k] && !result_same_cell(c->t, a * width + k, b * width + k))
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

/* The first row whose alpha, times sign, is not above that of the row before in its line; n_rows:
 * none. level: that it stays counts, too. */
static size_t find_return(const picture_choice *c, size_t alpha, double sign, bool level) {
    const ordpar_table *t = c->t;
    double last[PICTURE_LINES];
    for (size_t r = 0; r < t->n_rows; r++) {
        const double here = sign * t->cells[r * t->n_columns + alpha];
        const size_t line = line_of(c, r) - 1;
        if (c->first[line] < r && (here < last[line] || (level && here == last[line])))
            return r;
        last[line] = here;
    }
    return t->n_rows;
}

/* What is shown alone; a setting by which something is scaled still tells curves apart. */
static bool is_drawn(const picture_choice *c, size_t column) {
    const char *name = c->t->columns[column];
    bool drawn = picture_is_column(c->t, &c->x, name);
    for (size_t k = 0; k < c->n_columns; k++)
        drawn = drawn || picture_is_column(c->t, &c->columns[k].y, name);
    return drawn;
}

/* The sign with which alpha rises in most rows: curves may be saved backwards. */
static double direction(const ordpar_table *t, size_t alpha) {
    size_t rises = 0, falls = 0;
    for (size_t r = 1; r < t->n_rows; r++) {
        const double *cell = t->cells + r * t->n_columns + alpha;
        rises += *cell > *(cell - t->n_columns);
        falls += *cell < *(cell - t->n_columns);
    }
    return falls > rises ? -1 : 1;
}

/* Whether a column changes where alpha, times sign, goes back, and nowhere else. */
static bool changes_with_curves(const ordpar_table *t, size_t alpha, double sign, size_t column) {
    bool changes = false, within = false;
    for (size_t r = 1; r < t->n_rows; r++) {
        const size_t cell = r * t->n_columns, before = cell - t->n_columns;
        const bool is_other = !result_same_cell(t, cell + column, before + column);
        const bool goes_back = sign * t->cells[cell + alpha] < sign * t->cells[before + alpha];
        changes = changes || (is_other && goes_back);
        within = within || (is_other && !goes_back);
    }
    return changes && !within;
}

/* The rows of one alpha, where a line has the most and the least of them. */
typedef struct {
    size_t most, least;
} crowd;

static void count_in(crowd *rows, size_t count) {
    rows->most = count > rows->most ? count : rows->most;
    rows->least = rows->least == 0 || count < rows->least ? count : rows->least;
}

/* Of a line that is sorted by alpha, up or down. */
static crowd rows_of_one_alpha(const picture_choice *c, size_t line, size_t alpha) {
    const ordpar_table *t = c->t;
    crowd rows = {0};
    size_t here = 0;
    double last = NAN;
    for (size_t r = 0; r < t->n_rows; r++) {
        const double value = t->cells[r * t->n_columns + alpha];
        if (!picture_same_line(c, c->first[line], r))
            continue;
        if (here > 0 && value != last)
            count_in(&rows, here);
        here = value == last ? here + 1 : 1;
        last = value;
    }
    count_in(&rows, here);
    return rows;
}

/* Whether a column of a table sorted by alpha has a value for each of the curves, which are so many
 * rows of one alpha, or for each of a part of them. */
static bool numbers_curves(const ordpar_table *t, size_t column, size_t curves) {
    size_t first[PICTURE_LINES], count = 0;
    for (size_t r = 0; r < t->n_rows && curves > 1 && curves <= PICTURE_LINES; r++) {
        size_t k = 0;
        while (k < count &&
               !result_same_cell(t, first[k] * t->n_columns + column, r * t->n_columns + column))
            k++;
        if (k == curves) /* something measured */
            return false;
        if (k == count)
            first[count++] = r;
    }
    return count > 1 && curves % count == 0;
}

/* Several curves in a file whose notes are lost, as in those that pandas writes, below each other
 * or sorted by alpha: settings that are not drawn, and what changes from curve to curve. */
static void guess_lines(picture_choice *c, size_t alpha) {
    const ordpar_table *t = c->t;
    const bool sorted = find_return(c, alpha, 1, false) == t->n_rows ||
                        find_return(c, alpha, -1, false) == t->n_rows;
    const double sign = direction(t, alpha);
    const size_t curves = sorted ? rows_of_one_alpha(c, 0, alpha).most : 1;
    for (size_t k = 0; k < t->n_columns; k++)
        c->splits[k] =
            k != alpha && !is_drawn(c, k) &&
            (changes_with_curves(t, alpha, sign, k) || numbers_curves(t, k, curves) ||
             (ordpar_setting_find(&ordpar_model_settings, t->columns[k]) && result_varies(t, k)));
}

/* Curves that were sorted by alpha; one of a schedule that jumps has its ends once. */
static bool are_joined(const picture_choice *c, size_t alpha) {
    for (size_t line = 0; line < c->n_lines; line++)
        if (rows_of_one_alpha(c, line, alpha).least > 1)
            return true;
    return false;
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
    if (status || told || find_return(c, alpha, 1, true) == c->t->n_rows)
        return status;
    guess_lines(c, alpha);
    c->n_lines = 0;
    if ((status = picture_find_lines(c, err)) || !has_lines(c))
        return status;
    const size_t row = find_return(c, alpha, 1, false);
    if (row < c->t->n_rows && find_return(c, alpha, -1, false) < c->t->n_rows)
        return ordpar_fail(
            err, ORDPAR_INVALID,
            "alpha goes back in row %zu, and no column of a setting tells curves apart", row + 1);
    return are_joined(c, alpha)
               ? ordpar_fail(err, ORDPAR_INVALID,
                             "each alpha stands in several rows, and no column of a setting tells "
                             "curves apart")
               : ORDPAR_OK;
}
