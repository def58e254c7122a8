// SPDX-License-Identifier: GPL-3.0-or-later
/* Slopes measured in the middle half of a predicted window, raw and with the constant added that
 * the eigenvalues beyond L would contribute. */
#include "cli/figures/figure.h"

#include "solver/plateau/measure.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double begin, end; /* where it is measured */
} stretch;

static stretch middle_half(const ordpar_scaling_window *window) {
    const double quarter = pow(window->end / window->begin, 0.25);
    return (stretch){window->begin * quarter, window->end / quarter};
}

/* Of eps_g + tail. False: too few points, or a failure. */
static bool measure(figure *f, size_t count, const double *alpha, const double *eps_g, double tail,
                    stretch on, ordpar_slope_measure *slope) {
    double *raised = figure_numbers(f, count);
    for (size_t k = 0; k < count && raised; k++)
        raised[k] = eps_g[k] + tail;
    FIGURE_TRY(f, ordpar_measure_exponent(count, alpha, raised, on.begin, on.end, slope, &f->err));
    free(raised);
    return !f->status && slope->rows > 0;
}

void figure_slope(figure *f, size_t count, const double *alpha, const double *eps_g,
                  const ordpar_scaling_window *window, double tail, const char *what) {
    const stretch on = middle_half(window);
    ordpar_slope_measure raw, m;
    if (measure(f, count, alpha, eps_g, 0, on, &raw) &&
        measure(f, count, alpha, eps_g, tail, on, &m))
        panel_fact(f, what,
                   "%.4f from alpha = %.3g to %.3g; with the eigenvalues beyond L added %.4f; "
                   "predicted %.4f, difference %.1f %%",
                   raw.slope, m.begin, m.end, m.slope, window->slope,
                   100 * (m.slope / window->slope - 1));
}

/* The jackknife's standard error of the slope of the mean over the runs. */
static double jackknife(figure *f, const study *s, stretch on, double tail) {
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

void study_slope(figure *f, const study *s, const ordpar_scaling_window *window, double tail,
                 const char *what) {
    const stretch on = middle_half(window);
    ordpar_slope_measure raw, m;
    if (measure(f, s->count, s->alpha, s->mean, 0, on, &raw) &&
        measure(f, s->count, s->alpha, s->mean, tail, on, &m))
        panel_fact(f, what,
                   "%.4f ± %.4f from alpha = %.3g to %.3g; with the eigenvalues beyond L added "
                   "%.4f ± %.4f (jackknife over %zu runs); predicted %.4f, difference %.1f %%",
                   raw.slope, jackknife(f, s, on, 0), m.begin, m.end, m.slope,
                   jackknife(f, s, on, tail), s->runs, window->slope,
                   100 * (m.slope / window->slope - 1));
}

void panel_completed(figure *f, size_t count, const double *alpha, const double *eps_g,
                     const ordpar_scaling_window *window, double tail) {
    double *y = figure_numbers(f, count);
    const stretch on = middle_half(window);
    for (size_t k = 0; y && k < count; k++)
        y[k] = eps_g[k] + tail;
    panel_add(f, PLOT_GUIDE, 1, count, alpha, y, NULL, "with the eigenvalues beyond L");
    free(y);
    for (int side = 0; side < 2; side++) {
        const double at = side ? on.end : on.begin;
        const double level = window->amplitude * pow(at, window->slope);
        const double x[] = {at, at}, ends[] = {level / 1.6, level * 1.6};
        panel_add(f, PLOT_GUIDE, 0, 2, x, ends, NULL, "%s", "");
    }
}
