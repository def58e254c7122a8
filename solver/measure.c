// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure.h"

#include "floating_point.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

enum { MIN_ROWS = 4 };

/* What is smaller than this part of the largest eps_g may be rounding. */
static const double rounding = 1e-12;

/* -d log eps_g / d log alpha between row k and the next; NAN where it has no meaning. */
static double fall(const double *alpha, const double *eps_g, size_t k) {
    if (!(alpha[k] > 0) || !(alpha[k + 1] > alpha[k]) || !(eps_g[k] > 0) || !(eps_g[k + 1] > 0))
        return NAN;
    return -log(eps_g[k + 1] / eps_g[k]) / log(alpha[k + 1] / alpha[k]);
}

/* The alpha at which eps_g passes level between row k and the next. */
static double crossing(const double *alpha, const double *eps_g, size_t k, double level) {
    const double part = (eps_g[k] - level) / (eps_g[k] - eps_g[k + 1]);
    return alpha[k] + part * (alpha[k + 1] - alpha[k]);
}

/* Entry, exit, and the steepest falls on both sides; false if eps_g does not pass both levels. */
static bool surround(size_t count, const double *alpha, const double *eps_g,
                     ordpar_plateau_measure *p, double *before, double *after) {
    size_t first = p->row, last = p->row + 1;
    *before = *after = 0;
    while (first > 0 && eps_g[first] <= 1.1 * p->height)
        first--;
    while (last + 1 < count && eps_g[last] >= 0.9 * p->height)
        last++;
    if (eps_g[first] <= 1.1 * p->height || eps_g[last] >= 0.9 * p->height)
        return false;
    for (size_t k = 0; k < p->row; k++)
        *before = fmax(*before, fall(alpha, eps_g, k));
    for (size_t k = p->row + 1; k + 1 < count; k++)
        *after = fmax(*after, fall(alpha, eps_g, k));
    p->entry = crossing(alpha, eps_g, first, 1.1 * p->height);
    p->exit = crossing(alpha, eps_g, last - 1, 0.9 * p->height);
    return true;
}

bool ordpar_measure_plateau(size_t count, const double *alpha, const double *eps_g,
                            ordpar_plateau_measure *plateau) {
    ORDPAR_FLOATING_POINT;
    double flattest = 0.3, largest = 0;
    bool found = false;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, eps_g[k]);
    while (count > 0 && !(eps_g[count - 1] > rounding * largest))
        count--;
    for (size_t k = 1; k + 2 < count; k++) {
        const double slope = fall(alpha, eps_g, k);
        if (!(slope < flattest))
            continue;
        double before, after;
        ordpar_plateau_measure candidate = {.height = eps_g[k], .row = k};
        if (!surround(count, alpha, eps_g, &candidate, &before, &after) || before < 3 * slope ||
            after < 3 * slope)
            continue;
        flattest = slope;
        *plateau = candidate;
        found = true;
    }
    return found;
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
