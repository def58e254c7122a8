// SPDX-License-Identifier: GPL-3.0-or-later
/* What was swept in a table whose notes are lost, as in those that pandas writes: with the numbers
 * of rows in front, or of some of its columns. */
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool picture_is_swept(const ordpar_table *t, bool guessed) {
    size_t mean;
    return !guessed || result_is_sweep(t) || !ordpar_table_find_column(t, "mean", &mean);
}

static size_t count_values(const ordpar_table *t, size_t column) {
    enum { ENOUGH = 256 };
    size_t first[ENOUGH], count = 0;
    for (size_t r = 0; r < t->n_rows && count < ENOUGH; r++) {
        size_t k = 0;
        while (k < count &&
               !result_same_cell(t, first[k] * t->n_columns + column, r * t->n_columns + column))
            k++;
        if (k == count)
            first[count++] = r;
    }
    return count;
}

static bool run_together(const ordpar_table *t, size_t a, size_t b) {
    for (size_t r = 0; r < t->n_rows; r++)
        if (!result_same_cell(t, r * t->n_columns + a, r * t->n_columns + b))
            return false;
    return true;
}

static bool ascends(const ordpar_table *t, size_t column) {
    for (size_t r = 1; r < t->n_rows; r++)
        if (!(t->cells[r * t->n_columns + column] > t->cells[(r - 1) * t->n_columns + column]))
            return false;
    return true;
}

static bool is_setting(const ordpar_table *t, size_t column) {
    return ordpar_setting_find(&ordpar_model_settings, t->columns[column]);
}

size_t picture_guess_axes(const options *parsed, const ordpar_table *t, bool runs,
                          picture_axis axes[PICTURE_AXES]) {
    size_t alpha, count = 0;
    bool behind = false; /* directly behind the number of the point, where a sweep has them */
    if (ordpar_table_find_column(t, "compute", &alpha)) /* each row its own network */
        return 0;
    if (runs && (!parsed->x || !ordpar_table_find_column(t, "alpha", &alpha) || ascends(t, alpha)))
        return 0;
    for (size_t k = 0; k < t->n_columns && count < PICTURE_AXES; k++) {
        picture_axis *last = count ? &axes[count - 1] : NULL;
        const bool is_point = strcmp(t->columns[k], "point") == 0;
        const bool is_axis = is_setting(t, k) && strcmp(t->columns[k], "alpha") != 0 &&
                             (behind || result_varies(t, k));
        behind = is_point || (behind && is_axis);
        if (!is_axis)
            continue;
        if (last && last->width < PICTURE_JOINT && run_together(t, last->columns[0], k))
            last->columns[last->width++] = k;
        else
            axes[count++] = (picture_axis){{k}, 1, count_values(t, k)};
    }
    return count;
}

/* Where a row stands. */
typedef struct {
    double x, alpha;
    size_t row;
} place;

static int by_place(const void *a, const void *b) {
    const place *p = a, *q = b;
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x)
                        : (p->alpha > q->alpha) - (p->alpha < q->alpha);
}

static bool same_place(const place *p, const place *q) {
    return p->x == q->x && p->alpha == q->alpha;
}

/* The rows that have a place, in order of it; column: alpha's, or n_columns. NULL: no memory. */
static place *places_of(const picture_choice *c, const expression *x, size_t column,
                        size_t *count) {
    const ordpar_table *t = c->t;
    place *places = malloc((t->n_rows + 1) * sizeof *places);
    *count = 0;
    for (size_t r = 0; places && r < t->n_rows; r++) {
        const double *row = t->cells + r * t->n_columns;
        const double alpha = column < t->n_columns ? row[column] : 0;
        const place p = {expression_value(x, row), alpha, r};
        if (!isnan(p.x) && !isnan(alpha))
            places[(*count)++] = p;
    }
    if (places)
        qsort(places, *count, sizeof *places, by_place);
    return places;
}

static bool is_drawn_alone(const picture_choice *c, size_t column) {
    for (size_t k = 0; k < c->n_columns; k++)
        if (picture_is_column(c->t, &c->columns[k].y, c->t->columns[column]))
            return true;
    return false;
}

static bool differs_within(const picture_choice *c, const place *places, size_t count,
                           size_t column) {
    const size_t width = c->t->n_columns;
    for (size_t k = 1; k < count; k++)
        if (same_place(&places[k - 1], &places[k]) &&
            !result_same_cell(c->t, places[k - 1].row * width + column,
                              places[k].row * width + column))
            return true;
    return false;
}

/* Whether a setting tells rows apart that stand at one place. One that goes with it, as the best
 * eta of each L, does not, and one that is shown is none here. */
ordpar_status picture_leave_axes(const picture_choice *c, picture_axis *axes, size_t n_axes,
                                 size_t along, bool runs, ordpar_error *err) {
    const bool is_own = along < n_axes && !picture_uses_axis(&c->x, &axes[along]);
    const expression own = {.items = {{'c', 0, is_own ? axes[along].columns[0] : 0}}, .count = 1};
    size_t alpha, count;
    if (!runs || !ordpar_table_find_column(c->t, "alpha", &alpha))
        alpha = c->t->n_columns;
    place *places = places_of(c, is_own ? &own : &c->x, alpha, &count);
    if (!places)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t a = 0; a < n_axes; a++)
        if (a != along && (is_drawn_alone(c, axes[a].columns[0]) ||
                           !differs_within(c, places, count, axes[a].columns[0])))
            axes[a] = (picture_axis){.values = 1};
    free(places);
    return ORDPAR_OK;
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

ordpar_status picture_check_forks(const picture_choice *c, ordpar_error *err) {
    picture_point *points = NULL;
    ordpar_status status = ORDPAR_OK;
    double x = 0;
    if (!c->along || !picture_is_column(c->t, &c->x, c->along))
        return ORDPAR_OK;
    if (!(points = malloc((c->t->n_rows + 1) * sizeof *points)))
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    for (size_t k = 0; k < c->n_columns && !status; k++)
        for (size_t line = 0; line < c->n_lines && !status; line++)
            if ((c->columns[k].role == PICTURE_THEORY || c->columns[k].role == PICTURE_SWEPT) &&
                has_fork(c, &c->columns[k], line, points, &x))
                status =
                    ordpar_fail(err, ORDPAR_INVALID,
                                "%s = %.10g stands in several rows, and no column of a setting "
                                "tells curves apart",
                                c->along, x);
    free(points);
    return status;
}
