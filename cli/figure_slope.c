// SPDX-License-Identifier: GPL-3.0-or-later
/* Slopes measured in the middle half of a predicted window, raw and with the constant added that
 * the eigenvalues beyond L would contribute. */
#include "figure.h"

#include "measure.h"

#include <math.h>
#include <stdlib.h>

/* A curve, and where it is measured. */
typedef struct {
    size_t count;
    const double *alpha;
    double begin, end;
    double *scratch; /* [count] */
} stretch;

static stretch middle_half(size_t count, const double *alpha, const ordpar_scaling_window *window,
                           double *scratch) {
    const double quarter = pow(window->end / window->begin, 0.25);
    return (stretch){count, alpha, window->begin * quarter, window->end / quarter, scratch};
}

/* False: too few points, or a failure. */
static bool measure(figure *f, const stretch *on, const double *eps_g, double tail,
                    ordpar_slope_measure *slope) {
    for (size_t k = 0; k < on->count; k++)
        on->scratch[k] = eps_g[k] + tail;
    FIGURE_TRY(f, ordpar_measure_exponent(on->count, on->alpha, on->scratch, on->begin, on->end,
                                          slope, &f->err));
    return !f->status && slope->rows > 0;
}

void figure_slope(figure *f, size_t count, const double *alpha, const double *eps_g,
                  const ordpar_scaling_window *window, double tail, const char *what) {
    double *scratch = figure_numbers(f, count);
    const stretch on = middle_half(count, alpha, window, scratch);
    ordpar_slope_measure raw, m;
    if (scratch && measure(f, &on, eps_g, 0, &raw) && measure(f, &on, eps_g, tail, &m))
        panel_fact(f, what,
                   "%.4f from alpha = %.3g to %.3g; with the eigenvalues beyond L added %.4f; "
                   "predicted %.4f, difference %.1f %%",
                   raw.slope, m.begin, m.end, m.slope, window->slope,
                   100 * (m.slope / window->slope - 1));
    free(scratch);
}

/* The jackknife's standard error of the slope of the mean over the runs. mean[count]: scratch */
static double jackknife(figure *f, const study *s, const stretch *on, double tail, double *mean) {
    const double n = (double)s->runs;
    double sum = 0, squares = 0;
    ordpar_slope_measure m;
    for (size_t r = 0; r < s->runs; r++) {
        for (size_t k = 0; k < s->count; k++) /* of all runs but one */
            mean[k] = (n * s->mean[k] - s->eps_g[k * s->runs + r]) / (n - 1);
        if (!measure(f, on, mean, tail, &m))
            return NAN;
        sum += m.slope;
        squares += m.slope * m.slope;
    }
    return sqrt((n - 1) / n * fmax(squares - sum * sum / n, 0));
}

void study_slope(figure *f, const study *s, const ordpar_scaling_window *window, double tail,
                 const char *what) {
    double *scratch = figure_numbers(f, 2 * s->count);
    const stretch on = middle_half(s->count, s->alpha, window, scratch);
    ordpar_slope_measure raw, m;
    if (scratch && measure(f, &on, s->mean, 0, &raw) && measure(f, &on, s->mean, tail, &m))
        panel_fact(f, what,
                   "%.4f ± %.4f from alpha = %.3g to %.3g; with the eigenvalues beyond L added "
                   "%.4f ± %.4f (jackknife over %zu runs); predicted %.4f, difference %.1f %%",
                   raw.slope, jackknife(f, s, &on, 0, scratch + s->count), m.begin, m.end, m.slope,
                   jackknife(f, s, &on, tail, scratch + s->count), s->runs, window->slope,
                   100 * (m.slope / window->slope - 1));
    free(scratch);
}

void panel_completed(figure *f, size_t count, const double *alpha, const double *eps_g,
                     const ordpar_scaling_window *window, double tail) {
    double *y = figure_numbers(f, count);
    const stretch on = middle_half(count, alpha, window, y);
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
