// SPDX-License-Identifier: GPL-3.0-or-later
/* Slopes measured in the middle half of a predicted window, raw and with the constant added that
 * the eigenvalues beyond L would contribute. */
#include "cli/figures/figure.h"

#include "solver/plateau/measure.h"

#include <math.h>
#include <stdlib.h>

/* Of eps_g + tail. False: too few points, or a failure. */
static bool measure(figure *f, size_t count, const double *alpha, const double *eps_g, double tail,
                    const ordpar_scaling_window *on, ordpar_slope_measure *slope) {
    double *raised = figure_numbers(f, count);
    for (size_t k = 0; k < count && raised; k++)
        raised[k] = eps_g[k] + tail;
    FIGURE_TRY(f,
               ordpar_measure_exponent(count, alpha, raised, on->begin, on->end, slope, &f->err));
    free(raised);
    return !f->status && slope->rows > 0;
}

/* The jackknife's standard error of the slope of the mean over the runs. */
static double jackknife(figure *f, const study *s, const ordpar_scaling_window *on, double tail) {
    double *mean = figure_numbers(f, s->count), sum = 0, squares = 0;
    const double n = (double)s->runs;
    ordpar_slope_measure m = {.rows = 1};
    for (size_t r = 0; r < s->runs && mean && m.rows > 0; r++) {
        for (size_t k = 0; k < s->count; k++) /* of all runs but one */
            mean[k] = (n * s->mean[k] - s->eps_g[k * s->runs + r]) / (n - 1);
        measure(f, s->count, s->alpha, mean, tail, on, &m);
        sum += m.slope;
        squares += m.slope * m.slope;
    }
    free(mean);
    return m.rows > 0 ? sqrt((n - 1) / n * fmax(squares - sum * sum / n, 0)) : NAN;
}

void figure_slope(figure *f, size_t count, const double *alpha, const double *eps_g,
                  const study *runs, const ordpar_scaling_window *window, double tail,
                  const char *what) {
    const ordpar_scaling_window on = ordpar_window_middle(window);
    const double tails[] = {0, tail};
    ordpar_slope_measure m[2];
    char errors[2][32] = {"", ""}, method[64] = "";
    for (int k = 0; k < 2; k++) {
        if (!measure(f, count, alpha, eps_g, tails[k], &on, &m[k]))
            return;
        if (runs)
            snprintf(errors[k], sizeof errors[k], " ± %.4f", jackknife(f, runs, &on, tails[k]));
    }
    if (runs)
        snprintf(method, sizeof method, " (jackknife over %zu runs)", runs->runs);
    panel_fact(f, what,
               "%.4f%s from alpha = %.3g to %.3g; with the eigenvalues beyond L added %.4f%s%s; "
               "predicted %.4f, difference %.1f %%",
               m[0].slope, errors[0], m[1].begin, m[1].end, m[1].slope, errors[1], method,
               window->slope, 100 * (m[1].slope / window->slope - 1));
}

void panel_completed(figure *f, size_t count, const double *alpha, const double *eps_g,
                     const ordpar_scaling_window *window, double tail) {
    const ordpar_scaling_window on = ordpar_window_middle(window);
    const double sides[] = {on.begin, on.end};
    double *y = figure_numbers(f, count);
    for (size_t k = 0; y && k < count; k++)
        y[k] = eps_g[k] + tail;
    panel_add(f, PLOT_GUIDE, 1, count, alpha, y, NULL, "with the eigenvalues beyond L");
    free(y);
    for (int side = 0; side < 2; side++) {
        const double level = window->amplitude * pow(sides[side], window->slope);
        const double x[] = {sides[side], sides[side]}, ends[] = {level / 1.6, level * 1.6};
        panel_add(f, PLOT_GUIDE, 0, 2, x, ends, NULL, "%s", "");
    }
}
