// SPDX-License-Identifier: GPL-3.0-or-later
/* Which rows of a table belong to a line, and which that are drawn would be none. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"

#include <math.h>
#include <stdlib.h>

bool picture_same_line(const picture_choice *c, size_t a, size_t b) {
    const size_t width = c->t->n_columns;
    for (size_t k = 0; k < width; k++)
        if (c->splits[k] && !result_same_cell(c->t, a * width + k, b * width + k))
            return false;
    return true;
}

/* The last first: rows of a line stand together. */
size_t picture_line_of(const picture_choice *c, size_t row) {
    size_t line = c->n_lines;
    while (line > 0 && !picture_same_line(c, c->first[line - 1], row))
        line--;
    return line;
}

static ordpar_status too_many(const picture_choice *c, ordpar_error *err) {
    char names[200] = "";
    size_t used = 0;
    for (size_t k = 0; k < c->t->n_columns && used < sizeof names; k++)
        if (c->splits[k])
            used += (size_t)ordpar_format(names + used, sizeof names - used, "%s%s",
                                          used ? " and " : "", c->t->columns[k]);
    return ordpar_fail(err, ORDPAR_INVALID,
                       "plot: more than %d lines, one for each combination of %s", PICTURE_LINES,
                       names);
}

static ordpar_status find_lines(picture_choice *c, ordpar_error *err) {
    c->n_lines = 0;
    for (size_t r = 0; r < c->t->n_rows; r++) {
        if (picture_line_of(c, r) > 0)
            continue;
        if (c->n_lines == PICTURE_LINES)
            return too_many(c, err);
        c->first[c->n_lines++] = r;
    }
    return ORDPAR_OK;
}

/* Along alpha each row is to be above the one before, or each below it; along a setting, where rows
 * are sorted before they are drawn, each is to have its own place. */
static bool are_lines(const picture_choice *c, const picture_places *p) {
    return c->over_alpha ? picture_find_return(c, p, true) == c->t->n_rows
                         : picture_count_crowd(c, p, c->n_lines).most == 1;
}

/* Splits lines by what tells them apart, of quantities by one; *told: there is something. */
static ordpar_status split(picture_choice *c, picture_places *p, picture_telling kind, bool *told,
                           ordpar_error *err) {
    *told = false;
    for (size_t k = 0; k < c->t->n_columns && !(*told && kind == PICTURE_QUANTITY); k++)
        if (picture_tells(c, p, kind, k))
            *told = c->splits[k] = true;
    if (!*told)
        return ORDPAR_OK;
    picture_clear_places(p);
    const ordpar_status status = find_lines(c, err);
    return status ? status : picture_place_rows(c, p, err);
}

bool picture_is_line(const picture_column *column) {
    return column->role == PICTURE_THEORY || column->role == PICTURE_SWEPT;
}

/* Curves that were sorted by alpha; one of a schedule that jumps has its ends once. */
static bool are_joined(const picture_choice *c, const picture_places *p) {
    for (size_t line = 0; line < c->n_lines; line++)
        if (picture_count_crowd(c, p, line).least > 1)
            return true;
    return false;
}

static ordpar_status refuse_returns(const picture_choice *c, const picture_places *p,
                                    ordpar_error *err) {
    bool lines = false;
    for (size_t k = 0; k < c->n_columns; k++)
        lines = lines || picture_is_line(&c->columns[k]);
    const size_t row = picture_find_return(c, p, false);
    if (lines && row < c->t->n_rows)
        return ordpar_fail(err, ORDPAR_INVALID,
                           "%s goes back in row %zu, and no column of a setting tells curves apart",
                           c->t->columns[c->place], row + 1);
    return lines && are_joined(c, p)
               ? ordpar_fail(err, ORDPAR_INVALID,
                             "each alpha stands in several rows, and no column of a setting tells "
                             "curves apart")
               : ORDPAR_OK;
}

/* True if two points of a line have one place. */
static bool has_fork(const picture_choice *c, const picture_column *column, size_t line,
                     picture_point *points, double *x) {
    const size_t count = picture_collect(c, column, line, points);
    const picture_point *last = NULL;
    for (size_t k = 0; k < count; k++) {
        const picture_point *p = &points[k];
        if (isnan(p->y))
            continue;
        *x = p->x;
        if (last && last->x == p->x && last->y != p->y)
            return true;
        last = p;
    }
    return false;
}

static ordpar_status refuse_forks(const picture_choice *c, ordpar_error *err) {
    picture_point *points = NULL;
    ordpar_status status = ORDPAR_OK;
    double x = 0;
    if (!picture_is_column(c->t, &c->x, c->along))
        return ORDPAR_OK;
    if (!(points = malloc((c->t->n_rows + 1) * sizeof *points)))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t k = 0; k < c->n_columns && !status; k++)
        for (size_t line = 0; line < c->n_lines && !status; line++)
            if (picture_is_line(&c->columns[k]) && has_fork(c, &c->columns[k], line, points, &x))
                status =
                    ordpar_fail(err, ORDPAR_INVALID,
                                "%s = %.10g stands in several rows, and no column of a setting "
                                "tells curves apart",
                                c->along, x);
    free(points);
    return status;
}

ordpar_status picture_find_lines(picture_choice *c, ordpar_error *err) {
    picture_places p = {0};
    ordpar_status status = find_lines(c, err);
    if (status || c->place == c->t->n_columns)
        return status;
    status = picture_place_rows(c, &p, err);
    for (picture_telling kind = PICTURE_SETTING; !status && !are_lines(c, &p);) {
        bool told;
        status = split(c, &p, kind, &told, err);
        if (kind == PICTURE_QUANTITY && !told)
            break;
        if (kind < PICTURE_QUANTITY)
            kind++;
    }
    if (!status)
        status = c->over_alpha ? refuse_returns(c, &p, err) : refuse_forks(c, err);
    picture_clear_places(&p);
    return status;
}
