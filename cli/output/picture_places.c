// SPDX-License-Identifier: GPL-3.0-or-later
/* Where along its line each row of a table stands. */
#include "cli/output/picture_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_row(const void *a, const void *b) {
    const picture_place *p = a, *q = b;
    return p->line != q->line ? (p->line > q->line) - (p->line < q->line)
                              : (p->row > q->row) - (p->row < q->row);
}

static int by_place(const void *a, const void *b) {
    const picture_place *p = a, *q = b;
    if (p->line != q->line || p->at == q->at)
        return by_row(a, b);
    return (p->at > q->at) - (p->at < q->at);
}

ordpar_status picture_place_rows(const picture_choice *c, picture_places *p, ordpar_error *err) {
    const ordpar_table *t = c->t;
    const size_t size = (t->n_rows + 1) * sizeof *p->listed;
    *p = (picture_places){.listed = malloc(size)};
    for (size_t r = 0; p->listed && r < t->n_rows; r++) {
        const double at = t->cells[r * t->n_columns + c->place];
        if (!isnan(at))
            p->listed[p->count++] = (picture_place){picture_line_of(c, r), r, at};
    }
    if (p->listed)
        qsort(p->listed, p->count, sizeof *p->listed, by_row);
    if (p->listed && picture_find_return(c, p, true) == t->n_rows)
        return ORDPAR_OK;
    p->sorted = malloc(size);
    if (!p->listed || !p->sorted)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    memcpy(p->sorted, p->listed, p->count * sizeof *p->listed);
    qsort(p->sorted, p->count, sizeof *p->sorted, by_place);
    return ORDPAR_OK;
}

void picture_clear_places(picture_places *p) {
    free(p->listed);
    free(p->sorted);
    *p = (picture_places){0};
}

size_t picture_find_return(const picture_choice *c, const picture_places *p, bool level) {
    size_t found = c->t->n_rows;
    for (size_t k = 0, next; k < p->count; k = next) {
        size_t rise = found, fall = found, stay = found;
        for (next = k + 1; next < p->count && p->listed[next].line == p->listed[k].line; next++) {
            const double step = p->listed[next].at - p->listed[next - 1].at;
            size_t *first = step > 0 ? &rise : step < 0 ? &fall : &stay;
            *first = p->listed[next].row < *first ? p->listed[next].row : *first;
        }
        if (rise < c->t->n_rows && fall < found)
            found = fall;
        if (level && stay < found)
            found = stay;
    }
    return found;
}

picture_crowd picture_count_crowd(const picture_choice *c, const picture_places *p, size_t line) {
    picture_crowd crowd = {1, p->sorted ? 0 : 1};
    for (size_t k = 0, next; p->sorted && k < p->count; k = next) {
        for (next = k + 1; next < p->count && p->sorted[next].line == p->sorted[k].line &&
                           p->sorted[next].at == p->sorted[k].at;)
            next++;
        const size_t here = next - k;
        if (line < c->n_lines && p->sorted[k].line != line + 1)
            continue;
        crowd.most = here > crowd.most ? here : crowd.most;
        crowd.least = crowd.least == 0 || here < crowd.least ? here : crowd.least;
    }
    return crowd;
}
