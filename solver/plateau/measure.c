// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/plateau/measure.h"

#include "base/floating_point.h"
#include "solver/plateau/smooth.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

enum { MIN_ROWS = 4 };

/* What is smaller than this part of the largest eps_g may be rounding. */
static const double rounding = 1e-12;

/* The alpha at which the level passes a height between row k and the next. */
static double crossing(const double *alpha, const double *level, size_t k, double height) {
    const double part = (level[k] - height) / (level[k] - level[k + 1]);
    return alpha[k] + part * (alpha[k + 1] - alpha[k]);
}

/* Entry, exit, and the steepest falls on both sides; false if eps_g does not pass both levels. */
static bool surround(const ordpar_smooth_curve *c, const double *alpha, ordpar_plateau_measure *p,
                     double *before, double *after) {
    size_t first = p->row, last = p->row + 1;
    const double *level = c->level;
    *before = *after = 0;
    while (first > 0 && level[first] <= 1.1 * p->height)
        first--;
    while (last + 1 < c->count && level[last] >= 0.9 * p->height)
        last++;
    if (level[first] <= 1.1 * p->height || level[last] >= 0.9 * p->height)
        return false;
    for (size_t k = 0; k < p->row; k++)
        *before = fmax(*before, -c->slope[k]);
    for (size_t k = p->row + 1; k + 1 < c->count; k++)
        *after = fmax(*after, -c->slope[k]);
    p->entry = crossing(alpha, level, first, 1.1 * p->height);
    p->exit = crossing(alpha, level, last - 1, 0.9 * p->height);
    return true;
}

static bool find_plateau(const ordpar_smooth_curve *c, const double *alpha,
                         ordpar_plateau_measure *plateau) {
    const double steepness = 3; /* of the slopes around it, against that of a plateau */
    double flattest = 0.3;
    bool found = false;
    for (size_t k = 1; k + 2 < c->count; k++) {
        const double slope = -c->slope[k];
        if (!(slope < flattest))
            continue;
        double before, after;
        ordpar_plateau_measure candidate = {.height = ordpar_smooth_height(c, k), .row = k};
        if (!surround(c, alpha, &candidate, &before, &after) || before < steepness * slope ||
            after < steepness * slope)
            continue;
        flattest = slope;
        *plateau = candidate;
        found = true;
    }
    return found;
}

ordpar_status ordpar_measure_plateau(size_t count, const double *alpha, const double *eps_g,
                                     bool *found, ordpar_plateau_measure *plateau,
                                     ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    double largest = 0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, eps_g[k]);
    while (count > 0 && !(eps_g[count - 1] > rounding * largest))
        count--;
    ordpar_smooth_curve curve;
    const ordpar_status status = ordpar_smooth_init(count, alpha, eps_g, &curve, err);
    if (status)
        return status;
    *found = find_plateau(&curve, alpha, plateau);
    ordpar_smooth_clear(&curve);
    return ORDPAR_OK;
}

/* The best falling curve is above a level up to the row where the integral of eps_g - level is
 * largest. */
double ordpar_measure_exit_of_run(size_t count, const double *alpha, const double *eps_g,
                                  double height) {
    const double level = 0.9 * height;
    double integral = 0, largest = -INFINITY;
    size_t last = 0;
    for (size_t k = 0; k < count; k++) {
        const double begin = alpha[k > 0 ? k - 1 : k], end = alpha[k + 1 < count ? k + 1 : k];
        integral += (eps_g[k] - level) * (end - begin) / 2;
        if (integral >= largest) {
            largest = integral;
            last = k;
        }
    }
    return last + 1 < count ? (alpha[last] + alpha[last + 1]) / 2 : INFINITY;
}

/* Least squares of y against x over rows first..last; *out as it was if they are too few. */
static bool fit(size_t first, size_t last, const double *alpha, const double *x, const double *y,
                ordpar_slope_measure *out) {
    const size_t rows = last - first + 1;
    if (rows < MIN_ROWS)
        return false;
    double intercept, slope, v00, v01, v11, squares;
    gsl_fit_linear(x + first, 1, y + first, 1, rows, &intercept, &slope, &v00, &v01, &v11,
                   &squares);
    if (!isfinite(slope))
        return false;
    *out = (ordpar_slope_measure){.slope = slope,
                                  .slope_stderr = sqrt(v11),
                                  .begin = alpha[first],
                                  .end = alpha[last],
                                  .rows = rows};
    return true;
}

/* A stretch of rows whose local growth rates agree. */
typedef struct {
    size_t first, last;
    double growth; /* of log x */
} stretch;

/* The longest stretch among rows low..high-1 whose local rates stay within tolerance of its first.
 */
static stretch longest_stretch(size_t low, size_t high, const double *alpha, const double *log_x,
                               double tolerance) {
    enum { MAX_STARTS = 2000 };
    const size_t step = 1 + (high - low) / MAX_STARTS;
    stretch best = {low, low, 0};
    for (size_t first = low; first + step < high; first += step) {
        const double rate =
            (log_x[first + step] - log_x[first]) / (alpha[first + step] - alpha[first]);
        size_t last = first + step;
        for (; rate > 0 && last + step < high; last += step)
            if (!(fabs((log_x[last + step] - log_x[last]) /
                           ((alpha[last + step] - alpha[last]) * rate) -
                       1) <= tolerance))
                break;
        if (log_x[last] - log_x[first] > best.growth)
            best = (stretch){first, last, log_x[last] - log_x[first]};
    }
    return best;
}

ordpar_status ordpar_measure_growth(size_t count, const double *alpha, const double *x,
                                    double begin, double end, ordpar_slope_measure *growth,
                                    ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    /* the sharper the agreement of the rates asked for, the longer the stretch must be */
    static const struct {
        double tolerance, growth;
    } wanted[] = {{2e-4, 2}, {1e-3, 1}, {5e-3, 0.5}};
    size_t low = 0, high = count; /* the rows in [begin, end] */
    while (low < count && alpha[low] < begin)
        low++;
    while (high > low && alpha[high - 1] > end)
        high--;
    growth->rows = 0;
    if (high == low)
        return ORDPAR_OK;
    double *log_x = malloc(count * sizeof *log_x);
    if (!log_x)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    for (size_t k = low; k < high; k++)
        log_x[k] = log(x[k]);
    bool good = false;
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted && !good; k++) {
        const stretch best = longest_stretch(low, high, alpha, log_x, wanted[k].tolerance);
        good = best.growth >= wanted[k].growth &&
               fit(best.first, best.last, alpha, alpha, log_x, growth);
    }
    free(log_x);
    return ORDPAR_OK;
}

ordpar_status ordpar_measure_exponent(size_t count, const double *alpha, const double *eps_g,
                                      double begin, double end, ordpar_slope_measure *exponent,
                                      ordpar_error *err) {
    ORDPAR_FLOATING_POINT;
    size_t low = 0, high = count;
    while (low < count && (alpha[low] < begin || !(alpha[low] > 0)))
        low++;
    while (high > low && alpha[high - 1] > end)
        high--;
    exponent->rows = 0;
    if (high == low)
        return ORDPAR_OK;
    double *logs = malloc(2 * count * sizeof *logs);
    if (!logs)
        return ordpar_fail(err, ORDPAR_MEMORY, "out of memory for %zu rows", count);
    bool good = true;
    for (size_t k = low; k < high; k++) {
        logs[k] = log(alpha[k]);
        logs[count + k] = log(eps_g[k]);
        good = good && eps_g[k] > 0;
    }
    if (good)
        fit(low, high - 1, alpha, logs, logs + count, exponent);
    free(logs);
    return ORDPAR_OK;
}
