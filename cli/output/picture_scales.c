// SPDX-License-Identifier: GPL-3.0-or-later
/* Which axes of a picture are logarithmic. */
#include "cli/output/picture_internal.h"

#include <math.h>

/* Whether the points of a series tell the scale of an axis: of x those of a simulation, where there
 * is one, as theory beside it is drawn between them. */
static bool tells_scale(const picture *p, size_t s, bool of_y) {
    bool simulated = false;
    for (size_t k = 0; k < p->drawn.n_series; k++)
        simulated = simulated || p->columns[k].role == PICTURE_SIMULATION;
    if (picture_is_band(&p->drawn.series[s]))
        return false;
    return of_y || !simulated || p->columns[s].role == PICTURE_SIMULATION;
}

/* True if all that tells the scale has equally spaced rows of alpha. */
static bool is_even(const picture *p) {
    size_t alpha, told = 0;
    for (size_t k = 0; k < p->n_choices; k++)
        if (!ordpar_table_find_column(p->choices[k].t, "alpha", &alpha) ||
            !expression_uses(&p->choices[k].x, alpha))
            return false;
    for (size_t s = 0; s < p->drawn.n_series; s++) {
        const plot_series *series = &p->drawn.series[s];
        if (!tells_scale(p, s, false))
            continue;
        if (!ordpar_axis_is_even(series->count, series->x, PICTURE_STRIDE))
            return false;
        told++;
    }
    return told > 0;
}

/* Errors that are simulated may be rounded below 0; all else below it has a linear axis. */
static bool wants_log(const picture *p, bool of_y) {
    double low = INFINITY, high = 0;
    const bool swept = p->choices[0].along;
    bool has_0 = false;
    for (size_t s = 0; s < p->drawn.n_series; s++) {
        const plot_series *series = &p->drawn.series[s];
        if (!tells_scale(p, s, of_y))
            continue;
        const double *values = of_y ? series->y : series->x;
        for (size_t k = 0; k < series->count; k++) {
            const double value = values[k * PICTURE_STRIDE];
            const bool is_rounded =
                of_y && p->columns[s].is_error && p->columns[s].role == PICTURE_SIMULATION;
            if (isfinite(value) && value < 0 && !is_rounded)
                return false;
            has_0 = has_0 || value == 0;
            if (isfinite(value) && value > 0) {
                low = fmin(low, value);
                high = fmax(high, value);
            }
        }
    }
    return ordpar_axis_is_log(swept  ? (of_y && p->drawn.x_log ? "swept y" : "swept")
                              : of_y ? "y"
                                     : "x",
                              low, high, has_0);
}

void picture_scale_axes(picture *p) {
    p->drawn.x_log = !is_even(p) && wants_log(p, false);
    p->drawn.y_log = wants_log(p, true);
}
