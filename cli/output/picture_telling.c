// SPDX-License-Identifier: GPL-3.0-or-later
/* Which columns tell apart the lines of files that others have joined or sorted. */
#include "cli/output/picture_internal.h"
#include "cli/output/result.h"

#include <math.h>

static bool same_cell(const picture_choice *c, size_t a, size_t b, size_t column) {
    const size_t width = c->t->n_columns;
    return result_same_cell(c->t, a * width + column, b * width + column);
}

/* What is shown alone; a setting by which something is scaled still tells curves apart. */
static bool is_drawn(const picture_choice *c, size_t column) {
    const char *name = c->t->columns[column];
    bool drawn = picture_is_column(c->t, &c->x, name);
    for (size_t k = 0; k < c->n_columns; k++)
        drawn = drawn || picture_is_column(c->t, &c->columns[k].y, name);
    return drawn;
}

/* Words, and whole numbers, as of runs. */
static bool counts(const ordpar_table *t, size_t column) {
    for (size_t r = 0; r < t->n_rows; r++) {
        const double value = t->cells[r * t->n_columns + column];
        if (isfinite(value) && value != rint(value))
            return false;
    }
    return true;
}

static picture_telling kind_of(const ordpar_table *t, size_t column) {
    if (picture_is_setting(t, column))
        return PICTURE_SETTING;
    return counts(t, column) ? PICTURE_COUNT : PICTURE_QUANTITY;
}

/* One that goes with the place, as the best eta of each L, does not. */
static bool differs_at_places(const picture_choice *c, const picture_places *p, size_t column) {
    for (size_t k = 1; p->sorted && k < p->count; k++) {
        const picture_place *here = &p->sorted[k], *last = here - 1;
        if (here->line == last->line && here->at == last->at &&
            !same_cell(c, here->row, last->row, column))
            return true;
    }
    return false;
}

static bool differs_in_lines(const picture_choice *c, const picture_places *p, size_t column) {
    for (size_t k = 1; k < p->count; k++)
        if (p->listed[k].line == p->listed[k - 1].line &&
            !same_cell(c, p->listed[k].row, p->listed[k - 1].row, column))
            return true;
    return false;
}

/* The sign with which most rows go on: curves may be saved backwards. */
static double direction(const picture_places *p) {
    size_t rises = 0, falls = 0;
    for (size_t k = 1; k < p->count; k++) {
        const picture_place *here = &p->listed[k], *last = here - 1;
        rises += here->line == last->line && here->at > last->at;
        falls += here->line == last->line && here->at < last->at;
    }
    return falls > rises ? -1 : 1;
}

/* Whether a column changes where lines go back, and nowhere else. */
static bool changes_with_lines(const picture_choice *c, const picture_places *p, size_t column) {
    const double sign = direction(p);
    bool changes = false;
    for (size_t k = 1; k < p->count; k++) {
        const picture_place *here = &p->listed[k], *last = here - 1;
        if (here->line != last->line || same_cell(c, here->row, last->row, column))
            continue;
        if (!(sign * here->at < sign * last->at))
            return false;
        changes = true;
    }
    return changes;
}

/* Whether no value stands at one place of a line in more than so many rows. */
static bool spreads(const picture_choice *c, const picture_places *p, size_t column, size_t most) {
    for (size_t k = 0; k < p->count; k++) {
        size_t same = 0;
        for (size_t l = k; l < p->count && p->sorted[l].line == p->sorted[k].line &&
                           p->sorted[l].at == p->sorted[k].at;
             l++)
            same += same_cell(c, p->sorted[k].row, p->sorted[l].row, column);
        if (same > most)
            return false;
    }
    return true;
}

/* Whether a column has a value for each of the rows of one place, or for each of a part of them. */
static bool numbers_lines(const picture_choice *c, const picture_places *p, size_t column) {
    const size_t lines = picture_count_crowd(c, p, c->n_lines).most;
    if (lines < 2 || lines > PICTURE_LINES)
        return false;
    const size_t values = result_count_values(c->t, column, lines);
    return values > 1 && lines % values == 0 && spreads(c, p, column, lines / values);
}

bool picture_tells(const picture_choice *c, const picture_places *p, picture_telling kind,
                   size_t column) {
    if (column == c->place || c->splits[column] || is_drawn(c, column) ||
        kind_of(c->t, column) != kind)
        return false;
    if (kind == PICTURE_SETTING)
        return c->over_alpha ? differs_in_lines(c, p, column) : differs_at_places(c, p, column);
    return (kind == PICTURE_COUNT || c->over_alpha) &&
           (changes_with_lines(c, p, column) || numbers_lines(c, p, column));
}
