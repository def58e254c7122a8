// SPDX-License-Identifier: GPL-3.0-or-later
/* The bands about a line: quantiles over starts, or a standard deviation of single runs. */
#include "base/number.h"
#include "cli/output/picture_internal.h"
#include "cli/output/symbols.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool picture_is_column(const ordpar_table *t, const expression *e, const char *name) {
    return e->count == 1 && e->items[0].kind == 'c' &&
           strcmp(t->columns[e->items[0].column], name) == 0;
}

/* The columns of the band about eps_g or theory: its two edges, or twice sd. */
static bool find_band(const picture_choice *c, const picture_column *column, size_t ends[2]) {
    const ordpar_table *t = c->t;
    if (!picture_is_column(t, &column->y, "eps_g") && !picture_is_column(t, &column->y, "theory"))
        return false;
    return (ordpar_table_find_column(t, "q05", &ends[0]) &&
            ordpar_table_find_column(t, "q95", &ends[1])) ||
           (ordpar_table_find_column(t, "sd", &ends[0]) &&
            ordpar_table_find_column(t, "sd", &ends[1]));
}

ordpar_status picture_add_band(picture *p, const picture_choice *c, const picture_column *column,
                               size_t line, int colour, ordpar_error *err) {
    size_t ends[2];
    if (!find_band(c, column, ends))
        return ORDPAR_OK;
    const bool spread = ends[0] == ends[1];
    picture_point *points = malloc((c->t->n_rows + 1) * sizeof *points);
    if (!points)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for the picture");
    p->bands[p->n_bands++] = points;
    picture_column edges = *column;
    if (!spread)
        edges.y.items[0].column = ends[0];
    edges.has_stderr = true;
    edges.stderr_column = ends[1];
    const size_t count = picture_collect(c, &edges, line, points);
    for (size_t k = 0; k < count && spread; k++) {
        const double y = points[k].y, sd = points[k].error;
        points[k].y = y - sd;
        points[k].error = y + sd;
    }
    for (size_t k = 0; k < count; k++) /* an edge alone is none */
        if (!isfinite(points[k].error))
            points[k].y = NAN;
    picture_add_series(p, &edges, spread ? PLOT_SPREAD : PLOT_BAND, points, count, colour);
    return ORDPAR_OK;
}

bool picture_is_band(const plot_series *s) {
    return s->style == PLOT_BAND || s->style == PLOT_SPREAD;
}

/* Each kind once: in its colour where it has one, else grey. */
void picture_name_bands(picture *p) {
    static const plot_style styles[] = {PLOT_BAND, PLOT_SPREAD};
    static const char *const names[] = {"q05..q95", "eps_g..sd"};
    for (size_t kind = 0; kind < 2; kind++) {
        int colour = 0;
        for (size_t s = 0; s < p->drawn.n_series; s++)
            if (p->drawn.series[s].style == styles[kind])
                colour = colour == 0 || colour == p->drawn.series[s].colour
                             ? p->drawn.series[s].colour
                             : -1;
        if (colour == 0)
            continue;
        ordpar_symbol_short(names[kind], p->band_names[kind], sizeof p->band_names[kind]);
        plot_add(
            &p->drawn,
            (plot_series){.title = p->band_names[kind], .style = styles[kind], .colour = colour});
    }
}
