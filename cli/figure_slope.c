// SPDX-License-Identifier: GPL-3.0-or-later
/* Slopes measured in the middle half of a predicted window, raw and with the constant added that
 * the eigenvalues beyond L would contribute. */
#include "figure.h"

#include "measure.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double begin, end; /* where it is measured */
} stretch;

static stretch middle_half(const ordpar_scaling_window *window) {
    const double quarter = pow(window->end / window->begin, 0.25);
    return (stretch){window->begin * quarter, window->end / quarter};
}

/* scratch[count] */
static bool measure(panel *p, size_t count, const double *alpha, const double *eps_g, double tail,
                    stretch where, double *scratch, ordpar_slope_measure *slope) {
    for (size_t k = 0; k < count; k++)
        scratch[k] = eps_g[k] + tail;
    p->failed = p->failed ||
                ordpar_measure_exponent(count, alpha, scratch, where.begin, where.end, slope, NULL);
    return !p->failed && slope->rows > 0;
}

double figure_slope(panel *p, size_t count, const double *alpha, const double *eps_g,
                    const ordpar_scaling_window *window, double tail, const char *what) {
    const stretch where = middle_half(window);
    double *scratch = calloc(count, sizeof *scratch);
    ordpar_slope_measure raw, m;
    const bool found = scratch && measure(p, count, alpha, eps_g, 0, where, scratch, &raw) &&
                       measure(p, count, alpha, eps_g, tail, where, scratch, &m);
    p->failed = p->failed || !scratch;
    free(scratch);
    if (!found)
        return NAN;
    panel_fact(p, what,
               "%.4f from alpha = %.3g to %.3g; with the eigenvalues beyond L added %.4f; "
               "predicted %.4f, difference %.1f %%",
               raw.slope, m.begin, m.end, m.slope, window->slope,
               100 * (m.slope / window->slope - 1));
    return m.slope;
}

/* The mean over all runs but one. */
static void leave_out(const study *s, size_t r, double *mean) {
    const double n = (double)s->runs;
    for (size_t k = 0; k < s->count; k++)
        mean[k] = (n * s->mean[k] - s->eps_g[k * s->runs + r]) / (n - 1);
}

/* The jackknife's standard error of the slope of the mean over the runs. */
static double jackknife(panel *p, const study *s, double tail, stretch where, double *scratch) {
    const double n = (double)s->runs;
    double sum = 0, squares = 0;
    ordpar_slope_measure m;
    for (size_t r = 0; r < s->runs; r++) {
        leave_out(s, r, scratch + s->count);
        if (!measure(p, s->count, s->alpha, scratch + s->count, tail, where, scratch, &m))
            return NAN;
        sum += m.slope;
        squares += m.slope * m.slope;
    }
    return sqrt((n - 1) / n * fmax(squares - sum * sum / n, 0));
}

void study_slope(const study *s, panel *p, const ordpar_scaling_window *window, double tail,
                 const char *what) {
    const stretch where = middle_half(window);
    double *scratch = calloc(2 * s->count, sizeof *scratch);
    ordpar_slope_measure raw, m;
    if (scratch && measure(p, s->count, s->alpha, s->mean, 0, where, scratch, &raw) &&
        measure(p, s->count, s->alpha, s->mean, tail, where, scratch, &m))
        panel_fact(p, what,
                   "%.4f ± %.4f from alpha = %.3g to %.3g; with the eigenvalues beyond L added "
                   "%.4f ± %.4f (jackknife over %zu runs); predicted %.4f, difference %.1f %%",
                   raw.slope, jackknife(p, s, 0, where, scratch), m.begin, m.end, m.slope,
                   jackknife(p, s, tail, where, scratch), s->runs, window->slope,
                   100 * (m.slope / window->slope - 1));
    p->failed = p->failed || !scratch;
    free(scratch);
}

void panel_completed(panel *p, size_t count, const double *alpha, const double *eps_g,
                     const ordpar_scaling_window *window, double tail) {
    const stretch where = middle_half(window);
    double *y = malloc(count * sizeof *y);
    p->failed = p->failed || !y;
    for (size_t k = 0; y && k < count; k++)
        y[k] = eps_g[k] + tail;
    if (y)
        panel_add(p, PLOT_GUIDE, 1, count, alpha, y, NULL, "with the eigenvalues beyond L");
    free(y);
    for (int side = 0; side < 2; side++) {
        const double at = side ? where.end : where.begin;
        const double level = window->amplitude * pow(at, window->slope);
        const double x[] = {at, at}, ends[] = {level / 1.6, level * 1.6};
        panel_add(p, PLOT_GUIDE, 0, 2, x, ends, NULL, "%s", "");
    }
}
